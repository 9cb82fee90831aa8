# SPDX-License-Identifier: MIT
"""Motion vectors that the decoder exports are evidence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ffmpeg_runner import Ffmpeg, lavfi

EXPORT = ["-thread_type", "slice", "-flags2", "+export_mvs"]
# A patch of a still, detailed picture that moves over it.
GROUND = "testsrc2=s=640x360:r=25:d=0.04,loop=loop=49:size=1,setpts=N/25/TB"
SCENE = (
    f"{GROUND},split[a][b];[b]crop=120:120:40:40[c];[a][c]overlay=x='460+40*t':y=120,format=yuv420p"
)


@pytest.fixture
def clip(ffmpeg: Ffmpeg) -> Path:
    path = ffmpeg.folder / "patch.mp4"
    ffmpeg.run(*lavfi(SCENE), "-c:v", "libx264", "-preset", "fast", "-crf", "20", str(path))
    return path


def places(ffmpeg: Ffmpeg, source: list[str], filters: str) -> list[float]:
    """Return where the windows are."""
    return [float(each["x"]) for each in ffmpeg.metadata(source, filters)]


def test_the_window_follows_what_the_vectors_say_moves(ffmpeg: Ffmpeg, clip: Path) -> None:
    found = places(ffmpeg, [*EXPORT, "-i", str(clip)], "smartcrop=9/16:motion=codec:center_bias=0")
    blind = places(ffmpeg, ["-i", str(clip)], "smartcrop=9/16:motion=codec:center_bias=0")
    # The window is 202 wide, the middle of the patch between 520 and 600.
    assert all(350 <= x <= 438 for x in found[15:])
    assert all(x < 350 for x in blind)


@pytest.mark.parametrize("motion", ["proxy", "none"])
def test_vectors_are_not_read_where_others_are_asked_for(
    ffmpeg: Ffmpeg, clip: Path, motion: str
) -> None:
    filters = f"smartcrop=9/16:motion={motion}"
    with_vectors = places(ffmpeg, [*EXPORT, "-i", str(clip)], filters)
    assert with_vectors == places(ffmpeg, ["-i", str(clip)], filters)


@pytest.mark.parametrize("before", ["scale=320:180,", "crop=200:200:0:0,", "transpose,"])
def test_vectors_of_another_picture_do_no_harm(ffmpeg: Ffmpeg, clip: Path, before: str) -> None:
    found = places(ffmpeg, [*EXPORT, "-i", str(clip)], f"{before}smartcrop=1/2")
    assert len(found) == 50


def test_vectors_do_not_leave_with_the_cropped_frame(ffmpeg: Ffmpeg, clip: Path) -> None:
    source = [*EXPORT, "-i", str(clip), "-map", "0:v:0"]
    shown = ffmpeg.run(
        *source, "-vf", "showinfo,smartcrop=9/16,showinfo", "-f", "null", "-", level="info"
    ).stderr
    # The showinfo of FFmpeg 5.1 has only a number for them.
    named = [line for line in shown.splitlines() if re.search("otion vectors|data type 8 ", line)]
    before, after = (sum(f"showinfo_{n}" in line for line in named) for n in (0, 2))
    assert before > 40
    assert after == 0
