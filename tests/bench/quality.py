# SPDX-License-Identifier: MIT
"""Framing quality on labelled video, beside the centre crop and the best fixed window.

    python tests/bench/quality.py ../shared/data [--option key=value ...] [--clips]

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
import csv
import gzip
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

import smartcrop

Array = np.ndarray


@dataclass
class Clip:
    """What the windows of a clip are judged by; arrays run over frames."""

    size: tuple[int, int]  # width, height
    boxes: Array | None = None  # (n, 4) x, y, w, h; NaN where absent
    masks: list[Path] = field(default_factory=list)
    gaze: list[Array] = field(default_factory=list)  # per frame (k, 2) in pixels


def read_boxes(path: Path, size: tuple[int, int]) -> Array:
    """Boxes of a tracking or mask CSV, cut to the picture."""
    with path.open() as file:
        rows = [[float(row[key] or "nan") for key in "xywh"] for row in csv.DictReader(file)]
    x, y, w, h = np.array(rows).T
    left, top = np.clip(x, 0, size[0]), np.clip(y, 0, size[1])
    right, bottom = np.clip(x + w, 0, size[0]), np.clip(y + h, 0, size[1])
    return np.stack([left, top, right - left, bottom - top], 1)


def read_gaze(path: Path, size: tuple[int, int], times: Array) -> list[Array]:
    """Points looked at during each frame; times in seconds from the first frame."""
    with gzip.open(path, "rt") as file:
        keys = ("t_seconds", "duration_seconds", "x", "y")
        rows = np.array([[float(row[key]) for key in keys] for row in csv.DictReader(file)])
    start, end, points = rows[:, 0], rows[:, 0] + rows[:, 1], rows[:, 2:] * size
    return [points[(start <= t + 1e-3) & (t + 1e-3 < end)] for t in times]


def window_iou(a: Array, b: Array) -> Array:
    """IoU of windows (n, 4) as x, y, width, height."""
    low, high = np.maximum(a[:, :2], b[:, :2]), np.minimum(a[:, :2] + a[:, 2:], b[:, :2] + b[:, 2:])
    inter = np.prod(np.clip(high - low, 0, None), 1)
    return inter / (np.prod(a[:, 2:], 1) + np.prod(b[:, 2:], 1) - inter)


def ideal_windows(clip: Clip, window: tuple[float, float]) -> Array:
    """Windows of this size centred on the subject, inside the picture; NaN without one."""
    assert clip.boxes is not None
    size, span = np.array(window), np.array(clip.size) - window
    corner = clip.boxes[:, :2] + clip.boxes[:, 2:] / 2 - size / 2
    return np.concatenate([np.clip(corner, 0, span), np.broadcast_to(size, corner.shape)], 1)


def share_kept(clip: Clip, windows: Array) -> Array:
    """Per frame the share of the subject or of the gaze inside the window; NaN where unknown."""
    if clip.gaze:
        low, high = windows[:, :2], windows[:, :2] + windows[:, 2:]
        return np.array(
            [
                np.mean(np.all((points >= low[i]) & (points < high[i]), 1))
                if len(points)
                else np.nan
                for i, points in enumerate(clip.gaze)
            ]
        )
    if clip.masks:
        return np.array([mask_kept(path, windows[i]) for i, path in enumerate(clip.masks)])
    assert clip.boxes is not None
    box = clip.boxes
    low = np.maximum(box[:, :2], windows[:, :2])
    high = np.minimum(box[:, :2] + box[:, 2:], windows[:, :2] + windows[:, 2:])
    area = np.prod(box[:, 2:], 1)
    return np.prod(np.clip(high - low, 0, None), 1) / np.where(area > 0, area, np.nan)


def mask_kept(path: Path, window: Array) -> float:
    """Share of a mask's pixels inside a window."""
    mask = np.asarray(Image.open(path).convert("1"))
    x0, y0 = np.round(window[:2]).astype(int)
    x1, y1 = np.round(window[:2] + window[2:]).astype(int)
    return float(mask[y0:y1, x0:x1].sum() / mask.sum()) if mask.any() else np.nan


