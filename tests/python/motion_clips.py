# SPDX-License-Identifier: MIT
"""Clips in which a square moves, and where nothing is known to move."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from smartcrop.motion import ClipBox

WIDTH, HEIGHT, SIDE = 320, 240, 64
X264 = {"preset": "medium", "g": "60"}


def picture(index: int, place: tuple[int, int], pan: int = 0) -> np.ndarray:
    """A textured square that goes to and fro near a place, over a textured ground."""
    ground = np.random.default_rng(3).integers(60, 120, (HEIGHT // 8, WIDTH // 4, 3))
    ground = ground.astype(np.uint8).repeat(8, 0).repeat(8, 1)[:, 64 + pan * index :][:, :WIDTH]
    square = np.random.default_rng(5).integers(120, 250, (SIDE // 8, SIDE // 8, 3))
    shift = round(12 * np.sin(index / 4))
    left, top = place[0] + shift, place[1] + shift // 2
    shown = ground.copy()
    shown[top : top + SIDE, left : left + SIDE] = square.astype(np.uint8).repeat(8, 0).repeat(8, 1)
    return shown


def made(
    path: Path,
    place: tuple[int, int] = (220, 150),
    *,
    frames: int = 40,
    codec: str = "libx264",
    pan: int = 0,
    options: dict[str, str] | None = None,
    rotation: int = 0,
) -> Path:
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, 25)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.codec_context.options = X264 if options is None else options
        if rotation:
            video.set_display_rotation(rotation)
        for index in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(index, place, pan), "rgb24")
            container.mux(video.encode(frame.reformat(format="yuv420p")))
        container.mux(video.encode(None))
    return path


def holds(box: ClipBox, place: tuple[int, int], side: int = SIDE) -> bool:
    """The middle three quarters of the square are inside."""
    margin = side // 8
    return (
        box.x <= place[0] + margin
        and box.y <= place[1] + margin
        and box.x + box.width >= place[0] + side - margin
        and box.y + box.height >= place[1] + side - margin
    )


def intra_only(folder: Path) -> Path:
    return made(folder / "in.mp4", options={"g": "1", "preset": "ultrafast"})


def hevc(folder: Path) -> Path:
    return made(folder / "in.mp4", codec="libx265", options={"x265-params": "log-level=none"})
