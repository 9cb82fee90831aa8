#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The path solver alone: one person's windows, corrupted, against what five others chose.

    python -m tests.bench.paths DATA_ROOT [--half tuned|held|all] [--seed 7] [--reference 12]

DATA_ROOT/retargetvid holds the crop windows of six people for videos of 640 x 360. The centres of
one person's windows are corrupted: noise in every frame, outliers in bursts, gaps without a target
(``Recipe``). Each row smooths that, but for the clean person, and is compared with the five others.

IoU            mean over frames and the five others, windows of the set's size
still          share of frames that move by less than STILL of the picture's side
moves          beginnings of moving frames, per 100 frames
reversals      changes of direction, per 100 frames
p99 speed      99th percentile over frames, in shares of the picture's side per second
us             time a frame, in microseconds

The costs of the solver and the defaults of dead_zone, max_speed and max_accel were chosen on the
videos of even place (``tuned``); the default here is the others (``held``). The last lines smooth a
shot of three hours: time a frame, and how much memory it took beside its own arrays.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.signal import savgol_filter

from export.judging.centres import Array, mean_iou, motion_of, read_people
from smartcrop import _core
from tests.python import l1_reference as reference

RATE = 30.0  # frames a second of the videos
WINDOWS = {"1:3": 120 / 640, "3:1": 213 / 360}
SAVGOL_S, SAVGOL_ORDER = 1.0, 3
POLYNOMIAL_ORDER = 4
HOURS = 3
HIGHEST_US = 20.0


@dataclass(frozen=True)
class Recipe:
    """How a person's centres are corrupted."""

    noise: float = 0.01  # standard deviation, shares of the picture's side
    outliers: float = 0.25  # bursts a second, each of 1 to 6 frames, anywhere in the picture
    gaps: float = 0.1  # a second, each of 0.2 to 0.7 s: garbage of weight 0


@dataclass(frozen=True)
class Track:
    clean: Array
    others: list[Array]
    targets: Array
    weights: Array
    window: float


@dataclass
class Row:
    iou: list[float] = field(default_factory=list)
    still: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    reversals: list[float] = field(default_factory=list)
    speeds: list[Array] = field(default_factory=list)
    seconds: float = 0
    frames: int = 0


Smoother = Callable[[Track], Array]


def corrupt(clean: Array, dice: np.random.Generator, recipe: Recipe) -> tuple[Array, Array]:
    """Return targets and weights."""
    count = len(clean)
    targets = clean + dice.normal(0, recipe.noise, count)
    weights = np.ones(count)
    for _ in range(dice.poisson(count / RATE * recipe.outliers)):
        at = dice.integers(0, count)
        targets[at : at + dice.integers(1, 7)] = dice.uniform(0, 1)
    for _ in range(dice.poisson(count / RATE * recipe.gaps)):
        at = dice.integers(0, count)
        end = at + dice.integers(round(0.2 * RATE), round(0.7 * RATE) + 1)
        targets[at:end] = dice.uniform(0, 1)
        weights[at:end] = 0
    return targets, weights


def make_tracks(root: Path, aspect: str, half: str, seed: int) -> list[Track]:
    tracks = []
    for number, path in enumerate(sorted((root / "retargetvid").glob("*.csv.gz"))):
        if half != "all" and (number % 2 == 0) != (half == "tuned"):
            continue
        dice = np.random.default_rng([seed, number])
        people = read_people(path, aspect)
        for at, clean in enumerate(people):
            others = people[:at] + people[at + 1 :]
            targets, weights = corrupt(clean, dice, Recipe())
            tracks.append(Track(clean, others, targets, weights, WINDOWS[aspect]))
    return tracks


# ---- the rows


def bridged(track: Track) -> Array:
    """Return the targets with a straight line over each gap, for methods without weights."""
    known = track.weights > 0
    frames = np.arange(len(track.targets))
    filled: Array = np.interp(frames, frames[known], track.targets[known])
    return filled


def library(smoother: str) -> Smoother:
    options = _core.Options([("smoother", smoother)])

    def smooth(track: Track) -> Array:
        count = len(track.targets)
        times, low, high = np.arange(count) / RATE, np.zeros(count), np.ones(count)
        columns = (times, track.targets, low, high, track.weights)
        return _core.smooth_path(options, *columns, track.window)

    return smooth


def reference_path(track: Track) -> Array:
    options = _core.Options([])
    dead_zone, speed, accel = (
        float(options.get(key)) for key in ("dead_zone", "max_speed", "max_accel")
    )
    half = track.window / 2
    lean = reference.LEAN * track.window
    limits = reference.Limits(half, 1 - half, dead_zone * half, speed, accel, lean)
    count = len(track.targets)
    times, low, high = np.arange(count) / RATE, np.zeros(count), np.ones(count)
    return reference.smooth(reference.Track(times, track.targets, low, high, track.weights), limits)


