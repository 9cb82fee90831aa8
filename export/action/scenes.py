# SPDX-License-Identifier: MIT
"""Clips of one scene, found by how they look, and folds that tear no scene apart.

Clips of one camera share their background, and a network that has seen it knows the clip's class
by it. So a scene is learned from or tested on, never both.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from export.action.frames import read_frames

Array = np.ndarray
_THUMBNAIL = (12, 16)  # rows, columns
_LOOKS = 5  # frames of a clip whose median is taken, so that who walks by does not count
_BINS = 6  # of each colour
ALIKE = 0.75  # two clips from here on are of one scene, see ``likeness``
ALIKE_IN_A_ROW = 0.6  # the same for clips that are numbered in a row: they are cut from one video


def _means(picture: Array, rows: int, columns: int) -> Array:
    """Means of the fields of a grid: (rows, columns, 3)."""
    height, width = picture.shape[:2]
    y = np.linspace(0, height, rows + 1).astype(int)[:-1]
    x = np.linspace(0, width, columns + 1).astype(int)[:-1]
    sums = np.add.reduceat(np.add.reduceat(picture.astype(float), y, 0), x, 1)
    counts = np.outer(np.diff([*y, height]), np.diff([*x, width]))
    means: Array = sums / counts[..., None]
    return means


def describe(path: Path) -> tuple[Array, Array]:
    """What a clip's scene looks like: grey thumbnail of unit norm, and histogram of colours."""
    picture = np.median(read_frames(path, "sampled", _LOOKS), axis=0)
    small = _means(picture, *_THUMBNAIL)
    grey = small.mean(2)
    grey = grey - grey.mean()
    grey /= max(float(np.linalg.norm(grey)), 1e-6)
    fine = _means(picture, *(min(side, 48) for side in picture.shape[:2])).reshape(-1, 3)
    cells = np.clip(fine / 256 * _BINS, 0, _BINS - 1).astype(int) @ [1, _BINS, _BINS**2]
    histogram = np.bincount(cells, minlength=_BINS**3) / len(cells)
    return grey.ravel(), np.sqrt(histogram)


def likeness(first: tuple[Array, Array], second: tuple[Array, Array]) -> float:
    """Mean of how shapes correlate and how colours overlap (Bhattacharyya): 1 is the same."""
    return float((first[0] @ second[0] + first[1] @ second[1]) / 2)


def _natural(path: Path) -> tuple[str, list[tuple[int, str]]]:
    """A key that sorts ``clip9`` before ``clip10``, folder by folder."""
    words = re.split(r"(\d+)", path.stem)
    return str(path.parent), [(int(word), "") if word.isdigit() else (-1, word) for word in words]


def group_scenes(paths: Sequence[Path], looks: Sequence[tuple[Array, Array]]) -> list[list[int]]:
    """Clips of each scene, as indices; whatever is like one of a scene's clips belongs to it."""
    group = list(range(len(paths)))

    def root(index: int) -> int:
        while group[index] != index:
            index = group[index]
        return index

    order = sorted(range(len(paths)), key=lambda index: _natural(paths[index]))
    in_a_row = {
        frozenset(pair)
        for pair in itertools.pairwise(order)
        if paths[pair[0]].parent == paths[pair[1]].parent
    }
    for second in range(len(paths)):
        for first in range(second):
            level = ALIKE_IN_A_ROW if frozenset((first, second)) in in_a_row else ALIKE
            if likeness(looks[first], looks[second]) >= level:
                group[root(second)] = root(first)
    scenes = defaultdict(list)
    for index in range(len(paths)):
        scenes[root(index)].append(index)
    return list(scenes.values())


def share_out(
    scenes: Sequence[Sequence[int]], labels: Sequence[int], folds: int, seed: int
) -> list[list[int]]:
    """Deal scenes into folds so that the classes are spread as evenly as they go.

    The largest scene first, each to the fold where it is needed most; the order of equals and of
    folds follows from the seed.
    """
    random = np.random.default_rng(seed)
    classes = max(labels) + 1
    wanted = np.bincount(labels, minlength=classes) / folds
    counts = np.zeros((folds, classes))
    dealt: list[list[int]] = [[] for _ in range(folds)]
    for scene in sorted((scenes[i] for i in random.permutation(len(scenes))), key=len)[::-1]:
        own = np.bincount([labels[index] for index in scene], minlength=classes)
        excess = (((counts + own - wanted) ** 2 - (counts - wanted) ** 2) / wanted).sum(1)
        best = np.flatnonzero(excess <= excess.min() + 1e-9)
        fold = int(random.choice(best))
        counts[fold] += own
        dealt[fold] += scene
    return dealt
