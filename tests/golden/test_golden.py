# SPDX-License-Identifier: MIT
"""One clip through the C++ interface, Python and each ffmpeg: the same windows, as text.

    pytest tests/golden

A line a frame, ``n pts x y width height shot``, windows rounded to hundredths of a pixel; the
comparison is of bytes, that is the tolerance. The committed text (moving_square.txt) was made by
the C++ host; write it anew after a change of the camera work that is meant:

    SMARTCROP_GOLDEN_WRITE=1 pytest tests/golden

SMARTCROP_FFMPEG (paths, joined by colons) and SMARTCROP_PLAN_HOST name other programs than those
in build/. All hosts must load the same build of the library; where they differ, build them again
(or set LD_LIBRARY_PATH).
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hosts import DATA, FRAMES, MILLISECONDS, PROGRAMS, by_cpp, by_filter, by_python, name_of

pytest_plugins = ["shared_fixtures", "tests.tracker_file"]
GOLDEN = Path(__file__).with_name("moving_square.txt")

# The committed text is of the camera work; what a network sees may change with its runtime.
PLAIN = {"model": "none"}
OPTION_SETS = {
    "plain": PLAIN,
    "scaled": {**PLAIN, "size": "90x160", "lookahead": "0.5"},
    "live": {**PLAIN, "aspect": "1", "lookahead": "0", "smoother": "ema", "subpixel": "1"},
    "default": {},
    "center": {"model": "center", "analysis_fps": "2"},
    # The square of each shot, by a point and by a box.
    "follow": {**PLAIN, "follow": "0.09x0.47+0.84x0.33x0.13x0.28@4"},
}


@pytest.fixture(params=OPTION_SETS)
def options(request: pytest.FixtureRequest) -> dict[str, str]:
    """Give each set of options in turn, where there is the ONNX Runtime that it needs."""
    chosen = OPTION_SETS[request.param]
    if "follow" in chosen:
        return {**chosen, **request.getfixturevalue("tracker")}
    if chosen != {**chosen, **PLAIN}:
        request.getfixturevalue("runtime")
    return chosen


def test_cpp_host_gives_the_committed_text(raw: bytes) -> None:
    text = by_cpp(raw, PLAIN)
    if os.environ.get("SMARTCROP_GOLDEN_WRITE"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


def test_text_shows_that_the_window_follows_and_jumps_only_at_the_cut(raw: bytes) -> None:
    rows = [line.split() for line in by_cpp(raw, PLAIN).splitlines()]
    assert [int(row[0]) for row in rows] == list(range(FRAMES))
    assert [int(row[1]) for row in rows] == [MILLISECONDS * n for n in range(FRAMES)]
    assert [int(row[6]) for row in rows] == [0] * 100 + [1] * 100
    x = [float(row[2]) for row in rows]
    assert x[99] > x[0] + 20
    assert x[199] < x[100] - 20
    steps = [abs(after - before) for before, after in pairwise(x)]
    assert max(steps[:99] + steps[100:]) < 8 < steps[99]


def test_python_gives_the_windows_of_cpp(raw: bytes, clip: Path, options: dict[str, str]) -> None:
    assert by_python(clip, options) == by_cpp(raw, options)


@pytest.mark.parametrize("ffmpeg", PROGRAMS, ids=name_of)
def test_filter_gives_the_windows_of_cpp(
    raw: bytes, clip: Path, ffmpeg: Path | None, options: dict[str, str], tmp_path: Path
) -> None:
    if ffmpeg is None:
        pytest.skip("no ffmpeg with the smartcrop filter: run ffmpeg_patch/build")
    assert by_filter(ffmpeg, clip, options, tmp_path) == by_cpp(raw, options)


def test_the_window_goes_after_the_square_that_is_followed(
    raw: bytes, tracker: dict[str, str]
) -> None:
    rows = [line.split() for line in by_cpp(raw, {**OPTION_SETS["follow"], **tracker}).splitlines()]
    for first, left in ((0, lambda step: 10 + 3 * step), (100, lambda step: 270 - 2 * step)):
        for number in range(first + 25, first + 100):
            x, width = float(rows[number][2]), float(rows[number][4])
            square = left(min(number - first, 70))
            assert x - 4 <= square and square + 40 <= x + width + 4, number


@pytest.mark.parametrize("file", ["bikes.mp4", "film_vfr.mp4"])
@pytest.mark.parametrize("ffmpeg", PROGRAMS, ids=name_of)
def test_filter_and_python_agree_on_real_clips(
    ffmpeg: Path | None, file: str, tmp_path: Path
) -> None:
    path = DATA / "clips" / file
    if ffmpeg is None or not path.exists():
        pytest.skip(f"no ffmpeg with the filter, or no {path}; SMARTCROP_DATA may name the folder")
    assert by_filter(ffmpeg, path, PLAIN, tmp_path) == by_python(path, PLAIN)
