# SPDX-License-Identifier: MIT
"""What the detector is trained to answer: which cells are responsible for a box, and the loss.

A cell is responsible for a box where its score and the fit of its own box are best (Feng et al.,
"TOOD: Task-aligned One-stage Object Detection", ICCV 2021). Scores learn how well the box fits
(Zhang et al., "VarifocalNet", CVPR 2021), boxes the generalised overlap (Rezatofighi et al.,
"Generalized Intersection over Union", CVPR 2019).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

_BEST = 9  # cells that learn a box
_SCORE_POWER, _FIT_POWER = 0.5, 4.0
_NEAR = (
    1.5  # strides from the middle of a box within which a cell may learn it, however small it is
)
_EASY = 0.75  # weight of the cells that show nothing
BOX_WEIGHT = 2.0


class Targets(NamedTuple):
    """Of a batch: boxes (N, M, 4) in pixels, kinds (N, M) below 0 for none, and which are sure.

    Kinds count from 0 within the scores that they are compared with.
    """

    boxes: Tensor
    kinds: Tensor
    sure: Tensor

    def of_kinds(self, first: int, count: int) -> Targets:
        """Those of some kinds in a row, counted from the first of them."""
        mine = (self.kinds >= first) & (self.kinds < first + count)
        most = max(1, int(mine.sum(1).max()))
        order = mine.long().argsort(dim=1, descending=True, stable=True)[:, :most]
        boxes, kinds, sure = (
            self.boxes.gather(1, order[..., None].expand(-1, -1, 4)),
            torch.where(mine, self.kinds - first, -1).gather(1, order),
            self.sure.gather(1, order),
        )
        return Targets(boxes, kinds, sure)


class Duties(NamedTuple):
    """What each cell has to learn, (N, cells, ...)."""

    scores: Tensor  # (N, cells, kinds)
    counts: Tensor  # (N, cells, kinds): 0 where a cell may say what it likes
    boxes: Tensor  # (N, cells, 4)
    weights: Tensor  # (N, cells): of the box; 0 for none


def areas(boxes: Tensor) -> Tensor:
    """Area of boxes (..., 4)."""
    left, top, right, bottom = boxes.unbind(-1)
    return (right - left).clamp(min=0) * (bottom - top).clamp(min=0)


def fit(a: Tensor, b: Tensor, *, general: bool = False) -> Tensor:
    """Intersection over union of boxes that broadcast; with ``general`` its generalised form."""
    # Side by side: operations along a dimension of four are many times slower.
    one, two = a.unbind(-1), b.unbind(-1)
    low = [torch.maximum(one[i], two[i]) for i in (0, 1)]
    high = [torch.minimum(one[i], two[i]) for i in (2, 3)]
    shared = (high[0] - low[0]).clamp(min=0) * (high[1] - low[1]).clamp(min=0)
    union = areas(a) + areas(b) - shared + 1e-6
    if not general:
        return shared / union
    low = [torch.minimum(one[i], two[i]) for i in (0, 1)]
    high = [torch.maximum(one[i], two[i]) for i in (2, 3)]
    hull = (high[0] - low[0]) * (high[1] - low[1]) + 1e-6
    return shared / union - (hull - union) / hull


def inside(places: Tensor, boxes: Tensor) -> Tensor:
    """Which places (cells, 2) lie in which boxes: (N, M, cells)."""
    x, y = places.unbind(-1)
    left, top, right, bottom = boxes[:, :, None].unbind(-1)
    return (x > left) & (x < right) & (y > top) & (y < bottom)


@torch.no_grad()
def assign(
    scores: Tensor, boxes: Tensor, targets: Targets, places: Tensor, strides: Tensor
) -> Duties:
    """Choose the cells that learn each box.

    Parameters
    ----------
    scores : Tensor
        (N, cells, kinds) from 0 to 1.
    boxes : Tensor
        (N, cells, 4) that the cells propose now, pixels.
    places, strides : Tensor
        Middles of the cells, (cells, 2) pixels, and their strides, (cells, 1).
    """
    cells, kinds = scores.shape[1:]
    wanted = (targets.kinds >= 0) & targets.sure
    of_kind = targets.kinds.clamp(min=0)
    overlap = fit(targets.boxes[:, :, None], boxes[:, None])  # (N, M, cells)
    score = scores.transpose(1, 2).gather(1, of_kind[:, :, None].expand(-1, -1, cells))
    middles = (targets.boxes[..., :2] + targets.boxes[..., 2:]) / 2
    across, down = ((places[:, i] - middles[:, :, i, None]).abs() for i in (0, 1))
    near = torch.maximum(across, down) <= _NEAR * strides[:, 0]
    within = inside(places, targets.boxes)
    allowed = (within | near) & wanted[..., None]
    merit = score.pow(_SCORE_POWER) * overlap.pow(_FIT_POWER) * allowed
    best = merit.topk(_BEST, -1)
    chosen = torch.zeros_like(allowed).scatter_(2, best.indices, best.values > 0)
    # A cell learns one box: the one that its own fits best.
    rivals = torch.where(chosen, overlap, -1.0)
    winner = rivals.max(1)
    duty = winner.values >= 0
    chosen &= (
        torch.arange(chosen.shape[1], device=chosen.device)[:, None] == winner.indices[:, None]
    )
    merit, overlap = merit * chosen, overlap * chosen
    top = merit.amax(-1, keepdim=True)
    quality = merit / (top + 1e-9) * overlap.amax(-1, keepdim=True)
    weights = quality.gather(1, winner.indices[:, None])[:, 0] * duty
    kind = of_kind.gather(1, winner.indices)
    goals = functional.one_hot(kind, kinds) * weights[..., None]
    doubtful = (targets.kinds >= 0) & ~targets.sure
    passed = within & doubtful[..., None]
    free = [(passed & (of_kind == k)[..., None]).any(1) for k in range(kinds)]
    counts = (~torch.stack(free, -1) | (duty[..., None] & (goals > 0))).to(scores.dtype)
    learned = targets.boxes.gather(1, winner.indices[..., None].expand(-1, -1, 4))
    return Duties(goals.to(scores.dtype), counts, learned, weights)


def detection_loss(
    logits: Tensor, boxes: Tensor, targets: Targets, places: Tensor, strides: Tensor
) -> tuple[Tensor, Tensor]:
    """Losses of scores and of boxes, each for about one responsible cell."""
    scores = logits.detach().sigmoid()
    duties = assign(scores, boxes.detach(), targets, places, strides)
    known = (duties.scores > 0).to(scores.dtype)
    weight = (known * duties.scores + (1 - known) * _EASY * scores.square()) * duties.counts
    each = functional.binary_cross_entropy_with_logits(logits, duties.scores, reduction="none")
    total = duties.weights.sum().clamp(min=1.0)
    off = 1 - fit(boxes, duties.boxes, general=True)
    return (weight * each).sum() / total, BOX_WEIGHT * (duties.weights * off).sum() / total
