# SPDX-License-Identifier: MIT
"""A subject that a person points at in mid-shot is followed back to where the shot begins."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from conftest import PLAIN
from test_cli import run
from test_follow import HEIGHT, ONE, OTHER, SIDE, WIDTH

import smartcrop
from smartcrop.followed import Wish, wishes_of
from smartcrop.video.backwards import frames_back
from smartcrop.video.reader import Reader

pytest_plugins = ["tests.tracker_file"]

RATE, CUT, CLICK, FRAMES = 25, 20, 80, 100


def left_of_one(index: int) -> int:
    return 10 + 2 * (index - CUT)


def picture(index: int) -> np.ndarray:
    """A shot of nobody; then one in which one patch walks to the right below another that rests."""
    scene = int(index >= CUT)
    ground = np.random.default_rng(scene).integers(40 + 90 * scene, 80 + 90 * scene, (9, 16, 3))
    frame = ground.astype(np.uint8).repeat(20, 0).repeat(20, 1)
    if scene:
        left = left_of_one(index)
        frame[100 : 100 + SIDE, left : left + SIDE] = ONE
        frame[20 : 20 + SIDE, 250 : 250 + SIDE] = OTHER
    return frame


def write(path: Path, codec: str = "libx264", **options: str) -> Path:
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, RATE)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.codec_context.options = {"crf": "10", "preset": "veryfast", **options}
        for index in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(picture(index), "rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, RATE)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path


def clicked(index: int) -> str:
    x, y = (left_of_one(index) + SIDE / 2) / WIDTH, (100 + SIDE / 2) / HEIGHT
    return f"{x:.4f}x{y:.4f}@{index / RATE:.3f}"


@pytest.fixture
def asked(tracker: dict[str, str]) -> dict[str, Any]:
    return {**PLAIN, "subjects": "none", "aspect": "9:16", "follow": clicked(CLICK), **tracker}


def places(plan: smartcrop.Plan) -> list[float | None]:
    """Where the middle of the subject is that each window goes after."""
    boxes = [window.subject for window in plan.frames]
    return [None if box is None else box.x + box.width / 2 for box in boxes]


def test_the_window_goes_after_it_from_the_begin_of_its_shot(
    tmp_path: Path, asked: dict[str, Any]
) -> None:
    plan = smartcrop.analyze(write(tmp_path / "in.mp4"), **asked)
    found = places(plan)
    assert found[:CUT] == [None] * CUT, "nothing of it is in the shot before"
    for index in range(CUT, FRAMES):
        place = found[index]
        assert place == pytest.approx(left_of_one(index) + SIDE / 2, abs=14), index
        window = plan.frames[index]
        assert window.x <= left_of_one(index) + SIDE / 2 <= window.x + window.width, index


def test_one_pass_follows_from_the_click_on(
    tmp_path: Path, asked: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    given = {**asked, "passes": 1, "preset": "ultrafast"}
    with caplog.at_level("INFO", "smartcrop"):
        smartcrop.reframe(write(tmp_path / "in.mp4"), tmp_path / "out.mp4", **given)
    assert "followed back" not in caplog.text
    del given["passes"]
    with caplog.at_level("INFO", "smartcrop"):
        smartcrop.reframe(write(tmp_path / "in.mp4"), tmp_path / "out.mp4", **given)
    assert "followed back for 2.4" in caplog.text


def test_two_passes_are_the_plan_of_an_analysis(tmp_path: Path, asked: dict[str, Any]) -> None:
    source = write(tmp_path / "in.mp4")
    used, kept = tmp_path / "used.plan", tmp_path / "in.analysis"
    told: list[tuple[int, float, float | None]] = []
    smartcrop.reframe(
        source,
        tmp_path / "out.mkv",
        preset="ultrafast",
        plan_out=used,
        keep=kept,
        progress=lambda *each: told.append(each),
        **asked,
    )
    plan = smartcrop.analyze(source, **asked)
    where = [(w.x, w.y) for w in plan.frames]
    assert [(w.x, w.y) for w in smartcrop.Plan.load(used).frames] == where
    follow = asked["follow"]
    again = smartcrop.solve(kept, aspect="9:16", follow=follow)
    assert [(w.x, w.y) for w in again.frames] == where, "solving knows it, too"
    assert [count for count, _, _ in told] == sorted(count for count, _, _ in told)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert len(told) > 2 * FRAMES, "looking back is told, too"


def test_a_subject_is_not_looked_for_before_the_one_that_was_followed_until_then(
    tmp_path: Path, asked: dict[str, Any]
) -> None:
    other = f"{274 / WIDTH:.4f}x{44 / HEIGHT:.4f}"
    source = write(tmp_path / "in.mp4")
    follow = f"{other}@{(CUT + 20) / RATE}+{asked['follow']}"
    found = places(smartcrop.analyze(source, **{**asked, "follow": follow}))
    for index in range(CUT, FRAMES):
        middle = left_of_one(index) + SIDE / 2 if index >= CLICK else 274
        assert found[index] == pytest.approx(middle, abs=14), index


def test_a_shot_that_begins_after_the_one_before_was_asked_for_is_the_later_ones(
    tmp_path: Path, asked: dict[str, Any]
) -> None:
    source = write(tmp_path / "in.mp4")
    follow = f"0.1x0.1@0+{asked['follow']}"
    found = places(smartcrop.analyze(source, **{**asked, "follow": follow}))
    assert found[CUT + 5] == pytest.approx(left_of_one(CUT + 5) + SIDE / 2, abs=14)


@pytest.mark.parametrize("follow", ["#1@3", "auto@3", "0.5x0.5", "0.5x0.5@99"])
def test_who_was_not_pointed_at_in_mid_shot_is_not_looked_back_for(
    tmp_path: Path, asked: dict[str, Any], follow: str, caplog: pytest.LogCaptureFixture
) -> None:
    source = write(tmp_path / "in.mp4")
    with caplog.at_level("INFO", "smartcrop"):
        smartcrop.analyze(source, **{**asked, "follow": follow})
    assert "back" not in caplog.text


def test_a_stream_of_joined_recordings_is_followed_from_the_click_on_and_says_so(
    tmp_path: Path, asked: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "smartcrop"):
        plan = smartcrop.analyze(write(tmp_path / "in.ts"), **asked)
    assert "cannot be read backwards; it is followed from 3.2 s on" in caplog.text
    assert places(plan)[:CLICK] == [None] * CLICK


def test_the_command_looks_back(tmp_path: Path, asked: dict[str, Any]) -> None:
    source, plan = write(tmp_path / "in.mkv"), tmp_path / "x.plan"
    flags = [f"--{name}={value}" for name, value in asked.items()]
    done = run("analyze", str(source), "-o", str(plan), *flags)
    assert done.returncode == 0, done.stderr.decode()
    assert places(smartcrop.Plan.load(plan))[CUT + 5] is None, "a plan keeps no boxes of frames"
    assert smartcrop.Plan.load(plan).frames[CUT + 5].x < 40


# ---- frames from one back to another ----


@pytest.mark.parametrize(
    "options",
    [{"g": "250", "bf": "3"}, {"g": "7", "bf": "0"}, {"g": "30", "x264-params": "open-gop=1"}],
)
@pytest.mark.parametrize("most", [8, 1000])
def test_frames_come_back_whole_in_stretches(
    tmp_path: Path, options: dict[str, str], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartcrop.video.backwards._MOST_FRAMES", most)
    source = write(tmp_path / "in.mp4", **options)
    with Reader(source) as reader:
        whole = {frame.pts: frame.to_ndarray() for frame in reader.frames()}
    stamps = list(whole)
    with Reader(source) as reader:
        next(reader.frames())
        last = next(reader.part(stamps[CLICK], stamps[CLICK] + 1))
        back = list(frames_back(reader, last, stamps[5]))
        assert [frame.pts for frame in back] == stamps[5:CLICK][::-1]
        for frame in back:
            np.testing.assert_array_equal(frame.to_ndarray(), whole[frame.pts])


def test_frames_that_are_turned_come_back_upright(clip: Callable[..., Path]) -> None:
    source = clip(frames=30, rotation=90)
    with Reader(source) as reader:
        first = next(reader.frames())
        last = next(reader.part(12800, 2 * 12800))
        back = list(frames_back(reader, last, 0))
    assert len(back) == 25
    assert {(frame.width, frame.height) for frame in back} == {(first.width, first.height)}
    assert first.width < first.height


def test_wishes_are_read_as_the_option_writes_them() -> None:
    assert wishes_of(None) == wishes_of("") == []
    assert wishes_of("0.3x0.4@12.5+#3") == [Wish("#3", 0.0), Wish("0.3x0.4", 12.5)]
    places = [wish.is_place for wish in wishes_of("#3+auto@1+0.3x0.4@2+0.1x0.1x0.2x0.2@3")]
    assert places == [False, False, True, True]
