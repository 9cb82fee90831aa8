# SPDX-License-Identifier: MIT
"""Clips that the tests make, and the real ones where they are present."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
# For tests that are about something else than where a network looks.
PLAIN = {"model": "none"}
FAST = {"preset": "ultrafast", **PLAIN}
DATA = Path(os.environ.get("SMARTCROP_DATA", ROOT.parent / "shared" / "data"))


def moving_square(index: int, width: int, height: int) -> np.ndarray:
    """A bright square that crosses a dim, textured background."""
    texture = np.random.default_rng(7).integers(40, 70, (height, width, 3))
    picture = texture.astype(np.uint8)
    side = height // 3
    left = min(width - side, 2 + index * 3)
    picture[height // 3 : height // 3 + side, left : left + side] = (230, 60, 40)
    return picture


@dataclass
class Clip:
    """What a made clip is like; the defaults are plain."""

    width: int = 160
    height: int = 90
    frames: int = 30
    rate: Fraction = Fraction(25)
    pixel_format: str = "yuv420p"
    codec: str = "libx264"
    pts: list[int] | None = None
    time_base: Fraction = Fraction(1, 12800)
    rotation: int = 0
    sound: bool = False
    options: dict[str, str] = field(default_factory=lambda: {"preset": "ultrafast"})


def make_clip(path: Path, clip: Clip) -> Path:
    """Encode a clip."""
    with av.open(str(path), "w") as container:
        video = container.add_stream(clip.codec, clip.rate, time_base=clip.time_base)
        video.width, video.height, video.pix_fmt = clip.width, clip.height, clip.pixel_format
        video.codec_context.time_base = clip.time_base
        video.codec_context.options = dict(clip.options)
        if clip.rotation:
            video.set_display_rotation(clip.rotation)
        sound = container.add_stream("aac", 48000) if clip.sound else None
        step = round(1 / (clip.rate * clip.time_base))
        for index in range(clip.frames):
            picture = moving_square(index, clip.width, clip.height)
            frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format=clip.pixel_format)
            frame.pts = clip.pts[index] if clip.pts else index * step
            frame.time_base = clip.time_base
            container.mux(video.encode(frame))
            if sound is not None:
                tone = np.sin(np.arange(1920) * 0.06 + index).astype(np.float32)[None]
                chunk = av.AudioFrame.from_ndarray(np.repeat(tone, 2, 0), "fltp", "stereo")
                chunk.sample_rate, chunk.pts = 48000, index * 1920
                container.mux(sound.encode(chunk))
        container.mux(video.encode(None))
        if sound is not None:
            container.mux(sound.encode(None))
    return path


def two_scenes(index: int) -> np.ndarray:
    """A square that walks over one of two textures, with a cut at frame 30."""
    scene = index // 30
    texture = np.random.default_rng(scene).integers(20 + 60 * scene, 90 + 60 * scene, (9, 16, 3))
    image = np.kron(texture, np.ones((10, 10, 1))).astype(np.uint8)
    left = 5 + 4 * (index % 30)
    image[30:60, left : left + 24] = (230, 60, 40)
    return image


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a clip of two shots, whose name holds a space."""
    path = tmp_path_factory.mktemp("film") / "a film.mkv"
    with av.open(str(path), "w") as container:
        video = container.add_stream("ffv1", 25)
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        for index in range(60):
            frame = av.VideoFrame.from_ndarray(two_scenes(index), "rgb24")
            container.mux(video.encode(frame.reformat(format="yuv420p")))
        container.mux(video.encode(None))
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that makes a clip and returns its path."""

    def make(name: str = "in.mp4", **wanted: object) -> Path:
        return make_clip(tmp_path / name, Clip(**wanted))  # type: ignore[arg-type]

    return make


def times(path: Path) -> list[Fraction]:
    """When each frame of the best video stream is shown."""
    with av.open(str(path)) as container:
        stream = container.streams.best("video")
        return [frame.pts * stream.time_base for frame in container.decode(stream)]


def packets(path: Path, kind: str) -> list[list[tuple[Fraction, int]]]:
    """Time and content of every packet of every stream of a kind."""
    with av.open(str(path)) as container:
        chosen = [each for each in container.streams if each.type == kind]
        found: dict[int, list[tuple[Fraction, int]]] = {each.index: [] for each in chosen}
        for packet in container.demux():
            if packet.size and packet.stream.index in found:
                content = (packet.pts * packet.time_base, hash(bytes(packet)))
                found[packet.stream.index].append(content)
        return list(found.values())


def leftovers(folder: Path, *expected: Path) -> list[str]:
    """Names in a folder that should not be there."""
    return sorted(each.name for each in folder.iterdir() if each not in expected)
