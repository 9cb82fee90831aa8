# SPDX-License-Identifier: MIT
"""Losses between a map of logits and a density, in float32.

The sum KL - 0.1 CC - 0.1 NSS and its weights are those of Droste, Jiao and Noble, "Unified Image
and Video Saliency Modeling" (ECCV 2020); the measures are those of Bylinskii et al., "What do
different evaluation metrics tell us about saliency models?" (PAMI 2019).
"""

from __future__ import annotations

import torch
from torch import Tensor

CC_WEIGHT = 0.1
NSS_WEIGHT = 0.1


def divergence(logits: Tensor, density: Tensor) -> Tensor:
    """Kullback-Leibler divergence of each item's softmax map from its density, (N,)."""
    logs = torch.log_softmax(logits.float().flatten(1), 1)
    density = density.flatten(1)
    return (density * (torch.log(density + 1e-12) - logs)).sum(1)


def correlation(logits: Tensor, density: Tensor) -> Tensor:
    """Pearson correlation of each item's softmax map with its density, (N,)."""
    share = torch.softmax(logits.float().flatten(1), 1)
    a = share - share.mean(1, keepdim=True)
    density = density.flatten(1)
    b = density - density.mean(1, keepdim=True)
    return (a * b).sum(1) / (a.square().sum(1) * b.square().sum(1) + 1e-20).sqrt()


def scanpath(logits: Tensor, counts: Tensor) -> Tensor:
    """Normalised scanpath saliency: the standardised map at the fixations, (N,)."""
    share = torch.softmax(logits.float().flatten(1), 1)
    z = (share - share.mean(1, keepdim=True)) / (share.std(1, keepdim=True) + 1e-12)
    counts = counts.flatten(1)
    return (z * counts).sum(1) / counts.sum(1).clamp(min=1)


def gaze_loss(logits: Tensor, density: Tensor, counts: Tensor) -> Tensor:
    """What the saliency network's maps of stills are trained with, (N,)."""
    return (
        divergence(logits, density)
        - CC_WEIGHT * correlation(logits, density)
        - NSS_WEIGHT * scanpath(logits, counts)
    )


def subject_loss(logits: Tensor, density: Tensor) -> Tensor:
    """What a subject's map is trained with, (N,)."""
    return divergence(logits, density) - CC_WEIGHT * correlation(logits, density)
