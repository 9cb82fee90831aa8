# SPDX-License-Identifier: MIT
"""What a reframed file keeps of its pictures: samples, colours and shape."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.sidedata.sidedata import Type as SideDataType
from conftest import FAST, PLAIN, times

import smartcrop
from smartcrop.video.reader import Reader

Maker = Callable[..., Path]


def first_frame(path: Path) -> av.VideoFrame:
    with av.open(str(path)) as container:
        return next(container.decode(video=0))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
def test_ten_bits_and_colour_tags_survive(clip: Maker, tmp_path: Path, suffix: str) -> None:
    tags = {"color_primaries": "bt2020", "color_trc": "smpte2084", "colorspace": "bt2020nc"}
    source = clip(pixel_format="yuv420p10le", options={"preset": "ultrafast", **tags})
    output = tmp_path / f"out{suffix}"
    smartcrop.reframe(source, output, codec="libx265", **FAST)
    frame = first_frame(output)
    assert frame.format.name == "yuv420p10le"
    assert (frame.color_primaries, frame.color_trc, frame.colorspace) == (9, 16, 9)


def test_hdr_metadata_survives(clip: Maker, tmp_path: Path) -> None:
    hdr = (
        "mastering-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)"
        "L(10000000,50):cll=1000,400"
    )
    options = {"preset": "ultrafast", "x264-params": hdr}
    source = clip(pixel_format="yuv420p10le", options=options)
    output = tmp_path / "out.mp4"
    smartcrop.reframe(source, output, **FAST)

    def metadata(path: Path) -> dict[str, bytes]:
        kinds = (SideDataType.MASTERING_DISPLAY_METADATA, SideDataType.CONTENT_LIGHT_LEVEL)
        data = first_frame(path).side_data
        return {each.type.name: bytes(each) for each in data if each.type in kinds}

    assert len(metadata(source)) == 2
    assert metadata(output) == metadata(source)


@pytest.mark.parametrize("rotation", [0, 90, 180, -90])
def test_a_noted_rotation_is_applied(clip: Maker, tmp_path: Path, rotation: int) -> None:
    source = clip(rotation=rotation, frames=3, options={"qp": "0"})
    with Reader(source) as reader:
        frame = next(reader.frames())
        upright = frame.to_ndarray(format="rgb24")
    stored = first_frame(source).to_ndarray(format="rgb24")
    turned = np.rot90(stored, rotation // 90)
    assert upright.shape == turned.shape
    assert np.abs(upright.astype(int) - turned).mean() < 6  # chroma is half size

    output = tmp_path / "out.mp4"
    smartcrop.reframe(source, output, aspect="1:1", **FAST)
    assert first_frame(output).rotation == 0
    assert times(output) == times(source)


def test_pixels_are_those_of_the_input_where_the_window_is_not_scaled(
    clip: Maker, tmp_path: Path
) -> None:
    source = clip(frames=20)
    output = tmp_path / "out.mkv"
    smartcrop.reframe(source, output, codec="ffv1", **PLAIN)
    plan = smartcrop.analyze(source, **PLAIN)
    with av.open(str(source)) as before, av.open(str(output)) as after:
        pairs = zip(before.decode(video=0), after.decode(video=0), plan.frames, strict=True)
        for old, new, window in pairs:
            x, y = int(window.x), int(window.y)
            luma = np.frombuffer(old.planes[0], np.uint8).reshape(old.height, -1)
            kept = np.frombuffer(new.planes[0], np.uint8).reshape(new.height, -1)[:, : new.width]
            assert np.array_equal(kept, luma[y : y + new.height, x : x + new.width])


def test_size_scales_the_output(clip: Maker, tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    result = smartcrop.reframe(clip(), output, size="108x192", **FAST)
    frame = first_frame(output)
    assert (frame.width, frame.height) == (result.width, result.height) == (108, 192)


@pytest.mark.parametrize(
    "name", ["yuv422p10le", "yuv444p", "yuv411p", "yuva420p", "yuv420p16le", "gray", "gray10le"]
)
def test_the_pixel_format_is_kept(clip: Maker, tmp_path: Path, name: str) -> None:
    source = clip("in.mkv", pixel_format=name, codec="ffv1", options={})
    output = tmp_path / "out.mkv"
    smartcrop.reframe(source, output, codec="ffv1", **PLAIN)
    assert first_frame(output).format.name == name


def test_rgb_becomes_yuv_with_its_matrix_tagged(clip: Maker, tmp_path: Path) -> None:
    source = clip("in.mkv", pixel_format="rgb24", codec="libx264rgb")
    output = tmp_path / "out.mkv"
    smartcrop.reframe(source, output, **FAST, crf=1, pixel_format="yuv444p")
    frame = first_frame(output)
    assert frame.format.name == "yuv444p"
    assert (frame.colorspace, frame.color_range) == (1, 1)
    plan = smartcrop.analyze(source, **PLAIN).frames[0]
    x, y = int(plan.x), int(plan.y)
    before = first_frame(source).to_ndarray(format="rgb24")
    kept = before[y : y + frame.height, x : x + frame.width]
    after = frame.to_ndarray(format="rgb24")
    assert np.abs(after.astype(int) - kept).mean() < 6


def test_the_shape_of_pixels_is_respected(clip: Maker, tmp_path: Path) -> None:
    anamorphic = tmp_path / "sar.mkv"
    command = ["ffmpeg", "-v", "error", "-i", str(clip(width=144, height=120))]
    done = subprocess.run([*command, "-vf", "setsar=16/9", str(anamorphic)], check=False)
    if done.returncode:
        pytest.skip("no ffmpeg to make an anamorphic clip with")
    output = tmp_path / "out.mkv"
    smartcrop.reframe(anamorphic, output, aspect="1:1", **FAST)
    with av.open(str(output)) as container:
        stream = container.streams.video[0]
        assert stream.display_aspect_ratio == pytest.approx(1, rel=0.03)
        assert stream.sample_aspect_ratio == Fraction(16, 9)
