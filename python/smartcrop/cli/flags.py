# SPDX-License-Identifier: MIT
"""A flag of the command line for every option of the library that a command takes."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, Optional

import typer
from typer.core import TyperCommand

from ..options import ROWS, OptionRow, Role, check_roles

PlanFile = Annotated[str, typer.Argument(metavar="PLAN", help="A plan; - is standard input.")]

ALL_ROLES: tuple[Role, ...] = ("analyse", "render", "host")
# Sections of a help text, those that most people need first; others follow in their own order.
_FIRST_SECTIONS = ("Arguments", "Shape", "Encoding", "Options")
_FLAG_WIDTH = 25  # so that the texts of all sections begin in one column
_TYPES = {"number": float, "integer": int, "bool": bool}
_METAVARS = {
    **{"number": "N", "integer": "N", "shape": "W:H", "size": "WxH", "colour": "COLOUR"},
    **{"path": "FILE", "model": "NAME|FILE", "names": "NAME+NAME", "follow": "XxY|#ID"},
}


class Command(TyperCommand):
    """A command whose help is in sections, as plain text of the terminal's width."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the flags and arguments, section by section."""
        sections: dict[str, list[tuple[str, str]]] = {name: [] for name in _FIRST_SECTIONS}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is None:
                continue
            usual = "Arguments" if parameter.param_type_name == "argument" else "Options"
            section = getattr(parameter, "rich_help_panel", None) or usual
            sections.setdefault(section, []).append(record)
        for title, records in sections.items():
            if records:
                with formatter.section(title):
                    rows = [(f"{flag:<{_FLAG_WIDTH}}", text) for flag, text in records]
                    formatter.write_dl(rows, col_max=_FLAG_WIDTH)


def flag_names(row: OptionRow) -> str:
    """Spell an option as a flag."""
    flag = "--" + row.name.replace("_", "-")
    return f"{flag}/--no-{flag[2:]}" if row.kind == "bool" else flag


def _help(row: OptionRow) -> str:
    meanings = f" {row.meanings}." if row.meanings else ""
    default = f"default: {row.default_text}" if row.default_text else ""
    notes = "; ".join(note for note in (row.range, default) if note)
    return f"{row.help}.{meanings}" + (f" [{notes}]" if notes else "")


def _parameter(row: OptionRow, short: str | None, hidden: bool) -> inspect.Parameter:
    option = typer.Option(
        *([short] if short else []),
        flag_names(row),
        help=_help(row),
        show_default=False,
        metavar="|".join(row.choices) or _METAVARS.get(row.kind),
        rich_help_panel=row.section,
        hidden=hidden,
    )
    kind = _TYPES.get(row.kind, str)
    return inspect.Parameter(
        row.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[Optional[kind], option],  # noqa: UP045 (a type made at run time)
    )


def with_library_options(
    command_name: str,
    *roles: Role,
    without: tuple[str, ...] = (),
    short: dict[str, str] | None = None,
    checked: bool = True,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command, whose last parameter is ``options``, a flag for each option of its roles.

    The flags of other roles are known, but not shown: whoever gives one is told where it belongs.

    Parameters
    ----------
    command_name : str
        What the command is called in an error.
    *roles : str
        Roles of the options that have an effect in the command.
    without : tuple of str
        Options that the command takes in another way.
    short : dict, optional
        Short flags of options.
    checked : bool
        False where what the command calls refuses the options of other roles by itself.
    """
    rows = [row for row in ROWS if row.name not in without]

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(command, eval_str=True)
        own = [each for name, each in signature.parameters.items() if name != "options"]
        names = short or {}
        flags = [
            _parameter(row, names.get(row.name), hidden=row.roles.isdisjoint(roles)) for row in rows
        ]

        @functools.wraps(command)
        def run(**values: Any) -> Any:
            options = {row.name: values.pop(row.name) for row in rows}
            given = {name: value for name, value in options.items() if value is not None}
            if checked:
                check_roles(given, command_name, *roles)
            return command(**values, options=given)

        parameters = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own] + flags
        run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorate
