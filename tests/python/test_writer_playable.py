# SPDX-License-Identifier: MIT
"""What players show: the pixel formats of the output, and encoders that do not fail on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import pytest
from conftest import FAST, PLAIN
from made_files import ffmpeg
from writer_files import QUICK, frame_of

import smartcrop
from smartcrop.video.encoder_check import ffmpeg_lines
from smartcrop.video.pixel_choice import choose_pixel_format

Maker = Callable[..., Path]


def chosen(codec: str, source: str, container: str = "matroska") -> str:
    try:
        encoder = av.Codec(codec, "w")
    except ValueError:
        pytest.skip(f"no encoder {codec}")
    return choose_pixel_format(encoder, source, None, container)


@pytest.mark.parametrize(
    "source",
    [
        "gbrp",
        "gbrap",
        "yuv444p",
        "yuv422p",
        "yuv420p10le",
        "yuv422p10le",
        "gray",
        "yuv411p",
        "gbrp16le",
    ],
)
@pytest.mark.parametrize("codec", ["libx264", "h264", "mpeg4"])
def test_codecs_of_phones_get_4_2_0_of_8_bits(codec: str, source: str) -> None:
    assert chosen(codec, source) == "yuv420p"


@pytest.mark.parametrize(
    ("codec", "source", "wanted"),
    [
        ("libx265", "yuv420p10le", "yuv420p10le"),
        ("hevc", "yuv422p10le", "yuv420p10le"),
        ("libx265", "yuv444p12le", "yuv420p10le"),
        ("libx265", "gbrp", "yuv420p"),
        ("libsvtav1", "yuv420p10le", "yuv420p10le"),
        ("av1", "yuv444p", "yuv420p"),
        ("libvpx-vp9", "gbrp", "yuv420p"),
        ("libx264", "yuvj420p", "yuvj420p"),
        ("ffv1", "yuv444p12le", "yuv444p12le"),
        ("ffv1", "gbrp12le", "gbrp12le"),
        ("prores_ks", "yuv422p10le", "yuv422p10le"),
        ("prores_ks", "yuv420p", "yuv422p10le"),
        ("prores_ks", "yuva444p12le", "yuva444p10le"),
        ("dnxhd", "yuv422p10le", "yuv422p10le"),
        ("mjpeg", "yuv420p", "yuvj420p"),
        ("mjpeg", "yuv444p", "yuvj444p"),
        ("mpeg2video", "yuv422p", "yuv422p"),
        ("utvideo", "gbrap", "gbrap"),
    ],
)
def test_each_codec_gets_what_it_is_for(codec: str, source: str, wanted: str) -> None:
    assert chosen(codec, source) == wanted


@pytest.mark.parametrize("source", ["yuv444p", "rgb24"])
def test_what_is_changed_to_be_played_is_said_once(
    clip: Maker, tmp_path: Path, source: str, caplog: pytest.LogCaptureFixture
) -> None:
    codec = "libx264rgb" if source == "rgb24" else "libx264"
    path = clip("in.mkv", pixel_format=source, codec=codec, frames=3)
    smartcrop.reframe(path, tmp_path / "out.mp4", **FAST)
    assert frame_of(tmp_path / "out.mp4").format.name == "yuv420p"
    assert len(caplog.messages) == 1
    assert "is written as yuv420p" in caplog.messages[0]


def test_a_pixel_format_that_is_asked_for_is_used_without_a_word(
    clip: Maker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = clip("in.mkv", pixel_format="yuv444p", frames=3)
    smartcrop.reframe(path, tmp_path / "out.mp4", pixel_format="yuv444p", **FAST)
    assert frame_of(tmp_path / "out.mp4").format.name == "yuv444p"
    assert caplog.messages == []


def test_a_plan_is_rendered_as_playable(clip: Maker, tmp_path: Path) -> None:
    path = clip("in.mkv", pixel_format="yuv422p", frames=3)
    smartcrop.analyze(path, **PLAIN).save(tmp_path / "a.plan")
    smartcrop.reframe(path, tmp_path / "out.mp4", plan=str(tmp_path / "a.plan"))
    assert frame_of(tmp_path / "out.mp4").format.name == "yuv420p"


@pytest.mark.parametrize("codec", ["ffv1", "libvpx-vp9", "libsvtav1", "mpeg4"])
def test_an_odd_size_is_written_where_the_encoder_takes_it(
    clip: Maker, tmp_path: Path, codec: str
) -> None:
    output = tmp_path / "out.mkv"
    smartcrop.reframe(clip(frames=3), output, size="71x127", codec=codec, **PLAIN)
    frame = frame_of(output)
    assert (frame.width, frame.height) == (71, 127)


@pytest.mark.parametrize(("size", "setting"), [("80x44", b"no-cutree"), ("160x90", b" cutree")])
def test_x265_leaves_out_what_writes_beyond_its_memory_in_narrow_pictures(
    tmp_path: Path, size: str, setting: bytes
) -> None:
    source = tmp_path / "in.mkv"
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=s={size}:r=25:d=0.6", *QUICK, source)
    smartcrop.reframe(source, tmp_path / "out.mkv", codec="libx265", **PLAIN)
    # x265 writes its settings into the stream.
    assert setting in (tmp_path / "out.mkv").read_bytes()


def test_a_thread_that_logs_finds_a_level_after_lines_were_collected() -> None:
    with ffmpeg_lines():
        pass
    assert av.logging.get_level() is not None
