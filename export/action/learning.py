# SPDX-License-Identifier: MIT
"""Training a recogniser: all of it by Lightning, or its head alone on kept features."""

from __future__ import annotations

import logging
import math
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import LearningRateMonitor, ModelCheckpoint, RichProgressBar
from lightning.pytorch.loggers import Logger
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader

from export.action.recogniser import Head, Recogniser
from export.action.settings import Settings

_SMOOTHING = 0.1  # of labels


def course(step: int, steps: int) -> float:
    """Share of the full learning rate: up over a twentieth of the steps, then down a cosine."""
    warm_up = max(1, steps // 20)
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warm_up) / max(1, steps - warm_up))))


def hush() -> None:
    """Keep Lightning's remarks to terminals."""
    if not sys.stderr.isatty():
        for name in ("lightning.pytorch", "lightning.fabric"):
            logging.getLogger(name).setLevel(logging.ERROR)
        warnings.filterwarnings("ignore", module="lightning")


class Recognition(LightningModule):
    """All of a recogniser: AdamW, a slower rate for what was trained before."""

    def __init__(self, recogniser: Recogniser, settings: Settings) -> None:
        super().__init__()
        self.recogniser, self.settings = recogniser, settings

    def training_step(self, batch: tuple[Tensor, Tensor], index: int) -> Tensor:
        del index
        frames, labels = batch
        logits = self.recogniser(frames)
        loss = cross_entropy(logits, labels, label_smoothing=_SMOOTHING)
        self.log("loss", loss, prog_bar=True)
        self.log("top1", (logits.argmax(1) == labels).float().mean(), prog_bar=True)
        return loss

    def configure_optimizers(self) -> dict[str, Any]:
        settings = self.settings
        groups = [
            {"params": self.recogniser.backbone.parameters(), "lr": settings.backbone_rate},
            {"params": self.recogniser.head.parameters(), "lr": settings.head_rate},
        ]
        optimiser = torch.optim.AdamW(groups, weight_decay=settings.weight_decay)
        steps = int(self.trainer.estimated_stepping_batches)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: course(step, steps))
        return {
            "optimizer": optimiser,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }


def learn_all(
    recogniser: Recogniser,
    loader: DataLoader,
    settings: Settings,
    loggers: list[Logger],
    out: Path,
    *,
    resume: bool = False,
) -> None:
    """Fine-tune; ``out/checkpoints/last.ckpt`` is what ``resume`` goes on from."""
    last = ModelCheckpoint(out / "checkpoints", filename="last", enable_version_counter=False)
    callbacks: list[Any] = [last]
    if loggers:
        callbacks.append(LearningRateMonitor("step"))
    on_terminal = sys.stderr.isatty()
    if on_terminal:
        callbacks.append(RichProgressBar())
    trainer = Trainer(
        max_epochs=settings.epochs,
        accelerator=settings.device,
        devices=1,
        precision=settings.precision,  # type: ignore[arg-type]
        logger=loggers,
        callbacks=callbacks,
        enable_progress_bar=on_terminal,
        gradient_clip_val=1.0,
        log_every_n_steps=max(1, min(20, len(loader))),
        deterministic="warn",
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )
    kept = out / "checkpoints" / "last.ckpt"
    resumed = kept if resume and kept.is_file() else None
    trainer.fit(Recognition(recogniser, settings), loader, ckpt_path=resumed, weights_only=True)
    recogniser.eval().cpu()


def learn_head(
    head: Head,
    features: Tensor,
    labels: Sequence[int],
    settings: Settings,
    *,
    seed: int,
    log: Callable[[dict[str, float], int], None] = lambda values, step: None,
) -> None:
    """Train a head on features (clips, 2, segments, width), as seen straight and mirrored.

    Of a clip in a batch some segments are taken, and one of the two, by chance.
    """
    random = torch.Generator().manual_seed(seed)
    wanted = torch.tensor(labels)
    clips, _, segments, _ = features.shape
    some = min(settings.segments, segments)
    batch = min(settings.batch, clips)
    per_epoch = math.ceil(clips / batch)
    head.fit(features)
    head.train()
    optimiser = torch.optim.AdamW(
        head.parameters(), lr=settings.head_rate, weight_decay=settings.weight_decay
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: course(step, settings.epochs * per_epoch)
    )
    for step in range(settings.epochs * per_epoch):
        if step % per_epoch == 0:
            order = torch.randperm(clips, generator=random)
        chosen = order[step % per_epoch * batch :][:batch]
        side = torch.randint(0, 2, (len(chosen), 1), generator=random)
        place = torch.rand(len(chosen), segments, generator=random).argsort(1)[:, :some]
        logits = head(features[chosen[:, None], side, place]).mean(1)
        loss = cross_entropy(logits, wanted[chosen], label_smoothing=_SMOOTHING)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        log({"loss": loss.item()}, step)
    head.eval()
