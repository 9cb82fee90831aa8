# SPDX-License-Identifier: MIT
"""Tables of trackers on clips with a labelled target: how well they keep to it, and what they cost.

A tracker is told the target once, in the first frame that has a label: by its box, or by a point,
its middle, round which our detector makes the box. All later frames with a label count.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from export.data.splits import read_split
from export.data.tracks import read_frames
from export.detector import Detector
from export.judging.cost import size_of
from export.judging.table import Table, watched
from export.judging.tracking import Following, Look, Tracker
from export.judging.windows import Clip, ideal_windows, read_labels, share_kept, window_iou
from export.tracker import Pair

Array = np.ndarray
COLUMNS = {"IoU": 3, "AUC": 3, "> .5": 3, "window": 3, "kept": 3, "lost": 3, "ms": 1}
COSTS = {"KiB": 0, "M parameters": 3, "M MAC": 1, "ms median": 2, "ms best": 2}
SETS = ("tracking", "masks")
_SHAPE = 9 / 16  # of the window
_THRESHOLDS = np.linspace(0, 1, 21)  # overlaps of the success curve
_NO_BOX = 0.2  # of the picture's shorter side: the square about a point where nothing is seen


@dataclass(frozen=True)
class Peer:
    """A tracker with the numbers that its loop runs with."""

    pair: Pair
    numbers: Following


def clips_of(root: Path, split: str) -> dict[str, list[Path]]:
    """The clips of a list, by set; ``all`` are those of every list."""
    names = ("train", "val", "test") if split == "all" else (split,)
    items = [item for name in names for item in read_split("tracks", name)]
    found = {kind: [root / f"{i}.mp4" for i in items if i.startswith(f"{kind}/")] for kind in SETS}
    return {kind: sorted(path for path in paths if path.exists()) for kind, paths in found.items()}


def window_of(size: tuple[int, int]) -> tuple[float, float]:
    """Width and height of the largest window of 9:16."""
    width, height = size
    return (height * _SHAPE, height) if width > height * _SHAPE else (width, width / _SHAPE)


def follow_clip(
    peer: Peer, path: Path, first: int, box: Array
) -> tuple[list[Look | None], list[float]]:
    """A look at each frame, none before the first, and the processor's time for each, ms."""
    looks: list[Look | None] = []
    times: list[float] = []
    tracker: Tracker | None = None
    for index, picture in enumerate(read_frames(path)):
        if index < first:
            looks.append(None)
        elif tracker is None:
            tracker = Tracker(peer.pair, picture, box, peer.numbers)
            looks.append(Look((box[0], box[1], box[2], box[3]), 1.0, False))
        else:
            start = time.process_time()
            looks.append(tracker.look(picture))
            times.append(1000 * (time.process_time() - start))
    return looks, times


def box_at(picture: Array, point: Array, detector: Detector) -> Array:
    """A box about a point: the smallest that our detector sees there, or else a square."""
    size = np.array(picture.shape[1::-1], float)
    corners, scores = detector.look(picture)
    corners = corners * np.tile(size, 2)
    holds = ((corners[:, :2] <= point) & (corners[:, 2:] >= point)).all(1)
    holds &= scores.max(1) >= detector.format.threshold
    if holds.any():
        fitting = corners[holds]
        best = fitting[np.prod(fitting[:, 2:] - fitting[:, :2], 1).argmin()]
        return np.concatenate([best[:2], best[2:] - best[:2]])
    side = _NO_BOX * size.min()
    return np.concatenate([point - side / 2, [side, side]])


