# SPDX-License-Identifier: MIT
"""Windows over evidence maps: priors, smoothing, and the one that holds most of a map."""

from __future__ import annotations

import math

import numpy as np

from .map_tool import Array


def gaussian(count: int, deviation: float) -> Array:
    """A centre prior over ``count`` columns, ``deviation`` in shares of the picture."""
    off = (np.arange(count) + 0.5) / count - 0.5
    return np.asarray(np.exp(-0.5 * (off / deviation) ** 2))


def smooth(columns: Array, deviation: float) -> Array:
    """Gaussian mean along time, (T, width) -> (T, width)."""
    radius = math.ceil(3 * deviation)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / deviation) ** 2)
    padded = np.pad(columns, ((radius, radius), (0, 0)), mode="edge")
    weights = kernel / kernel.sum()
    parts = [w * padded[i : i + len(columns)] for i, w in enumerate(weights)]
    return np.asarray(np.sum(parts, axis=0))


def best_centres(columns: Array, window: float) -> Array:
    """Centre, as a share, of the window with the largest sum of columns; (T, width) -> (T,)."""
    width = columns.shape[1]
    sums = np.concatenate([np.zeros((len(columns), 1)), columns.cumsum(1)], axis=1)
    left = np.linspace(0, 1 - window, 101)

    def until(x: Array) -> Array:
        return np.stack([np.interp(x * width, np.arange(width + 1), row) for row in sums])

    inside = until(left + window) - until(left)
    nearer_middle = 1e-7 * np.abs(left + window / 2 - 0.5) * inside.max(1, keepdims=True)
    return np.asarray(left[(inside - nearer_middle).argmax(1)] + window / 2)
