# SPDX-License-Identifier: MIT
"""Whether a video is read once or twice, and how far both passes are."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ..errors import Error
from .names import kind_of

if TYPE_CHECKING:
    from .._options import OptionKeywords
    from .jobs import Progress


def reads_twice(name: str, passes: int | None, options: OptionKeywords) -> bool:
    """Say whether a video is analysed before it is rendered."""
    if passes is not None and (isinstance(passes, bool) or passes not in (1, 2)):
        raise Error(f"passes is {passes!r}, but is 1 or 2", "option")
    can_read_again = kind_of(name) == "file"
    if passes == 2 and kind_of(name) in ("stream", "other"):
        raise Error(f"{name}: cannot be read twice; use one pass (passes=1, --one-pass)", "option")
    if passes == 2 and options.get("plan"):
        raise Error("a plan says what to render, so there is no other pass to make", "option")
    return passes == 2 or (passes is None and can_read_again and not decided_how(options))


def decided_how(options: OptionKeywords) -> bool:
    """Say whether the options themselves say how much of a video is seen to decide."""
    given = cast("dict[str, object]", options)
    return any(given.get(name) is not None for name in ("plan", "lookahead", "whole_shots"))


def half_of(progress: Progress | None, half: int, frames_before: int = 0) -> Progress | None:
    """Tell the progress of one of two passes as that of both."""
    if progress is None:
        return None
    told = progress

    def tell(frames: int, seconds: float, total: float | None) -> None:
        done = seconds if total is None else seconds + half * total
        told(frames_before + frames, done, None if total is None else 2 * total)

    return tell
