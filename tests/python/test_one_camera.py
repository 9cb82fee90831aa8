# SPDX-License-Identifier: MIT
"""An edit is decided by the camera that analyze has, from the analysis that was kept."""

from __future__ import annotations

import json
import re
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from conftest import DATA, PLAIN
from plans import made_plan

import smartcrop
from smartcrop.cli import main
from smartcrop.frames.window import STRATEGIES

_PLACE = re.compile(r'"x":[^,]+,"y":[^,]+,"width":[^,]+,"height":[^,}]+')
_CLIPS = sorted((DATA / "clips").glob("*.mp4"))[:10]


def places(plan: Path) -> list[str]:
    """Where the windows are, as the rows of the frames have it."""
    found = [_PLACE.search(line) for line in plan.read_text().splitlines()]
    return [each[0] for each in found if each]


def written(path: Path, frames: list[np.ndarray], rate: int = 25) -> Path:
    with av.open(str(path), "w") as container:
        video = container.add_stream("ffv1", rate)
        video.height, video.width = frames[0].shape[:2]
        video.pix_fmt = "yuv420p"
        for each in frames:
            frame = av.VideoFrame.from_ndarray(each, "rgb24")
            container.mux(video.encode(frame.reformat(format="yuv420p")))
        container.mux(video.encode(None))
    return path


def film(seed: int, frames: int = 75) -> list[np.ndarray]:
    """Two squares that go their ways over textures; cuts, and one dissolve in every other film."""
    dice = np.random.default_rng(seed)
    textures = [
        np.kron(dice.integers(20 + 50 * i, 80 + 50 * i, (9, 16, 3)), np.ones((10, 10, 1)))
        for i in range(3)
    ]
    starts, speeds = dice.integers(0, 120, (3, 2)), dice.uniform(-4, 4, (3, 2))
    pictures = []
    for index in range(frames):
        shot, passed = index // 25, index % 25
        picture = textures[shot].copy()
        if seed % 2 and shot == 2 and passed < 12:
            picture = (textures[1] * (12 - passed) + picture * passed) / 12
        for number, colour in enumerate(((240, 60, 40), (40, 220, 240))):
            left = int(np.clip(starts[shot, number] + speeds[shot, number] * passed, 0, 136))
            picture[20 + 30 * number : 44 + 30 * number, left : left + 24] = colour
        pictures.append(picture.astype(np.uint8))
    return pictures


def check_each_strategy(video: Path, folder: Path, **options: str) -> None:
    """Edit every shot to each strategy, and analyze the video with it."""
    plan, other = folder / "in.plan", folder / "other.plan"
    smartcrop.analyze(video, keep=folder / "in.analysis", **options, **PLAIN).save(plan)
    before = plan.read_bytes()
    shots = [word for shot in smartcrop.Plan.load(plan).shots for word in ("--shot", str(shot.n))]
    seen = set()
    for strategy in STRATEGIES:
        assert main(["edit", str(plan), *shots, "--strategy", strategy]) == 0
        smartcrop.analyze(video, strategy=strategy, **options, **PLAIN).save(other)
        assert places(plan) == places(other), strategy
        seen.add(tuple(places(plan)))
    assert len(seen) > 2
    assert main(["edit", str(plan), "--clear"]) == 0
    assert plan.read_bytes() == before


@pytest.mark.parametrize("seed", range(10))
def test_an_edit_to_a_strategy_is_the_option_strategy(seed: int, tmp_path: Path) -> None:
    options = ({}, {"zoom": "2"}, {"aspect": "1:1"}, {"size": "36x64"}, {"lookahead": "1"})[
        seed % 5
    ]
    check_each_strategy(written(tmp_path / "in.mkv", film(seed)), tmp_path, **options)


@pytest.mark.skipif(not _CLIPS, reason=f"no real clips in {DATA / 'clips'}")
def test_an_edit_to_a_strategy_is_the_option_strategy_on_real_clips(tmp_path: Path) -> None:
    for clip in _CLIPS:
        folder = tmp_path / clip.stem
        folder.mkdir()
        with av.open(str(clip)) as container:
            frames = islice(container.decode(video=0), 100)
            pictures = [
                frame.reformat(320, 2 * round(160 * frame.height / frame.width)).to_ndarray(
                    format="rgb24"
                )
                for frame in frames
            ]
        check_each_strategy(written(folder / "in.mkv", pictures), folder)


