# SPDX-License-Identifier: MIT
"""What crop windows are judged by: labels of clips, ideal windows, shares kept, motion.

Windows and boxes are arrays (n, 4) of x, y, width, height in pixels of the clip, one row a frame.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image

if TYPE_CHECKING:
    import smartcrop

Array = npt.NDArray[Any]
SETS = ("tracking", "masks", "gaze_video")
COLUMNS = ("iou", "kept", "still", "turns", "p99")


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
    inter: Array = np.prod(np.clip(high - low, 0, None), 1)
    return np.asarray(inter / (np.prod(a[:, 2:], 1) + np.prod(b[:, 2:], 1) - inter))


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
    area: Array = np.prod(box[:, 2:], 1)
    inside = np.prod(np.clip(high - low, 0, None), 1)
    return np.asarray(inside / np.where(area > 0, area, np.nan))


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


def read_list(path: Path) -> set[str]:
    """Names such as ``tracking/otb_Bolt`` or ``osie/1001.jpg``, one a line."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such list; it names one item a line, as tracking/name")
    lines = (line.strip() for line in path.read_text().splitlines())
    return {line for line in lines if line and not line.startswith("#")}


def find_clips(root: Path, name: str, listed: set[str] | None = None) -> list[Path]:
    """The clips of a set that have labels; of these the listed ones where there is a list."""
    clips = sorted((root / name).glob("*.mp4"))
    if listed is not None:
        clips = [path for path in clips if f"{name}/{path.stem}" in listed]
    return [path for path in clips if path.with_suffix(".csv").exists() or gaze_file(path).exists()]


def judge(clip: Clip, windows: Array, times: Array, starts: Array) -> dict[str, list[float]]:
    """Rows of a clip: the centre crop, the best fixed window and these; ``COLUMNS`` each.

    Parameters
    ----------
    windows : array
        (n, 4); those of frames without a label are left out.
    times : array
        Seconds, (n,).
    starts : array
        Whether a shot starts with the frame, (n,).
    """
    if clip.boxes is not None:
        windows, times, starts = (each[: len(clip.boxes)] for each in (windows, times, starts))
    size, n, window = clip.size, len(windows), windows[0, 2:]
    ideal = None if clip.boxes is None else ideal_windows(clip, (window[0], window[1]))

    def iou(places: Array) -> float:
        return np.nan if ideal is None else float(np.nanmean(window_iou(places, ideal)))

    def kept(places: Array) -> float:
        return float(np.nanmean(share_kept(clip, places)))

    centre = np.broadcast_to(np.concatenate([(np.array(size) - window) / 2, window]), (n, 4))
    fixed = np.nan if ideal is None else best_fixed(iou, size, window, n)
    return {
        "centre": [iou(centre), kept(centre), 1, 0, 0],
        "fixed": [fixed, best_fixed(kept, size, window, n), 1, 0, 0],
        "smartcrop": [iou(windows), kept(windows), *motion(windows, times, starts, size)],
    }


def measure(path: Path, options: dict[str, str]) -> dict[str, list[float]]:
    """Rows of a clip that went through the whole of ``smartcrop.analyze``."""
    import smartcrop

    return measure_plan(path, smartcrop.analyze(str(path), **options))  # type: ignore[arg-type]


def measure_plan(path: Path, plan: smartcrop.Plan) -> dict[str, list[float]]:
    """Rows of a clip by the windows of a plan of it."""
    size = (plan.source.width, plan.source.height)
    windows = np.array([[f.x, f.y, f.width, f.height] for f in plan.frames])
    times = np.array([f.time for f in plan.frames])
    starts = np.array([f.start for f in plan.frames])
    return judge(read_labels(path, size, times - times[0]), windows, times, starts)
