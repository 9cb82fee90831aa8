# SPDX-License-Identifier: MIT
"""How FFmpeg is told the name of a file, and how a person is."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal

from ..errors import FileError, OptionError
from ..outputs import is_stream_name

# A file is the one of that name: FFmpeg does not take a % in it for a sequence of pictures.
INPUT_OPTIONS = {"pattern_type": "none"}


def ffmpeg_name(name: str, mode: Literal["r", "w"]) -> str:
    """Write a name as FFmpeg takes it.

    FFmpeg reads what is before a colon as a protocol and ``-`` as a pipe, so a file is named with
    its protocol. Bytes that are no UTF-8 pass through: PyAV encodes a name as the system does.
    """
    if name == "-":
        return "pipe:0" if mode == "r" else "pipe:1"
    return name if is_stream_name(name) else f"file:{name}"


def base_name(name: str) -> str:
    """Give the last part of a file's name as text that every file and terminal takes."""
    return os.fsencode(Path(name).name).decode("utf-8", "replace")


def name_of_input(source: object) -> str:
    """Read what a caller gave as the name of an input.

    Raises
    ------
    Error
        Where it is no name.
    """
    if isinstance(source, (str, bytes, os.PathLike)):
        return os.fsdecode(source)
    raise OptionError(f"input: {source!r} is no name of a file; give text or a path", "argument")


def kind_of(name: str) -> Literal["stream", "file", "folder", "other", "nothing"]:
    """Tell what lies under a name; ``other`` is a named pipe or a device.

    Raises
    ------
    Error
        Where the name cannot be looked up, such as one that is too long.
    """
    if is_stream_name(name):
        return "stream"
    try:
        mode = Path(name).stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return "nothing"
    except OSError as error:
        raise FileError(f"{name}: cannot be opened: {error.strerror}") from error
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else "other"
