# SPDX-License-Identifier: MIT
"""The clip of the golden tests, and what each host says of it, as the same text."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SMARTCROP_DATA", ROOT.parent / "shared" / "data"))
WIDTH, HEIGHT, RATE, FRAMES = 320, 180, 25, 200
MILLISECONDS = 1000 // RATE  # Matroska's time base is 1/1000


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


def run_cpp(raw: bytes, options: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the C++ host."""
    times = ["1/1000", f"{RATE}/1", str(MILLISECONDS)]
    command = [str(plan_host()), f"{WIDTH}x{HEIGHT}", *times]
    command += [f"{key}={value}" for key, value in options.items()]
    done = subprocess.run(command, input=raw, capture_output=True, check=False)
    return subprocess.CompletedProcess(
        command, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def by_cpp(raw: bytes, options: dict[str, str]) -> str:
    """Return the windows of the C++ host, which has nothing to say beside them."""
    done = run_cpp(raw, options)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


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
    # One pass, as the other hosts see it.
    rows = smartcrop.analyze(str(clip), **{"whole_shots": False, **options}).frames
    return "".join(
        str(Row(row.frame, row.pts, (row.x, row.y, row.width, row.height), row.shot))
        for row in rows
    )


def run_filter(
    ffmpeg: Path, clip: Path, options: dict[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run the filter; the windows go to metadata.txt in the folder."""
    text = folder / "metadata.txt"
    values = ":".join(f"{key}={value}" for key, value in options.items())
    chain = f"smartcrop{'=' if values else ''}{values},metadata=mode=print:file={text}"
    # Python asks for the vectors by itself.
    command = [str(ffmpeg), "-nostdin", "-v", "warning"]
    command += ["-thread_type", "slice", "-flags2", "+export_mvs"]
    command += ["-i", str(clip), "-map", "0:v:0"]
    command += ["-vf", chain, "-fps_mode", "passthrough", "-f", "null", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def by_filter(ffmpeg: Path, clip: Path, options: dict[str, str], folder: Path) -> str:
    """Return the windows of the filter, from the metadata of the frames."""
    done = run_filter(ffmpeg, clip, options, folder)
    assert done.returncode == 0, done.stderr
    return "".join(map(str, rows_of((folder / "metadata.txt").read_text())))


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
