# SPDX-License-Identifier: MIT
"""Every program of this folder starts, by the command that the manual names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROGRAMS = sorted(
    path.stem for path in HERE.glob("[!t]*.py") if "argparse.ArgumentParser(" in path.read_text()
)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_shows_its_help(name: str) -> None:
    command = [sys.executable, "-m", f"tests.bench.{name}", "--help"]
    done = subprocess.run(command, cwd=HERE.parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage: ")
