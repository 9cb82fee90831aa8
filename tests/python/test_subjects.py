# SPDX-License-Identifier: MIT
"""``smartcrop subjects`` and ``smartcrop.subjects``: who is in a video."""

from __future__ import annotations

import json
import re
from pathlib import Path

import av
import numpy as np
import pytest
from conftest import DATA, ROOT, leftovers
from made_detector import (
    AWAY_S,
    BACK_S,
    BLUE,
    HEIGHT,
    HIDDEN_S,
    NAMES,
    RATE,
    RED,
    SHOT_FRAMES,
    SIDE,
    SMALL,
    WIDTH,
    blue_at,
    detector_of_squares,
    film_of_hidden_squares,
    film_of_squares,
    red_at,
)
from PIL import Image
from test_cli import line_of, run

import smartcrop
from smartcrop.models.class_names import DETECTOR, class_names, usual_detector
from smartcrop.models.metadata import appended

FLAG = f"--{DETECTOR}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the film and the detector."""
    if not smartcrop.runtime_info().startswith("ONNX Runtime"):
        pytest.skip(smartcrop.runtime_info())
    folder = tmp_path_factory.mktemp("squares")
    film_of_squares(folder / "film.mkv")
    detector_of_squares(folder / "squares.onnx")
    return folder


@pytest.fixture(scope="module")
def film(folder: Path) -> Path:
    return folder / "film.mkv"


@pytest.fixture(scope="module")
def detector(folder: Path) -> Path:
    return folder / "squares.onnx"


def listed(film: Path, detector: Path, **more: object) -> list[smartcrop.Subject]:
    return smartcrop.subjects(film, **{DETECTOR: detector}, **more)  # type: ignore[arg-type]


def test_each_square_is_listed_in_each_shot_that_shows_it(film: Path, detector: Path) -> None:
    found = listed(film, detector)
    assert [(each.shot, each.label) for each in found] == [
        (0, NAMES[RED]),
        (0, NAMES[BLUE]),
        (1, NAMES[RED]),
    ]
    first_red, blue, second_red = found
    assert first_red.id == second_red.id != blue.id, "it is known again after the cut"
    assert (first_red.first, first_red.share) == (0, 1)
    # It is seen at the second look after it came, and for a while after it left.
    assert 10 / 25 <= blue.first <= 10 / 25 + 0.55
    assert 29 / 25 - 0.25 <= blue.last < SHOT_FRAMES / 25
    assert second_red.first == pytest.approx(SHOT_FRAMES / 25, abs=0.2)
    assert blue.score == pytest.approx(0.9, abs=0.01)


def test_a_subject_that_was_hidden_or_cut_away_has_its_id_again(
    detector: Path, tmp_path: Path
) -> None:
    found = listed(film_of_hidden_squares(tmp_path / "hidden.mkv"), detector)
    assert [(each.shot, each.label) for each in found] == [
        (0, NAMES[RED]),
        (0, NAMES[BLUE]),
        (2, NAMES[RED]),
        (2, NAMES[BLUE]),
    ]
    red, blue, red_again, blue_again = found
    assert (red_again.id, blue_again.id) == (red.id, blue.id)
    assert red.id != blue.id
    # One entry for the time before and after it was hidden, and hardly any of the time between: a
    # subject that is missed is shown on for 0.75 s, and is shown from its second look on.
    assert red.last == pytest.approx(AWAY_S - 1 / RATE)
    seen_s = HIDDEN_S + AWAY_S - BACK_S
    assert abs(red.share * AWAY_S - seen_s) <= 0.75


def test_sizes_are_shares_of_the_picture(film: Path, detector: Path) -> None:
    red, blue, _ = listed(film, detector)
    assert red.size == pytest.approx(SIDE**2 / (WIDTH * HEIGHT), rel=0.1)
    assert blue.size == pytest.approx(SMALL**2 / (WIDTH * HEIGHT), rel=0.2)


def test_the_box_lies_on_the_square_in_its_best_frame(film: Path, detector: Path) -> None:
    red, blue, second = listed(film, detector)
    for subject, place in ((red, red_at), (second, red_at), (blue, blue_at)):
        left, top = place(subject.frame) or (0, 0)
        assert subject.time == pytest.approx(subject.frame / 25)
        assert (subject.box.x, subject.box.y) == (
            pytest.approx(left, abs=4),
            pytest.approx(top, abs=4),
        )


