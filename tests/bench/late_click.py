#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A late click: what looking back from it brings to the frames before.

    python -m tests.bench.late_click DATA_ROOT [--option key=value ...] [--clips]

The clips of ``tracking`` and ``masks`` are cropped to 9:16 with a point in the middle of the true
box, at 60 % of the clip. The frames before it alone are judged, as in ``quality.py``: as heat has
them (``not looked back``), and with the subject followed back (``looked back``). ``seconds`` is the
CPU time that this takes for one second of the video before the click.
"""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from unittest import mock

import numpy as np

import smartcrop
from export.judging.windows import Array, Clip, find_clips, judge, read_boxes, read_list

from .click import LISTS, ROOT, SETS, Rows, make_parser
from .quality import mean_row

CLICKED = 0.6


def windows_before(path: Path, options: dict[str, str], frames: int) -> tuple[Array, Array, float]:
    """The windows of the first frames, their times, and the CPU time of it all."""
    start = time.process_time()
    plan = smartcrop.analyze(str(path), **options)  # type: ignore[arg-type]
    took = time.process_time() - start
    chosen = plan.frames[:frames]
    windows = np.array([[each.x, each.y, each.width, each.height] for each in chosen])
    return windows, np.array([each.time for each in chosen]), took


def measure(path: Path, options: dict[str, str]) -> Rows:
    """The rows of a clip, each with its seconds."""
    import av

    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        size, rate = (stream.width, stream.height), float(stream.average_rate or 25)
    boxes = read_boxes(path.with_suffix(".csv"), size)
    known = np.flatnonzero(np.isfinite(boxes[:, 0]))
    clicked = int(known[np.searchsorted(known, CLICKED * len(boxes)).clip(0, len(known) - 1)])
    x, y, width, height = boxes[clicked] / np.tile(size, 2)
    follow = f"{x + width / 2:.5f}x{y + height / 2:.5f}@{clicked / rate:.3f}"
    labels = Clip(size, boxes[:clicked], sorted(path.with_suffix("").glob("*.png"))[:clicked])
    asked = {**options, "follow": follow}
    rows, spent = {}, []
    with mock.patch("smartcrop.jobs.boxes_before", lambda *given: ({}, given[-1])):
        windows, times, took = windows_before(path, asked, clicked)
    spent.append(took)
    rows["not looked back"] = judge(labels, windows, times, np.zeros(clicked, bool))["smartcrop"]
    windows, times, took = windows_before(path, asked, clicked)
    spent.append(took)
    rows["looked back"] = judge(labels, windows, times, np.zeros(clicked, bool))["smartcrop"]
    extra = {"looked back": (spent[1] - spent[0]) * rate / clicked}
    return {name: [*row, extra.get(name, np.nan)] for name, row in rows.items()}


def main() -> int:
    chosen = make_parser(__doc__).parse_args()
    options = {"aspect": "9:16", **dict(item.split("=", 1) for item in chosen.option)}
    print(f"{'':<34}{'IoU':>7}{'kept':>7}{'still':>7}{'turns':>7}{'p99':>7}{'seconds':>9}")
    for half, lists in LISTS.items():
        if chosen.only not in (None, half):
            continue
        listed = set().union(*(read_list(ROOT / "export/data/splits" / each) for each in lists))
        for name in SETS:
            clips = find_clips(chosen.data_root, name, listed)
            results = []
            with ProcessPoolExecutor(chosen.jobs) as pool:
                measured = pool.map(measure, clips, [options] * len(clips))
                for clip, rows in zip(clips, measured, strict=True):
                    results.append(rows)
                    if chosen.clips:
                        print_rows(clip.stem, rows)
            if results:
                means = {key: mean_row([rows[key] for rows in results]) for key in results[0]}
                print_rows(f"{name}, {half} ({len(clips)} clips, mean)", means)
    return 0


def print_rows(title: str, rows: dict[str, list[float]] | dict[str, Array]) -> None:
    print(title)
    for name, row in rows.items():
        cells = ("      -" if np.isnan(v) else f"{v:7.3f}" for v in row[:-1])
        last = "        -" if np.isnan(row[-1]) else f"{row[-1]:9.2f}"
        print(f"  {name:<32}" + "".join(cells) + last, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
