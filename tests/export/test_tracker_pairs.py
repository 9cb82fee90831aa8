# SPDX-License-Identifier: MIT
"""Pairs for the tracker, made of drawn targets, and what the loss makes of an answer."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from export.data.crops import GROUPS, Crops
from export.data.pairs import Pairs
from export.data.splits import read_split
from export.data.tracks import SIDE, Track
from export.data.views import View, cover, in_sight, turned
from export.following import best_boxes, corners_of, tracking_loss
from export.networks.tracker import SEARCH, TEMPLATE

RED, BLUE = (225, 30, 30), (30, 40, 220)


def shown(colour: tuple[int, int, int], x: float, y: float) -> tuple[np.ndarray, np.ndarray]:
    """An ellipse of 44 x 36 on grey, and its mask."""
    picture, mask = Image.new("RGB", (360, 300), (90, 95, 90)), Image.new("1", (360, 300))
    box = (x - 22, y - 18, x + 21, y + 17)
    ImageDraw.Draw(picture).ellipse(box, fill=colour)
    ImageDraw.Draw(mask).ellipse(box, fill=1)
    return np.asarray(picture), np.asarray(mask)


def track(name: str, group: str, colour: tuple[int, int, int], moments: int) -> Track:
    seen, random = Track(name, group), np.random.default_rng(4)
    for moment in range(moments):
        x, y = 150 + 3 * moment, 140
        picture, mask = shown(colour, x, y)
        box = np.array([x - 22.0, y - 18.0, 44.0, 36.0])
        seen.see(picture, box, 20 * moment, random, mask if group == "masks" else None)
    return seen


def crops_of(*tracks: Track) -> Crops:
    masks = [mask for each in tracks for mask in each.masks or []]
    masked, number = [], 0
    for each in tracks:
        for _ in each.cuts:
            masked.append(number if each.masks else -1)
            number += bool(each.masks)
    return Crops(
        np.array([cut for each in tracks for cut in each.cuts]),
        np.array([box for each in tracks for box in each.boxes]),
        np.array([place for each in tracks for place in each.places]),
        np.repeat(range(len(tracks)), [len(each.cuts) for each in tracks]),
        np.array([moment for each in tracks for moment in each.moments]),
        np.array(masked),
        np.packbits(np.array(masks, bool).reshape(-1, SIDE, SIDE), axis=2),
        np.array([GROUPS.index(each.group) for each in tracks]),
        np.array([each.name for each in tracks]),
    )


@pytest.fixture(scope="module")
def crops() -> Crops:
    return crops_of(
        track("clip", "clips", RED, 12),
        track("other", "clips", BLUE, 3),
        track("still#1", "masks", RED, 1),
        track("another#1", "masks", BLUE, 1),
    )


def extent(image: np.ndarray, channel: int) -> np.ndarray | None:
    """Corners of what has the colour; image (3, side, side)."""
    others = np.delete(image.astype(int), channel, 0).max(0)
    rows, columns = np.nonzero(image[channel].astype(int) - others > 25)
    if len(rows) < 30:
        return None
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], float)


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    sides = (np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])).clip(0)
    areas = [np.prod(each[2:] - each[:2]) for each in (one, other)]
    return float(sides.prod() / (sum(areas) - sides.prod()))


def overlaps(pairs: Pairs, count: int) -> list[float]:
    """Of the boxes of pairs with the target in sight, with what is seen of its colour."""
    found = []
    for index in range(count):
        item = pairs[index]
        colours = [extent(item["template"][:, 20:60, 20:60], channel) for channel in (0, 2)]
        if not item["there"] or sum(each is not None for each in colours) != 1:
            continue
        seen = extent(item["search"], 0 if colours[0] is not None else 2)
        if seen is not None:
            found.append(overlap(seen, np.clip(item["box"], 0, SEARCH)))
    return found


def test_a_cut_holds_its_target_off_the_middle_by_half_a_template_at_most() -> None:
    seen = track("a", "masks", RED, 6)
    assert all(cut.shape == (SIDE, SIDE, 3) for cut in seen.cuts) and seen.masks is not None
    for cut, box, mask in zip(seen.cuts, seen.boxes, seen.masks, strict=True):
        red = extent(cut.transpose(2, 0, 1), 0)
        assert red is not None and np.abs(red - box).max() < 2
        assert np.abs((box[:2] + box[2:]) / 2 - SIDE / 2).max() <= TEMPLATE / 2 + 1
        assert mask.sum() == pytest.approx(np.pi / 4 * np.prod(box[2:] - box[:2]), rel=0.06)
    # The template's square is 80 pixels: a side of (44 + 40)(36 + 40) ** .5 in the picture.
    assert box[2] - box[0] == pytest.approx(44 * TEMPLATE / (84 * 76) ** 0.5, abs=0.1)


def test_targets_of_a_few_pixels_are_left_out() -> None:
    seen = Track("a", "clips")
    seen.see(
        shown(RED, 150, 140)[0], np.array([150.0, 140.0, 5.0, 40.0]), 0, np.random.default_rng()
    )
    assert not seen.cuts


def test_boxes_lie_where_the_target_is_seen(crops: Crops) -> None:
    plain = overlaps(Pairs(crops, 100, seed=3, plain=True), 60)
    assert len(plain) > 30 and min(plain) > 0.85
    # Others are worn, hidden in part, and stand beside others of their colour.
    changed = overlaps(Pairs(crops, 200, seed=3), 100)
    assert len(changed) > 50 and np.median(changed) > 0.85


def test_a_turned_target_has_the_box_round_its_mask() -> None:
    picture = np.full((300, 360, 3), 90, np.uint8)
    picture[120:160, 120:200] = RED
    seen = Track("a", "masks")
    mask = (picture == RED).all(2)
    random = np.random.default_rng(0)
    seen.see(picture, np.array([120.0, 120.0, 80.0, 40.0]), 0, random, mask)
    pairs = Pairs(crops_of(seen), 1)
    box = pairs.crops.boxes[0]
    view = View((box[:2] + box[2:]) / 2, turned(40, 1, 1, False), SEARCH)
    shown = extent(np.asarray(pairs._picture(0, view)).transpose(2, 0, 1), 0)
    assert shown is not None and np.abs(pairs._box(0, view) - shown).max() < 3
    # Without a mask it is that of the ellipse inside.
    assert (view.place(box)[2:] < shown[2:] - 3).all()


def test_targets_lie_off_the_middle_of_the_search_picture(crops: Crops) -> None:
    pairs = Pairs(crops, 200, seed=3)
    boxes = np.array([item["box"] for item in (pairs[index] for index in range(80))])
    off = (boxes[:, :2] + boxes[:, 2:]) / 2 - SEARCH / 2
    assert (np.abs(off).max(1) > TEMPLATE / 2).mean() > 0.1
    assert np.abs(off).max() <= 0.85 * TEMPLATE + 2
    widths = boxes[:, 2] - boxes[:, 0]
    assert widths.max() / widths.min() > 1.8


def test_some_search_pictures_show_another_target_and_none_the_same_picture(crops: Crops) -> None:
    pairs, random = Pairs(crops, 10), np.random.default_rng(7)
    chosen = [pairs.choose(random) for _ in range(2000)]
    absent = [(a, b) for a, b, there in chosen if not there]
    assert 0.02 < len(absent) / len(chosen) < 0.12
    names = crops.names[crops.tracks]
    assert all(names[a].split("#")[0] != names[b].split("#")[0] for a, b in absent)
    assert all(crops.tracks[a] == crops.tracks[b] for a, b, there in chosen if there)
    gaps = [abs(crops.moments[a] - crops.moments[b]) for a, b, there in chosen if there]
    assert max(gaps) <= 110 < crops.moments.max()
    clips = [a == b for a, b, there in chosen if there and crops.tracks[a] == 0]
    assert 0.05 < np.mean(clips) < 0.25


@pytest.fixture(scope="module")
def two() -> Pairs:
    """Pairs of a red and a blue target, seen in the same pictures."""
    picture = np.full((300, 500, 3), 90, np.uint8)
    picture[120:156, 150:194] = RED
    picture[130:166, 260:304] = BLUE
    random = np.random.default_rng(3)
    tracks = [Track(f"clip#{number}", "followed") for number in range(2)]
    for moment in range(4):
        for seen, x, y in zip(tracks, (150.0, 260.0), (120.0, 130.0), strict=True):
            seen.see(picture, np.array([x, y, 44.0, 36.0]), moment, random)
    return Pairs(crops_of(*tracks), 200, seed=2)


def test_a_neighbour_is_another_target_of_the_same_picture(two: Pairs) -> None:
    assert two.neighbours(1).tolist() == [5] and two.neighbours(6).tolist() == [2]
    red = extent(two.crops.cuts[5].transpose(2, 0, 1), 0)
    assert red is not None and np.abs(two.beside(1, 5) - red).max() < 2


def test_a_target_of_another_source_or_of_the_same_place_is_no_neighbour(crops: Crops) -> None:
    assert not any(len(Pairs(crops, 1).neighbours(index)) for index in range(len(crops.boxes)))
    picture, random = shown(RED, 150, 140)[0], np.random.default_rng(1)
    twins = [Track(f"clip#{number}", "followed") for number in range(2)]
    for seen in twins:
        seen.see(picture, np.array([128.0, 122.0, 44.0, 36.0]), 0, random)
    assert not len(Pairs(crops_of(*twins), 1).neighbours(0))


def test_search_pictures_about_a_neighbour_know_the_target_where_it_is_seen(two: Pairs) -> None:
    random = np.random.default_rng(8)
    found = [two._search(1, True, False, True, random) for _ in range(300)]
    about = [(view, box) for index, view, box in found if index == 5]
    assert 0.1 < len(about) / len(found) < 0.4
    shares = np.array([in_sight(box, SEARCH) for _, box in about])
    assert ((shares <= 0.05) | (shares >= 0.6)).all() and 0.05 < (shares > 0.5).mean() < 0.9
    for view, box in about:
        red = extent(np.asarray(two._picture(5, view)).transpose(2, 0, 1), 0)
        if in_sight(box, SEARCH) == 1 and abs(view.matrix[0, 1]) < 0.05:
            assert red is not None and np.abs(red - box).max() < 5
        elif in_sight(box, SEARCH) == 0 and abs(view.matrix[0, 1]) < 0.05:
            assert red is None


def test_a_covered_target_is_not_seen_and_its_neighbour_is(two: Pairs) -> None:
    view = View(np.full(2, SIDE / 2), np.eye(2), SEARCH)
    picture, box = two._picture(1, view), view.place(two.crops.boxes[1])
    assert extent(np.asarray(picture).transpose(2, 0, 1), 0) is not None
    assert cover(picture, box)
    assert extent(np.asarray(picture).transpose(2, 0, 1), 0) is None
    wide = np.array([4.0, 4.0, 150.0, 150.0])
    assert not cover(picture, wide)  # nothing lies beside it


def test_a_pair_follows_from_seed_index_and_round(crops: Crops) -> None:
    one, other = Pairs(crops, 10, seed=1), Pairs(crops, 10, seed=2)
    first, again = one[3, 1], one[3, 1]
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert first["template"].shape == (3, TEMPLATE, TEMPLATE)
    assert first["search"].shape == (3, SEARCH, SEARCH)
    for different in (one[3, 2], one[4, 1], other[3, 1]):
        assert not np.array_equal(first["search"], different["search"])


def test_no_clip_is_in_two_lists_and_what_others_hold_out_is_not_learned() -> None:
    lists = {name: set(read_split("tracks", name)) for name in ("train", "val", "test")}
    assert not lists["train"] & lists["val"] and not lists["train"] & lists["test"]
    assert not lists["val"] & lists["test"]
    for kind in ("boxes", "subjects", "fixations"):
        folder = "fixations/" if kind == "fixations" else ""
        held = {folder + item for item in read_split(kind, "test")}
        assert not held & (lists["train"] | lists["val"]), kind
    cuts = set(read_split("cuts", "test"))
    assert not cuts & lists["train"]


def answer(box: tuple[float, ...], scores: float) -> tuple[torch.Tensor, torch.Tensor]:
    """All cells say the box; those in its middle score."""
    place = (torch.arange(20) + 0.5) * 8
    x, y = place[None, :].expand(20, 20), place[:, None].expand(20, 20)
    sides = torch.stack([x - box[0], y - box[1], box[2] - x, box[3] - y])[None]
    middle = torch.tensor([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    near = ((x - middle[0]).abs() < 10) & ((y - middle[1]).abs() < 10)
    return torch.where(near, scores, -4.0)[None, None], sides


BOX = (60.0, 50.0, 108.0, 90.0)


def losses(logits: torch.Tensor, sides: torch.Tensor, there: float = 1.0) -> list[float]:
    return [
        float(x) for x in tracking_loss(logits, sides, torch.tensor([BOX]), torch.tensor([there]))
    ]


def test_the_loss_falls_with_better_scores_and_with_better_boxes() -> None:
    good, timid = losses(*answer(BOX, 4.0)), losses(*answer(BOX, -4.0))
    assert good[0] < timid[0] and good[1] == pytest.approx(0, abs=1e-4)
    far = losses(answer(BOX, 4.0)[0], answer((64.0, 60.0, 150.0, 120.0), 4.0)[1])
    assert far[1] > 0.3
    elsewhere = losses(answer((10.0, 110.0, 58.0, 150.0), 4.0)[0], answer(BOX, 4.0)[1])
    assert elsewhere[0] > good[0]


def test_cells_off_the_target_learn_no_box() -> None:
    logits, sides = answer(BOX, 4.0)
    sides[..., 16:] *= 3  # far to the right of it
    assert losses(logits, sides)[1] == pytest.approx(0, abs=1e-4)
    sides[..., 8, 10] *= 3  # in its middle
    assert losses(logits, sides)[1] > 0.01


def test_where_the_target_is_not_there_scores_cost_and_boxes_nothing() -> None:
    proud, quiet = losses(*answer(BOX, 4.0), there=0.0), losses(*answer(BOX, -4.0), there=0.0)
    assert proud[0] > quiet[0] and proud[1] == quiet[1] == 0


def test_the_best_cell_off_the_target_costs_the_most() -> None:
    logits, sides = answer(BOX, 4.0)
    before = losses(logits, sides)[0]
    one, many = logits.clone(), logits.clone()
    one[..., 17, 2] = 2.0
    many[..., 15:19, 1:4] = 2.0
    first, all_of_them = losses(one, sides)[0] - before, losses(many, sides)[0] - before
    assert first > 1  # not shared among the 400 cells
    assert all_of_them < 12 * first


def test_the_best_cell_says_the_box() -> None:
    logits, sides = answer(BOX, 4.0)
    assert best_boxes(logits, sides)[0].tolist() == pytest.approx(BOX, abs=1e-4)
    assert corners_of(sides).shape == (1, 400, 4)
