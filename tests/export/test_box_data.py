# SPDX-License-Identifier: MIT
"""Views of labelled pictures, what the teachers may add to them, and which list a picture is in."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from export.data.detections import LEAST_SIDE, Detections, Style
from export.data.drawn import BODY, FACE, PERSON, THING, Drawn, Label, read_drawn
from export.data.labelled import Store, kinds_of_targets, labelled
from export.data.splits import read_split

SIZE = (96, 160)
RED, GREEN = (220, 30, 30), (30, 200, 40)


def scene(kind: int, colour: tuple[int, int, int], box: tuple[int, ...], name: str) -> Drawn:
    """A box of one colour on grey, with its mask."""
    picture = Image.new("RGB", (200, 150), (90, 90, 90))
    ImageDraw.Draw(picture).rectangle((box[0], box[1], box[2] - 1, box[3] - 1), fill=colour)
    mask = np.zeros((150, 200), int)
    mask[box[1] : box[3], box[0] : box[2]] = 1
    shares = tuple(np.array(box) / [200, 150, 200, 150])
    return Drawn(name, np.asarray(picture), Label.of([(kind, shares, True)]), masks=mask)


def scenes() -> list[Drawn]:
    return [
        scene(PERSON, RED, (20, 30, 70, 140), "one"),
        scene(THING, GREEN, (90, 40, 180, 110), "two"),
        scene(PERSON, RED, (120, 10, 160, 90), "three"),
    ]


def about(image: np.ndarray, box: np.ndarray) -> np.ndarray:
    left, top, right, bottom = (round(float(value)) for value in box)
    return image[:, max(0, top + 1) : bottom - 1, max(0, left + 1) : right - 1]


@pytest.mark.parametrize(
    "style",
    [
        Style(),
        Style(whole=0.5),
        Style(whole=0.0, joined=1.0),
        Style(whole=0.0),
        Style(whole=0.2, joined=0.4, pasted=1.0),
    ],
)
def test_boxes_lie_where_the_subjects_are_seen(style: Style) -> None:
    views = Detections(scenes(), SIZE, style, seed=5)
    checked = 0
    for turn in range(40):
        item = views[turn % 3, turn]
        image = item["image"].astype(int)
        for box, kind in zip(item["boxes"], item["kinds"], strict=True):
            if kind < 0 or style.pasted:  # what is pasted may hide a part
                continue
            inner = about(image, box)
            if not inner.size:
                continue
            lead = inner[0] - inner[1] if kind == PERSON else inner[1] - inner[0]
            # Wear may take the colour away, but what is left is one even area.
            assert np.median(np.abs(lead)) > 60 or inner.std((1, 2)).max() < 12, (style, turn)
            checked += 1
    assert checked > 20 or style.pasted


def test_pasted_subjects_come_with_boxes_and_hide_what_they_cover() -> None:
    plain = Detections(scenes(), SIZE, Style(whole=0.999), seed=5)
    pasted = Detections(scenes(), SIZE, Style(whole=0.999, pasted=1.0), seed=5)
    more = hidden = 0
    for turn in range(30):
        before, after = (int((each[0, turn]["kinds"] >= 0).sum()) for each in (plain, pasted))
        more += after > before
        own = pasted[0, turn]
        first = (plain[0, turn]["boxes"][0] == own["boxes"]).all(1) & own["sure"]
        hidden += not first.any()
    assert more >= 25 and 0 < hidden < 30


def test_a_view_is_the_same_each_time_and_another_in_each_round() -> None:
    views = Detections(scenes(), SIZE, Style(0.2, 0.4, 0.4), seed=5)
    first, again, other = views[1, 3], views[1, 3], views[1, 4]
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["image"], other["image"])


def test_tiny_boxes_are_passed_over() -> None:
    small = scene(THING, GREEN, (100, 70, 104, 74), "small")
    item = Detections([small], SIZE)[0]
    side = np.sqrt(np.prod(item["boxes"][0, 2:] - item["boxes"][0, :2]))
    assert side < LEAST_SIDE and item["kinds"][0] == THING and not item["sure"][0]


def rows(*seen: tuple[int, tuple[float, ...], float]) -> np.ndarray:
    return np.array([[kind, *box, score] for kind, box, score in seen], np.float32).reshape(-1, 6)


def test_teachers_add_only_kinds_that_were_not_drawn_in_full() -> None:
    drawn = Drawn(
        "a",
        np.zeros((4, 4, 3), np.uint8),
        Label.of([(FACE, (0.1, 0.1, 0.2, 0.3), True)]),
        frozenset({FACE}),
    )
    seen = rows(
        (FACE, (0.5, 0.5, 0.6, 0.6), 0.9),
        (PERSON, (0.0, 0.1, 0.3, 0.9), 0.9),
        (THING, (0.6, 0.6, 0.9, 0.9), 0.3),
    )
    label = labelled(drawn, seen, None).label
    assert label.kinds.tolist() == [FACE, PERSON, THING]
    assert label.sure.tolist() == [True, True, False]  # the last one is too doubtful


def test_a_drawn_body_takes_the_kind_that_the_teachers_see_there() -> None:
    box, other = (0.1, 0.1, 0.5, 0.9), (0.6, 0.1, 0.9, 0.5)
    drawn = Drawn(
        "a", np.zeros((4, 4, 3), np.uint8), Label.of([(BODY, box, True), (BODY, other, True)])
    )
    label = labelled(drawn, rows((PERSON, (0.12, 0.1, 0.5, 0.9), 0.4)), None).label
    assert label.kinds.tolist() == [PERSON, THING] and label.sure.all()
    assert np.allclose(label.boxes, [box, other])


def test_a_box_about_two_people_is_passed_over_in_favour_of_each() -> None:
    drawn = Drawn(
        "a", np.zeros((4, 4, 3), np.uint8), Label.of([(PERSON, (0.1, 0.1, 0.9, 0.9), True)])
    )
    seen = rows((PERSON, (0.1, 0.1, 0.45, 0.9), 0.9), (PERSON, (0.5, 0.1, 0.9, 0.9), 0.9))
    label = labelled(drawn, seen, None).label
    assert label.sure.tolist() == [False, True, True]


def test_a_face_in_an_animal_is_passed_over_and_one_in_a_rider_is_not() -> None:
    horse, rider = (THING, (0.1, 0.2, 0.9, 0.9), 0.9), (PERSON, (0.5, 0.1, 0.7, 0.6), 0.9)
    muzzle, face = (FACE, (0.15, 0.3, 0.3, 0.5), 0.9), (FACE, (0.55, 0.2, 0.62, 0.3), 0.9)
    blank = Drawn("a", np.zeros((4, 4, 3), np.uint8))
    label = labelled(blank, rows(horse, rider, muzzle, face), None).label
    assert label.sure[label.kinds == FACE].tolist() == [False, True]


def test_the_frames_of_a_clip_agree_on_what_their_target_is() -> None:
    box = (0.1, 0.1, 0.5, 0.9)
    frames = [
        Drawn(f"tracking/x.mp4#{n}", np.zeros((4, 4, 3), np.uint8), Label.of([(BODY, box, True)]))
        for n in range(5)
    ]
    person, nothing = rows((PERSON, box, 0.6)), rows()
    often = [(frame, person if n < 3 else nothing) for n, frame in enumerate(frames)]
    assert kinds_of_targets(often) == {"tracking/x.mp4": PERSON}
    assert kinds_of_targets([(frame, nothing) for frame in frames]) == {"tracking/x.mp4": THING}


def test_what_the_teachers_saw_is_kept_and_not_looked_for_again(tmp_path: Path) -> None:
    drawn = Drawn("a.jpg", np.zeros((40, 40, 3), np.uint8))
    np.savez(tmp_path / "teachers.npz", **{"a.jpg": rows((PERSON, (0, 0, 1, 1), 0.7))})
    store = Store(tmp_path / "teachers.npz", tmp_path)  # where no teacher is
    assert store.rows(drawn)[0, 5] == pytest.approx(0.7)
    with pytest.raises(SystemExit, match="the detector is missing"):
        store.rows(Drawn("b.jpg", drawn.picture))


def test_masks_become_a_box_for_each_large_part(tmp_path: Path) -> None:
    folder = tmp_path / "masks_stills" / "duts"
    folder.mkdir(parents=True)
    Image.new("RGB", (200, 100)).save(folder / "a.jpg")
    mask = np.zeros((100, 200), np.uint8)
    mask[20:60, 20:60] = mask[50:90, 120:180] = 255
    mask[5:8, 5:8] = 255  # a speck
    Image.fromarray(mask).save(folder / "a.png")
    (drawn,) = read_drawn(tmp_path, ["masks_stills/duts/a.jpg"])
    assert np.allclose(drawn.label.boxes, [[0.1, 0.2, 0.3, 0.6], [0.6, 0.5, 0.9, 0.9]], atol=0.02)
    assert drawn.label.kinds.tolist() == [BODY, BODY]
    assert set(np.unique(drawn.masks)) == {0, 1, 2}


def test_coco_kinds_that_are_no_subjects_are_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "instances" / "coco"
    folder.mkdir(parents=True)
    Image.new("RGB", (100, 100)).save(folder / "a.jpg")
    Image.new("L", (100, 100)).save(folder / "a.png")
    with (folder / "instances.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", "id", "label", "x", "y", "w", "h", "crowd"])
        for label, crowd in (("person", 0), ("person", 1), ("dog", 0), ("bowl", 0)):
            table.writerow(["a.jpg", "", label, 10, 10, 20, 40, crowd])
    (drawn,) = read_drawn(tmp_path, ["instances/coco/a.jpg"])
    assert drawn.label.kinds.tolist() == [PERSON, PERSON, THING, THING]
    assert drawn.label.sure.tolist() == [True, False, True, False]


def test_nothing_that_is_held_out_is_trained_on() -> None:
    lists = {name: set(read_split("boxes", name)) for name in ("train", "val", "test")}
    assert not lists["train"] & lists["test"] and not lists["val"] & lists["test"]
    for kind in ("tracking", "masks", "fixations"):
        name = "fixations" if kind == "fixations" else "subjects"
        for split in ("test", "val"):
            held = {item if kind in item else f"{kind}/{item}" for item in read_split(name, split)}
            trained = {item.removesuffix(".mp4") for item in lists["train"] | lists["val"]}
            assert not trained & {item.removesuffix(".mp4") for item in held}
    cuts = [item for item in read_split("cuts", "test") if item.startswith(("actions/", "clips/"))]
    assert cuts and not lists["train"] & set(cuts)
    assert not any(item.startswith(("gaze_video", "mot")) for item in lists["train"] | lists["val"])
