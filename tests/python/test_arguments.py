# SPDX-License-Identifier: MIT
"""Wrong arguments end in one sentence that names them; reasonable ones are taken."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PLAIN, Clip, make_clip
from plans import made_plan

import smartcrop
from smartcrop import arguments, motion
from smartcrop.preview import preview

FRAME = np.zeros((90, 160, 3), np.uint8)
NAN, INF = float("nan"), float("inf")


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of half a second."""
    path = tmp_path_factory.mktemp("clips") / "short.mp4"
    return make_clip(path, Clip(frames=10))


def cropper(**given: Any) -> smartcrop.Cropper:
    return smartcrop.Cropper(**{"width": 160, "height": 90, **PLAIN, **given})


def refused(call: Callable[[], object], name: str) -> str:
    """The one line of the error about an argument of this name."""
    with pytest.raises(smartcrop.Error) as caught:
        call()
    line = str(caught.value)
    assert name in line
    assert "\n" not in line
    assert len(line) < 450  # with the names of all options
    for word in ("pybind", "incompatible function arguments", "Traceback"):
        assert word not in line
    return line


WRONG_NUMBERS = [NAN, INF, -INF, -1, 0, True, "25", [25], {}, b"25", 1e300, 10**400, 1e-300, 1j]


@pytest.mark.parametrize("name", ["fps", "time_base", "sar"])
@pytest.mark.parametrize("value", [*WRONG_NUMBERS, Fraction(10**12), Fraction(1, 10**12)])
def test_a_ratio_that_cannot_be_is_refused_by_its_name(name: str, value: Any) -> None:
    refused(lambda: cropper(**{name: value}), f"{name} is")


@pytest.mark.parametrize("name", ["width", "height"])
@pytest.mark.parametrize("value", [0, -160, 160.0, "160", None, NAN, True, 2**31, 10**400, [160]])
def test_a_side_that_is_no_whole_number_is_refused_by_its_name(name: str, value: Any) -> None:
    refused(lambda: cropper(**{name: value}), f"{name} is")


@pytest.mark.parametrize(
    "given",
    [
        {"fps": 25},
        {"fps": np.float64(29.97)},
        {"fps": np.int16(25)},
        {"fps": np.float32(24)},
        {"fps": Fraction(30000, 1001)},
        {"fps": 1e9},
        {"time_base": 0.04},
        {"time_base": Fraction(1, 10**9)},
        {"time_base": 1},
        {"sar": 1.3333},
        {"sar": np.float64(0.5)},
        {"sar": Fraction(64, 45)},
        {"width": np.int64(160)},
        {"format": None},
        {"lookahead": np.float32(0.5)},
        {"max_speed": Fraction(1, 4)},
        {"min_shot": 1},
        {"strict": np.bool_(True)},
        {"strict": 1},
        {"aspect": Fraction(9, 16)},
        {"size": (np.int32(36), 64)},
        {"aspect": None},
    ],
    ids=str,
)
def test_reasonable_values_are_taken(given: dict[str, Any]) -> None:
    one = cropper(**given)
    assert one.push(FRAME) + one.flush()


def test_a_float_becomes_the_ratio_that_it_stands_for() -> None:
    assert arguments.ratio("sar", 1.3333) == Fraction(13333, 10000)
    assert arguments.ratio("time_base", 1001 / 30000) == Fraction(1001, 30000)
    assert arguments.ratio("fps", 29.97) == Fraction(2997, 100)
    assert arguments.ratio("fps", 2.0e9 + 0.3) == 2_000_000_000


@pytest.mark.parametrize("value", [[0.5], {"a": 1}, True, np.zeros(2), object(), 1j, b"\0", "1\0"])
@pytest.mark.parametrize("name", ["lookahead", "min_shot", "max_speed"])
def test_an_option_of_another_type_is_refused_by_its_name(name: str, value: Any) -> None:
    refused(lambda: cropper(**{name: value}), f"option {name}")


@pytest.mark.parametrize(
    ("name", "value"), [("aspect", [9, 16]), ("size", {}), ("strict", []), ("model", 1j)]
)
def test_an_option_that_is_neither_text_nor_a_number_is_refused(name: str, value: Any) -> None:
    refused(lambda: cropper(**{name: value}), f"option {name}")


def test_a_name_of_bytes_is_a_path_for_every_option() -> None:
    line = refused(lambda: cropper(plan=os.fsencode("/no/such.plan")).push(FRAME), "/no/such.plan")
    assert "plan" in line
    line = refused(lambda: cropper(plan=b"/no/such\xff.plan").push(FRAME), "/no/such")
    assert cropper(plan=b"/no/such\xff.plan").options.plan == os.fsdecode(b"/no/such\xff.plan")


