# SPDX-License-Identifier: MIT
"""Tables of maps against eye fixations on stills.

Where a set has density maps instead of fixations, NSS is the mean of the standardised map under
the density, which is lower than at fixations, and the AUCs are left out. The row ``other
viewers`` predicts each viewer from the density of the others, so its CC, SIM and KL are against
the density of one viewer, those of the rest against the density of all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from export.judging import metrics
from export.judging.fixated import Still, map_size
from export.judging.maps import Array, MapSource
from export.judging.table import Table, watched

MEASURES = ("AUC-J", "sAUC", "NSS", "CC", "SIM", "KL", "kept")
COLUMNS = {"AUC-J": 3, "sAUC": 3, "NSS": 3, "CC": 3, "SIM": 3, "KL": 3, "kept": 3, "way": 3}
CENTRE, HUMAN, BEST = "centre crop", "other viewers", "best possible window"
_WIDEST = 0.9  # a window that is this much of the picture leaves nothing to choose
_OTHERS = 2000  # fixations of other pictures that the shuffled AUC compares with
Row = list[float]


@dataclass
class Truth:
    """What is known of a still: points (n, 2) in shares, or only the density."""

    density: Array
    points: Array | None
    others: Array
    window: float  # width of the 9:16 window as a share; NaN where the picture is too narrow

    def kept(self, left: float) -> float:
        """Share of the fixations inside the window."""
        if self.points is None:
            return metrics.kept_of_density(self.density, left, self.window)
        return metrics.kept(self.points, left, self.window)


@dataclass
class Scores:
    """Rows of every still: label to (stills, measures)."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, label: str, row: Row) -> None:
        self.rows.setdefault(label, []).append(row)

    def extend(self, other: Scores) -> None:
        for label, rows in other.rows.items():
            self.rows.setdefault(label, []).extend(rows)

    def table(self, title: str) -> Table:
        """Means over the stills; ``way`` is the share of the way from centre crop to viewers."""
        table = Table(title, COLUMNS)
        arrays = {label: np.array(rows) for label, rows in self.rows.items()}
        judged = np.isfinite(arrays[HUMAN][:, -1])
        low, high = (_mean(arrays[label][judged, -1]) for label in (CENTRE, HUMAN))
        for label, rows in arrays.items():
            means = [_mean(rows[:, i]) for i in range(len(MEASURES))]
            way = (_mean(rows[judged, -1]) - low) / (high - low) if high > low else np.nan
            table.rows[label] = [*means, way]
        return table


def _mean(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else np.nan


def score(values: Array, truth: Truth) -> Row:
    """Every measure of a map; ``kept`` is that of the best 9:16 window read off it."""
    window = np.nan
    if np.isfinite(truth.window):
        window = truth.kept(metrics.best_left(values, truth.window))
    maps = [
        metrics.correlation(values, truth.density),
        metrics.similarity(values, truth.density),
        metrics.divergence(values, truth.density),
        window,
    ]
    if truth.points is None:
        return [np.nan, np.nan, metrics.nss_of_density(values, truth.density), *maps]
    shuffled = np.nan
    if len(truth.others):
        shuffled = metrics.auc_shuffled(values, truth.points, truth.others)
    return [
        metrics.auc_judd(values, truth.points),
        shuffled,
        metrics.nss(values, truth.points),
        *maps,
    ]


def score_viewers(still: Still, truth: Truth) -> Row:
    """How well the other viewers' density predicts each viewer, mean over viewers."""
    if still.points is None:
        return [np.nan] * len(MEASURES)
    rows = []
    shape = (truth.density.shape[0], truth.density.shape[1])
    everyone = metrics.spread_of(still.points[:, 1:], shape)
    for viewer in np.unique(still.points[:, 0]):
        theirs = still.points[:, 0] == viewer
        if theirs.all():
            continue
        own = metrics.spread_of(still.points[theirs, 1:], shape)
        rest = np.maximum(everyone - own, 0)  # blurring is linear; less only by rounding
        single = Truth(own / own.sum(), still.points[theirs, 1:], truth.others, truth.window)
        rows.append(score(rest / rest.sum(), single))
    return [float(v) for v in np.mean(rows, 0)] if rows else [np.nan] * len(MEASURES)


def judge_stills(
    stills: Sequence[Still],
    sources: Mapping[str, MapSource],
    label: str,
    negatives: Sequence[Still] = (),
) -> Scores:
    """Score every source on every still.

    Parameters
    ----------
    label : str
        What the progress bar says.
    negatives : sequence of Still
        Whose fixations the shuffled AUC draws from; by default the stills themselves.
    """
    scores = Scores()
    pool = negatives or stills
    for still in watched(stills, label, len(stills)):
        picture = still.picture()
        size = map_size(picture)
        truth = _truth(still, size, (picture.shape[1], picture.shape[0]), pool)
        scores.add(CENTRE, _window_row(truth, lambda window: (1 - window) / 2))
        for name, source in sources.items():
            source.reset()
            scores.add(name, score(source.look(picture, size), truth))
        scores.add(HUMAN, score_viewers(still, truth))
        scores.add(BEST, _window_row(truth, _best_of(truth)))
    return scores


def _truth(
    still: Still, size: tuple[int, int], picture: tuple[int, int], pool: Sequence[Still]
) -> Truth:
    window = metrics.window_share(picture)
    if window > _WIDEST:
        window = np.nan
    if still.points is None:
        return Truth(still.recorded_density(size), None, np.empty((0, 2)), window)
    points = still.points[:, 1:]
    return Truth(metrics.density_of(points, size), points, _others(still, pool), window)


def _others(still: Still, pool: Sequence[Still]) -> Array:
    """Fixations of other pictures, drawn with a seed that hangs on the picture's name."""
    other = [
        each.points[:, 1:] for each in pool if each.points is not None and each.path != still.path
    ]
    if not other:
        return np.empty((0, 2))
    points = np.concatenate(other)
    random = np.random.default_rng(list(still.item.encode()))
    return points[random.integers(len(points), size=_OTHERS)]


def _window_row(truth: Truth, left: Callable[[float], float]) -> Row:
    """A row of a window that comes of no map: only ``kept``."""
    known = np.isfinite(truth.window)
    kept = truth.kept(left(truth.window)) if known else np.nan
    return [*[np.nan] * (len(MEASURES) - 1), kept]


def _best_of(truth: Truth) -> Callable[[float], float]:
    """Find the window that the fixations themselves ask for."""

    def left(window: float) -> float:
        if truth.points is None:
            return metrics.best_left(truth.density, window)
        starts = np.clip(truth.points[:, 0] - 1e-9, 0, 1 - window)
        return float(starts[np.argmax([truth.kept(float(start)) for start in starts])])

    return left
