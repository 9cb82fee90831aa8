# SPDX-License-Identifier: MIT
"""A path as few key frames with straight lines between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from ...frames.window import Window
    from ..data import PlanData
    from ..parts import Shot
    from .media import Media

TOLERANCE = 0.5  # pixels


def key_frames(plan: PlanData, shot: Shot, media: Media) -> list[tuple[int, Window]]:
    """Choose the frames of a shot between which its windows move in straight lines.

    The lines stay within half a pixel of the windows. Where windows are placed on steps of several
    pixels, as those that need no resampling are, a straight move is a staircase, and a line from
    one stair to another may be a step away from those between; so a step is added there.

    Returns
    -------
    list of (int, Window)
        At which frame of ``media`` (from 0), and the window there; one for a still shot.
    """
    numbered = zip(media.counts, plan.frames, strict=True)
    inside = dict(pair for pair in numbered if pair[1].shot == shot.n)
    counts = np.array(list(inside), dtype=float)
    windows = list(inside.values())
    places = np.array([(each.x, each.y, each.width, each.height) for each in windows])
    slack = TOLERANCE + _steps(plan)
    kept = simplified(counts, places / slack, 1.0)
    if len(kept) == 2 and (np.abs(places - places[0]) <= slack).all():
        kept = kept[:1]
    return [(int(counts[index]), windows[index]) for index in kept]


def simplified(
    at: npt.NDArray[np.float64], values: npt.NDArray[np.float64], tolerance: float
) -> list[int]:
    """Drop points that lie on the line between kept ones, within a tolerance in each column.

    This is the algorithm of Ramer (1972) and of Douglas and Peucker (1973), with the distance along
    the values' axes, because time is not a length.

    Parameters
    ----------
    at : array
        n rising positions.
    values : array
        n x columns.
    tolerance : float
        Largest distance, in the unit of the values.

    Returns
    -------
    list of int
        Rising indices, among them the first and the last.
    """
    kept = {0, len(at) - 1}
    open_spans = [(0, len(at) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        share = (at[first : last + 1] - at[first]) / (at[last] - at[first])
        line = values[first] + share[:, None] * (values[last] - values[first])
        distance = np.abs(values[first : last + 1] - line).max(axis=1)
        farthest = int(distance.argmax())
        if distance[farthest] > tolerance:
            middle = first + farthest
            kept.add(middle)
            open_spans += [(first, middle), (middle, last)]
    return sorted(kept)


def _steps(plan: PlanData) -> npt.NDArray[np.float64]:
    """Find what x, y, width and height are multiples of; 0 where it is nothing."""
    columns = [[each.x for each in plan.frames], [each.y for each in plan.frames]]
    return np.array([*(_step(column) for column in columns), 0.0, 0.0])


def _step(values: list[float]) -> float:
    if any(value != round(value) for value in values):
        return 0.0
    step = int(np.gcd.reduce([round(value) for value in values]))
    # Still windows say nothing of steps, and no picture format has longer ones.
    return float(step) if 1 <= step <= 8 else 0.0
