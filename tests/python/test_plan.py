# SPDX-License-Identifier: MIT
from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from conftest import DATA, PLAIN, times

import smartcrop

Maker = Callable[..., Path]
FFMPEG = shutil.which("ffmpeg")
REAL = ["film_vfr", "film_rotated", "bikes"]


def picture_hashes(*arguments: str) -> list[str]:
    command = [str(FFMPEG), "-v", "error", *arguments, "-vsync", "passthrough"]
    done = subprocess.run(
        [*command, "-f", "framemd5", "-"], capture_output=True, text=True, check=True
    )
    rows = [line for line in done.stdout.splitlines() if not line.startswith("#")]
    return [row.rpartition(",")[2].strip() for row in rows]


def check_export(source: Path, folder: Path) -> None:
    plan = smartcrop.analyze(source, **PLAIN)
    commands, lossless = folder / "commands", folder / "out.mkv"
    commands.write_text(plan.export("sendcmd"))
    chain = commands.read_text().splitlines()[1].split('"')[1].replace("FILE", str(commands))
    plan.render(source, lossless, codec="ffv1")
    stock = picture_hashes("-i", str(source), "-map", "0:v:0", "-vf", chain)
    ours = picture_hashes("-i", str(lossless), "-map", "0:v:0")
    assert stock == ours
    assert len(ours) == len(plan.frames)


@pytest.fixture
def jumpy(clip: Maker, tmp_path: Path) -> tuple[Path, smartcrop.Plan]:
    """A clip with a plan whose window moves with every frame."""
    source = clip(frames=24)
    plan = smartcrop.analyze(source, **PLAIN)
    rows = [json.loads(line) for line in plan.lines()]
    for row in rows:
        if row["type"] == "frame":
            row["x"] = 2 * ((row["n"] * 7) % 50)
    edited = tmp_path / "edited.plan"
    edited.write_text("\n".join(json.dumps(row) for row in rows))
    return source, smartcrop.Plan.load(edited)


@pytest.mark.skipif(FFMPEG is None, reason="no ffmpeg on the path")
def test_exported_commands_move_a_stock_crop_on_the_very_frame(
    jumpy: tuple[Path, smartcrop.Plan], tmp_path: Path
) -> None:
    source, plan = jumpy
    commands, lossless = tmp_path / "commands", tmp_path / "out.mkv"
    commands.write_text(plan.export())
    chain = commands.read_text().splitlines()[1].split('"')[1].replace("FILE", str(commands))
    plan.render(source, lossless, codec="ffv1")
    stock = picture_hashes("-i", str(source), "-vf", chain)
    assert stock == picture_hashes("-i", str(lossless))
    assert len(set(stock)) == 24


@pytest.mark.skipif(FFMPEG is None, reason="no ffmpeg on the path")
@pytest.mark.parametrize("name", REAL)
def test_exported_commands_fit_real_clips(name: str, tmp_path: Path) -> None:
    source = DATA / "clips" / f"{name}.mp4"
    if not source.is_file():
        pytest.skip(f"no real clips below {DATA}; set SMARTCROP_DATA")
    check_export(source, tmp_path)


@pytest.mark.skipif(FFMPEG is None, reason="no ffmpeg on the path")
def test_exported_commands_count_time_as_ffmpeg_does(clip: Maker, tmp_path: Path) -> None:
    source = clip("in.ts", pts=[90000 + 3600 * index for index in range(30)])
    check_export(source, tmp_path)


def test_a_saved_plan_loads_as_it_was(clip: Maker, tmp_path: Path) -> None:
    plan = smartcrop.analyze(clip(), **PLAIN)
    path = tmp_path / "in.plan"
    plan.save(path)
    loaded = smartcrop.Plan.load(path)
    assert loaded.source == plan.source
    assert loaded.output == plan.output
    assert loaded.options == plan.options
    assert [shot.n for shot in loaded.shots] == [shot.n for shot in plan.shots]
    for old, new in zip(plan.frames, loaded.frames, strict=True):
        assert (new.x, new.y, new.shot) == (old.x, old.y, old.shot)
    assert list(loaded.lines()) == path.read_text().splitlines(keepends=True)


def test_rendering_a_plan_gives_what_reframe_gives(clip: Maker, tmp_path: Path) -> None:
    source = clip(frames=40)
    direct, planned = tmp_path / "direct.mkv", tmp_path / "planned.mkv"
    smartcrop.reframe(source, direct, codec="ffv1", **PLAIN)
    smartcrop.analyze(source, **PLAIN).render(source, planned, codec="ffv1")
    assert times(direct) == times(planned)
    if FFMPEG:
        assert picture_hashes("-i", str(direct)) == picture_hashes("-i", str(planned))


def test_an_edited_plan_is_rendered_as_edited(jumpy: tuple[Path, smartcrop.Plan]) -> None:
    source, plan = jumpy
    path = source.with_suffix(".plan")
    plan.save(path)
    with smartcrop.Cropper(160, 90, plan=path) as cropper, av.open(str(source)) as container:
        again = [window.x for _, window in cropper.run(container.decode(video=0))]
    assert again == [window.x for window in plan.frames]


def test_a_table_has_a_row_for_every_frame(clip: Maker) -> None:
    plan = smartcrop.analyze(clip(frames=12), **PLAIN)
    rows = plan.export("csv").splitlines()
    assert rows[0].startswith("frame,pts,time,x,y,width,height")
    assert len(rows) == 13
    assert rows[12].startswith("11,5632,0.440000,")


def test_shots_cover_every_frame_once(clip: Maker) -> None:
    plan = smartcrop.analyze(clip(frames=30), **PLAIN)
    assert plan.shots[0].start_frame == 0
    assert plan.shots[-1].end_frame == 30
    assert plan.shots[-1].end == pytest.approx(30 / 25)
    for before, after in zip(plan.shots, plan.shots[1:], strict=False):
        assert before.end_frame == after.start_frame


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no header row"),
        ("not json\n", "line 1"),
        ('{"type":"frame"}\n', "line 1"),
        ('{"type":"header","format":"other","version":1}\n', "not a smartcrop plan"),
        ('{"type":"header","format":"smartcrop-plan","version":2}\n', "version 1"),
        ('{"type":"header","format":"smartcrop-plan","version":1}\n', "source is missing"),
    ],
)
def test_what_is_no_plan_is_refused_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "bad.plan"
    path.write_text(text)
    with pytest.raises(smartcrop.Error, match=problem) as caught:
        smartcrop.Plan.load(path)
    assert str(path) in str(caught.value)


def test_a_plan_for_another_size_is_refused(clip: Maker, tmp_path: Path) -> None:
    plan = smartcrop.analyze(clip("one.mp4"), **PLAIN)
    with pytest.raises(smartcrop.Error, match="160x90"):
        plan.render(clip("other.mp4", width=320, height=180), tmp_path / "out.mp4")
