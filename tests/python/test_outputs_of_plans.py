# SPDX-License-Identifier: MIT
"""What a command for plans writes is never the video that the plan is for."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from plans import made_plan

from smartcrop.cli import main

VIDEO = b"the bytes of a video"


@pytest.fixture(params=["a film.mp4", "9:16 caf\u00e9.mkv"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Make a folder with a plan, its video under the name that the plan notes, and links to it."""
    plan = made_plan()
    (tmp_path / "plans").mkdir()
    replace(plan, source=replace(plan.source, name=request.param)).save(tmp_path / "plans" / "p")
    video = tmp_path / "plans" / request.param
    video.write_bytes(VIDEO)
    (tmp_path / "soft").symlink_to(video)
    os.link(video, tmp_path / "hard")
    (tmp_path / "video").symlink_to(video)
    return tmp_path


@pytest.mark.parametrize("output", ["soft", "hard", "plans/../video"])
@pytest.mark.parametrize("command", [["edit"], ["edit", "--shot", "1", "--x", "0.4"], ["export"]])
def test_the_video_of_a_plan_is_not_written_over(
    command: list[str], output: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, before = folder / "plans" / "p", sorted(folder.rglob("*"))
    code = main([command[0], str(plan), *command[1:], "-o", str(folder / output)])
    assert code != 0
    assert "is the input itself" in capsys.readouterr().err
    assert (folder / output).read_bytes() == VIDEO
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("command", ["edit", "export"])
def test_the_video_is_found_in_the_folder_of_the_call(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = (folder / "plans" / "p").rename(folder / "p")
    monkeypatch.chdir(folder / "plans")
    assert main([command, str(plan), "-o", str(folder / "hard")]) != 0
    assert (folder / "hard").read_bytes() == VIDEO


def test_another_file_is_replaced(folder: Path) -> None:
    other = folder / "other"
    other.write_text("old")
    assert main(["export", str(folder / "plans" / "p"), "-o", str(other)]) == 0
    assert "crop@sc" in other.read_text()
