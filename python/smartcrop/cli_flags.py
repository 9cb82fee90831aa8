# SPDX-License-Identifier: MIT
"""A flag of the command line for every option of the library."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, Optional

import typer

from ._options import ROWS, OptionRow

PlanFile = Annotated[str, typer.Argument(metavar="PLAN", help="A plan; - is standard input.")]

_PANEL = "Framing"
_TYPES = {"number": float, "integer": int, "bool": bool}


def flag_names(row: OptionRow) -> str:
    """Spell an option as a flag."""
    flag = "--" + row.name.replace("_", "-")
    return f"{flag}/--no-{flag[2:]}" if row.kind == "bool" else flag


def _parameter(row: OptionRow, short: dict[str, str]) -> inspect.Parameter:
    on_or_off = "on" if row.default else "off"
    default = on_or_off if row.kind == "bool" else f"{row.default}" or "empty"
    declarations = [flag_names(row), *([short[row.name]] if row.name in short else [])]
    option = typer.Option(
        *declarations,
        help=f"{row.help}. Default: {default}.",
        show_default=False,
        metavar="|".join(row.choices) or None,
        rich_help_panel=_PANEL,
    )
    kind = _TYPES.get(row.kind, str)
    return inspect.Parameter(
        row.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[Optional[kind], option],  # noqa: UP045 (a type made at run time)
    )


def with_library_options(
    *without: str, short: dict[str, str] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command, whose last parameter is ``options``, a flag for every option.

    Parameters
    ----------
    *without : str
        Options that the command does not take.
    short : dict, optional
        Short flags of options.
    """
    rows = [row for row in ROWS if row.name not in without]

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(command, eval_str=True)
        own = [each for name, each in signature.parameters.items() if name != "options"]
        flags = [_parameter(row, short or {}) for row in rows]

        @functools.wraps(command)
        def run(**values: Any) -> Any:
            options = {row.name: values.pop(row.name) for row in rows}
            given = {name: value for name, value in options.items() if value is not None}
            return command(**values, options=given)

        parameters = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own] + flags
        run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorate
