# SPDX-License-Identifier: MIT
"""Which cells learn a box, what the loss makes of it, and how the detector's rows are read."""

from __future__ import annotations

import torch

from export.detection import Targets, assign, detection_loss, fit
from export.networks.subjects import SubjectsNetwork, cells_of

SIZE = (64, 96)


def places() -> tuple[torch.Tensor, torch.Tensor]:
    cells, strides = cells_of(SIZE)
    return cells * strides, strides


def targets(*rows: tuple[tuple[float, ...], int, bool]) -> Targets:
    return Targets(
        torch.tensor([[box for box, _, _ in rows]]),
        torch.tensor([[kind for _, kind, _ in rows]]),
        torch.tensor([[sure for _, _, sure in rows]]),
    )


def boxes_about(centres: torch.Tensor, side: float) -> torch.Tensor:
    """Each cell proposes a square about its own middle."""
    return torch.cat([centres - side / 2, centres + side / 2], 1)[None]


def test_the_cells_nearest_to_a_box_learn_it_and_no_others() -> None:
    centres, strides = places()
    wanted = targets(((20.0, 20.0, 44.0, 44.0), 1, True))
    scores = torch.full((1, len(centres), 2), 0.1)
    duties = assign(scores, boxes_about(centres, 24), wanted, centres, strides)
    learning = duties.weights[0] > 0
    assert 1 <= int(learning.sum()) <= 9
    assert (centres[learning] - 32).abs().max() <= 12
    assert duties.scores[0, learning, 1].max() > 0.5 and not duties.scores[0, :, 0].any()
    assert torch.equal(duties.boxes[0, learning][0], wanted.boxes[0, 0])


def test_a_cell_that_two_boxes_want_learns_the_one_that_it_fits() -> None:
    centres, strides = places()
    small, large = (24.0, 24.0, 40.0, 40.0), (8.0, 8.0, 56.0, 56.0)
    scores = torch.full((1, len(centres), 2), 0.1)
    proposals = boxes_about(centres, 16)
    both = targets((small, 0, True), (large, 1, True))
    duties = assign(scores, proposals, both, centres, strides)
    nearest = int((centres - 32).square().sum(1).argmin())
    assert duties.boxes[0, nearest].tolist() == list(small)
    assert duties.scores[0, nearest, 0] > 0 and duties.scores[0, nearest, 1] == 0


def test_a_doubtful_box_is_neither_learned_nor_held_against_its_kind() -> None:
    centres, strides = places()
    scores = torch.full((1, len(centres), 2), 0.1)
    duties = assign(
        scores,
        boxes_about(centres, 24),
        targets(((20.0, 20.0, 44.0, 44.0), 1, False)),
        centres,
        strides,
    )
    within = ((centres > 20) & (centres < 44)).all(1)
    assert not duties.weights.any()
    assert not duties.counts[0, within, 1].any() and duties.counts[0, within, 0].all()
    assert duties.counts[0, ~within].all()


def test_the_loss_falls_with_better_scores_and_with_better_boxes() -> None:
    centres, strides = places()
    wanted = targets(((20.0, 20.0, 44.0, 44.0), 0, True))
    flat = torch.full((1, len(centres), 2), -2.0)
    sharp = flat.clone()
    near = (centres - 32).abs().amax(1) < 8
    sharp[0, near, 0] = 2.0
    good, bad = boxes_about(centres, 24), boxes_about(centres, 60)

    def loss(logits: torch.Tensor, boxes: torch.Tensor) -> tuple[float, float]:
        scores, boxes = detection_loss(logits, boxes, wanted, centres, strides)
        return float(scores), float(boxes)

    assert loss(sharp, good)[0] < loss(flat, good)[0]
    assert loss(flat, good)[1] < loss(flat, bad)[1]
    wrong = flat.clone()
    wrong[0, near, 1] = 2.0  # of the other kind
    assert loss(wrong, good)[0] > loss(flat, good)[0]


def test_kinds_are_counted_from_the_first_of_a_head() -> None:
    every = targets(
        ((0.0, 0.0, 9.0, 9.0), 0, True),
        ((1.0, 0.0, 9.0, 9.0), 2, True),
        ((2.0, 0.0, 9.0, 9.0), 1, False),
        ((0.0, 0.0, 0.0, 0.0), -1, False),
    )
    bodies = every.of_kinds(1, 2)
    assert bodies.kinds.tolist() == [[1, 0]] and bodies.sure.tolist() == [[True, False]]
    assert bodies.boxes[0, :, 0].tolist() == [1.0, 2.0]
    assert every.of_kinds(0, 1).kinds.tolist() == [[0]]


def test_the_general_overlap_tells_how_far_off_a_box_is() -> None:
    here = torch.tensor([0.0, 0.0, 10.0, 10.0])
    near, far = torch.tensor([12.0, 0.0, 22.0, 10.0]), torch.tensor([40.0, 0.0, 50.0, 10.0])
    assert fit(here, here) == 1 or abs(float(fit(here, here)) - 1) < 1e-5
    assert fit(here, near) == 0 == fit(here, far)
    assert fit(here, near, general=True) > fit(here, far, general=True) > -1


def test_rows_say_in_pixels_what_the_cells_propose() -> None:
    torch.manual_seed(0)
    network = SubjectsNetwork().eval()
    image = torch.rand(1, 3, *network.size) * 2 - 1
    with torch.no_grad():
        found = network.propose(image)
        (rows,) = network(image)
    cells = len(network.cells)
    assert rows.shape == (1, 2 * cells, 5 + len(network.classes))
    corners = torch.cat([rows[..., :2] - rows[..., 2:4] / 2, rows[..., :2] + rows[..., 2:4] / 2], 2)
    expected = torch.cat([found.body_boxes, found.face_boxes], 1)
    assert torch.allclose(corners, expected, atol=1e-3)
    assert torch.allclose(rows[0, :cells, 6:], found.bodies[0].sigmoid())
    assert torch.allclose(rows[0, cells:, 5:6], found.faces[0].sigmoid())
    assert not rows[0, :cells, 5].any() and not rows[0, cells:, 6:].any()
    # Before anything is learned each box lies about its own cell.
    middles = (network.cells * network.strides).repeat(2, 1)
    assert (rows[0, :, :2] - middles).abs().max() < 16
