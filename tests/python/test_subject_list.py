# SPDX-License-Identifier: MIT
"""The subjects of a shot, gathered from the boxes behind its windows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plans import made_plan

import smartcrop
from smartcrop import Box
from smartcrop.frames.window import Evidence
from smartcrop.models.class_names import label_of
from smartcrop.subject_list import ShotSubjects, ShotTally

PICTURE = (640, 360)
NAMES = ("face", "person")


def box(number: int, x: float = 100, side: float = 60, score: float = 0.8) -> Box:
    return Box(x, 50, side, side, kind="subject", id=number, score=score, category=2)


def tally_of(*frames: list[Box]) -> tuple[ShotTally, list[list[Box]]]:
    """A shot at ten frames a second, and what each frame showed better than any before."""
    tally = ShotTally(3, PICTURE, NAMES)
    plain = made_plan().frames[0]
    best = []
    for index, boxes in enumerate(frames):
        evidence = Evidence(None, tuple(boxes))  # type: ignore[arg-type]
        window = replace(plain, frame=50 + index, time=5 + index / 10, evidence=evidence)
        best.append(tally.take(window))
    return tally, best


def found_in(*frames: list[Box]) -> ShotSubjects:
    return tally_of(*frames)[0].result()


def test_a_subject_has_its_times_and_its_share_of_the_shot() -> None:
    found = found_in(*[[]] * 2, *[[box(7)]] * 5, *[[]] * 3)
    (subject,) = found.subjects
    assert (found.shot, found.frames, found.first) == (3, 10, 5)
    assert (subject.shot, subject.id, subject.label, subject.kind) == (3, 7, "person", "subject")
    assert (subject.first, subject.last) == (pytest.approx(5.2), pytest.approx(5.6))
    assert subject.share == pytest.approx(0.5)


def test_size_and_score_are_means_over_the_frames_that_show_it() -> None:
    frames = [[], [box(1, side=60, score=0.5)], *[[box(1, side=120, score=0.9)]] * 3]
    (subject,) = found_in(*frames).subjects
    assert subject.score == pytest.approx((0.5 + 3 * 0.9) / 4)
    assert subject.size == pytest.approx((60**2 + 3 * 120**2) / 4 / (640 * 360))


def test_what_is_seen_briefly_is_counted_as_a_flicker() -> None:
    frames = [[box(1), box(2)], [box(1), box(2)], [box(1), box(2)], [box(1)], [box(1)], [box(1)]]
    found = found_in(*frames)
    assert [each.id for each in found.subjects] == [1]
    assert found.flickers == 1


def test_in_a_shot_that_is_shorter_than_a_flicker_its_subjects_count() -> None:
    found = found_in([box(1), box(2)], [box(1)])
    assert [each.id for each in found.subjects] == [1]
    assert found.flickers == 1


def face(number: int, owner: int = 0) -> Box:
    return Box(110, 55, 20, 20, kind="face", id=number, score=0.8, category=1, owner=owner)


def test_a_person_and_her_face_are_one_entry() -> None:
    early, late = [box(7), face(8)], [box(7), face(8, owner=7)]
    (subject,) = found_in(*[early] * 2, *[late] * 5).subjects
    assert (subject.id, subject.label, subject.face) == (7, "person", 8)


def test_of_two_faces_of_a_person_the_one_seen_longer_is_told() -> None:
    first, second = [box(7), face(8, owner=7)], [box(7), face(9, owner=7)]
    (subject,) = found_in(*[first] * 5, *[second] * 8).subjects
    assert subject.face == 9


def test_a_face_whose_person_is_not_seen_is_an_entry_of_its_own() -> None:
    brief = [[box(7), face(8, owner=7)]] * 2
    (subject,) = found_in(*brief, *[[face(8, owner=7)]] * 5).subjects
    assert (subject.id, subject.face) == (8, 0)


def test_boxes_without_an_id_are_no_subjects() -> None:
    found = found_in(*[[Box(1, 2, 30, 40, kind="text"), box(4)]] * 5)
    assert [each.id for each in found.subjects] == [4]
    assert found.flickers == 0


def test_subjects_stand_in_the_order_in_which_they_were_seen() -> None:
    found = found_in([box(9)], *[[box(9), box(5), box(2)]] * 6)
    assert [each.id for each in found.subjects] == [9, 2, 5]


def test_the_best_frame_shows_it_large_and_surely() -> None:
    frames = [[box(1, 10)], [box(1, 20, 100)], [box(1, 30, 100, 0.3)], [box(1, 40, 90)]]
    (subject,) = found_in(*frames).subjects
    assert (subject.frame, subject.box.x) == (51, 20)
    assert subject.time == pytest.approx(5.1)


def test_only_a_frame_that_was_looked_at_can_be_the_best() -> None:
    """Boxes stay until the next look, though what they show has moved on."""
    _, best = tally_of([box(1)], [box(1)], [box(1, side=90)], [box(1, side=90)], [box(1, side=91)])
    assert [len(each) for each in best] == [1, 0, 1, 0, 0]


def test_the_frame_of_a_shot_is_the_one_that_shows_most() -> None:
    tally, shown = ShotTally(0, PICTURE, NAMES), []
    plain = made_plan().frames[0]
    for boxes in ([], [], [box(1)], [box(1), box(2)], [box(1)], []):
        tally.take(replace(plain, evidence=Evidence(None, tuple(boxes))))  # type: ignore[arg-type]
        shown.append(tally.shows_most())
    assert shown == [True, False, True, True, False, False]


def test_windows_without_evidence_show_nobody() -> None:
    tally = ShotTally(0, PICTURE, NAMES)
    tally.take(replace(made_plan().frames[0], evidence=None))
    assert tally.result().subjects == ()


@pytest.mark.parametrize(
    ("known", "label"),
    [
        (Box(0, 0, 1, 1, kind="subject", category=2), "person"),
        (Box(0, 0, 1, 1, kind="subject", category=3), "class 2"),
        (Box(0, 0, 1, 1, kind="face", category=3), "face"),
        (Box(0, 0, 1, 1, kind="text"), "text"),
        (Box(0, 0, 1, 1), "caller"),
    ],
)
def test_a_class_without_a_name_goes_by_its_number_or_its_kind(known: Box, label: str) -> None:
    assert label_of(known, NAMES) == label


def test_ids_of_the_caller_reach_the_list() -> None:
    import numpy as np

    cropper = smartcrop.Cropper(160, 90, fps=25, evidence=True, lookahead=0, model="none")
    tally = ShotTally(0, (160, 90), ("ball",))
    frame = np.zeros((90, 160, 3), np.uint8)
    for index in range(20):
        given = [Box(2 * index, 20, 30, 30, id=12, score=0.5, category=1)]
        for window in cropper.push(frame, boxes=given):
            tally.take(window)
    (subject,) = tally.result().subjects
    assert (subject.id, subject.label, subject.kind) == (12, "ball", "caller")
    assert (subject.share, subject.score) == (1, pytest.approx(0.5))
    assert subject.size == pytest.approx(30 * 30 / (160 * 90))
