# SPDX-License-Identifier: MIT
"""Video files in and out, frame by frame. Only this package imports PyAV."""

import av as _av


def ffmpeg_version() -> str:
    """Name the version of FFmpeg inside PyAV."""
    return str(getattr(_av, "ffmpeg_version_info", "of unknown version"))
