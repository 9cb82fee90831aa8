# SPDX-License-Identifier: MIT
"""The filter goes after a subject that it is told, by its option and by a command in mid-stream."""

from __future__ import annotations

import pytest
from ffmpeg_runner import Ffmpeg, lavfi

pytest_plugins = ["tests.tracker_file"]

# Two patches of their own colours, above each other, at the sides of a dim picture.
SOURCE = lavfi(
    "color=c=0x303030:s=320x180:r=25:d=4[b];testsrc2=s=48x48:r=25:d=4[one];"
    "mandelbrot=s=48x48:r=25,trim=duration=4,setpts=N/25/TB[two];"
    "[b][one]overlay=x='20+6*t':y=30[c];[c][two]overlay=x='250-6*t':y=100:eof_action=endall"
)
UPPER, LOWER = "0.14x0.3", "0.84x0.69"


def middles(frames: list[dict[str, str]]) -> list[float]:
    return [float(each["x"]) + float(each["w"]) / 2 for each in frames]


@pytest.fixture
def named(tracker: dict[str, str]) -> str:
    """Return the options with which the filter follows what is pointed at, and nobody else."""
    given = "".join(f":{key}={value}" for key, value in tracker.items())
    return f"{given}:lookahead=0:subjects=none"


def test_a_command_needs_no_preparation(ffmpeg: Ffmpeg, named: str) -> None:
    command = f"sendcmd=c='1.0 smartcrop follow {LOWER}'"
    frames = ffmpeg.metadata(SOURCE, f"{command},smartcrop=9/16{named}")
    prepared = ffmpeg.metadata(SOURCE, f"{command},smartcrop=9/16:follow=auto{named}")
    assert frames == prepared
    assert not any("subject_x" in each for each in frames[:25])
    assert all("subject_x" in each for each in frames[30:])
    assert middles(frames)[-1] > 190


@pytest.mark.parametrize(("point", "side"), [(UPPER, 0), (LOWER, 1)])
def test_the_window_goes_after_the_subject_of_the_option(
    ffmpeg: Ffmpeg, named: str, point: str, side: int
) -> None:
    frames = ffmpeg.metadata(SOURCE, f"smartcrop=9/16:follow={point}{named}")
    assert len(frames) == 100
    for at, middle in zip(frames[25:], middles(frames)[25:], strict=True):
        assert at["subject"] == "0", "nobody counts it"
        left, width = float(at["subject_x"]), float(at["subject_w"])
        assert abs(left + width / 2 - middle) < 30
        assert (middle > 160) == side


def test_a_command_goes_to_the_other_subject(ffmpeg: Ffmpeg, named: str) -> None:
    command = f"sendcmd=c='2.0 smartcrop follow {LOWER}'"
    frames = ffmpeg.metadata(SOURCE, f"{command},smartcrop=9/16:follow={UPPER}{named}")
    found = middles(frames)
    assert all(middle < 110 for middle in found[20:50])
    assert found[-1] > 190
    assert len(frames) == 100


def test_a_command_may_name_an_id_and_go_back_to_the_camera(ffmpeg: Ffmpeg, named: str) -> None:
    command = "sendcmd=c='2.0 smartcrop follow #7;3.0 smartcrop follow auto'"
    frames = ffmpeg.metadata(SOURCE, f"{command},smartcrop=9/16:follow={UPPER}{named}")
    assert "subject_x" in frames[40]
    assert all("subject_x" not in each for each in frames[50:])


@pytest.mark.parametrize(
    ("option", "argument", "said"),
    [
        (":tracker=none.onnx", UPPER, "none.onnx"),
        ("", "here", "such as 0.31x0.42"),
        (":follow=auto", "2x3", "shares are 0 to 1"),
        (":follow=auto", "here", "such as 0.31x0.42"),
    ],
)
def test_a_wrong_command_is_one_line_and_changes_nothing(
    ffmpeg: Ffmpeg, named: str, option: str, argument: str, said: str
) -> None:
    chain = f"sendcmd=c='2.0 smartcrop follow {argument}',smartcrop=9/16{named}{option}"
    done = ffmpeg.run(*SOURCE, "-vf", chain, "-f", "null", "-", level="verbose")
    lines = [line for line in done.stderr.splitlines() if "smartcrop" in line.partition("]")[0]]
    assert sum(said in line for line in lines) == 1, lines
    replies = [line for line in done.stderr.splitlines() if "Command reply" in line]
    assert replies and "ret:Success" not in replies[0], "the reply says that it failed"
    plain = ffmpeg.metadata(SOURCE, f"smartcrop=9/16{named}{option}")
    sent = ffmpeg.metadata(SOURCE, chain)
    assert middles(sent) == middles(plain)


def test_without_a_subject_no_place_of_one_is_written(ffmpeg: Ffmpeg) -> None:
    frames = ffmpeg.metadata(SOURCE, "smartcrop=9/16")
    assert {each["subject"] for each in frames} == {"0"}
    assert not any(key.startswith("subject_") for each in frames for key in each)


def test_the_help_marks_follow_as_an_option_that_runs(ffmpeg: Ffmpeg) -> None:
    text = ffmpeg.run("-h", "filter=smartcrop").stdout
    line = next(line for line in text.splitlines() if line.split()[:2] == ["follow", "<string>"])
    assert "T" in line.split()[2]
