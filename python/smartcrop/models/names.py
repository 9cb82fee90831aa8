# SPDX-License-Identifier: MIT
"""Names of the zoo as values of options: a name stands for the file that was fetched."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from .. import _core
from ..errors import FileError, ModelError
from .table import NETWORKS
from .zoo import Zoo, nearest

_NAMES = frozenset(each.name for each in NETWORKS)


def located(option: str, value: str) -> str:
    """Give the path of the network that an option names; what is no name of the zoo stays.

    A name wins over a file of that name, as those of built-in models do; ``./NAME`` is the file.

    Raises
    ------
    ModelError
        Where the network is not fetched, or where there is neither a file nor a network of that
        name, but a network of nearly that name.
    """
    if value in _NAMES:
        return str(Zoo().path(value))
    if value in ("none", "auto", *_core.model_names()) or os.sep in value:
        return value
    near = nearest(value)
    if near and not os.path.exists(value):  # noqa: PTH110 (Path raises for a name that is too long)
        text = f"{option} {value}: there is no such file, nor such a name; did you mean {near}?"
        raise ModelError(text)
    return value


def named(value: str) -> str:
    """Give the name of the network that a path stands for; any other value stays."""
    path = Path(value)
    if path.stem in _NAMES:
        with suppress(FileError):  # no home folder, so there is no zoo either
            return path.stem if path == Zoo().file_of(path.stem) else value
    return value