@pytest.mark.parametrize("pts", [0.5, 1.0, True, "3", [3], NAN, 2**63, -(2**63), 10**30, {}])
def test_a_time_stamp_that_is_no_whole_number_is_refused(pts: Any) -> None:
    one = cropper()
    refused(lambda: one.push(FRAME, pts=pts), "pts is")
    assert one.push(FRAME, pts=np.int32(7)) + one.flush()


@pytest.mark.parametrize(
    "given",
    [{"plan": "a\0b"}, {"plan": "\ud800"}, {"aspect\0": "1:1"}, {"\ud800": 1}, {"plan": b"a\0"}],
    ids=ascii,
)
def test_options_with_characters_that_none_has_are_refused(given: dict[str, Any]) -> None:
    refused(lambda: cropper(**given), "option")


def test_time_stamps_at_the_ends_of_what_can_be_counted_are_taken() -> None:
    one = cropper(fps=25)
    most = 2**63 - 1
    windows = one.push(FRAME, pts=-most) + one.push(FRAME, pts=most)
    refused(lambda: one.push(FRAME), "pts is")  # one frame after the last
    assert [window.pts for window in windows + one.flush()] == [-most, most]


@pytest.mark.parametrize(
    "boxes",
    [
        5,
        "abcd",
        ["1234"],
        [(1, 2, 3)],
        [(1, 2, 3, NAN)],
        [(INF, 2, 3, 4)],
        [(1, 2, 0, 4)],
        [None],
        [(1, 2, 3, 10**400)],
        [(1, 2, 3, 4, -1)],
        [smartcrop.Box(1, 2, "a", 4)],
        (1, 2, 3, 4),
        [(1, 2, 3, 4, 1, np.zeros(2))],
        {"a": 1},
        [(1, 2, 3, 4)] * 1001,
    ],
    ids=lambda value: str(value)[:24],
)
def test_boxes_that_are_none_are_refused_and_the_frame_is_not_counted(boxes: Any) -> None:
    one = cropper()
    refused(lambda: one.push(FRAME, boxes=boxes), "box")
    windows = one.push(FRAME, boxes=np.array([[1, 2, 30, 40]])) + one.flush()
    assert [window.frame for window in windows] == [0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_speed", "fast"),
        ("max_speed", True),
        ("max_speed", None),
        ("max_speed", NAN),
        ("sharpness", 1),
        ("lookahead", 0.1),
        ("max_speed", [1]),
        ("max_speed", -1),
        ("plan", "a"),
    ],
)
def test_a_live_option_that_cannot_be_is_refused_by_its_name(name: str, value: Any) -> None:
    one = cropper()
    one.push(FRAME)
    refused(lambda: one.set_live(**{name: value}), name)
    one.set_live(max_speed=np.float32(0.2))


@pytest.mark.parametrize(
    "value", ["yuv420p99", "yuv999p", "grayf16", "gray32", "nv12", "", "\0", 5, b"gray", "yuv420p7"]
)
def test_a_format_that_cannot_be_is_refused(value: Any) -> None:
    if value != "":
        refused(lambda: cropper(format=value), "format")


def test_what_is_to_be_run_is_checked() -> None:
    refused(lambda: list(cropper().run(5)), "frames is")  # type: ignore[call-overload]
    refused(lambda: list(cropper().run([FRAME], boxes=3)), "boxes is")  # type: ignore[call-overload]
    refused(lambda: list(cropper().run(["picture"])), "frame is")
    refused(lambda: cropper(evidence="yes"), "evidence is")


# ---- files ----

WRONG_FILES: list[tuple[str, dict[str, Any]]] = [
    ("crf", {"crf": "23"}),
    ("crf", {"crf": NAN}),
    ("crf", {"crf": True}),
    ("codec", {"codec": 5}),
    ("codec", {"codec": "lib\0x264"}),
    ("preset", {"preset": ["slow"]}),
    ("pixel_format", {"pixel_format": 420}),
    ("container", {"container": b"mp4"}),
    ("encoder_options", {"encoder_options": "g=10"}),
    ("encoder_options", {"encoder_options": {"g": [10]}}),
    ("encoder_options", {"encoder_options": {5: "10"}}),
    ("encoder_options", {"encoder_options": {"g": NAN}}),
    ("passes", {"passes": 3}),
    ("passes", {"passes": "2"}),
    ("passes", {"passes": True}),
    ("video_stream", {"video_stream": -1}),
    ("video_stream", {"video_stream": 0.0}),
    ("progress", {"progress": 5}),
    ("lookahead", {"lookahead": [1]}),
]


