# SPDX-License-Identifier: MIT
"""What a network costs, counted by torch's counter."""

from __future__ import annotations

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from export.action.backbones import Backbone


def giga_flops(backbone: Backbone, size: int) -> float:
    """Cost of one frame of size x size, in 1e9.

    A multiplication with its addition counts once, as in the tables of the papers; torch counts
    it twice.
    """
    training = backbone.training
    backbone.eval()
    device = backbone.mean.device
    counter = FlopCounterMode(display=False)
    # Fused attention is not counted on every processor, its parts are.
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), counter:
        backbone(torch.zeros(1, 3, size, size, device=device))
    backbone.train(training)
    return float(counter.get_total_flops()) / 2e9
