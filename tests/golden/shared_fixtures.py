# SPDX-License-Identifier: MIT
"""What the tests here share: the clip, and the ONNX Runtime of all hosts.

A plugin, not a conftest.py: the tests of the Python package, which run beside these, import theirs
by that name.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hosts import FRAMES, HEIGHT, RATE, WIDTH, ffmpegs, paint


@pytest.fixture(scope="session")
def raw() -> bytes:
    """Return the clip as raw 4:2:0 frames."""
    return b"".join(paint(number) for number in range(FRAMES))


@pytest.fixture(scope="session")
def clip(raw: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the clip without loss, for what reads files."""
    ffmpeg = shutil.which("ffmpeg") or next(map(str, ffmpegs()), None)
    if ffmpeg is None:
        pytest.skip("no ffmpeg to write the clip with")
    path = tmp_path_factory.mktemp("golden") / "moving_square.mkv"
    source = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE)]
    command = [ffmpeg, "-v", "error", "-y", *source, "-i", "pipe:0", "-c:v", "ffv1", str(path)]
    subprocess.run(command, input=raw, check=True)
    return path


@pytest.fixture(scope="session")
def runtime() -> str:
    """Let every host open the ONNX Runtime that the package finds; say which."""
    # Its import names the place in the environment, where the other hosts look first.
    smartcrop = pytest.importorskip("smartcrop", reason="the Python package is not installed")
    found = smartcrop.runtime_info()
    if not found.startswith("ONNX Runtime"):
        pytest.skip(found)
    return found
