# SPDX-License-Identifier: MIT
"""The calmest path, slowly: the linear program of csrc/stage5_path/l1_solver.h as it is written.

HiGHS solves it (scipy.optimize.linprog) with one variable for each absolute value, on nodes made of
the points in the same way as csrc/stage5_path/resample.cc, written anew and without its walking
pointers. For tests and the bench alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

from tests.python.tuned import read_constants

Array = npt.NDArray[np.float64]

TUNED = read_constants()
STEP_S = TUNED["kStep_s"]
REACH = 1.5  # steps to each side that a control point bears on
AROUND_S = TUNED["kAround_s"]
OTHER = TUNED["kOther"]
LEAN = TUNED["kLean"]
ROUNDS = round(TUNED["kRounds"])
FEWEST_FOR_LINE = round(TUNED["kFewestForLine"])
LEAST_TRUST = 1e-9
LEAST_SPREAD = 1e-4
LEAST_SPAN = 1e-9


@dataclass(frozen=True)
class Costs:
    """What motion costs, in seconds away from the target; see l1_solver.h."""

    speed: float = TUNED["kSpeedCost"]
    accel: float = TUNED["kAccelCost"]
    jerk: float = TUNED["kJerkCost"]
    centring: float = TUNED["kCentringCost"]


@dataclass(frozen=True)
class Limits:
    """Of the window's centre, in shares of the picture's side and seconds."""

    lowest: float
    highest: float
    dead_zone: float
    max_speed: float
    max_accel: float
    lean: float


@dataclass(frozen=True)
class Track:
    """One axis of a shot, an entry for each point: seconds, and shares of the picture's side."""

    times: Array
    targets: Array
    lowest: Array
    highest: Array
    weights: Array


@dataclass(frozen=True)
class Nodes:
    """The same at even times."""

    targets: Array
    lowest: Array
    highest: Array
    weights: Array


