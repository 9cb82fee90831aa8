# SPDX-License-Identifier: MIT
"""How many clips are named rightly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from export.action.lists import Split

Array = np.ndarray


@dataclass(frozen=True)
class Score:
    """Which clips of a test list were right; rates are shares of them."""

    names: tuple[str, ...]
    right: tuple[bool, ...]
    top5: float
    classes: dict[str, float]  # of each class with clips in the list

    @property
    def top1(self) -> float:
        """Share of clips whose highest answer is their class."""
        return sum(self.right) / len(self.right)

    def __str__(self) -> str:
        return (
            f"{sum(self.right)} of {len(self.right)} clips right, "
            f"top-1 {self.top1:.1%}, top-5 {self.top5:.1%}, "
            f"mean of the classes {sum(self.classes.values()) / len(self.classes):.1%}"
        )

    def plain(self) -> dict[str, object]:
        """Values as JSON has them."""
        clips = {name: int(ok) for name, ok in zip(self.names, self.right, strict=True)}
        return {"top1": self.top1, "top5": self.top5, "classes": self.classes, "clips": clips}


def score(logits: Tensor, split: Split) -> Score:
    """Judge answers (clips, classes) for a split's test list."""
    labels = np.array([clip.label for clip in split.test])
    order = logits.argsort(1, descending=True).numpy()
    right = order[:, 0] == labels
    in_five = (order[:, :5] == labels[:, None]).any(1)
    classes = {
        name: float(right[labels == label].mean())
        for label, name in enumerate(split.classes)
        if (labels == label).any()
    }
    names = tuple(clip.name for clip in split.test)
    return Score(names, tuple(map(bool, right)), float(in_five.mean()), classes)


def interval(values: Array, groups: Sequence[str], draws: int = 2000) -> tuple[float, float]:
    """95 % interval of a mean: bootstrap over groups, whose values are alike.

    Parameters
    ----------
    values : ndarray
        1-D.
    groups : sequence
        Of each value; drawn from with replacement, each with all of its values. Seeded.
    """
    _, group = np.unique(list(groups), return_inverse=True)
    sums, counts = np.bincount(group, values), np.bincount(group)
    drawn = np.random.default_rng(0).integers(0, len(sums), (draws, len(sums)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