def inside(centres: Array, track: Track) -> Array:
    return np.clip(centres, track.window / 2, 1 - track.window / 2)


def savitzky_golay(track: Track) -> Array:
    length = min(len(track.targets) - 1 | 1, round(SAVGOL_S * RATE) | 1)
    return inside(savgol_filter(bridged(track), length, SAVGOL_ORDER), track)


def polynomial(track: Track) -> Array:
    """Fit one polynomial in frame numbers to a shot, weights ignored, as AutoFlip does."""
    frames = np.linspace(-1, 1, len(track.targets))
    fitted = np.polynomial.Polynomial.fit(frames, bridged(track), POLYNOMIAL_ORDER)
    return inside(fitted(frames), track)


ROWS: dict[str, Smoother] = {
    "clean person": lambda track: track.clean,
    "corrupted": lambda track: inside(track.targets, track),
    "ours (l1)": library("l1"),
    "EMA": library("ema"),
    "Savitzky-Golay": savitzky_golay,
    "4th-order polynomial": polynomial,
}


# ---- the measures


def measure(row: Row, centres: Array, track: Track) -> None:
    motion = motion_of(centres)
    row.iou.append(100 * mean_iou(centres, track.others, track.window))
    row.still.append(100 * motion.still)
    row.moves.append(motion.moves)
    row.reversals.append(motion.reversals)
    row.speeds.append(np.abs(np.diff(centres)) * RATE)
    row.frames += len(centres)


def fill(tracks: list[Track], smooth: Smoother) -> Row:
    row = Row()
    for track in tracks:
        begin = time.perf_counter()
        centres = smooth(track)
        row.seconds += time.perf_counter() - begin
        measure(row, centres, track)
    return row


def show(name: str, row: Row) -> None:
    means = [float(np.mean(column)) for column in (row.iou, row.still, row.moves, row.reversals)]
    fast = float(np.quantile(np.concatenate(row.speeds), 0.99))
    cells = [f"{means[0]:6.2f}", f"{means[1]:6.1f}", *(f"{value:6.2f}" for value in means[2:])]
    micro = 1e6 * row.seconds / row.frames
    print(f"  {name:<22}", *cells, f"{fast:6.2f}", f"{micro:7.1f}", flush=True)


def verdicts(ours: Row, person: Row) -> list[str]:
    """Return what should hold and does not."""
    speed = float(_core.Options([]).get("max_speed"))
    checks = {
        "IoU at least the clean person's": np.mean(ours.iou) >= np.mean(person.iou),
        "no more moves than a person": np.mean(ours.moves) <= np.mean(person.moves),
        "no more reversals than a person": np.mean(ours.reversals) <= np.mean(person.reversals),
        "p99 speed below max_speed": np.quantile(np.concatenate(ours.speeds), 0.99) < speed,
        f"at most {HIGHEST_US:.0f} us a frame": 1e6 * ours.seconds / ours.frames <= HIGHEST_US,
    }
    return [name for name, holds in checks.items() if not holds]


def long_shot() -> None:
    count = round(HOURS * 3600 * RATE)
    times = np.arange(count) / RATE
    dice = np.random.default_rng(1)
    targets = 0.5 + 0.3 * np.sin(0.2 * times) + dice.normal(0, 0.02, count)
    track = (times, targets, np.zeros(count), np.ones(count), np.ones(count))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    _core.smooth_path(_core.Options([]), *track, WINDOWS["1:3"])
    micro = 1e6 * (time.perf_counter() - begin) / count
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    # Points as given, as taken, and the centres twice: 96 bytes a frame.
    arrays = 96 * count / 2**20
    print(f"\n{HOURS} hours in one shot: {micro:.1f} us a frame; {grown:.0f} MiB, ", end="")
    print(f"{arrays:.0f} of them the track itself")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data_root", type=Path)
    parser.add_argument("--half", choices=["tuned", "held", "all"], default="held")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--reference", type=int, default=12, metavar="N", help="every Nth track")
    chosen = parser.parse_args()
    if not (chosen.data_root / "retargetvid").is_dir():
        parser.error(f"{chosen.data_root}/retargetvid is missing; name the folder of labelled data")
    print(f"  {'':<22}    IoU  still  moves  revs.  p99      us")
    for aspect in WINDOWS:
        tracks = make_tracks(chosen.data_root, aspect, chosen.half, chosen.seed)
        print(f"{aspect}, {len(tracks)} tracks")
        rows = {name: fill(tracks, smooth) for name, smooth in ROWS.items()}
        for name, row in rows.items():
            show(name, row)
        some = tracks[:: chosen.reference]
        print(f" of which {len(some)} tracks")
        show("ours (l1)", fill(some, library("l1")))
        show("reference (HiGHS)", fill(some, reference_path))
        for miss in verdicts(rows["ours (l1)"], rows["clean person"]):
            print(f"  does not hold: {miss}")
    long_shot()
    return 0


if __name__ == "__main__":
    sys.exit(main())
