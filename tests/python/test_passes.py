# SPDX-License-Identifier: MIT
"""Whether a video is read once or twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import FAST, PLAIN, leftovers, packets
from test_cli import line_of, run

import smartcrop

Maker = Callable[..., Path]


def test_a_file_is_analysed_before_it_is_rendered(clip: Maker, tmp_path: Path) -> None:
    source = clip(frames=40)
    first, second, third = (tmp_path / f"{name}.mkv" for name in ("one", "two", "three"))
    smartcrop.reframe(source, first, codec="ffv1", **PLAIN)
    smartcrop.reframe(source, second, codec="ffv1", passes=2, **PLAIN)
    smartcrop.analyze(source, **PLAIN).render(source, third, codec="ffv1")
    assert packets(first, "video") == packets(second, "video") == packets(third, "video")
    assert leftovers(tmp_path, source, first, second, third) == []


def test_the_whole_shot_is_in_view_at_its_first_frame(clip: Maker, tmp_path: Path) -> None:
    # A square that crosses the picture in 5 s; with no look-ahead nobody knows that it will.
    source = clip(frames=125, width=400, height=100)
    seen = smartcrop.analyze(source, aspect="1:1", **PLAIN).frames
    unseen = smartcrop.analyze(source, aspect="1:1", lookahead=0, **PLAIN).frames
    assert unseen[0].strategy == "hold"
    assert seen[0].strategy in ("pan", "follow")


def test_progress_goes_over_both_passes(clip: Maker, tmp_path: Path) -> None:
    told: list[tuple[int, float, float | None]] = []
    source = clip(frames=30)
    smartcrop.reframe(source, tmp_path / "o.mp4", progress=lambda *each: told.append(each), **FAST)
    frames = [each for each, _, _ in told]
    seconds = [each for _, each, _ in told]
    assert frames == sorted(frames)
    assert seconds == sorted(seconds)
    assert frames[-30:] == list(range(31, 61))
    assert told[-1][1] == pytest.approx(30 / 25 + 29 / 25, abs=0.05)
    assert all(total == pytest.approx(60 / 25, abs=0.1) for _, _, total in told)


def test_what_says_how_to_decide_is_read_once(clip: Maker, tmp_path: Path) -> None:
    source, plan = clip(frames=10), tmp_path / "a.plan"
    smartcrop.analyze(source, **PLAIN).save(plan)
    for options in ({"lookahead": 0.5}, {"plan": str(plan)}, {"passes": 1}):
        told: list[int] = []
        output = tmp_path / "o.mp4"
        given = {**FAST, **options}
        smartcrop.reframe(source, output, progress=lambda n, *_, to=told: to.append(n), **given)
        assert told == list(range(1, 11))


def test_a_pipe_is_read_once(clip: Maker, tmp_path: Path) -> None:
    source, output = clip("in.mkv"), tmp_path / "out.mkv"
    done = run("reframe", "-", output, "-c", "ffv1", input=source.read_bytes())
    assert done.returncode == 0
    direct = tmp_path / "direct.mkv"
    smartcrop.reframe(source, direct, codec="ffv1", passes=1, **PLAIN)
    assert packets(output, "video") == packets(direct, "video")


def test_one_pass_is_a_flag(clip: Maker, tmp_path: Path) -> None:
    source = clip(frames=40)
    outputs = [tmp_path / f"{name}.mkv" for name in ("flag", "keyword")]
    assert run("reframe", source, outputs[0], "-c", "ffv1", "--one-pass").returncode == 0
    smartcrop.reframe(source, outputs[1], codec="ffv1", passes=1, **PLAIN)
    assert packets(outputs[0], "video") == packets(outputs[1], "video")


def test_two_passes_that_cannot_be_are_refused(clip: Maker, tmp_path: Path) -> None:
    source, output, plan = clip(frames=5), tmp_path / "out.mp4", tmp_path / "a.plan"
    smartcrop.analyze(source, **PLAIN).save(plan)
    with pytest.raises(smartcrop.Error, match="cannot be read twice"):
        smartcrop.reframe("-", output, passes=2, **FAST)
    with pytest.raises(smartcrop.Error, match="no other pass"):
        smartcrop.reframe(source, output, passes=2, plan=str(plan), **FAST)
    with pytest.raises(smartcrop.Error, match="passes is 3"):
        smartcrop.reframe(source, output, passes=3, **FAST)  # type: ignore[arg-type]
    assert leftovers(tmp_path, source, plan) == []


def test_an_output_that_cannot_be_is_refused_before_the_first_pass(
    clip: Maker, tmp_path: Path
) -> None:
    source = clip(frames=5)
    told: list[int] = []
    with pytest.raises(smartcrop.Error):
        smartcrop.reframe(
            source,
            tmp_path / "out.unknown",
            progress=lambda frames, *_: told.append(frames),
            **FAST,
        )
    assert told == []
    done = run("reframe", source, tmp_path / "nowhere" / "out.mp4")
    assert "nowhere" in line_of(done)
