# SPDX-License-Identifier: MIT
"""A person's hand on a plan: where strategies and key frames put the windows."""

from __future__ import annotations

import json

import numpy as np
import pytest
from plans import STEP, centres, made_plan

import smartcrop
from smartcrop.plans.plan import parse

# ---- strategies ----


def test_a_held_shot_stands_where_it_was_put() -> None:
    plan = smartcrop.edit(made_plan(), shot=1, strategy="hold", x=0.4)
    assert centres(plan, 1) == pytest.approx([0.4] * 40, abs=STEP)
    assert len(set(centres(plan, 1))) == 1
    assert plan.shots[1].strategy == "hold"


def test_a_hold_without_a_place_stands_where_it_shows_the_most() -> None:
    plan = smartcrop.edit(made_plan(shot_length=200), shot=2, strategy="hold")
    (place,) = set(centres(plan, 2))
    wanted = np.array([window.target_x / 640 for window in plan.frames[400:]])
    # The targets go over 0.47 of the picture, and the window has 0.32 of it.
    assert np.mean(np.abs(wanted - place) < 101 / 640) > 0.6


def test_a_place_alone_holds_the_shot() -> None:
    plan = smartcrop.edit(made_plan(), shot=1, x=0.3)
    assert plan.shots[1].strategy == "hold"
    assert set(centres(plan, 1)) == set(centres(smartcrop.edit(plan, shot=1, x=0.3), 1))


def test_a_window_stays_inside_the_picture() -> None:
    for x in (0.0, 1.0):
        plan = smartcrop.edit(made_plan(), shot=0, x=x)
        for window in plan.frames[:40]:
            assert 0 <= window.x <= 640 - window.width
            assert window.x == round(x * (640 - 202))


def test_windows_that_need_no_scaling_stay_on_whole_chroma_samples() -> None:
    plan = smartcrop.edit(made_plan(), keys=[(2.0, 0.31), (3.0, 0.62)])
    assert all(window.x % 2 == 0 for window in plan.frames)


def test_a_pan_is_one_eased_move_that_goes_one_way() -> None:
    plan = smartcrop.edit(made_plan(shot_length=200), shot=1, strategy="pan")
    there = np.diff(centres(plan, 1))
    assert (there >= 0).all() or (there <= 0).all()
    plan = smartcrop.edit(
        made_plan(shot_length=200, strategies=("hold",) * 3), shot=2, strategy="pan"
    )
    path = centres(plan, 2)
    assert path[-1] > path[0] + 0.1
    speed = np.diff(path)
    assert (speed >= 0).all()
    assert np.abs(np.diff(speed)).max() <= 4 * STEP  # no jump, but for the steps of the window


def test_fit_shows_the_whole_picture() -> None:
    plan = smartcrop.edit(made_plan(), shot=1, strategy="fit")
    places = {(each.x, each.y, each.width, each.height) for each in plan.frames[40:80]}
    assert places == {(0, 0, 640, 360)}
    back = smartcrop.edit(plan, shot=1, strategy="hold", x=0.5)
    assert {(each.width, each.height) for each in back.frames[40:80]} == {(202, 360)}


# ---- key frames ----


def test_a_pan_goes_through_its_key_frames_and_rests_outside_them() -> None:
    plan = smartcrop.edit(made_plan(), keys=[(0.4, 0.3), (1.2, 0.7)])
    path = centres(plan, 0)
    assert plan.shots[0].strategy == "pan"  # a hold cannot be in two places
    assert path[10] == pytest.approx(0.3, abs=STEP)
    assert path[30] == pytest.approx(0.7, abs=STEP)
    assert len(set(path[:11])) == 1
    assert len(set(path[30:])) == 1
    assert (np.diff(path) >= 0).all()


def test_one_key_frame_in_a_held_shot_is_where_it_stands() -> None:
    plan = smartcrop.edit(made_plan(), keys=[(0.4, 0.6)])
    assert plan.shots[0].strategy == "hold"
    assert centres(plan, 0) == pytest.approx([0.6] * 40, abs=STEP)


def test_one_key_frame_in_a_pan_is_its_nearer_end() -> None:
    plan = made_plan(shot_length=200)
    own = centres(smartcrop.edit(plan, shot=2, strategy="pan"), 2)
    early = centres(smartcrop.edit(plan, keys=[(17.0, 0.2)]), 2)
    late = centres(smartcrop.edit(plan, keys=[(23.0, 0.8)]), 2)
    assert early[0] == early[25] == pytest.approx(0.2, abs=STEP)
    assert early[-1] == pytest.approx(own[-1], abs=0.02)
    assert late[0] == pytest.approx(own[0], abs=0.02)
    assert late[175] == late[-1] == pytest.approx(0.8, abs=STEP)


