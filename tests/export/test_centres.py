# SPDX-License-Identifier: MIT
"""The measures of a window that moves along one axis, on lines whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from export.judging.centres import best_fixed, iou, mean_iou, motion_of


def test_the_same_window_has_iou_1_and_half_a_window_away_a_third() -> None:
    line = np.full(4, 0.4)
    assert iou(line, line, 0.2) == pytest.approx([1] * 4)
    assert iou(line, line + 0.1, 0.2) == pytest.approx([1 / 3] * 4)
    assert iou(line, line + 0.3, 0.2) == pytest.approx([0] * 4)
    assert mean_iou(line, [line, line + 0.1], 0.2) == pytest.approx(2 / 3)


def test_a_line_that_goes_and_comes_back_has_a_reversal_and_two_moves() -> None:
    there = np.linspace(0.3, 0.5, 26)
    motion = motion_of(np.concatenate([there, np.full(48, 0.5), there[::-1]]))
    assert motion.moves == pytest.approx(2)
    assert motion.reversals == pytest.approx(1)
    assert motion.still == pytest.approx(49 / 99)
    rest = motion_of(np.full(100, 0.5))
    assert (rest.still, rest.moves, rest.reversals) == (1, 0, 0)


def test_the_best_resting_window_stands_where_most_people_stand() -> None:
    people = [np.full(10, place) for place in (0.3, 0.3, 0.7)]
    assert best_fixed(people, 0.2) == pytest.approx([0.3] * 10)
