# SPDX-License-Identifier: MIT
"""The boxes of many clips, and the command that writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from conftest import DATA, leftovers
from motion_clips import HEIGHT, WIDTH, holds, intra_only, made
from test_cli import line_of, run

from smartcrop import Error
from smartcrop.motion import ClipBox, clip_box, clip_boxes


@pytest.fixture
def three(tmp_path: Path) -> list[Path]:
    """A clip, a file that is no video, and another clip."""
    text = tmp_path / "text.mp4"
    text.write_text("no video")
    return [made(tmp_path / "a.mp4", (24, 20)), text, made(tmp_path / "b.mp4", (230, 150))]


@pytest.mark.parametrize("jobs", [None, 1, 3])
def test_a_batch_goes_on_after_an_error_and_keeps_the_order(
    three: list[Path], jobs: int | None
) -> None:
    told: list[tuple[int, int]] = []
    found = list(clip_boxes(iter(three), 0.3, jobs=jobs, progress=lambda *done: told.append(done)))
    assert [path for path, _ in found] == three
    first, error, last = (box for _, box in found)
    assert isinstance(first, ClipBox) and holds(first, (24, 20))
    assert isinstance(error, Error) and "text.mp4" in str(error)
    assert isinstance(last, ClipBox) and holds(last, (230, 150))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert first == clip_box(three[0], 0.3)


def test_a_batch_may_be_left_before_its_end(three: list[Path]) -> None:
    found: Iterator[tuple[Path, ClipBox | Error]] = clip_boxes(three * 20, jobs=2)
    next(found)
    found.close()  # type: ignore[attr-defined]


def test_real_clips_have_boxes_or_a_reason() -> None:
    clips = sorted((DATA / "clips").glob("*.mp4"))
    if not clips:
        pytest.skip(f"no clips in {DATA / 'clips'}")
    for path, box in clip_boxes(clips):
        assert isinstance(box, ClipBox), path
        assert not box.fallback, path
        assert box.frames > 50
        assert Fraction(box.width * box.height, box.picture[0] * box.picture[1]) < 1


# ---- the command ----


def test_the_command_writes_a_line_of_json_for_each_clip(three: list[Path]) -> None:
    done = run("motion-box", three[0], three[2], "--area", "0.3", "--grid", "6x8")
    assert (done.returncode, done.stderr) == (0, b"")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    box = clip_box(three[0], 0.3)
    assert rows[0] == {
        "file": str(three[0]),
        "x": box.x,
        "y": box.y,
        "width": box.width,
        "height": box.height,
        "picture": [WIDTH, HEIGHT],
        "frames": 40,
        "vectors": box.vectors,
        "fallback": False,
    }
    assert rows[1]["file"] == str(three[2])


def test_the_command_reports_bad_files_and_goes_on(three: list[Path], tmp_path: Path) -> None:
    names = tmp_path / "list.txt"
    names.write_text("# clips\n\n" + "\n".join(str(path) for path in three[1:]) + "\n")
    output, folder = tmp_path / "boxes.jsonl", tmp_path / "densities" / "6x8"
    done = run("motion-box", three[0], "--list", names, "-o", output, "--npy", folder)
    assert (done.returncode, done.stdout) == (1, b"")
    assert "text.mp4" in line_of(done)
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert [Path(row["file"]).name for row in rows] == ["a.mp4", "b.mp4"]
    assert sorted(each.name for each in folder.iterdir()) == ["a.npy", "b.npy"]
    assert (np.load(folder / "a.npy") == clip_box(three[0]).density).all()


def test_a_list_may_come_through_a_pipe(three: list[Path]) -> None:
    done = run("motion-box", "--list", "-", input=f"{three[0]}\n".encode())
    assert json.loads(done.stdout)["file"] == str(three[0])


def test_the_command_says_what_is_wrong_in_one_line(three: list[Path], tmp_path: Path) -> None:
    a, _, b = three
    twin = tmp_path / "other"
    twin.mkdir()
    made(twin / "a.mp4", frames=2)
    wrong = {
        "--list FILE": [],
        "--grid 6": [a, "--grid", "6"],
        "grid 0x8": [a, "--grid", "0x8"],
        "area 2": [a, "--area", "2"],
        "jobs 0": [a, "--jobs", "0"],
        "--picture both.png": [a, b, "--picture", "both.png"],
        "a.npy": [a, twin / "a.mp4", "--npy", tmp_path / "npy"],
    }
    for words, arguments in wrong.items():
        done = run("motion-box", *arguments)
        assert (done.returncode, done.stdout) == (2, b""), words
        assert words in line_of(done)
    done = run("motion-box", "--list", tmp_path / "none.txt")
    assert done.returncode == 1
    assert "none.txt" in line_of(done)
    done = run("motion-box", a, "-o", tmp_path / "missing" / "boxes.jsonl")
    assert done.returncode == 1
    assert "missing" in line_of(done)
    assert leftovers(tmp_path, *three, twin) == []


def test_the_command_warns_once_where_nothing_moves(tmp_path: Path) -> None:
    done = run("motion-box", intra_only(tmp_path))
    assert done.returncode == 0
    assert json.loads(done.stdout)["fallback"]
    assert "whole picture" in line_of(done)
