# SPDX-License-Identifier: MIT
"""Videos whose format, size, shape or colours change in mid-file."""

from __future__ import annotations

import logging
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from conftest import FAST, PLAIN, times
from made_files import Part, ffmpeg, picture, splice

import smartcrop
from smartcrop import motion
from smartcrop.preview import preview
from smartcrop.video.frames import to_rgb
from smartcrop.video.reader import Reader

MJPEG, PNG = "mjpeg", "png"
CHANGES = {
    "4:2:2 then 4:2:0": ("a.avi", MJPEG, ["yuvj422p", "yuvj420p"]),
    "4:2:0 then 4:4:4": ("a.mkv", MJPEG, ["yuvj420p", "yuvj444p"]),
    "full colour then alpha": ("a.mov", PNG, ["rgb24", "rgba"]),
    "16 bits then 8": ("a.mov", PNG, ["rgb48be", "rgb24"]),
    "full colour then grey": ("a.mov", PNG, ["rgb24", "gray"]),
    "8 bits then 10": ("a.h264", "libx264", ["yuv420p", "yuv420p10le"]),
    "10 bits then 8, then 4:2:2": ("a.h264", "libx264", ["yuv420p10le", "yuv420p", "yuv422p"]),
    "HEVC 8 bits then 10": ("a.hevc", "libx265", ["yuv420p", "yuv420p10le"]),
}


def read(path: Path) -> list[av.VideoFrame]:
    with Reader(path) as reader:
        return list(reader.frames())


