# SPDX-License-Identifier: MIT
"""The detector that is kept with the sources is what its card says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import onnx
import pytest

from export.detector import Detector
from export.evaluate import WEIGHTS
from export.judging.boxes import box_tables, ours

DATA = Path(os.environ.get("SMARTCROP_DATA", "../shared/data"))
FILE = WEIGHTS / "subjects.onnx"


def test_it_is_small_and_says_what_it_is() -> None:
    assert FILE.stat().st_size <= 3 * 2**20
    said = {entry.key: entry.value for entry in onnx.load(FILE).metadata_props}
    assert said["smartcrop.kind"] == "boxes" and said["smartcrop.licence"] == "MIT"
    assert "COCO" in said["smartcrop.trained_on"]
    boxes = json.loads(said["smartcrop.boxes"])
    assert boxes["layout"] == "yolox" and boxes["decoded"] and not boxes["required"]
    assert boxes["finds"] == ["face", "subject", "subject"]
    assert boxes["names"] == ["face", "person", "thing"] and boxes["weight"] == 0
    _, scores = Detector(FILE).look(np.zeros((90, 160, 3), np.uint8))
    assert scores.shape[1] == 3


def test_it_sees_nothing_in_an_even_picture() -> None:
    detector = Detector(FILE)
    for grey in (0, 114, 255):
        for found in detector.find(np.full((90, 160, 3), grey, np.uint8), [(0,), (1,), (2,)]):
            assert (found.scores < detector.format.threshold).all()


def test_it_finds_what_its_card_says_on_held_out_pictures() -> None:
    if not (DATA / "instances").is_dir():
        pytest.skip(f"no labelled pictures in {DATA}")
    tables = {
        table.title.split(" of ")[0] + " " + table.title.split(" of ")[1].split("/")[0]: table
        for table in box_tables(DATA, "test", {"subjects": ours(FILE)})
    }
    for name, column, least in LEAST:
        table = tables[name]
        value = dict(zip(table.columns, table.rows["subjects"], strict=True))[column]
        assert value >= least, (name, column, value)


# A little below what the card says.
LEAST = (
    ("faces boxes", "AP50 large", 0.78),
    ("people instances", "AP50 large", 0.49),
    ("things instances", "AP50 large", 0.36),
)
