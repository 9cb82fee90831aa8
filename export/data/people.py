# SPDX-License-Identifier: MIT
"""Subjects of clips without labels: the one large person that a detector sees.

The clips under ``actions/`` have no boxes. A COCO detector (YOLOX-nano, an ONNX file) finds the
people in them; a frame is taken where one of them is clearly larger than the others.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort
from PIL import Image

from export.data.subjects import Clip, read_frames_of

Array = np.ndarray
_SIDE = 416
_STRIDES = (8, 16, 32)
_SCORE = 0.45
_OVERLAP = 0.5
_CLEARLY = 0.5  # the second person's area against the first's
_LEAP = 0.2  # a box that moves further than this between two frames is another person's


class PersonDetector:
    """Boxes of people by YOLOX (Ge et al., "YOLOX: Exceeding YOLO Series in 2021")."""

    def __init__(self, path: Path) -> None:
        options = ort.SessionOptions()
        options.log_severity_level = 3
        self.session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.name = self.session.get_inputs()[0].name
        grids, strides = [], []
        for stride in _STRIDES:
            side = _SIDE // stride
            y, x = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
            grids.append(np.stack([x.ravel(), y.ravel()], 1))
            strides.append(np.full((side * side, 1), stride))
        self.grid, self.stride = np.concatenate(grids), np.concatenate(strides)

    def find(self, picture: Array) -> Array:
        """People in an RGB picture: (n, 4) x, y, w, h in shares, each once."""
        height, width = picture.shape[:2]
        scale = _SIDE / max(height, width)
        size = (round(width * scale), round(height * scale))
        square = np.full((_SIDE, _SIDE, 3), 114, np.uint8)
        square[: size[1], : size[0]] = np.asarray(
            Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR)
        )
        image = square[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32)
        rows = self.session.run(None, {self.name: image})[0][0]
        score = rows[:, 4] * rows[:, 5]
        rows, grid, stride, score = (
            each[score > _SCORE] for each in (rows, self.grid, self.stride, score)
        )
        side = np.exp(rows[:, 2:4]) * stride
        corner = (rows[:, :2] + grid) * stride - side / 2
        boxes = np.concatenate([corner, side], 1)[np.argsort(-score)]
        return without_doubles(boxes) / np.array([*size, *size])


def without_doubles(boxes: Array) -> Array:
    """Boxes, best first, without those that overlap a better one."""
    kept: list[Array] = []
    for box in boxes:
        if all(overlap(box, other) < _OVERLAP for other in kept):
            kept.append(box)
    return np.array(kept).reshape(-1, 4)


def overlap(a: Array, b: Array) -> float:
    """Intersection over union of two boxes."""
    low, high = np.maximum(a[:2], b[:2]), np.minimum(a[:2] + a[2:], b[:2] + b[2:])
    inside = np.prod(np.clip(high - low, 0, None))
    return float(inside / (a[2] * a[3] + b[2] * b[3] - inside))


def subject_of(people: Array) -> Array:
    """The one large person, or NaN where there is none or it is not clear who."""
    if not len(people):
        return np.full(4, np.nan)
    areas = people[:, 2] * people[:, 3]
    order = np.argsort(-areas)
    if len(people) > 1 and areas[order[1]] > _CLEARLY * areas[order[0]]:
        return np.full(4, np.nan)
    low = np.clip(people[order[0], :2], 0, 1)
    high = np.clip(people[order[0], :2] + people[order[0], 2:], 0, 1)
    return np.concatenate([low, high - low])


def detect(frames: Array, finder: PersonDetector) -> Array:
    """The subject's box in each frame of a clip, (n, 4) in shares; NaN where there is none."""
    boxes = np.stack([subject_of(finder.find(frame)) for frame in frames])
    middle = boxes[:, :2] + boxes[:, 2:] / 2
    leaps = np.abs(np.diff(middle, axis=0)).max(1) > _LEAP
    boxes[1:][leaps] = np.nan
    return boxes


def load_people(root: Path, detector: Path, store: Path) -> list[Clip]:
    """Clips under ``actions/`` with the boxes that the detector gives them.

    The boxes are kept in the file ``store`` (.npz), which is read where it is there.
    """
    paths = sorted((root / "actions").glob("*/*/*.mp4"))
    known = dict(np.load(store)) if store.exists() else {}
    finder = PersonDetector(detector)
    clips = []
    for path in paths:
        frames, _, _ = read_frames_of(path)
        if path.stem not in known:
            known[path.stem] = detect(frames, finder)
        clips.append(Clip(f"actions/{path.stem}", frames, known[path.stem]))
    np.savez(store, **known)
    return clips
