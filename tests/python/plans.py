# SPDX-License-Identifier: MIT
"""Plans that tests make without a video."""

from __future__ import annotations

from fractions import Fraction

import smartcrop
from smartcrop.frames.window import Strategy

STRATEGIES: tuple[Strategy, ...] = ("hold", "follow", "pan")
# Half a step of two pixels, and a little, as a share of the 640 pixels of the made plans.
STEP = 1.01 / 640


def made_plan(
    rate: Fraction = Fraction(25),
    time_base: Fraction = Fraction(1, 12800),
    *,
    pts: list[int] | None = None,
    shot_length: int = 40,
    step: int = 2,
    strategies: tuple[Strategy, ...] = STRATEGIES,
) -> smartcrop.Plan:
    """Three shots of 640x360 to 202x360, one for each strategy that moves by itself.

    The targets of the second swing to the right and back, those of the third go to the right.
    """
    windows = []
    count = len(pts) if pts else 3 * shot_length
    for frame in range(count):
        shot = min(2, frame // shot_length)
        passed = (frame - shot * shot_length) / shot_length
        target = (200.0, 200 + 240 * min(passed, 1 - passed), 150 + 300 * passed)[shot]
        stamp = pts[frame] if pts else round(frame / rate / time_base)
        windows.append(
            smartcrop.Window(
                frame=frame,
                pts=stamp,
                time=float(stamp * time_base),
                x=round((target - 101) / step) * step,
                y=0,
                width=202,
                height=360,
                shot=shot,
                confidence=0.5,
                strategy=strategies[shot],
                start=frame == shot * shot_length,
                fallback=False,
                target_x=target,
                target_y=180,
                reason=f"reason {shot}",
            )
        )
    source = smartcrop.Source(640, 360, time_base, count, name="a film.mp4", sound=True)
    return smartcrop.Plan.of(source, smartcrop.Output(202, 360), {"max_speed": 0.5}, windows)


def centres(plan: smartcrop.Plan, shot: int) -> list[float]:
    """Where the middle of the window is in each frame of a shot, as a share of the width."""
    return [
        (window.x + window.width / 2) / plan.source.width
        for window in plan.frames
        if window.shot == shot
    ]