def test_a_follow_keeps_to_its_targets_and_to_its_key_frames() -> None:
    keys = [(1.92, 0.25), (2.8, 0.55)]
    plan = smartcrop.edit(made_plan(), keys=keys)
    path = centres(plan, 1)
    assert plan.shots[1].strategy == "follow"
    for time, x in keys:
        assert path[round(time * 25) - 40] == pytest.approx(x, abs=STEP)
    assert 0.22 < min(path[8:31]) < max(path[8:31]) < 0.58  # on its way from one to the other


def test_a_key_frame_bends_a_follow_around_it_and_hardly_elsewhere() -> None:
    plan = made_plan(shot_length=200)
    before = np.array(centres(smartcrop.edit(plan, shot=1, strategy="follow"), 1))
    after = np.array(centres(smartcrop.edit(plan, keys=[(12.0, 0.7)]), 1))
    assert after[100] == pytest.approx(0.7, abs=STEP)
    assert after[100] > before[100] + 0.15
    assert after[:60] == pytest.approx(before[:60], abs=0.03)
    assert after[141:] == pytest.approx(before[141:], abs=0.03)
    # The plan's max_speed is half a picture a second.
    assert np.abs(np.diff(after)).max() * 25 <= 0.5 + 25 * 2 * STEP


def test_the_decided_strategy_that_a_person_asks_for_is_a_wish_until_it_is_cleared() -> None:
    plan = made_plan(shot_length=200)
    asked = smartcrop.edit(plan, shot=1, strategy="follow")
    assert asked.is_edited(asked.shots[1])
    assert asked.frames[300].reason == "set by hand"
    again = parse("".join(asked.lines()))
    assert again.shots[1].asked
    assert not again.shots[0].asked
    assert centres(smartcrop.edit(again), 1) == centres(asked, 1)
    assert smartcrop.edit(asked, clear=True) == smartcrop.edit(plan)
    assert not smartcrop.edit(asked, shot=1, strategy="pan").shots[1].asked


def test_a_zoomed_shot_stays_as_large_as_it_was() -> None:
    rows = [json.loads(line) for line in made_plan().lines()]
    for row in rows:
        if row["type"] == "frame" and row["shot"] == 1:
            row.update(width=101, height=180, y=90)
    text = "".join(json.dumps(row) + "\n" for row in rows)
    plan = smartcrop.edit(parse(text), shot=[0, 1], strategy="hold", x=0.4)
    assert plan.frames[10].width == 202
    assert plan.frames[50].width == pytest.approx(101)
    assert plan.frames[50].height == pytest.approx(180)
    assert plan.frames[50].x + 50.5 == pytest.approx(0.4 * 640, abs=2)


def test_a_shot_that_is_made_to_follow_is_solved_along_its_targets() -> None:
    plan = made_plan(shot_length=200, strategies=("hold",) * 3)
    path = np.array(centres(smartcrop.edit(plan, shot=1, strategy="follow"), 1))
    wanted = np.array([window.target_x / 640 for window in plan.frames[200:400]])
    assert np.corrcoef(path, wanted)[0, 1] > 0.95
    assert np.abs(path - wanted).max() < 0.1
    assert np.abs(np.diff(path, 2)).max() <= 4 * STEP  # no jump, but for the steps of the window


def test_a_later_key_frame_replaces_one_at_its_time() -> None:
    plan = smartcrop.edit(smartcrop.edit(made_plan(), keys=[(0.4, 0.6)]), keys=[(0.4, 0.3)])
    assert [key.x for key in plan.keys] == [0.3]
    assert centres(plan, 0)[0] == pytest.approx(0.3, abs=STEP)


def test_a_key_frame_may_place_the_window_up_and_down_too() -> None:
    flat = made_plan()
    rows = [json.loads(line) for line in flat.lines()]
    for row in rows:
        if row["type"] == "frame":
            row.update(width=160, height=160, target=[row["target"][0], 100])
        if row["type"] == "header":
            row["output"] = {"width": 160, "height": 160}
    text = "".join(json.dumps(row) + "\n" for row in rows)
    plan = smartcrop.edit(parse(text), keys=[(0.4, 0.5, 0.75)])
    window = plan.frames[10]
    assert (window.y + window.height / 2) / 360 == pytest.approx(0.75, abs=2 / 360)
