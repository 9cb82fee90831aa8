# SPDX-License-Identifier: MIT
"""The path solver, through smartcrop's C interface, beside the slow reference."""

from __future__ import annotations

import numpy as np
import pytest

from smartcrop import _core
from smartcrop.errors import Error

pytest.importorskip("scipy", reason="scipy is missing: the path's reference needs it")

import l1_reference as reference

WINDOW = 0.316
KEYS = ("dead_zone", "max_speed", "max_accel")


def smooth(track: reference.Track, **options: float) -> reference.Array:
    chosen = _core.Options([(key, str(value)) for key, value in options.items()])
    columns = (track.times, track.targets, track.lowest, track.highest, track.weights)
    return _core.smooth_path(chosen, *columns, WINDOW)


def limits_of(**options: float) -> reference.Limits:
    defaults = _core.Options([])
    dead_zone, speed, accel = (float(options.get(key, defaults.get(key))) for key in KEYS)
    # The library leaves a thousandth of the limits to rounding.
    zone, lean = dead_zone * WINDOW / 2, reference.LEAN * WINDOW
    return reference.Limits(WINDOW / 2, 1 - WINDOW / 2, zone, 0.999 * speed, 0.999 * accel, lean)


def random_track(dice: np.random.Generator, times: reference.Array) -> reference.Track:
    """Targets that rest, jump and walk; noise, outliers, gaps, and now and then a span."""
    count = len(times)
    targets = np.full(count, dice.uniform(0.2, 0.8))
    for at in dice.integers(0, count, 4):
        targets[at:] = dice.uniform(0.2, 0.8) + dice.uniform(-0.05, 0.05) * (times[at:] - times[at])
    spans = np.clip(targets, 0.3, 0.7)
    targets = targets + dice.normal(0, 0.02, count)
    targets[dice.random(count) < 0.03] = dice.uniform(0, 1)
    weights = dice.uniform(0.3, 1, count)
    gap = dice.integers(0, count)
    weights[gap : gap + count // 10] = 0
    lowest, highest = np.zeros(count), np.ones(count)
    required = slice(count // 3, count // 2)
    middle = float(np.median(spans[required]))
    lowest[required], highest[required] = middle - 0.1, middle + 0.1
    return reference.Track(times, targets, lowest, highest, weights)


def controls_of(centres: reference.Array, count: int) -> reference.Array:
    """Control points of a curve that is known at each knot and between each two."""
    points = np.zeros(count)
    # Between two knots 8 p = a + 6 b + c, at the first of them 2 p = a + b.
    matrix = np.zeros((len(centres), count))
    for row in range(len(centres)):
        at = row // 2
        matrix[row, at : at + 3] = (0.5, 0.5, 0) if row % 2 == 0 else (0.125, 0.75, 0.125)
    points, *_ = np.linalg.lstsq(matrix, centres, rcond=None)
    return points


@pytest.mark.parametrize("seed", range(6))
def test_a_path_costs_what_the_reference_says_it_must(seed: int) -> None:
    dice = np.random.default_rng(seed)
    times = np.arange(301) * reference.STEP_S / 2
    track = random_track(dice, times)
    options = {"max_speed": dice.uniform(0.3, 1), "max_accel": dice.uniform(0.7, 3)}
    limits = limits_of(**options)
    nodes = reference.make_nodes(track, reference.node_count(track), limits)
    best = reference.solve(nodes, limits)
    # The last control points lie beyond the last frame and cannot be seen in the curve.
    seen = len(times) // 2
    points = controls_of(smooth(track, **options), seen + 3)[:seen]
    head = reference.Nodes(*(column[:seen] for column in vars(nodes).values()))
    cost, least = (
        reference.objective(line[:seen], head, limits, reference.Costs()) for line in (points, best)
    )
    assert cost == pytest.approx(least, rel=0.01, abs=1e-4)
    speed, accel = np.diff(points), np.diff(points, 2)
    assert np.abs(speed).max() <= options["max_speed"] * reference.STEP_S * (1 + 1e-6)
    assert np.abs(accel).max() <= options["max_accel"] * reference.STEP_S**2 * (1 + 1e-3)


@pytest.mark.parametrize("seed", range(4))
def test_an_uneven_frame_rate_gives_the_path_of_the_reference(seed: int) -> None:
    dice = np.random.default_rng(100 + seed)
    times = np.cumsum(dice.uniform(0.01, 0.15, 150))
    track = random_track(dice, times)
    difference = smooth(track) - reference.smooth(track, limits_of())
    # Paths of one cost may differ a little; most of the way there is but one.
    assert np.median(np.abs(difference)) < 1e-3
    assert np.abs(difference).max() < 0.05


def test_a_required_span_holds_in_every_frame() -> None:
    for seed in range(5):
        track = random_track(np.random.default_rng(200 + seed), np.arange(400) / 30)
        centres = smooth(track)
        assert (centres >= np.maximum(track.lowest, WINDOW / 2) - 1e-9).all()
        assert (centres <= np.minimum(track.highest, 1 - WINDOW / 2) + 1e-9).all()


def test_the_same_points_give_the_same_path() -> None:
    track = random_track(np.random.default_rng(9), np.arange(300) / 25)
    assert (smooth(track) == smooth(track)).all()


def test_a_path_without_points_is_empty() -> None:
    nothing = np.zeros(0)
    assert len(smooth(reference.Track(nothing, nothing, nothing, nothing, nothing))) == 0


@pytest.mark.parametrize(
    ("column", "value"), [("times", -1.0), ("targets", np.nan), ("weights", -1.0), ("lowest", 2.0)]
)
def test_a_bad_point_is_named(column: str, value: float) -> None:
    track = random_track(np.random.default_rng(1), np.arange(20) / 25)
    getattr(track, column)[7] = value
    with pytest.raises(Error, match="point 7 of the path"):
        smooth(track)
