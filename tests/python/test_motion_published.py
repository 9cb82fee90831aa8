# SPDX-License-Identifier: MIT
"""The search of the published code, and the lengths of vectors that it searches."""

from __future__ import annotations

import numpy as np
import pytest

from smartcrop import _core
from smartcrop.motion.published import largest_sum
from smartcrop.video.vectors import Lengths


def brute_force(density: np.ndarray, area: float) -> tuple[int, int, int, int]:
    """Left, top, width and height of the first with the largest sum, of those nearest in area."""
    rows, columns = density.shape
    wanted, boxes = area * rows * columns, []
    for high in range(1, rows + 1):
        for wide in range(1, columns + 1):
            near = wanted * 0.9 <= high * wide <= wanted * 1.1
            off = 0.0 if near else abs(high * wide - wanted)
            for top in range(rows - high + 1):
                for left in range(columns - wide + 1):
                    held = density[top : top + high, left : left + wide].sum(dtype=np.float64)
                    boxes.append((off, held, (left, top, wide, high)))
    least = min(off for off, _, _ in boxes)
    most, best = -1.0, (0, 0, 0, 0)
    for off, held, box in boxes:
        if off <= least + 1e-6 and held > most:
            most, best = held, box
    return best


def test_it_finds_the_very_same_rectangle_as_trying_each() -> None:
    seed = int(np.random.default_rng().integers(2**32))
    random = np.random.default_rng(seed)
    for number in range(100):
        rows, columns = random.integers(1, 10), random.integers(1, 13)
        density = random.integers(0, 4, (rows, columns)).astype(np.float32)  # many sums are equal
        area = random.integers(1, 101) / 100
        where = f"seed {seed}, run {number}, {rows} x {columns}, area {area}"
        assert largest_sum(density, area) == brute_force(density, area), where


def test_it_takes_the_largest_allowed_and_the_first_of_equal_ones() -> None:
    density = np.full((6, 8), 0.001, np.float32)
    density[2, 3] = 1
    *_, wide, high = largest_sum(density, 0.75)
    assert wide * high == 36
    *_, wide, high = _core.densest_box(density, 0.75)
    assert wide * high == 35
    # By height, width, top and left: 5 x 7 before 6 x 6.
    density = np.zeros((6, 8), np.float32)
    density[3, 3] = 1
    assert largest_sum(density, 0.75) == (0, 0, 7, 5)


def vectors(*blocks: tuple[float, float, float, float]) -> np.ndarray:
    """Blocks of 16 x 16 at x, y that move by dx, dy from an earlier frame."""
    made = np.zeros(len(blocks), _core.MOTION_VECTOR)
    for each, (x, y, dx, dy) in zip(made, blocks, strict=True):
        each["x"], each["y"], each["dx"], each["dy"] = x, y, dx, dy
        each["width"] = each["height"] = 16
        each["direction"] = -1
    return made


def test_lengths_count_where_the_middles_of_the_blocks_are() -> None:
    lengths = Lengths(160, 96)
    assert lengths.density(6, 10) is None
    lengths.add(vectors((8, 8, 3, 4), (152, 88, 0, 10), (40, 24, 0, 0)))
    lengths.add(vectors((8, 8, 3, 4)))
    density = lengths.density(6, 10)
    assert density is not None
    assert (density.shape, density.dtype) == ((6, 10), np.float32)
    assert density[0, 0] == pytest.approx(0.5)
    assert density[5, 9] == pytest.approx(0.5)
    assert density.sum() == pytest.approx(1)


def test_lengths_leave_out_what_cannot_be() -> None:
    lengths = Lengths(160, 96)
    here = [(8.0, 8.0, 1.0, 0.0)] * 40
    lengths.add(vectors(*here, (8, 8, 500, 0), (float("nan"), 8, 1, 1), (-5, 8, 1, 1)))
    assert lengths.density(1, 2) == pytest.approx(np.array([[1, 0]]))
    lengths.add(vectors(*[(300.0, 8.0, 1.0, 0.0)] * 3, *[(150.0, 8.0, 1.0, 0.0)] * 20))
    assert lengths.density(1, 2) == pytest.approx(np.array([[1, 0]]))