def motion(windows: Array, times: Array, starts: Array, size: tuple[int, int]) -> list[float]:
    """Share of still frames, reversals per 100 frames, 99th percentile speed."""
    steps = np.diff((windows[:, :2] + windows[:, 2:] / 2) / size, axis=0)
    steps = steps[np.arange(len(steps)), np.argmax(np.abs(steps), 1)]
    steps[starts[1:]] = 0  # a cut is no motion
    speed = np.abs(steps) / np.maximum(np.diff(times), 1e-3)
    signs = np.sign(steps[steps != 0])
    turns = np.sum(signs[1:] != signs[:-1])
    return [np.mean(steps == 0), 100 * turns / len(windows), np.percentile(speed, 99)]


def best_fixed(
    score: Callable[[Array], float], size: tuple[int, int], window: Array, n: int
) -> float:
    """The best score of one window kept for the whole clip, over 41 positions."""
    span = np.array(size) - window
    places = [np.concatenate([span * share, window]) for share in np.linspace(0, 1, 41)]
    return max(score(np.broadcast_to(place, (n, 4))) for place in places)


def read_labels(path: Path, size: tuple[int, int], times: Array) -> Clip:
    """The labels beside a clip: boxes and masks, or gaze."""
    clip, boxes = Clip(size), path.with_suffix(".csv")
    if not boxes.exists():
        clip.gaze = read_gaze(gaze_file(path), size, times)
        return clip
    clip.boxes = read_boxes(boxes, size)[: len(times)]
    clip.masks = sorted(path.with_suffix("").glob("*.png"))[: len(times)]
    return clip


def gaze_file(path: Path) -> Path:
    return path.with_name(path.stem + "_gaze.csv.gz")


def measure(path: Path, options: dict[str, str]) -> dict[str, list[float]]:
    """Rows of a clip: IoU, kept, still, turns, p99 each."""
    plan = smartcrop.analyze(str(path), **options)
    size = (plan.source.width, plan.source.height)
    windows = np.array([[f.x, f.y, f.width, f.height] for f in plan.frames])
    times = np.array([f.time for f in plan.frames])
    starts = np.array([f.start for f in plan.frames])
    clip = read_labels(path, size, times - times[0])
    if clip.boxes is not None:
        windows, times, starts = (each[: len(clip.boxes)] for each in (windows, times, starts))
    n, window = len(windows), windows[0, 2:]
    ideal = None if clip.boxes is None else ideal_windows(clip, tuple(window))

    def iou(places: Array) -> float:
        return np.nan if ideal is None else float(np.nanmean(window_iou(places, ideal)))

    def kept(places: Array) -> float:
        return float(np.nanmean(share_kept(clip, places)))

    centre = np.broadcast_to(np.concatenate([(np.array(size) - window) / 2, window]), (n, 4))
    return {
        "centre": [iou(centre), kept(centre), 1, 0, 0],
        "fixed": [
            best_fixed(iou, size, window, n) if ideal is not None else np.nan,
            best_fixed(kept, size, window, n),
            1,
            0,
            0,
        ],
        "smartcrop": [iou(windows), kept(windows), *motion(windows, times, starts, size)],
    }


def find_clips(root: Path, name: str) -> list[Path]:
    """The clips of a set that have labels."""
    clips = sorted((root / name).glob("*.mp4"))
    return [path for path in clips if path.with_suffix(".csv").exists() or gaze_file(path).exists()]


def print_table(title: str, rows: dict[str, Array]) -> None:
    """A set's mean rows."""
    print(f"{title:<34}{'IoU':>7}{'kept':>7}{'still':>7}{'turns':>7}{'p99':>7}")
    for name, row in rows.items():
        print(f"  {name:<32}" + "".join("      -" if np.isnan(v) else f"{v:7.3f}" for v in row))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", type=Path)
    parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--clips", action="store_true", help="also a row for each clip")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    options = {"aspect": "9:16", **dict(item.split("=", 1) for item in arguments.option)}
    found = False
    for name in ("tracking", "masks", "gaze_video"):
        clips = find_clips(arguments.root, name)
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
        print(f"{arguments.root}: no tracking, masks or gaze_video folder there", file=sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
