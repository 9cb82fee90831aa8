# SPDX-License-Identifier: MIT
"""What is decided for one frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

import numpy as np
import numpy.typing as npt

from .. import _core
from .._options import Strategy
from ..arguments import refuse
from .boxes import Box

__all__ = ["STRATEGIES", "Evidence", "Pane", "Strategy", "Window"]

STRATEGIES = cast("tuple[Strategy, ...]", tuple(_core.strategy_names()))


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What one window rests on.

    Attributes
    ----------
    map : array
        Where viewers look: rows x columns of shares of the whole picture, float32, that sum to 1.
    boxes : tuple of Box
        What was known that should be seen whole.
    """

    map: npt.NDArray[np.float32]
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Pane:
    """A part of the frame, and the part of the output that it fills.

    Attributes
    ----------
    x, y, width, height : float
        Top left and size in pixels of the frame; inside it.
    to_x, to_y, to_width, to_height : float
        The same in pixels of the output. They are brought to whole samples of chroma and to whole
        pairs of rows. A part of another shape is stretched.
    subject : int
        The number of the subject that is shown; 0: none.
    """

    x: float
    y: float
    width: float
    height: float
    to_x: float
    to_y: float
    to_width: float
    to_height: float
    subject: int = 0

    def to_core(self) -> _core.Pane:
        """Write it as the core reads it."""
        pane = _core.Pane()
        try:
            pane.x, pane.y, pane.width, pane.height = self.x, self.y, self.width, self.height
            pane.to_x, pane.to_y = self.to_x, self.to_y
            pane.to_width, pane.to_height = self.to_width, self.to_height
            pane.subject = self.subject
        except TypeError:
            refuse("a pane", self, "one of numbers")
        return pane

    @classmethod
    def from_core(cls, pane: _core.Pane) -> Pane:
        """Read the core's."""
        return cls(
            pane.x,
            pane.y,
            pane.width,
            pane.height,
            pane.to_x,
            pane.to_y,
            pane.to_width,
            pane.to_height,
            pane.subject,
        )


@dataclass(frozen=True, slots=True)
class Window:
    """What to keep of one frame.

    Attributes
    ----------
    frame : int
        Number of the frame, from 0, in the order sent.
    pts : int
        Its time stamp, as sent.
    time : float
        The same in seconds.
    x, y, width, height : float
        Top left and size in pixels of the frame; always inside it.
    shot : int
        Number of the shot, from 0.
    confidence : float
        0 (a guess) to 1.
    strategy : str
        How the shot is cropped: ``hold``, ``pan``, ``follow`` or ``fit``.
    start : bool
        First frame of its shot: the window may jump here.
    fallback : bool
        The evidence asked for failed; the window rests on what was left.
    target_x, target_y : float
        Where the window's centre was wanted, in pixels, before the path was smoothed.
    reason : str
        Why this strategy, in a few words; empty where it is not known.
    evidence : Evidence, optional
        What the window rests on, where a cropper with ``evidence=True`` decided it; None where
        there is none, as when a plan is rendered. Windows are equal whatever their evidence.
    panes : tuple of Pane
        Where the output is divided: its parts, of which the later lie above the earlier. Then they
        are rendered, and x, y, width and height are not. No cropper decides any yet; give them
        with ``dataclasses.replace``. A plan does not keep them.
    subject : Box, optional
        What the window goes after, and where it is in this frame; its id is 0 where nobody counts
        it. None where the window goes after no subject, and where a plan is rendered.
    """

    frame: int
    pts: int
    time: float
    x: float
    y: float
    width: float
    height: float
    shot: int
    confidence: float
    strategy: Strategy
    start: bool
    fallback: bool
    target_x: float
    target_y: float
    reason: str = ""
    evidence: Evidence | None = field(default=None, compare=False, repr=False)
    panes: tuple[Pane, ...] = ()
    subject: Box | None = None

    def to_core(self) -> _core.Decision:
        """Write it as the core reads it."""
        decision = _core.Decision()
        try:
            decision.frame, decision.pts = self.frame, self.pts
            decision.x, decision.y = self.x, self.y
            decision.width, decision.height = self.width, self.height
            decision.shot, decision.confidence = self.shot, self.confidence
            decision.strategy = STRATEGIES.index(self.strategy)
            panes = tuple(self.panes)
        except (TypeError, ValueError):
            refuse("window", self, "one with numbers as a cropper gives them")
        decision.panes = [
            pane.to_core() if isinstance(pane, Pane) else refuse("a pane", pane, "a Pane")
            for pane in panes
        ]
        return decision

    @classmethod
    def from_core(cls, decision: _core.Decision, time_base: Fraction) -> Window:
        """Read the core's."""
        return cls(
            frame=decision.frame,
            pts=decision.pts,
            time=float(decision.pts * time_base),
            x=decision.x,
            y=decision.y,
            width=decision.width,
            height=decision.height,
            shot=decision.shot,
            confidence=decision.confidence,
            strategy=STRATEGIES[decision.strategy],
            start=bool(decision.flags & _core.SHOT_START),
            fallback=bool(decision.flags & _core.FALLBACK),
            target_x=decision.target_x,
            target_y=decision.target_y,
            reason=decision.reason or "",
            panes=tuple(Pane.from_core(pane) for pane in decision.panes),
            subject=_subject_of(decision),
        )


def _subject_of(decision: _core.Decision) -> Box | None:
    if not decision.has_subject:
        return None
    return Box(
        decision.subject_x,
        decision.subject_y,
        decision.subject_width,
        decision.subject_height,
        kind="subject",
        id=decision.subject,
        followed=True,
    )
