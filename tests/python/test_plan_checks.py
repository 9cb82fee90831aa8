# SPDX-License-Identifier: MIT
"""Plans that were edited badly: every host refuses the same ones, with the same sentence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import PLAIN

import smartcrop
from smartcrop.cli import main

HEADER = {
    "type": "header",
    "format": "smartcrop-plan",
    "version": 1,
    "source": {"width": 160, "height": 90, "time_base": "1/25"},
    "output": {"width": 50, "height": 90},
}
SHOT = {"type": "shot", "n": 0, "strategy": "hold"}


def frame(n: int = 0, **fields: object) -> dict[str, object]:
    """A row of a frame at 25 frames a second."""
    row = {"type": "frame", "n": n, "pts": n, "t": n / 25, "x": 10, "y": 0, "width": 50}
    return {**row, "height": 90, "shot": 0, **fields}


def text_of(*rows: object) -> bytes:
    """The rows as a file; text and bytes stand as they are."""
    lines = (row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
    return b"\n".join(lines) + b"\n"


# Name: the file, and the number of the line that is refused.
BAD = {
    "a time that is no number": (text_of(HEADER, frame(t=float("nan"))), 2),
    "an endless width": (text_of(HEADER, frame(), frame(1, width=float("inf"))), 3),
    "a window without width": (text_of(HEADER, SHOT, frame(width=0)), 3),
    "a window of a height below 0": (text_of(HEADER, frame(height=-90)), 2),
    "a window beside the picture": (text_of(HEADER, frame(x=1000)), 2),
    "a source without height": (text_of({**HEADER, "source": {"width": 160, "height": 0}}), 1),
    "a text for a number": (text_of(HEADER, frame(x="10")), 2),
    "a number beyond all": (b"%s" % text_of(HEADER, frame()).replace(b'"n": 0', b'"n": 1e999'), 2),
    "a shot of no frames": (text_of(HEADER, SHOT, frame(), {**SHOT, "n": 1}), 4),
    "a frame of no shot": (text_of(HEADER, SHOT, frame(), frame(1, shot=4)), 4),
    "a shot twice": (text_of(HEADER, SHOT, frame(), SHOT), 4),
    "frames that go back in time": (text_of(HEADER, frame(5), frame(6, t=0.1)), 3),
    "a frame twice": (text_of(HEADER, frame(5), frame(5)), 3),
    "a key beside the picture": (text_of(HEADER, frame(), {"type": "key", "t": 0, "x": 3}), 3),
    "an unknown strategy": (text_of(HEADER, {**SHOT, "strategy": "orbit"}, frame()), 2),
    "a row cut off": (text_of(HEADER, frame()) + b'{"type":"fra', 3),
    "a row without a type": (text_of(HEADER, {"n": 1}), 2),
    "bytes that are no UTF-8": (text_of(HEADER, b'{"type":"note","a":"\xe9"}', frame()), 2),
    "a NUL": (text_of(HEADER, b'{"type":"note","a":"\0"}', frame()), 2),
    "a film instead of a plan": (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", 1),
    "brackets without end": (text_of(HEADER, b"[" * 100_000, frame()), 2),
    "a row of two megabytes": (text_of(HEADER, {"type": "note", "a": "a" * 2_000_000}), 2),
    "another version": (text_of({**HEADER, "version": 2}, frame()), 1),
    "a shape of letters": (text_of({**HEADER, "output": {**HEADER["output"], "sar": "wide"}}), 1),
}
GOOD = {
    "Windows' line ends": text_of(HEADER, SHOT, frame(), frame(1)).replace(b"\n", b"\r\n"),
    "a byte order mark": b"\xef\xbb\xbf" + text_of(HEADER, SHOT, frame()),
    "empty lines": b"\n\n" + text_of(HEADER, b"", SHOT, b"  ", frame(), b""),
    "no last line end": text_of(HEADER, SHOT, frame(), frame(1))[:-1],
    "rows of other programs": text_of(HEADER, {"type": "note", "a": [1]}, frame()),
    "no row of a shot": text_of(HEADER, frame(), frame(1, shot=1)),
    "null for what is not given": text_of(HEADER, {**SHOT, "edit": None}, frame(target=None)),
    "a text with a separator of lines": text_of(
        HEADER, '{"type":"note","a":"\u2028"}'.encode(), frame()
    ),
    "the least that a frame needs": text_of(
        HEADER, {key: frame()[key] for key in ("type", "t", "x", "y", "width", "height")}
    ),
}


def by_python(path: Path) -> None:
    smartcrop.Plan.load(path)


def by_cropper(path: Path) -> None:
    with smartcrop.Cropper(160, 90, plan=str(path)) as cropper:
        cropper.push(np.zeros((90, 160, 3), np.uint8))


def by_edit(path: Path) -> None:
    smartcrop.edit(path, shot=0, strategy="hold")


HOSTS = [by_python, by_cropper, by_edit]


@pytest.mark.parametrize("name", BAD)
def test_every_host_refuses_a_bad_row_with_its_number_in_the_same_sentence(name, tmp_path):
    text, line = BAD[name]
    path = tmp_path / "bad.plan"
    path.write_bytes(text)
    sentences = set()
    for host in HOSTS:
        with pytest.raises(smartcrop.Error) as error:
            host(path)
        sentences.add(str(error.value))
    (sentence,) = sentences
    assert sentence.startswith(f"plan {path} line {line}: ")


@pytest.mark.parametrize("name", GOOD)
def test_every_host_takes_what_is_a_plan(name, tmp_path):
    path = tmp_path / "good.plan"
    path.write_bytes(GOOD[name])
    for host in HOSTS:
        host(path)


@pytest.mark.parametrize(
    "words",
    [
        ["render", "in.mp4", "bad.plan", "out.mp4"],
        ["edit", "bad.plan", "--list"],
        ["export", "bad.plan", "-o", "out.csv", "--to", "csv"],
        ["preview", "in.mp4", "-o", "out.png", "--plan", "bad.plan"],
    ],
    ids=lambda words: words[0],
)
def test_every_command_refuses_a_bad_plan_in_one_line(words, clip, tmp_path, monkeypatch, capfd):
    clip(frames=3)
    monkeypatch.chdir(tmp_path)
    for text, line in (BAD["an endless width"], BAD["a film instead of a plan"]):
        Path("bad.plan").write_bytes(text)
        assert main(words) == 1
        error = capfd.readouterr().err
        assert error.startswith(f"smartcrop: plan bad.plan line {line}: ")
        assert error.count("\n") == 1
        assert not list(tmp_path.glob("out.*"))


def test_an_edit_keeps_the_bytes_of_rows_that_a_plan_does_not_know(tmp_path):
    note = '{"type":"note",   "a":"\u2028 \u65e5", "deep":{"b":[1,2]}}'.encode()
    path = tmp_path / "a.plan"
    path.write_bytes(text_of(HEADER, note, SHOT, frame(), frame(1)))
    assert main(["edit", str(path), "--shot", "0", "--x", "0.5"]) == 0
    assert note in path.read_bytes().split(b"\n")
    assert smartcrop.Plan.load(path).shots[0].x == 0.5


def test_what_a_row_of_a_shot_does_not_say_its_frames_do(tmp_path):
    path = tmp_path / "a.plan"
    second = {**SHOT, "n": 7, "strategy": "pan"}
    path.write_bytes(text_of(HEADER, SHOT, frame(), frame(1), second, frame(2, shot=7)))
    shots = smartcrop.Plan.load(path).shots
    assert [(shot.n, shot.start_frame, shot.end_frame) for shot in shots] == [(0, 0, 2), (7, 2, 3)]
    assert [shot.strategy for shot in shots] == ["hold", "pan"]


# ---- a part of a video, and another video --------------------------------------------------------


def test_a_part_of_a_video_gets_the_windows_of_its_own_times(clip, tmp_path):
    path = clip(frames=30)
    plan = smartcrop.analyze(path, strategy="follow", **PLAIN)
    moved = [json.loads(line) for line in plan.lines()]
    for row in moved:
        if row["type"] == "frame":
            row["x"] = row["n"]
    marked = tmp_path / "marked.plan"
    marked.write_bytes(text_of(*moved))
    shots = [(range(30), 0), (range(12, 30), 12), (range(0, 30, 3), 0)]
    for numbers, _ in shots:
        with smartcrop.Cropper(160, 90, fps=25, plan=str(marked)) as cropper:
            windows = []
            for number in numbers:
                windows += cropper.push(np.zeros((90, 160, 3), np.uint8), pts=number)
            windows += cropper.flush()
        assert [round(window.x / 2) for window in windows] == [round(n / 2) for n in numbers]
