# SPDX-License-Identifier: MIT
"""Colours of the output: samples, tags and HDR metadata, whatever the encoder is called."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from av.sidedata.sidedata import Type as SideDataType
from conftest import FAST, PLAIN, times
from made_files import ffmpeg
from writer_files import QUICK, frame_of, moving, stream_of

import smartcrop

Maker = Callable[..., Path]
RED = (255, 0, 0)
TEAL = (20, 140, 150)
HDR = (
    "mastering-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)"
    "L(10000000,50):cll=1000,400"
)


def plain_colour(path: Path, colour: tuple[int, int, int], matrix: str, range_: str) -> Path:
    """A clip of one colour in tagged YUV."""
    name = "0x" + "".join(f"{each:02x}" for each in colour)
    scale = f"scale=out_color_matrix={matrix}:out_range={range_},format=yuv444p"
    tags = f"setparams=colorspace={matrix if matrix != 'bt601' else 'smpte170m'}:range={range_}"
    source = ("-f", "lavfi", "-i", f"color={name}:s=160x90:r=25:d=0.12,format=gbrp")
    ffmpeg(*source, "-vf", f"{scale},{tags}", "-c:v", "ffv1", path)
    return path


def shown(path: Path) -> np.ndarray:
    """The colour that a player shows, by the tags."""
    return frame_of(path).to_ndarray(format="rgb24")[20:70, 10:40].reshape(-1, 3).mean(axis=0)


@pytest.mark.parametrize("matrix", ["bt709", "bt601"])
@pytest.mark.parametrize("range_", ["tv", "pc"])
@pytest.mark.parametrize(
    ("codec", "suffix"),
    [
        ("libx264rgb", ".mkv"),
        ("png", ".mov"),
        ("qtrle", ".mov"),
        ("libx264", ".mp4"),
        ("mjpeg", ".avi"),
    ],
)
def test_colours_are_those_of_the_input(
    tmp_path: Path, codec: str, suffix: str, matrix: str, range_: str
) -> None:
    source = plain_colour(tmp_path / "in.mkv", TEAL, matrix, range_)
    output = tmp_path / f"out{suffix}"
    smartcrop.reframe(source, output, codec=codec, **PLAIN)
    assert np.abs(shown(output) - TEAL).max() <= 5


@pytest.mark.parametrize("colour", [RED, TEAL])
@pytest.mark.parametrize(
    ("codec", "suffix"),
    [("libx264", ".mp4"), ("libx265", ".mkv"), ("mjpeg", ".avi"), ("ffv1", ".mkv")],
)
def test_colours_of_rgb_are_kept(
    tmp_path: Path, colour: tuple[int, int, int], codec: str, suffix: str
) -> None:
    source = tmp_path / "rgb.mkv"
    name = "0x" + "".join(f"{each:02x}" for each in colour)
    given = ("-f", "lavfi", "-i", f"color={name}:s=160x90:r=25:d=0.12,format=gbrp")
    ffmpeg(*given, "-c:v", "ffv1", "-pix_fmt", "bgr0", source)
    output = tmp_path / f"out{suffix}"
    smartcrop.reframe(source, output, codec=codec, **PLAIN)
    assert np.abs(shown(output) - colour).max() <= 5


def test_greys_keep_their_brightness(tmp_path: Path) -> None:
    source = tmp_path / "grey.mkv"
    given = ("-f", "lavfi", "-i", "color=0x606060:s=160x90:r=25:d=0.12,format=gray")
    ffmpeg(*given, "-c:v", "ffv1", source)
    smartcrop.reframe(source, tmp_path / "out.mp4", **FAST)
    wanted, got = shown(source), shown(tmp_path / "out.mp4")
    assert np.abs(got - wanted).max() <= 3


@pytest.mark.parametrize(("codec", "suffix"), [("libx264rgb", ".mkv"), ("png", ".mov")])
def test_rgb_is_not_tagged_with_a_matrix_of_yuv(tmp_path: Path, codec: str, suffix: str) -> None:
    source = plain_colour(tmp_path / "in.mkv", RED, "bt709", "tv")
    output = tmp_path / f"out{suffix}"
    smartcrop.reframe(source, output, codec=codec, **PLAIN)
    frame = frame_of(output)
    assert frame.format.is_rgb
    assert int(frame.colorspace) in (0, 2)


@pytest.mark.parametrize(
    ("codec", "suffix"),
    [
        ("libx265", ".mp4"),
        ("hevc", ".mov"),
        ("libvpx-vp9", ".webm"),
        ("libsvtav1", ".mp4"),
        ("mpeg2video", ".ts"),
        ("prores_ks", ".mov"),
        ("libx264", ".mkv"),
    ],
)
def test_colour_tags_are_kept(clip: Maker, tmp_path: Path, codec: str, suffix: str) -> None:
    tags = {"color_primaries": "smpte170m", "color_trc": "bt709", "colorspace": "smpte170m"}
    source = clip(options={"preset": "ultrafast", **tags}, frames=5)
    output = tmp_path / f"out{suffix}"
    smartcrop.reframe(source, output, codec=codec, **PLAIN)
    frame = frame_of(output)
    assert int(frame.colorspace) == 6
    context = stream_of(output).codec_context
    assert (context.color_primaries, context.color_trc) in [(6, 1), (6, 6)]


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
@pytest.mark.parametrize("codec", ["libx265", "libsvtav1"])
def test_hdr_tags_and_ten_bits_are_kept(
    clip: Maker, tmp_path: Path, codec: str, transfer: str
) -> None:
    tags = {"color_primaries": "bt2020", "color_trc": transfer, "colorspace": "bt2020nc"}
    options = {"preset": "ultrafast", **tags}
    source = clip("in.mkv", pixel_format="yuv420p10le", options=options, frames=4)
    output = tmp_path / "out.mp4"
    smartcrop.reframe(source, output, codec=codec, **PLAIN)
    before, after = frame_of(source), frame_of(output)
    assert after.format.name == "yuv420p10le"
    for name in ("colorspace", "color_primaries", "color_trc"):
        assert getattr(after, name) == getattr(before, name)


def metadata(path: Path) -> dict[str, bytes]:
    kinds = (SideDataType.MASTERING_DISPLAY_METADATA, SideDataType.CONTENT_LIGHT_LEVEL)
    return {each.type.name: bytes(each) for each in frame_of(path).side_data if each.type in kinds}


@pytest.mark.parametrize("codec", ["libx265", "hevc", "libx264", "h264", "libsvtav1", "av1"])
def test_hdr_metadata_does_not_depend_on_the_name_of_the_encoder(
    clip: Maker, tmp_path: Path, codec: str
) -> None:
    options = {"preset": "ultrafast", "x264-params": HDR}
    source = clip("in.mkv", pixel_format="yuv420p10le", options=options, frames=4)
    smartcrop.reframe(source, tmp_path / "out.mp4", codec=codec, **PLAIN)
    assert sorted(metadata(tmp_path / "out.mp4")) == sorted(metadata(source))
    assert len(metadata(source)) == 2


def test_an_encoder_without_hdr_metadata_says_so_once(
    clip: Maker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    options = {"preset": "ultrafast", "x264-params": HDR}
    source = clip("in.mkv", pixel_format="yuv420p10le", options=options, frames=4)
    smartcrop.reframe(source, tmp_path / "out.mkv", codec="ffv1", **PLAIN)
    assert len([each for each in caplog.messages if "HDR metadata" in each]) == 1


@pytest.mark.parametrize("codec", ["libx265", "hevc"])
@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_hevc_is_tagged_for_apples_players(
    clip: Maker, tmp_path: Path, codec: str, suffix: str
) -> None:
    output = tmp_path / f"out{suffix}"
    smartcrop.reframe(clip(frames=3), output, codec=codec, **PLAIN)
    assert stream_of(output).codec_context.codec_tag == "hvc1"


@pytest.mark.parametrize("codec", ["hevc", "libx265", "av1", "libsvtav1", "h264", "libvpx-vp9"])
def test_encoders_write_nothing_to_the_terminal(clip: Maker, tmp_path: Path, codec: str) -> None:
    names = [str(clip(frames=3)), str(tmp_path / "out.mp4")]
    command = [sys.executable, "-m", "smartcrop", "reframe", *names, "-c", codec, "--model", "none"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def in_fields(path: Path, height: int) -> Path:
    fields = ("-flags", "+ildct+ilme", "-vf", f"crop=160:{height},setfield=tff")
    ffmpeg(*moving(), *fields, "-c:v", "mpeg2video", "-field_order", "tt", path)
    assert frame_of(path).interlaced_frame
    return path


def test_fields_are_kept(tmp_path: Path) -> None:
    source = in_fields(tmp_path / "fields.ts", 80)
    smartcrop.reframe(source, tmp_path / "out.ts", codec="mpeg2video", **PLAIN)
    smartcrop.reframe(source, tmp_path / "out.mp4", **PLAIN)
    for name in ("out.ts", "out.mp4"):
        assert frame_of(tmp_path / name).interlaced_frame, name


def test_fields_of_a_height_that_the_encoder_refuses_become_frames(tmp_path: Path) -> None:
    source = in_fields(tmp_path / "fields.ts", 90)
    smartcrop.reframe(source, tmp_path / "out.mp4", **PLAIN)
    assert len(times(tmp_path / "out.mp4")) == len(times(source))


@pytest.mark.parametrize(("codec", "suffix"), [("libx265", ".mkv"), ("libvpx-vp9", ".mp4")])
def test_the_shape_of_pixels_is_kept(tmp_path: Path, codec: str, suffix: str) -> None:
    source = tmp_path / "pal.mkv"
    ffmpeg(*moving(), "-vf", "setsar=16/11", *QUICK, source)
    smartcrop.reframe(source, tmp_path / f"out{suffix}", codec=codec, **PLAIN)
    assert stream_of(tmp_path / f"out{suffix}").sample_aspect_ratio == Fraction(16, 11)


@pytest.mark.parametrize("suffix", [".webm", ".mkv"])
def test_a_shape_of_pixels_that_cannot_be_kept_is_said(
    tmp_path: Path, suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    source = tmp_path / "pal.mkv"
    ffmpeg(*moving(), "-vf", "setsar=16/11", *QUICK, source)
    smartcrop.reframe(source, tmp_path / f"out{suffix}", codec="libvpx-vp9", **PLAIN)
    assert len([each for each in caplog.messages if "16/11" in each]) == 1
