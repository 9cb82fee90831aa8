# SPDX-License-Identifier: MIT
"""Gives each test every ffmpeg that was built with the filter."""

from __future__ import annotations

import os
import pathlib

import pytest
from ffmpeg_runner import ROOT, Ffmpeg, binaries, name_of

NONE_BUILT = "no ffmpeg with the smartcrop filter: run ffmpeg_patch/build or set SMARTCROP_FFMPEG"


PROGRAMS: list[pathlib.Path | None] = [*binaries()] or [None]


@pytest.fixture(params=PROGRAMS, ids=lambda path: name_of(path) if path else "none")
def ffmpeg(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Ffmpeg:
    """Return each ffmpeg in turn."""
    if request.param is None:
        pytest.skip(NONE_BUILT)
    return Ffmpeg(request.param, tmp_path)


@pytest.fixture(scope="session")
def clips() -> list[pathlib.Path]:
    """Return the real clips, where they are present."""
    data = pathlib.Path(os.environ.get("SMARTCROP_DATA", ROOT.parent / "shared" / "data"))
    found = sorted((data / "clips").glob("*.mp4"))
    if not found:
        pytest.skip(f"no clips in {data / 'clips'}; SMARTCROP_DATA may name another folder")
    return found
