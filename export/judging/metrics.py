# SPDX-License-Identifier: MIT
"""How well a map says where viewers look.

Maps and densities are arrays of shape (h, w); points are (n, 2) of x, y as shares of the picture.
The definitions are those of Bylinskii, Judd, Oliva, Torralba and Durand, "What do different
evaluation metrics tell us about saliency models?", PAMI 2019, section 3.

A density is made of points by a Gaussian of one degree of visual angle, as is usual (section 3.1
there, after Le Meur and Baccino, "Methods for comparing scanpaths and saliency maps", 2013). How
far the viewers sat is not known for every set; 3 % of the width is one degree for a picture that
is 33 degrees wide, such as those of OSIE (Xu, Jiang, Wang, Kankanhalli and Zhao, 2014).

The package pysaliency has these measures too. It is no requirement because its AUC does not run
with current NumPy, and importing it takes PyTorch and compilers; a test compares with it where it
is installed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter
from scipy.stats import mannwhitneyu

Array = npt.NDArray[np.float64]
Cells = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]

DEGREE = 0.03  # one degree of visual angle, as a share of the picture's width
WINDOW_ASPECT = 9 / 16
_TINY = 2.2204e-16  # what the MIT/Tuebingen benchmark adds within the divergence


def cells_of(points: Array, shape: tuple[int, int]) -> Cells:
    """Rows and columns of the cells that hold the points."""
    rows = np.clip((points[:, 1] * shape[0]).astype(np.int64), 0, shape[0] - 1)
    columns = np.clip((points[:, 0] * shape[1]).astype(np.int64), 0, shape[1] - 1)
    return rows, columns


def spread_of(points: Array, shape: tuple[int, int], deviation: float = DEGREE) -> Array:
    """Blur points, each with the mass 1; deviation as a share of the width."""
    counts = np.zeros(shape)
    np.add.at(counts, cells_of(points, shape), 1)
    blurred = gaussian_filter(counts, deviation * shape[1], mode="constant", truncate=6)
    return np.asarray(blurred)


def density_of(points: Array, shape: tuple[int, int], deviation: float = DEGREE) -> Array:
    """Blur points to a density with the sum 1; deviation as a share of the width."""
    spread = spread_of(points, shape, deviation)
    return np.asarray(spread / spread.sum())


def standardised(values: Array) -> Array:
    """Mean 0 and deviation 1; zeros for an even map."""
    values = np.asarray(values, np.float64)
    deviation = values.std()
    return (values - values.mean()) / deviation if deviation > 0 else np.zeros_like(values)


def nss(values: Array, points: Array) -> float:
    """Normalised scanpath saliency: the standardised map's mean over the fixations."""
    return float(standardised(values)[cells_of(points, values.shape)].mean())


def nss_of_density(values: Array, density: Array) -> float:
    """Give NSS where only a density is known: the standardised map's mean under it."""
    return float((standardised(values) * density).sum() / density.sum())


def auc(positives: Array, negatives: Array) -> float:
    """Chance that a positive lies above a negative, ties counted half."""
    ranks = mannwhitneyu(positives, negatives, method="asymptotic").statistic
    return float(ranks / (len(positives) * len(negatives)))


def auc_judd(values: Array, points: Array) -> float:
    """Area under the curve of hits at fixations against alarms on cells without one."""
    cells = cells_of(points, values.shape)
    elsewhere = np.ones(values.shape, bool)
    elsewhere[cells] = False
    return auc(values[cells], values[elsewhere])


def auc_shuffled(values: Array, points: Array, others: Array) -> float:
    """Area under the curve against fixations of other pictures: no bonus for the centre.

    Source: Zhang, Tong, Marks, Shan and Cottrell, "SUN: A Bayesian framework for saliency using
    natural statistics", Journal of Vision 2008.
    """
    shape = values.shape
    return auc(values[cells_of(points, shape)], values[cells_of(others, shape)])


def correlation(values: Array, density: Array) -> float:
    """Give Pearson's correlation (CC); 0 for an even map."""
    return float((standardised(values) * standardised(density)).mean())


def similarity(values: Array, density: Array) -> float:
    """What two maps share when each has the sum 1 (SIM)."""
    return float(np.minimum(values / values.sum(), density / density.sum()).sum())


def divergence(values: Array, density: Array) -> float:
    """Kullback-Leibler divergence of the map from the density (KL), in nats; less is better."""
    p, q = density / density.sum(), values / values.sum()
    return float((p * np.log(_TINY + p / (q + _TINY))).sum())


def window_share(size: tuple[int, int], aspect: float = WINDOW_ASPECT) -> float:
    """Width of the full-height window of this shape as a share of a picture of (width, height)."""
    return aspect * size[1] / size[0]


def best_left(values: Array, window: float) -> float:
    """Left side of the window that holds the most of the map, as a share of the width.

    Of windows that hold the same, the nearest to the middle.

    Parameters
    ----------
    values : array
        (h, w), or (w,) for sums of columns.
    window : float
        Width of the window as a share, less than 1.
    """
    columns = values.reshape(-1, values.shape[-1]).sum(0)
    sums = np.concatenate([[0], np.cumsum(columns / columns.sum())])
    edges = np.linspace(0, 1, len(sums))
    # What is held is linear in between: the best has a side on an edge of a column.
    lefts = np.concatenate([edges, edges - window, [(1 - window) / 2]])
    lefts = lefts[(lefts >= 0) & (lefts <= 1 - window)]
    held = np.interp(lefts + window, edges, sums) - np.interp(lefts, edges, sums)
    off = np.abs(lefts + window / 2 - 0.5)
    best = np.flatnonzero(held >= held.max() - 1e-9)
    return float(lefts[best[np.argmin(off[best])]])


def kept(points: Array, left: float, window: float) -> float:
    """Share of the points inside a full-height window; sides as shares of the width."""
    return float(np.mean((points[:, 0] >= left) & (points[:, 0] <= left + window)))


def kept_of_density(density: Array, left: float, window: float) -> float:
    """Share of a density inside a full-height window."""
    columns = density.sum(0)
    sums = np.concatenate([[0], np.cumsum(columns / columns.sum())])
    edges = np.linspace(0, 1, len(sums))
    return float(np.interp(left + window, edges, sums) - np.interp(left, edges, sums))
