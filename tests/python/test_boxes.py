# SPDX-License-Identifier: MIT
"""Boxes that a caller gives with a frame, and those that are known behind a window."""

from __future__ import annotations

import json
import math
import os
from itertools import islice
from pathlib import Path

import av
import pytest
from conftest import DATA, PLAIN, ROOT, moving_square

import smartcrop
from smartcrop import Box

MODELS = Path(os.environ.get("SMARTCROP_TEST_MODELS", ROOT.parent / "shared" / "models"))


def opened(**options: object) -> smartcrop.Cropper:
    given = {"aspect": "9:16", "fps": 25, "lookahead": 0, **PLAIN, **options}
    return smartcrop.Cropper(160, 90, **given)  # type: ignore[arg-type]


FRAME = moving_square(3, 160, 90)


def test_boxes_come_back_as_the_core_knew_them() -> None:
    cropper = opened()
    boxes = [
        (100, 20, 80, 30),
        (1, 2, 3, 4, 2.5),
        (1, 2, 3, 4, 2, True),
        Box(5, 6, 7, 8, weight=3, required=True),
    ]
    cropper.push(FRAME, boxes=boxes)
    known = cropper.last_boxes()
    assert known[0] == Box(100, 20, 60, pytest.approx(30)), "clipped to the frame"
    assert (known[1].weight, known[1].required, known[1].kind) == (2.5, False, "caller")
    assert (known[2].weight, known[2].required) == (2, True)
    assert (known[3].weight, known[3].required) == (3, True)


def test_ids_scores_and_categories_of_the_caller_are_given_back() -> None:
    cropper = opened()
    cropper.push(FRAME, boxes=[Box(5, 6, 7, 8, id=2**40, score=0.75, category=3), (1, 2, 3, 4)])
    named, plain = cropper.last_boxes()
    assert (named.id, named.score, named.category) == (2**40, 0.75, 3)
    assert (plain.id, plain.score, plain.category) == (0, 0, 0)


def test_boxes_hold_where_a_push_says_nothing_and_end_with_an_empty_list() -> None:
    cropper = opened()
    cropper.push(FRAME, boxes=[(1, 2, 30, 40)])
    for _ in range(10):
        cropper.push(FRAME)
    assert len(cropper.last_boxes()) == 1
    for _ in range(10):
        cropper.push(FRAME, boxes=[])
    assert cropper.last_boxes() == []


