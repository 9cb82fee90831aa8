#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A click: how well the window keeps to the subject that a person points at.

    python -m tests.bench.click DATA_ROOT [--option key=value ...] [--peer NAME=HEAD.onnx ...]

The clips of ``tracking`` and ``masks`` are cropped to 9:16 four times: as the library chooses
(``automatic``), and with the option ``follow`` told the subject's true first box (``box``), the
middle of it (``point``), and a point that lies a fifth of the box's sides off, in a direction of
each clip's own (``point, 20 % off``). Windows are judged as in ``quality.py``, and so are its rows
``centre`` and ``fixed``. ``ms`` is the CPU time of a frame, all in all: decoding, evidence, camera.

A peer is a tracker by itself: its window stands with its middle on the tracked box, without any
camera work. With ``--peer``, the network of that file follows the true first box in the loop of
``export/judging/tracking.py``; its trunk lies beside it. OpenCV's CSRT has a row where cv2 has it.
Training clips are those that networks were trained on or watched by; held-out ones are not.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

import smartcrop
from export.judging.windows import (
    COLUMNS,
    Array,
    Clip,
    find_clips,
    ideal_windows,
    judge,
    measure_plan,
    read_boxes,
    read_list,
)

from .quality import mean_row
from .track_tool import ROOT

SETS = ("tracking", "masks")
LISTS = {
    "training": ("subjects_train.txt", "subjects_val.txt"),
    "held-out": ("subjects_test.txt",),
}
OPTION = "follow"
OFF = 0.2
SEED = 5

Rows = dict[str, list[float]]
# Makes what follows a box from a picture (height, width, 3) that shows it: pictures to boxes.
Peer = Callable[[Array, Array], Callable[[Array], Array]]


def wishes_of(name: str, boxes: Array, size: tuple[int, int], times: Array) -> dict[str, str]:
    """Values of the option, from the first true box; shares of the picture and its time."""
    first = int(np.flatnonzero(np.isfinite(boxes[:, 0]))[0])
    x, y, width, height = boxes[first] / np.tile(size, 2)
    turn = np.random.default_rng([SEED, *name.encode()]).uniform(0, 2 * np.pi)
    off_x = np.clip(x + width * (0.5 + OFF * np.cos(turn)), 0, 1)
    off_y = np.clip(y + height * (0.5 + OFF * np.sin(turn)), 0, 1)
    at = f"@{times[first]:.3f}"
    return {
        "point": f"{x + width / 2:.5f}x{y + height / 2:.5f}{at}",
        "point, 20 % off": f"{off_x:.5f}x{off_y:.5f}{at}",
        "box": f"{x:.5f}x{y:.5f}x{width:.5f}x{height:.5f}{at}",
    }


def measure(path: Path, options: dict[str, str], peers: dict[str, str]) -> Rows:
    """The rows of a clip, each with its milliseconds."""

    def run(more: dict[str, str]) -> tuple[smartcrop.Plan, float]:
        start = time.process_time()
        plan = smartcrop.analyze(str(path), **options, **more)  # type: ignore[arg-type]
        return plan, 1000 * (time.process_time() - start) / len(plan.frames)

    plan, cost = run({})
    rows = {name: [*row, np.nan] for name, row in measure_plan(path, plan).items()}
    rows["automatic"] = [*rows.pop("smartcrop")[:-1], cost]
    size = (plan.source.width, plan.source.height)
    times = np.array([each.time for each in plan.frames])
    times -= times[0]
    boxes = read_boxes(path.with_suffix(".csv"), size)[: len(times)]
    for name, wish in wishes_of(path.stem, boxes, size, times).items():
        followed, cost = run({OPTION: wish})
        rows[name] = [*measure_plan(path, followed)["smartcrop"], cost]
    for name, file in peers.items():
        rows[name] = peer_row(path, peer_of(file), boxes, plan)
    return rows


def peer_row(path: Path, peer: Peer, boxes: Array, plan: smartcrop.Plan) -> list[float]:
    """The row of a tracker whose window has the tracked box in its middle."""
    import av

    first = int(np.flatnonzero(np.isfinite(boxes[:, 0]))[0])
    tracked, cost, follow = np.repeat(boxes[first][None], len(boxes), axis=0), 0.0, None
    with av.open(str(path)) as file:
        for index, frame in enumerate(file.decode(video=0)):
            if index >= len(boxes):
                break
            picture, start = frame.to_ndarray(format="rgb24"), time.process_time()
            if index == first:
                follow = peer(picture, boxes[first])
            elif follow is not None:
                tracked[index] = follow(picture)
            cost += time.process_time() - start
    clip = Clip((plan.source.width, plan.source.height), boxes=tracked)
    window = plan.frames[0]
    windows = ideal_windows(clip, (window.width, window.height))
    times = np.array([each.time for each in plan.frames])[: len(boxes)]
    labelled = Clip(clip.size, boxes, sorted(path.with_suffix("").glob("*.png"))[: len(boxes)])
    row = judge(labelled, windows, times, np.zeros(len(boxes), bool))["smartcrop"]
    return [*row, 1000 * cost / len(boxes)]


