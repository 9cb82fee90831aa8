# SPDX-License-Identifier: MIT
"""What the benchmark of faces calls cut, missed and whole."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from . import faces
from .track_tool import ROOT
from .yunet import Yunet

DATA = Path(os.environ.get("SMARTCROP_DATA", ROOT.parent / "shared" / "data"))
MODELS = Path(os.environ.get("SMARTCROP_TEST_MODELS", ROOT.parent / "shared" / "models"))
LEFT, RIGHT = 0.3, 0.6


@pytest.mark.parametrize(
    ("places", "cut", "missed", "none"),
    [
        ([(0.4, 0.5)], False, False, False),
        ([(0.25, 0.35)], True, False, True),
        ([(0.55, 0.65)], True, False, True),
        ([(0.295, 0.395)], False, False, False),
        ([(0.205, 0.305)], False, True, True),
        ([(0.7, 0.8)], False, True, True),
        ([(0.2, 0.7)], True, False, True),
        ([(0.4, 0.5), (0.7, 0.8)], False, True, False),
        ([(0.4, 0.5), (0.55, 0.65)], True, False, False),
    ],
)
def test_a_face_is_cut_where_an_edge_leaves_more_than_a_tenth_on_either_side(
    places: list[tuple[float, float]], cut: bool, missed: bool, none: bool
) -> None:
    answer = faces.judge(np.array(places), LEFT, RIGHT)
    assert answer == (cut, missed, none, cut or none)


def test_the_window_that_stays_goes_where_it_cuts_nobody() -> None:
    seen = {frame: np.array([[0.1, 0.2], [0.3, 0.4]]) for frame in range(0, 20, 4)}
    rows = faces.rows_of(seen, dict.fromkeys(range(20), (0.15, 0.45)))
    assert rows["centre"].tolist() == [1, 1, 1, 1]
    assert rows["fixed"].tolist() == [0, 0, 0, 0]
    assert rows["smartcrop"].tolist() == [1, 0, 0, 1]


def test_small_and_doubtful_faces_do_not_count(tmp_path: Path) -> None:
    kept = tmp_path / "clip.npz"
    rows = [[0.1, 0.1, 0.05, 0.1, 0.9], [0.3, 0.1, 0.03, 0.1, 0.9], [0.5, 0.1, 0.1, 0.2, 0.6]]
    np.savez(kept, **{"0": np.array(rows), "4": np.array(rows[1:])})
    found = faces.faces_of(tmp_path / "clip.mp4", lambda: pytest.fail("it is kept"), kept)
    assert list(found) == [0]
    assert found[0] == pytest.approx(np.array([[0.1, 0.15]]))


@pytest.mark.parametrize("name", ["yunet_n_dynamic", "face_detection_yunet_2026may"])
def test_yunet_finds_the_faces_of_people_who_talk(name: str) -> None:
    av = pytest.importorskip("av")
    pytest.importorskip("onnxruntime")
    clip, model = DATA / "speakers" / "interview.mp4", MODELS / f"{name}.onnx"
    if missing := [str(each) for each in (clip, model) if not each.is_file()]:
        pytest.skip(f"{missing[0]} is not there")
    with av.open(str(clip)) as file:
        picture = next(file.decode(video=0))
    found = Yunet(model).find(picture, faces.LEAST_SCORE)
    large = found[found[:, 2] >= faces.LEAST_WIDTH]
    assert len(large) == 2
    # One on each side, in the upper half, and higher than wide on the screen.
    assert large[:, 0].min() < 0.5 < large[:, 0].max()
    assert (large[:, 1] < 0.5).all()
    assert (large[:, 3] * picture.height > large[:, 2] * picture.width).all()
