# SPDX-License-Identifier: MIT
"""A detector of others as a file that describes itself (smartcrop.kind boxes), so that it runs."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import ModelProto

from export.writing.check import first_line
from export.writing.contract import ExportError, Picture, Tensors, describe
from export.writing.foreign import chosen, load
from export.writing.graph import (
    check_types,
    freeze,
    graph_inputs,
    limit_versions,
    set_shape,
    text_of,
)
from export.writing.write import check_target

LAYOUTS = ("yolox", "yunet", "xyxy")
FINDS = ("subject", "face")
# Fixing sizes may let the runtime fold what it computed before, in another order.
_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Boxes:
    """How a detector writes its boxes; the names are those of ``smartcrop.boxes`` in models.md.

    Parameters
    ----------
    layout : str
        ``"yolox"``, ``"yunet"`` or ``"xyxy"``.
    outputs : tuple of str
        Tensors to read; empty: the only one, and for yunet cls_S, obj_S, bbox_S of each stride.
    strides : tuple of int
        Of the grids, pixels.
    decoded, normalised : bool
        yolox in pixels; xyxy in shares of the picture.
    classes : tuple of int
        Wanted; empty: all.
    threshold, overlap : float
        Least score; share of the union from which the worse of two boxes goes.
    finds : str or tuple of str
        ``"subject"`` or ``"face"``; a tuple says it for each class.
    names : tuple of str
        What the classes are called; empty: they have numbers alone.
    weight : float
        What seeing one whole counts.
    required : bool
        Whether each has to be seen whole.
    """

    layout: str
    outputs: tuple[str, ...] = ()
    strides: tuple[int, ...] = (8, 16, 32)
    decoded: bool = False
    normalised: bool = False
    classes: tuple[int, ...] = field(default=())
    threshold: float = 0.5
    overlap: float = 0.45
    finds: str | tuple[str, ...] = "subject"
    names: tuple[str, ...] = ()
    weight: float = 1.0
    required: bool = False

    def __post_init__(self) -> None:
        """Refuse what the library would refuse."""
        finds = (self.finds,) if isinstance(self.finds, str) else self.finds
        if self.layout not in LAYOUTS:
            raise ExportError(f"layout is {', '.join(LAYOUTS)}, not {self.layout}")
        if not finds or not set(finds) <= set(FINDS):
            raise ExportError(f"finds is {' or '.join(FINDS)}, not {' '.join(finds) or 'nothing'}")
        for name, most in (("threshold", 1.0), ("overlap", 1.0), ("weight", 100.0)):
            if not 0 <= getattr(self, name) <= most:
                raise ExportError(f"{name} {getattr(self, name):g} is not 0 to {most:g}")
        if not self.strides or not all(1 <= stride <= 256 for stride in self.strides):
            raise ExportError("strides are whole numbers from 1 to 256")
        if any(number < 0 for number in self.classes):
            raise ExportError("classes are whole numbers from 0")
        counts = [
            len(each) for each in (self.finds, self.names) if isinstance(each, tuple) and each
        ]
        if len(set(counts)) > 1:
            raise ExportError(f"there are {counts[1]} names for {counts[0]} classes that it finds")
        if counts and max(self.classes, default=0) >= counts[0]:
            raise ExportError(
                f"class {max(self.classes)} is not among the {counts[0]} that are listed"
            )

    def tensors(self, outputs: Sequence[str]) -> list[str]:
        """Names of the tensors to read out of a network with these outputs."""
        names = list(self.outputs)
        if not names and self.layout == "yunet":
            names = [f"{part}_{each}" for each in self.strides for part in ("cls", "obj", "bbox")]
        if not names:
            names = [chosen(list(outputs), None, "output")]
        if missing := [name for name in names if name not in outputs]:
            raise ExportError(
                f'it has no output "{missing[0]}"; outputs: {", ".join(outputs)}; '
                "name those of the boxes by --outputs"
            )
        count = 3 * len(self.strides) if self.layout == "yunet" else 1
        if len(names) != count:
            raise ExportError(f"{self.layout} reads {count} outputs, not {len(names)}")
        return names

    def check(self, tensors: Sequence[np.ndarray], names: Sequence[str], picture: Picture) -> None:
        """Refuse tensors that are not of the layout."""
        cells = [(picture.width // each) * (picture.height // each) for each in self.strides]
        wanted: list[tuple[int | None, int]] = [(None, 5)]
        if self.layout == "yunet":
            wanted = [(count, columns) for count in cells for columns in (1, 1, 4)]
        elif self.layout == "yolox":
            wanted = [(None if self.decoded else sum(cells), 6)]
        for values, name, (rows, columns) in zip(tensors, names, wanted, strict=True):
            shape = list(values.shape)
            flat = len(shape) == 2 or (len(shape) == 3 and shape[0] == 1)
            if not flat or shape[-1] < columns or rows not in (None, shape[-2]):
                raise ExportError(
                    f'output "{name}" is {text_of(shape)}; {self.layout} needs '
                    f"{rows or 'any number of'} rows of at least {columns} for a picture of "
                    f"{picture.width} x {picture.height} and strides {self.strides}"
                )
            if not np.isfinite(values).all():
                raise ExportError(f'output "{name}" has values that are not finite')


@dataclass(frozen=True)
class BoxesReport:
    """What was written."""

    path: Path
    size: int  # bytes
    frames: int
    milliseconds: float

    def __str__(self) -> str:
        return (
            f"{self.path}: {self.size / 2**20:.2f} MiB, boxes; {self.frames} frames answered as by "
            f"the file it was made from; {self.milliseconds:.1f} ms a frame on one thread"
        )


def adopt_boxes(
    source: Path,
    target: Path,
    picture: Picture,
    boxes: Boxes,
    *,
    notes: Mapping[str, str],
    frames: np.ndarray,
) -> BoxesReport:
    """Add the description to a detector, fix its open sizes, prove it, and write it.

    Parameters
    ----------
    frames : ndarray
        RGB samples 0..255, (count, height, width, 3) of the picture's size.

    Raises
    ------
    ExportError
        With one line, where the file is no such detector; nothing is written then.
    """
    check_target(target)
    model = load(source)
    image = chosen([each.name for each in graph_inputs(model)], None, "input")
    names = boxes.tensors([each.name for each in model.graph.output])
    tensors = Tensors(image, names[0])
    check_types(model, tensors)
    images = [picture.tensor(frame) for frame in frames]
    reference = [_run(_session(model), image, names, each) for each in images]
    freeze(model, picture, tensors)
    for answer in reference:
        boxes.check(answer, names, picture)
    if all(np.array_equal(answer[0], reference[0][0]) for answer in reference[1:]):
        raise ExportError(f'output "{names[0]}" is the same for every picture')
    _keep_outputs(model, dict(zip(names, reference[0], strict=True)))
    describe_boxes(model, picture, tensors, replace(boxes, outputs=tuple(names)), notes)
    limit_versions(model)
    milliseconds = _prove(model, image, names, images, reference)
    return BoxesReport(target, save_whole(model, target), len(frames), milliseconds)


def describe_boxes(
    model: ModelProto, picture: Picture, tensors: Tensors, boxes: Boxes, notes: Mapping[str, str]
) -> None:
    """Write a detector's description into the model's metadata."""
    describe(model, picture, tensors, notes)
    entries = {entry.key: entry.value for entry in model.metadata_props}
    entries |= {"smartcrop.kind": "boxes", "smartcrop.boxes": json.dumps(asdict(boxes))}
    del entries["smartcrop.output"]
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, entries)


def save_whole(model: ModelProto, target: Path) -> int:
    """Save a file that has its name only once it is whole; also say its size, bytes."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        onnx.save(model, temporary)
        size = temporary.stat().st_size
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return size


