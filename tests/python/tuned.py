# SPDX-License-Identifier: MIT
"""The constants of the camera, as the tables of the core have them."""

from __future__ import annotations

import re
from pathlib import Path

CORE = Path(__file__).resolve().parents[2] / "csrc"
TABLES = (CORE / "stage4_crop" / "camera.h", CORE / "stage5_path" / "movement.h")
_ROW = re.compile(r"^SC_TUNED\(\w+, (\w+), ([^)]+)\);", re.MULTILINE)


def read_rows() -> list[tuple[str, str]]:
    """Names and values as they are written, in order."""
    return [row for table in TABLES for row in _ROW.findall(table.read_text(encoding="utf-8"))]


def read_constants() -> dict[str, float]:
    """Read the value of each; it is a number, a quotient of two, or another constant's."""
    values: dict[str, float] = {}
    for name, text in read_rows():
        if text in values:
            values[name] = values[text]
        else:
            number, _, divisor = text.removesuffix("F").partition("/")
            values[name] = float(number) / float(divisor or 1)
    return values
