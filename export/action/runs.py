# SPDX-License-Identifier: MIT
"""One run: learn from a split's training list in one view, answer for its test list in others."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from lightning.pytorch import seed_everything
from lightning.pytorch.loggers import Logger
from torch import Tensor

from export.action.backbones import Backbone, make_backbone
from export.action.crop import Box, find_boxes
from export.action.dataset import ClipFrames, testing_loader, training_loader
from export.action.features import Features
from export.action.learning import hush, learn_all, learn_head
from export.action.lists import Clip, Split
from export.action.recogniser import Recogniser, Trained
from export.action.settings import ActionError, Settings, View
from export.judging.table import watched


def device_of(settings: Settings) -> torch.device:
    """The device of a name; ``auto`` takes an accelerator where there is one."""
    if settings.device != "auto":
        try:
            return torch.zeros(0, device=settings.device).device
        except (RuntimeError, AssertionError) as error:
            raise ActionError(f"--device {settings.device}: torch has no such device") from error
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def boxes_for(
    split: Split, views: Iterable[View], settings: Settings, folder: Path
) -> dict[str, Box]:
    """Boxes of all clips of a split, if any view needs them."""
    if all(view.mode == "normal" for view in views):
        return {}
    return find_boxes([*split.train, *split.test], settings, folder)


@dataclass
class Workplace:
    """What runs of the same settings share."""

    settings: Settings
    folder: Path
    _features: Features | None = field(default=None, repr=False)

    @property
    def features(self) -> Features:
        """Features of the network as it starts."""
        if self._features is None:
            # One without weights is the same in each run, as its kept features are.
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(0)
                backbone = make_backbone(self.settings).to(device_of(self.settings))
            self._features = Features(backbone, self.settings, self.folder)
        return self._features

    def backbone(self) -> Backbone:
        """A network of its own for a run."""
        if self.settings.learn == "head":
            return copy.deepcopy(self.features.backbone)
        return make_backbone(self.settings)


def learn(
    place: Workplace,
    split: Split,
    view: View,
    boxes: dict[str, Box],
    *,
    seed: int,
    out: Path,
    loggers: list[Logger] | None = None,
    resume: bool = False,
) -> Trained:
    """Train on the training list in one view; the last epoch's weights are what comes out."""
    settings = place.settings
    hush()
    head_alone = settings.learn == "head"
    # Computing them draws numbers by chance, finding them kept does not: so before the seed is set.
    features = place.features.of(split.train, view, boxes) if head_alone else None
    seed_everything(seed, workers=True, verbose=False)
    recogniser = Recogniser(place.backbone(), len(split.classes))
    loggers = loggers or []
    if features is not None:

        def log(values: dict[str, float], step: int) -> None:
            for logger in loggers:
                logger.log_metrics(values, step)

        labels = [clip.label for clip in split.train]
        learn_head(recogniser.head, features, labels, settings, seed=seed, log=log)
        for logger in loggers:
            logger.save()
    else:
        dataset = ClipFrames(split.train, view, settings, boxes, varied=True, seed=seed)
        loader = training_loader(dataset, settings, seed)
        learn_all(recogniser, loader, settings, loggers, out, resume=resume)
    return Trained(recogniser.eval(), settings, split.classes, view)


@torch.no_grad()
def answer(
    trained: Trained,
    clips: tuple[Clip, ...],
    view: View,
    boxes: dict[str, Box],
    features: Features | None = None,
) -> Tensor:
    """Logits (clips, classes) in a view, which need not be the one that was trained in.

    Parameters
    ----------
    features : Features or None
        Kept ones, if only the head was trained.
    """
    if features is not None:
        return trained.recogniser.head.cpu()(features.of(clips, view, boxes)[:, 0]).mean(1)
    device = device_of(trained.settings)
    recogniser = trained.recogniser.to(device).eval()
    loader = testing_loader(ClipFrames(clips, view, trained.settings, boxes), trained.settings)
    found = [
        recogniser(frames.to(device)).float().cpu()
        for frames, _ in watched(loader, f"test, {view.label}", len(loader))
    ]
    return torch.cat(found)
