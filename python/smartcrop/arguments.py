# SPDX-License-Identifier: MIT
"""Checks of what a caller gives: each answers the value, or names the argument that is wrong."""

from __future__ import annotations

import math
import operator
import os
import reprlib
from collections.abc import Callable, Mapping
from fractions import Fraction
from numbers import Real
from typing import NoReturn, TypeVar

import numpy as np

from .errors import OptionError

# What the library and FFmpeg count ratios with.
MOST_INT = 2**31 - 1
FRACTION = 1_000_000  # largest denominator of a ratio that comes as a float

Checked = TypeVar("Checked")
CallableT = TypeVar("CallableT", bound=Callable[..., object])


def shown(value: object) -> str:
    """Write a value for a message: one short line."""
    return " ".join(reprlib.repr(value).split())


def refuse(name: str, value: object, wanted: str) -> NoReturn:
    """Raise the error about an argument."""
    raise OptionError(f"{name} is {shown(value)}, not {wanted}", "argument")


def optional(check: Callable[[str, object], Checked], name: str, value: object) -> Checked | None:
    """Check what may be left out; None is left out."""
    return None if value is None else check(name, value)


def natural(name: str, value: object) -> int:
    """Check a whole number, 0 or above."""
    return whole(name, value, 0, MOST_INT)


def whole(name: str, value: object, least: int, most: int) -> int:
    """Check a whole number; those of NumPy are such too, floats and booleans are not."""
    wanted = f"a whole number from {least} to {most}"
    if isinstance(value, (bool, np.bool_)):
        refuse(name, value, wanted)
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        refuse(name, value, wanted)
    return number if least <= number <= most else refuse(name, value, wanted)


def number(name: str, value: object, wanted: str = "a number") -> float:
    """Check a finite number of any type but a boolean."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        refuse(name, value, wanted)
    try:
        result = float(value)
    except OverflowError:
        refuse(name, value, wanted)
    return result if math.isfinite(result) else refuse(name, value, wanted)


def ratio(name: str, value: object) -> Fraction:
    """Check a number above 0 that the library can count: a ratio of two 32-bit numbers.

    A float becomes the nearest ratio with a small denominator.
    """
    wanted = f"a number above 0, as a ratio of whole numbers up to {MOST_INT}"
    if isinstance(value, Fraction):
        found = value
    else:
        given = number(name, value, wanted)
        # Small enough for the numerator to fit, too.
        most = min(FRACTION, int(MOST_INT / max(1.0, given)))
        found = Fraction(given).limit_denominator(max(1, most))
    fits = 0 < found.numerator <= MOST_INT and found.denominator <= MOST_INT
    return found if fits else refuse(name, value, wanted)


def flag(name: str, value: object) -> bool:
    """Check a boolean; 0 and 1 are such too."""
    if isinstance(value, (bool, np.bool_)) or (isinstance(value, int) and value in (0, 1)):
        return bool(value)
    refuse(name, value, "True or False")


def text(name: str, value: object, wanted: str = "text") -> str:
    """Check a text that FFmpeg and the library can be told."""
    if not isinstance(value, str) or "\0" in value:
        refuse(name, value, wanted)
    try:
        value.encode()
    except UnicodeEncodeError:
        refuse(name, value, wanted)
    return value


def path(name: str, value: object) -> str:
    """Check a path or an address: a text, bytes, or what ``os.fspath`` takes."""
    wanted = "the name of a file"
    try:
        found = os.fsdecode(value)  # type: ignore[arg-type]
    except (TypeError, UnicodeDecodeError):
        refuse(name, value, wanted)
    return found if found and "\0" not in found else refuse(name, value, wanted)


def function(name: str, value: CallableT | None) -> CallableT | None:
    """Check that a function can be called; None is none."""
    return value if value is None or callable(value) else refuse(name, value, "a function")


def encoder_options(value: object) -> dict[str, str]:
    """Check options for an encoder: names, and texts or numbers; None is none."""
    name = "encoder_options"
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        refuse(name, value, "a dict of names and values")
    return {
        text(f"a name in {name}", key): _as_text(f"{name}[{key!r}]", value[key]) for key in value
    }


def _as_text(name: str, value: object) -> str:
    if isinstance(value, str):
        return text(name, value)
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    result = number(name, value, "text or a number")
    return str(int(result)) if result.is_integer() else repr(result)
