# SPDX-License-Identifier: MIT
"""What a look-ahead is worth: framing of labelled clips with ever more of the future in view.

    python tests/bench/live.py ../shared/data [--option key=value ...] [--list FILE]

A table for each set (``tracking``, ``masks``, ``gaze_video``), with the columns of ``quality.py``
and a row for each of: no look-ahead, 0.5 s, 1.5 s (the default of one pass), whole shots (the
default of two), and whole shots with the exponential moving average in the path solver's place.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from export.framing import SETS, find_clips, measure, read_list
from tests.bench.quality import print_table

ROWS = {
    "lookahead 0": {"lookahead": "0"},
    "lookahead 0.5 s": {"lookahead": "0.5"},
    "lookahead 1.5 s": {"lookahead": "1.5"},
    "whole shots": {},
    "whole shots, ema": {"smoother": "ema"},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", type=Path)
    parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--list", type=Path, metavar="FILE", help="only the clips it names")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    options = {"aspect": "9:16", **dict(item.split("=", 1) for item in arguments.option)}
    listed = read_list(arguments.list) if arguments.list else None
    found = False
    for name in SETS:
        clips = find_clips(arguments.root, name, listed)
        if not clips:
            continue
        found = True
        means = {}
        with ProcessPoolExecutor(arguments.jobs) as pool:
            for title, row in ROWS.items():
                futures = [pool.submit(measure, clip, {**options, **row}) for clip in clips]
                results = [future.result() for future in futures]
                for own in ("centre", "fixed"):
                    means.setdefault(own, np.nanmean([each[own] for each in results], 0))
                means[title] = np.nanmean([each["smartcrop"] for each in results], 0)
        print_table(f"{name} ({len(clips)} clips, mean)", means)
    if not found:
        print(f"{arguments.root}: no labelled clip in {', '.join(SETS)}", file=sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