# ---- which analysis ----


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a video, its plan and its analysis."""
    folder = tmp_path_factory.mktemp("kept")
    video = written(folder / "in.mkv", film(2))
    smartcrop.analyze(video, keep=folder / "x.analysis", **PLAIN).save(folder / "in.plan")
    return folder


def copy_of(kept: Path, to: Path, *names: str) -> Path:
    for name in ("in.plan", *names):
        (to / name).write_bytes((kept / name).read_bytes())
    return to / "in.plan"


def shots_of(plan: Path) -> list[int]:
    return [shot.n for shot in smartcrop.Plan.load(plan).shots]


def test_the_header_notes_the_analysis_without_its_folder(kept: Path) -> None:
    header = json.loads((kept / "in.plan").read_text().splitlines()[0])
    assert header["analysis"] == "x.analysis"
    assert smartcrop.Plan.load(kept / "in.plan").analysis == "x.analysis"
    assert smartcrop.solve(kept / "x.analysis").analysis == "x.analysis"
    assert smartcrop.analyze(kept / "in.mkv", **PLAIN).analysis == ""


def test_the_analysis_is_found_beside_the_plan(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = copy_of(kept, tmp_path, "x.analysis")
    own = smartcrop.analyze(kept / "in.mkv", strategy="follow", **PLAIN)
    edited = smartcrop.edit(plan, shot=shots_of(plan), strategy="follow")
    assert [(each.x, each.width) for each in edited.frames] == [
        (each.x, each.width) for each in own.frames
    ]
    assert main(["edit", str(plan), "--shot", "0", "--strategy", "fit"]) == 0
    assert capsys.readouterr().err == ""


def test_a_lost_analysis_is_one_line_and_the_targets_stand_in(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = copy_of(kept, tmp_path)
    assert main(["edit", str(plan), "--shot", "0", "--x", "0.7"]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert f"analysis {tmp_path / 'x.analysis'} is gone" in line
    frames = smartcrop.Plan.load(plan).frames[:25]
    assert [window.x for window in frames] == pytest.approx([0.7 * 160 - 25] * 25, abs=1)
    # Nothing has to be decided to go back.
    assert main(["edit", str(plan), "--clear"]) == 0
    assert capsys.readouterr().err == ""
    assert plan.read_bytes() == (kept / "in.plan").read_bytes()


def test_a_flag_names_the_analysis(kept: Path, tmp_path: Path) -> None:
    plan = copy_of(kept, tmp_path)
    shots = [word for shot in shots_of(plan) for word in ("--shot", str(shot))]
    named = ["--analysis", str(kept / "x.analysis")]
    assert main(["edit", str(plan), *shots, "--strategy", "follow", *named]) == 0
    own = tmp_path / "own.plan"
    smartcrop.solve(kept / "x.analysis", strategy="follow").save(own)
    assert places(plan) == places(own)


def test_shots_that_are_not_edited_keep_their_windows(kept: Path, tmp_path: Path) -> None:
    plan = copy_of(kept, tmp_path, "x.analysis")
    edited = smartcrop.edit(plan, shot=1, strategy="fit")
    before = smartcrop.Plan.load(plan)
    for window, old in zip(edited.frames, before.frames, strict=True):
        assert (window == old) == (window.shot != 1)


def test_a_key_frame_is_met_on_the_way_that_the_analysis_has(kept: Path, tmp_path: Path) -> None:
    plan = copy_of(kept, tmp_path, "x.analysis")
    edited = smartcrop.edit(plan, shot=0, strategy="follow", keys=[(0.6, 0.7)])
    window = edited.frames[15]
    assert window.x + window.width / 2 == pytest.approx(0.7 * 160, abs=1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"frames": 50}, "it has 50 frames, and the plan has 75"),
        ({"size": 96}, "of another video: 160x96"),
        ({"rate": 10}, "a time base of"),
    ],
)
def test_an_analysis_of_another_video_is_one_line(
    kept: Path,
    tmp_path: Path,
    change: dict[str, int],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pictures = film(2, change.get("frames", 75))
    pictures = [np.resize(each, (change.get("size", 90), 160, 3)) for each in pictures]
    video = tmp_path / ("in.mkv" if "rate" not in change else "in.avi")
    written(video, pictures, change.get("rate", 25))
    smartcrop.analyze(video, keep=tmp_path / "x.analysis", **PLAIN)
    plan = copy_of(kept, tmp_path)
    assert main(["edit", str(plan), "--shot", "0", "--strategy", "pan"]) != 0
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line
    assert plan.read_bytes() == (kept / "in.plan").read_bytes()


def test_an_analysis_with_other_shots_is_refused(kept: Path, tmp_path: Path) -> None:
    plan = copy_of(kept, tmp_path, "x.analysis")
    text = (
        plan.read_text().replace('"shot":2', '"shot":3').replace('"n":2,"start_f', '"n":3,"start_f')
    )
    plan.write_text(text)
    with pytest.raises(smartcrop.FileError, match="has other shots than the plan: frame 50"):
        smartcrop.edit(plan, shot=0, strategy="pan")


def test_what_is_no_analysis_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    made_plan().save(path)
    with pytest.raises(smartcrop.FileError, match="it is no analysis"):
        smartcrop.edit(path, shot=0, x=0.4, analysis=path)
