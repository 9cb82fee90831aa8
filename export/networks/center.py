# SPDX-License-Identifier: MIT
"""The crop-centre network: where the middle of the window belongs, made for sports.

A feature network's 7 x 7 grid is kept by a 1x1 neck and doubled twice by a fully convolutional
decoder to a map of 28 x 28, whose spatial softmax is the probability of the centre: two distant
subjects stay two peaks.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from export.networks.base import HeatmapNetwork
from export.networks.mobilenet import MobileNetV2


def _stage(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Upsample(scale_factor=2.0, mode="bilinear", align_corners=False),
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.LeakyReLU(0.1),
    )


class CenterNetwork(HeatmapNetwork):
    """224 x 224 in, logits of the window's centre on 28 x 28 cells out."""

    name = "center"
    size = (224, 224)

    def __init__(self) -> None:
        super().__init__()
        self.backbone = MobileNetV2(stages=6)
        self.neck = nn.Sequential(
            nn.Conv2d(self.backbone.widths[-1], 96, 1, bias=False),
            nn.BatchNorm2d(96),
            nn.LeakyReLU(0.1),
        )
        self.decoder = nn.Sequential(_stage(96, 64), _stage(64, 32))
        self.answer = nn.Conv2d(32, 1, 1)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        return (self.answer(self.decoder(self.neck(self.backbone(image)[-1]))),)


def expected_centre(logits: Tensor) -> Tensor:
    """Mean of the probability map, (N, 2): x, y as shares of the picture."""
    height, width = logits.shape[-2:]
    share = torch.softmax(logits.flatten(1), 1).view(-1, height, width)
    x = (torch.arange(width, device=logits.device) + 0.5) / width
    y = (torch.arange(height, device=logits.device) + 0.5) / height
    return torch.stack([(share.sum(1) * x).sum(1), (share.sum(2) * y).sum(1)], 1)
