# SPDX-License-Identifier: MIT
"""What encoders and containers refuse: said before the work, with what they take."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest
from conftest import PLAIN, leftovers

import smartcrop
from smartcrop import jobs

Maker = Callable[..., Path]

# Options of reframe, and what the sentence has to hold.
ENCODER: list[tuple[dict[str, Any], list[str]]] = [
    ({"size": "51x90"}, ["size 51x90", "even sides", "size 52x90", "pixel_format yuv444p"]),
    ({"size": "61x81", "codec": "libx265"}, ["size 61x81", "libx265", "62x82"]),
    ({"size": "61x81", "codec": "h264"}, ["size 61x81", "libx264", "62x82"]),
    ({"size": "32768x32768", "codec": "ffv1"}, ["size 32768x32768 is too large"]),
    ({"size": "16384x16384"}, ["size 16384x16384 is too large", "million pixels"]),
    ({"crf": -5}, ["crf -5", "0 to 51"]),
    ({"crf": 64, "codec": "libvpx-vp9"}, ["libvpx-vp9", "crf 64", "63"]),
    ({"crf": 20, "codec": "mpeg4"}, ["mpeg4 has no option crf", "b=4M"]),
    ({"crf": 20, "codec": "ffv1"}, ["ffv1 has no option crf", "leave out crf"]),
    ({"preset": "bogus"}, ["no preset bogus", "veryfast", "placebo"]),
    ({"preset": "quick", "codec": "hevc"}, ["libx265", "preset quick", "veryfast"]),
    ({"preset": "fast", "codec": "libsvtav1"}, ["libsvtav1", "preset fast", "13"]),
    ({"preset": "fast", "codec": "libvpx-vp9"}, ["libvpx-vp9 has no option preset"]),
    ({"encoder_options": {"nosuch": "1"}}, ["libx264 has no option nosuch"]),
    ({"preset": "42"}, ["no preset 42", "veryfast"]),
    ({"encoder_options": {"tune": "loud"}}, ["no tune loud", "zerolatency"]),
    ({"encoder_options": {"profile": "low"}}, ["no profile low", "high10"]),
    ({"codec": "copy"}, ["cannot be copied"]),
    ({"codec": "dnxhd"}, ["dnxhd"]),
    ({"codec": "aac"}, ["aac encodes audio"]),
    ({"encoder_options": {"g": "many"}}, ["encoder option g many"]),
    ({"encoder_options": {"x264-params": "foo=1"}}, ["libx264", "foo"]),
    ({"encoder_options": {"x265-params": "foo=1"}, "codec": "hevc"}, ["libx265", "foo"]),
    ({"encoder_options": {"coder": "huff"}, "codec": "ffv1"}, ["encoder option coder huff"]),
    ({"pixel_format": "yuv421p"}, ["pixel_format yuv421p", "yuv420p"]),
    ({"pixel_format": "rgb24", "codec": "prores_ks"}, ["pixel_format rgb24", "yuv422p10le"]),
    ({"size": "54x96", "codec": "h261"}, ["h261", "size 54x96"]),
]
CONTAINER: list[tuple[str, dict[str, Any], list[str]]] = [
    ("out.webm", {}, ["out.webm", "webm does not hold h264", ".mp4", "libvpx-vp9"]),
    ("out.mov", {"codec": "libvpx-vp9"}, ["mov does not hold vp9", ".webm", "libx264"]),
    ("out.mp4", {"codec": "utvideo"}, ["mp4 does not hold utvideo", ".avi", "ffv1"]),
    ("out.ts", {"codec": "libvpx-vp9"}, ["mpegts does not hold vp9", ".webm", "libx264"]),
    ("out.gif", {}, ["gif does not hold h264", "codec gif"]),
    ("out.x", {"container": "flv", "codec": "prores_ks"}, ["flv does not hold prores", ".mov"]),
]
VAGUE = ("Generic error", "Invalid argument", "out of range", "Traceback", "returned")


def available(codec: str) -> bool:
    try:
        av.Codec(codec, "w")
    except ValueError:
        return False
    return True


@pytest.fixture
def no_first_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where the video is analysed."""

    def refuse(*_: object) -> None:
        raise AssertionError("the first pass ran")

    monkeypatch.setattr(jobs, "analyze_keeping", refuse)


