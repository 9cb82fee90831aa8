# SPDX-License-Identifier: MIT
"""Streams whose size or pixel format changes on the way: no frame is lost while the graph stays.

The ffmpeg program frees its graph at such a change, unless -reinit_filter 0 is given, and does not
tell the filters that their stream ends. So only the frames that wait in the filter can be lost.
"""

from __future__ import annotations

import itertools
import pathlib
import random

import pytest
from ffmpeg_runner import Ffmpeg, Frame, lavfi

PIPE = ["-f", "image2pipe", "-framerate", "25", "-c:v", "mjpeg", "-i"]
STAY = ["-reinit_filter", "0"]
COUNT = 12
FORMATS = ["yuvj420p", "yuvj444p", "yuvj422p"]
SIZES = ["320x240", "480x270", "160x120"]


def joined(ffmpeg: Ffmpeg, parts: list[tuple[str, str]], count: int = COUNT) -> pathlib.Path:
    """Write a stream of pictures of which each part has its own size and pixel format."""
    path = ffmpeg.folder / "joined.mjpeg"
    part = ffmpeg.folder / "part.mjpeg"
    with path.open("wb") as stream:
        for size, pixel_format in parts:
            source = lavfi(f"testsrc2=s={size},format={pixel_format}")
            encoder = ["-frames:v", str(count), "-c:v", "mjpeg", "-q:v", "3", "-f", "image2pipe"]
            ffmpeg.run(*source, *encoder, str(part))
            stream.write(part.read_bytes())
    return path


def times(frames: list[Frame]) -> list[int]:
    return [frame.pts for frame in frames]


@pytest.mark.parametrize("seed", [1, 2])
def test_no_frame_is_lost_in_random_changes_while_the_graph_stays(
    ffmpeg: Ffmpeg, seed: int
) -> None:
    rng = random.Random(seed)
    parts = [(rng.choice(SIZES), rng.choice(FORMATS)) for _ in range(4)]
    source = [*STAY, *PIPE, str(joined(ffmpeg, parts))]
    plain = ffmpeg.frames(source, "null", "-copyts")
    frames = ffmpeg.frames(source, "smartcrop=9/16", "-copyts")
    assert len(plain) == COUNT * len(parts), parts
    assert times(frames) == times(plain), f"seed {seed}: {parts}"
    assert len({frame.size for frame in frames}) == 1, "size and format of the output stay"


@pytest.mark.parametrize("formats", list(itertools.permutations(FORMATS, 2)))
def test_frames_of_another_pixel_format_are_converted_to_the_first(
    ffmpeg: Ffmpeg, formats: tuple[str, str]
) -> None:
    first, second = formats
    path = joined(ffmpeg, [("320x240", first), ("320x240", second)])
    windows = "smartcrop=9/16:strategy=hold:center_bias=1"
    source = [*STAY, *PIPE, str(path)]
    frames = ffmpeg.frames(source, windows)
    result = ffmpeg.run(*source, "-vf", windows, "-f", "null", "-", level="warning")
    lines = [line for line in result.stderr.splitlines() if "smartcrop" in line.partition("]")[0]]
    assert len(lines) == 1 and f"changes from {first} to {second} in mid-stream" in lines[0]
    assert len(frames) == 2 * COUNT
    assert len({frame.size for frame in frames}) == 1
    once = ffmpeg.run(*source, "-vf", windows, "-f", "null", "-", level="info").stderr
    assert f"{COUNT} frames were of another pixel format" in once


def test_what_is_converted_looks_like_what_scale_makes_of_it(ffmpeg: Ffmpeg) -> None:
    path = joined(ffmpeg, [("320x240", "yuvj444p"), ("320x240", "yuvj420p")])
    out = ffmpeg.folder / "out.nut"
    reference = ffmpeg.folder / "reference.nut"
    lossless = ["-fps_mode", "passthrough", "-c:v", "ffv1"]
    ffmpeg.run(
        *STAY, *PIPE, str(path), "-vf", "smartcrop=240x240:strategy=hold", *lossless, str(out)
    )
    x = ffmpeg.metadata([*STAY, *PIPE, str(path)], "smartcrop=240x240:strategy=hold")[0]["x"]
    fixed = f"scale=320:240,format=yuvj444p,crop=240:240:{x}:0:exact=1"
    ffmpeg.run(*STAY, *PIPE, str(path), "-vf", fixed, *lossless, str(reference))
    both = ["-i", str(out), "-i", str(reference), "-lavfi", "psnr", "-f", "null", "-"]
    said = ffmpeg.run(*both, level="info").stderr
    lowest = said.rpartition("min:")[2].split()[0]
    assert lowest == "inf" or float(lowest) > 35, said[-300:]


def test_scale_before_the_filter_gives_every_frame_one_size_and_format(ffmpeg: Ffmpeg) -> None:
    path = joined(
        ffmpeg, [("320x240", "yuvj420p"), ("480x270", "yuvj444p"), ("160x120", "yuvj422p")]
    )
    chain = "scale=320:180,format=yuv420p,smartcrop=9/16"
    arguments = [*STAY, *PIPE, str(path), "-vf", chain, "-fps_mode", "passthrough"]
    result = ffmpeg.run(*arguments, "-c:v", "rawvideo", "-f", "framecrc", "-", level="warning")
    rows = [line for line in result.stdout.splitlines() if not line.startswith("#")]
    assert len(rows) == 3 * COUNT
    assert "smartcrop" not in result.stderr


@pytest.mark.parametrize("change", ["size", "format"])
def test_what_a_rebuilt_graph_loses_is_counted_to_the_frame(ffmpeg: Ffmpeg, change: str) -> None:
    other = ("480x270", "yuvj420p") if change == "size" else ("320x240", "yuvj444p")
    path = joined(ffmpeg, [("320x240", "yuvj420p"), other])
    arguments = [*PIPE, str(path), "-vf", "smartcrop=9/16:size=90x160", "-fps_mode", "passthrough"]
    result = ffmpeg.run(*arguments, "-c:v", "rawvideo", "-f", "framecrc", "-", level="warning")
    passed = sum(not line.startswith("#") for line in result.stdout.splitlines())
    lines = [line for line in result.stderr.splitlines() if "were lost" in line]
    assert passed >= COUNT, "all that followed the last change"
    lost = sum(int(line.partition("] ")[2].split()[0]) for line in lines)
    assert passed + lost == 2 * COUNT
    assert all("-reinit_filter 0" in line for line in lines)
