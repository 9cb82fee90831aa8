# SPDX-License-Identifier: MIT
"""The C program in the header is one that builds, and that gets a window for each frame."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from pages import ROOT, installed_core, pages, samples

HOST = ROOT / "tests" / "examples" / "host.c"
HEADER = ROOT / "csrc" / "include" / "smartcrop" / "smartcrop.h"
STRICT = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with host.c, and a .venv that holds what is installed of the library."""
    folder = tmp_path_factory.mktemp("host")
    installed_core(folder / ".venv")
    shutil.copy(HOST, folder)
    return folder


def sh(command: str, folder: Path, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LD_LIBRARY_PATH": ""}  # the run path alone has to find it
    return subprocess.run(
        ["bash", "-ec", command],
        cwd=folder,
        env=environment,
        input=data,
        capture_output=True,
        check=False,
    )


def compile_lines() -> list[str]:
    found = []
    for page in pages():
        for sample in samples(page, "sh"):
            text = sample.text.replace("\\\n", " ")
            found += [line for line in text.splitlines() if line.startswith("cc ")]
    return found


def raw_frames(width: int, height: int, count: int) -> bytes:
    """Return 4:2:0 frames in which a bright square goes right."""
    half_width, half_height = (width + 1) // 2, (height + 1) // 2
    frames = []
    for number in range(count):
        luma = np.full((height, width), 60, np.uint8)
        luma[20:50, number : number + 30] = 220
        frames.append(luma.tobytes() + bytes([128]) * (2 * half_width * half_height))
    return b"".join(frames)


def test_the_header_shows_the_very_text_of_the_example() -> None:
    shown = re.search(
        r"tests/examples/host\.c:\n \*\n(.*?) \* Ownership:", HEADER.read_text(), re.S
    )
    assert shown is not None
    lines = [re.sub(r"^ \*(?: {5})?", "", line) for line in shown[1].splitlines()]
    licence, example = HOST.read_text().split("\n", 1)
    assert "SPDX" in licence
    assert "\n".join(lines).strip() == example.strip()


@pytest.mark.parametrize(
    ("size", "rate", "count"), [((160, 90), 25, 100), ((161, 91), 30, 61), ((320, 180), 10, 1)]
)
def test_the_example_gets_a_window_for_each_frame(
    place: Path, size: tuple[int, int], rate: int, count: int
) -> None:
    flags = "$(PKG_CONFIG_PATH=.venv/lib/pkgconfig pkg-config --cflags --libs smartcrop)"
    command = f"cc {shlex.join(STRICT)} -o strict host.c {flags} -Wl,-rpath,$PWD/.venv/lib"
    built = sh(command, place)
    assert built.returncode == 0, built.stderr.decode()
    width, height = size
    done = sh(f"./strict {width} {height} {rate}", place, raw_frames(width, height, count))
    assert done.returncode == 0, done.stderr.decode()
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    assert [int(row[0]) for row in rows] == list(range(count))
    for _, x, y, wide, high in rows:
        assert 0 <= float(x) <= width - float(wide) < width
        assert 0 <= float(y) <= height - float(high) < height


def test_the_example_says_what_is_wrong_and_fails(place: Path) -> None:
    flags = "$(PKG_CONFIG_PATH=.venv/lib/pkgconfig pkg-config --cflags --libs smartcrop)"
    assert sh(f"cc -o wrong host.c {flags} -Wl,-rpath,$PWD/.venv/lib", place).returncode == 0
    for words, problem in (("0 90 25", "0x90"), ("160 90 0", ""), ("160 90", "host WIDTH HEIGHT")):
        done = sh(f"./wrong {words}", place, raw_frames(160, 90, 3))
        assert done.returncode in (1, 2), words
        assert len(done.stderr.decode().splitlines()) == 1, done.stderr
        assert problem in done.stderr.decode()
        assert not done.stdout


@pytest.mark.parametrize("line", compile_lines())
def test_the_pages_line_builds_the_example(place: Path, line: str) -> None:
    program = place / (re.search(r"-o (\S+)", line) or ["", "a.out"])[1]
    program.unlink(missing_ok=True)
    built = sh(line, place)
    assert built.returncode == 0, built.stderr.decode()
    assert not built.stderr
    done = sh(f"./{program.name} 160 90 25", place, raw_frames(160, 90, 100))
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 100
