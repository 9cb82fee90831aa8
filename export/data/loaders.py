# SPDX-License-Identifier: MIT
"""Batches for training and for watching it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from lightning.pytorch import LightningDataModule
from lightning.pytorch.utilities import CombinedLoader
from torch.utils.data import DataLoader, Dataset, Sampler

from export.config import Config
from export.data.fixations import Stills
from export.data.splits import read_split
from export.data.subjects import Sequences, load_subjects


class Rounds(Sampler):
    """A fixed number of items an epoch, in an order and with augmentations of its own.

    Yields (index, turn); which follow from the seed and the epoch alone, so that a run that is
    resumed sees what it would have seen.
    """

    def __init__(self, count: int, length: int, seed: int) -> None:
        self.count, self.length, self.seed = count, length, seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Called by the trainer before each epoch."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[tuple[int, int]]:
        done = self.epoch * self.length
        for place in range(done, done + self.length):
            turn, within = divmod(place, self.count)
            order = np.random.default_rng((self.seed, turn)).permutation(self.count)
            yield int(order[within]), turn


class Batches(LightningDataModule):
    """Stills and sequences side by side: ``{"stills": ..., "clips": ...}``."""

    def __init__(
        self, root: Path, config: Config, size: tuple[int, int], grid: tuple[int, int]
    ) -> None:
        super().__init__()
        self.root, self.config, self.size, self.grid = root, config, size, grid
        self.training: dict[str, Dataset] = {}
        self.watched: dict[str, Dataset] = {}

    def setup(self, stage: str) -> None:
        """Read the lists and decode the clips."""
        del stage
        if self.training:
            return
        config = self.config
        if config.stills:
            items = read_split("fixations", "train")
            self.training["stills"] = Stills(
                self.root, items, self.size, self.grid, config.whole, config.seed
            )
            items = read_split("fixations", "val")
            self.watched["stills"] = Stills(self.root, items, self.size, self.grid)
        if config.clips:
            for name, into, length in (
                ("train", self.training, config.clips * config.steps),
                ("val", self.watched, 64),
            ):
                found = load_subjects(self.root, read_split("subjects", name))
                shape = (config.frames, self.size, self.grid, length)
                into["clips"] = Sequences(found, *shape, seed=config.seed)

    def train_dataloader(self) -> CombinedLoader:
        config = self.config
        loaders = {}
        for name, dataset in self.training.items():
            batch = getattr(config, name)
            sampler = Rounds(len(dataset), batch * config.steps, config.seed)
            loaders[name] = DataLoader(
                dataset, batch, sampler=sampler, num_workers=config.workers,
                persistent_workers=config.workers > 0, drop_last=True,
            )
        return CombinedLoader(loaders, "min_size")

    def val_dataloader(self) -> CombinedLoader:
        loaders = {
            name: DataLoader(dataset, 16) for name, dataset in self.watched.items()
        }
        return CombinedLoader(loaders, "max_size")
