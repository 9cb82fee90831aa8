# SPDX-License-Identifier: MIT
"""What is installed, for people and for bug reports."""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version

from .. import _core
from ..video import ffmpeg_version


def lines() -> Iterator[tuple[str, str]]:
    """Give name and value, line by line."""
    yield "smartcrop", f"{_core.version()} (interface {_core.api_version()})"
    yield "Python", f"{platform.python_version()} on {platform.platform()}"
    yield "PyAV", f"{_installed('av')}, FFmpeg {ffmpeg_version()}"
    yield "ONNX Runtime", _core.runtime_info()
    yield "models", f"{', '.join(_core.model_names())} (built in)"
    yield "ffmpeg", _ffmpeg()


def _installed(package: str) -> str:
    try:
        return package_version(package)
    except PackageNotFoundError:
        return "not installed"


def _ffmpeg() -> str:
    program = shutil.which("ffmpeg")
    if program is None:
        return "not on the path"
    answer = _output([program, "-hide_banner", "-h", "filter=smartcrop"])
    has_filter = answer.startswith("Filter smartcrop")
    first = _output([program, "-version"]).partition("\n")[0].partition(" Copyright")[0]
    return f"{program} ({first}) {'with' if has_filter else 'without'} the smartcrop filter"


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
