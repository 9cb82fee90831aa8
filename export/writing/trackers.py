# SPDX-License-Identifier: MIT
"""A tracker of ours as two files: a trunk for both pictures, and a head that describes the pair."""

from __future__ import annotations

import copy
import inspect
import io
import json
import statistics
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from google.protobuf.message import DecodeError
from torch import Tensor, nn

from export.networks.tracker import CONTEXT, SEARCH, STRIDE, TEMPLATE, Head, TrackerNetwork
from export.writing.boxes import save_whole
from export.writing.check import first_line
from export.writing.contract import NOTES, ExportError, Picture
from export.writing.graph import limit_versions, simplify
from export.writing.pytorch import OPSET
from export.writing.storage import halve
from export.writing.write import check_target

TRUNK = "{}_trunk.onnx"  # beside the head's file, by the name of that
SCORES = ("plain", "sigmoid", "softmax")
# Largest difference of a score, and of a distance as a share of the search picture's side.
TOLERANCES = {"float": (1e-3, 1e-3), "half": (0.05, 0.02)}


@dataclass(frozen=True)
class Pairing:
    """What the head's file says of both; the names are those of ``smartcrop.tracker``.

    Parameters
    ----------
    trunk : str
        Name of the file beside it.
    template : int
        Side of the template, pixels; that of the search picture stands in ``smartcrop.input``.
    context : float
        A template shows a square of side sqrt((w + p)(h + p)), p = context * (w + h).
    cells : tuple of float
        Position of the first cell and their distance, pixels of the search picture from its edge.
    score : str
        ``"plain"``: a probability; ``"sigmoid"``: its logit; ``"softmax"``: two logits, the second
        is the target's.
    inputs, outputs : tuple of str
        Tensors of the head: template and search; score and box.
    """

    trunk: str
    template: int
    context: float
    cells: tuple[float, float]
    score: str
    inputs: tuple[str, str] = ("template", "search")
    outputs: tuple[str, str] = ("score", "box")

    def __post_init__(self) -> None:
        """Refuse what the library would refuse."""
        if self.score not in SCORES:
            raise ExportError(f"score is {', '.join(SCORES)}, not {self.score}")
        if Path(self.trunk).name != self.trunk:
            raise ExportError(f"trunk is the name of a file beside the head's, not {self.trunk}")
        for name in ("cells", "inputs", "outputs"):
            if len(getattr(self, name)) != 2:
                raise ExportError(f"{name} takes two values")

    @classmethod
    def of(cls, metadata: Mapping[str, str]) -> Pairing:
        """Read it out of a head's metadata."""
        if metadata.get("smartcrop.kind") != "tracker" or "smartcrop.tracker" not in metadata:
            raise ExportError(
                "the file does not describe itself (smartcrop.kind=tracker and smartcrop.tracker "
                "in its metadata)"
            )
        said = json.loads(metadata["smartcrop.tracker"])
        known = {each.name for each in fields(cls)}
        if unknown := set(said) - known:
            raise ExportError(f"smartcrop.tracker has no '{sorted(unknown)[0]}'")
        if missing := {"trunk", "template", "context", "cells", "score"} - set(said):
            raise ExportError(f"smartcrop.tracker lacks {sorted(missing)}")
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in said.items()})


@dataclass(frozen=True)
class TrackerReport:
    """What was written, and how well it agrees with what it was made from."""

    path: Path
    storage: str
    size: int  # bytes of both files
    pairs: int
    score: float  # largest differences
    distance: float
    milliseconds: float

    def __str__(self) -> str:
        return (
            f"{self.path}: {self.size / 2**20:.2f} MiB with its trunk, tracker, {self.storage} "
            f"weights; scores of {self.pairs} pairs differ by at most {self.score:.1e}, distances "
            f"by {100 * self.distance:.2g} % of the side; {self.milliseconds:.1f} ms a frame on "
            "one thread"
        )


class _Scored(nn.Module):
    """The head, its score a probability."""

    def __init__(self, head: Head) -> None:
        super().__init__()
        self.head = head

    def forward(self, template: Tensor, search: Tensor) -> tuple[Tensor, Tensor]:
        logits, sides = self.head(template, search)
        return logits.sigmoid(), sides


