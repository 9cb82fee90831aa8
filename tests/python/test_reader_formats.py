# SPDX-License-Identifier: MIT
"""Every pixel format is read with its colours, and every picture upright."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.format import names as format_names
from conftest import PLAIN, leftovers
from made_files import PICTURE, ffmpeg, picture
from test_cli import line_of, run

import smartcrop
from smartcrop import motion
from smartcrop.frames.pixels import PixelFormat
from smartcrop.video.frames import picture_of, planar, to_rgb
from smartcrop.video.reader import Reader

# FFmpeg's scaler itself reads these from memory as if their bytes were the other way round.
MISREAD = {"bgr555be", "bgr565be", "rgb555be", "rgb565be", "bgr444be", "rgb444be"}


def first_frame(path: Path) -> av.VideoFrame:
    with Reader(path) as reader:
        return next(reader.frames())


def rgb_by_ffmpeg(path: Path, folder: Path) -> np.ndarray:
    """Give the first frame as the program ffmpeg shows it."""
    ffmpeg("-i", path, "-frames:v", 1, "-pix_fmt", "rgb24", folder / "shown.png")
    with av.open(str(folder / "shown.png")) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")


def test_each_pixel_format_that_ffmpeg_converts_is_read_with_its_colours() -> None:
    source = av.VideoFrame.from_ndarray(picture(64, 48), "rgb24")
    tried = 0
    for name in sorted(format_names):
        try:
            frame = source.reformat(format=name)
            wanted = frame.reformat(format="rgb24").to_ndarray()
        except (av.error.FFmpegError, ValueError):
            continue
        read = planar(frame)
        PixelFormat.named(read.format.name)
        assert picture_of(frame).width == 64
        if name not in MISREAD:
            shown = read.reformat(format="rgb24").to_ndarray()
            assert np.abs(shown.astype(int) - wanted).mean() < 5, name
        tried += 1
    assert tried > 150


@pytest.mark.parametrize("name", ["bayer_rggb8", "bayer_bggr8", "bayer_grbg16le", "bayer_gbrg16be"])
def test_the_pattern_of_a_sensor_becomes_colours(name: str) -> None:
    frame = av.VideoFrame(64, 48, name)
    deep = "16" in name
    order = name.split("_")[1][:4]
    levels = {"r": 200, "g": 120, "b": 40}
    samples = np.zeros((48, 64), np.dtype(">u2" if "be" in name else "<u2") if deep else np.uint8)
    for place, letter in enumerate(order):
        samples[place // 2 :: 2, place % 2 :: 2] = levels[letter] * (257 if deep else 1)
    plane = frame.planes[0]
    rows = np.zeros((48, plane.line_size), np.uint8)
    rows[:, : 64 * samples.itemsize] = samples.view(np.uint8).reshape(48, -1)
    plane.update(rows.tobytes())
    shown = planar(frame).reformat(format="rgb24").to_ndarray()
    assert np.abs(shown[8:-8, 8:-8].astype(int) - (200, 120, 40)).max() <= 3


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"),
    [
        ("a.gif", "gif", "pal8"),
        ("a.mov", "qtrle", "rgb24"),
        ("a.mov", "png", "pal8"),
        ("a.mov", "png", "monob"),
        ("a.avi", "rawvideo", "yuyv422"),
        ("a.mov", "rawvideo", "uyvy422"),
        ("a.nut", "rawvideo", "nv12"),
        ("a.nut", "rawvideo", "yuv420p10be"),
        ("a.nut", "rawvideo", "rgb565le"),
        ("a.mkv", "mjpeg", "yuvj422p"),
        ("a.mkv", "ffv1", "bgr0"),
    ],
)
def test_files_of_unusual_formats_are_shown_as_ffmpeg_shows_them(
    name: str, codec: str, pixel_format: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    options = () if codec == "gif" else ("-pix_fmt", pixel_format)
    ffmpeg(*PICTURE, *options, "-c:v", codec, "-frames:v", 3, path)
    frame = first_frame(path)
    shown = to_rgb(frame, (160, 90))
    assert np.abs(shown.astype(int) - rgb_by_ffmpeg(path, tmp_path)).mean() < 3
    assert len(smartcrop.analyze(path, **PLAIN).frames) == 3


# ---- upright ----

ONE, UNIT = 1 << 16, 1 << 30
MATRICES = {
    "as it is": (1, 0, 0, 1),
    "mirrored": (-1, 0, 0, 1),
    "upside down": (1, 0, 0, -1),
    "turned by 180": (-1, 0, 0, -1),
    "turned by 90": (0, 1, -1, 0),
    "turned by 270": (0, -1, 1, 0),
    "mirrored on a diagonal": (0, 1, 1, 0),
    "mirrored on the other": (0, -1, -1, 0),
    "twice as large": (2, 0, 0, 2),
    "half as wide and turned": (0, 0.5, -1, 0),
    "slanted": (1, 0, 0.3, 1),
    "nothing at all": (0, 0, 0, 0),
    "flat": (1, 0, 0, 0),
    "turned by a third of a degree": (0.99998, 0.006, -0.006, 0.99998),
}


def with_matrix(path: Path, matrix: tuple[float, ...]) -> Path:
    a, b, c, d = (round(each * ONE) for each in matrix)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", Fraction(25))
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv444p"
        stream.codec_context.options = {"preset": "ultrafast", "crf": "4"}
        stream.set_display_matrix((a, b, 0, c, d, 0, 0, 0, UNIT))
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(picture(160, 90), "rgb24")
            frame = frame.reformat(format="yuv444p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("suffix", ["mp4", "mov"])
def test_a_picture_is_as_upright_as_ffmpeg_shows_it(
    matrix: str, suffix: str, tmp_path: Path
) -> None:
    path = with_matrix(tmp_path / f"a.{suffix}", MATRICES[matrix])
    wanted = rgb_by_ffmpeg(path, tmp_path)
    frame = first_frame(path)
    assert (frame.height, frame.width) == wanted.shape[:2]
    shown = to_rgb(frame, (frame.width, frame.height))
    assert np.abs(shown.astype(int) - wanted).mean() < 4
    assert len(smartcrop.analyze(path, **PLAIN).frames) == 3


@pytest.mark.parametrize("matrix", [(0.87, 0.5, -0.5, 0.87), (0.7, -0.7, 0.7, 0.7)])
def test_a_picture_turned_by_another_angle_is_refused(
    matrix: tuple[float, ...], tmp_path: Path
) -> None:
    path = with_matrix(tmp_path / "a.mp4", matrix)
    for host in (
        lambda: smartcrop.reframe(path, tmp_path / "o.mp4", **PLAIN),
        lambda: smartcrop.analyze(path, **PLAIN),
        lambda: motion.clip_box(path),
    ):
        with pytest.raises(smartcrop.Error, match="no multiple of 90"):
            host()
    assert leftovers(tmp_path, path) == []


def test_the_command_refuses_such_a_picture_in_one_line(tmp_path: Path) -> None:
    done = run("analyze", with_matrix(tmp_path / "a.mp4", (0.87, 0.5, -0.5, 0.87)))
    assert done.returncode == 1
    assert "turns the picture by 30 degrees" in line_of(done)
