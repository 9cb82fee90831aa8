# SPDX-License-Identifier: MIT
"""Plans for other programs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from csv import writer as csv_writer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plan import Plan
    from .window import Window


def sendcmd(plan: Plan) -> str:
    """Write a plan as commands that move ffmpeg's own ``crop``.

    Each command has a closed interval that begins half a frame early: then it is carried out
    before the frame that it is for whatever way times are rounded, and an interval that has passed
    costs nothing. Frames with the same window share one interval. Fractions of a pixel are rounded,
    because ``crop`` knows only whole ones.
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


def csv(plan: Plan) -> str:
    """Write a plan as a table with one row for each frame."""
    text = io.StringIO()
    table = csv_writer(text, lineterminator="\n")
    table.writerow(
        ["frame", "pts", "time", "x", "y", "width", "height", "shot", "strategy", "confidence"]
    )
    for window in plan.frames:
        table.writerow(
            [
                window.frame,
                window.pts,
                f"{window.time:.6f}",
                *(f"{side:g}" for side in (window.x, window.y, window.width, window.height)),
                window.shot,
                window.strategy,
                f"{window.confidence:.3f}",
            ]
        )
    return text.getvalue()


def _crop_size(plan: Plan) -> tuple[int, int]:
    if not plan.frames:
        return plan.output.width, plan.output.height
    return round(plan.frames[0].width), round(plan.frames[0].height)


def _runs(plan: Plan) -> Iterator[tuple[float, int, int]]:
    """Give the times from which on windows hold, as ffmpeg counts time, and their top left."""
    previous: Window | None = None
    place: tuple[int, int] | None = None
    for window in plan.frames:
        x, y = round(window.x), round(window.y)
        if (x, y) != place:
            step = window.time - previous.time if previous else 0.0
            yield max(0.0, window.time - step / 2 - plan.source.start), x, y
        previous, place = window, (x, y)