def error_of(frame: av.VideoFrame, wanted: np.ndarray) -> float:
    """Mean difference of the colours, away from their edges."""
    shown = to_rgb(frame, (frame.width, frame.height)).astype(int)
    differs = np.abs(shown - wanted.astype(int)).max(2)
    inner = np.ones_like(differs, bool)
    rows, columns = differs.shape
    for edge in (rows // 2, 0, rows):
        inner[max(0, edge - 4) : edge + 4] = False
    for edge in (0, columns // 3, columns * 2 // 3, columns):
        inner[:, max(0, edge - 5) : edge + 5] = False
    return float(differs[inner].mean())


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]


@pytest.mark.parametrize("change", CHANGES)
def test_frames_of_another_format_are_converted_to_the_first(
    change: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name, codec, formats = CHANGES[change]
    options = {"preset": "ultrafast", "crf": "4"} if codec.startswith("lib") else {}
    if codec == "libx265":
        options["x265-params"] = "log-level=none"
    path = splice(tmp_path / name, codec, [Part(each) for each in formats], **options)
    frames = read(path)
    assert len(frames) == 4 * len(formats)
    assert len({(each.format.name, each.width, each.height) for each in frames}) == 1
    grey = [len(frames) - 4 + index for index in range(4)] if formats[-1] == "gray" else []
    for index, frame in enumerate(frames):
        if index not in grey:
            assert error_of(frame, picture(160, 90)) < 8, index
    assert len(warnings_of(caplog)) == 1
    assert "pixel format" in warnings_of(caplog)[0]


def test_every_host_reads_a_video_whose_format_changes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    parts = [Part("yuvj444p"), Part("yuvj420p", 80, 80), Part("yuvj422p")]
    path = splice(tmp_path / "a.avi", MJPEG, parts)
    assert smartcrop.reframe(path, tmp_path / "o.mp4", **FAST).frames == 12
    assert times(tmp_path / "o.mp4") == times(path)
    # Once for the size and once for the format, though the file was read twice.
    changes = [each for each in warnings_of(caplog) if "changes from" in each]
    assert len(changes) == 2
    assert len(smartcrop.analyze(path, **PLAIN).frames) == 12
    preview(path, tmp_path / "o.png", **PLAIN)
    preview(path, tmp_path / "p.mp4", **PLAIN)
    assert motion.clip_box(path).frames == 12


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Part("yuv420p", tags=(1, 1)), Part("yuv420p", tags=(5, 1))),
        (Part("yuv444p", tags=(9, 1)), Part("yuv420p", tags=(1, 1))),
        (Part("yuv420p", tags=(1, 1)), Part("yuv420p", tags=(1, 2))),
        (Part("yuv422p", tags=(6, 2)), Part("yuv422p", tags=(1, 1))),
    ],
    ids=["709 then 601", "2020 then 709", "limited then full", "both"],
)
def test_colours_stay_true_where_matrix_or_range_changes(
    first: Part, second: Part, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    options = {"preset": "ultrafast", "crf": "1"}
    path = splice(tmp_path / "a.h264", "libx264", [first, second], **options)
    frames = read(path)
    tags = {(int(each.colorspace), int(each.color_range)) for each in frames}
    assert tags == {first.tags}
    for frame in frames:
        shown = frame.reformat(format="rgb24", src_colorspace=_swscale(first.tags[0]))
        assert error_of(shown, picture(160, 90)) < 6
    assert len(warnings_of(caplog)) == 1


def _swscale(matrix: int) -> int:
    return {1: 1, 5: 5, 6: 5, 9: 9}[matrix]


def test_tags_that_appear_or_go_change_no_sample(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    parts = [Part("yuv420p"), Part("yuv420p", tags=(6, 1)), Part("yuv420p")]
    path = splice(tmp_path / "a.h264", "libx264", parts, preset="ultrafast")
    frames = read(path)
    assert len({int(each.colorspace) for each in frames}) == 1
    assert np.array_equal(bytes(frames[0].planes[1]), bytes(frames[4].planes[1]))
    assert warnings_of(caplog) == []


@pytest.mark.parametrize(
    ("width", "height", "bars"),
    [(90, 90, "sides"), (320, 90, "top"), (320, 180, "none"), (90, 160, "sides")],
)
def test_a_picture_of_another_size_keeps_its_shape_between_bars(
    width: int, height: int, bars: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    parts = [Part("yuvj420p"), Part("yuvj420p", width, height)]
    path = splice(tmp_path / "a.avi", MJPEG, parts)
    frames = read(path)
    assert {(each.width, each.height) for each in frames} == {(160, 90)}
    shown = to_rgb(frames[-1], (160, 90)).astype(int)
    bright = shown.max(2) > 45
    columns, rows = np.flatnonzero(bright.any(0)), np.flatnonzero(bright.any(1))
    across, down = columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1
    assert across / down == pytest.approx(width / height, rel=0.05)
    assert (across == 160) == (bars != "sides")
    assert (down == 90) == (bars != "top")
    assert len(warnings_of(caplog)) == 1
    assert f"{width}x{height}" in warnings_of(caplog)[0]


def test_a_picture_with_other_pixels_keeps_its_shape(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    joined = tmp_path / "a.ts"
    with joined.open("wb") as file:
        for sar in ("1", "2"):
            part = tmp_path / "part.ts"
            source = f"color=white:s=160x90:r=25:d=0.2,setsar={sar}"
            ffmpeg("-f", "lavfi", "-i", source, "-c:v", "libx264", part)
            file.write(part.read_bytes())
    with Reader(joined) as reader:
        frames = list(reader.frames())
        assert reader.sar == Fraction(1)
    bright = to_rgb(frames[-1], (160, 90)).max(2) > 128
    # Twice as wide on the screen: all of the width and half of the height.
    assert abs(int(bright[:, 80].sum()) - 45) <= 2
    assert bright[45].all()
    assert any("size" in each for each in warnings_of(caplog))


def test_a_turned_part_is_turned_and_fitted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    upright, turned = tmp_path / "a.h264", tmp_path / "b.h264"
    white = ("-f", "lavfi", "-i", "color=white:s=160x90:r=25:d=0.2", "-c:v", "libx264", upright)
    ffmpeg(*white)
    turn = "h264_metadata=display_orientation=insert:rotate=90"
    ffmpeg("-i", upright, "-c", "copy", "-bsf:v", turn, turned)
    joined = tmp_path / "joined.h264"
    joined.write_bytes(upright.read_bytes() + turned.read_bytes())
    frames = read(joined)
    assert len(frames) == 10
    assert {(each.width, each.height) for each in frames} == {(160, 90)}
    bright = to_rgb(frames[5], (160, 90)).max(2) > 128  # the one that is said to be turned
    assert abs(int(bright[45].sum()) - 90 * 90 / 160) <= 2
    assert bright[:, 80].all()
    assert "from 160x90 to 90x160 at 0.20 s; 1 frame" in warnings_of(caplog)[0]
