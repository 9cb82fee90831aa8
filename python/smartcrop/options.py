# SPDX-License-Identifier: MIT
"""The table of options as the library has it, and what each option has an effect on.

It is written once, in ``csrc/include/smartcrop/options.def``. What needs it as text, such as the
types in ``_options.py`` and the manual's page, is written by ``.ci/generate_options.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from . import _core
from .errors import OptionError

Kind = Literal[
    "number", "integer", "bool", "choice", "shape", "size", "colour", "path", "model", "names"
]
Role = Literal["live", "host", "analyse", "render", "solve", "written"]

_KINDS: tuple[Kind, ...] = (
    *("number", "integer", "bool", "choice"),
    *("shape", "size", "colour", "path", "model", "names"),
)
# By their bits.
_ROLES: tuple[Role, ...] = ("live", "host", "analyse", "render", "solve", "written")
_USES: dict[Role, str] = {
    "analyse": "the analysis of a video (analyze, reframe, preview)",
    "render": "rendering (render, reframe, preview)",
    "host": "runs that hold frames until they are decided (reframe, preview, Cropper.run)",
}


class OptionRow(NamedTuple):
    """One option.

    Attributes
    ----------
    name, kind, help : str
        How it is called, what values it takes, and what it does in a sentence.
    section : str
        Title of the group that it is shown in.
    roles : frozenset of str
        What it has an effect on: ``analyse``, ``render`` and ``host`` (runs that hold frames);
        ``solve`` where an analysis file is decided with it; ``live`` where it may change in
        mid-run; and ``written`` where it names a file that is written.
    default : str, float or bool
        Its value where nobody sets it.
    minimum, maximum : float
        Of a number or an integer.
    unit : str
        Of a number or an integer; empty where it has none.
    choices : dict
        Of a choice: what each name means.
    """

    name: str
    kind: Kind
    section: str
    roles: frozenset[Role]
    default: str | float | bool
    minimum: float
    maximum: float
    unit: str
    choices: dict[str, str]
    help: str

    @classmethod
    def of(cls, entry: _core.OptionEntry) -> OptionRow:
        """Read a row of the library's table."""
        kind = _KINDS[entry["kind"]]
        return cls(
            entry["name"],
            kind,
            entry["section"],
            frozenset(role for bit, role in enumerate(_ROLES) if entry["roles"] >> bit & 1),
            _value(kind, entry["default"]),
            entry["minimum"],
            entry["maximum"],
            entry["unit"],
            dict(zip(entry["choices"], entry["choice_helps"], strict=True)),
            entry["help"],
        )

    @property
    def range(self) -> str:
        """What a number may be, with its unit; empty for other kinds."""
        if self.kind not in ("number", "integer"):
            return ""
        return f"{self.minimum:g} to {self.maximum:g} {self.unit}".strip()

    @property
    def meanings(self) -> str:
        """What each choice means; empty for other kinds."""
        return "; ".join(f"{name}: {meaning}" for name, meaning in self.choices.items())

    @property
    def default_text(self) -> str:
        """The default as a person writes it; empty for none."""
        if self.kind == "bool":
            return "on" if self.default else "off"
        return f"{self.default:g}" if self.kind == "number" else f"{self.default}"


def _value(kind: Kind, text: str) -> str | float | bool:
    if kind == "bool":
        return text == "1"
    if kind == "integer":
        return int(text)
    return float(text) if kind == "number" else text


ROWS = tuple(OptionRow.of(entry) for entry in _core.option_rows())
_BY_NAME = {row.name: row for row in ROWS}


def row_of(name: str) -> OptionRow | None:
    """Find an option; None where there is none of that name."""
    return _BY_NAME.get(name)


def of_roles(options: Mapping[str, Any], *roles: Role) -> dict[str, Any]:
    """Leave out the options that have none of these roles."""
    return {name: value for name, value in options.items() if _has_role(name, roles)}


def check_roles(options: Mapping[str, object], where: str, *roles: Role) -> None:
    """Refuse an option that has an effect, but none on these roles. None is not set.

    Raises
    ------
    Error
        With the option's name and where it belongs.
    """
    for name, value in options.items():
        if value is not None and not _has_role(name, roles):
            uses = [_USES[role] for role in ("analyse", "render", "host") if role in _roles(name)]
            raise OptionError(
                f"option {name} has no effect in {where}: it belongs to {' and '.join(uses)}",
            )


def check_solves(options: Mapping[str, object], analysis: str) -> None:
    """Refuse an option with which an analysis file cannot be decided. None is not set.

    Raises
    ------
    Error
        With the option's name, and what to do.
    """
    for name, value in options.items():
        if value is not None and "analyse" in _roles(name) and "solve" not in _roles(name):
            text = f"option {name} was decided when {analysis} was made; analyze again"
            raise OptionError(text)
    check_roles(options, "solve", "solve")


def _roles(name: str) -> frozenset[Role]:
    return _BY_NAME[name].roles if name in _BY_NAME else frozenset()


def _has_role(name: str, roles: tuple[Role, ...]) -> bool:
    """Say so of an unknown option, too: it is for the library to refuse."""
    return name not in _BY_NAME or not _roles(name).isdisjoint(roles)
