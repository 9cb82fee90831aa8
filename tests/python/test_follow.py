# SPDX-License-Identifier: MIT
"""A subject that a person points at: in ``Cropper``, in the command and in plans."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PLAIN
from made_detector import detector_of_squares, film_of_squares, red_at
from test_cli import line_of, run

import smartcrop
from smartcrop import Box
from smartcrop.followed import added, subject_text
from smartcrop.plans.plan import parse
from smartcrop.rendering import quick_cropper
from smartcrop.video.reader import Reader

pytest_plugins = ["tests.tracker_file"]

WIDTH, HEIGHT, SIDE = 320, 180, 48
# Where the middles of the two patches are in the first frame, in shares.
UPPER, LOWER = (44 / WIDTH, 54 / HEIGHT), (274 / WIDTH, 124 / HEIGHT)


def patch(seed: int) -> np.ndarray:
    blocks = np.random.default_rng(seed).integers(60, 255, (6, 6, 3)).astype(np.uint8)
    return blocks.repeat(8, 0).repeat(8, 1)


GROUND = np.random.default_rng(7).integers(40, 70, (HEIGHT, WIDTH, 3)).astype(np.uint8)
ONE, OTHER = patch(1), patch(2)


def picture(index: int) -> np.ndarray:
    """Two patches that walk towards each other, one above the other."""
    frame = GROUND.copy()
    step = index // 2
    frame[30 : 30 + SIDE, 20 + step : 20 + step + SIDE] = ONE
    frame[100 : 100 + SIDE, 250 - step : 250 - step + SIDE] = OTHER
    return frame


def opened(**options: Any) -> smartcrop.Cropper:
    given = {"aspect": "9:16", "fps": 25, "lookahead": 0, **PLAIN, **options}
    return smartcrop.Cropper(WIDTH, HEIGHT, **given)


def middle(window: smartcrop.Window) -> float:
    return window.x + window.width / 2


def pushed(cropper: smartcrop.Cropper, first: int, count: int) -> list[smartcrop.Window]:
    return [w for index in range(first, first + count) for w in cropper.push(picture(index))]


def test_a_window_says_where_the_subject_is_that_it_goes_after(tracker: dict[str, str]) -> None:
    cropper = opened(**tracker)
    cropper.follow(*UPPER)
    last = pushed(cropper, 0, 40)[-1]
    assert last.subject is not None
    assert last.subject.followed
    assert last.subject.x + last.subject.width / 2 == pytest.approx(44 + 19, abs=8)
    assert middle(last) == pytest.approx(44 + 19, abs=25)


def test_another_subject_is_followed_from_the_next_frame_on(tracker: dict[str, str]) -> None:
    cropper = opened(follow="auto", **tracker)
    cropper.follow(*UPPER)
    assert middle(pushed(cropper, 0, 25)[-1]) < WIDTH / 3
    cropper.follow(box=Box(250 - 12, 100, SIDE, SIDE))
    assert middle(pushed(cropper, 25, 50)[-1]) > WIDTH / 2
    cropper.follow(None)
    assert pushed(cropper, 75, 10)[-1].subject is None


def test_a_subject_of_a_time_is_followed_from_then_on(tracker: dict[str, str]) -> None:
    cropper = opened(**tracker)
    cropper.follow(*UPPER)
    cropper.follow(LOWER[0] - 12 / WIDTH, LOWER[1], time=1)
    windows = pushed(cropper, 0, 75)
    assert middle(windows[24]) < WIDTH / 3
    assert middle(windows[-1]) > WIDTH / 2


def test_a_running_cropper_follows_without_the_option(tracker: dict[str, str]) -> None:
    cropper = opened(**tracker)
    assert pushed(cropper, 0, 5)[-1].subject is None
    with pytest.raises(smartcrop.Error, match="takes no time"):
        cropper.follow(*UPPER, time=3)
    assert pushed(cropper, 5, 5)[-1].subject is None
    cropper.follow(*UPPER)
    last = pushed(cropper, 10, 30)[-1]
    assert last.subject is not None
    assert middle(last) == pytest.approx(44 + 19, abs=25)


def test_a_tracker_that_cannot_be_opened_is_named_by_the_call(tmp_path: Path) -> None:
    cropper = opened(tracker=str(tmp_path / "none.onnx"))
    pushed(cropper, 0, 1)
    with pytest.raises(smartcrop.Error, match=r"none\.onnx"):
        cropper.follow(*UPPER)
    assert pushed(cropper, 1, 1)[-1].subject is None


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ((None, None, None, None), "auto"),
        ((0.25, 0.5, None, None), "0.250000x0.500000"),
        ((None, None, (0.1, 0.2, 0.3, 0.4), None), "0.100000x0.200000x0.300000x0.400000"),
        ((None, None, Box(-16, 0, 32, 180), None), "0.000000x0.000000x0.050000x1.000000"),
        ((None, None, None, 3), "#3"),
    ],
)
def test_a_subject_is_written_as_the_option_has_it(given: Any, text: str) -> None:
    assert subject_text(*given, size=(WIDTH, HEIGHT)) == text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((0.5, None, None, None), "both x and y"),
        ((0.5, 0.5, None, 3), "not several"),
        ((None, None, (1, 2), None), "box"),
        ((None, None, None, 0), "id"),
    ],
)
def test_what_is_no_subject_is_refused(given: Any, said: str) -> None:
    with pytest.raises(smartcrop.Error, match=said):
        subject_text(*given, size=(WIDTH, HEIGHT))


def test_a_later_wish_replaces_the_one_without_a_time() -> None:
    assert added("", "auto", None) == "auto"
    assert added("#1+#2@3", "#4", None) == "#4+#2@3"
    assert added("#4", "#5", 2.5) == "#4+#5@2.500000"
    cropper = opened()
    with pytest.raises(smartcrop.Error, match="shares are 0 to 1"):
        cropper.follow(2, 3)
    assert cropper.options.follow == "", "what is refused changes nothing"


def test_a_box_of_the_caller_can_be_followed() -> None:
    cropper = opened()
    windows = []
    for index in range(50):
        one, other = (20 + index // 2, 30), (250 - index // 2, 100)
        boxes = [Box(*one, SIDE, SIDE, id=7), Box(*other, SIDE, SIDE, id=8, followed=True)]
        windows += cropper.push(picture(index), boxes=boxes)
    assert [box.followed for box in cropper.last_boxes()] == [False, True]
    assert windows[-1].subject is not None
    assert windows[-1].subject.id == 8
    assert middle(windows[-1]) > WIDTH / 2


# ---- the command ----


@pytest.mark.parametrize(
    ("value", "said"),
    [("2x3", "shares are 0 to 1"), ("#x", "such as #3"), ("0.1x", "no place"), ("#1+#2", "two")],
)
def test_a_wrong_subject_is_one_line(value: str, said: str, film: Path, tmp_path: Path) -> None:
    for command in ("reframe", "analyze"):
        out = [] if command == "analyze" else [str(tmp_path / "out.mp4")]
        line = line_of(run(command, str(film), *out, "--model", "none", "--follow", value))
        assert "follow" in line
        assert said in line


def test_a_number_that_nobody_has_is_said_in_one_line(
    film: Path, tmp_path: Path, tracker: dict[str, str]
) -> None:
    plan = tmp_path / "x.plan"
    command = ("analyze", str(film), "-o", str(plan), "--model", "none", "--follow", "#99")
    done = run(*command, *(f"--{name}={value}" for name, value in tracker.items()))
    assert done.returncode == 0
    assert "follow=#99: no subject of this number was seen" in done.stderr.decode()
    assert plan.is_file()


def test_what_only_asks_for_a_size_follows_nobody_and_says_nothing(
    film: Path, tracker: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with Reader(film) as reader:
        first = next(reader.frames())
        asked = {"aspect": "9:16", "follow": "#1", **tracker}
        with quick_cropper(reader, first, asked) as cropper:  # type: ignore[arg-type]
            cropper.push(first)
            cropper.flush()
    assert "no subject" not in caplog.text


@pytest.mark.parametrize("command", ["reframe", "analyze", "preview", "edit"])
def test_the_flag_is_in_the_help(command: str) -> None:
    assert "--follow" in run(command, "--help").stdout.decode()


# ---- plans ----


@pytest.fixture
def squares(tmp_path: Path, tracker: dict[str, str]) -> tuple[Path, dict[str, Any]]:
    """A film of two squares, and the options with which they are found."""
    film = film_of_squares(tmp_path / "film.mkv")
    detector = detector_of_squares(tmp_path / "squares.onnx")
    return film, {**PLAIN, "subjects": detector, "aspect": "1:2", **tracker}


def shots_of(path: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return [row for row in rows if row["type"] == "shot"]


def test_both_writers_note_the_subject_of_a_shot(
    squares: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    film, options = squares
    used, analysed = tmp_path / "used.plan", tmp_path / "analysed.plan"
    options = {**options, "follow": "#1"}
    smartcrop.reframe(film, tmp_path / "out.mp4", plan_out=used, preset="ultrafast", **options)
    plan = smartcrop.analyze(film, **options)
    plan.save(analysed)
    assert shots_of(used) == shots_of(analysed)
    assert shots_of(used)[0]["subject"] == 1
    assert json.loads(used.read_text().splitlines()[0])["options"]["follow"] == "#1"
    assert parse(analysed.read_text()).shots == plan.shots
    without = smartcrop.analyze(film, **PLAIN)
    without.save(analysed)
    assert all("subject" not in row for row in shots_of(analysed))


def test_one_pass_and_two_follow_the_same_subject(
    squares: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    film, options = squares
    plans = []
    for passes in (1, 2):
        used = tmp_path / f"{passes}.plan"
        smartcrop.reframe(
            film,
            tmp_path / "out.mp4",
            passes=passes,
            plan_out=used,
            preset="ultrafast",
            follow="#1",
            lookahead=10,
            **options,
        )
        plans.append(parse(used.read_text()))
    one, two = ([(w.x, w.y) for w in plan.frames] for plan in plans)
    assert one == two
    for window in plans[0].frames[:35]:
        left, _ = red_at(window.frame)
        assert window.x - 12 <= left, "the red square is in the window"


def test_an_edit_notes_whom_to_follow_and_is_taken_back() -> None:
    from plans import made_plan

    plan = made_plan()
    with pytest.raises(smartcrop.Error, match="needs what was seen"):
        smartcrop.edit(plan, shot=0, follow="#3")
    with pytest.raises(smartcrop.Error, match="such as #3"):
        smartcrop.edit(plan, shot=0, follow="#x")
    shots = [replace(plan.shots[0], follow="#3"), *plan.shots[1:]]
    asked = replace(plan, shots=shots)
    assert parse("".join(asked.lines())).shots[0].follow == "#3"
    assert smartcrop.edit(asked, clear=True).shots == plan.shots


def test_an_edit_goes_after_another_subject_by_what_was_kept(
    squares: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    film, options = squares
    first = smartcrop.analyze(film, keep=tmp_path / "film.analysis", **options)
    first.save(tmp_path / "film.plan")
    blue = next(s.id for s in smartcrop.subjects(film, subjects=options["subjects"]) if s.id > 1)
    edited = smartcrop.edit(tmp_path / "film.plan", shot=0, follow=f"#{blue}")
    # It is seen from frame 19 on, at 120 to 140, and the window glides there.
    seen = [w for w in edited.frames if 28 <= w.frame < 40]
    assert all(w.x <= 120 and w.x + w.width >= 140 for w in seen)
    assert all(w.x + w.width < 120 for w in first.frames[28:40])
    assert edited.shots[0].follow == f"#{blue}"
    with pytest.raises(smartcrop.Error, match="no such subject in shot 0"):
        smartcrop.edit(tmp_path / "film.plan", shot=0, follow="#99")
    back = smartcrop.edit(edited, clear=True)
    assert [(w.x, w.y) for w in back.frames] == [(w.x, w.y) for w in first.frames]
