# SPDX-License-Identifier: MIT
"""What the page tells people to type is what works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

import smartcrop

README = ROOT / "export" / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README.read_text(), re.M | re.S)


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """The file that the example makes."""
    (example,) = blocks("python")
    script = tmp_path / "my_network.py"
    script.write_text(example)
    done = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "SMARTCROP_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "half weights" in done.stdout
    return tmp_path / "mine.onnx"


def test_the_example_has_at_most_thirty_lines_and_the_library_follows_it(network: Path) -> None:
    assert len(blocks("python")[0].splitlines()) <= 30
    film = [np.full((90, 160, 3), 20, np.uint8) for _ in range(40)]
    for picture in film:
        picture[30:60, 20:40] = (220, 30, 30)  # the example looks for red
    cropper = smartcrop.Cropper(160, 90, aspect="9:16", fps=25, model=str(network), strict=True)
    last = [window for _, window in cropper.run(film)][-1]
    assert last.x <= 20 and last.x + last.width >= 40
    assert last.confidence > 0.6  # what moves or stands out without a network gives less


def test_every_module_and_flag_on_the_page_exists() -> None:
    modules = set(re.findall(r"python -m (export(?:\.\w+)+)", README.read_text()))
    assert modules >= {"export.train", "export.to_onnx"}
    for module in modules:
        assert (ROOT / (module.replace(".", "/") + ".py")).is_file(), module
    from export.writing.command import parser

    known = parser().format_help()
    text = " ".join(blocks("sh")).replace("\\\n", " ")
    commands = [line for line in text.splitlines() if "export.to_onnx" in line]
    assert commands
    for flag in {flag for line in commands for flag in re.findall(r" (--[a-z-]+)", line)}:
        assert flag in known, flag
