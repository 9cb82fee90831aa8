# SPDX-License-Identifier: MIT
"""Options given as keywords, written as the core reads them, and read back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any

from . import _core
from ._options import Options
from .errors import Error
from .options import row_of


def to_text(options: Mapping[str, object]) -> list[tuple[str, str]]:
    """Write option values as the core reads them; None leaves an option at its default."""
    return [(key, _text(key, value)) for key, value in options.items() if value is not None]


def to_values(chosen: _core.Options) -> Options:
    """Read every option with its value back from the core."""
    values: dict[str, Any] = {}
    for entry in fields(Options):
        text = chosen.get(entry.name)
        kind: type = type(entry.default)
        values[entry.name] = text == "1" if kind is bool else kind(text)
    return Options(**values)


def reads_vectors(options: Mapping[str, object]) -> bool:
    """Say whether motion vectors of the codec are wanted: not where a plan says what to do."""
    return not options.get("plan") and options.get("motion") in (None, "auto", "codec")


def _text(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, tuple) and len(value) == 2:
        return f"{value[0]}x{value[1]}"
    if isinstance(value, os.PathLike):
        path, row = str(os.fspath(value)), row_of(key)
        # Path("saliency") is a file, where the text "saliency" is a built-in model.
        is_model = row is not None and row.kind == "model"
        return f"{os.curdir}{os.sep}{path}" if is_model and os.sep not in path else path
    if isinstance(value, (int, float)):
        return repr(value)
    raise Error(f"option {key}: {value!r} is neither text nor a number", "option")
