# SPDX-License-Identifier: MIT
"""How well boxes with identities follow those that people drew: MOTA, id switches and IDF1.

MOTA and switches: Bernardin and Stiefelhagen, "Evaluating multiple object tracking performance:
the CLEAR MOT metrics", 2008. IDF1: Ristani et al., "Performance measures and a data set for
multi-target, multi-camera tracking", 2016.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

Array = np.ndarray
# Boxes that share less of their union are not of the same subject.
LEAST_OVERLAP = 0.5


@dataclasses.dataclass(frozen=True)
class Tracked:
    """The boxes of one picture: ids (N,) and left, top, width, height (N, 4)."""

    ids: Array
    boxes: Array


@dataclasses.dataclass(frozen=True)
class Scores:
    """MOTA and IDF1 in per cent; counts of switches, boxes without a subject, and boxes missed."""

    mota: float
    idf1: float
    switches: int
    extra: int
    missed: int


def overlaps(a: Array, b: Array) -> Array:
    """Intersection over union of each pair of boxes."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum((a[:, :2] + a[:, 2:])[:, None], (b[:, :2] + b[:, 2:])[None])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    return shared / (np.prod(a[:, 2:], axis=1)[:, None] + np.prod(b[:, 2:], axis=1) - shared)


def match(true: Tracked, found: Tracked, last: dict[int, int]) -> list[tuple[int, int]]:
    """Pairs of rows that are one subject; those that were a pair before stay one if they can."""
    if not len(true.ids) or not len(found.ids):
        return []
    shares = overlaps(true.boxes, found.boxes)
    worth = np.where(shares >= LEAST_OVERLAP, shares, 0.0)
    for row, name in enumerate(true.ids):
        worth[row, (found.ids == last.get(int(name))) & (worth[row] > 0)] += len(true.ids)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if worth[r, c] > 0]


def score(true: Sequence[Tracked], found: Sequence[Tracked]) -> Scores:
    """Judge the boxes of some pictures."""
    last: dict[int, int] = {}
    together: Counter[tuple[int, int]] = Counter()
    switches = matched = 0
    for wanted, had in zip(true, found, strict=True):
        for row, column in match(wanted, had, last):
            name, given = int(wanted.ids[row]), int(had.ids[column])
            switches += last.get(name, given) != given
            last[name] = given
            matched += 1
        if len(wanted.ids) and len(had.ids):
            for row, column in np.argwhere(overlaps(wanted.boxes, had.boxes) >= LEAST_OVERLAP):
                together[int(wanted.ids[row]), int(had.ids[column])] += 1
    all_true = sum(len(each.ids) for each in true)
    all_found = sum(len(each.ids) for each in found)
    missed, extra = all_true - matched, all_found - matched
    return Scores(
        mota=100 * (1 - (missed + extra + switches) / max(1, all_true)),
        idf1=100 * 2 * shared_identities(together) / max(1, all_true + all_found),
        switches=switches,
        extra=extra,
        missed=missed,
    )


def shared_identities(together: Counter[tuple[int, int]]) -> int:
    """Count the boxes that agree when each true id is given the found id that serves best."""
    if not together:
        return 0
    names = sorted({name for name, _ in together})
    given = sorted({other for _, other in together})
    counts = np.zeros((len(names), len(given)))
    for (name, other), count in together.items():
        counts[names.index(name), given.index(other)] = count
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return int(counts[rows, columns].sum())
