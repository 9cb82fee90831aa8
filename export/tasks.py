# SPDX-License-Identifier: MIT
"""What each network is trained for, as Lightning modules."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch import LightningModule
from torch import Tensor

from export.config import Config
from export.detection import Targets, detection_loss, fit
from export.following import best_boxes, tracking_loss
from export.losses import correlation, divergence, gaze_loss, scanpath, subject_loss
from export.networks import NETWORKS, load_backbone
from export.networks.base import Network, double
from export.networks.center import expected_centre
from export.networks.motion import grey
from export.networks.saliency import HINT_SHARE
from export.networks.subjects import FACE, PERSON

_GUESS = 0.25  # deviation of a subject's place, in shares of the sides


class Task(LightningModule):
    """A network with its optimiser: AdamW, a slower rate for the pretrained part, cosine decay."""

    def __init__(self, config: dict[str, Any], backbone: str | None = None) -> None:
        super().__init__()
        self.save_hyperparameters({"config": config})
        self.config = Config(**config)
        self.network = NETWORKS[self.config.network]()
        if backbone:
            load_backbone(self.network, Path(backbone))
        self.network.to(memory_format=torch.channels_last)

    def configure_optimizers(self) -> dict[str, Any]:
        config = self.config
        pretrained = list(self.network.backbone.parameters())
        known = {id(weight) for weight in pretrained}
        fresh = [weight for weight in self.network.parameters() if id(weight) not in known]
        groups = [
            {"params": pretrained, "lr": config.backbone_rate},
            {"params": fresh, "lr": config.head_rate},
        ]
        optimiser = torch.optim.AdamW(groups, weight_decay=config.weight_decay)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, self._rate)
        return {
            "optimizer": optimiser,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }

    def _rate(self, step: int) -> float:
        """Share of the full learning rate at a step; each stream's turn has a course of its own."""
        config = self.config
        turn, length = step, config.spatial_epochs * config.steps
        if step >= length:
            turn, length = step - length, (config.epochs - config.spatial_epochs) * config.steps
        if turn < config.warm_up:
            return (turn + 1) / config.warm_up
        done = (turn - config.warm_up) / max(1, length - config.warm_up)
        return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))

    def pictures(self, batch: Tensor) -> Tensor:
        """Samples to the network's input, in the layout that convolutions like."""
        return self.network.normalise(batch).contiguous(memory_format=torch.channels_last)


def about_the_middle(grid: torch.Size) -> Tensor:
    """Logits (h, w) of a Gaussian about the middle with a quarter of the sides as deviation."""
    y, x = ((torch.arange(count) + 0.5) / count - 0.5 for count in grid)
    return -(y[:, None].square() + x.square()) / (2 * _GUESS**2)


