# SPDX-License-Identifier: MIT
"""What a temporal stream is worth: maps of moving subjects, read without the pipeline.

Of some frames a second the best 9:16 window of the map is taken, the columns lightly smoothed over
time. A recurrent network stands there twice: with its state, and with the state forgotten before
every frame, which leaves its spatial stream alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from scipy.ndimage import gaussian_filter1d

from export.heatmap import Picture
from export.judging import metrics
from export.judging.maps import Array, MapSource
from export.judging.moving import LEAST_SPEED, speeds
from export.judging.table import Table, watched
from export.judging.windows import Clip, ideal_windows, read_labels, share_kept, window_iou

FPS = 4.0
COLUMNS = {"IoU": 3, "gain %": 1, "kept": 3, "map at subject": 3, "IoU moving": 3}
_SMOOTHING_S = 0.25
_HEIGHT = 72  # of the maps
_LONG_SIDE = 512  # of the pictures that the networks scale further


@dataclass
class Sampled:
    """Frames of a clip that are looked at, with their labels."""

    pictures: list[Picture]
    clip: Clip
    moves: Array  # of each frame, whether the subject moves


def sampled_frames(path: Path, fps: float) -> Iterator[tuple[int, float, Picture, tuple[int, int]]]:
    """Index, seconds from the first frame, picture and full (width, height) of some frames."""
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        stream.thread_type = "AUTO"
        rate = float(stream.average_rate or 25)
        first, following = None, 0.0
        for index, frame in enumerate(file.decode(stream)):
            at = frame.time if frame.time is not None else index / rate
            first = at if first is None else first
            if at - first < following - 1e-6:
                continue
            following += 1 / fps
            scale = min(1.0, _LONG_SIDE / max(frame.width, frame.height))
            size = (max(2, round(frame.width * scale)), max(2, round(frame.height * scale)))
            small = frame.reformat(*size, "rgb24", interpolation="AREA")
            yield index, at - first, small.to_ndarray(), (frame.width, frame.height)


def load(path: Path) -> Sampled:
    """Decode a clip with a subject, with the labels of the frames that are looked at."""
    indices, _, pictures, sizes = zip(*sampled_frames(path, FPS), strict=True)
    whole = read_labels(path, sizes[0], np.arange(indices[-1] + 1.0))
    assert whole.boxes is not None
    known = [index for index in indices if index < len(whole.boxes)]
    masks = [whole.masks[index] for index in known] if whole.masks else []
    clip = Clip(whole.size, whole.boxes[known], masks)
    kept = list(pictures[: len(known)])
    with np.errstate(invalid="ignore"):
        return Sampled(kept, clip, speeds(kept, clip, FPS) > LEAST_SPEED)


def judge(sampled: Sampled, source: MapSource | None) -> list[float]:
    """IoU, subject kept, the standardised map's mean in the box, and the IoU where it moves.

    None is the centre crop.
    """
    clip, (width, height) = sampled.clip, sampled.clip.size
    share = metrics.window_share((width, height))
    count = len(sampled.pictures)
    lefts, inside = np.full(count, (1 - share) / 2), [np.nan]
    if source is not None:
        size = (_HEIGHT, max(2, round(_HEIGHT * width / height)))
        source.reset()
        maps = np.stack([source.look(picture, size) for picture in sampled.pictures])
        columns = gaussian_filter1d(maps.sum(1), _SMOOTHING_S * FPS, axis=0, mode="nearest")
        lefts = np.array([metrics.best_left(each, share) for each in columns])
        inside = [at_subject(each, clip, i) for i, each in enumerate(maps)]
    windows = np.zeros((count, 4))
    windows[:, 0], windows[:, 2:] = lefts * width, (share * width, height)
    ideal = ideal_windows(clip, (share * width, height))
    each = window_iou(windows, ideal)
    moving = np.nanmean(each[sampled.moves]) if sampled.moves.any() else np.nan
    kept = np.nanmean(share_kept(clip, windows))
    known = [value for value in inside if np.isfinite(value)]
    at = float(np.mean(known)) if known else np.nan
    return [float(np.nanmean(each)), float(kept), at, float(moving)]


def at_subject(values: Array, clip: Clip, frame: int) -> float:
    """Mean of the standardised map inside the subject's box; NaN without a box."""
    assert clip.boxes is not None
    scale = np.array(values.shape[::-1]) / clip.size
    low, size = clip.boxes[frame, :2] * scale, clip.boxes[frame, 2:] * scale
    if not np.isfinite(low).all() or not (size > 0).all():
        return np.nan
    x, y = np.minimum(low.astype(int), np.array(values.shape[::-1]) - 1)
    right, bottom = np.maximum(np.ceil(low + size).astype(int), (x + 1, y + 1))
    return float(metrics.standardised(values)[y:bottom, x:right].mean())


def temporal_table(clips: Sequence[Path], sources: Mapping[str, MapSource], title: str) -> Table:
    """Means over clips with a subject that are wider than the window."""
    rows: dict[str, list[list[float]]] = {"centre crop": [], **{label: [] for label in sources}}
    for path in watched(clips, "maps on clips", len(clips)):
        sampled = load(path)
        if metrics.window_share(sampled.clip.size) >= 1:
            continue
        rows["centre crop"].append(judge(sampled, None))
        for label, source in sources.items():
            rows[label].append(judge(sampled, source))
    table = Table(title, COLUMNS)
    base = float(np.mean(rows["centre crop"], 0)[0])
    for label, each in rows.items():
        iou, kept, inside, moving = (_mean(np.array(values)) for values in zip(*each, strict=True))
        table.rows[label] = [iou, 100 * (iou / base - 1), kept, inside, moving]
    return table


def _mean(values: Array) -> float:
    """Over the clips that have a number; NaN where none has."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else np.nan
