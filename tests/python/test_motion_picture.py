# SPDX-License-Identifier: MIT
"""The picture that shows why a clip's box is where it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import leftovers
from motion_clips import hevc, made
from PIL import Image
from test_cli import run


@pytest.mark.parametrize("compat", [False, True])
def test_a_picture_shows_vectors_density_and_box(tmp_path: Path, compat: bool) -> None:
    path, output = made(tmp_path / "in.mp4", (220, 150), pan=2), tmp_path / "box.png"
    flags = ["--compat"] if compat else []
    done = run("motion-box", path, "--area", "0.3", "--picture", output, *flags)
    assert (done.returncode, done.stderr) == (0, b"")
    shown = np.asarray(Image.open(output).convert("RGB")).astype(int)
    assert shown.shape[1] > 2 * 800

    def share_of(colour: tuple[int, int, int], part: np.ndarray) -> float:
        return float((np.abs(part - colour).max(axis=2) < 12).mean())

    left = shown[54:-44, 18 : 18 + 860]
    assert share_of((255, 214, 64), left[500:, 560:]) > 0.01  # arrows of the square ...
    assert share_of((255, 214, 64), left[:300, :400]) < 0.001  # ... and not of the ground
    assert share_of((98, 190, 255), left) > 0.001  # the camera
    assert share_of((130, 226, 142), left) > 0.001  # our box
    assert (share_of((255, 105, 180), left) > 0.001) == compat


def test_a_picture_of_a_clip_without_motion_says_so(tmp_path: Path) -> None:
    output = tmp_path / "box.png"
    done = run("motion-box", hevc(tmp_path), "--picture", output)
    assert done.returncode == 0
    assert Image.open(output).size[0] > 1600
    done = run("motion-box", tmp_path / "in.mp4", "--picture", tmp_path / "box.jpg")
    assert done.returncode == 2
    assert leftovers(tmp_path, output, tmp_path / "in.mp4") == []
