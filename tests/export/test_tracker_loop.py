# SPDX-License-Identifier: MIT
"""How a target is followed, lost and taken up again, with a tracker that knows it by its colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from export.data.followed import Source, followed_tracks, there_and_back
from export.detector import Found
from export.judging.tracking import Following, Tracker, follow
from export.tracker import cut, template_side
from export.writing.trackers import Pairing

# Chosen for these tests: those of the loop are chosen on clips.
NUMBERS = Following(change=0.05, near=0.35, rate=0.35, seen=0.15, patience=5, again=0.5)
WIDTH, HEIGHT = 400, 240
RED, GREEN = (220, 40, 30), (40, 190, 60)


class Finder:
    """Takes what has the colour of the template's middle; each patch answers its own box."""

    pairing = Pairing("finder_trunk.onnx", 80, 0.5, (4.0, 8.0), "plain")
    side = 160
    window = np.outer(np.hanning(20), np.hanning(20))

    def features(self, crop: np.ndarray) -> np.ndarray:
        return crop.astype(float)

    def compare(self, template: np.ndarray, search: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        colour = template[38:42, 38:42].mean((0, 1))
        patches, _ = ndimage.label(np.abs(search - colour).max(2) < 60)
        scores = np.zeros((20, 20))
        boxes = np.tile([0.0, 0.0, 8.0, 8.0], (20, 20, 1))
        for number, (rows, columns) in enumerate(ndimage.find_objects(patches), 1):
            cells = patches[4::8, 4::8] == number
            scores[cells] = 0.9
            boxes[cells] = (columns.start, rows.start, columns.stop, rows.stop)
        return scores, boxes


def scene(*squares: tuple[float, float, float, tuple[int, int, int]]) -> np.ndarray:
    """Coloured squares (middle, side) on a ground with a texture, (240, 400, 3)."""
    ground = np.random.default_rng(0).integers(90, 120, (HEIGHT, WIDTH, 1), dtype=np.uint8)
    picture = np.repeat(ground, 3, 2)
    for x, y, side, colour in squares:
        low_x, low_y = round(x - side / 2), round(y - side / 2)
        part = picture[max(0, low_y) : max(0, round(y + side / 2))]
        part[:, max(0, low_x) : max(0, round(x + side / 2))] = colour
    return picture


def middle(box: tuple[float, ...]) -> tuple[float, float]:
    return box[0] + box[2] / 2, box[1] + box[3] / 2


def test_a_moving_square_is_followed_and_its_size_too() -> None:
    places = [(60 + 8 * k, 80 + 3 * k, 30 + k) for k in range(30)]
    looks = follow(Finder(), [scene((*place, RED)) for place in places], (45, 65, 30, 30), NUMBERS)
    for look, (x, y, side) in zip(looks, places, strict=True):
        assert middle(look.box) == pytest.approx((x, y), abs=2)
        assert side - 6 < look.box[2] <= side + 2 and not look.lost
    assert looks[-1].box[2] > 50


def test_another_colour_is_not_followed() -> None:
    frames = [scene((60, 80, 30, RED), (110, 80, 30, GREEN))]
    frames += [scene((110, 80, 30, GREEN))] * 3
    assert [look.score for look in follow(Finder(), frames, (45, 65, 30, 30), NUMBERS)[1:]] == [
        0
    ] * 3


# The usual window reaches 60 pixels from a target of 30: here it comes back 80 pixels off.
HIDDEN = [scene((100, 100, 30, RED))] + [scene()] * 8 + [scene((180, 100, 30, RED))] * 3
START = (85, 85, 30, 30)


def test_a_hidden_target_is_lost_and_taken_up_again_where_the_wider_window_sees_it() -> None:
    looks = follow(Finder(), HIDDEN, START, replace(NUMBERS, wider=(1.5, 2.0)))
    assert [look.lost for look in looks] == [False] * 5 + [True] * 4 + [False] * 3
    assert all(look.box == START for look in looks[:9])  # it stays where it was seen last
    assert middle(looks[-1].box) == pytest.approx((180, 100), abs=2)


def test_without_a_wider_window_it_stays_lost() -> None:
    numbers = replace(NUMBERS, wider=(1.0,))
    looks = follow(Finder(), HIDDEN, START, numbers)
    assert looks[-1].lost and looks[-1].box == START


def test_a_lost_target_has_to_be_seen_better_than_one_that_is_followed() -> None:
    strict = follow(Finder(), HIDDEN, START, replace(NUMBERS, again=0.95))
    assert strict[-1].lost and strict[-1].score == pytest.approx(0.9)
    # The same score is enough as long as it is not lost.
    still = [HIDDEN[0]] * 4
    assert not follow(Finder(), still, START, replace(NUMBERS, again=0.95))[-1].lost


def test_windows_are_searched_in_turn_while_it_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    sides: list[float] = []

    def spy(picture: np.ndarray, at: np.ndarray, side: float, *rest: object) -> np.ndarray:
        sides.append(side)
        return cut(picture, at, side, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("export.judging.tracking.cut", spy)
    numbers = replace(NUMBERS, patience=2, wider=(1.5, 2.0))
    follow(Finder(), [HIDDEN[0]] + [scene()] * 6, START, numbers)
    assert sides == pytest.approx([60, 120, 120, 180, 240, 180, 240])


def test_of_two_alike_that_of_the_same_size_is_taken() -> None:
    large, small = (92, 73, 52, RED), (126, 116, 30, RED)  # the first is the nearer one
    frames = [scene((100, 100, 30, RED)), scene(large, small)]
    strict, blind = (
        follow(Finder(), frames, START, replace(NUMBERS, change=change, near=0.0))[-1]
        for change in (1.0, 0.0)
    )
    assert middle(strict.box) == pytest.approx(small[:2], abs=2)
    assert middle(blind.box) == pytest.approx(large[:2], abs=2)


def test_of_two_alike_the_nearer_is_taken() -> None:
    for left, right in ((84, 146), (54, 116)):
        frames = [scene((100, 100, 30, RED)), scene((left, 100, 30, RED), (right, 100, 30, RED))]
        look = follow(Finder(), frames, START, NUMBERS)[-1]
        nearest = min(left, right, key=lambda x: abs(x - 100))
        assert middle(look.box)[0] == pytest.approx(nearest, abs=2)


class Leaning(Finder):
    """Says that all is 40 pixels farther left."""

    def compare(self, template: np.ndarray, search: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        scores, boxes = super().compare(template, search)
        return scores, boxes - [40, 0, 40, 0]


def test_the_middle_never_leaves_the_picture() -> None:
    tracker = Tracker(Leaning(), scene((30, 100, 30, RED)), (15, 85, 30, 30), NUMBERS)
    places = [middle(tracker.look(scene((20, 100, 30, RED))).box)[0] for _ in range(3)]
    assert places[-1] == 0 and min(places) >= 0


def test_a_cut_shows_the_picture_and_its_mean_outside() -> None:
    picture = scene((100, 100, 30, RED))
    fill = np.array([10.0, 20.0, 30.0])
    inner = cut(picture, np.array([100.0, 100.0]), 60.0, 60, fill)
    assert np.array_equal(inner, picture[70:130, 70:130])
    corner = cut(picture, np.array([0.0, 0.0]), 60.0, 60, fill)
    assert np.array_equal(corner[30:, 30:], picture[:30, :30])
    assert (corner[:30] == fill).all() and (corner[:, :30] == fill).all()
    away = cut(picture, np.array([-500.0, 900.0]), 60.0, 20, fill)
    assert away.shape == (20, 20, 3) and (away == fill).all()
    half = cut(picture, np.array([100.0, 100.0]), 120.0, 60, fill)
    red = (half == RED).all(2)
    assert red[23:37, 23:37].all() and not red[:21].any() and not red[:, 39:].any()


def test_a_template_shows_half_of_both_sides_more() -> None:
    # (w + p)(h + p) with p = (w + h) / 2 is 60 x 60 for 30 x 30, and 70 x 40 for 50 x 10 + 30.
    assert template_side(np.array([30.0, 30.0]), 0.5) == pytest.approx(60)
    assert template_side(np.array([50.0, 10.0]), 0.5) == pytest.approx((80 * 40) ** 0.5)


def test_what_is_followed_there_and_back_is_kept() -> None:
    frames = [scene((60 + 8 * k, 100, 30, RED)) for k in range(10)]
    kept = there_and_back(Finder(), frames, np.array([45.0, 85.0, 30.0, 30.0]))  # type: ignore
    assert sorted(kept) == list(range(10))
    assert middle(kept[9]) == pytest.approx((132, 100), abs=2)


def test_what_is_not_found_on_the_way_back_is_not_kept() -> None:
    # The box is of the ground beside the square, which the tracker sees everywhere.
    frames = [scene((60 + 8 * k, 100, 30, RED)) for k in range(5)] + [scene()] * 5
    kept = there_and_back(Finder(), frames, np.array([45.0, 85.0, 30.0, 30.0]))  # type: ignore
    assert sorted(kept) == list(range(5))
    ground = there_and_back(Finder(), frames, np.array([200.0, 60.0, 30.0, 30.0]))  # type: ignore
    assert not ground


class Eyes:
    """Finds a red and a green square as two people."""

    def find(self, picture: np.ndarray) -> list[Found]:
        boxes = []
        for colour in (RED, GREEN):
            rows, columns = np.nonzero((picture == colour).all(2))
            edges = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            boxes.append(np.array(edges) / [WIDTH, HEIGHT, WIDTH, HEIGHT])
        none = Found(np.zeros((0, 4)), np.zeros(0))
        return [none, Found(np.array(boxes), np.ones(2)), none, none]


def test_those_who_are_followed_are_seen_in_the_same_pictures() -> None:
    pictures = [scene((60 + 3 * k, 80, 30, RED), (300 - 3 * k, 170, 30, GREEN)) for k in range(36)]
    tracks = list(
        followed_tracks(
            Source("clip", iter(pictures), 2),
            Finder(),  # type: ignore[arg-type]
            Eyes(),  # type: ignore[arg-type]
            np.random.default_rng(0),
        )
    )
    assert sorted(track.name for track in tracks) == ["clip#0.0", "clip#0.1"]
    # Every fourth look, at every second frame.
    assert all(track.moments == [0, 8, 16, 24, 32] for track in tracks)
    for track in tracks:
        for moment, place in zip(track.moments, track.places, strict=True):
            x = (place[0] + place[2]) / 2 * WIDTH
            assert min(abs(x - 60 - 3 * moment), abs(x - 300 + 3 * moment)) < 2
