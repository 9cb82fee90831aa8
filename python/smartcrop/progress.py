# SPDX-License-Identifier: MIT
"""How far the work on a video is."""

from __future__ import annotations

from collections.abc import Callable

# Called with the frames done, and the seconds of video done and in all (None where unknown).
Progress = Callable[[int, float, float | None], None]


def half_of(progress: Progress | None, half: int, frames_before: int = 0) -> Progress | None:
    """Tell the progress of one of two passes as that of both."""
    if progress is None:
        return None
    told = progress

    def tell(frames: int, seconds: float, total: float | None) -> None:
        done = seconds if total is None else seconds + half * total
        told(frames_before + frames, done, None if total is None else 2 * total)

    return tell


def part_of(
    progress: Progress | None, before: float, more: float, duration: float | None
) -> Progress | None:
    """Tell the progress of a part of the work on a video that takes ``more`` seconds than it lasts.

    ``before`` of them are done when the part begins. What is told are seconds of the video.
    """
    if progress is None:
        return None
    told = progress
    share = 1.0 if not duration else duration / (duration + more)

    def tell(frames: int, seconds: float, _: float | None) -> None:
        told(frames, (before + seconds) * share, duration)

    return tell
