# SPDX-License-Identifier: MIT
"""Video files in and out. Only this package imports PyAV."""

import av as _av

from .jobs import Progress, Reframed, analyze, reframe

__all__ = ["Progress", "Reframed", "analyze", "ffmpeg_version", "reframe"]


def ffmpeg_version() -> str:
    """Name the version of FFmpeg inside PyAV."""
    return str(getattr(_av, "ffmpeg_version_info", "of unknown version"))
