# SPDX-License-Identifier: MIT
"""Whom to follow, in the words of the option ``follow``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from . import arguments
from .errors import OptionError
from .frames.boxes import Box

AUTO = "auto"


def subject_text(
    x: float | None,
    y: float | None,
    box: Box | Sequence[float] | None,
    id: int | None,
    size: tuple[int, int],
) -> str:
    """Write a point, a box or an id as the option does; none of them is ``auto``.

    A ``Box`` is in pixels of a frame of this size, all else in shares of it.
    """
    if (x is None) != (y is None):
        raise OptionError("a point to follow needs both x and y", "argument")
    if sum(each is not None for each in (x, box, id)) > 1:
        raise OptionError("a point, a box or an id is followed, not several of them", "argument")
    if id is not None:
        return f"#{arguments.whole('id', id, 1, arguments.MOST_INT)}"
    if box is not None:
        return _joined("box", _sides(box, size))
    return AUTO if x is None else _joined("a point to follow", (x, y))


def _sides(box: Box | Sequence[float], size: tuple[int, int]) -> Sequence[object]:
    if isinstance(box, Box):
        width, height = size
        left, top = max(0.0, box.x), max(0.0, box.y)
        right, bottom = min(width, box.x + box.width), min(height, box.y + box.height)
        return left / width, top / height, (right - left) / width, (bottom - top) / height
    if isinstance(box, (str, bytes)) or not isinstance(box, Sequence) or len(box) != 4:
        arguments.refuse("box", box, "a Box or (x, y, width, height) in shares of the picture")
    return box


def _joined(name: str, shares: Sequence[object]) -> str:
    return "x".join(f"{arguments.number(name, each):.6f}" for each in shares)


def added(wishes: object, subject: str, time: float | None) -> str:
    """Add a wish to the value of the option; one without a time replaces the one before."""
    parts = [part for part in str(wishes or "").split("+") if part]
    if time is None:
        return "+".join([subject, *(part for part in parts if "@" in part)])
    return "+".join([*parts, f"{subject}@{arguments.number('time', time):.6f}"])


class Wish(NamedTuple):
    """One of the subjects that the option names.

    Attributes
    ----------
    subject : str
        In the words of the option, without its time.
    time : float
        When it begins, in seconds from the first frame.
    """

    subject: str
    time: float

    @property
    def is_place(self) -> bool:
        """Whether it is a point or a box, and so a matter of its time."""
        return self.subject != AUTO and not self.subject.startswith("#")


def wishes_of(follow: object) -> list[Wish]:
    """Read the value of the option, which the library takes; in the order of the times."""
    parts = [part.partition("@") for part in str(follow or "").split("+") if part]
    return sorted((Wish(what, float(time or 0)) for what, _, time in parts), key=lambda w: w.time)
