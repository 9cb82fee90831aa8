# SPDX-License-Identifier: MIT
"""Labels to maps on a network's grid."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def bumps(
    points: Array, spread: Array, size: tuple[int, int], weights: Array | None = None
) -> Array:
    """Sum of Gaussians of equal mass, scaled to the sum 1.

    Parameters
    ----------
    points : array
        (n, 2) x, y as shares of the picture.
    spread : array
        (2,) or (n, 2) standard deviations, x and y, as shares.
    size : tuple of int
        Height and width of the grid.
    weights : array, optional
        (n,) weight of each point.

    Returns
    -------
    array
        (height, width) float32; all zeros where nothing falls on the grid.
    """
    height, width = size
    spread = np.broadcast_to(spread, points.shape)
    x = (np.arange(width) + 0.5) / width
    y = (np.arange(height) + 0.5) / height
    across = np.exp(-0.5 * ((x - points[:, :1]) / spread[:, :1]) ** 2) / spread[:, :1]
    down = np.exp(-0.5 * ((y - points[:, 1:]) / spread[:, 1:]) ** 2) / spread[:, 1:]
    if weights is not None:
        across = across * weights[:, None]
    total = down.T @ across
    mass = total.sum()
    return (total / mass if mass > 1e-9 else np.zeros_like(total)).astype(np.float32)


def counts(points: Array, size: tuple[int, int]) -> Array:
    """How many points fall into each cell, (height, width) float32."""
    height, width = size
    inside = np.all((points >= 0) & (points < 1), axis=1)
    grid = np.zeros(size, np.float32)
    cells = (points[inside] * [width, height]).astype(int)
    np.add.at(grid, (cells[:, 1], cells[:, 0]), 1)
    return grid


def box_map(box: Array, size: tuple[int, int]) -> Array:
    """A subject's box (x, y, w, h in shares) as a map: a Gaussian that fills it.

    The deviation is a third of each side, at least a cell and a half, so that the subject's middle
    counts more than its edges and a far-away one still covers some cells.
    """
    centre = box[None, :2] + box[None, 2:] / 2
    spread = np.maximum(box[2:] / 3, [1.5 / size[1], 1.5 / size[0]])
    return bumps(centre, spread, size)
