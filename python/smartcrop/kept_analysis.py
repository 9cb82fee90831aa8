# SPDX-License-Identifier: MIT
"""The file of the option keep: an analysis that is written while a video is seen.

The library writes it; ``csrc/plan/analysis.h`` says how. What it cannot know of a video is put
behind the records: one line of JSON with the file's name, its start and whether it has sound.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from . import arguments
from .errors import Error, OptionError
from .outputs import AnyPath, check_output, is_stream_name, whole_or_nothing

if TYPE_CHECKING:
    from ._options import OptionKeywords

_END = b"\x09\x00\x00\x00E"  # how the last record begins
_END_BYTES = 13
_LONGEST_NOTE = 1 << 16
_NOTE: dict[str, tuple[type, ...]] = {"name": (str,), "start": (int, float), "sound": (bool,)}


class Described(Protocol):
    """What a plan notes of a video beside its pictures: a ``Reader``."""

    @property
    def file_name(self) -> str:
        """Its name without a folder; empty where it is no file."""

    @property
    def start(self) -> float:
        """Earliest time stamp of the file in seconds."""

    @property
    def has_sound(self) -> bool:
        """It has sound too."""


def check_keep(options: OptionKeywords, output: AnyPath, *reads: AnyPath | None) -> None:
    """Refuse a file for keep that cannot be, or that is the output too.

    Raises
    ------
    Error
        As ``check_output`` does.
    """
    name = _name(options)
    if name is None:
        return
    check_output(name, *reads)
    if os.path.realpath(name) == os.path.realpath(os.fspath(output)):
        raise Error(f"{name}: is both the output and the file of keep; choose another name")


@contextmanager
def kept(
    options: OptionKeywords, video: Described, *reads: AnyPath | None
) -> Iterator[OptionKeywords]:
    """Give the options with a name for keep whose file appears when the block ends well."""
    name = _name(options)
    if name is None:
        yield options
        return
    with whole_or_nothing(name, *reads) as path:
        yield cast("OptionKeywords", {**options, "keep": path})
        note = {"name": video.file_name, "start": video.start, "sound": video.has_sound}
        with Path(path).open("ab") as file:
            file.write(b"\n" + json.dumps(note).encode() + b"\n")


def name_of_kept(options: OptionKeywords) -> str:
    """Name the file of keep without its folder; empty where nothing is kept."""
    return Path(_name(options) or "").name


def _name(options: OptionKeywords) -> str | None:
    if not options.get("keep") or options.get("plan"):  # a plan sees nothing
        return None
    name = arguments.path("option keep", options["keep"])
    if is_stream_name(name):
        raise OptionError(f"keep={name}: an analysis goes to a file; give its name")
    return name


def read_header(path: str) -> dict[str, Any]:
    """Read the first line of an analysis that the library has checked, or will check."""
    try:
        with Path(path).open("rb") as file:
            header = json.loads(file.readline(_LONGEST_NOTE))
    except (OSError, ValueError):
        return {}
    return header if isinstance(header, dict) else {}


def read_note(path: str) -> dict[str, Any]:
    """Read what was noted of the video; empty where nothing was.

    Raises
    ------
    Error
        Where the file goes on after its records, with something else.
    """
    with Path(path).open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _LONGEST_NOTE))
        end = file.read()
    if end[-_END_BYTES:].startswith(_END):
        return {}
    try:
        note = json.loads(end.rstrip(b"\n").rpartition(b"\n")[2])
        known = all(isinstance(note[key], kind) for key, kind in _NOTE.items())
    except (ValueError, KeyError, TypeError):
        known = False
    if not known or not end.endswith(b"\n"):
        raise Error(f"analysis {path}: its last line does not describe a video; analyze again")
    return {key: note[key] for key in _NOTE}
