# SPDX-License-Identifier: MIT
"""Runs a self-describing tracker in Python, as the core does: two files, a trunk and a head.

``judging/tracking.py`` follows a target with it. The same cuts of pictures are trained on.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from export.heatmap import Description, ModelError, open_session
from export.writing.contract import ExportError
from export.writing.trackers import Pairing

Array = np.ndarray


class Pair:
    """A head's file, and the trunk's beside it, on one thread.

    Raises
    ------
    ModelError
        Where a file cannot be read or does not say what it wants.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.head = open_session(self.path)
        metadata = self.head.get_modelmeta().custom_metadata_map
        try:
            self.pairing = Pairing.of(metadata)
        except ExportError as error:
            raise ModelError(f"{self.path}: {error}") from error
        self.trunk = open_session(self.path.with_name(self.pairing.trunk))
        self.description = Description.of(json.loads(metadata["smartcrop.input"]), self.path)
        first, step = self.pairing.cells
        self.side = self.description.width  # of a search picture
        shapes = {each.name: each.shape for each in self.head.get_outputs()}
        grid = shapes[self.pairing.outputs[0]][-1]
        self.places = first + step * np.arange(grid)
        ramp = np.hanning(grid)
        self.window = np.outer(ramp, ramp)

    def features(self, crop: Array) -> Array:
        """What the trunk says of samples (side, side, 3) uint8, RGB."""
        name = self.description.name or self.trunk.get_inputs()[0].name
        height, width = crop.shape[:2]
        tensor = replace(self.description, width=width, height=height).tensor(crop)
        return np.asarray(self.trunk.run(None, {name: tensor})[0])

    def compare(self, template: Array, search: Array) -> tuple[Array, Array]:
        """Probabilities (g, g), and boxes (g, g, 4) as left, top, right, bottom in pixels."""
        pairing = self.pairing
        feeds = dict(zip(pairing.inputs, (template, search), strict=True))
        score, sides = self.head.run(list(pairing.outputs), feeds)
        if pairing.score == "softmax":
            score = 1 / (1 + np.exp(score[:, :1] - score[:, 1:]))
        elif pairing.score == "sigmoid":
            score = 1 / (1 + np.exp(-score))
        x, y = self.places[None, :], self.places[:, None]
        left, top, right, bottom = sides[0]
        return score[0, 0], np.stack([x - left, y - top, x + right, y + bottom], 2)


def template_side(size: Array, context: float) -> Array:
    """Of the square that a template of a target shows; sizes (..., 2), width and height."""
    margin = context * size.sum(-1, keepdims=True)
    side: Array = np.sqrt((size + margin).prod(-1))
    return side


def cut(picture: Array, middle: Array, side: float, pixels: int, fill: Array) -> Array:
    """A square of the picture, (pixels, pixels, 3) uint8; outside of the picture it is filled."""
    low = middle - side / 2
    first = np.floor(low).astype(int)
    last = np.maximum(np.ceil(low + side).astype(int), first + 1)
    height, width = picture.shape[:2]
    inside_low = np.clip(first, 0, [width, height])
    inside_high = np.clip(last, 0, [width, height])
    columns, rows = last - first
    if (inside_low == first).all() and (inside_high == last).all():
        part = picture[first[1] : last[1], first[0] : last[0]]
    else:
        part = np.empty((rows, columns, 3), np.uint8)
        part[:] = np.round(fill)
        x, y = inside_low - first
        w, h = np.maximum(inside_high - inside_low, 0)
        part[y : y + h, x : x + w] = picture[
            inside_low[1] : inside_low[1] + h, inside_low[0] : inside_low[0] + w
        ]
    left, top = low - first
    image = Image.fromarray(np.ascontiguousarray(part))
    box = (left, top, min(left + side, columns), min(top + side, rows))
    return np.asarray(image.resize((pixels, pixels), Image.Resampling.BILINEAR, box=box))
