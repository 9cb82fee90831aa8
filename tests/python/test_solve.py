# SPDX-License-Identifier: MIT
"""An analysis file is solved to the plan that analyze would make of the video."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import FAST, PLAIN, leftovers, two_scenes

import smartcrop
from smartcrop.cli import main
from smartcrop.options import ROWS, OptionRow

Maker = Callable[..., Path]

SOLVED = [row for row in ROWS if "solve" in row.roles]
OBSERVED = [row for row in ROWS if "analyse" in row.roles and "solve" not in row.roles]
_VALUES = {"aspect": "1:1", "size": "64x96", "lookahead": 0.8}


def other_value(row: OptionRow) -> Any:
    """Another value than the default."""
    if row.name in _VALUES:
        return _VALUES[row.name]
    if row.kind == "bool":
        return not row.default
    if row.kind == "choice":
        return next(name for name in row.choices if name != row.default)
    return row.minimum + (row.maximum - row.minimum) / 4


@pytest.fixture(scope="module")
def analysis(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kept") / "x.analysis"
    smartcrop.analyze(film, keep=path, **PLAIN)
    return path


def text(plan: smartcrop.Plan) -> str:
    """The plan's file, without the name of the analysis that it was kept with."""
    return "".join(replace(plan, analysis="").lines())


# ---- the same decisions ----


# Whom a run follows is found in its frames, and an analysis has what was found before.
@pytest.mark.parametrize(
    "row", [row for row in SOLVED if row.kind != "follow"], ids=lambda row: row.name
)
def test_solving_with_an_option_equals_analyzing_with_it(
    film: Path, analysis: Path, row: OptionRow
) -> None:
    asked = {row.name: other_value(row)}
    solved = smartcrop.solve(analysis, **asked)
    assert text(solved) == text(smartcrop.analyze(film, **asked, **PLAIN))
    assert solved.frames == smartcrop.analyze(film, **asked, **PLAIN).frames


def test_keeping_an_analysis_changes_no_plan(film: Path, tmp_path: Path) -> None:
    kept = smartcrop.analyze(film, keep=tmp_path / "x.analysis", **PLAIN)
    assert text(kept) == text(smartcrop.analyze(film, **PLAIN))


def test_several_shapes_come_from_one_analysis(film: Path, analysis: Path) -> None:
    for aspect in ("9:16", "1:1", "4:5", "21:9"):
        own = smartcrop.analyze(film, aspect=aspect, whole_shots=False, **PLAIN)
        assert text(smartcrop.solve(analysis, aspect=aspect, whole_shots=False)) == text(own)


def test_the_default_is_whole_shots_and_the_lookahead_of_the_analysis(
    film: Path, tmp_path: Path
) -> None:
    path = tmp_path / "x.analysis"
    smartcrop.analyze(film, keep=path, lookahead=0.2, **PLAIN)
    own = smartcrop.analyze(film, lookahead=0.2, whole_shots=True, **PLAIN)
    assert text(smartcrop.solve(path)) == text(own)


def test_a_network_is_not_run_again(film: Path, tmp_path: Path) -> None:
    if not smartcrop.runtime_info().startswith("ONNX Runtime"):
        pytest.skip(smartcrop.runtime_info())
    path = tmp_path / "x.analysis"
    whole = smartcrop.analyze(film, keep=path)
    assert text(smartcrop.solve(path)) == text(whole)
    square = smartcrop.analyze(film, aspect="1:1", strategy="pan")
    assert text(smartcrop.solve(path, aspect="1:1", strategy="pan")) == text(square)


@pytest.mark.parametrize("passes", [1, 2])
def test_reframe_keeps_an_analysis_too(film: Path, tmp_path: Path, passes: Any) -> None:
    path = tmp_path / "x.analysis"
    options = {"lookahead": 1.5} if passes == 1 else {}
    smartcrop.reframe(film, tmp_path / "out.mkv", keep=path, **options, **FAST)
    assert text(smartcrop.solve(path)) == text(smartcrop.analyze(film, **PLAIN))


def test_a_cropper_keeps_an_analysis_of_frames_without_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x.analysis"
    with smartcrop.Cropper(160, 90, keep=path, **PLAIN) as cropper:
        windows = [window for _, window in cropper.run(two_scenes(i) for i in range(60))]
    plan = smartcrop.solve(path, whole_shots=False)
    assert plan.frames == windows
    assert plan.source.name == ""