def describe_pair(
    model: onnx.ModelProto,
    picture: Picture,
    pairing: Pairing,
    notes: Mapping[str, str],
    name: str = "picture",
) -> None:
    """Write the description into the head's metadata; the name is that of the trunk's input."""
    if unknown := sorted(set(notes) - set(NOTES)):
        raise ExportError(f"no such property: {', '.join(unknown)}; there are {', '.join(NOTES)}")
    properties = {"smartcrop.kind": "tracker"}
    properties["smartcrop.input"] = json.dumps({"name": name, **asdict(picture)})
    properties["smartcrop.tracker"] = json.dumps(asdict(pairing))
    properties |= {f"smartcrop.{name}": text for name, text in notes.items() if text}
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, properties)


def export_tracker(
    network: TrackerNetwork,
    path: str | Path,
    properties: Mapping[str, str],
    frames: np.ndarray,
    half: bool = False,
) -> TrackerReport:
    """Write both files, or raise ExportError and leave what was there.

    Parameters
    ----------
    network : TrackerNetwork
        It is neither changed nor moved.
    path : path
        The head's file; the trunk's lies beside it, ``NAME_trunk.onnx``.
    frames : ndarray
        RGB samples 0..255 to compare on, (count, 160, 160, 3) uint8: the middle of the first is
        the template.
    """
    target = Path(path)
    beside = target.with_name(TRUNK.format(target.stem))
    check_target(target)
    check_target(beside)
    if not len(frames):
        raise ExportError("there are no frames to compare with")
    network = copy.deepcopy(network).cpu().float().eval()
    network.to(memory_format=torch.contiguous_format)
    picture = Picture(SEARCH, SEARCH, mean=tuple(network.mean), std=tuple(network.std))
    trunk, head = trace_pair(network)
    cells = (STRIDE / 2, float(STRIDE))
    pairing = Pairing(beside.name, TEMPLATE, CONTEXT, cells, "plain")
    describe_pair(head, picture, pairing, properties)
    storage = "half" if half else "float"
    models = [halve(each) if half else each for each in (trunk, head)]
    for each in models:
        limit_versions(each)
    images = [torch.from_numpy(picture.tensor(frame)) for frame in frames]
    low = (SEARCH - TEMPLATE) // 2
    images.insert(0, images[0][:, :, low : low + TEMPLATE, low : low + TEMPLATE].contiguous())
    answers, milliseconds = _run(models, [image.numpy() for image in images])
    with torch.no_grad():
        wanted = [network(images[0], image) for image in images[1:]]
    score, distance = differ([(a.sigmoid().numpy(), b.numpy()) for a, b in wanted], answers)
    most = TOLERANCES[storage]
    if not (score <= most[0] and distance <= most[1]):
        raise ExportError(
            f"with {storage} weights scores differ by {score:.2g} and distances by {distance:.2g} "
            f"of the side, and at most {most[0]:g} and {most[1]:g} would do; nothing was written"
        )
    size = sum(save_whole(each, file) for each, file in zip(models, (beside, target), strict=True))
    return TrackerReport(target, storage, size, len(answers), score, distance, milliseconds)


