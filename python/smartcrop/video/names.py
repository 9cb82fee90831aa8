# SPDX-License-Identifier: MIT
"""How FFmpeg is told the name of a file, and how a person is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from ..target import is_stream_name

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
