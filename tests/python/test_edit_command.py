# SPDX-License-Identifier: MIT
"""A person's hand on a plan's file: what an edit changes of it and what comes out in a video."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from conftest import PLAIN, leftovers
from plans import STEP, centres, made_plan
from test_cli import run

import smartcrop
from smartcrop.cli import main

Maker = Callable[..., Path]
NAMED = os.environ.get("SMARTCROP_FFMPEG") or str(Path(sys.prefix) / "bin" / "ffmpeg")
FILTER = Path(NAMED.split(":")[0])


def edit(*arguments: object) -> int:
    return main(["edit", *map(str, arguments)])


def rows_of(path: Path) -> list[str]:
    return path.read_text().splitlines(keepends=True)


def frame_rows(path: Path, shot: int) -> list[str]:
    return [
        line
        for line in rows_of(path)
        if (row := json.loads(line))["type"] == "frame" and row["shot"] == shot
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made_plan().save(tmp_path / "a.plan")
    return tmp_path / "a.plan"


# ---- what stays ----


def test_frames_of_other_shots_stay_byte_for_byte(path: Path) -> None:
    before = {shot: frame_rows(path, shot) for shot in range(3)}
    assert edit(path, "--shot", 1, "--strategy", "hold", "--x", 0.4) == 0
    assert frame_rows(path, 0) == before[0]
    assert frame_rows(path, 2) == before[2]
    assert centres(smartcrop.Plan.load(path), 1) == pytest.approx([0.4] * 40, abs=STEP)
    assert all(new != old for new, old in zip(frame_rows(path, 1), before[1], strict=True))


def test_edits_add_up(path: Path) -> None:
    edit(path, "--shot", 0, "--x", 0.6)
    edit(path, "--key", "3.4s:0.2")
    plan = smartcrop.Plan.load(path)
    assert centres(plan, 0)[0] == pytest.approx(0.6, abs=STEP)
    assert centres(plan, 2)[5] == pytest.approx(0.2, abs=STEP)
    assert [plan.is_edited(shot) for shot in plan.shots] == [True, False, True]
    assert plan.frames[0].reason == "set by hand"
    assert plan.frames[50].reason == "reason 1"


def test_clearing_gives_the_file_that_was(path: Path) -> None:
    before = path.read_bytes()
    edit(path, "--shot", 0, "--x", 0.6)
    edit(path, "--key", "3.4s:0.2", "--key", "4.5:0.5")
    edit(path, "--shot", 1, "--strategy", "fit")
    assert path.read_bytes() != before
    edit(path, "--shot", 0, "--clear")
    assert centres(smartcrop.Plan.load(path), 2)[5] == pytest.approx(0.2, abs=STEP)
    edit(path, "--clear")
    assert path.read_bytes() == before


def test_rows_that_a_plan_does_not_know_stay(path: Path) -> None:
    lines = rows_of(path)
    lines.insert(3, '{"type": "note",  "text": "mine"}\n')
    changed = json.loads(lines[5])
    lines[5] = json.dumps({**changed, "colour": "red"}) + "\n"
    path.write_text("".join(lines))
    edit(path, "--shot", 0, "--x", 0.6)
    after = rows_of(path)
    assert after[3] == lines[3]
    assert json.loads(after[5])["colour"] == "red"


def test_what_was_written_in_a_text_editor_is_carried_out(path: Path) -> None:
    lines = rows_of(path)
    first = json.loads(lines[1])
    assert first["type"] == "shot"
    lines[1] = json.dumps({**first, "strategy": "fit"}) + "\n"
    lines.append('{"type":"key","t":3.4,"x":0.2}\n')
    path.write_text("".join(lines))
    assert edit(path) == 0
    plan = smartcrop.Plan.load(path)
    assert plan.frames[0].width == 640
    assert centres(plan, 2)[5] == pytest.approx(0.2, abs=STEP)
    once = path.read_bytes()
    assert edit(path) == 0
    assert path.read_bytes() == once


def test_an_override_inside_a_row_is_carried_out(path: Path) -> None:
    lines = rows_of(path)
    asked = {"strategy": "hold", "x": 0.4}
    lines[1] = json.dumps({**json.loads(lines[1]), "edit": asked}) + "\n"
    path.write_text("".join(lines))
    assert edit(path) == 0
    assert centres(smartcrop.Plan.load(path), 0)[0] == pytest.approx(0.4, abs=STEP)


def test_a_plan_without_targets_and_shots_is_edited_too(path: Path) -> None:
    rows = [json.loads(line) for line in rows_of(path)]
    for row in rows:
        row.pop("target", None)
    kept = [row for row in rows if row["type"] != "shot"]
    path.write_text("".join(json.dumps(row) + "\n" for row in kept))
    assert edit(path, "--shot", 1, "--x", 0.4) == 0
    plan = smartcrop.Plan.load(path)
    assert centres(plan, 1) == pytest.approx([0.4] * 40, abs=STEP)
    assert [shot.strategy for shot in plan.shots] == ["hold"] * 3


def test_another_file_may_take_the_result(path: Path, tmp_path: Path) -> None:
    before, output = path.read_bytes(), tmp_path / "b.plan"
    assert edit(path, "-o", output, "--shot", 0, "--x", 0.6) == 0
    assert path.read_bytes() == before
    assert output.read_bytes() != before
    piped = run("edit", "-", "--shot", 0, "--x", 0.6, input=before)
    assert piped.stdout == output.read_bytes()
    assert leftovers(tmp_path, path, output) == []


def test_the_shots_are_listed(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(path, "--shot", 0, "--x", 0.6)
    before = path.read_bytes()
    edit(path, "--list")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["shot", "start", "end", "strategy", "x", "y", "why"]
    assert lines[1].startswith("0     0.00   1.60  hold (by hand)  0.60")
    assert "0.23 to 0.69" in lines[3]
    assert "reason 2" in lines[3]
    assert path.read_bytes() == before


# ---- wrong wishes ----


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--shot", "7", "--x", "0.4"], ["shot 7", "0 to 2"]),
        (["--x", "0.4"], ["--shot"]),
        (["--shot", "0", "--x", "1.4"], ["x is 1.4", "from 0"]),
        (["--shot", "0", "--x", "-0.1"], ["x is -0.1"]),
        (["--shot", "0", "--x", "nan"], ["x is nan"]),
        (["--shot", "0", "--strategy", "zoom"], ["zoom", "hold, pan, follow, fit"]),
        (["--shot", "0", "--strategy", "pan", "--x", "0.4"], ["--key"]),
        (["--key", "99s:0.4"], ["key 99s", "0.00 s to 4.80 s"]),
        (["--key", "1.0s:1.4"], ["key 1s: x is 1.4"]),
        (["--key", "soon"], ["--key soon", "12.5s:0.7"]),
        (["--shot", "1", "--strategy", "fit", "--key", "2s:0.4"], ["fit", "--strategy follow"]),
    ],
)
def test_a_wrong_wish_is_one_line_and_changes_nothing(
    path: Path, flags: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = path.read_bytes()
    assert edit(path, *flags) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert all(word in line for word in words), line
    assert path.read_bytes() == before
    assert leftovers(path.parent, path) == []


def test_a_still_place_is_refused_where_key_frames_are(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(path, "--key", "0.4s:0.6")
    assert edit(path, "--shot", 0, "--x", 0.3) == 2
    assert "--clear" in capsys.readouterr().err


# ---- rendering ----


@pytest.fixture
def edited(clip: Maker, tmp_path: Path) -> tuple[Path, Path]:
    """A clip and its plan, with the window put to the right by hand."""
    source, plan = clip(frames=24), tmp_path / "in.plan"
    smartcrop.analyze(source, **PLAIN).save(plan)
    assert edit(plan, "--shot", 0, "--x", 0.8) == 0
    return source, plan


def pictures(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="yuv420p") for frame in container.decode(video=0)]


def luma_at(source: Path, plan: Path) -> list[np.ndarray]:
    """What the windows of a plan show, cut out of the source by numpy."""
    found = []
    windows = smartcrop.Plan.load(plan).frames
    for picture, window in zip(pictures(source), windows, strict=True):
        x, width = int(window.x), int(window.width)
        found.append(picture[:90, x : x + width])
    return found


def test_an_edited_plan_is_rendered(edited: tuple[Path, Path], tmp_path: Path) -> None:
    source, plan = edited
    output = tmp_path / "out.mkv"
    assert run("render", source, plan, output, "-c", "ffv1").returncode == 0
    shown = [picture[:90] for picture in pictures(output)]
    wanted = luma_at(source, plan)
    assert len(shown) == 24
    assert all((a == b).all() for a, b in zip(shown, wanted, strict=True))
    assert smartcrop.Plan.load(plan).frames[0].x == pytest.approx(0.8 * 160 - 25, abs=2)


@pytest.mark.skipif(not FILTER.is_file(), reason="no ffmpeg with the filter")
def test_the_filter_renders_an_edited_plan(edited: tuple[Path, Path], tmp_path: Path) -> None:
    source, plan = edited
    output = tmp_path / "out.mkv"
    command = [FILTER, "-v", "error", "-i", source, "-vf", f"smartcrop=plan={plan}"]
    subprocess.run([*command, "-c:v", "ffv1", output], check=True)
    shown = [picture[:90] for picture in pictures(output)]
    assert all((a == b).all() for a, b in zip(shown, luma_at(source, plan), strict=True))
