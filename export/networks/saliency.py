# SPDX-License-Identifier: MIT
"""Two-stream video saliency in streaming form: one new frame in, cached state in and out.

A spatial stream looks at the newest frame; a temporal stream compares its brightness with that of
the frame before, takes the camera's motion out and remembers in a recurrent cell of one gate what
moved. A frame costs one pass of the feature network. The temporal stream can raise or lower a place
by a bounded factor and no more: motion is a hint. After the design of UAVSal (Zhang, Chen and Liu,
"UAVSal: a lightweight spatio-temporal network", IEEE TCSVT 2022) and of UNISAL (Droste, Jiao and
Noble, "Unified Image and Video Saliency Modeling", ECCV 2020), made to fit a CPU.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from export.networks.base import HeatmapNetwork, double, pointwise, separable
from export.networks.mobilenet import MobileNetV2
from export.networks.motion import Motion, grey
from export.networks.priors import GaussianPriors

_MEMORY = 24  # channels of the recurrent cell
# Halvings of the grey picture and steps at each: where the camera is looked for.
_CAMERA_PLAN = ((3, 3), (2, 2), (1, 1))
_SHARED = 64
_LARGEST_HINT = 2.0  # of the temporal stream, in nats
# Of the hint beside the spatial stream's map: both speak of the same subject, so that part of what
# the one says the other has said. Chosen on the watched clips.
HINT_SHARE = 0.5


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
    """What moves against the camera, remembered for some frames.

    It sees no picture but only speeds (``Motion``), so that it cannot learn by heart what the few
    labelled clips show. The gate of the recurrent cell says how much of the memory is renewed
    (Zhou, Wu, Zhang and Zhou, "Minimal gated unit", IJAC 2016).
    """

    def __init__(self, size: tuple[int, int], cells: tuple[int, int]) -> None:
        """Of pictures of this size, on a grid of so many cells."""
        super().__init__()
        self.grey_size, self.cells = (size[0] // 2, size[1] // 2), cells
        self.motion = Motion(self.grey_size, cells, _CAMERA_PLAN)
        self.input = nn.Sequential(pointwise(Motion.CHANNELS, _MEMORY), separable(_MEMORY, _MEMORY))
        self.gate = nn.Conv2d(2 * _MEMORY, _MEMORY, 1)
        self.hint = nn.Sequential(separable(_MEMORY, 16), nn.Conv2d(16, 1, 1))
        nn.init.zeros_(self.hint[1].weight)
        nn.init.zeros_(self.hint[1].bias)

    def forward(self, now: Tensor, before: Tensor, memory: Tensor, seen: Tensor) -> list[Tensor]:
        """One step: the hint (N, 1, h, w) in nats and the memory for the next step.

        ``now`` and ``before`` are grey pictures. ``seen`` (N, 1, 1, 1) is 0 on the first frame,
        which has none before it and gets no hint.
        """
        x = self.input(self.motion(before, now))
        gate = torch.sigmoid(self.gate(torch.cat([x, memory], 1)))
        memory = (memory + gate * (x - memory)) * seen
        return [_LARGEST_HINT * torch.tanh(self.hint(memory)) * seen, memory]


class SaliencyNetwork(HeatmapNetwork):
    """The default model: 128 x 224 in, logits on 32 x 56 cells out."""

    name = "saliency"
    size = (128, 224)
    state_names = (
        ("grey_before", "grey"),
        ("memory_before", "memory"),
        ("seen_before", "seen"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.backbone = MobileNetV2(stages=6)
        self.spatial = SpatialStream(self.backbone.widths)
        middle = (self.size[0] // 8, self.size[1] // 8)
        self.priors = GaussianPriors(8, middle)
        self.fuse = separable(_SHARED + 8, 48)
        self.refine = separable(64, 32)
        self.answer = nn.Conv2d(32, 1, 1)
        self.prior_answer = nn.Conv2d(8, 1, 1, bias=False)
        # The last one, so that the others start from the same weights whatever it is made of.
        self.temporal = TemporalStream(self.size, middle)

    def initial_state(self, batch: int) -> tuple[Tensor, ...]:
        return (
            torch.zeros(batch, 1, *self.temporal.grey_size),
            torch.zeros(batch, _MEMORY, *self.temporal.cells),
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
        self, image: Tensor, grey_before: Tensor, memory_before: Tensor, seen_before: Tensor
    ) -> tuple[Tensor, ...]:
        shared, fine = self.encode(image)
        now = grey(image)
        hint, memory = self.temporal(now, grey_before, memory_before, seen_before)
        seen = torch.clamp(seen_before + 1.0, max=1.0)
        return self.decode(shared, fine) + double(HINT_SHARE * hint), now, memory, seen
