# SPDX-License-Identifier: MIT
"""Where a result goes: under a temporary name until it is whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import Error


def is_stream_name(name: str) -> bool:
    """Say whether a name is no file: a pipe or an address."""
    return name == "-" or "://" in name or name.startswith("pipe:")


@contextmanager
def whole_or_nothing(output: str | os.PathLike[str]) -> Iterator[str]:
    """Give a name to write to, and rename it to ``output`` when the block ends well.

    The name lies in the same folder and has the same suffix. Whatever goes wrong inside the block,
    a keyboard interrupt included, removes it. Pipes, addresses and devices are written directly.

    Raises
    ------
    Error
        Where the folder does not exist or cannot be written to.
    """
    name = os.fspath(output)
    path = Path(name)
    if is_stream_name(name) or (path.exists() and not (path.is_file() or path.is_dir())):
        yield "pipe:1" if name == "-" else name
        return
    if path.is_dir():
        raise Error(f"{name}: is a folder; give the name of a file in it")
    temporary = path.with_name(f".{path.stem[:100]}.{secrets.token_hex(4)}{path.suffix}")
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        folder = str(path.parent)
        raise Error(f"{name}: cannot write to folder {folder}: {error.strerror}") from error
    try:
        yield str(temporary)
        temporary.replace(path)
    except OSError as error:
        raise Error(f"{name}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def refuse_same_file(source: str | os.PathLike[str], output: str | os.PathLike[str]) -> None:
    """Raise an error where a result would overwrite what it is made from."""
    first, second = os.fspath(source), os.fspath(output)
    if is_stream_name(first) or is_stream_name(second):
        return
    try:
        same = Path(first).samefile(second)
    except OSError:
        same = False
    if same:
        raise Error(f"{second}: is the input itself; choose another name for the output")
