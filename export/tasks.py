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
from export.losses import correlation, divergence, gaze_loss, scanpath, subject_loss
from export.networks import NETWORKS, HeatmapNetwork, load_backbone
from export.networks.center import expected_centre

SPATIAL_ALONE = 0.5  # weight of the loss of the spatial stream without the temporal one


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
        """Share of the full learning rate at a step."""
        config = self.config
        if step < config.warm_up:
            return (step + 1) / config.warm_up
        done = (step - config.warm_up) / max(1, config.epochs * config.steps - config.warm_up)
        return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))

    def pictures(self, batch: Tensor) -> Tensor:
        """Samples to the network's input, in the layout that convolutions like."""
        return self.network.normalise(batch).contiguous(memory_format=torch.channels_last)


class SaliencyTask(Task):
    """Gaze on stills and subjects of clips at once, through one pass of the shared features."""

    def _sequence_memories(self, shared: Tensor, shape: tuple[int, int]) -> Tensor:
        """The temporal stream over sequences: (N * T, 64, h, w) to (N * T, 32, h, w)."""
        count, steps = shape
        frames = shared.unflatten(0, (count, steps))
        key, memory, seen = (state.to(shared.device) for state in self.network.initial_state(count))
        memories = []
        for step in range(steps):
            memory, key = self.network.temporal(frames[:, step], key, memory, seen)
            seen = torch.ones_like(seen)
            memories.append(memory)
        return torch.stack(memories, 1).flatten(0, 1)

    def _maps(self, stills: Tensor, clips: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of stills, of sequences, and of sequences' frames each on its own."""
        count, steps = clips.shape[:2]
        pictures = torch.cat([stills, clips.flatten(0, 1)])
        shared, fine = self.network.encode(self.pictures(pictures))
        single, moving = shared[: len(stills)], shared[len(stills) :]
        memories = self._sequence_memories(moving, (count, steps)).to(shared.dtype)
        none = torch.zeros(1, *memories.shape[1:], dtype=memories.dtype, device=memories.device)
        all_memories = torch.cat(
            [none.expand(len(stills), -1, -1, -1), memories, none.expand(len(memories), -1, -1, -1)]
        )
        logits = self.network.decode(
            torch.cat([single, moving, moving]),
            torch.cat([fine, fine[len(stills) :]]),
            all_memories,
        )
        a, b = len(stills), len(stills) + len(memories)
        return logits[:a], logits[a:b], logits[b:]

    def training_step(self, batch: dict[str, Any], index: int) -> Tensor:
        del index
        stills, clips = batch["stills"], batch["clips"]
        gaze, moving, alone = self._maps(stills["image"], clips["image"])
        density = clips["density"].flatten(0, 1)
        weight = stills["weight"]
        on_stills = (
            gaze_loss(gaze, stills["density"], stills["counts"]) * weight
        ).sum() / weight.sum()
        with_time = subject_loss(moving, density).mean()
        without = subject_loss(alone, density).mean()
        self.log_dict({"stills": on_stills, "clips": with_time, "clips_alone": without})
        loss = on_stills + with_time + SPATIAL_ALONE * without
        self.log("loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch: dict[str, Any], index: int) -> None:
        del index
        stills, clips = batch.get("stills"), batch.get("clips")
        if stills is not None and clips is not None:
            gaze, moving, alone = self._maps(stills["image"], clips["image"])
            density = clips["density"].flatten(0, 1)
            count = len(gaze)
            self.log("val_clips", divergence(moving, density).mean(), batch_size=len(density))
            self.log("val_clips_alone", divergence(alone, density).mean(), batch_size=len(density))
        elif stills is not None:
            count = len(stills["image"])
            shared, fine = self.network.encode(self.pictures(stills["image"]))
            memory = self.network.initial_state(count)[1].to(shared)
            gaze = self.network.decode(shared, fine, memory)
        else:
            return
        density, counts = stills["density"], stills["counts"]
        self.log("val_nss", scanpath(gaze, counts).mean(), batch_size=count, prog_bar=True)
        self.log("val_cc", correlation(gaze, density).mean(), batch_size=count, prog_bar=True)
        self.log("val_kl", divergence(gaze, density).mean(), batch_size=count)


class CenterTask(Task):
    """The probability of the window's centre, its target's Gaussian drawn in from 3 to 1.5 cells."""

    def sigma(self) -> float:
        """Standard deviation of the target now, in cells."""
        config = self.config
        done = min(1.0, self.global_step / max(1, config.epochs * config.steps))
        return config.sigma_start + done * (config.sigma_end - config.sigma_start)

    def targets(self, boxes: Tensor, sigma: float, grid: tuple[int, int]) -> Tensor:
        """Gaussians about the middles of boxes (N, 4, shares): (N, h, w), each of sum 1."""
        height, width = grid
        middle = boxes[:, :2] + boxes[:, 2:] / 2
        x = torch.arange(width, device=boxes.device) + 0.5 - middle[:, :1] * width
        y = torch.arange(height, device=boxes.device) + 0.5 - middle[:, 1:] * height
        logs = -(x[:, None, :].square() + y[:, :, None].square()) / (2 * sigma**2)
        return torch.softmax(logs.flatten(1), 1).view(-1, height, width)

    def _losses(self, batch: dict[str, Any], sigma: float) -> tuple[Tensor, Tensor]:
        clips = batch["clips"]
        logits = self.network(self.pictures(clips["image"].flatten(0, 1)))[0].float()
        boxes = clips["box"].flatten(0, 1)
        target = self.targets(boxes, sigma, (logits.shape[2], logits.shape[3]))
        middle = boxes[:, :2] + boxes[:, 2:] / 2
        off = (expected_centre(logits) - middle).abs()[:, 0]
        return divergence(logits, target).mean(), off.mean()

    def training_step(self, batch: dict[str, Any], index: int) -> Tensor:
        del index
        loss, off = self._losses(batch, self.sigma())
        self.log_dict({"off_x": off, "sigma": self.sigma()})
        self.log("loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch: dict[str, Any], index: int) -> None:
        del index
        loss, off = self._losses(batch, self.config.sigma_end)
        count = len(batch["clips"]["image"])
        self.log("val_kl", loss, batch_size=count, prog_bar=True)
        self.log("val_off_x", off, batch_size=count, prog_bar=True)


TASKS: dict[str, type[Task]] = {"saliency": SaliencyTask, "center": CenterTask}


def make_task(config: Config, backbone: Path | None) -> Task:
    """A fresh task, its feature network started from a file."""
    if config.network not in TASKS:
        raise SystemExit(f"network '{config.network}': there are {', '.join(TASKS)}")
    return TASKS[config.network](dataclasses.asdict(config), str(backbone) if backbone else None)


def load_checkpoint(path: Path) -> HeatmapNetwork:
    """The network of a checkpoint, ready to answer."""
    saved = torch.load(path, map_location="cpu", weights_only=True)
    config = saved["hyper_parameters"]["config"]
    task = TASKS[config["network"]](config)
    task.load_state_dict(saved["state_dict"])
    return task.network.eval()
