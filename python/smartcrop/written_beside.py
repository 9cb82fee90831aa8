# SPDX-License-Identifier: MIT
"""The files that options have the library write beside a result: ``keep`` and ``plan_out``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from . import arguments
from .errors import Error, OptionError
from .kept_analysis import Described, write_note
from .options import ROWS
from .outputs import AnyPath, check_output, is_stream_name, whole_or_nothing

if TYPE_CHECKING:
    from ._options import OptionKeywords

_WRITTEN = tuple(row.name for row in ROWS if "written" in row.roles)


def without_written(options: OptionKeywords) -> OptionKeywords:
    """Give the options without the files that they have written."""
    return cast("OptionKeywords", {**options, **dict.fromkeys(_WRITTEN)})


def check_written(options: OptionKeywords, output: AnyPath, *reads: AnyPath | None) -> None:
    """Refuse a file that cannot be written, or that is the output or another such file too.

    Raises
    ------
    Error
        As ``check_output`` does.
    """
    taken = {os.path.realpath(os.fspath(output)): "the output"}
    for option, name in _names(options).items():
        check_output(name, *reads)
        other = taken.setdefault(os.path.realpath(name), f"the file of {option}")
        if other != f"the file of {option}":
            raise Error(f"{name}: is both {other} and the file of {option}; choose another name")


@contextmanager
def written(
    options: OptionKeywords, video: Described, *reads: AnyPath | None
) -> Iterator[OptionKeywords]:
    """Give the options with names for such files, which appear when the block ends well."""
    with ExitStack() as stack:
        paths = {
            option: stack.enter_context(whole_or_nothing(name, *reads))
            for option, name in _names(options).items()
        }
        yield cast("OptionKeywords", {**options, **paths})
        if "keep" in paths:
            write_note(paths["keep"], video)


def name_of_kept(options: OptionKeywords) -> str:
    """Name the file of keep without its folder; empty where nothing is kept."""
    return Path(_names(options).get("keep", "")).name


def _names(options: OptionKeywords) -> dict[str, str]:
    """Name the files; none where a plan is rendered, since then nothing is decided."""
    given = {} if options.get("plan") else cast("dict[str, object]", options)
    return {option: _name(option, given[option]) for option in _WRITTEN if given.get(option)}


def _name(option: str, value: object) -> str:
    name = arguments.path(f"option {option}", value)
    if is_stream_name(name):
        raise OptionError(f"{option}={name}: this is written to a file; give its name")
    return name
