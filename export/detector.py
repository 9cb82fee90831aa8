# SPDX-License-Identifier: MIT
"""Runs a self-describing detector in Python, as the core does.

The description that an ONNX file carries is that of ``python/docs/models.md``; a file without one
takes the same description as a dictionary.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from export.heatmap import Description, ModelError, open_session, placement
from export.writing.boxes import Boxes
from export.writing.contract import ExportError

Array = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]
# The core hands no box of a lower score on.
LEAST_SCORE = 0.05
# Only so many of the best boxes are compared with one another.
_MOST_CANDIDATES = 300


@dataclass(frozen=True)
class Found:
    """Boxes of one kind, best first: left, top, right, bottom in shares of the picture."""

    boxes: Array  # (n, 4)
    scores: Array  # (n,)


class Detector:
    """A detector: a picture in, boxes with a score for each class out.

    Parameters
    ----------
    path : path
        An ONNX file.
    description : mapping, optional
        ``{"input": ..., "boxes": ...}`` with the rows of ``smartcrop.input`` and
        ``smartcrop.boxes``; by default those in the file.

    Raises
    ------
    ModelError
        Where the file cannot be read or does not say what it wants.
    """

    def __init__(self, path: str | Path, description: Mapping[str, Any] | None = None) -> None:
        self.path = Path(path)
        self.session = open_session(self.path)
        values = description or _read_description(self.session, self.path)
        self.description = Description.of(values["input"], self.path)
        known = {each.name for each in fields(Boxes)}
        if unknown := set(values["boxes"]) - known:
            raise ModelError(f"{self.path}: smartcrop.boxes has no '{sorted(unknown)[0]}'")
        clean = {k: tuple(v) if isinstance(v, list) else v for k, v in values["boxes"].items()}
        try:
            self.format = Boxes(**clean)
            self.outputs = self.format.tensors([each.name for each in self.session.get_outputs()])
        except ExportError as error:
            raise ModelError(f"{self.path}: {error}") from error
        self._image = self.description.name or self.session.get_inputs()[0].name

    def feeds(self, picture: Picture) -> dict[str, Array]:
        """The network's input for a picture of shape (H, W, 3), RGB."""
        wanted = self.description
        left, top, width, height = placement(picture.shape[:2], wanted)
        scaled = Image.fromarray(picture).resize((width, height), Image.Resampling.BILINEAR)
        canvas = np.full((wanted.height, wanted.width, 3), wanted.pad_value, np.float32)
        canvas[top : top + height, left : left + width] = np.asarray(scaled)
        return {self._image: wanted.tensor(canvas)}

    def look(self, picture: Picture) -> tuple[Array, Array]:
        """Boxes, (n, 4) in shares of the picture, and their scores by class, (n, classes).

        All of the least score or more, in whatever class.
        """
        answers = self.session.run(self.outputs, self.feeds(picture))
        corners, scores = self._decode([each.reshape(-1, each.shape[-1]) for each in answers])
        seen = scores.max(1) >= LEAST_SCORE
        corners, scores = corners[seen], scores[seen]
        left, top, width, height = placement(picture.shape[:2], self.description)
        inside = (corners - [left, top, left, top]) / [width, height, width, height]
        return np.clip(inside, 0, 1).astype(np.float32), scores.astype(np.float32)

    def find(self, picture: Picture, groups: Sequence[Sequence[int]]) -> list[Found]:
        """For each group of classes what is seen of it, without those that overlap a better one."""
        corners, scores = self.look(picture)
        found = []
        for group in groups:
            each = scores[:, [k for k in group if k < scores.shape[1]]]
            best = each.max(1) if each.shape[1] else np.zeros(len(scores), np.float32)
            found.append(best_boxes(corners, best, self.format.overlap))
        return found

    def _decode(self, tensors: list[Array]) -> tuple[Any, Any]:
        """Corners in pixels of the input, and scores."""
        if self.format.layout == "xyxy":
            return self._decode_corners(tensors[0])
        if self.format.layout == "yolox":
            rows = tensors[0]
            scores = rows[:, 4:5] * rows[:, 5:]
            if self.format.decoded:
                half = rows[:, 2:4] / 2
                return np.concatenate([rows[:, :2] - half, rows[:, :2] + half], 1), scores
            return self._from_cells(rows[:, :4]), scores
        classes, objects, rows = (np.concatenate(tensors[part::3]) for part in range(3))
        return self._from_cells(rows[:, :4]), np.sqrt(classes.clip(0, 1) * objects.clip(0, 1))

    def _decode_corners(self, rows: Array) -> tuple[Any, Any]:
        wanted = self.description
        side = [wanted.width, wanted.height] * 2 if self.format.normalised else [1] * 4
        labels = rows[:, 5].round().astype(int) if rows.shape[1] > 5 else np.zeros(len(rows), int)
        scores = np.zeros((len(rows), max(labels.max(initial=0) + 1, 1)))
        scores[np.arange(len(rows)), np.maximum(labels, 0)] = np.where(labels >= 0, rows[:, 4], 0)
        return rows[:, :4] * side, scores

    def _from_cells(self, rows: Array) -> npt.NDArray[np.float64]:
        """From offsets and logarithms of the sides, in strides."""
        cells, strides = [], []
        for stride in self.format.strides:
            size = (self.description.height // stride, self.description.width // stride)
            y, x = np.indices(size)
            cells.append(np.stack([x.ravel(), y.ravel()], 1))
            strides.append(np.full((x.size, 1), stride))
        middle = (np.concatenate(cells) + rows[:, :2]) * np.concatenate(strides)
        half = np.exp(rows[:, 2:4]) * np.concatenate(strides) / 2
        return np.concatenate([middle - half, middle + half], 1)


def _read_description(session: Any, path: Path) -> dict[str, Any]:
    """Take the description out of a file's metadata."""
    metadata = session.get_modelmeta().custom_metadata_map
    if metadata.get("smartcrop.kind") != "boxes" or "smartcrop.boxes" not in metadata:
        raise ModelError(
            f"{path}: the file does not describe itself (smartcrop.kind=boxes and smartcrop.boxes "
            "in its metadata); give a description, or add one with export.to_onnx"
        )
    return {
        "input": json.loads(metadata["smartcrop.input"]),
        "boxes": json.loads(metadata["smartcrop.boxes"]),
    }


def best_boxes(corners: Array, scores: Array, most: float) -> Found:
    """Boxes above the least score, best first, without those that overlap a better one more."""
    order = np.argsort(-scores, kind="stable")
    order = order[scores[order] >= LEAST_SCORE]
    order = order[(corners[order, 2:] > corners[order, :2]).all(1)][:_MOST_CANDIDATES]
    boxes, kept = corners[order], []
    shared = overlaps(boxes, boxes)
    for index in range(len(order)):
        if not kept or shared[index, kept].max() <= most:
            kept.append(index)
    return Found(boxes[kept], scores[order][kept])


def overlaps(a: Array, b: Array) -> Array:
    """Intersection over union of each box of a with each of b: (n, 4), (m, 4) to (n, m)."""
    inside = shared_areas(a, b)
    union = areas(a)[:, None] + areas(b)[None] - inside
    return inside / np.maximum(union, 1e-12)


def shared_areas(a: Array, b: Array) -> Array:
    """Area that each box of a shares with each of b."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared: Array = np.clip(high - low, 0, None).prod(2)
    return shared


def areas(boxes: Array) -> Array:
    """Area of each box."""
    return np.asarray((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))