class SaliencyTask(Task):
    """Gaze on stills and subjects of clips; then, beside a frozen spatial stream, what moves.

    The spatial stream soon knows the few labelled clips by heart, and what it knows the temporal
    one need not learn. So on clips that one learns without it, and beside it only on made-up
    motion, of which there is no end.
    """

    def on_train_epoch_start(self) -> None:
        """Freeze what has been learned when the temporal stream's turn comes."""
        for part in self._spatial_parts():
            part.requires_grad_(not self.temporal_turn)
        self.network.temporal.requires_grad_(self.temporal_turn)

    @property
    def temporal_turn(self) -> bool:
        return self.current_epoch >= self.config.spatial_epochs

    def _spatial_parts(self) -> list[torch.nn.Module]:
        return [part for name, part in self.network.named_children() if name != "temporal"]

    def _sequence_maps(self, clips: Tensor) -> tuple[Tensor, Tensor]:
        """Of sequences (N, T, 3, H, W): logits of the spatial stream alone, and hints.

        Nothing has moved on the first frame, so they begin with the second.
        """
        count, steps = clips.shape[:2]
        pictures = self.pictures(clips.flatten(0, 1))
        alone = self.network.decode(*self.network.encode(pictures)).float()
        alone = alone.unflatten(0, (count, steps)).squeeze(2)[:, 1:]
        frames = grey(pictures).unflatten(0, (count, steps))
        _, memory, seen = (state.to(clips.device) for state in self.network.initial_state(count))
        hints = []
        for step in range(1, steps):
            before, now = frames[:, step - 1], frames[:, step]
            hint, memory = self.network.temporal(now, before, memory, torch.ones_like(seen))
            hints.append(double(hint).float().squeeze(1))
        return alone, torch.stack(hints, 1)

    def training_step(self, batch: dict[str, Any], index: int) -> Tensor:
        del index
        loss = self._temporal_loss(batch) if self.temporal_turn else self._spatial_loss(batch)
        self.log("loss", loss, prog_bar=True)
        return loss

    def _spatial_loss(self, batch: dict[str, Any]) -> Tensor:
        """Gaze on stills, and the subject in clips' frames each on its own."""
        stills, clips = batch["stills"], batch["clips"]
        count = len(stills["image"])
        pictures = torch.cat([stills["image"], clips["image"].flatten(0, 1)])
        logits = self.network.decode(*self.network.encode(self.pictures(pictures)))
        weight = stills["weight"]
        each = gaze_loss(logits[:count], stills["density"], stills["counts"])
        on_stills = (each * weight).sum() / weight.sum()
        on_clips = subject_loss(logits[count:], clips["density"].flatten(0, 1)).mean()
        self.log_dict({"stills": on_stills, "clips_alone": on_clips})
        return on_stills + self.config.clips_weight * on_clips

    def _temporal_loss(self, batch: dict[str, Any]) -> Tensor:
        """The subject in clips; what moves, as well as what is looked at, in made-up motion.

        On clips, whose subjects the spatial stream knows, the hint stands beside a mere guess that
        the subject is about the middle: it has to say all that motion tells.
        """
        for part in self._spatial_parts():
            part.eval()
        clips, movers = batch["clips"], batch["movers"]
        alone, hints = self._sequence_maps(torch.cat([clips["image"], movers["image"]]))
        count = len(clips["image"])
        guess = about_the_middle(hints.shape[-2:]).to(hints.device)
        on_clips = subject_loss(
            (guess + hints[:count]).flatten(0, 1), clips["density"][:, 1:].flatten(0, 1)
        )
        looked_at = torch.softmax(alone[count:].detach().flatten(2), 2).view_as(alone[count:])
        target = 0.5 * movers["density"][:, 1:] + 0.5 * looked_at
        on_movers = subject_loss((alone + hints)[count:].flatten(0, 1), target.flatten(0, 1))
        self.log_dict({"clips": on_clips.mean(), "movers": on_movers.mean()})
        return on_clips.mean() + on_movers.mean()

    def validation_step(self, batch: dict[str, Any], index: int) -> None:
        del index
        for kind in ("clips", "movers"):
            part = batch.get(kind)
            if part is None:
                continue
            alone, hints = self._sequence_maps(part["image"])
            density = part["density"][:, 1:].flatten(0, 1)
            count = len(density)
            with_time, without = (
                divergence(maps.flatten(0, 1), density)
                for maps in (alone + HINT_SHARE * hints, alone)
            )
            self.log(f"val_{kind}", with_time.mean(), batch_size=count)
            self.log(f"val_{kind}_alone", without.mean(), batch_size=count)
        stills = batch.get("stills")
        if stills is None:
            return
        gaze = self.network.decode(*self.network.encode(self.pictures(stills["image"])))
        density, counts, count = stills["density"], stills["counts"], len(gaze)
        self.log("val_nss", scanpath(gaze, counts).mean(), batch_size=count, prog_bar=True)
        self.log("val_cc", correlation(gaze, density).mean(), batch_size=count, prog_bar=True)
        self.log("val_kl", divergence(gaze, density).mean(), batch_size=count)