def refusal(source: Path, output: Path, options: dict[str, Any]) -> str:
    if options.get("codec", "copy") != "copy" and not available(options["codec"]):
        pytest.skip(f"no encoder {options['codec']}")
    with pytest.raises(smartcrop.Error) as caught:
        smartcrop.reframe(source, output, **PLAIN, **options)
    assert leftovers(output.parent, source) == []
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert not any(each in sentence for each in VAGUE), sentence
    return sentence


@pytest.mark.usefixtures("no_first_pass")
@pytest.mark.parametrize(("options", "words"), ENCODER, ids=lambda each: str(each)[:40])
def test_what_the_encoder_refuses_is_said_first_and_by_name(
    clip: Maker, tmp_path: Path, options: dict[str, Any], words: list[str]
) -> None:
    source = clip(frames=3)
    name = "out.avi" if options.get("codec") == "h261" else "out.mkv"
    sentence = refusal(source, tmp_path / name, options)
    assert all(each in sentence for each in words), sentence


@pytest.mark.usefixtures("no_first_pass")
@pytest.mark.parametrize(("name", "options", "words"), CONTAINER, ids=lambda each: str(each)[:40])
def test_what_the_container_refuses_is_said_first_and_by_name(
    clip: Maker, tmp_path: Path, name: str, options: dict[str, Any], words: list[str]
) -> None:
    source = clip(frames=3)
    sentence = refusal(source, tmp_path / name, options)
    assert all(each in sentence for each in words), sentence


@pytest.mark.usefixtures("no_first_pass")
@pytest.mark.parametrize(("aspect", "size"), [("9/16", "90x90"), ("1", "108x192")])
def test_an_aspect_and_a_size_of_two_shapes_are_refused(
    clip: Maker, tmp_path: Path, aspect: str, size: str
) -> None:
    source = clip(frames=3)
    sentence = refusal(source, tmp_path / "out.mp4", {"aspect": aspect, "size": size})
    assert f"aspect {aspect} and size {size} are two different shapes" in sentence


def test_a_size_that_is_its_aspect_rounded_has_square_pixels(clip: Maker, tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    smartcrop.reframe(clip(frames=3), output, aspect="9:16", size="50x90", **PLAIN)
    with av.open(str(output)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (50, 90)
        assert stream.sample_aspect_ratio in (None, 1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--crf", "-5"], "crf -5"),
        (["--size", "51x90"], "even sides"),
        (["--size", "64x32"], "two different shapes"),
        (["-c", "libvpx-vp9"], "mov does not hold vp9"),
        (["--size", "16250x29250"], "too large"),
    ],
)
@pytest.mark.parametrize("command", ["reframe", "render"])
def test_the_command_says_it_in_one_line(
    clip: Maker, tmp_path: Path, command: str, options: list[str], words: str
) -> None:
    source, plan = clip(frames=3), tmp_path / "a.plan"
    smartcrop.analyze(source, **PLAIN).save(plan)
    names = [str(source), str(tmp_path / "out.mov")]
    if command == "render":
        names.insert(1, str(plan))
    else:
        options = [*options, "--model", "none"]
        options += ["--aspect", "9/16"] if words == "two different shapes" else []
    run = [sys.executable, "-m", "smartcrop", command, *names, *options]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert words in lines[0], lines[0]
    assert leftovers(tmp_path, source, plan) == []


def test_a_container_that_needs_a_file_is_refused_for_a_pipe(clip: Maker) -> None:
    source = clip(frames=3)
    options = ["--container", "mp4", "--model", "none"]
    command = [sys.executable, "-m", "smartcrop", "reframe", str(source), "-", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "mp4 cannot be written to a pipe; use container matroska or mpegts" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
