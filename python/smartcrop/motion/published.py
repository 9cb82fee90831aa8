# SPDX-License-Identifier: MIT
"""The search of the published code of MoCrop (arXiv 2509.18473), to compare with it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_TOLERANCE = 0.1
# Shares nearer to each other than this are equal: they are floats, and sums in another order.
_EQUAL = 1e-6


def largest_sum(density: npt.NDArray[np.float32], area: float) -> tuple[int, int, int, int]:
    """Find the rectangle of about this area whose sum is the largest.

    Of equal ones it is the first by height, width, top and left. A rectangle holds all that those
    inside it hold, so that of nested ones it is the largest allowed.

    Parameters
    ----------
    density : ndarray
        Rows and columns of values, none below 0.
    area : float
        Share of the cells. Rectangles within a tenth of it are compared, and those nearest to it
        where there are none.

    Returns
    -------
    (int, int, int, int)
        Left, top, width and height in cells.
    """
    rows, columns = density.shape
    sums = np.zeros((rows + 1, columns + 1))
    sums[1:, 1:] = density.cumsum(0, np.float64).cumsum(1)
    sums /= sums[-1, -1] or 1.0
    most, best = -np.inf, (0, 0, 0, 0)
    for high, wide in _sizes(rows, columns, area):
        held = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
        if held.max() <= most + _EQUAL:
            continue
        most = float(held.max())
        top, left = np.unravel_index(np.argmax(held >= most - _EQUAL), held.shape)
        best = (int(left), int(top), wide, high)
    return best


def _sizes(rows: int, columns: int, area: float) -> list[tuple[int, int]]:
    """List the heights and widths that are allowed, the smallest height first."""
    wanted = area * rows * columns
    sizes = [(high, wide) for high in range(1, rows + 1) for wide in range(1, columns + 1)]
    off = [max(0.0, abs(high * wide - wanted) - _TOLERANCE * wanted) for high, wide in sizes]
    if min(off) > 0:
        off = [abs(high * wide - wanted) for high, wide in sizes]
    least = min(off)
    return [size for size, each in zip(sizes, off, strict=True) if each <= least + _EQUAL]
