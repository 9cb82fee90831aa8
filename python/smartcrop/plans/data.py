# SPDX-License-Identifier: MIT
"""A plan as plain values: what formats and hosts are given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..frames.window import Window
from .parts import Key, Output, Place, Shot, Source


@dataclass(frozen=True)
class PlanData:
    """What a plan holds, see ``Plan``; it knows of no file and of no video."""

    source: Source
    output: Output
    options: dict[str, Any]
    shots: list[Shot]
    frames: list[Window]
    keys: list[Key] = field(default_factory=list)
    decided: dict[int, Place] = field(default_factory=dict)
    analysis: str = ""

    def keys_of(self, shot: Shot) -> list[Key]:
        """Give the key frames of a shot."""
        # Half a frame early, so that a key at the rounded time of the first frame belongs to it.
        slack = (shot.end - shot.start) / max(1, shot.end_frame - shot.start_frame) / 2
        return [key for key in self.keys if shot.start - slack <= key.time < shot.end - slack]

    def is_edited(self, shot: Shot) -> bool:
        """Say whether a person asked for something else than what was decided for a shot."""
        placed = shot.x is not None or shot.y is not None
        other = shot.decided is not None and shot.strategy != shot.decided
        return placed or other or shot.asked or bool(shot.follow or self.keys_of(shot))
