# SPDX-License-Identifier: MIT
"""Draws what the codec's motion vectors say: what the camera does, and what moves otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from .. import _core
from ..frames.pixels import Array
from ..video.clip_motion import flags_of
from ..video.vectors import motion_vectors
from .overlay import font

if TYPE_CHECKING:
    from av import VideoFrame

MOVING, CAMERA = (255, 214, 64), (98, 190, 255)
_OUTLINE = (0, 0, 0, 150)
_FRAMES = 5  # an arrow is as long as what it stands for moves in this many frames
_STILL = 0.25  # pixels a frame that are noise
_ACROSS = 44  # arrows of what moves, along the longer side
_CAMERA_ARROWS = (7, 4)
_LONGEST = 0.12  # of the longer side


@dataclass(frozen=True, slots=True)
class Moves:
    """What moves in one frame, from ``ClipMotion.last``.

    Attributes
    ----------
    blocks : array of records
        Places in pixels of the picture as it is coded, and motion over one frame without the
        camera's.
    camera : sequence of float
        x0, x1, x2, y0, y1, y2 of the camera's motion.
    width, height : int
        Of the picture.
    """

    blocks: Array
    camera: tuple[float, ...]
    width: int
    height: int

    def camera_at(self, x: float, y: float) -> tuple[float, float]:
        """Pixels that the camera moves what is at this place by, in a frame."""
        u, v = (x - self.width / 2) / self.width, (y - self.height / 2) / self.width
        a = self.camera
        return a[0] + a[1] * u + a[2] * v, a[3] + a[4] * u + a[5] * v

    @property
    def camera_rests(self) -> bool:
        """Nowhere in the picture does it move by more than noise."""
        corners = [(x, y) for x in (0, self.width) for y in (0, self.height)]
        return all(math.hypot(*self.camera_at(*corner)) < _STILL for corner in corners)

    @property
    def speeds(self) -> Array:
        """Pixels a frame, one for each block."""
        return np.asarray(np.hypot(self.blocks["dx"], self.blocks["dy"]))


class MovesOf:
    """What moves in one frame after another."""

    def __init__(self, width: int, height: int) -> None:
        self._motion = _core.ClipMotion(width, height)
        self.size = (width, height)

    def see(self, frame: VideoFrame) -> None:
        """Read the vectors of the next frame in order of display."""
        self._motion.add(motion_vectors(frame), flags_of(frame))

    @property
    def vectors(self) -> int:
        """How many vectors there were in all."""
        return self._motion.counts()[1]

    @property
    def last(self) -> Moves:
        """What moves in the frame seen last."""
        blocks, camera = self._motion.last()
        return Moves(blocks, tuple(camera), *self.size)


def with_arrows(picture: Image.Image, moves: Moves) -> Image.Image:
    """Draw the arrows over a picture."""
    drawn = picture.convert("RGBA")
    drawn.alpha_composite(arrows(moves, picture.size))
    return drawn.convert("RGB")


def arrows(moves: Moves, size: tuple[int, int]) -> Image.Image:
    """Draw the arrows on a clear picture of this size.

    What moves against the camera is yellow, with the camera's motion taken out; blue arrows show
    what the camera does to a scene that rests.
    """
    layer = Image.new("RGBA", size, (0, 0, 0, 0))
    pen = _Pen(layer, size[0] / moves.width)
    columns, rows = _CAMERA_ARROWS
    for row in range(rows):
        for column in range(columns):
            x = (column + 0.5) * moves.width / columns
            y = (row + 0.5) * moves.height / rows
            pen.arrow((x, y), moves.camera_at(x, y), CAMERA)
    for place, motion in _moving(moves):
        pen.arrow(place, motion, MOVING)
    return layer


def _moving(moves: Moves) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Means of the blocks in each cell of a lattice that is coarse enough for arrows."""
    if len(moves.blocks) == 0:
        return []
    step = max(moves.width, moves.height) / _ACROSS
    columns = int(moves.width / step) + 1
    blocks = moves.blocks
    cell = (blocks["y"] / step).astype(int) * columns + (blocks["x"] / step).astype(int)
    area = (blocks["width"] * blocks["height"]).astype(float)
    sums = [
        np.bincount(cell, area * values)
        for values in (1.0, blocks["x"], blocks["y"], blocks["dx"], blocks["dy"])
    ]
    found = np.flatnonzero(sums[0] > 0)
    means = [values[found] / sums[0][found] for values in sums[1:]]
    moving = np.hypot(means[2], means[3]) > _STILL
    x, y, dx, dy = (values[moving].tolist() for values in means)
    return list(zip(zip(x, y, strict=True), zip(dx, dy, strict=True), strict=True))


class _Pen:
    """Draws arrows in pixels of the source."""

    def __init__(self, layer: Image.Image, scale: float) -> None:
        self._pen = ImageDraw.Draw(layer, "RGBA")
        self._scale = scale
        self._longest = _LONGEST * max(layer.size)
        self._line = max(1, round(max(layer.size) / 500))

    def arrow(
        self, place: tuple[float, float], motion: tuple[float, float], colour: tuple[int, int, int]
    ) -> None:
        """Draw one that ends where what it shows is now."""
        length = _FRAMES * self._scale * math.hypot(*motion)
        if math.hypot(*motion) < _STILL or length < 2:
            return
        turn = math.atan2(motion[1], motion[0])
        length = min(length, self._longest)
        x, y = place[0] * self._scale, place[1] * self._scale
        tail = (x - length * math.cos(turn), y - length * math.sin(turn))
        head = min(max(3.0 * self._line, 0.35 * length), 6.0 * self._line)
        wings = [
            (x - head * math.cos(turn + side), y - head * math.sin(turn + side))
            for side in (-0.5, 0.5)
        ]
        for width, ink in ((self._line + 2, _OUTLINE), (self._line, (*colour, 255))):
            self._pen.line([tail, (x, y)], fill=ink, width=width)
            self._pen.line([wings[0], (x, y), wings[1]], fill=ink, width=width, joint="curve")


def legend(pen: ImageDraw.ImageDraw, at: tuple[float, float], size: int, moves: Moves) -> float:
    """Say what the colours are; gives the end of the line."""
    x, y = at
    camera = "the camera rests" if moves.camera_rests else "camera"
    for colour, text in ((CAMERA, camera), (MOVING, "moves otherwise")):
        pen.line([(x, y + size * 0.6), (x + 1.6 * size, y + size * 0.6)], fill=colour, width=2)
        x += 2 * size
        pen.text((x, y), text, font=font(size), fill=colour)
        x += font(size).getlength(text) + 1.4 * size
    return x
