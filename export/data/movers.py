# SPDX-License-Identifier: MIT
"""Made-up motion: a patch that moves over a still, among patches that do not.

No one picture tells the mover from the patches that stand still, so it can only be found by
comparing frames; and the pictures are so many that none can be learned by heart, unlike the few
labelled clips. The camera rests, pans on its own, or goes with the mover, which then stays in its
place while all else moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from torch.utils.data import Dataset

from export.data.augment import View, random_wear
from export.data.fixations import Stills
from export.data.targets import box_map

Array = np.ndarray


@dataclass
class Patch:
    """A cut-out with a soft edge, and where its middle lies in each frame (shares of the view)."""

    picture: Image.Image
    mask: Image.Image
    path: Array  # (steps, 2)

    def box(self, step: int, size: tuple[int, int]) -> Array:
        """x, y, w, h in shares of a view of this size (height, width), cut to it."""
        share = np.array([self.picture.width / size[1], self.picture.height / size[0]])
        low = np.clip(self.path[step] - share / 2, 0, 1)
        return np.concatenate([low, np.clip(self.path[step] + share / 2, 0, 1) - low])

    def paste(self, frame: Image.Image, step: int) -> None:
        x = round(self.path[step, 0] * frame.width - self.picture.width / 2)
        y = round(self.path[step, 1] * frame.height - self.picture.height / 2)
        frame.paste(self.picture, (x, y), self.mask)


def soft_mask(size: tuple[int, int], random: np.random.Generator) -> Image.Image:
    """A superellipse between ellipse and box, feathered; size is width, height."""
    x = np.linspace(-1, 1, size[0])[None, :]
    y = np.linspace(-1, 1, size[1])[:, None]
    power = random.uniform(2, 5)
    inside = 1 - (np.abs(x) ** power + np.abs(y) ** power)
    return Image.fromarray((255 * np.clip(inside * random.uniform(2, 8), 0, 1)).astype(np.uint8))


class Movers(Dataset):
    """Sequences of one moving patch; items as those of ``Sequences``."""

    def __init__(self, stills: Stills, steps: int, length: int, seed: int = 0) -> None:
        self.stills, self.steps, self.length, self.seed = stills, steps, length, seed

    def __len__(self) -> int:
        return self.length

    def _patch(self, random: np.random.Generator, path: Array) -> Patch:
        """What somebody looked at in some picture, cut out."""
        item = self.stills.items[int(random.integers(len(self.stills.items)))]
        source = self.stills.picture(item)
        points = self.stills.points[item]
        x, y = points[int(random.integers(len(points)))] * [source.width, source.height]
        height, width = self.stills.size
        tall = random.uniform(0.12, 0.5) * height
        wide = tall * np.exp(random.normal(-0.2, 0.35))
        size = (max(6, round(min(wide, 0.5 * width))), max(6, round(tall)))
        half = random.uniform(0.12, 0.3) * min(source.size)
        box = (
            max(0, x - half),
            max(0, y - half * size[1] / size[0]),
            min(source.width, x + half),
            min(source.height, y + half * size[1] / size[0]),
        )
        picture = source.resize(size, Image.Resampling.BILINEAR, box=box)
        return Patch(picture, soft_mask(size, random), path)

    def _paths(self, random: np.random.Generator) -> tuple[Array, Array]:
        """Of the mover, (steps, 2) in the view, and of the camera over the still."""
        steps = np.arange(self.steps)[:, None] - (self.steps - 1) / 2
        angle = random.uniform(0, 2 * np.pi)
        speed = random.uniform(0.015, 0.1)  # of the width, from frame to frame
        move = speed * np.array([np.cos(angle), 0.6 * np.sin(angle)])
        bend = random.normal(0, 0.006, 2)
        kind = random.random()
        camera = np.zeros(2)
        if kind > 0.4:
            camera = random.normal(0, 0.04, 2) * [1, 0.5]
        if kind > 0.7:  # the camera goes with the mover
            camera = move + random.normal(0, 0.01, 2)
        middle = random.uniform(0.12, 0.88, 2)
        path = np.clip(middle + (move - camera) * steps + bend * steps**2, 0.02, 0.98)
        return path, camera * steps

    def __getitem__(self, key: int | tuple[int, int]) -> dict[str, Array]:
        index, turn = key if isinstance(key, tuple) else (key, 0)
        random = np.random.default_rng((self.seed, 7, index, turn))
        item = self.stills.items[int(random.integers(len(self.stills.items)))]
        path, camera = self._paths(random)
        mover = self._patch(random, path)
        others = [
            self._patch(random, random.uniform(0.05, 0.95, 2) - camera)
            for _ in range(int(random.integers(0, 4)))
        ]
        flip, wear = bool(random.random() < 0.5), random_wear(random)
        share = random.uniform(0.5, 0.75)
        pan = camera * share * [-1 if flip else 1, 1]
        low, high = -pan.min(0), 1 - share - pan.max(0)
        first = random.uniform(low, np.maximum(low, high))
        background = self.stills.picture(item)
        images, maps, boxes = [], [], []
        for step in range(self.steps):
            x, y = np.clip(first + pan[step], 0, 1 - share)
            view = View(float(x), float(y), share, share, flip)
            frame = Image.fromarray(view.cut(background, self.stills.size, 0))
            for patch in [*others, mover]:
                patch.paste(frame, step)
            images.append(wear.apply(np.asarray(frame)).transpose(2, 0, 1))
            boxes.append(mover.box(step, self.stills.size))
            maps.append(box_map(boxes[-1], self.stills.grid))
        return {
            "image": np.ascontiguousarray(np.stack(images)),
            "density": np.stack(maps),
            "box": np.stack(boxes).astype(np.float32),
            "weight": np.float32(1),
        }
