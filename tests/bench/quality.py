# SPDX-License-Identifier: MIT
"""Framing quality on labelled video, beside the centre crop and the best fixed window.

    python -m tests.bench.quality ../shared/data [--option key=value ...] [--list FILE] [--clips]

For each set under the data root (``tracking``, ``masks``, ``gaze_video``; any root of the same form
will do) the clips go through :func:`smartcrop.analyze` and a row is printed for

* ``centre``: the window in the middle,
* ``fixed``: the one window position per clip that scores best (known only with the labels),
* ``smartcrop``: ours.

Columns: ``IoU``, the mean over frames of the intersection over union with the ideal window (as
large, centred on the subject, pushed inside the picture); ``kept``, the share of the subject (mask,
else box) or of the gaze points inside the window; ``still``, the share of frames on which the
window rests; ``turns``, its reversals of direction per 100 frames; ``p99``, the 99th percentile of
its speed in picture widths (or heights, where it moves along those) per second. Clips count alike.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from export.judging.windows import SETS, Array, find_clips, measure, read_list


def print_table(title: str, rows: dict[str, Array]) -> None:
    """A set's mean rows."""
    print(f"{title:<34}{'IoU':>7}{'kept':>7}{'still':>7}{'turns':>7}{'p99':>7}")
    for name, row in rows.items():
        print(f"  {name:<32}" + "".join("      -" if np.isnan(v) else f"{v:7.3f}" for v in row))


def read_arguments(parser: argparse.ArgumentParser) -> tuple[argparse.Namespace, dict[str, str]]:
    """The command line, and the options for every clip in it."""
    parser.add_argument("root", type=Path)
    parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument(
        "--list", type=Path, metavar="FILE", help="only the clips it names, as tracking/NAME a line"
    )
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    return arguments, {"aspect": "9:16", **dict(item.split("=", 1) for item in arguments.option)}


def clips_of_sets(arguments: argparse.Namespace) -> dict[str, list[Path]]:
    """The labelled clips of each set that has some; ends the program where none has."""
    try:
        listed = read_list(arguments.list) if arguments.list else None
    except FileNotFoundError as error:
        raise SystemExit(str(error)) from error
    clips = {name: find_clips(arguments.root, name, listed) for name in SETS}
    if not any(clips.values()):
        what = f"no clip that {arguments.list} names" if listed else "no labelled clip"
        raise SystemExit(f"{arguments.root}: {what} in {', '.join(SETS)}")
    return {name: paths for name, paths in clips.items() if paths}


def measure_all(
    clips: list[Path], options: dict[str, str], jobs: int
) -> tuple[list[dict[str, list[float]]], dict[str, Array]]:
    """The rows of each clip, and their means."""
    with ProcessPoolExecutor(jobs) as pool:
        futures = [pool.submit(measure, clip, options) for clip in clips]
        results = [future.result() for future in futures]
    return results, {key: mean_row([rows[key] for rows in results]) for key in results[0]}


def mean_row(rows: list[list[float]]) -> Array:
    """Means over clips; a column that no clip has stays NaN."""
    columns = np.array(rows).T
    return np.array([np.nan if np.isnan(each).all() else np.nanmean(each) for each in columns])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", action="store_true", help="also a row for each clip")
    arguments, options = read_arguments(parser)
    for name, clips in clips_of_sets(arguments).items():
        results, means = measure_all(clips, options, arguments.jobs)
        if arguments.clips:
            for clip, rows in zip(clips, results, strict=True):
                print_table(clip.stem, {key: np.array(row) for key, row in rows.items()})
        print_table(f"{name} ({len(clips)} clips, mean)", means)
    return 0


if __name__ == "__main__":
    sys.exit(main())
