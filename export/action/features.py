# SPDX-License-Identifier: MIT
"""What a network that is not trained sees in clips, computed once and kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from export.action.backbones import Backbone
from export.action.crop import Box, box_of
from export.action.dataset import ClipFrames, testing_loader
from export.action.lists import Clip
from export.action.settings import Settings, View
from export.judging.table import watched

_PICTURES = 4  # at a time: more do not stay in a processor's cache, and take twice as long


def _key(settings: Settings, view: View) -> str:
    """Of all that features depend on, but for the clip and its box."""
    names = ("backbone", "pretrained", "frames", "test_segments")
    values = {name: getattr(settings, name) for name in names} | asdict(view)
    if settings.weights:
        values["weights"] = hashlib.sha256(Path(settings.weights).read_bytes()).hexdigest()
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]


class Features:
    """Features of clips for each view, in memory and in a folder.

    Parameters
    ----------
    backbone : Backbone
        On the device that it is to run on.
    folder : Path
        Gets a file for each view.
    """

    def __init__(self, backbone: Backbone, settings: Settings, folder: Path) -> None:
        self.backbone, self.settings, self.folder = backbone.eval(), settings, folder
        self._known: dict[str, dict[str, Tensor]] = {}

    def of(self, clips: Sequence[Clip], view: View, boxes: Mapping[str, Box]) -> Tensor:
        """Give (clips, 2, segments, width) float32: as the clip is, and mirrored."""
        key = _key(self.settings, view)
        store = self.folder / f"features-{key}.pt"
        if key not in self._known:
            self._known[key] = torch.load(store, weights_only=True) if store.is_file() else {}
        known = self._known[key]
        names = [f"{clip.path} {box_of(view, boxes, clip.name) or ''}".strip() for clip in clips]
        missing = {name: clip for name, clip in zip(names, clips, strict=True) if name not in known}
        if missing:
            found = self._compute(list(missing.values()), view, boxes)
            known |= dict(zip(missing, found, strict=True))
            self.folder.mkdir(parents=True, exist_ok=True)
            torch.save(known, store)
        return torch.stack([known[name] for name in names])

    @torch.no_grad()
    def _compute(self, clips: Sequence[Clip], view: View, boxes: Mapping[str, Box]) -> list[Tensor]:
        dataset = ClipFrames(clips, view, self.settings, boxes)
        device = self.backbone.mean.device
        loader = testing_loader(dataset, self.settings)
        found = []
        for frames, _ in watched(loader, f"features, {view.label}", len(loader)):
            both = torch.stack([frames, frames.flip(-1)], 1)
            shape = both.shape[:3]
            parts = both.flatten(0, 2).split(_PICTURES if device.type == "cpu" else 512)
            features = torch.cat([self.backbone(part.to(device)).float().cpu() for part in parts])
            found += list(features.unflatten(0, shape))
        # A slice would keep the batch that it is of, in the file too.
        return [each.clone() for each in found]
