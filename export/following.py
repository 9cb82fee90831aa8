# SPDX-License-Identifier: MIT
"""What the tracker is trained to answer: which cells know the target, and the loss.

Cells in the middle of the target say how well their own box fits (Zhang et al., "VarifocalNet",
CVPR 2021), those outside of it nothing, and those between what they like (the two ellipses of
SiamBAN, Chen et al., CVPR 2020). Boxes learn the generalised overlap. What the loop goes by are the
best cell on the target and the best one off it, so these two learn once more: how well its box
fits, and nothing.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from export.detection import fit
from export.networks.tracker import STRIDE, cells

_INNER, _OUTER = 0.5, 1.0  # half-axes of the two ellipses, in halves of the box's sides
_LEAST = 0.75  # half-axis of the inner one at least, in cells; of the outer one a cell more
_EASY = 0.5  # weight of the cells that show nothing
BOX_WEIGHT = 2.0
_BEST_WEIGHT = 0.5  # of the two best cells


def corners_of(sides: Tensor) -> Tensor:
    """From distances (N, 4, g, g) to corners (N, cells, 4) in pixels of the search picture."""
    place = cells(sides.device)
    left, top, right, bottom = sides.unbind(1)
    x, y = place[None, None, :], place[None, :, None]
    return torch.stack([x - left, y - top, x + right, y + bottom], -1).flatten(1, 2)


def far_from(boxes: Tensor, share: float, least: float) -> Tensor:
    """How far cells are from the middles of boxes (N, 4): 1 on an ellipse; (N, cells)."""
    place = cells(boxes.device)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = ((boxes[:, 2:] - boxes[:, :2]) / 2 * share).clamp(min=least * STRIDE)
    x = (place[None, :] - middle[:, :1]) / half[:, :1]
    y = (place[None, :] - middle[:, 1:]) / half[:, 1:]
    return (y[:, :, None].square() + x[:, None, :].square()).flatten(1)


def tracking_loss(
    logits: Tensor, sides: Tensor, boxes: Tensor, there: Tensor
) -> tuple[Tensor, Tensor]:
    """Losses of scores and of boxes.

    Parameters
    ----------
    logits, sides : Tensor
        (N, 1, g, g) and (N, 4, g, g), what the network answers.
    boxes, there : Tensor
        (N, 4) corners in pixels, and (N,) whether the target is in the picture.
    """
    logits, proposed = logits.flatten(1), corners_of(sides)
    present = there[:, None] > 0
    known = (far_from(boxes, _INNER, _LEAST) <= 1) & present
    passed = (far_from(boxes, _OUTER, _LEAST + 1) <= 1) & present & ~known
    overlap = fit(proposed, boxes[:, None])
    goals = overlap.detach().clamp(min=0.05) * known
    chance = logits.detach().sigmoid()
    weight = torch.where(known, (goals - chance).abs() + goals, _EASY * chance.square()) * ~passed
    each = functional.binary_cross_entropy_with_logits(logits, goals, reduction="none")
    # Each picture counts alike, however many cells its target fills.
    count = known.sum(1).clamp(min=1)
    scores = ((weight * each).sum(1) / count.clamp(min=4)).mean()
    for cells_of in (known, ~known & ~passed):
        scores = scores + _BEST_WEIGHT * best(each, chance, cells_of)
    off = 1 - fit(proposed, boxes[:, None], general=True)
    share = (known * off).sum(1) / count
    return scores, BOX_WEIGHT * share.sum() / there.sum().clamp(min=1)


def best(losses: Tensor, scores: Tensor, among: Tensor) -> Tensor:
    """Mean loss of each picture's best cell among some (N, cells); without any, nothing."""
    place = scores.masked_fill(~among, -1).argmax(1, keepdim=True)
    picked = losses.gather(1, place) * among.gather(1, place)
    return picked.mean()


def best_boxes(logits: Tensor, sides: Tensor) -> Tensor:
    """Boxes (N, 4) of the cells with the best score."""
    best = logits.flatten(1).argmax(1)
    return corners_of(sides)[torch.arange(len(best), device=best.device), best]
