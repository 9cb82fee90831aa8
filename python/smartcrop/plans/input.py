# SPDX-License-Identifier: MIT
"""A plan that comes by standard input."""

from __future__ import annotations

import os

from ..errors import OptionError
from ..plan_text import PlanText
from .plan import read_bytes


def plan_given(
    plan: str | os.PathLike[str], video: str | os.PathLike[str] | None = None
) -> str | os.PathLike[str]:
    """Give a plan as the option ``plan`` takes it; ``-`` is read.

    Raises
    ------
    Error
        Where standard input cannot be read, or has to be the video too.
    """
    if os.fspath(plan) != "-":
        return plan
    if video is not None and os.fspath(video) == "-":
        raise OptionError(
            "video and plan cannot both be standard input; give one as a file", "argument"
        )
    return PlanText("-", read_bytes("-"))