def test_ids_are_those_that_an_analysis_of_the_film_gives(film: Path, detector: Path) -> None:
    cropper = smartcrop.Cropper(
        WIDTH,
        HEIGHT,
        fps=25,
        evidence=True,
        whole_shots=True,
        **{DETECTOR: detector},  # type: ignore[arg-type]
    )
    seen: dict[int, set[int]] = {0: set(), 1: set()}
    with av.open(str(film)) as container:
        for _, window in cropper.run(container.decode(video=0)):
            assert window.evidence is not None
            seen[window.shot] |= {box.id for box in window.evidence.boxes if box.id}
    found = listed(film, detector)
    assert seen == {shot: {each.id for each in found if each.shot == shot} for shot in (0, 1)}


def test_the_sheet_shows_each_square_beside_a_frame_of_its_shot(
    film: Path, detector: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.png"
    assert listed(film, detector, sheet=sheet, model=None) == listed(film, detector)
    picture = np.asarray(Image.open(sheet).convert("RGB")).astype(int)
    reds = np.abs(picture - (230, 30, 30)).max(axis=2) < 40
    blues = np.abs(picture - (30, 30, 230)).max(axis=2) < 40
    # A square on a frame of 160 x 96 has no more than this; its own picture is larger.
    assert reds.sum() > 4 * SIDE**2
    assert blues.sum() > 4 * SMALL**2
    rows = np.flatnonzero(reds.any(axis=1))
    assert np.any(np.diff(rows) > 30), "two shots, one below the other"


def test_a_sheet_has_as_many_rows_as_are_asked_for(
    film: Path, detector: Path, tmp_path: Path
) -> None:
    listed(film, detector, sheet=tmp_path / "one.png", rows=1)
    listed(film, detector, sheet=tmp_path / "all.png")
    one, both = (Image.open(tmp_path / f"{name}.png").height for name in ("one", "all"))
    assert one < both


def test_the_command_prints_a_table_for_each_shot(film: Path, detector: Path) -> None:
    done = run("subjects", film, FLAG, detector)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert re.findall(r"^shot (\d) .* (\d) subjects?$", text, re.M) == [("0", "2"), ("1", "1")]
    rows = re.findall(r"^ +#(\d+) +(red|blue) +([\d.]+) +([\d.]+) +(\d+)%", text, re.M)
    assert [(int(number), label) for number, label, *_ in rows] == [
        (each.id, each.label) for each in listed(film, detector)
    ]
    assert rows[0][4] == "100"


def test_the_document_holds_what_the_function_gives(film: Path, detector: Path) -> None:
    done = run("subjects", film, FLAG, detector, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    document = json.loads(done.stdout)
    assert document["file"] == str(film)
    assert [shot["frames"] for shot in document["shots"]] == [SHOT_FRAMES] * 2
    entries = [{"shot": s["shot"], **e} for s in document["shots"] for e in s["subjects"]]
    found = listed(film, detector)
    for entry, subject in zip(entries, found, strict=True):
        box = subject.box
        assert entry.pop("box") == pytest.approx([box.x, box.y, box.width, box.height], abs=0.01)
        assert entry == {
            name: pytest.approx(value, abs=1e-4) if isinstance(value, float) else value
            for name, value in ((name, getattr(subject, name)) for name in entry)
        }


def test_a_video_may_come_through_a_pipe(film: Path, detector: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    command = ("subjects", "-", FLAG, detector, "-o", sheet, "--json")
    done = run(*command, input=film.read_bytes())
    assert (done.returncode, done.stderr) == (0, b"")
    ids = [each["id"] for shot in json.loads(done.stdout)["shots"] for each in shot["subjects"]]
    assert ids == [each.id for each in listed(film, detector)]
    assert sheet.is_file()


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ((FLAG, "none"), 2, f"are found by a detector: name one with the option {DETECTOR}"),
        ((FLAG, "DETECTOR", "-o", "sheet.jpg"), 2, "a sheet is a picture; name it .png"),
        ((FLAG, "DETECTOR", "-o", "no/such/sheet.png"), 1, "there is no such folder"),
        ((FLAG, "no/such.onnx", "-o", "sheet.png"), 1, "no/such.onnx"),
        ((FLAG, "DETECTOR", "--pad", "blur"), 2, "option pad has no effect in subjects"),
    ],
)
def test_what_cannot_be_is_one_line_and_leaves_nothing(
    folder: Path, tmp_path: Path, more: tuple[str, ...], code: int, words: str
) -> None:
    given = [folder / "squares.onnx" if each == "DETECTOR" else each for each in more]
    done = run("subjects", folder / "film.mkv", *given, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, b"")
    assert words in line_of(done)
    assert leftovers(tmp_path) == []


def test_a_sheet_of_a_broken_video_does_not_appear(detector: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(b"no video")
    done = run("subjects", broken, FLAG, detector, "-o", tmp_path / "sheet.png")
    assert done.returncode == 1
    assert "broken.mkv" in line_of(done)
    assert leftovers(tmp_path, broken) == []


def test_the_sheet_may_not_be_the_video_itself(detector: Path, film: Path, tmp_path: Path) -> None:
    link = tmp_path / "film.png"
    link.symlink_to(film)
    with pytest.raises(smartcrop.Error, match="is the input itself"):
        listed(film, detector, sheet=link)


@pytest.mark.parametrize(
    ("described", "names"),
    [
        ({"names": ["face", "person"]}, ("face", "person")),
        ({"names": "face, person"}, ("face", "person")),
        ({"names": 3}, ()),
        ({}, ()),
    ],
)
def test_the_names_of_classes_are_read_from_the_detector_s_file(
    tmp_path: Path, described: dict[str, object], names: tuple[str, ...]
) -> None:
    file = tmp_path / "mine.onnx"
    # A field of another kind stands before the properties, as weights do.
    graph = b"\x3a\x05" + bytes(5)
    file.write_bytes(b"\x08\x08" + graph + appended({"smartcrop.boxes": json.dumps(described)}))
    assert class_names({DETECTOR: file}) == names


def test_the_names_of_the_detector_inside_are_those_of_its_file() -> None:
    names = class_names({DETECTOR: ROOT / "export" / "weights" / "subjects.onnx"})
    if not names:
        pytest.skip("its file has no names")
    assert class_names({DETECTOR: "subjects"}) == class_names({DETECTOR: "auto"}) == names


def test_without_a_detector_that_of_the_library_is_used_if_it_has_one(film: Path) -> None:
    done = run("subjects", film)
    if usual_detector():
        assert (done.returncode, done.stdout[:6]) == (0, b"shot 0")
    else:
        assert (done.returncode, done.stdout) == (2, b"")
        assert "are found by a detector" in line_of(done)


@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"\x3a\x7f", b"\x0b\x00"])
def test_a_file_that_describes_nothing_gives_no_names(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "mine.onnx"
    file.write_bytes(content)
    assert class_names({DETECTOR: str(file)}) == ()
    assert class_names({DETECTOR: str(tmp_path / "none.onnx")}) == ()
    assert class_names({}) == ()
    assert class_names({"follow": "0.5x0.5"}) == class_names({DETECTOR: "auto"})


def test_two_people_are_listed_with_a_picture_of_each(tmp_path: Path) -> None:
    clip = DATA / "clips" / "two_people_1080p.mp4"
    if not clip.is_file():
        pytest.skip(f"{clip} is not there")
    if not smartcrop.runtime_info().startswith("ONNX Runtime"):
        pytest.skip(smartcrop.runtime_info())
    sheet = tmp_path / "sheet.png"
    found = listed(clip, ROOT / "export" / "weights" / "subjects.onnx", sheet=sheet)
    steady = [each for each in found if each.share > 0.9]
    people = [each for each in steady if each.label == "person"]
    assert len(people) == 2
    # Each has a face of their own, which is no entry of its own.
    faces = {each.face for each in people}
    assert len(faces - {0}) == 2
    assert not faces & {each.id for each in found}
    assert Image.open(sheet).width > 1000
