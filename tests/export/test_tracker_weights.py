# SPDX-License-Identifier: MIT
"""The tracker that is kept with the sources is what its card says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from export.evaluate import WEIGHTS
from export.judging.tracking import Following, follow
from export.judging.tracks import Peer, judge_clip
from export.tracker import Pair

DATA = Path(os.environ.get("SMARTCROP_DATA", "../shared/data"))
FILE = WEIGHTS / "tracker.onnx"
TRUNK = WEIGHTS / "tracker_trunk.onnx"
# A little below what the card says of these clips.
LEAST = {
    "tracking/otb_Crossing": 0.6,
    "tracking/otb_DragonBaby": 0.6,
    "masks/horsejump-high": 0.67,
}


def test_both_files_are_small_and_the_head_says_what_they_are() -> None:
    assert FILE.stat().st_size + TRUNK.stat().st_size <= 3 * 2**20
    said = {entry.key: entry.value for entry in onnx.load(FILE).metadata_props}
    assert said["smartcrop.kind"] == "tracker" and said["smartcrop.licence"] == "MIT"
    assert "NanoTrack" in said["smartcrop.trained_on"]
    assert json.loads(said["smartcrop.tracker"])["trunk"] == TRUNK.name


def made_clip(hidden: range) -> tuple[list[np.ndarray], list[tuple[int, int, int, int]]]:
    """A textured square that crosses a textured ground, and is not there in hidden frames."""
    random = np.random.default_rng(5)

    def texture(cells: tuple[int, int], size: tuple[int, int], low: int, high: int) -> np.ndarray:
        small = random.integers(low, high, (*cells, 3), np.uint8)
        return np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC))

    ground, square = texture((9, 16), (320, 180), 60, 130), texture((5, 5), (36, 36), 0, 255)
    frames, boxes = [], []
    for index in range(60):
        x, y = 40 + 3 * index, round(70 + 20 * np.sin(index / 8))
        picture = ground.copy()
        if index not in hidden:
            picture[y : y + 36, x : x + 36] = square
        frames.append(picture)
        boxes.append((x, y, 36, 36))
    return frames, boxes


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    low, high = np.maximum(a[:2], b[:2]), np.minimum(np.add(a[:2], a[2:]), np.add(b[:2], b[2:]))
    shared = np.prod(np.clip(high - low, 0, None))
    return float(shared / (np.prod(a[2:]) + np.prod(b[2:]) - shared))


def test_it_follows_a_square_over_a_ground() -> None:
    frames, boxes = made_clip(range(0))
    looks = follow(Pair(FILE), frames, boxes[0])
    overlaps = [overlap(look.box, box) for look, box in zip(looks, boxes, strict=True)]
    assert np.mean(overlaps) > 0.6 and min(overlaps) > 0.4


def test_it_takes_a_square_up_again_that_was_hidden() -> None:
    frames, boxes = made_clip(range(25, 37))
    looks = follow(Pair(FILE), frames, boxes[0])
    seen = np.mean([look.score for look in looks[5:25]])
    hidden = np.mean([look.score for look in looks[25:37]])
    assert hidden < 0.6 * seen
    overlaps = [overlap(looks[index].box, boxes[index]) for index in range(45, 60)]
    assert np.mean(overlaps) > 0.5


@pytest.mark.parametrize("item", sorted(LEAST))
def test_it_keeps_to_what_its_card_says_on_held_out_clips(item: str) -> None:
    path = DATA / f"{item}.mp4"
    if not path.exists():
        pytest.skip(f"no labelled clips in {DATA}")
    assert judge_clip(path, Peer(Pair(FILE), Following()))[0] >= LEAST[item]
