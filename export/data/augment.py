# SPDX-License-Identifier: MIT
"""Crops, letterboxes, flips and wear of pictures, the same for a picture and its labels.

A view is a part of a picture stretched to the network's input. Positions are shares of the picture;
a view may reach past the picture's edge, where it is filled: a letterbox.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageEnhance

Array = np.ndarray


@dataclass(frozen=True)
class View:
    """Part of a picture: left, top, width and height in shares of it; mirrored or not."""

    x: float = 0.0
    y: float = 0.0
    w: float = 1.0
    h: float = 1.0
    flip: bool = False

    def place(self, points: Array) -> Array:
        """Positions (n, 2) in the picture to positions in the view."""
        placed = (points - [self.x, self.y]) / [self.w, self.h]
        if self.flip:
            placed[:, 0] = 1 - placed[:, 0]
        return placed

    def cut(self, picture: Image.Image, size: tuple[int, int], fill: int) -> Array:
        """The view as (height, width, 3) uint8; size is height, width."""
        height, width = size
        left, top = max(self.x, 0.0), max(self.y, 0.0)
        right, bottom = min(self.x + self.w, 1.0), min(self.y + self.h, 1.0)
        out = np.full((height, width, 3), fill, np.uint8)
        columns = [round((edge - self.x) / self.w * width) for edge in (left, right)]
        rows = [round((edge - self.y) / self.h * height) for edge in (top, bottom)]
        box = (
            left * picture.width,
            top * picture.height,
            right * picture.width,
            bottom * picture.height,
        )
        inside = (columns[1] - columns[0], rows[1] - rows[0])
        part = picture.resize(inside, Image.Resampling.BILINEAR, box=box)
        out[rows[0] : rows[1], columns[0] : columns[1]] = np.asarray(part)
        return out[:, ::-1] if self.flip else out


def random_view(random: np.random.Generator, whole: float) -> View:
    """A view of a whole picture with the chance ``whole``, else a crop or a letterbox."""
    flip = bool(random.random() < 0.5)
    if random.random() < whole:
        return View(flip=flip)
    if random.random() < 0.15:  # bars at two sides
        bar = random.uniform(0.03, 0.2)
        if random.random() < 0.5:
            return View(y=-bar, h=1 + 2 * bar, flip=flip)
        return View(x=-bar, w=1 + 2 * bar, flip=flip)
    size = random.uniform(0.5, 1.0)
    stretch = np.exp(random.uniform(-0.2, 0.2))
    w, h = min(1.0, size * stretch), min(1.0, size / stretch)
    return View(random.uniform(0, 1 - w), random.uniform(0, 1 - h), w, h, flip)


def drifting(view: View, random: np.random.Generator, steps: int) -> list[View]:
    """The same view on a camera that pans and zooms evenly."""
    dx, dy = random.normal(0, 0.04, 2) * [view.w, view.h]
    zoom = np.exp(random.normal(0, 0.03))
    views = [view]
    for _ in range(steps - 1):
        last = views[-1]
        w, h = last.w * zoom, last.h * zoom
        x, y = last.x + dx + (last.w - w) / 2, last.y + dy + (last.h - h) / 2
        # The picture's edge stops the camera.
        x, y = np.clip(x, min(0, 1 - w), max(0, 1 - w)), np.clip(y, min(0, 1 - h), max(0, 1 - h))
        views.append(View(float(x), float(y), w, h, view.flip))
    return views


@dataclass(frozen=True)
class Wear:
    """What happens to the samples; the same for all frames of a sequence."""

    brightness: float = 1.0
    contrast: float = 1.0
    colour: float = 1.0
    shrink: float = 1.0  # scaled down by this and up again
    quality: int = 0  # of a JPEG round trip; 0: none

    def apply(self, picture: Array) -> Array:
        image = Image.fromarray(np.ascontiguousarray(picture))
        size = image.size
        if self.shrink < 1:
            small = [max(8, round(side * self.shrink)) for side in size]
            image = image.resize((small[0], small[1]), Image.Resampling.BILINEAR)
            image = image.resize(size, Image.Resampling.BILINEAR)
        image = ImageEnhance.Brightness(image).enhance(self.brightness)
        image = ImageEnhance.Contrast(image).enhance(self.contrast)
        image = ImageEnhance.Color(image).enhance(self.colour)
        if self.quality:
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=self.quality)
            image = Image.open(buffer)
        return np.asarray(image)


def random_wear(random: np.random.Generator) -> Wear:
    brightness, contrast = np.exp(random.normal(0, 0.15, 2))
    colour = 0.0 if random.random() < 0.05 else float(np.exp(random.normal(0, 0.2)))
    shrink = random.uniform(0.4, 1.0) if random.random() < 0.2 else 1.0
    quality = int(random.integers(25, 75)) if random.random() < 0.2 else 0
    return Wear(brightness, contrast, colour, shrink, quality)
