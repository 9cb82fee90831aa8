# SPDX-License-Identifier: MIT
"""Transparency: kept where the encoder and the container have a place for it, else said."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from conftest import PLAIN
from made_files import ffmpeg

import smartcrop

SIZE = (160, 90)


def half_clear(folder: Path, pixel_format: str, codec: str = "ffv1") -> Path:
    """A clip whose upper half is opaque, and whose lower half is almost clear."""
    path = folder / "alpha.mkv"
    picture = np.full((SIZE[1], SIZE[0], 4), (200, 80, 40, 255), np.uint8)
    picture[45:, :, 3] = 40
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, Fraction(25))
        stream.width, stream.height = SIZE
        stream.pix_fmt = pixel_format
        for index in range(4):
            frame = av.VideoFrame.from_ndarray(picture, "rgba").reformat(format=pixel_format)
            frame.pts, frame.time_base = index, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def alpha_of(path: Path) -> np.ndarray:
    """Transparency of the first picture, 0 to 255, as ffmpeg reads it."""
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        # FFmpeg's own decoder of VP9 leaves the transparency; that of libvpx reads it.
        decoder = ("-c:v", "libvpx-vp9") if context.name == "vp9" else ()
        shape = (context.height, context.width)
    plane = path.with_suffix(".gray")
    alpha = ("-vf", "alphaextract", "-frames:v", 1, "-pix_fmt", "gray", "-f", "rawvideo")
    ffmpeg(*decoder, "-i", path, *alpha, plane)
    return np.fromfile(plane, np.uint8).reshape(shape)


KEPT = [
    ("prores_ks", ".mov", "yuva444p10le"),
    ("libvpx-vp9", ".webm", "yuva420p"),
    ("libvpx-vp9", ".mkv", "yuva444p"),
    ("qtrle", ".mov", "yuva420p"),
    ("ffv1", ".mkv", "bgra"),
    ("ffv1", ".mkv", "yuva422p"),
    ("png", ".mov", "bgra"),
    ("png", ".avi", "yuva444p"),
    ("utvideo", ".avi", "yuva420p"),
    ("ffvhuff", ".avi", "yuva444p"),
]


@pytest.mark.parametrize(("codec", "suffix", "pixel_format"), KEPT)
def test_transparency_is_kept(
    tmp_path: Path, codec: str, suffix: str, pixel_format: str, caplog: pytest.LogCaptureFixture
) -> None:
    source = half_clear(tmp_path, pixel_format)
    output = tmp_path / f"out{suffix}"
    smartcrop.reframe(source, output, codec=codec, **PLAIN)
    alpha = alpha_of(output).astype(int)
    assert np.abs(alpha[4:40] - 255).max() <= 3
    assert np.abs(alpha[50:86] - 40).max() <= 3
    assert not any("transparency" in each for each in caplog.messages)


@pytest.mark.parametrize(
    ("codec", "suffix"),
    [("libx264", ".mp4"), ("libx265", ".mov"), ("libvpx-vp9", ".mp4"), ("mpeg4", ".avi")],
)
@pytest.mark.parametrize("pixel_format", ["yuva420p", "bgra"])
def test_transparency_that_is_lost_is_said_in_one_line(
    tmp_path: Path, codec: str, suffix: str, pixel_format: str, caplog: pytest.LogCaptureFixture
) -> None:
    source = half_clear(tmp_path, pixel_format)
    output = tmp_path / f"out{suffix}"
    smartcrop.reframe(source, output, codec=codec, **PLAIN)
    with av.open(str(output)) as container:
        assert container.streams.video[0].codec_context.pix_fmt == "yuv420p"
    assert len([each for each in caplog.messages if "transparency is lost" in each]) == 1
    assert len(caplog.messages) == 1