def peer_of(file: str) -> Peer:
    """Open a peer: a network by its file, or ``csrt``."""
    if file == "csrt":
        return csrt
    from export.judging import tracking

    pair = tracking.Pair(file)
    numbers = tracking.NANOTRACK if "nanotrack" in Path(file).name else None

    def start(picture: Array, box: Array) -> Callable[[Array], Array]:
        tracker = tracking.Tracker(pair, picture, box, numbers)
        return lambda later: np.array(tracker.look(later).box)

    return start


def csrt(picture: Array, box: Array) -> Callable[[Array], Array]:
    """OpenCV's tracker; where it loses the box, the box stays."""
    import cv2

    cv2.setNumThreads(1)
    tracker: Any = cv2.TrackerCSRT_create()
    x, y, width, height = (round(float(value)) for value in box)
    tracker.init(np.ascontiguousarray(picture[..., ::-1]), (x, y, max(1, width), max(1, height)))
    last = box

    def follow(later: Array) -> Array:
        nonlocal last
        found, place = tracker.update(np.ascontiguousarray(later[..., ::-1]))
        last = np.array(place, float) if found else last
        return last

    return follow


def peers_of(given: list[str]) -> dict[str, str]:
    """The peers that can run, by name; says which cannot."""
    peers = dict(each.split("=", 1) for each in given)
    if peers:
        try:
            importlib.import_module("export.judging.tracking")
        except ImportError as error:
            print(f"the rows of {', '.join(peers)} are left out: {error}")
            peers = {}
    for name, file in list(peers.items()):
        if not Path(file).is_file():
            print(f"{file}: there is no such file, so the row {name} is left out")
            del peers[name]
    if importlib.util.find_spec("cv2") is None or not hasattr(
        importlib.import_module("cv2"), "TrackerCSRT_create"
    ):
        print("cv2 has no CSRT, so its row is left out")
        return peers
    return {**peers, "CSRT": "csrt"}


def print_table(title: str, rows: dict[str, Array]) -> None:
    names = {"iou": "IoU"}
    columns = [*(names.get(each, each) for each in COLUMNS), "ms"]
    print(f"{title:<34}" + "".join(f"{name:>7}" for name in columns))
    for name, row in rows.items():
        cells = ("      -" if np.isnan(v) else f"{v:7.3f}" for v in row[:-1])
        last = "      -" if np.isnan(row[-1]) else f"{row[-1]:7.1f}"
        print(f"  {name:<32}" + "".join(cells) + last, flush=True)


def make_parser(description: str | None) -> argparse.ArgumentParser:
    """What the benches of clicks are asked."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data_root", type=Path)
    parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--clips", action="store_true", help="also the rows of each clip")
    parser.add_argument("--only", choices=LISTS, help="the clips of one half")
    parser.add_argument("--jobs", type=int, default=2)
    return parser


def main() -> int:
    parser = make_parser(__doc__)
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=HEAD.onnx")
    chosen = parser.parse_args()
    options = {"aspect": "9:16", **dict(item.split("=", 1) for item in chosen.option)}
    peers = peers_of(chosen.peer)
    for half, lists in LISTS.items():
        if chosen.only not in (None, half):
            continue
        listed = set().union(*(read_list(ROOT / "export/data/splits" / each) for each in lists))
        for name in SETS:
            clips = find_clips(chosen.data_root, name, listed)
            if not clips:
                print(f"{chosen.data_root}: no {half} clips in {name}")
                continue
            with ProcessPoolExecutor(chosen.jobs) as pool:
                futures = [pool.submit(measure, clip, options, peers) for clip in clips]
                results = [future.result() for future in futures]
            if chosen.clips:
                for clip, rows in zip(clips, results, strict=True):
                    print_table(clip.stem, {key: np.array(row) for key, row in rows.items()})
            means = {key: mean_row([rows[key] for rows in results]) for key in results[0]}
            print_table(f"{name}, {half} ({len(clips)} clips, mean)", means)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
