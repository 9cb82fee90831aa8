# SPDX-License-Identifier: MIT
"""What Python adds to an analysis file, and reads of it.

The library writes it; ``csrc/plan/analysis.h`` says how. What it cannot know of a video is put
behind the records: one line of JSON with the file's name, its start and whether it has sound.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Protocol

from .errors import Error

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


def write_note(path: str, video: Described) -> None:
    """Put behind the records of an analysis what the library cannot know of a video."""
    note = {"name": video.file_name, "start": video.start, "sound": video.has_sound}
    with Path(path).open("ab") as file:
        file.write(b"\n" + json.dumps(note).encode() + b"\n")


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
