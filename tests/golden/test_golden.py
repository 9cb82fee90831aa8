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

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SMARTCROP_DATA", ROOT.parent / "shared" / "data"))
GOLDEN = Path(__file__).with_name("moving_square.txt")
WIDTH, HEIGHT, RATE, FRAMES = 320, 180, 25, 200
MILLISECONDS = 1000 // RATE  # Matroska's time base is 1/1000

OPTION_SETS = {
    "plain": {},
    "scaled": {"size": "90x160", "lookahead": "0.5"},
    "live": {"aspect": "1", "lookahead": "0", "smoother": "ema", "subpixel": "1"},
}


# ---- the clip: whole numbers only, so that every machine paints the same bytes


def blocks(scene: int, side: int, bits: int) -> np.ndarray:
    """Return blocks of side x side samples, each of a level of its own with so many bits."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.uint64) // np.uint64(side)
    cell = rows * np.uint64(331) + columns + np.uint64(100003 * scene + 1)
    mixed = (cell * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    return (mixed >> np.uint64(32 - bits)).astype(np.uint8)


def paint(number: int) -> bytes:
    """Return a frame: a square that walks right, and after a cut another that walks left."""
    scene = number // 100
    step = min(number % 100, 70)
    left = 10 + 3 * step if scene == 0 else 270 - 2 * step
    luma = 30 + blocks(scene, 36, 6) + blocks(scene, 8, 6)
    luma[60:110, left : left + 40] = 230
    luma[70:100:4, left : left + 40] = 180
    u = np.full((HEIGHT // 2, WIDTH // 2), 108 + 40 * scene, np.uint8)
    v = np.full((HEIGHT // 2, WIDTH // 2), 144 - 40 * scene, np.uint8)
    v[30:55, left // 2 : left // 2 + 20] = 220
    return luma.tobytes() + u.tobytes() + v.tobytes()


@pytest.fixture(scope="session")
def raw() -> bytes:
    """Return the clip as raw 4:2:0 frames."""
    return b"".join(paint(number) for number in range(FRAMES))


@pytest.fixture(scope="session")
def clip(raw: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the clip without loss, for what reads files."""
    ffmpeg = shutil.which("ffmpeg") or next(map(str, ffmpegs()), None)
    if ffmpeg is None:
        pytest.skip("no ffmpeg to write the clip with")
    path = tmp_path_factory.mktemp("golden") / "moving_square.mkv"
    source = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE)]
    command = [ffmpeg, "-v", "error", "-y", *source, "-i", "-", "-c:v", "ffv1", str(path)]
    subprocess.run(command, input=raw, check=True)
    return path


# ---- the hosts


def ffmpegs() -> list[Path]:
    """Return each ffmpeg with the filter."""
    named = os.environ.get("SMARTCROP_FFMPEG")
    if named:
        return [Path(path) for path in named.split(":") if path]
    return sorted(ROOT.glob("build/ffmpeg/*/bin/ffmpeg"))


def plan_host() -> Path:
    """Return the program of plan_host.cc that was built last."""
    named = os.environ.get("SMARTCROP_PLAN_HOST")
    found = [Path(named)] if named else [*ROOT.glob("build/*/plan_host")]
    if not found:
        pytest.skip("no plan_host: configure with -DSMARTCROP_TESTS=ON, then build plan_host")
    return max(found, key=lambda path: path.stat().st_mtime)


def by_cpp(raw: bytes, options: dict[str, str]) -> str:
    """Return the windows of the C++ host."""
    times = ["1/1000", f"{RATE}/1", str(MILLISECONDS)]
    command = [str(plan_host()), f"{WIDTH}x{HEIGHT}", *times]
    command += [f"{key}={value}" for key, value in options.items()]
    return subprocess.run(command, input=raw, stdout=subprocess.PIPE, check=True).stdout.decode()


@dataclass
class Row:
    """What a line says."""

    number: int
    pts: int
    sides: tuple[float, float, float, float]
    shot: int

    def __str__(self) -> str:
        sides = " ".join(f"{side:.2f}" for side in self.sides)
        return f"{self.number} {self.pts} {sides} {self.shot}\n"


