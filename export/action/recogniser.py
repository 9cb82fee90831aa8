# SPDX-License-Identifier: MIT
"""A network that names the action of a clip, and how it is kept in a file."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from export.action.backbones import Backbone, make_backbone
from export.action.settings import ActionError, Settings, View, from_plain


class Head(nn.Module):
    """Features (..., width) to logits (..., classes); standardised once ``fit`` was called."""

    middle: Tensor
    scale: Tensor

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.register_buffer("middle", torch.zeros(width))
        self.register_buffer("scale", torch.ones(width))
        self.dropout = nn.Dropout(0.5)
        self.answer = nn.Linear(width, classes)
        nn.init.normal_(self.answer.weight, std=0.001)
        nn.init.zeros_(self.answer.bias)

    def fit(self, features: Tensor) -> None:
        """Standardise by the mean and deviation of these, (..., width)."""
        flat = features.flatten(0, -2)
        self.middle.copy_(flat.mean(0))
        self.scale.copy_(flat.std(0).clamp_min(1e-3))

    def forward(self, features: Tensor) -> Tensor:
        logits: Tensor = self.answer(self.dropout((features - self.middle) / self.scale))
        return logits


class Recogniser(nn.Module):
    """From frames (N, segments, 3, H, W), samples 0..255, to logits (N, classes).

    The logits of a clip are the mean of its segments', as in TSN.
    """

    def __init__(self, backbone: Backbone, classes: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = Head(backbone.width, classes)

    def forward(self, frames: Tensor) -> Tensor:
        features = self.backbone(frames.flatten(0, 1))
        logits: Tensor = self.head(features.unflatten(0, frames.shape[:2])).mean(1)
        return logits


@dataclass(frozen=True)
class Trained:
    """A recogniser and how it came about."""

    recogniser: Recogniser
    settings: Settings
    classes: tuple[str, ...]
    view: View

    def save(self, path: Path) -> None:
        """Write a file that ``load`` reads; it appears when it is whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        saved = {
            "settings": self.settings.plain(),
            "classes": list(self.classes),
            "view": dataclasses.asdict(self.view),
            "state": self.recogniser.state_dict(),
        }
        torch.save(saved, part)
        part.replace(path)


def load(path: Path) -> Trained:
    """Read what ``Trained.save`` wrote."""
    if not path.is_file():
        raise ActionError(f"{path}: no such file; export.action.train writes it")
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
        settings = from_plain(saved["settings"])
        classes, view = tuple(saved["classes"]), View(**saved["view"])
    except Exception as error:  # torch raises all sorts of them
        raise ActionError(f"{path}: not a checkpoint of export.action.train") from error
    blank = dataclasses.replace(settings, weights=None, pretrained=False)
    recogniser = Recogniser(make_backbone(blank), len(classes))
    recogniser.load_state_dict(saved["state"])
    return Trained(recogniser.eval(), settings, classes, view)