def test_a_solved_plan_renders(film: Path, analysis: Path, tmp_path: Path) -> None:
    plan = smartcrop.solve(analysis, aspect="1:1")
    plan.render(film, tmp_path / "out.mkv", codec="ffv1")
    assert (tmp_path / "out.mkv").stat().st_size > 0


# ---- what is refused ----


@pytest.mark.parametrize("row", OBSERVED, ids=lambda row: row.name)
def test_an_option_that_decides_what_is_seen_is_refused(analysis: Path, row: OptionRow) -> None:
    with pytest.raises(smartcrop.Error, match=f"option {row.name} was decided when") as got:
        smartcrop.solve(analysis, **{row.name: other_value(row) if row.minimum else "a"})
    assert str(analysis) in str(got.value)
    assert str(got.value).endswith("was made; analyze again")


def test_an_option_of_rendering_is_refused(analysis: Path) -> None:
    with pytest.raises(smartcrop.Error, match="option pad has no effect in solve"):
        smartcrop.solve(analysis, pad="blur")  # type: ignore[call-arg]


def test_a_lookahead_that_would_change_the_shots_is_refused(analysis: Path) -> None:
    with pytest.raises(smartcrop.Error, match=r"take lookahead=1\.5, or analyze again"):
        smartcrop.solve(analysis, lookahead=0)


def test_a_file_that_is_no_analysis_is_one_sentence(film: Path, tmp_path: Path) -> None:
    with pytest.raises(smartcrop.Error, match="it is no analysis"):
        smartcrop.solve(film)
    with pytest.raises(smartcrop.Error, match="cannot be read: No such file"):
        smartcrop.solve(tmp_path / "none")


def test_a_file_that_is_cut_off_is_one_sentence(analysis: Path, tmp_path: Path) -> None:
    whole, path = analysis.read_bytes(), tmp_path / "cut.analysis"
    records = whole.rindex(b"\n", 0, -1)
    for length in (*range(0, len(whole) - 1, 997), records - 5, len(whole) - 1, len(whole) - 20):
        path.write_bytes(whole[:length])
        if length == records:  # all but the note
            continue
        with pytest.raises(smartcrop.Error, match="analysis") as got:
            smartcrop.solve(path)
        assert "\n" not in str(got.value)


def test_the_output_is_not_a_file_that_is_read(analysis: Path, film: Path) -> None:
    before = analysis.read_bytes()
    assert main(["solve", str(analysis), "-o", str(analysis)]) != 0
    assert analysis.read_bytes() == before
    with pytest.raises(smartcrop.Error, match="is the input itself"):
        smartcrop.analyze(film, keep=film, **PLAIN)


def test_the_plan_and_the_analysis_are_two_files(film: Path, tmp_path: Path) -> None:
    one = str(tmp_path / "one")
    assert main(["analyze", str(film), "-o", one, "--keep", one, "--model", "none"]) != 0
    with pytest.raises(smartcrop.Error, match="both the output and the file of keep"):
        smartcrop.reframe(film, one + ".mkv", keep=one + ".mkv", **PLAIN)
    with pytest.raises(smartcrop.Error, match="keep=-: this is written to a file"):
        smartcrop.analyze(film, keep="-", **PLAIN)
    assert leftovers(tmp_path) == []


def test_an_analysis_that_fails_leaves_no_file(film: Path, tmp_path: Path) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        smartcrop.analyze(film, keep=tmp_path / "x.analysis", progress=stop, **PLAIN)
    assert leftovers(tmp_path) == []


# ---- the command ----


def test_the_command_writes_the_plan_that_analyze_writes(film: Path, tmp_path: Path) -> None:
    def run(*words: object) -> None:
        command = [sys.executable, "-m", "smartcrop", *map(str, words)]
        done = subprocess.run(command, capture_output=True, check=False, timeout=120)
        assert (done.returncode, done.stderr) == (0, b"")

    kept, own, solved = tmp_path / "x.analysis", tmp_path / "own", tmp_path / "solved"
    run("analyze", film, "-o", tmp_path / "first", "--keep", kept, "--model", "none")
    keep = ("--keep", kept)  # the same again, so that both plans note it
    run("analyze", film, "-o", own, "--aspect", "1:1", "--zoom", 2, "--model", "none", *keep)
    run("solve", kept, "-o", solved, "--aspect", "1:1", "--zoom", 2)
    assert solved.read_bytes() == own.read_bytes()