@pytest.mark.parametrize(("name", "given"), WRONG_FILES, ids=lambda value: str(value)[:40])
def test_reframe_refuses_an_argument_by_its_name_and_writes_nothing(
    short: Path, tmp_path: Path, name: str, given: dict[str, Any]
) -> None:
    output = tmp_path / "out.mp4"
    refused(lambda: smartcrop.reframe(short, output, **{**PLAIN, **given}), name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", [5, None, "", "a\0b", b"a\0b", ["a"], 1.5, True])
def test_every_call_refuses_what_is_no_path(short: Path, tmp_path: Path, path: Any) -> None:
    out = tmp_path / "out.mp4"
    refused(lambda: smartcrop.reframe(path, out, **PLAIN), "input is")
    refused(lambda: smartcrop.reframe(short, path, **PLAIN), "output is")
    refused(lambda: smartcrop.analyze(path, **PLAIN), "input is")
    refused(lambda: smartcrop.Plan.load(path), "plan is")
    refused(lambda: made_plan().save(path), "path is")
    refused(lambda: made_plan().render(path, out), "input is")
    refused(lambda: preview(short, path), "output is")
    refused(lambda: motion.clip_box(path), "path is")
    if path is not None:
        refused(lambda: preview(path, tmp_path / "out.png"), "input is")
        refused(lambda: made_plan().export(media=path), "media is")
    assert not list(tmp_path.iterdir())


def test_numbers_as_encoder_options_and_paths_as_bytes_are_taken(
    short: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.mp4"
    given: dict[str, Any] = {"g": 10, "bf": np.int64(0), "qcomp": 0.6, "8x8dct": True}
    done = smartcrop.reframe(
        os.fsencode(short),  # type: ignore[arg-type]
        os.fsencode(output),  # type: ignore[arg-type]
        encoder_options=given,
        crf=np.float64(30),
        **PLAIN,
    )
    assert done.frames == 10
    assert output.exists()
    plan = smartcrop.analyze(os.fsencode(short), **PLAIN)  # type: ignore[arg-type]
    plan.save(os.fsencode(tmp_path / "a.plan"))  # type: ignore[arg-type]
    assert smartcrop.Plan.load(os.fsencode(tmp_path / "a.plan")).frames  # type: ignore[arg-type]
    assert not motion.clip_box(os.fsencode(short)).fallback  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("cells", {"cells": 0}),
        ("cells", {"cells": 2.5}),
        ("show", {"show": "all"}),
        ("show", {"show": None}),
        ("progress", {"progress": "yes"}),
        ("video_stream", {"video_stream": "0"}),
    ],
)
def test_preview_refuses_an_argument_by_its_name(
    short: Path, tmp_path: Path, name: str, given: dict[str, Any]
) -> None:
    refused(lambda: preview(short, tmp_path / "out.png", **given), f"{name} is")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("shot", {"shot": "0"}),
        ("shot", {"shot": 0.5}),
        ("shot", {"shot": [0, None]}),
        ("strategy", {"shot": 0, "strategy": 5}),
        ("strategy", {"shot": 0, "strategy": ["hold"]}),
        ("x", {"shot": 0, "x": "left"}),
        ("y", {"shot": 0, "y": NAN}),
        ("x", {"shot": 0, "x": 10**400}),
        ("key", {"keys": 5}),
        ("key", {"keys": "ab"}),
        ("key", {"keys": [(1,)]}),
        ("key", {"keys": [(1, "a")]}),
        ("key", {"keys": [(NAN, 0.5)]}),
        ("clear", {"clear": "no"}),
    ],
)
def test_edit_refuses_an_argument_by_its_name(name: str, given: dict[str, Any]) -> None:
    refused(lambda: smartcrop.edit(made_plan(), **given), name)


def test_edit_takes_numbers_of_numpy() -> None:
    plan = smartcrop.edit(made_plan(), shot=np.int64(0), strategy="hold", x=np.float32(0.5))
    assert plan.shots[0].x == 0.5
    assert smartcrop.edit(made_plan(), keys=np.array([[0.8, 0.4]])).keys


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("area", {"area": "half"}),
        ("area", {"area": NAN}),
        ("grid", {"grid": 6}),
        ("grid", {"grid": (6, 8.5)}),
        ("samples", {"samples": -1}),
        ("samples", {"samples": 1.5}),
        ("seed", {"seed": "0"}),
        ("seed", {"seed": 2**64}),
        ("compat", {"compat": "no"}),
        ("progress", {"progress": 1}),
        ("video_stream", {"video_stream": -1}),
    ],
)
def test_the_box_of_a_clip_refuses_an_argument_by_its_name(
    short: Path, name: str, given: dict[str, Any]
) -> None:
    refused(lambda: motion.clip_box(short, **given), name)


def test_a_decimal_is_no_number_of_the_library() -> None:
    refused(lambda: cropper(fps=Decimal(25)), "fps is")
