# SPDX-License-Identifier: MIT
"""Commands for ffmpeg's own filters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...errors import OptionError

if TYPE_CHECKING:
    from ...frames.window import Window
    from ..data import PlanData


def sendcmd(plan: PlanData) -> str:
    """Write a plan as commands that move ffmpeg's own ``crop``.

    Each command has a closed interval that begins half a frame early: then it is carried out
    before the frame that it is for whatever way times are rounded, and an interval that has passed
    costs nothing. Frames with the same window share one interval. Fractions of a pixel are rounded,
    because ``crop`` knows only whole ones.

    Raises
    ------
    Error
        Where the size of the windows changes, which ``crop`` cannot do while it runs.
    """
    width, height = _crop_size(plan)
    chain = f"sendcmd=f=FILE,crop@sc={width}:{height}:{{x}}:{{y}}"
    if (width, height) != (plan.output.width, plan.output.height):
        chain += f",scale={plan.output.width}:{plan.output.height},setsar={plan.output.sar}"
    lines = []
    runs = list(_runs(plan))
    for index, (start, x, y) in enumerate(runs):
        end = runs[index + 1][0] if index + 1 < len(runs) else start + 1
        lines.append(f"{start:.6f}-{end:.6f} crop@sc x {x}, crop@sc y {y};")
    first = runs[0] if runs else (0.0, 0, 0)
    head = [
        "# Windows of a smartcrop plan for ffmpeg's crop. With this file as FILE:",
        f'# ffmpeg -i IN -vf "{chain.format(x=first[1], y=first[2])}" -c:a copy OUT',
    ]
    return "\n".join(head + lines) + "\n"


def _crop_size(plan: PlanData) -> tuple[int, int]:
    if not plan.frames:
        return plan.output.width, plan.output.height
    first = plan.frames[0]
    for window in plan.frames:
        if abs(window.width - first.width) > 0.5 or abs(window.height - first.height) > 0.5:
            raise OptionError(
                f"sendcmd: the window changes its size in shot {window.shot} at "
                f"{window.time:.2f} s, which ffmpeg's crop cannot follow; render the plan with "
                "'smartcrop render' or -vf smartcrop=plan=PLAN",
            )
    return round(first.width), round(first.height)


def _runs(plan: PlanData) -> Iterator[tuple[float, int, int]]:
    """Give the times from which on windows hold, as ffmpeg counts time, and their top left."""
    previous: Window | None = None
    place: tuple[int, int] | None = None
    for window in plan.frames:
        x, y = round(window.x), round(window.y)
        if (x, y) != place:
            step = window.time - previous.time if previous else 0.0
            yield max(0.0, window.time - step / 2 - plan.source.start), x, y
        previous, place = window, (x, y)
