#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The whole pipeline against the windows that people chose for the same video.

    python -m tests.bench.people DATA_ROOT [--option key=value ...]

DATA_ROOT/retargetvid holds the windows of six people, 1:3 and 3:1, and those of SmartVidCrop, for
DHF1K videos; DATA_ROOT/gaze_video holds some of these videos as dhf1k_NNN. A row for each of

* ``centre``: the window in the middle,
* ``fixed``: the one window that is nearest to all six people (known only with theirs),
* ``SmartVidCrop``: as its authors published it,
* ``smartcrop``: ours,
* ``a person``: each of the six, against the five others.

IoU is its mean over frames and people, in per cent, windows of the set's size (1:3, 3:1); moves and
turns, the beginnings and reversals of motion per 100 frames.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

import smartcrop
from export.judging.centres import Array, best_fixed, mean_iou, motion_of, read_people

from .paths import WINDOWS


def find_videos(root: Path) -> list[tuple[Path, Path]]:
    """Videos, each with the file of its windows."""
    pairs = [
        (video, root / "retargetvid" / f"{video.stem.removeprefix('dhf1k_')}.csv.gz")
        for video in sorted((root / "gaze_video").glob("dhf1k_*.mp4"))
    ]
    return [(video, windows) for video, windows in pairs if windows.is_file()]


def our_centres(video: Path, aspect: str, options: dict[str, str]) -> Array:
    """The centres that the library chooses, in shares of the side along which it moves."""
    plan = smartcrop.analyze(str(video), aspect=aspect, **options)
    if aspect == "1:3":
        centres = [(frame.x + frame.width / 2) / plan.source.width for frame in plan.frames]
    else:
        centres = [(frame.y + frame.height / 2) / plan.source.height for frame in plan.frames]
    return np.array(centres)


def measure(centres: Array, people: list[Array], window: float) -> list[float]:
    """IoU in per cent; share of still frames; moves and turns per 100 frames."""
    inside = np.clip(centres, window / 2, 1 - window / 2)
    motion = motion_of(inside)
    return [
        100 * mean_iou(inside, people, window),
        motion.still,
        motion.moves,
        motion.reversals,
    ]


def rows_of(video: Path, windows: Path, aspect: str, options: dict[str, str]) -> dict[str, Array]:
    """The rows of the table for a video."""
    size = WINDOWS[aspect]
    people = read_people(windows, aspect)
    ours = our_centres(video, aspect, options)
    count = min(len(ours), *map(len, people))
    people = [centres[:count] for centres in people]
    (published,) = read_people(windows, aspect, "smartvidcrop")
    chosen = {
        "centre": np.full(count, 0.5),
        "fixed": best_fixed(people, size),
        "SmartVidCrop": published[:count],
        "smartcrop": ours[:count],
    }
    rows = {name: np.array(measure(line, people, size)) for name, line in chosen.items()}
    alone = [
        measure(person, people[:at] + people[at + 1 :], size) for at, person in enumerate(people)
    ]
    return {**rows, "a person": np.mean(alone, axis=0)}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data_root", type=Path)
    parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE")
    chosen = parser.parse_args()
    videos = find_videos(chosen.data_root)
    if not videos:
        parser.error(f"{chosen.data_root}: no gaze_video/dhf1k_NNN.mp4 with windows of people")
    options = dict(item.split("=", 1) for item in chosen.option)
    for aspect in WINDOWS:
        tables = [rows_of(*pair, aspect, options) for pair in videos]
        print(f"{f'{aspect}, videos: {len(videos)}':<22}    IoU  still  moves  turns")
        for name in tables[0]:
            means = np.mean([table[name] for table in tables], axis=0)
            print(f"  {name:<20}", *(f"{value:6.2f}" for value in means))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
