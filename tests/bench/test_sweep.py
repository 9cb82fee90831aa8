# SPDX-License-Identifier: MIT
"""The tables of the camera's constants, which sweep.py reads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.python.tuned import TABLES, read_constants, read_rows

from . import sweep


def test_each_constant_stands_in_the_tables_once() -> None:
    names = [name for name, _ in read_rows()]
    assert len(names) > 60
    assert len(set(names)) == len(names)


def test_every_row_of_the_tables_is_read() -> None:
    written = sum(table.read_text().count("\nSC_TUNED(") for table in TABLES)
    assert written == len(read_constants())


def test_a_constant_that_there_is_not_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.bench.sweep", "kNone", "1", str(tmp_path)]
    done = subprocess.run(command, cwd=sweep.TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no constant kNone; there are kPeaks, " in done.stderr
