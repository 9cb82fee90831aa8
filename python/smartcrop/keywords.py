# SPDX-License-Identifier: MIT
"""Options given as keywords, written as the core reads them, and read back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import fields
from fractions import Fraction
from numbers import Integral, Real
from typing import Any

import numpy as np

from . import _core
from ._options import Options
from .arguments import shown
from .errors import OptionError
from .models.names import located, named
from .options import row_of
from .plan_text import PlanText

# The type of each option's value, by its default.
_TYPES: dict[str, type] = {entry.name: type(entry.default) for entry in fields(Options)}


def to_text(options: Mapping[str, object]) -> list[tuple[str, str]]:
    """Write option values as the core reads them; None leaves an option at its default.

    Raises
    ------
    Error
        Where a value is of a type that the option cannot be told by.
    """
    return [(key, _text(key, value)) for key, value in options.items() if value is not None]


def core_options(options: Mapping[str, object]) -> _core.Options:
    """Give the options to the core.

    Raises
    ------
    Error
        As ``to_text`` does, and for an unknown option or a value out of its range.
    """
    plan = options.get("plan")
    at_hand = (plan.name, plan.content) if isinstance(plan, PlanText) else None
    return _core.Options(to_text(options), at_hand)


def to_values(chosen: _core.Options) -> Options:
    """Read every option with its value back from the core."""
    values: dict[str, Any] = {}
    for entry in fields(Options):
        text, row = chosen.get(entry.name), row_of(entry.name)
        if row is not None and row.kind == "model":
            text = named(text)
        kind: type = type(entry.default)
        values[entry.name] = text == "1" if kind is bool else kind(text)
    return Options(**values)


def reads_vectors(options: Mapping[str, object]) -> bool:
    """Say whether motion vectors of the codec are wanted: not where a plan says what to do."""
    return not options.get("plan") and options.get("motion") in (None, "auto", "codec")


def _text(key: str, value: object) -> str:
    row = row_of(key)
    if isinstance(value, (bytes, os.PathLike)):
        written = _path(key, value)
    elif row is not None and row.kind == "names":
        written = _names(key, value)
    else:
        written = _plain(key, value)
    try:
        can_be_told = "\0" not in written and "\0" not in key
        (key + written).encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        can_be_told = False
    if not can_be_told:
        told = f"option {ascii(key)[1:-1]}: {shown(value)}"
        raise OptionError(f"{told} has characters that no option has")
    return located(key, written) if row is not None and row.kind == "model" else written


def _plain(key: str, value: object) -> str:
    kind = _TYPES.get(key)
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        if kind in (int, float):
            raise OptionError(f"option {key}: {shown(value)} is not a number")
        return str(int(value))
    if isinstance(value, tuple) and len(value) == 2:
        return "x".join(_plain("", each) for each in value)
    if isinstance(value, Fraction) and kind is not float:
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return _float(key, value)
    raise OptionError(f"option {key}: {shown(value)} is neither text nor a number")


def _names(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    given = list(value) if isinstance(value, Iterable) else [value]
    names = [name for name in given if isinstance(name, str)]
    if len(names) < len(given):
        raise OptionError(f"option {key}: {shown(value)} is neither a name nor a list of names")
    return "+".join(names)


def _float(key: str, value: Real) -> str:
    try:
        return repr(float(value))
    except OverflowError as error:
        raise OptionError(f"option {key}: {shown(value)} is too large") from error


def _path(key: str, value: bytes | os.PathLike[Any]) -> str:
    path, row = os.fsdecode(value), row_of(key)
    # Path("saliency") is a file, where the text "saliency" is a built-in model.
    is_model = row is not None and row.kind == "model"
    return f"{os.curdir}{os.sep}{path}" if is_model and os.sep not in path else path
