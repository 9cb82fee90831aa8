# SPDX-License-Identifier: MIT
"""Files of any name are read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import FAST, PLAIN, times

import smartcrop
from smartcrop import motion
from smartcrop.preview import preview

Maker = Callable[..., Path]


def run_as_given(*words: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command; options stand before the names."""
    model = [] if words[0] == "motion-box" else ["--model", "none"]
    command = [sys.executable, "-m", "smartcrop", words[0], *model, *words[1:]]
    return subprocess.run(command, capture_output=True, check=False, timeout=120)


NAMES = {
    "a colon": b"2024-05-01T10:30:15.mp4",
    "a shape": b"9:16.mp4",
    "a protocol": b"concat:a|b.mp4",
    "an option": b"-y.mp4",
    "a pipe": b"pipe:1.mp4",
    "a number's place": b"take%03d.mp4",
    "no UTF-8": b"caf\xe9 \xff.mp4",
    "a comma and brackets": b"a,b[0];'c'.mp4",
    "many letters": "日".encode() * 80 + b".mp4",
}


@pytest.fixture(params=NAMES.values(), ids=NAMES.keys())
def named(
    request: pytest.FixtureRequest, clip: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Give a clip of each name, in the folder in which the test runs."""
    folder = tmp_path / "in"
    folder.mkdir()
    monkeypatch.chdir(folder)
    path = Path(os.fsdecode(request.param))
    shutil.copy(clip(frames=4), path)
    return path


def test_a_file_of_any_name_is_read(named: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    assert smartcrop.reframe(named, output, **FAST).frames == 4
    assert times(output) == times(named.absolute())
    preview(named, tmp_path / "sheet.png", **PLAIN)
    assert motion.clip_box(named).frames == 4


def test_a_plan_of_a_file_of_any_name_can_be_written_and_read(named: Path, tmp_path: Path) -> None:
    plan = smartcrop.analyze(named, **PLAIN)
    plan.save(tmp_path / "a.plan")
    assert smartcrop.Plan.load(tmp_path / "a.plan").source.name == plan.source.name != ""


def test_every_command_reads_a_file_of_any_name(
    clip: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = os.fsdecode(b"-o 10:30 %d \xe9.mp4")
    clip("in.mp4", frames=4).rename(text)
    for words in (
        ["reframe", "--preset", "ultrafast", "--", text, "out.mp4"],
        ["analyze", "-o", "a.plan", "--", text],
        ["preview", "--", text, "out.png"],
        ["motion-box", "--", text],
    ):
        done = run_as_given(*words)
        assert (done.returncode, done.stderr) == (0, b""), words


def test_a_picture_with_a_place_for_a_number_is_that_file_and_no_sequence(
    clip: Maker, tmp_path: Path
) -> None:
    first = clip("shot1.png", frames=1, codec="png", pixel_format="rgb24", options={})
    shutil.copy(first, tmp_path / "shot%d.png")
    for number in (2, 3):
        shutil.copy(first, tmp_path / f"shot{number}.png")
    plan = smartcrop.analyze(tmp_path / "shot%d.png", **PLAIN)
    assert len(plan.frames) == 1


def test_a_list_for_joining_names_files_beside_it(clip: Maker, tmp_path: Path) -> None:
    clip("a.mp4", frames=5)
    joined = tmp_path / "list.ffconcat"
    joined.write_text("ffconcat version 1.0\nfile a.mp4\nfile a.mp4\n")
    assert len(smartcrop.analyze(joined, **PLAIN).frames) == 10


def test_a_name_that_is_too_long_is_refused_in_one_line(tmp_path: Path) -> None:
    for words in (
        ["reframe", "--", "a" * 300 + ".mp4", "out.mp4"],
        ["analyze", "--", "b" * 5000],
        ["motion-box", "--", "c" * 300],
    ):
        done = run_as_given(*words)
        assert done.returncode == 1
        lines = done.stderr.decode().splitlines()
        assert len(lines) == 1
        assert "File name too long" in lines[0]


@pytest.mark.parametrize("name", [5, None, 1.5, ["a.mp4"]])
def test_what_is_no_name_is_named_in_an_error(name: object) -> None:
    with pytest.raises(smartcrop.Error, match="not the name of a file"):
        smartcrop.analyze(name, **PLAIN)  # type: ignore[arg-type]


def test_a_name_in_bytes_is_read(clip: Maker) -> None:
    assert len(smartcrop.analyze(os.fsencode(clip(frames=4)), **PLAIN).frames) == 4  # type: ignore[arg-type]
