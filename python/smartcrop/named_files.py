# SPDX-License-Identifier: MIT
"""The files that a list or a playlist names, which are read with it."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_LIST, _PLAYLIST = b"ffconcat version", b"#EXTM3U"
_LONGEST = 16 << 20  # bytes; what is longer is a video that begins alike
_IN_TAG = re.compile(r'\bURI="([^"]+)"')


def named_in(list_file: Path) -> set[Path]:
    """Find every file that a list names, and that lists in it name; none for another file."""
    found: set[Path] = set()
    waiting = [list_file]
    while waiting:
        new = [each for each in _named(waiting.pop()) if each not in found]
        found.update(new)
        waiting += new
    return found


def _named(path: Path) -> Iterator[Path]:
    lines = _lines(path)
    playlist = bool(lines) and os.fsencode(lines[0]).startswith(_PLAYLIST)
    for line in lines:
        for name in _in_playlist(line) if playlist else _in_list(line):
            with suppress(OSError, ValueError):  # no name for a file
                yield Path(os.path.realpath(path.parent / name.removeprefix("file:")))


def _lines(path: Path) -> list[str]:
    try:
        if not path.is_file() or path.stat().st_size > _LONGEST:
            return []
        with path.open("rb") as file:
            start = file.read(len(_LIST))
            if not start.startswith((_LIST, _PLAYLIST)):
                return []
            return os.fsdecode(start + file.read()).splitlines()
    except (OSError, ValueError):  # whoever reads it says so
        return []


def _in_playlist(line: str) -> list[str]:
    text = line.strip()
    if text.startswith("#"):
        return _IN_TAG.findall(text)
    return [text] if text else []


def _in_list(line: str) -> list[str]:
    try:
        words = shlex.split(line, comments=True)
    except ValueError:  # a quote without an end
        return []
    return words[1:2] if words[:1] == ["file"] else []