def weighted_median(values: Array, weights: Array) -> float:
    """Return the value that half of the weight is at or below."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) >= weights.sum() / 2
    return float(values[order][np.argmax(reached)])


def known_between(track: Track, time: float) -> tuple[float, float]:
    """Return the interpolated target and weight; an unknown target does not bend the line."""
    after = int(np.searchsorted(track.times, time))
    if after == 0:
        return float(track.targets[0]), float(track.weights[0])
    if after == len(track.times):
        return float(track.targets[-1]), float(track.weights[-1])
    a, b = after - 1, after
    share = (time - track.times[a]) / (track.times[b] - track.times[a])
    left, right = (1 - share) * track.weights[a], share * track.weights[b]
    towards = right / (left + right) if left + right > 0 else share
    target = track.targets[a] + towards * (track.targets[b] - track.targets[a])
    return float(target), float(left + right)


def local_line(times: Array, targets: Array, weights: Array) -> tuple[float, float]:
    """Return the place of the robust line at time 0, and the mean weight around it."""
    near = (1 - np.abs(times / AROUND_S) ** 3) ** 3
    place, slope = weighted_median(targets, near * weights), 0.0
    for _ in range(ROUNDS):
        off = (targets - place - slope * times) / OTHER
        trust = np.clip(1 - off**2, 0, None) ** 2 + LEAST_TRUST
        share = near * weights * trust
        if not share.sum() > 0:
            break
        share /= share.sum()
        middle, place, slope = float(share @ times), float(share @ targets), 0.0
        spread = float(share @ (times - middle) ** 2)
        if spread > LEAST_SPREAD:
            slope = float(share @ ((times - middle) * targets)) / spread
            place -= slope * middle
    place = float(np.clip(place, targets.min(), targets.max()))
    return place, float(near @ weights / near.sum())


def node_at(track: Track, time: float, limits: Limits) -> tuple[float, float, float, float]:
    """Return target, lowest, highest and weight of one node."""
    target, weight = known_between(track, time)
    near = (track.times >= time - AROUND_S) & (track.times < time + AROUND_S)
    times = track.times[near] - time
    if len(times) >= FEWEST_FOR_LINE and times[-1] - times[0] <= (len(times) - 1) * STEP_S:
        target, weight = local_line(times, track.targets[near], track.weights[near])
    middle = (limits.lowest + limits.highest) / 2
    target += float(np.clip(middle - target, -limits.lean, limits.lean))
    ends = np.array([time - REACH * STEP_S, time + REACH * STEP_S])
    within = (track.times >= ends[0]) & (track.times < ends[1])
    lows = [*np.interp(ends, track.times, track.lowest), *track.lowest[within]]
    highs = [*np.interp(ends, track.times, track.highest), *track.highest[within]]
    lowest, highest = max(lows), min(highs)
    if lowest > highest:
        both = np.interp(time, track.times, track.lowest + track.highest) / 2
        lowest = highest = float(both)
    lowest, highest = np.clip([lowest, highest], limits.lowest, limits.highest)
    return target, float(lowest), float(highest), weight


def node_count(track: Track) -> int:
    """Return how many control points a whole track has."""
    length = track.times[-1] + 2.5 * STEP_S - track.times[0]
    return int(np.ceil(length / STEP_S - 1e-9)) + 3


def make_nodes(track: Track, count: int, limits: Limits) -> Nodes:
    """Return the nodes of the control points, the first half a step before the first point."""
    times = track.times[0] + STEP_S * (np.arange(count) - 0.5)
    rows = np.array([node_at(track, time, limits) for time in times])
    return Nodes(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3])


def terms(nodes: Nodes, costs: Costs) -> list[tuple[Array, sparse.csr_matrix]]:
    """Return the weights and the rows of each term that is an absolute value of a difference."""
    rows = sparse.eye(len(nodes.targets), format="csr")
    found = []
    for cost in (costs.speed, costs.accel / STEP_S, costs.jerk / STEP_S**2):
        rows = rows[1:] - rows[:-1]
        found.append((np.full(rows.shape[0], cost), rows))
    return found


def objective(points: Array, nodes: Nodes, limits: Limits, costs: Costs) -> float:
    """Return what control points cost; limits are not looked at."""
    motion = sum(float(weights @ np.abs(rows @ points)) for weights, rows in terms(nodes, costs))
    away = np.abs(points - nodes.targets)
    beyond = np.maximum(0, away - limits.dead_zone) + costs.centring * away
    return motion + STEP_S * float(nodes.weights @ beyond)


def solve(nodes: Nodes, limits: Limits, costs: Costs | None = None) -> Array:
    """Return the best control points, exactly; ValueError where limits contradict themselves."""
    chosen = costs or Costs()
    count = len(nodes.targets)
    eye = sparse.eye(count, format="csr")
    motion = terms(nodes, chosen)
    # weight, rows, offset, dead zone: variable >= |rows @ points - offset| - dead zone
    every = [(weights, rows, np.zeros(rows.shape[0]), 0.0) for weights, rows in motion]
    every.append((STEP_S * nodes.weights, eye, nodes.targets, limits.dead_zone))
    every.append((STEP_S * nodes.weights * chosen.centring, eye, nodes.targets, 0.0))
    sizes = [len(weights) for weights, *_ in every]
    blocks, bounds = [], []
    for at, (_, rows, offset, dead_zone) in enumerate(every):
        own = [sparse.csr_matrix((sizes[at], size)) for size in sizes]
        own[at] = -sparse.eye(sizes[at], format="csr")
        for sign in (1, -1):
            blocks.append(sparse.hstack([sign * rows, *own]))
            bounds.append(dead_zone + sign * offset)
    for (_, rows), limit in zip(
        motion, (limits.max_speed * STEP_S, limits.max_accel * STEP_S**2), strict=False
    ):
        for sign in (1, -1):
            blocks.append(
                sparse.hstack([sign * rows, sparse.csr_matrix((rows.shape[0], sum(sizes)))])
            )
            bounds.append(np.full(rows.shape[0], limit))
    price = np.concatenate([np.zeros(count), *(weights for weights, *_ in every)])
    places = list(zip(nodes.lowest, nodes.highest + LEAST_SPAN, strict=True))
    done = linprog(
        price,
        A_ub=sparse.vstack(blocks, format="csc"),
        b_ub=np.concatenate(bounds),
        bounds=places + [(0, None)] * sum(sizes),
        method="highs",
    )
    if not done.success:
        raise ValueError(f"the reference has no path: {done.message}")
    points: Array = done.x[:count]
    return points


def curve(points: Array, times: Array) -> Array:
    """Return the quadratic B-spline of the control points at times from the first knot on."""
    u = times / STEP_S
    interval = np.floor(u).astype(int)
    f = u - interval
    a, b, c = (points[interval + i] for i in range(3))
    value: Array = b + (1 - f) ** 2 / 2 * (a - b) + f**2 / 2 * (c - b)
    return value


def smooth(track: Track, limits: Limits, costs: Costs | None = None) -> Array:
    """Return the centre at each point of a whole track."""
    nodes = make_nodes(track, node_count(track), limits)
    centres = curve(solve(nodes, limits, costs), track.times - track.times[0])
    return np.clip(centres, np.maximum(track.lowest, limits.lowest), limits.highest)
