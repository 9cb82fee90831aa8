# SPDX-License-Identifier: MIT
"""Faces as YuNet finds them, on one thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .yolox import best

Array = np.ndarray
STRIDES = (8, 16, 32)
SIDE = 640  # longest side of the picture that it is shown
GRAIN = 32  # its sides are multiples of this


class Yunet:
    """The network, and what its grids mean."""

    def __init__(self, file: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"]
        )
        (picture,) = self.session.get_inputs()
        self.name = picture.name
        self.outputs = [each.name for each in self.session.get_outputs()]
        # Some files are for one size.
        self.fixed = [side if isinstance(side, int) else 0 for side in picture.shape[:1:-1]]

    def find(self, picture: Any, least: float) -> Array:
        """Rows of left, top, width and height as shares of an ``av`` frame, and score."""
        limits = [side or SIDE for side in self.fixed]
        scale = min(limits[0] / picture.width, limits[1] / picture.height)
        wide, high = round(picture.width * scale), round(picture.height * scale)
        sides = [
            fixed or -(-side // GRAIN) * GRAIN
            for fixed, side in zip(self.fixed, (wide, high), strict=True)
        ]
        padded = np.zeros((sides[1], sides[0], 3), np.float32)
        small = picture.reformat(width=wide, height=high, format="bgr24", interpolation="AREA")
        padded[:high, :wide] = small.to_ndarray()
        answer = self.session.run(None, {self.name: padded.transpose(2, 0, 1)[None]})
        named = dict(zip(self.outputs, answer, strict=True))
        found = [self.rows(named, stride, sides) for stride in STRIDES]
        rows = np.concatenate(found)
        rows = rows[rows[:, 4] >= least]
        size = np.array([wide, high])
        low = np.clip(rows[:, :2], 0, size)
        high_corner = np.clip(rows[:, :2] + rows[:, 2:4], 0, size)
        shares = np.concatenate([low / size, (high_corner - low) / size, rows[:, 4:]], axis=1)
        return best(shares)

    @staticmethod
    def rows(named: dict[str, Array], stride: int, sides: list[int]) -> Array:
        """The boxes of a grid in pixels, with scores: the root of class times object."""
        columns = sides[0] // stride
        classes, objects, places = (
            named[f"{kind}_{stride}"].reshape(-1, size)
            for kind, size in (("cls", 1), ("obj", 1), ("bbox", 4))
        )
        cells = np.arange(len(places))
        grid = np.stack([cells % columns, cells // columns], axis=1)
        centres = (places[:, :2] + grid) * stride
        spans = np.exp(places[:, 2:]) * stride
        scores = np.sqrt(np.clip(classes, 0, 1) * np.clip(objects, 0, 1))
        return np.concatenate([centres - spans / 2, spans, scores], axis=1)
