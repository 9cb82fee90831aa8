# SPDX-License-Identifier: MIT
"""Clips of two classes drawn for the tests of export.action, and a stand-in for their boxes."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

FAST = ["--backbone", "small", "--segments", "2", "--test-segments", "2", "--workers", "0"]


def draw_clip(path: Path, *, rising: bool, scene: int, frames: int = 10) -> None:
    """A square on grey stripes: yellow it goes up, blue it stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(scene)
    stripes = random.integers(60, 120, (1, 8, 1), np.uint8)
    ground = stripes.repeat(12, 1).repeat(64, 0).repeat(3, 2)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.gop_size = 4
        for index in range(frames):
            picture = ground.copy()
            top = 44 - 4 * index if rising else 40
            picture[top : top + 16, 60:76] = (250, 250, 40) if rising else (30, 30, 250)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        file.mux(stream.encode(None))


def draw_clips(root: Path) -> Path:
    """Eight clips of two classes in four scenes, each scene with both."""
    for scene in range(4):
        draw_clip(root / "rise" / f"r{scene}.mp4", rising=True, scene=scene)
        draw_clip(root / "stay" / f"s{scene}.mp4", rising=False, scene=scene)
    return root
