# SPDX-License-Identifier: MIT
"""Boxes as YOLOX-nano finds them, all that have a chance: what the trackers are given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .identity_scores import Array, overlaps

SIDE = 416
STRIDES = (8, 16, 32)
# Least score; and the share of their union from which the lower of two boxes goes.
LEAST_SCORE = 0.05
MOST_OVERLAP = 0.45
MOST_BOXES = 64
PERSON = 0


class Yolox:
    """The network, and what its grids mean."""

    def __init__(self, file: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"]
        )
        sides = [SIDE // stride for stride in STRIDES]
        self.cells = np.concatenate([np.indices((n, n))[::-1].reshape(2, -1).T for n in sides])
        self.steps = np.repeat(STRIDES, [n * n for n in sides])[:, None]

    def find(self, picture: Any, persons: bool = False) -> Array:
        """Rows of left, top, width and height as shares of an ``av`` frame, and score."""
        scale = min(SIDE / picture.width, SIDE / picture.height)
        wide, high = round(picture.width * scale), round(picture.height * scale)
        padded = np.full((SIDE, SIDE, 3), 114, np.float32)
        small = picture.reformat(width=wide, height=high, format="bgr24", interpolation="BILINEAR")
        padded[:high, :wide] = small.to_ndarray()
        name = self.session.get_inputs()[0].name
        (rows,) = self.session.run(None, {name: padded.transpose(2, 0, 1)[None]})[0]
        classes = rows[:, 5 + PERSON] if persons else rows[:, 5:].max(axis=1)
        scores = rows[:, 4] * classes
        likely = np.flatnonzero(scores >= LEAST_SCORE)
        centres = (rows[likely, :2] + self.cells[likely]) * self.steps[likely]
        sides = np.exp(rows[likely, 2:4]) * self.steps[likely]
        low, most = np.zeros(2), np.array([wide, high])
        corners = [np.clip(centres + half * sides, low, most) / most for half in (-0.5, 0.5)]
        boxes = np.concatenate([corners[0], corners[1] - corners[0]], axis=1)
        return best(np.concatenate([boxes, scores[likely, None]], axis=1))


def best(found: Array) -> Array:
    """Keep those that overlap no surer one."""
    kept: list[int] = []
    for i in np.argsort(-found[:, 4], kind="stable"):
        if not np.all(found[i, 2:4] > 0):
            continue
        if not kept or overlaps(found[i : i + 1, :4], found[kept, :4]).max() <= MOST_OVERLAP:
            kept.append(int(i))
    return found[kept[:MOST_BOXES]]
