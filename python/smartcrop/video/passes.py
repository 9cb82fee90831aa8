# SPDX-License-Identifier: MIT
"""Whether a video is read once or twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ..errors import OptionError
from .names import kind_of

if TYPE_CHECKING:
    from .._options import OptionKeywords


def reads_twice(name: str, passes: int | None, options: OptionKeywords) -> bool:
    """Say whether a video is analysed before it is rendered."""
    if passes is not None and (isinstance(passes, bool) or passes not in (1, 2)):
        raise OptionError(f"passes is {passes!r}, but is 1 or 2")
    can_read_again = kind_of(name) == "file"
    if passes == 2 and kind_of(name) in ("stream", "other"):
        raise OptionError(f"{name}: cannot be read twice; use one pass (passes=1, --one-pass)")
    if passes == 2 and options.get("plan"):
        raise OptionError("a plan says what to render, so there is no other pass to make")
    return passes == 2 or (passes is None and can_read_again and not decided_how(options))


def decided_how(options: OptionKeywords) -> bool:
    """Say whether the options themselves say how much of a video is seen to decide."""
    given = cast("dict[str, object]", options)
    return any(given.get(name) is not None for name in ("plan", "lookahead", "whole_shots"))
