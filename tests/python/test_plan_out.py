# SPDX-License-Identifier: MIT
"""The plan that a run writes of its own windows, and plans that are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from conftest import PLAIN, leftovers

import smartcrop
from smartcrop.cli import main

MADE_WITH = {**PLAIN, "lookahead": 0.4}
UNKNOWN_TO_THE_LIBRARY = {"frames", "name", "start", "sound"}


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def lines_of(path: Path, kind: str) -> list[str]:
    return [line for line in path.read_text().splitlines() if json.loads(line)["type"] == kind]


@pytest.mark.parametrize("passes", [1, 2])
def test_a_run_writes_the_rows_that_analyze_writes(film: Path, tmp_path: Path, passes: int) -> None:
    out, used, analysed = tmp_path / "out.mp4", tmp_path / "used.plan", tmp_path / "analysed.plan"
    options = MADE_WITH if passes == 1 else PLAIN
    smartcrop.reframe(film, out, passes=passes, plan_out=used, preset="ultrafast", **options)
    smartcrop.analyze(film, **options).save(analysed)
    for kind in ("shot", "frame"):
        assert lines_of(used, kind) == lines_of(analysed, kind)
    ours, theirs = rows_of(used)[0], rows_of(analysed)[0]
    assert ours["output"] == theirs["output"]
    assert ours["options"] == theirs["options"]
    known = {key: value for key, value in theirs["source"].items() if key in ours["source"]}
    assert ours["source"] == {**known, "start": 0.0}
    assert set(theirs["source"]) - set(ours["source"]) <= UNKNOWN_TO_THE_LIBRARY


def test_a_plan_that_a_run_wrote_renders_the_same_pictures(film: Path, tmp_path: Path) -> None:
    first, again, used = tmp_path / "first.mkv", tmp_path / "again.mkv", tmp_path / "used.plan"
    exact = ["--codec", "ffv1"]
    asked = ["--plan-out", str(used), "--model", "none", *exact]
    assert main(["reframe", str(film), str(first), *asked]) == 0
    assert main(["render", str(film), str(used), str(again), *exact]) == 0
    assert leftovers(tmp_path) == ["again.mkv", "first.mkv", "used.plan"]
    for one, other in zip(pictures(first), pictures(again), strict=True):
        assert np.array_equal(one, other)


def pictures(path: Path) -> list[np.ndarray]:
    with av.open(path) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def test_a_plan_at_hand_is_what_its_file_is(film: Path, tmp_path: Path) -> None:
    plan = smartcrop.analyze(film, **PLAIN)
    plan.save(path := tmp_path / "film.plan")
    windows = []
    for given in (path, plan.at_hand()):
        cropper = smartcrop.Cropper(160, 90, time_base=plan.source.time_base, plan=given)
        with av.open(film) as container:
            windows.append([window for _, window in cropper.run(container.decode(video=0))])
    assert windows[0] == windows[1]
    assert len(windows[0]) == len(plan.frames)


def test_a_plan_at_hand_that_does_not_fit_is_refused_by_its_name(film: Path) -> None:
    plan = smartcrop.analyze(film, **PLAIN)
    cropper = smartcrop.Cropper(64, 64, plan=plan.at_hand())
    with pytest.raises(smartcrop.FileError, match="plan at hand is for a picture of"):
        cropper.push(np.zeros((64, 64, 3), np.uint8))


def test_a_plan_is_not_written_where_something_else_goes(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, both = tmp_path / "out.mp4", tmp_path / "both"
    before = film.read_bytes()
    for extra, said in (
        (["--plan-out", str(out)], "is both the output and the file of plan_out"),
        (["--plan-out", str(film)], str(film)),
        (["--plan-out", "-"], "plan_out=-: this is written to a file"),
        (["--plan-out", str(both), "--keep", str(both)], "is both the file of"),
    ):
        assert main(["reframe", str(film), str(out), *extra]) != 0
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1
    assert film.read_bytes() == before
    assert leftovers(tmp_path) == []
    assert not out.exists()
