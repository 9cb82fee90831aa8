# SPDX-License-Identifier: MIT
"""Batches for training and for watching it.

Three kinds for maps: ``stills`` with fixations, ``clips`` with a subject's boxes, made-up
``movers``; for detectors ``boxes``, pictures with all subjects' boxes; for trackers ``pairs``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from lightning.pytorch import LightningDataModule
from lightning.pytorch.utilities import CombinedLoader
from torch.utils.data import DataLoader, Dataset, Sampler

from export.config import Config
from export.data.crops import load_crops
from export.data.detections import Detections, Style
from export.data.fixations import Stills
from export.data.labelled import Store, load_labelled
from export.data.movers import Movers
from export.data.pairs import Pairs
from export.data.people import load_people
from export.data.splits import read_split
from export.data.subjects import Clip, Sequences, load_subjects

Size = tuple[int, int]
# How often a picture is shown in a round of which people drew all boxes of a kind; others once.
_DRAWN_TIMES = 3
_WATCHED_PAIRS = 512


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
    """Kinds side by side, such as ``{"stills": ..., "clips": ...}``; subclasses read them."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.training: dict[str, Dataset] = {}
        self.watched: dict[str, Dataset] = {}

    def train_dataloader(self) -> CombinedLoader:
        config = self.config
        loaders = {}
        for name, dataset in self.training.items():
            batch = getattr(config, name)
            sampler = Rounds(len(dataset), batch * config.steps, config.seed)
            loaders[name] = DataLoader(
                dataset,
                batch,
                sampler=sampler,
                num_workers=config.workers,
                persistent_workers=config.workers > 0,
                drop_last=True,
            )
        return CombinedLoader(loaders, "min_size")

    def val_dataloader(self) -> CombinedLoader:
        loaders = {name: DataLoader(dataset, 16) for name, dataset in self.watched.items()}
        return CombinedLoader(loaders, "max_size")


class MapBatches(Batches):
    """What heatmap networks learn from: stills, clips, movers.

    Parameters
    ----------
    root : Path
        The data.
    detector : Path or None
        YOLOX-nano, where the configuration wants people found in unlabelled clips.
    out : Path
        Folder that keeps what the detector found.
    shape : tuple
        (height, width) of the network's input, and of its map.
    """

    def __init__(
        self, root: Path, detector: Path | None, out: Path, config: Config, shape: tuple[Size, Size]
    ) -> None:
        super().__init__(config)
        self.root, self.detector, self.out, self.shape = root, detector, out, shape

    def setup(self, stage: str) -> None:
        """Read the lists and decode the clips."""
        del stage
        if self.training:
            return
        config, shape = self.config, self.shape
        stills = Stills(
            self.root,
            read_split("fixations", "train"),
            *shape,
            whole=config.whole,
            seed=config.seed,
        )
        watched = Stills(self.root, read_split("fixations", "val"), *shape)
        if config.stills:
            self.training["stills"], self.watched["stills"] = stills, watched
        if config.movers:
            length = config.movers * config.steps
            self.training["movers"] = Movers(stills, config.frames, length, config.seed)
            self.watched["movers"] = Movers(watched, config.frames, 64)
        if config.clips:
            self._setup_clips()

    def _setup_clips(self) -> None:
        config, shape = self.config, self.shape
        labelled = load_subjects(self.root, read_split("subjects", "train"))
        people: list[Clip] = []
        if config.people:
            if self.detector is None or not self.detector.exists():
                raise SystemExit(f"{self.detector}: the detector is missing; see --models")
            people = load_people(self.root, self.detector, self.out / "people.npz")
        length = config.clips * config.steps
        self.training["clips"] = Sequences(
            [labelled, people], config.frames, *shape, length=length, seed=config.seed
        )
        watched = load_subjects(self.root, read_split("subjects", "val"))
        self.watched["clips"] = Sequences([watched], config.frames, *shape, length=64, whole=1.0)


class BoxBatches(Batches):
    """What detectors learn from.

    Parameters
    ----------
    models : Path or None
        Folder of the teachers, who label what nobody drew; without it only what was drawn counts.
    out : Path
        Folder that keeps what the teachers saw.
    size : tuple
        (height, width) of the network's input.
    """

    def __init__(
        self, root: Path, models: Path | None, out: Path, config: Config, size: Size
    ) -> None:
        super().__init__(config)
        self.root, self.models, self.out, self.size = root, models, out, size

    def setup(self, stage: str) -> None:
        """Read and label the pictures."""
        del stage
        if self.training:
            return
        config, store = self.config, Store(self.out / "teachers.npz", self.models)
        style = Style(config.whole, config.joined, config.pasted)
        every = load_labelled(self.root, "train", store)
        pictures = [each for each in every for _ in range(_DRAWN_TIMES if each.complete else 1)]
        self.training["boxes"] = Detections(pictures, self.size, style, seed=config.seed)
        watched = load_labelled(self.root, "val", store)
        self.watched["boxes"] = Detections(watched, self.size)


class PairBatches(Batches):
    """What trackers learn from.

    Parameters
    ----------
    models : Path or None
        Folder of those who find and follow targets that nobody drew; without it only what was
        drawn counts.
    out : Path
        Folder that keeps the cuts.
    """

    def __init__(self, root: Path, models: Path | None, out: Path, config: Config) -> None:
        super().__init__(config)
        self.root, self.models, self.out = root, models, out

    def setup(self, stage: str) -> None:
        """Make the cuts, or find them made."""
        del stage
        if self.training:
            return
        config = self.config
        crops = {
            split: load_crops(self.root, split, self.models, self.out, config.seed)
            for split in ("train", "val")
        }
        length = config.pairs * config.steps
        self.training["pairs"] = Pairs(crops["train"], length, config.seed)
        self.watched["pairs"] = Pairs(crops["val"], min(length, _WATCHED_PAIRS))
