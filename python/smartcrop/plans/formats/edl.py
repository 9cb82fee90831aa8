# SPDX-License-Identifier: MIT
"""An edit decision list, CMX 3600."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..data import PlanData
    from ..parts import Shot
    from .media import Media


def edl(plan: PlanData, media: Media) -> str:
    """Write one event for each shot.

    An EDL knows cuts and no pictures, so the crop stands in comments: the window at the start and
    at the end of each shot. Time codes count frames from 0 without dropping any, so for 23.976 and
    29.97 they run slower than the clock, as non-drop time code does.
    """
    lines = [f"TITLE: {media.name}", "FCM: NON-DROP FRAME", ""]
    if media.variable:
        rate = float(media.rate)
        lines.append(f"* VARIABLE FRAME RATE: TIMES ARE ROUNDED TO FRAMES OF {rate:.3f} PER SECOND")
    for number, shot in enumerate(plan.shots, 1):
        begin, end = media.span(plan, shot)
        codes = " ".join(_timecode(frame, media) for frame in (begin, end, begin, end))
        lines.append(f"{number:03d}  AX       V     C        {codes}")
        lines.append(f"* FROM CLIP NAME: {media.name}")
        lines += [f"* SMARTCROP {line}" for line in _crop(plan, shot)]
    return "\n".join(lines) + "\n"


def _timecode(frame: int, media: Media) -> str:
    per_second = max(1, round(media.rate))  # a time code has whole frames, at least one a second
    seconds, frames = divmod(frame, per_second)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}:{frames:02d}"


def _crop(plan: PlanData, shot: Shot) -> list[str]:
    windows = [window for window in plan.frames if window.shot == shot.n]
    places = [
        f"X {each.x:g} Y {each.y:g} W {each.width:g} H {each.height:g}"
        for each in (windows[0], windows[-1])
    ]
    if all((each.x, each.y) == (windows[0].x, windows[0].y) for each in windows):
        return [f"{shot.strategy.upper()}: {places[0]}"]
    return [
        f"{shot.strategy.upper()} FROM: {places[0]}",
        f"{shot.strategy.upper()} TO: {places[1]}",
    ]
