# SPDX-License-Identifier: MIT
"""Clips as tensors: some frames of each, cropped and brought to the network's size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate
from torch.utils.data import DataLoader, Dataset

from export.action.crop import Box, CropToBox, box_of
from export.action.frames import read_frames
from export.action.lists import Clip
from export.action.settings import Settings, View
from export.data.loaders import Rounds

_SCALES = (1.0, 0.875, 0.75, 0.66)  # of crops at training, against the shorter side; TSN's


def resize(frames: Tensor, size: int) -> Tensor:
    """From (N, 3, H, W) uint8 to (N, 3, size, size) uint8; the shape is stretched to a square."""
    scaled = interpolate(frames.float(), (size, size), mode="bilinear", antialias=True)
    return scaled.round().clamp(0, 255).to(torch.uint8)


def vary(frames: Tensor, random: np.random.Generator) -> Tensor:
    """A part of the frames, at times mirrored: the same for all frames of a clip.

    Width and height are each one of four shares of the shorter side, as in TSN.
    """
    height, width = frames.shape[-2:]
    shorter = min(height, width)
    high, wide = (max(1, round(shorter * random.choice(_SCALES))) for _ in range(2))
    top = int(random.integers(0, height - high + 1))
    left = int(random.integers(0, width - wide + 1))
    part = frames[..., top : top + high, left : left + wide]
    return part.flip(-1) if random.random() < 0.5 else part


class ClipFrames(Dataset):
    """Frames of clips, ((segments, 3, size, size) uint8, class).

    An item is asked for by its index, or by (index, turn), of which its variation follows.

    Parameters
    ----------
    boxes : mapping
        Box of each clip by its name, where the view crops.
    varied : bool
        Frames by chance and parts of them, to learn from; else the same ones at each call.
    """

    def __init__(
        self,
        clips: Sequence[Clip],
        view: View,
        settings: Settings,
        boxes: Mapping[str, Box],
        *,
        varied: bool = False,
        seed: int = 0,
    ) -> None:
        self.clips, self.view, self.boxes = clips, view, boxes
        self.kind, self.varied, self.seed = settings.frames, varied, seed
        self.segments = settings.segments if varied else settings.test_segments

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, item: int | tuple[int, int]) -> tuple[Tensor, int]:
        index, turn = item if isinstance(item, tuple) else (item, 0)
        clip = self.clips[index]
        random = np.random.default_rng((self.seed, turn, index)) if self.varied else None
        pictures = read_frames(clip.path, self.kind, self.segments, random)
        frames = torch.from_numpy(pictures).permute(0, 3, 1, 2)
        box = box_of(self.view, self.boxes, clip.name)
        if box is not None:
            frames = CropToBox(box)(frames)
        if random is not None:
            frames = vary(frames, random)
        return resize(frames, self.view.size), clip.label


def training_loader(dataset: ClipFrames, settings: Settings, seed: int) -> DataLoader:
    """Each clip once an epoch, in an order that follows from the seed."""
    return DataLoader(
        dataset,
        min(settings.batch, len(dataset)),
        sampler=Rounds(len(dataset), len(dataset), seed),
        num_workers=settings.workers,
        persistent_workers=settings.workers > 0,
        drop_last=True,
    )


def testing_loader(dataset: Dataset, settings: Settings) -> DataLoader:
    """All clips in the order of the list."""
    return DataLoader(dataset, 4, num_workers=settings.workers)
