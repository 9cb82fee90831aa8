# SPDX-License-Identifier: MIT
"""A bounded part of damaged_files.py: what must hold for every file, however it is damaged."""

from __future__ import annotations

import os
from pathlib import Path

import av
import pytest
from damaged_clips import DAMAGES, KINDS, Kind, make
from damaged_files import WAYS, File, files, through, ways_for

from smartcrop.preview import preview

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="runs each file in a fork")
SEED, COUNT = 1, 64
ONE_OF_EACH = range(len(KINDS))


@pytest.mark.parametrize("first", range(0, COUNT, len(KINDS)))
def test_a_damaged_file_gives_one_line_or_a_whole_output(first: int, tmp_path: Path) -> None:
    faults = [
        f"{file} {way.name}: {result.fault}"
        for file in files(SEED, range(first, first + len(KINDS)), tmp_path / "whole")
        for way, result in through(file, ways_for(file.number), tmp_path)
        if result.fault
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_same_file_undamaged_becomes_a_whole_output(kind: Kind, tmp_path: Path) -> None:
    data = make(kind, tmp_path).read_bytes()
    whole = File(0, 0, kind, "none", data)
    for way, result in through(whole, WAYS[3:4], tmp_path):
        assert result.code == 0 and not result.fault, f"{way.name}: {result}"


def test_every_damage_changes_a_file_and_a_seed_gives_the_same_files(tmp_path: Path) -> None:
    once = list(files(SEED, range(48), tmp_path / "a"))
    again = list(files(SEED, range(48), tmp_path / "b"))
    assert [str(file) for file in once] == [str(file) for file in again]
    done = {
        name for file in files(SEED, range(200), tmp_path / "c") for name in file.damage.split("+")
    }
    assert done == {damage.__name__ for damage in DAMAGES}


@pytest.mark.parametrize("size", ["4096x16", "16x4096"])
def test_a_picture_too_thin_to_draw_on_becomes_a_sheet(size: str, tmp_path: Path) -> None:
    width, height = map(int, size.split("x"))
    source = tmp_path / "thin.mkv"
    with av.open(str(source), "w") as out:
        video = out.add_stream("ffv1", 25)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        out.mux(video.encode(av.VideoFrame(width, height, "yuv420p")))
        out.mux(video.encode(None))
    preview(source, tmp_path / "o.png", model="none")
    assert (tmp_path / "o.png").stat().st_size > 0
