# SPDX-License-Identifier: MIT
"""Clips and frames with the box of a subject (``tracking/``, ``masks/``, ``sports/``)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from PIL import Image
from torch.utils.data import Dataset

from export.data.augment import View, drifting, random_view, random_wear
from export.data.splits import source_of
from export.data.targets import box_map

Array = np.ndarray
_SIDE = 320  # longest side that is kept of a frame
_FPS = 8  # frames kept of a clip in a second


@dataclass
class Clip:
    """Frames of a sequence, (n, height, width, 3) uint8, and boxes (n, 4) x, y, w, h in shares."""

    name: str
    frames: Array
    boxes: Array

    def runs(self, steps: int) -> list[int]:
        """First frames of stretches in which the subject is there throughout."""
        there = np.isfinite(self.boxes).all(1)
        return [i for i in range(len(there) - steps + 1) if there[i : i + steps].all()]


def read_boxes(path: Path, size: tuple[int, int]) -> Array:
    """Boxes of a table, cut to the picture, in shares; NaN where the subject is absent."""
    with path.open() as file:
        rows = [[float(row[key] or "nan") for key in "xywh"] for row in csv.DictReader(file)]
    x, y, w, h = np.array(rows).T
    width, height = size
    left, right = np.clip(x / width, 0, 1), np.clip((x + w) / width, 0, 1)
    top, bottom = np.clip(y / height, 0, 1), np.clip((y + h) / height, 0, 1)
    boxes = np.stack([left, top, right - left, bottom - top], 1)
    boxes[(boxes[:, 2] <= 0) | (boxes[:, 3] <= 0)] = np.nan
    return boxes


def read_frames_of(path: Path, side: int = _SIDE) -> tuple[Array, list[int], tuple[int, int]]:
    """Decode some frames of each second: (n, h, w, 3) uint8, their indices, the full size."""
    kept, frames = [], []
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        stream.thread_type = "AUTO"
        every = max(1, round(float(stream.average_rate or 25) / _FPS))
        full = (stream.width, stream.height)
        scale = side / max(full)
        size = (round(full[0] * scale), round(full[1] * scale))
        for index, frame in enumerate(file.decode(stream)):
            if index % every == 0:
                kept.append(index)
                picture = frame.reformat(size[0], size[1], "rgb24", interpolation="AREA")
                frames.append(picture.to_ndarray())
    return np.stack(frames), kept, full


def read_clip(path: Path) -> Clip:
    """A sequence with its boxes, some frames of each second."""
    frames, kept, full = read_frames_of(path)
    boxes = read_boxes(path.with_suffix(".csv"), full)
    kept = [index for index in kept if index < len(boxes)]
    return Clip(f"{path.parent.name}/{path.stem}", frames[: len(kept)], boxes[kept])


def read_frames(root: Path, source: str) -> list[Clip]:
    """Frames of one source under ``sports/``, each a clip of one frame."""
    sport, name = source.split("/")
    clips = []
    with (root / "sports" / sport / "boxes.csv").open() as file:
        for row in csv.DictReader(file):
            if source_of(Path(row["image"]).stem) != name or not row["w"]:
                continue
            picture = Image.open(root / "sports" / sport / row["image"]).convert("RGB")
            scale = np.array([picture.width, picture.height] * 2)
            box = np.array([float(row[key]) for key in "xywh"]) / scale
            picture.thumbnail((_SIDE, _SIDE))
            clips.append(Clip(f"sports/{source}", np.asarray(picture)[None], box[None]))
    return clips


def load_subjects(root: Path, items: list[str]) -> list[Clip]:
    """The clips of split-list items; sports sources become clips of one frame."""
    clips: list[Clip] = []
    for item in items:
        kind, name = item.split("/", 1)
        if kind == "sports":
            clips += read_frames(root, name)
        else:
            clips.append(read_clip(root / kind / f"{name}.mp4"))
    return clips


class Sequences(Dataset):
    """Short runs of frames about a quarter of a second apart, with the subject's map.

    An item is a dict: ``image`` (steps, 3, height, width) uint8, ``density`` (steps, h, w)
    float32, ``box`` (steps, 4) in shares of the view, ``weight``. The groups of clips count alike,
    and within one its clips, however long.
    """

    def __init__(
        self,
        groups: list[list[Clip]],
        steps: int,
        size: tuple[int, int],
        grid: tuple[int, int],
        *,
        length: int,
        whole: float = 0.4,
        seed: int = 0,
    ) -> None:
        found = [[(clip, clip.runs(steps)) for clip in clips] for clips in groups]
        found = [[(clip, runs) for clip, runs in group if runs] for group in found]
        self.groups = [group for group in found if group]
        self.steps, self.size, self.grid = steps, size, grid
        self.length, self.whole, self.seed = length, whole, seed

    def __len__(self) -> int:
        return self.length

    def _choose(self, random: np.random.Generator) -> tuple[Clip, Array]:
        group = self.groups[int(random.integers(len(self.groups)))]
        clip, runs = group[int(random.integers(len(group)))]
        first = int(random.choice(runs))
        stride = int(random.choice([1, 2, 2, 3]))
        frames = first + stride * np.arange(self.steps)
        if frames[-1] >= len(clip.boxes) or not np.isfinite(clip.boxes[frames]).all():
            frames = first + np.arange(self.steps)
        return clip, frames

    def _views(self, random: np.random.Generator, boxes: Array) -> list[View]:
        """Views with the subject's centre in every frame; the whole picture where none has."""
        centres = boxes[:, :2] + boxes[:, 2:] / 2
        for _ in range(10):
            first = random_view(random, self.whole)
            moving = first.w < 0.95 and self.steps > 1 and random.random() < 0.4
            views = drifting(first, random, self.steps) if moving else [first] * self.steps
            placed = [view.place(c[None])[0] for view, c in zip(views, centres, strict=True)]
            if all(((p > 0.02) & (p < 0.98)).all() for p in placed):
                return views
        return [View(flip=first.flip)] * self.steps

    def __getitem__(self, key: int | tuple[int, int]) -> dict[str, Array]:
        index, turn = key if isinstance(key, tuple) else (key, 0)
        random = np.random.default_rng((self.seed, index, turn))
        clip, frames = self._choose(random)
        if random.random() < 0.5:
            frames = frames[::-1]
        boxes = clip.boxes[frames]
        views, wear = self._views(random, boxes), random_wear(random)
        fill = int(random.choice([0, 0, 127]))
        images, maps, placed = [], [], []
        for frame, box, view in zip(frames, boxes, views, strict=True):
            picture = Image.fromarray(clip.frames[frame])
            images.append(wear.apply(view.cut(picture, self.size, fill)).transpose(2, 0, 1))
            corners = view.place(np.stack([box[:2], box[:2] + box[2:]]))
            low, high = np.clip(corners.min(0), 0, 1), np.clip(corners.max(0), 0, 1)
            placed.append(np.concatenate([low, high - low]))
            maps.append(box_map(placed[-1], self.grid))
        return {
            "image": np.ascontiguousarray(np.stack(images)),
            "density": np.stack(maps),
            "box": np.stack(placed).astype(np.float32),
            "weight": np.float32(1),
        }
