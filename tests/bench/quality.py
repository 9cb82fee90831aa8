# SPDX-License-Identifier: MIT
"""Framing quality on labelled video, beside the centre crop and the best fixed window.

    python tests/bench/quality.py ../shared/data [--option key=value ...] [--list FILE] [--clips]

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

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from export.framing import SETS, Array, find_clips, measure, read_list


def print_table(title: str, rows: dict[str, Array]) -> None:
    """A set's mean rows."""
    print(f"{title:<34}{'IoU':>7}{'kept':>7}{'still':>7}{'turns':>7}{'p99':>7}")
    for name, row in rows.items():
        print(f"  {name:<32}" + "".join("      -" if np.isnan(v) else f"{v:7.3f}" for v in row))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", type=Path)
    parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument(
        "--list", type=Path, metavar="FILE", help="only the clips it names, as tracking/NAME a line"
    )
    parser.add_argument("--clips", action="store_true", help="also a row for each clip")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    options = {"aspect": "9:16", **dict(item.split("=", 1) for item in arguments.option)}
    try:
        listed = read_list(arguments.list) if arguments.list else None
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    found = False
    for name in SETS:
        clips = find_clips(arguments.root, name, listed)
        if not clips:
            continue
        found = True
        with ProcessPoolExecutor(arguments.jobs) as pool:
            futures = [pool.submit(measure, clip, options) for clip in clips]
            results = [future.result() for future in futures]
        if arguments.clips:
            for clip, rows in zip(clips, results, strict=True):
                print_table(clip.stem, {key: np.array(row) for key, row in rows.items()})
        means = {key: np.nanmean([rows[key] for rows in results], 0) for key in results[0]}
        print_table(f"{name} ({len(clips)} clips, mean)", means)
    if not found:
        what = f"no clip that {arguments.list} names" if listed else "no labelled clip"
        print(f"{arguments.root}: {what} in {', '.join(SETS)}", file=sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
