# SPDX-License-Identifier: MIT
"""The names that the package and its manual promise are there, wherever their rooms lie."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import smartcrop

MANUAL = Path(__file__).resolve().parents[2] / "python" / "docs" / "python.md"
PROMISED = re.findall(r"^::: (smartcrop\.\S+)$", MANUAL.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", smartcrop.__all__)
def test_a_name_of_the_package_can_be_had(name: str) -> None:
    assert getattr(smartcrop, name) is not None


@pytest.mark.parametrize("name", PROMISED)
def test_a_name_of_the_manual_can_be_had(name: str) -> None:
    home, _, last = name.rpartition(".")
    assert getattr(importlib.import_module(home), last) is not None


def test_the_manual_names_what_the_package_does() -> None:
    assert {f"smartcrop.{name}" for name in smartcrop.__all__} <= set(PROMISED)
