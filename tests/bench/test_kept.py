# SPDX-License-Identifier: MIT
"""Generated clips that kept.py compares: reframe keeps of them what ffmpeg -vf crop keeps."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from .kept import row_of
from .kept_clips import CASES, CannotMake, Case, Maker

# Two or three of each kind; kept.py compares all of them.
SOME = [
    *("uneven steps, MP4", "uneven steps, Matroska", "TS whose clock wraps", "TS far from 0"),
    *("sound late, Matroska", "video late, Matroska", "video late by an empty edit, MP4"),
    *("cut between key frames, MP4", "MP4 that starts at 3 s", "B frames in AVI, MPEG-4"),
    *("MPEG-2 program stream", "two languages, Matroska", "two languages, MP4"),
    *("SubRip, Matroska", "mov_text, MP4", "alpha, FFV1", "10 bits, FFV1", "RGB, PNG in MOV"),
    *("turned by 90 degrees", "flipped", "pixels of 4:3, MP4", "BT.709 tags", "full range"),
    *("cover, MP4", "cover, Matroska", "chapters, MP4", "chapters, Matroska", "attached font"),
    *("raw H.264", "joined TS", "ffconcat list", "sound longer", "sound shorter", "one frame"),
    *("odd size", "ProRes", "interlaced MPEG-2", "PCM in MOV"),
]


def _ffmpeg() -> str | None:
    named = [each for each in os.environ.get("SMARTCROP_FFMPEG", "").split(":") if each]
    return next((each for each in named if Path(each).exists()), shutil.which("ffmpeg"))


def test_every_name_is_that_of_a_clip() -> None:
    assert set(SOME) <= {case.name for case in CASES}
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    "case", [each for each in CASES if each.name in SOME], ids=lambda case: case.name
)
def test_reframe_keeps_what_ffmpeg_keeps(case: Case, tmp_path: Path) -> None:
    ffmpeg = _ffmpeg()
    if ffmpeg is None:
        pytest.skip("no ffmpeg: install one or set SMARTCROP_FFMPEG")
    try:
        source = case.make(Maker(ffmpeg, tmp_path))
    except CannotMake as error:
        pytest.skip(f"this ffmpeg cannot make the clip: {error}")
    row = row_of(case, source, ffmpeg, tmp_path)
    assert row.is_right, f"{row}\n{row.tags}"
