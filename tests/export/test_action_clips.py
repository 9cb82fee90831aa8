# SPDX-License-Identifier: MIT
"""Naming actions: lists of clips, their frames, and the boxes that these are cropped to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_actions import draw_clip, draw_clips

from export.action import make_lists
from export.action.crop import Box, CropToBox, find_boxes
from export.action.dataset import ClipFrames, resize, vary
from export.action.lists import Clip, read_split
from export.action.settings import ActionError, Settings, View
from smartcrop import motion


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_clips(tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="module")
def lists(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    assert make_lists.main([str(clips), "--out", str(folder), "--folds", "2"]) == 0
    return folder


def test_lists_split_by_scene_and_test_each_clip_once(lists: Path, clips: Path) -> None:
    splits = [read_split(lists, number, clips) for number in (1, 2)]
    assert splits[0].classes == ("rise", "stay")
    assert {c.name for c in splits[0].test} == {c.name for c in splits[1].train}
    tested = sorted(clip.name for split in splits for clip in split.test)
    assert tested == sorted(path.relative_to(clips).as_posix() for path in clips.rglob("*.mp4"))
    for split in splits:
        assert {c.name[-5] for c in split.train}.isdisjoint(c.name[-5] for c in split.test)


def test_lists_of_ucf101_are_read(tmp_path: Path) -> None:
    for name in ("Archery/v_Archery_g08_c01.avi", "Bowling/v_Bowling_g01_c01.mp4"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    (tmp_path / "classInd.txt").write_text("1 Archery\n2 Bowling\n")
    (tmp_path / "trainlist01.txt").write_text("Archery/v_Archery_g08_c01.avi 1\n")
    # Encoded anew, it is found under the name that the list has.
    (tmp_path / "testlist01.txt").write_text("Bowling/v_Bowling_g01_c01.avi\n")
    split = read_split(tmp_path, 1, tmp_path)
    assert [clip.label for clip in (*split.train, *split.test)] == [0, 1]
    assert split.test[0].path.suffix == ".mp4"


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("classInd.txt", "1 rise\nstay 2\n", "classInd.txt:2"),
        ("classInd.txt", "1 rise\n3 stay\n", "are not 1 to 2"),
        ("trainlist01.txt", "rise/r0.mp4 2\n", "class 2 for rise, which is 1"),
        ("trainlist01.txt", "fall/f0.mp4 1\n", "folder of no known class"),
        ("trainlist01.txt", "rise/gone.mp4 1\n", "see --root"),
        ("testlist01.txt", "\n", "no clip in it"),
        ("testlist01.txt", "rise/r0.mp4\n", "in both lists"),
    ],
)
def test_what_is_wrong_in_a_list_is_named(  # noqa: PLR0917
    file: str, text: str, says: str, lists: Path, clips: Path, tmp_path: Path
) -> None:
    for path in lists.iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "trainlist01.txt").write_text("rise/r0.mp4 1\n")
    (tmp_path / file).write_text(text)
    with pytest.raises(ActionError, match=says):
        read_split(tmp_path, 1, clips)


def test_a_folder_without_classes_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    draw_clip(tmp_path / "clip.mp4", rising=True, scene=1)
    assert make_lists.main([str(tmp_path), "--out", str(tmp_path / "lists")]) == 1
    assert "a folder of its own" in capsys.readouterr().err


def test_a_box_cuts_frames_of_any_size_and_leaves_a_pixel_at_least() -> None:
    frames = torch.arange(2 * 3 * 60 * 80).view(2, 3, 60, 80)
    cut = CropToBox(Box(0.25, 0.5, 0.5, 0.25))
    assert torch.equal(cut(frames), frames[..., 30:45, 20:60])
    assert cut(frames[..., ::5, ::5]).shape == (2, 3, 3, 8)
    assert CropToBox(Box(1.0, 1.0, 0.0, 0.0))(frames).shape == (2, 3, 1, 1)
    assert Box(0.0, 0.5, 0.5, 0.25).centred == Box(0.25, 0.375, 0.5, 0.25)


def test_items_are_the_same_each_time_and_vary_with_the_turn(clips: Path) -> None:
    items = [Clip("r", clips / "rise/r0.mp4", 0)]
    settings = Settings(segments=3, test_segments=4)
    still = ClipFrames(items, View("mocrop", 32), settings, {"r": Box(0.5, 0, 0.5, 1)})
    frames, label = still[0]
    assert frames.shape == (4, 3, 32, 32) and frames.dtype == torch.uint8 and label == 0
    assert torch.equal(frames, still[0][0])
    # The square fills more of the right half than of the whole, and is on all frames.
    whole = ClipFrames(items, View("normal", 32), settings, {})[0][0]
    assert (frames[:, 0] > 200).float().mean() > 1.7 * (whole[:, 0] > 200).float().mean()
    varied = ClipFrames(items, View("normal", 32), settings, {}, varied=True, seed=1)
    assert torch.equal(varied[0, 3][0], varied[0, 3][0])
    assert not torch.equal(varied[0, 3][0], varied[0, 4][0])


def test_all_segments_of_a_clip_are_varied_alike() -> None:
    frame = torch.randint(0, 256, (1, 3, 40, 60), dtype=torch.uint8)
    both = vary(frame.repeat(2, 1, 1, 1), np.random.default_rng(2))
    assert torch.equal(both[0], both[1])
    assert resize(both, 24).shape == (2, 3, 24, 24)


def test_boxes_are_looked_for_once(
    clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [Clip("rise/r0.mp4", clips / "rise/r0.mp4", 0)]
    first = find_boxes(items, Settings(), tmp_path)
    monkeypatch.setattr(motion, "clip_boxes", None)
    assert find_boxes(items, Settings(), tmp_path) == first
    assert first["rise/r0.mp4"].width <= 1


def test_the_box_of_a_clip_holds_what_moves(clips: Path, tmp_path: Path) -> None:
    items = [Clip("rise/r0.mp4", clips / "rise/r0.mp4", 0)]
    box = find_boxes(items, Settings(area=0.5), tmp_path)["rise/r0.mp4"]
    assert box.x <= 60 / 96 and box.x + box.width >= 76 / 96
    assert box.width * box.height < 0.7


def test_a_clip_without_pictures_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"nothing")
    dataset = ClipFrames([Clip("b", broken, 0)], View(), Settings(), {})
    with pytest.raises(ActionError, match=r"broken\.mp4: not a clip that can be read"):
        dataset[0]
    with pytest.raises(ActionError, match=r"broken\.mp4"):
        find_boxes(dataset.clips, Settings(), tmp_path)