def test_run_asks_for_the_boxes_of_each_frame() -> None:
    frames = [moving_square(index, 160, 90) for index in range(12)]
    asked = []

    def find(frame: object) -> list[Box]:
        asked.append(frame)
        return [Box(10, 10, 20, 20)]

    cropper = opened()
    seen = [len(cropper.last_boxes()) for _ in cropper.run(frames, boxes=find)]
    assert all(a is b for a, b in zip(asked, frames, strict=True))
    assert seen == [1] * 12


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ((1, 2, 3), "not a Box or (x, y, width, height"),
        ((1, 2, 3, 4, 1, True, 5), "not a Box or (x, y, width, height"),
        (5, "not a Box or (x, y, width, height"),
        (("a", 0, 1, 1), "not a Box or (x, y, width, height"),
        ((0, 0, 1, 1, 0), "weight that is not above 0"),
        ((0, 0, -1, 1), "width -1"),
        ((math.nan, 0, 1, 1), "x nan"),
        (Box(0, 0, 1, 1, id=-1), "the id of a box is -1"),
        (Box(0, 0, 1, 1, id=2.5), "the id of a box is 2.5"),  # type: ignore[arg-type]
        (Box(0, 0, 1, 1, category=2**31), "the category of a box is 2147483648"),
        (Box(0, 0, 1, 1, score=1.5), "score 1.5"),
        (Box(0, 0, 1, 1, score="much"), "not a Box or (x, y"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_box_is_refused_and_the_frame_can_be_pushed_again(
    box: object, words: str
) -> None:
    cropper = opened()
    with pytest.raises(smartcrop.Error, match=r".") as caught:
        cropper.push(FRAME, boxes=[box])  # type: ignore[list-item]
    assert words in str(caught.value)
    assert cropper.push(FRAME)[0].frame == 0


def test_hints_of_a_file_are_known_in_their_time(tmp_path: Path) -> None:
    path = tmp_path / "hints.jsonl"
    path.write_text('{"type":"hint","t":[0.4,0.8],"box":[10,20,30,40],"required":true}\n')
    cropper = opened(hints=path)
    seen = []
    for _ in range(40):
        window = cropper.push(FRAME)[0]
        if cropper.last_boxes():
            seen.append(window.time)
    assert seen[0] == pytest.approx(0.4) and 0.8 <= seen[-1] < 0.96
    path.write_text('{"type":"hint","t":[0.4,0.8],"box":[10,20,30]}\n')
    with pytest.raises(smartcrop.Error, match="line 1"):
        opened(hints=path).push(FRAME)


def described(source: Path, path: Path, size: tuple[int, int], boxes: dict[str, object]) -> Path:
    """Write a detector of others with its description."""
    onnx = pytest.importorskip("onnx")
    model = onnx.load(source)
    picture = {"width": size[0], "height": size[1], "order": "BGR", "fit": "pad", "pad_value": 114}
    properties = {"kind": "boxes", "input": json.dumps(picture), "boxes": json.dumps(boxes)}
    onnx.helper.set_model_props(model, {f"smartcrop.{k}": v for k, v in properties.items()})
    onnx.save(model, path)
    return path


def test_published_detectors_find_two_people_and_their_faces(tmp_path: Path) -> None:
    clip = DATA / "clips" / "two_people_1080p.mp4"
    yunet, yolox = (MODELS / f"{name}.onnx" for name in ("yunet_n_dynamic", "yolox_nano"))
    if missing := [str(each) for each in (clip, yunet, yolox) if not each.is_file()]:
        pytest.skip(f"{missing[0]} is not there")
    if not smartcrop.runtime_info().startswith("ONNX Runtime"):
        pytest.skip(smartcrop.runtime_info())
    faces = {"layout": "yunet", "threshold": 0.6, "finds": "face"}
    persons = {"layout": "yolox", "threshold": 0.35, "classes": [0]}
    files = [
        described(yunet, tmp_path / "faces.onnx", (320, 192), faces),
        described(yolox, tmp_path / "persons.onnx", (416, 416), persons),
    ]
    found = []
    for file in files:
        with av.open(str(clip)) as container:
            frame = next(container.decode(video=0))
        with smartcrop.Cropper(frame.width, frame.height, subjects=file, **PLAIN) as cropper:
            cropper.push(frame)
            cropper.flush()
            found.append(sorted(cropper.last_boxes(), key=lambda box: box.x))
    assert [[box.kind for box in each] for each in found] == [["face"] * 2, ["subject"] * 2]
    for face, person in zip(*found, strict=True):
        # A head is at the top of its body, and about a seventh of it high.
        assert person.x < face.x + face.width / 2 < person.x + person.width
        assert 0 <= face.y - person.y < person.height / 5
        assert 5 < person.height / face.height < 12


def test_the_built_in_detector_finds_two_people_and_their_faces() -> None:
    clip = DATA / "clips" / "two_people_1080p.mp4"
    if not clip.is_file():
        pytest.skip(f"{clip} is not there")
    if not smartcrop.runtime_info().startswith("ONNX Runtime"):
        pytest.skip(smartcrop.runtime_info())
    windows, kinds = {}, {}
    for name in ("none", "subjects", "auto"):
        seen: set[str] = set()
        with av.open(str(clip)) as container:
            stream = container.streams.video[0]
            frames = islice(container.decode(stream), 60)
            with smartcrop.Cropper(1920, 1080, subjects=name, strict=True, **PLAIN) as cropper:
                windows[name] = []
                for _, window in cropper.run(frames):
                    windows[name].append((window.x, window.y, window.width, window.height))
                    boxes = [box for box in cropper.last_boxes() if box.kind != "text"]
                    seen |= {box.kind for box in boxes}
                    assert all(box.weight == 0 and not box.required for box in boxes)
        kinds[name] = seen
    # Nobody is followed, so auto opens no detector.
    assert kinds == {"none": set(), "subjects": {"face", "subject"}, "auto": set()}
    assert windows["auto"] == windows["none"]
    assert len(windows["subjects"]) == len(windows["none"]) == 60


def test_a_class_that_no_network_finds_cannot_be_preferred() -> None:
    if not smartcrop.runtime_info().startswith("ONNX Runtime"):
        pytest.skip(smartcrop.runtime_info())
    opened(subjects="subjects", prefer="person,face").push(FRAME)
    with pytest.raises(
        smartcrop.OptionError, match="no 'ball'; its classes are face, person, thing"
    ):
        opened(subjects="subjects", prefer=["ball"]).push(FRAME)
