# SPDX-License-Identifier: MIT
"""Each command takes the options of its role, by the table, and shows them in sections."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PLAIN, leftovers, times

import smartcrop
from smartcrop.options import ROWS, OptionRow

Maker = Callable[..., Path]

ROLES = {
    "reframe": {"analyse", "render", "host"},
    "preview": {"analyse", "render", "host"},
    "analyze": {"analyse"},
    "subjects": {"analyse"},
    "solve": {"solve"},
    "render": {"render"},
    "edit": set(),
    "export": set(),
    "motion-box": set(),
}


def run(*arguments: object, **more: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "smartcrop", *(str(each) for each in arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=120, **more)  # type: ignore[call-overload, no-any-return]


def line_of(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line of an error."""
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("smartcrop: ")
    return line


def flag(row: OptionRow) -> str:
    return "--" + row.name.replace("_", "-")


def help_of(command: str, columns: int = 80) -> str:
    done = run(command, "--help", env={**os.environ, "COLUMNS": str(columns)})
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


@pytest.fixture(scope="module")
def helps() -> dict[str, str]:
    return {command: help_of(command) for command in ROLES}


# ---- help ----


@pytest.mark.parametrize("command", ROLES)
def test_the_help_shows_the_options_of_the_role_and_no_others(
    helps: dict[str, str], command: str
) -> None:
    own = {"edit": {"strategy", "follow"}, "render": {"plan"}}.get(command, set())
    for row in ROWS:
        if row.name not in own:
            shown = re.search(rf"^ +(-\w, )?{flag(row)}(?![\w-])", helps[command], re.MULTILINE)
            assert bool(shown) == bool(row.roles & ROLES[command]), row.name
    assert command != "render" or "--plan" not in helps[command]


@pytest.mark.parametrize("command", ["reframe", "analyze", "subjects", "render", "preview"])
def test_the_help_is_in_sections_with_the_shape_first(helps: dict[str, str], command: str) -> None:
    titles = re.findall(r"^([A-Z]\w+):$", helps[command], re.MULTILINE)
    assert titles[:2] == ["Arguments", "Shape"]
    of_table = dict.fromkeys(row.section for row in ROWS if row.roles & ROLES[command])
    if command == "render":
        assert set(of_table) <= set(titles)
    else:
        assert [title for title in titles if title in of_table] == list(of_table)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("columns", [80, 120])
def test_the_help_fits_the_terminal_and_is_plain_text(columns: int) -> None:
    text = help_of("reframe", columns)
    assert max(map(len, text.splitlines())) <= columns
    assert text.isascii()
    assert "[default: 1.5]" in " ".join(text.split()) or "default: 1.5]" in text


def test_texts_of_all_sections_begin_in_one_column(helps: dict[str, str]) -> None:
    continued = re.findall(r"^( {20,})\S", helps["reframe"], re.MULTILINE)
    assert len(continued) > 20
    assert len(set(continued)) == 1


# ---- an option of another role ----


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (
            ["render", "IN", "PLAN", "OUT", "--zoom", "4", "--subjects", "/no/such.onnx"],
            "subjects|zoom",
        ),
        (["render", "IN", "PLAN", "OUT", "--aspect", "1:1"], "aspect"),
        (["render", "IN", "PLAN", "OUT", "--whole-shots"], "whole_shots"),
        (["render", "IN", "PLAN", "OUT", "--buffer", "64"], "buffer"),
        (["analyze", "IN", "--pad", "blur"], "pad"),
        (["analyze", "IN", "--pad-colour", "white"], "pad_colour"),
        (["analyze", "IN", "--scaler", "lanczos"], "scaler"),
        (["analyze", "IN", "--plan", "PLAN"], "plan"),
    ],
)
def test_an_option_without_effect_in_a_command_is_refused_in_one_line(
    clip: Maker, tmp_path: Path, arguments: list[str], name: str
) -> None:
    source, plan = clip(frames=4), tmp_path / "a.plan"
    smartcrop.analyze(source, **PLAIN).save(plan)
    names: dict[str, object] = {"IN": source, "PLAN": plan, "OUT": tmp_path / "out.mp4"}
    done = run(*(names.get(each, each) for each in arguments))
    assert (done.returncode, done.stdout) == (2, b"")
    line = line_of(done)
    assert re.search(rf"option ({name}) has no effect in {arguments[0]}: it belongs to", line)
    assert leftovers(tmp_path, source, plan) == []


@pytest.mark.parametrize("command", ["export", "edit", "motion-box"])
@pytest.mark.parametrize("word", ["--zoom", "--pad"])
def test_a_command_that_reads_no_video_for_windows_takes_no_such_flag(
    command: str, word: str
) -> None:
    done = run(command, "a.file", word, "1")
    assert done.returncode == 2
    assert word in line_of(done)


# ---- a plan from standard input ----


@pytest.fixture
def planned(clip: Maker, tmp_path: Path) -> tuple[Path, bytes]:
    source, path = clip(frames=8), tmp_path / "a.plan"
    smartcrop.analyze(source, **PLAIN).save(path)
    return source, path.read_bytes()


def test_render_takes_a_plan_from_standard_input(
    planned: tuple[Path, bytes], tmp_path: Path
) -> None:
    source, plan = planned
    output, beside = tmp_path / "piped.mkv", tmp_path / "named.mkv"
    lossless = ["--codec", "ffv1"]
    done = run("render", source, "-", output, *lossless, input=plan)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    run("render", source, tmp_path / "a.plan", beside, *lossless)
    assert output.read_bytes()[-2000:] == beside.read_bytes()[-2000:]
    assert len(times(output)) == 8


@pytest.mark.parametrize("command", ["reframe", "preview"])
def test_others_take_a_plan_from_standard_input_too(
    planned: tuple[Path, bytes], tmp_path: Path, command: str
) -> None:
    source, plan = planned
    output = tmp_path / ("sheet.png" if command == "preview" else "out.mp4")
    done = run(command, source, output, "--plan", "-", input=plan)
    assert (done.returncode, done.stderr) == (0, b"")
    assert output.stat().st_size > 0


@pytest.mark.parametrize(
    ("text", "word"),
    [(b"", "has no header"), (b"no plan\n", "line 1"), (b'{"type":"frame"}\n', "line 1")],
)
def test_a_bad_plan_from_standard_input_is_one_line(
    planned: tuple[Path, bytes], tmp_path: Path, text: bytes, word: str
) -> None:
    output = tmp_path / "out.mp4"
    done = run("render", planned[0], "-", output, input=text)
    assert done.returncode == 1
    line = line_of(done)
    assert "plan -" in line
    assert word in line
    assert not output.exists()


def test_video_and_plan_cannot_both_be_standard_input(tmp_path: Path) -> None:
    done = run("render", "-", "-", tmp_path / "out.mp4", input=b"")
    assert done.returncode == 2
    assert "both be standard input" in line_of(done)