def _keep_outputs(model: ModelProto, answers: Mapping[str, np.ndarray]) -> None:
    """Drop outputs of no use (landmarks, say) and fix the sizes of the others."""
    kept = [each for each in model.graph.output if each.name in answers]
    del model.graph.output[:]
    model.graph.output.extend(kept)
    for value in model.graph.output:
        set_shape(value, list(answers[value.name].shape))


def _session(model: ModelProto) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # the runtime's exceptions have no base of their own
        raise ExportError(f"ONNX Runtime cannot load it: {first_line(error)}") from error


def _run(
    session: onnxruntime.InferenceSession, image: str, names: list[str], tensor: np.ndarray
) -> list[np.ndarray]:
    try:
        return list(session.run(names, {image: tensor}))
    except Exception as error:
        raise ExportError(f"ONNX Runtime cannot run it: {first_line(error)}") from error


def _prove(
    model: ModelProto,
    image: str,
    names: list[str],
    images: list[np.ndarray],
    reference: list[list[np.ndarray]],
) -> float:
    """Refuse a file that answers something else; also say its time, ms a frame."""
    session = _session(model)
    times = []
    for tensor, wanted in zip(images, reference, strict=True):
        start = time.perf_counter()
        answer = _run(session, image, names, tensor)
        times.append(time.perf_counter() - start)
        for name, a, b in zip(names, wanted, answer, strict=True):
            if a.shape != b.shape or not np.allclose(a, b, rtol=_TOLERANCE, atol=_TOLERANCE):
                raise ExportError(f'output "{name}" differs once its sizes are fixed')
    return 1000 * statistics.median(times)