def read_tracker(path: str | Path) -> TrackerNetwork:
    """The network of a head's file and of the trunk's beside it, to train it on.

    Normalisations come back as they are in the files: folded into the convolution before each.

    Raises
    ------
    ExportError
        Where the files hold another network.
    """
    head = Path(path)
    network = TrackerNetwork()
    wanted = network.state_dict()
    found = {}
    for file, part in ((head.with_name(TRUNK.format(head.stem)), "trunk."), (head, "")):
        try:
            graph = onnx.load(str(file)).graph
        except (OSError, DecodeError) as error:
            raise ExportError(f"{file}: {first_line(error)}") from error
        values = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
        found |= {part + name: value for name, value in values.items() if part + name in wanted}
        for node in graph.node if not part else ():
            # A convolution is named after its place; the layer after it has its normalisation.
            stem, place = node.name.strip("/").partition("/")[0], node.name.split("/")[-2:-1]
            before, _, number = "".join(place).rpartition(".")
            layer = f"{stem}.{before}.{int(number) + 1}" if number.isdecimal() else ""
            if node.op_type == "Conv" and f"{layer}.running_var" in wanted:
                weight, bias = (values[name] for name in node.input[1:])
                found[f"{stem}.{place[0]}.weight"] = weight
                found[f"{layer}.bias"] = bias
                found[f"{layer}.weight"] = np.ones_like(bias)
                found[f"{layer}.running_mean"] = np.zeros_like(bias)
                found[f"{layer}.running_var"] = np.full_like(bias, 1 - nn.BatchNorm2d(1).eps)
    missing = sorted(key for key in set(wanted) - set(found) if "num_batches" not in key)
    if missing:
        raise ExportError(f"{head}: it holds another network, without {missing[0]}")
    wanted |= {key: torch.from_numpy(value.copy()) for key, value in found.items()}
    network.load_state_dict(wanted)
    return network.eval()


def trace_pair(network: TrackerNetwork) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    """The trunk, open to any sizes that are multiples of 16, and the head for its own."""
    open_sides = {
        "picture": {2: "height", 3: "width"},
        "features": {2: "rows", 3: "columns"},
    }
    picture = torch.zeros(1, 3, SEARCH, SEARCH)
    trunk = _trace(network.trunk, (picture,), ["picture"], ["features"], open_sides)
    with torch.no_grad():
        search = network.trunk(picture)
    template = torch.zeros(1, search.shape[1], TEMPLATE // STRIDE, TEMPLATE // STRIDE)
    names = ["template", "search"]
    head = _trace(_Scored(network.head), (template, search), names, ["score", "box"], {})
    return trunk, head


def _trace(
    module: nn.Module,
    inputs: tuple[Tensor, ...],
    names: list[str],
    outputs: list[str],
    open_sides: Mapping[str, Mapping[int, str]],
) -> onnx.ModelProto:
    # See export/writing/pytorch.py for the choice of the exporter.
    chooses = "dynamo" in inspect.signature(torch.onnx.export).parameters
    target = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", "Constant folding", UserWarning)
        try:
            torch.onnx.export(
                module.eval(),
                inputs,
                target,
                opset_version=OPSET,
                input_names=names,
                output_names=outputs,
                dynamic_axes=dict(open_sides),
                **({"dynamo": False} if chooses else {}),
            )
        except (RuntimeError, TypeError, ValueError) as error:
            raise ExportError(f"PyTorch cannot export it: {first_line(error)}") from error
    return simplify(onnx.load_from_string(target.getvalue()))


def _run(
    models: Sequence[onnx.ModelProto], images: Sequence[np.ndarray]
) -> tuple[list[list[np.ndarray]], float]:
    """Answers for a template and what is searched, and the median time of a search, ms."""
    trunk, head = (_session(model) for model in models)
    template = trunk.run(["features"], {"picture": images[0]})[0]
    answers, times = [], []
    for image in images[1:]:
        start = time.perf_counter()
        search = trunk.run(["features"], {"picture": image})[0]
        answers.append(head.run(["score", "box"], {"template": template, "search": search}))
        times.append(1000 * (time.perf_counter() - start))
    return answers, statistics.median(times)


def _session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    content = model.SerializeToString()
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's exceptions have no base of their own
        raise ExportError(f"ONNX Runtime cannot load it: {first_line(error)}") from error


def differ(
    wanted: Sequence[Sequence[np.ndarray]], got: Sequence[Sequence[np.ndarray]]
) -> tuple[float, float]:
    """Largest differences of a score and of a distance, this one as a share of the side."""
    score = distance = 0.0
    for one, other in zip(wanted, got, strict=True):
        same = all(
            a.shape == b.shape and np.isfinite(b).all() for a, b in zip(one, other, strict=True)
        )
        if not same:
            return np.inf, np.inf
        score = max(score, float(np.abs(one[0] - other[0]).max()))
        distance = max(distance, float(np.abs(one[1] - other[1]).max()) / SEARCH)
    return score, distance
