# SPDX-License-Identifier: MIT
"""Two-stream video saliency in streaming form: one new frame in, cached state in and out.

A spatial stream looks at the newest frame; a temporal stream compares its features with those of
the frame before and remembers in a recurrent cell of one gate what moved. Both share one feature
network, so that a frame costs one pass of it. The temporal stream can raise or lower a place by a
bounded factor and no more: motion is a hint, and a shaking camera is full of it. After the design
of UAVSal (Zhang, Chen and Liu, "UAVSal: a lightweight spatio-temporal network", IEEE TCSVT 2022)
and of UNISAL (Droste, Jiao and Noble, "Unified Image and Video Saliency Modeling", ECCV 2020), made
to fit a CPU.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from export.networks.base import HeatmapNetwork, double, pointwise, separable
from export.networks.mobilenet import MobileNetV2
from export.networks.priors import GaussianPriors

_KEY = 24  # channels in which two frames are compared
_MEMORY = 32  # channels of the recurrent cell
_SHARED = 64
_LARGEST_HINT = 2.0  # of the temporal stream, in nats


class SpatialStream(nn.Module):
    """Features of a picture at strides 8 and 4, with the context of the whole picture."""

    def __init__(self, widths: list[int]) -> None:
        super().__init__()
        fine, middle, coarse, context = widths
        self.context = pointwise(context, 128)
        self.whole = nn.Sequential(nn.Conv2d(context, 128, 1), nn.ReLU6())
        self.coarse = pointwise(coarse, 64)
        self.join_coarse = separable(192, 96)
        self.middle = pointwise(middle, 48)
        self.join_middle = separable(144, _SHARED)
        self.fine = pointwise(fine, 16)

    def forward(self, features: list[Tensor]) -> tuple[Tensor, Tensor]:
        fine, middle, coarse, context = features
        x = self.context(context) + self.whole(context.mean((2, 3), keepdim=True))
        x = self.join_coarse(torch.cat([double(x), self.coarse(coarse)], 1))
        x = self.join_middle(torch.cat([double(x), self.middle(middle)], 1))
        return x, self.fine(fine)


class TemporalStream(nn.Module):
    """What changes and moves against the frame before.

    Each cell's key is compared with all keys of the frame before (one matrix product); the softmax
    over them gives the mean displacement. Less the mean of all cells, which is the camera's, it
    goes with the difference of the keys into the recurrent cell, whose one gate says how much of
    the memory is renewed (Zhou, Wu, Zhang and Zhou, "Minimal gated unit", IJAC 2016).
    """

    places: Tensor

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__()
        self.size = size
        self.key = nn.Conv2d(_SHARED, _KEY, 1)
        self.sharpness = nn.Parameter(torch.tensor(1.0))
        self.input = nn.Sequential(pointwise(3 * _KEY + 4, 48), separable(48, _MEMORY))
        self.gate = nn.Conv2d(2 * _MEMORY, _MEMORY, 1)
        self.hint = nn.Sequential(separable(_MEMORY, 16), nn.Conv2d(16, 1, 1))
        nn.init.zeros_(self.hint[1].weight)
        nn.init.zeros_(self.hint[1].bias)
        height, width = size
        y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        places = torch.stack([x.flatten(), y.flatten()], 1) / 4.0  # in units of four cells
        self.register_buffer("places", places[None], persistent=False)

    def displacement(self, key: Tensor, before: Tensor) -> Tensor:
        """Displacement against the camera's (x, y), its length and how sure it is: (N, 4, h, w)."""
        height, width = self.size
        now = nn.functional.normalize(key.flatten(2), dim=1).transpose(1, 2)
        then = nn.functional.normalize(before.flatten(2), dim=1)
        match = torch.softmax(torch.matmul(now, then) * self.sharpness.exp() * 8, 2)
        moved = self.places - torch.matmul(match, self.places)
        moved = moved - moved.mean(1, keepdim=True)
        length = (moved.square().sum(2, keepdim=True) + 1e-6).sqrt()
        sure = match.amax(2, keepdim=True)
        return torch.cat([moved, length, sure], 2).transpose(1, 2).reshape(-1, 4, height, width)

    def forward(self, shared: Tensor, before: Tensor, memory: Tensor, seen: Tensor) -> list[Tensor]:
        """One step: the hint (N, 1, h, w) in nats, the memory and the key for the next step.

        ``seen`` (N, 1, 1, 1) is 0 on the first frame, which has none before it and gets no hint.
        """
        key = self.key(shared)
        change = key - before
        moved = self.displacement(key, before)
        x = self.input(torch.cat([key, change, change.abs(), moved], 1))
        gate = torch.sigmoid(self.gate(torch.cat([x, memory], 1)))
        memory = (memory + gate * (x - memory)) * seen
        hint = _LARGEST_HINT * torch.tanh(self.hint(memory)) * seen
        return [hint, memory, key]


class SaliencyNetwork(HeatmapNetwork):
    """The default model: 128 x 224 in, logits on 32 x 56 cells out."""

    name = "saliency"
    size = (128, 224)
    state_names = (
        ("key_before", "key"),
        ("memory_before", "memory"),
        ("seen_before", "seen"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.backbone = MobileNetV2(stages=6)
        self.spatial = SpatialStream(self.backbone.widths)
        middle = (self.size[0] // 8, self.size[1] // 8)
        self.temporal = TemporalStream(middle)
        self.priors = GaussianPriors(8, middle)
        self.fuse = separable(_SHARED + 8, 48)
        self.refine = separable(64, 32)
        self.answer = nn.Conv2d(32, 1, 1)
        self.prior_answer = nn.Conv2d(8, 1, 1, bias=False)

    def initial_state(self, batch: int) -> tuple[Tensor, ...]:
        height, width = self.temporal.size
        cells = (height, width)
        return (
            torch.zeros(batch, _KEY, *cells),
            torch.zeros(batch, _MEMORY, *cells),
            torch.zeros(batch, 1, 1, 1),
        )

    def encode(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """The shared features of pictures: (N, 64, h/8, w/8) and (N, 16, h/4, w/4)."""
        shared, fine = self.spatial(self.backbone(image))
        return shared, fine

    def decode(self, shared: Tensor, fine: Tensor) -> Tensor:
        """The map of logits of the spatial stream alone."""
        priors = self.priors()
        spread = priors.expand(shared.shape[0], -1, -1, -1)
        x = self.fuse(torch.cat([shared, spread], 1))
        x = self.refine(torch.cat([double(x), fine], 1))
        return self.answer(x) + double(self.prior_answer(priors))

    def forward(
        self, image: Tensor, key_before: Tensor, memory_before: Tensor, seen_before: Tensor
    ) -> tuple[Tensor, ...]:
        shared, fine = self.encode(image)
        hint, memory, key = self.temporal(shared, key_before, memory_before, seen_before)
        seen = torch.clamp(seen_before + 1.0, max=1.0)
        return self.decode(shared, fine) + double(hint), key, memory, seen
