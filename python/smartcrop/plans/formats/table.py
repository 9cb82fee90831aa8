# SPDX-License-Identifier: MIT
"""Windows as a table."""

from __future__ import annotations

import io
from csv import writer as csv_writer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..data import PlanData


def csv(plan: PlanData) -> str:
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
