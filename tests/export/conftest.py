# SPDX-License-Identifier: MIT
"""Tiny networks and made-up pictures for the tests of export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from export.networks.base import HeatmapNetwork
from export.networks.mobilenet import SameConv
from export.writing.contract import Picture
from export.writing.frames import sample_frames

ROOT = Path(__file__).resolve().parents[2]

torch.set_num_threads(1)

NOTES = {"licence": "MIT", "trained_on": "made-up pictures", "version": "3"}


class Still(HeatmapNetwork):
    """32 x 48 in, 8 x 12 out; padded as the real ones are, with what they are made of."""

    name = "still"
    size = (32, 48)

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.features = nn.Sequential(
            SameConv(3, 8, 3, 2), nn.BatchNorm2d(8), nn.ReLU6(), SameConv(8, 8, 3, 2), nn.ReLU6()
        )
        self.answer = nn.Conv2d(8, 1, 1)
        with torch.no_grad():
            self.answer.weight.mul_(4)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        return (self.answer(self.features(image)),)


class Trail(Still):
    """The same with a memory, which counts for as much as the newest frame."""

    name = "trail"
    state_names = (("trail_before", "trail"),)

    def initial_state(self, batch: int) -> tuple[Tensor, ...]:
        return (torch.zeros(batch, 8, 8, 12),)

    def forward(self, image: Tensor, before: Tensor) -> tuple[Tensor, ...]:  # type: ignore[override]
        trail = 0.7 * before + self.features(image)
        return self.answer(trail), trail


@pytest.fixture
def still() -> Still:
    return Still()


@pytest.fixture
def trail() -> Trail:
    return Trail()


@pytest.fixture
def frames() -> np.ndarray:
    """A disc that moves, (6, 32, 48, 3), of the size that the tiny networks take."""
    return sample_frames(None, Picture(48, 32), 6)