def judge_looks(clip: Clip, looks: list[Look | None], first: int) -> list[float]:
    """Overlap, area under the success curve, share above .5, window's overlap, kept, lost."""
    assert clip.boxes is not None
    count = min(len(looks), len(clip.boxes))
    counted = np.array(
        [i for i in range(first + 1, count) if np.isfinite(clip.boxes[i]).all() and looks[i]]
    )
    seen = [looks[i] for i in counted]
    boxes = np.array([look.box for look in seen if look is not None])
    part = Clip(
        clip.size, clip.boxes[counted], [clip.masks[i] for i in counted] if clip.masks else []
    )
    assert part.boxes is not None
    low = np.clip(boxes[:, :2], 0, clip.size)
    inside = np.concatenate([low, np.clip(boxes[:, :2] + boxes[:, 2:], 0, clip.size) - low], 1)
    overlap = np.nan_to_num(window_iou(inside, part.boxes))
    window = window_of(clip.size)
    windows = ideal_windows(Clip(clip.size, inside), window)
    curve = (overlap[:, None] > _THRESHOLDS).mean()
    kept = np.nanmean(share_kept(part, windows))
    shown = window_iou(windows, ideal_windows(part, window)).mean()
    lost = np.mean([look.lost for look in seen if look is not None])
    return [overlap.mean(), curve, (overlap > 0.5).mean(), shown, kept, lost]


def judge_clip(path: Path, peer: Peer, detector: Detector | None = None) -> list[float]:
    """A row of ``COLUMNS``; with a detector from a point, else from the first box."""
    picture = next(read_frames(path))
    size = (picture.shape[1], picture.shape[0])
    clip = read_labels(path, size, np.arange(10**6))
    assert clip.boxes is not None
    first = int(np.flatnonzero(np.isfinite(clip.boxes).all(1))[0])
    box = clip.boxes[first]
    if detector is not None:
        frames = read_frames(path)
        shown = next(picture for index, picture in enumerate(frames) if index == first)
        box = box_at(shown, box[:2] + box[2:] / 2, detector)
    looks, times = follow_clip(peer, path, first, box)
    return [*judge_looks(clip, looks, first), float(np.median(times))]


def track_tables(
    root: Path, split: str, peers: Mapping[str, Peer], detector: Detector | None
) -> list[Table]:
    """A table for each set and start; the rows are means over clips."""
    tables = []
    starts = {"the first box": None} | ({"a point": detector} if detector else {})
    for kind, clips in clips_of(root, split).items():
        for start, made_by in starts.items() if clips else ():
            table = Table(f"{kind}, {split}, {len(clips)} clips, from {start}", COLUMNS)
            for label, peer in peers.items():
                rows = [
                    judge_clip(clip, peer, made_by) for clip in watched(clips, label, len(clips))
                ]
                table.rows[label] = list(np.mean(rows, 0))
            tables.append(table)
    return tables


def clip_table(root: Path, split: str, peers: Mapping[str, Peer]) -> Table:
    """Overlap of each clip, from the first box."""
    table = Table(f"box overlap by clip, {split}", dict.fromkeys(peers, 3))
    for kind, clips in clips_of(root, split).items():
        for clip in clips:
            row = [judge_clip(clip, peer)[0] for peer in peers.values()]
            table.rows[f"{kind}/{clip.stem}"] = row
    return table


def tracker_costs(peers: Mapping[str, Peer], runs: int) -> Table:
    """Both files together, for a search; the template's features are made once."""
    table = Table(f"cost of a search (one CPU thread, {runs} runs, no scaling)", COSTS)
    random = np.random.default_rng(0)
    for label, peer in peers.items():
        pair = peer.pair
        sides = (pair.pairing.template, pair.side)
        one, two = (random.integers(0, 256, (k, k, 3), dtype=np.uint8) for k in sides)
        template, search = pair.features(one), pair.features(two)
        name = pair.description.name or pair.trunk.get_inputs()[0].name
        trunk = size_of(pair.path.with_name(pair.pairing.trunk), {name: (1, 3, sides[1], sides[1])})
        names = pair.pairing.inputs
        head = size_of(pair.path, {names[0]: template.shape, names[1]: search.shape})
        times = []
        for _ in range(runs):
            start = time.process_time()
            pair.compare(template, pair.features(two))
            times.append(1000 * (time.process_time() - start))
        both = [(trunk.bytes + head.bytes) / 1024, (trunk.parameters + head.parameters) / 1e6]
        row = [*both, (trunk.macs + head.macs) / 1e6, float(np.median(times)), min(times)]
        table.rows[f"{label} {sides[1]}x{sides[1]}"] = row
    return table
