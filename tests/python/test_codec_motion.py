# SPDX-License-Identifier: MIT
"""Motion vectors of real streams: known answers, and streams that have none."""

from __future__ import annotations

import logging
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from conftest import PLAIN

import smartcrop
from smartcrop import _core
from smartcrop.video.reader import Reader
from smartcrop.video.vectors import motion_vectors

WIDTH, HEIGHT, FRAMES, SIDE = 640, 360, 60, 96
PAN = (-3, 1)  # the ground's pixels a frame
OWN = (4, 0)  # the object's
BFRAMES = {
    "no-b-frames": {"bf": "0"},
    "b-frames": {"bf": "2", "x264-params": "b-pyramid=none:b-adapt=0"},
    "b-pyramid": {"bf": "3", "x264-params": "b-pyramid=normal:b-adapt=0"},
}


def blurred_noise(seed: int, height: int, width: int) -> np.ndarray:
    """A texture with detail of a few pixels."""
    noise = np.random.default_rng(seed).normal(0, 1, (height, width))
    spectrum = np.fft.rfft2(noise)
    fy, fx = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    soft = np.fft.irfft2(spectrum * np.exp(-((fx**2 + fy**2) / (2 * 0.05**2))), (height, width))
    return np.clip(128 + 45 * soft / soft.std(), 0, 255).astype(np.uint8)


def object_at(frame: int) -> tuple[int, int]:
    """Left and top of the object."""
    return 150 + OWN[0] * frame, 130 + OWN[1] * frame


@pytest.fixture(params=BFRAMES)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An object that crosses a ground that the camera pans over."""
    path = tmp_path / "scene.mp4"
    margin = 4 * FRAMES
    ground = blurred_noise(1, HEIGHT + 2 * margin, WIDTH + 2 * margin)
    patch = 255 - blurred_noise(2, SIDE, SIDE)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", Fraction(25))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.options = {"crf": "20", "g": "250", **BFRAMES[request.param]}
        for index in range(FRAMES):
            left, top = margin - PAN[0] * index, margin - PAN[1] * index
            picture = ground[top : top + HEIGHT, left : left + WIDTH].copy()
            x, y = object_at(index)
            picture[y : y + SIDE, x : x + SIDE] = patch
            planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
            planes[:HEIGHT] = picture
            container.mux(stream.encode(av.VideoFrame.from_ndarray(planes, "yuv420p")))
        container.mux(stream.encode(None))
    return path


def frames_of(path: Path) -> list[av.VideoFrame]:
    with Reader(path, vectors=True) as reader:
        return list(reader.frames())


def test_the_densest_cell_lies_on_the_object_and_the_camera_is_found(scene: Path) -> None:
    clip = _core.ClipMotion(WIDTH, HEIGHT)
    hits, inter, off = 0, 0, []
    for index, frame in enumerate(frames_of(scene)):
        vectors = motion_vectors(frame)
        clip.add(vectors, _core.BIDIRECTIONAL if frame.pict_type == 3 else 0)
        if vectors is None:
            continue
        blocks, camera = clip.last()
        weight = np.hypot(blocks["dx"], blocks["dy"]) * blocks["width"] * blocks["height"]
        density, _, _ = np.histogram2d(
            blocks["y"], blocks["x"], (9, 16), ((0, HEIGHT), (0, WIDTH)), weights=weight
        )
        row, column = np.unravel_index(density.argmax(), density.shape)
        x, y = object_at(index)
        cell = WIDTH / 16
        inside = x - cell < column * cell < x + SIDE and y - cell < row * cell < y + SIDE
        hits, inter = hits + inside, inter + 1
        off.append(np.hypot(camera[0] - PAN[0], camera[3] - PAN[1]))
    assert inter >= FRAMES - 2
    assert hits >= 0.95 * inter
    # Without pictures only the order of frames tells how far vectors reach: enough but in pyramids.
    assert np.median(off) < 0.5


def test_the_evidence_peaks_at_the_object_in_nearly_all_frames(scene: Path) -> None:
    frames = frames_of(scene)
    options = {**PLAIN, "motion": "codec", "analysis_fps": 120, "lookahead": 0, "center_bias": 0}
    hits = []
    with smartcrop.Cropper(WIDTH, HEIGHT, aspect="9:16", **options) as cropper:
        for index, frame in enumerate(frames):
            cropper.push(frame)
            evidence = cropper.last_map()
            row, column = np.unravel_index(evidence.argmax(), evidence.shape)
            at = (
                (column + 0.5) / evidence.shape[1] * WIDTH,
                (row + 0.5) / evidence.shape[0] * HEIGHT,
            )
            x, y = object_at(index)
            # The map is a mean over the last third of a second, in which the object came far.
            hits.append(x - 40 < at[0] < x + SIDE and y - 10 < at[1] < y + SIDE + 10)
    # A frame that may be a cut starts the mean again; in so fast a clip a few look like one.
    assert sum(hits[1:]) >= 0.93 * (len(hits) - 1)


def test_python_asks_for_vectors_by_itself(clip: Callable[..., Path]) -> None:
    path = clip(width=320, height=180, options={"preset": "fast"})
    sure = {
        motion: [each.confidence for each in smartcrop.analyze(path, **PLAIN, motion=motion).frames]
        for motion in ("auto", "codec", "none")
    }
    assert max(sure["codec"]) > max(sure["none"])
    assert max(sure["auto"]) > max(sure["none"])


@pytest.mark.parametrize(
    ("codec", "options"),
    [("libx265", {"x265-params": "log-level=none"}), ("mjpeg", {}), ("libx264", {"g": "1"})],
)
def test_codecs_without_vectors_are_served_by_pictures_silently(
    clip: Callable[..., Path],
    codec: str,
    options: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    if codec not in av.codecs_available:
        pytest.skip(f"this PyAV has no {codec}")
    pixel_format = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    path = clip("in.mkv", codec=codec, options=options, pixel_format=pixel_format)
    with caplog.at_level(logging.INFO, "smartcrop"):
        by_auto = smartcrop.analyze(path, **PLAIN).frames
    by_proxy = smartcrop.analyze(path, **PLAIN, motion="proxy").frames
    assert [each.x for each in by_auto] == [each.x for each in by_proxy]
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]


def test_turned_frames_have_no_vectors(clip: Callable[..., Path]) -> None:
    for rotation, found in ((0, True), (90, False)):
        path = clip(f"r{rotation}.mp4", rotation=rotation, options={"preset": "fast"})
        assert any(motion_vectors(each) is not None for each in frames_of(path)) == found


def test_damaged_streams_are_survived(clip: Callable[..., Path], tmp_path: Path) -> None:
    raw = bytearray(
        clip("in.mpg", codec="mpeg2video", options={}, time_base=Fraction(1, 25)).read_bytes()
    )
    seed = 3
    places = np.random.default_rng(seed).integers(len(raw) // 4, len(raw), 60)
    for place in places:
        raw[place] ^= 0xFF
    damaged = tmp_path / "damaged.mpg"
    damaged.write_bytes(raw)
    try:
        assert smartcrop.analyze(damaged, **PLAIN).frames
    except smartcrop.Error as error:
        assert "damaged.mpg" in str(error), f"seed {seed}"
