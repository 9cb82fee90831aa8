# SPDX-License-Identifier: MIT
"""What a tracker's looks are worth, and the tables that say it."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest
import torch
from PIL import Image

from export import evaluate
from export.data import splits
from export.judging.tracking import Look
from export.judging.tracks import box_at, judge_looks, window_of
from export.judging.windows import Clip
from export.networks.tracker import SEARCH, TrackerNetwork
from export.writing.contract import Picture
from export.writing.frames import sample_frames
from export.writing.trackers import export_tracker

NOTES = {"licence": "MIT", "trained_on": "nothing", "version": "1"}


def looks_at(box: tuple[float, float, float, float], count: int) -> list[Look | None]:
    return [Look(box, 0.9, False) for _ in range(count)]


def test_only_frames_after_the_first_with_a_label_count() -> None:
    boxes = np.array([[100.0, 60, 20, 20]] * 5)
    boxes[[0, 3]] = np.nan
    clip = Clip((320, 180), boxes)
    right = judge_looks(clip, [None, *looks_at((100, 60, 20, 20), 4)], 1)
    assert right == pytest.approx([1, 20 / 21, 1, 1, 1, 0])
    # What is said of the frame without a label counts for nothing.
    looks = [None, *looks_at((100, 60, 20, 20), 4)]
    looks[3] = Look((0, 0, 9, 9), 0.9, True)
    assert judge_looks(clip, looks, 1) == right


def test_a_tracker_that_went_astray_keeps_nothing() -> None:
    clip = Clip((320, 180), np.array([[10.0, 60, 20, 20]] * 4))
    astray = judge_looks(clip, looks_at((250, 60, 20, 20), 4), 0)
    assert astray[:3] == [0, 0, 0] and astray[3] == 0 and astray[4] == 0


def test_a_window_may_be_right_where_the_box_is_not() -> None:
    clip = Clip((320, 180), np.array([[100.0, 60, 20, 20]] * 4))
    overlap, _, half, window, kept, _ = judge_looks(clip, looks_at((106, 66, 8, 8), 4), 0)
    assert overlap < 0.2 and half == 0 and window > 0.99 and kept == 1


def test_the_window_is_of_nine_to_sixteen_and_fits() -> None:
    assert window_of((1600, 900)) == (506.25, 900)
    assert window_of((360, 1000)) == (360, 640)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([(0.1, 0.1, 0.9, 0.9, 0.9), (0.4, 0.4, 0.6, 0.6, 0.5)], (80, 40, 40, 20)),
        ([(0.4, 0.4, 0.6, 0.6, 0.1)], (90, 40, 20, 20)),  # too low a score: a square
        ([], (90, 40, 20, 20)),
    ],
)
def test_a_point_means_the_smallest_thing_that_holds_it(
    seen: list[tuple[float, ...]], expected: tuple[float, ...]
) -> None:
    rows = np.array(seen, float).reshape(-1, 5)
    detector = SimpleNamespace(
        look=lambda picture: (rows[:, :4], rows[:, 4:]), format=SimpleNamespace(threshold=0.4)
    )
    box = box_at(np.zeros((100, 200, 3), np.uint8), np.array([100.0, 50.0]), detector)
    assert box == pytest.approx(expected)


def draw_clip(path: Path) -> None:
    """A bright square that crosses a picture, and its boxes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=16)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for index in range(8):
            picture = Image.new("RGB", (160, 96), (70, 80, 90))
            picture.paste((230, 60, 30), (20 + 4 * index, 30, 52 + 4 * index, 62))
            file.mux(stream.encode(av.VideoFrame.from_image(picture)))
        file.mux(stream.encode(None))
    with path.with_suffix(".csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["frame", "x", "y", "w", "h"])
        table.writerows([index, 20 + 4 * index, 30, 32, 32] for index in range(8))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root with one clip to judge by, and one that was learned from."""
    root, lists = tmp_path / "data", tmp_path / "splits"
    lists.mkdir()
    for name, split in (("one", "train"), ("two", "test")):
        draw_clip(root / "tracking" / f"{name}.mp4")
        (lists / f"tracks_{split}.txt").write_text(f"tracking/{name}\n")
    (lists / "tracks_val.txt").write_text("")
    monkeypatch.setattr(splits, "FOLDER", lists)
    return root


def test_a_pair_of_files_is_judged_on_the_clips_of_a_list(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(1)
    frames = sample_frames(None, Picture(SEARCH, SEARCH), 2)
    export_tracker(TrackerNetwork(), tmp_path / "mine.onnx", NOTES, frames)
    words = ["--data", str(data), "--model", str(tmp_path / "mine.onnx"), "--runs", "2"]
    assert evaluate.main([*words, "tracks", "cost"]) == 0
    said = capsys.readouterr().out
    assert "tracking, test, 1 clips, from the first box" in said
    assert "tracking, test, 1 clips, from a point" in said
    assert "mine 160x160" in said and "masks" not in said
    assert evaluate.main([*words, "--split", "all", "tracks"]) == 0
    assert "tracking, all, 2 clips" in capsys.readouterr().out
