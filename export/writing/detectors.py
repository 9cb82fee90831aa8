# SPDX-License-Identifier: MIT
"""A detector of ours, traced, and written once ONNX Runtime answers the same boxes."""

from __future__ import annotations

import copy
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from export.networks.base import BoxNetwork
from export.writing.boxes import Boxes, describe_boxes, save_whole
from export.writing.check import Session
from export.writing.contract import ExportError, Picture, Tensors
from export.writing.graph import check_types, limit_versions, simplify
from export.writing.pytorch import trace
from export.writing.storage import halve
from export.writing.write import check_target

# Score from which a box counts; chosen on the watched pictures, see export/README.md.
THRESHOLD = 0.4
# What the files say of their boxes. They weigh nothing by themselves: as soft gains, boxes framed
# worse than no boxes (python/docs/models.md).
FORMAT = Boxes(
    "yolox",
    ("boxes",),
    decoded=True,
    threshold=THRESHOLD,
    finds=("face", "subject", "subject"),
    names=("face", "person", "thing"),
    weight=0.0,
)
# What half precision may change, by the storage of the weights: a score, and a box's corner as a
# share of the larger side of the box. Looked at are boxes of the least score that is handed on.
TOLERANCES = {"float": (1e-3, 1e-3), "half": (0.05, 0.1)}
_LEAST_SCORE = 0.05


@dataclass(frozen=True)
class DetectorReport:
    """What was written, and how well it agrees with what it was made from."""

    path: Path
    storage: str
    size: int  # bytes
    frames: int
    boxes: int  # compared
    score: float  # largest differences
    corner: float
    milliseconds: float

    def __str__(self) -> str:
        return (
            f"{self.path}: {self.size / 2**20:.2f} MiB, boxes, {self.storage} weights; "
            f"{self.boxes} boxes of {self.frames} frames differ by at most {self.score:.1e} of "
            f"the score and {100 * self.corner:.2g} % of their side; {self.milliseconds:.1f} ms a "
            "frame on one thread"
        )


def picture_of(network: BoxNetwork) -> Picture:
    """The picture that a detector takes."""
    height, width = network.size
    return Picture(
        width,
        height,
        mean=tuple(network.mean),
        std=tuple(network.std),
        fit=network.fit,
        pad_value=network.pad_value,
    )


def export_detector(
    network: BoxNetwork,
    path: str | Path,
    properties: Mapping[str, str],
    frames: np.ndarray,
    half: bool = True,
) -> DetectorReport:
    """Write a detector to an ONNX file, or raise ExportError and leave what was there.

    Parameters
    ----------
    network : BoxNetwork
        It is neither changed nor moved.
    frames : ndarray
        RGB samples 0..255 to compare on, (count, height, width, 3) uint8 of the network's size.
    half : bool
        Store the weights in half precision; they are computed with as float32 all the same.
    """
    target = Path(path)
    check_target(target)
    if not len(frames):
        raise ExportError("there are no frames to compare with")
    network = copy.deepcopy(network).cpu().float().eval()
    network.to(memory_format=torch.contiguous_format)
    picture, tensors = picture_of(network), Tensors("image", "boxes")
    model = simplify(trace(network, tensors))
    describe_boxes(model, picture, tensors, FORMAT, properties)
    check_types(model, tensors)
    storage = "half" if half else "float"
    if half:
        model = halve(model)
    limit_versions(model)
    images = [picture.tensor(frame) for frame in frames]
    session = Session(model.SerializeToString(), tensors)
    answers = session.maps(images)
    FORMAT.check(answers[:1], ["boxes"], picture)
    with torch.no_grad():
        reference = [network(torch.from_numpy(image))[0].numpy() for image in images]
    differences = [differ(a[0], b[0]) for a, b in zip(reference, answers, strict=True)]
    score, corner = (max(each[i] for each in differences) for i in range(2))
    most_score, most_corner = TOLERANCES[storage]
    if not (score <= most_score and corner <= most_corner):
        raise ExportError(
            f"with {storage} weights scores differ by {score:.2g} and corners by {corner:.2g} of "
            f"the side, and at most {most_score:g} and {most_corner:g} would do; nothing was "
            "written"
        )
    count = sum(each[2] for each in differences)
    milliseconds = statistics.median(session.milliseconds(image, runs=3) for image in images)
    size = save_whole(model, target)
    return DetectorReport(target, storage, size, len(frames), count, score, corner, milliseconds)


def differ(wanted: np.ndarray, got: np.ndarray) -> tuple[float, float, int]:
    """Largest differences of a score and of a corner, and the number of boxes compared."""
    if wanted.shape != got.shape or not np.isfinite(got).all():
        return np.inf, np.inf, 0
    scores = np.abs(wanted[:, 4:5] * wanted[:, 5:] - got[:, 4:5] * got[:, 5:])
    seen = (wanted[:, 4:5] * wanted[:, 5:]).max(1) >= _LEAST_SCORE
    corners = [
        np.concatenate(
            [rows[seen, :2] - rows[seen, 2:4] / 2, rows[seen, :2] + rows[seen, 2:4] / 2], 1
        )
        for rows in (wanted, got)
    ]
    off = np.abs(corners[0] - corners[1]).max(1, initial=0)
    side = wanted[seen, 2:4].max(1, initial=1e-6)
    return float(scores.max()), float((off / side).max(initial=0)), int(seen.sum())
