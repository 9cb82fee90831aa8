# SPDX-License-Identifier: MIT
"""What a look-ahead is worth: framing of labelled clips with ever more of the future in view.

    python -m tests.bench.live ../shared/data [--option key=value ...] [--list FILE]

A table for each set (``tracking``, ``masks``, ``gaze_video``), with the columns of ``quality.py``
and a row for each of: no look-ahead, 0.5 s, 1.5 s (the default of one pass), whole shots (the
default of two), and whole shots with the exponential moving average in the path solver's place. The
centre crop and the best fixed window are those of whole shots, where the borders are known.
"""

from __future__ import annotations

import argparse
import sys

from .quality import clips_of_sets, measure_all, print_table, read_arguments

ROWS = {
    "lookahead 0": {"lookahead": "0"},
    "lookahead 0.5 s": {"lookahead": "0.5"},
    "lookahead 1.5 s": {"lookahead": "1.5"},
    "whole shots": {},
    "whole shots, ema": {"smoother": "ema"},
}


def main() -> int:
    arguments, options = read_arguments(
        argparse.ArgumentParser(description=__doc__.splitlines()[0])
    )
    for name, clips in clips_of_sets(arguments).items():
        rows = {}
        for title, row in ROWS.items():
            _, means = measure_all(clips, {**options, **row}, arguments.jobs)
            rows[title] = means["smartcrop"]
            if title == "whole shots":
                own = {key: means[key] for key in ("centre", "fixed")}
        print_table(f"{name} ({len(clips)} clips, mean)", {**own, **rows})
    return 0


if __name__ == "__main__":
    sys.exit(main())