class CenterTask(Task):
    """Where the window's centre belongs: the target's Gaussian narrows from 3 to 1.5 cells."""

    def sigma(self) -> float:
        """Standard deviation of the target now, in cells."""
        config = self.config
        done = min(1.0, self.global_step / max(1, config.epochs * config.steps))
        return config.sigma_start + done * (config.sigma_end - config.sigma_start)

    def blur(self, density: Tensor, sigma: float) -> Tensor:
        """Densities (N, h, w) drawn out by a Gaussian, each of sum 1."""
        height, width = density.shape[-2:]

        def kernel(count: int) -> Tensor:
            place = torch.arange(count, dtype=torch.float32, device=density.device)
            gaps = place[:, None] - place[None]
            return torch.exp(-gaps.square() / (2 * sigma**2))

        drawn_out = kernel(height) @ density @ kernel(width)
        return drawn_out / drawn_out.sum((1, 2), keepdim=True)

    def targets(self, boxes: Tensor, sigma: float, grid: tuple[int, int]) -> Tensor:
        """Gaussians about the middles of boxes (N, 4, shares): (N, h, w), each of sum 1."""
        height, width = grid
        middle = boxes[:, :2] + boxes[:, 2:] / 2
        x = torch.arange(width, device=boxes.device) + 0.5 - middle[:, :1] * width
        y = torch.arange(height, device=boxes.device) + 0.5 - middle[:, 1:] * height
        logs = -(x[:, None, :].square() + y[:, :, None].square()) / (2 * sigma**2)
        return torch.softmax(logs.flatten(1), 1).view(-1, height, width)

    def _on_clips(self, clips: dict[str, Tensor], sigma: float) -> tuple[Tensor, Tensor]:
        """Divergence, and how far the mean of the map is off across the picture (a share)."""
        logits = self.network(self.pictures(clips["image"].flatten(0, 1)))[0].float()
        boxes = clips["box"].flatten(0, 1)
        target = self.targets(boxes, sigma, (logits.shape[2], logits.shape[3]))
        middle = boxes[:, :2] + boxes[:, 2:] / 2
        off = (expected_centre(logits) - middle).abs()[:, 0]
        return divergence(logits, target).mean(), off.mean()

    def _on_stills(self, stills: dict[str, Tensor], sigma: float) -> Tensor:
        """Divergence from where viewers look, for what a subject is beyond the few clips."""
        logits = self.network(self.pictures(stills["image"]))[0]
        return divergence(logits, self.blur(stills["density"], sigma)).mean()

    def training_step(self, batch: dict[str, Any], index: int) -> Tensor:
        del index
        on_clips, off = self._on_clips(batch["clips"], self.sigma())
        loss = on_clips
        if "stills" in batch:
            on_stills = self._on_stills(batch["stills"], self.sigma())
            self.log("stills", on_stills)
            loss = loss + on_stills
        self.log_dict({"clips": on_clips, "off_x": off, "sigma": self.sigma()})
        self.log("loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch: dict[str, Any], index: int) -> None:
        del index
        sigma = self.config.sigma_end
        if batch.get("clips") is not None:
            loss, off = self._on_clips(batch["clips"], sigma)
            count = len(batch["clips"]["image"])
            self.log("val_clips", loss, batch_size=count, prog_bar=True)
            self.log("val_off_x", off, batch_size=count, prog_bar=True)
        if batch.get("stills") is not None:
            loss = self._on_stills(batch["stills"], sigma)
            self.log("val_stills", loss, batch_size=len(batch["stills"]["image"]))


class PartlyFrozen(Task):
    """The first blocks know edges already, and a step without them costs a third less."""

    def on_train_epoch_start(self) -> None:
        backbone, frozen = self.network.backbone, self.config.frozen
        if frozen:
            backbone.stem.requires_grad_(False)
            backbone.blocks[:frozen].requires_grad_(False)


class SubjectsTask(PartlyFrozen):
    """Boxes of faces, people and things, drawn by people or by teachers."""

    def losses(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Of scores and boxes, for bodies and for faces."""
        network = self.network
        found = network.propose(self.pictures(batch["image"]))
        places, strides = network.cells * network.strides, network.strides
        every = Targets(batch["boxes"], batch["kinds"], batch["sure"])
        bodies = detection_loss(
            found.bodies, found.body_boxes, every.of_kinds(PERSON, 2), places, strides
        )
        faces = detection_loss(
            found.faces, found.face_boxes, every.of_kinds(FACE, 1), places, strides
        )
        names = ("bodies", "body_boxes", "faces", "face_boxes")
        return dict(zip(names, (*bodies, *faces), strict=True))

    def training_step(self, batch: dict[str, Any], index: int) -> Tensor:
        del index
        losses = self.losses(batch["boxes"])
        loss = torch.stack(list(losses.values())).sum()
        self.log_dict(losses)
        self.log("loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch: dict[str, Any], index: int) -> None:
        del index
        losses = self.losses(batch["boxes"])
        count = len(batch["boxes"]["image"])
        self.log_dict({f"val_{name}": loss for name, loss in losses.items()}, batch_size=count)
        self.log("val_loss", torch.stack(list(losses.values())).sum(), batch_size=count)


class TrackerTask(PartlyFrozen):
    """Where the target of a template is in a search picture, and whether it is there."""

    def answers(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Logits and distances."""
        logits, sides = self.network(*(self.pictures(batch[k]) for k in ("template", "search")))
        return logits, sides

    def training_step(self, batch: dict[str, Any], index: int) -> Tensor:
        del index
        pairs = batch["pairs"]
        scores, boxes = tracking_loss(*self.answers(pairs), pairs["box"], pairs["there"])
        loss = scores + boxes
        self.log_dict({"scores": scores, "boxes": boxes})
        self.log("loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch: dict[str, Any], index: int) -> None:
        """Also the overlap of the best cell's box, and how high it scores with and without."""
        del index
        pairs = batch["pairs"]
        logits, sides = self.answers(pairs)
        scores, boxes = tracking_loss(logits, sides, pairs["box"], pairs["there"])
        there = pairs["there"] > 0
        overlap = fit(best_boxes(logits, sides), pairs["box"])[there].mean()
        best = logits.flatten(1).amax(1).sigmoid()
        count = len(there)
        self.log_dict({"val_scores": scores, "val_boxes": boxes}, batch_size=count)
        self.log("val_overlap", overlap, batch_size=int(there.sum()), prog_bar=True)
        self.log("val_score", best[there].mean(), batch_size=int(there.sum()))
        if not there.all():
            self.log("val_score_without", best[~there].mean(), batch_size=int((~there).sum()))
        self.log("val_loss", scores + boxes, batch_size=count)


TASKS: dict[str, type[Task]] = {
    "saliency": SaliencyTask,
    "center": CenterTask,
    "subjects": SubjectsTask,
    "tracker": TrackerTask,
}


def make_task(config: Config, backbone: Path | None) -> Task:
    """A fresh task, its feature network started from a file."""
    if config.network not in TASKS:
        raise SystemExit(f"network '{config.network}': there are {', '.join(TASKS)}")
    return TASKS[config.network](dataclasses.asdict(config), str(backbone) if backbone else None)


def load_checkpoint(path: Path) -> Network:
    """The network of a checkpoint, ready to answer."""
    saved = torch.load(path, map_location="cpu", weights_only=True)
    config = saved["hyper_parameters"]["config"]
    task = TASKS[config["network"]](config)
    task.load_state_dict(saved["state_dict"])
    return task.network.eval()
