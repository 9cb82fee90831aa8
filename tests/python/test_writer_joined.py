# SPDX-License-Identifier: MIT
"""Streams whose packets come with times that do not rise."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest
from conftest import FAST
from made_files import ffmpeg
from writer_files import pts_of, with_sound

import smartcrop
from smartcrop.video.clock import Rising


def listed(folder: Path) -> Path:
    """A list of two parts, the second cut off its first."""
    first = with_sound(folder / "a.mp4", seconds=1)
    ffmpeg("-ss", 0.37, "-i", first, "-c", "copy", folder / "b.mp4")
    path = folder / "list.ffconcat"
    path.write_text("ffconcat version 1.0\nfile a.mp4\nfile b.mp4\n")
    return path


def joined(folder: Path) -> Path:
    """Three recordings in one, put together as they are."""
    whole = with_sound(folder / "a.ts")
    (folder / "joined.ts").write_bytes(whole.read_bytes() * 3)
    return folder / "joined.ts"


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
@pytest.mark.parametrize("make", [listed, joined], ids=lambda each: each.__name__)
def test_joined_files_are_written_to_their_end_with_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, make: object, suffix: str
) -> None:
    source = make(tmp_path)  # type: ignore[operator]
    done = smartcrop.reframe(source, tmp_path / f"out{suffix}", **FAST)
    times = pts_of(tmp_path / f"out{suffix}")
    assert len(times) == done.frames > 30
    assert times == sorted(set(times))
    moved = [each for each in caplog.messages if "did not rise" in each]
    assert len(moved) <= 1
    assert len(caplog.messages) <= 3


def packet(pts: int | None, dts: int | None, duration: int = 10) -> av.Packet:
    made = av.Packet(b"x")
    made.pts, made.dts, made.duration, made.time_base = pts, dts, duration, Fraction(1, 1000)
    return made


@pytest.mark.parametrize(
    ("strict", "given", "wanted", "moved"),
    [
        (True, [0, 10, 10, 5, 40], [0, 10, 11, 12, 40], 2),
        (False, [0, 10, 10, 5, 40], [0, 10, 10, 10, 40], 1),
        (True, [-20, -10, None, 0], [-20, -10, 0, 1], 1),
    ],
)
def test_times_that_do_not_rise_move_by_a_tick(
    strict: bool, given: list[int | None], wanted: list[int], moved: int
) -> None:
    rising = Rising(Fraction(1, 1000), strict)
    packets = [packet(each, each) for each in given]
    for each in packets:
        rising(each)
    assert [each.dts for each in packets] == wanted
    assert all(each.pts >= each.dts for each in packets)
    assert rising.moved == moved


def test_times_are_rounded_to_the_clock_of_the_muxer() -> None:
    rising = Rising(Fraction(1, 90), strict=True)
    packets = [packet(each, each) for each in (0, 10, 12, 14)]
    for each in packets:
        rising(each)
    assert [each.pts for each in packets] == [0, 1, 2, 3]
