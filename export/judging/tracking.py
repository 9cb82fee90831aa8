# SPDX-License-Identifier: MIT
"""Follows a box through a video with a tracker's two files, as the core does.

The loop is that of SiamRPN (Li et al., "High Performance Visual Tracking with Siamese Region
Proposal Network", CVPR 2018), which NanoTrack and LightTrack repeat: changes of size and shape cost
score, what is far from the last place costs score, and sizes follow slowly. What is new is the end:
a target that is not seen for some frames is lost; then a wider window is searched, which stays
where it is until the target is seen again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from export.tracker import Pair, cut, template_side

Array = np.ndarray


@dataclass(frozen=True)
class Following:
    """Numbers of the loop, each with what a larger one does; chosen on the watched clips.

    Parameters
    ----------
    change : float
        What a change of size or shape costs: score times exp(-change * (size * shape - 1)), the
        two as ratios of 1 or more.
    near : float
        Share of the cosine window in a cell's rank; more: the target keeps to its place.
    rate : float
        How fast sides follow: by rate * penalty * score of the difference; more: faster.
    seen : float
        Score under which a frame does not count as seen; then the place and the sides stay.
    patience : int
        Frames unseen in a row from which the target is lost.
    again : float
        Score from which a lost target is taken up again.
    wider : tuple of float
        Windows that are searched in turn while it is lost, as multiples of the usual side.
    """

    change: float = 0.05
    near: float = 0.35
    rate: float = 0.35
    seen: float = 0.15
    patience: int = 5
    again: float = 0.65
    wider: tuple[float, ...] = (1.5, 2.0)


_LEAST_SIDE = 4.0  # pixels, of a target


@dataclass(frozen=True)
class Look:
    """What a frame told: x, y, w, h in pixels of the picture; the box stays where none was seen."""

    box: tuple[float, float, float, float]
    score: float
    lost: bool


class Tracker:
    """Follows one target.

    Parameters
    ----------
    picture : ndarray
        (height, width, 3) uint8, RGB, that shows it.
    box : sequence of float
        x, y, w, h in its pixels.
    """

    def __init__(
        self, pair: Pair, picture: Array, box: Sequence[float], numbers: Following | None = None
    ) -> None:
        self.pair, self.numbers = pair, numbers or Following()
        x, y, w, h = (float(value) for value in box)
        self.size = np.array([w, h])
        self.middle = np.array([x + w / 2, y + h / 2])
        self.fill = picture.reshape(-1, 3).mean(0)
        crop = cut(picture, self.middle, self._side(), pair.pairing.template, self.fill)
        self.template = pair.features(crop)
        self.unseen = 0

    def _side(self) -> float:
        """Of the square that a template of the target shows."""
        return float(template_side(self.size, self.pair.pairing.context))

    def look(self, picture: Array) -> Look:
        """Search the next picture."""
        numbers, pairing = self.numbers, self.pair.pairing
        lost = self.unseen >= numbers.patience
        turn = (self.unseen - numbers.patience) % len(numbers.wider)
        wide = numbers.wider[turn] if lost else 1.0
        side = self._side() * self.pair.side / pairing.template * wide
        crop = cut(picture, self.middle, side, self.pair.side, self.fill)
        score, boxes = self.pair.compare(self.template, self.pair.features(crop))
        scale = side / self.pair.side  # pixels of the picture in one of the crop
        sizes = np.maximum((boxes[..., 2:] - boxes[..., :2]) * scale, 1e-3)
        penalty = self._penalty(sizes)
        near = 0.0 if lost else numbers.near
        rank = score * penalty * (1 - near) + self.pair.window * near
        best = np.unravel_index(int(rank.argmax()), rank.shape)
        found = float(score[best])
        if found >= (numbers.again if lost else numbers.seen):
            middle = boxes[best].reshape(2, 2).mean(0)
            rate = float(penalty[best]) * found * numbers.rate
            self._move(middle - self.pair.side / 2, scale, sizes[best], rate, picture)
            self.unseen = 0
        else:
            self.unseen += 1
        corner = self.middle - self.size / 2
        box = (float(corner[0]), float(corner[1]), float(self.size[0]), float(self.size[1]))
        return Look(box, found, self.unseen >= numbers.patience)

    def _penalty(self, sizes: Array) -> Array:
        """1 for a box of the target's size and shape, less for others; sizes (g, g, 2)."""
        size = template_side(sizes, self.pair.pairing.context) / self._side()
        shape = sizes[..., 0] / sizes[..., 1] / (self.size[0] / self.size[1])
        apart = np.maximum(size, 1 / size) * np.maximum(shape, 1 / shape)
        return np.exp(-self.numbers.change * (apart - 1))

    def _move(self, off: Array, scale: float, size: Array, rate: float, picture: Array) -> None:
        whole = np.array(picture.shape[1::-1], float)
        self.middle = np.clip(self.middle + off * scale, 0, whole)
        grown = self.size * (1 - rate) + size * rate
        self.size = np.clip(grown, _LEAST_SIDE, whole)


def follow(
    pair: Pair, frames: Sequence[Array], box: Sequence[float], numbers: Following | None = None
) -> list[Look]:
    """Looks at all frames; the first of them shows the box."""
    tracker = Tracker(pair, frames[0], box, numbers)
    first = Look((float(box[0]), float(box[1]), float(box[2]), float(box[3])), 1.0, False)
    return [first, *(tracker.look(frame) for frame in frames[1:])]


# NanoTrack's, by its authors, and as it is better on the clips that ours were chosen on.
AS_PUBLISHED = replace(Following(), change=0.138, near=0.455, rate=0.348)
NANOTRACK = replace(Following(), change=0.05, near=0.25, rate=0.348)
