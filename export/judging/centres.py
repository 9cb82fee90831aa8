# SPDX-License-Identifier: MIT
"""What a window that moves along one axis is judged by, beside the choices of people.

Centres are arrays (n,), one for each frame, and a window is its length; both are shares of the
picture's side.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
STILL = 1e-4  # a step from frame to frame above this is a move


@dataclass(frozen=True)
class Motion:
    """How a window moves: its share of still frames; moves and reversals per 100 frames."""

    still: float
    moves: float
    reversals: float


def motion_of(centres: Array) -> Motion:
    steps = np.diff(centres)
    moving = np.abs(steps) > STILL
    moves = int((np.diff(moving.astype(int)) == 1).sum() + moving[0])
    reversals = int((np.diff(np.sign(steps[moving])) != 0).sum())
    per_100 = 100 / len(centres)
    return Motion(1 - float(moving.mean()), per_100 * moves, per_100 * reversals)


def iou(a: Array, b: Array, window: float) -> Array:
    """Intersection over union, frame by frame."""
    shared = np.clip(window - np.abs(a - b), 0, None)
    return np.asarray(shared / (2 * window - shared))


def mean_iou(centres: Array, others: Sequence[Array], window: float) -> float:
    """Mean over frames and people."""
    return float(np.mean([iou(centres, other, window) for other in others]))


def best_fixed(people: Sequence[Array], window: float) -> Array:
    """Find the place at which a resting window is nearest to all people."""
    places = np.linspace(window / 2, 1 - window / 2, 201)
    scores = [mean_iou(np.full(len(people[0]), place), people, window) for place in places]
    return np.full(len(people[0]), places[int(np.argmax(scores))])


def read_people(path: Path, aspect: str, method: str = "human") -> list[Array]:
    """Read the centres that each person, or a method, chose for windows of 1:3 or 3:1."""
    low, high, side = ("x1", "x2", 640) if aspect == "1:3" else ("y1", "y2", 360)
    people: dict[str, list[float]] = {}
    with gzip.open(path, "rt") as lines:
        for row in csv.DictReader(lines):
            if row["method"] == method and row["aspect"] == aspect:
                centre = (float(row[low]) + float(row[high])) / 2 / side
                people.setdefault(row["annotator"], []).append(centre)
    return [np.array(centres) for centres in people.values()]
