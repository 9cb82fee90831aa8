# SPDX-License-Identifier: MIT
"""Plans for other programs, each in a file of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from ...errors import OptionError

if TYPE_CHECKING:
    from ..data import PlanData

Format = Literal["sendcmd", "csv", "edl", "otio", "fcpxml"]
FORMATS: tuple[Format, ...] = ("sendcmd", "csv", "edl", "otio", "fcpxml")


def written(plan: PlanData, to: str, media: str | os.PathLike[str] | None = None) -> str:
    """Write a plan for another program; ``media`` is the video, for programs that open it."""
    from . import edl, fcpxml, ffmpeg, otio, table
    from .media import Media

    video = Media.of(plan, media)
    if to == "sendcmd":
        return ffmpeg.sendcmd(plan)
    if to == "csv":
        return table.csv(plan)
    if to == "edl":
        return edl.edl(plan, video)
    if to == "otio":
        return otio.otio(plan, video)
    if to == "fcpxml":
        return fcpxml.fcpxml(plan, video)
    names = f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
    raise OptionError(f"plans are exported to {names}, not to {to!r}")