def by_python(clip: Path, options: dict[str, str]) -> str:
    """Return the windows of the Python package."""
    if importlib.util.find_spec("smartcrop") is None:
        pytest.skip("the Python package is not installed: pip install .")
    smartcrop = importlib.import_module("smartcrop")
    rows = smartcrop.analyze(str(clip), **options).frames
    return "".join(
        str(Row(row.frame, row.pts, (row.x, row.y, row.width, row.height), row.shot))
        for row in rows
    )


def by_filter(ffmpeg: Path, clip: Path, options: dict[str, str], folder: Path) -> str:
    """Return the windows of the filter, from the metadata of the frames."""
    text = folder / "metadata.txt"
    values = ":".join(f"{key}={value}" for key, value in options.items())
    chain = f"smartcrop{'=' if values else ''}{values},metadata=mode=print:file={text}"
    command = [str(ffmpeg), "-nostdin", "-v", "error", "-i", str(clip), "-map", "0:v:0"]
    command += ["-vf", chain, "-fps_mode", "passthrough", "-f", "null", "-"]
    subprocess.run(command, check=True)
    return "".join(map(str, rows_of(text.read_text())))


def rows_of(text: str) -> list[Row]:
    """Read what the metadata filter printed."""
    rows = []
    for part in re.split(r"^frame:", text, flags=re.MULTILINE)[1:]:
        number, pts = re.match(r"(\d+)\s+pts:(-?\d+)", part).groups()
        values = dict(re.findall(r"^lavfi\.smartcrop\.(\w+)=(\S+)", part, flags=re.MULTILINE))
        sides = tuple(float(values[key]) for key in "xywh")
        rows.append(Row(int(number), int(pts), sides, int(values["shot"])))
    return rows


PROGRAMS = [*ffmpegs()] or [None]


def name_of(program: Path | None) -> str:
    """Return the folder that holds bin/ffmpeg, such as 7.1."""
    return program.parent.parent.name if program else "none"


# ---- the tests


def test_cpp_host_gives_the_committed_text(raw: bytes) -> None:
    text = by_cpp(raw, {})
    if os.environ.get("SMARTCROP_GOLDEN_WRITE"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


def test_text_shows_that_the_window_follows_and_jumps_only_at_the_cut(raw: bytes) -> None:
    rows = [line.split() for line in by_cpp(raw, {}).splitlines()]
    assert [int(row[0]) for row in rows] == list(range(FRAMES))
    assert [int(row[1]) for row in rows] == [MILLISECONDS * n for n in range(FRAMES)]
    assert [int(row[6]) for row in rows] == [0] * 100 + [1] * 100
    x = [float(row[2]) for row in rows]
    assert x[99] > x[0] + 20
    assert x[199] < x[100] - 20
    steps = [abs(after - before) for before, after in pairwise(x)]
    assert max(steps[:99] + steps[100:]) < 8 < steps[99]


@pytest.mark.parametrize("name", OPTION_SETS)
def test_python_gives_the_windows_of_cpp(raw: bytes, clip: Path, name: str) -> None:
    assert by_python(clip, OPTION_SETS[name]) == by_cpp(raw, OPTION_SETS[name])


@pytest.mark.parametrize("name", OPTION_SETS)
@pytest.mark.parametrize("ffmpeg", PROGRAMS, ids=name_of)
def test_filter_gives_the_windows_of_cpp(
    raw: bytes, clip: Path, ffmpeg: Path | None, name: str, tmp_path: Path
) -> None:
    if ffmpeg is None:
        pytest.skip("no ffmpeg with the smartcrop filter: run ffmpeg_patch/build")
    options = OPTION_SETS[name]
    assert by_filter(ffmpeg, clip, options, tmp_path) == by_cpp(raw, options)


@pytest.mark.parametrize("file", ["bikes.mp4", "film_vfr.mp4"])
@pytest.mark.parametrize("ffmpeg", PROGRAMS, ids=name_of)
def test_filter_and_python_agree_on_real_clips(
    ffmpeg: Path | None, file: str, tmp_path: Path
) -> None:
    path = DATA / "clips" / file
    if ffmpeg is None or not path.exists():
        pytest.skip(f"no ffmpeg with the filter, or no {path}; SMARTCROP_DATA may name the folder")
    assert by_filter(ffmpeg, path, {}, tmp_path) == by_python(path, {})
