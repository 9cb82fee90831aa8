# SPDX-License-Identifier: MIT
"""What should be seen whole: rectangles that a caller gives with a frame, or reads back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .. import _core
from ..arguments import MOST_INT, refuse, whole
from ..errors import OptionError

_FORM = "a Box or (x, y, width, height[, weight[, required]])"
_MOST_ID = 2**63 - 1
KINDS = ("subject", "face", "text", "caller")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the frame.

    Attributes
    ----------
    x, y, width, height : float
        Top left and size; what lies outside the frame is ignored.
    weight : float
        What seeing it whole counts beside a full evidence map's 1; above 0, at most 100.
    required : bool
        Whole in the window in every frame, or the shot is fitted.
    kind : str
        ``"subject"`` or ``"face"`` from the option ``subjects``, ``"text"``, or ``"caller"``. Not
        read where the caller gives it.
    id : int
        The same for the same subject from frame to frame, from 1; 0: it has none. The caller's are
        given back.
    score : float
        How sure its finder is, up to 1; 0 where that is not known.
    category : int
        Number of its class, from 1; 0 where it has none. The caller's are given back.
    followed : bool
        The window goes after it, whatever else there is.
    owner : int
        Of a face, the id of the person whose it is; 0 where that is not known. Not read where the
        caller gives it.
    """

    x: float
    y: float
    width: float
    height: float
    weight: float = 1.0
    required: bool = False
    kind: str = "caller"
    id: int = 0
    score: float = 0.0
    category: int = 0
    followed: bool = False
    owner: int = 0


Boxes: TypeAlias = Iterable[Box | Sequence[float]]


def to_core(boxes: Boxes | None) -> list[_core.Box] | None:
    """Boxes, or tuples (x, y, width, height[, weight[, required]]), as the core takes them."""
    if boxes is None:
        return None
    try:
        given = iter(boxes)
    except TypeError:
        refuse("boxes", boxes, "a list of boxes")
    return [_to_core(box) for box in given]


def _to_core(box: Box | Sequence[float]) -> _core.Box:
    if isinstance(box, (str, bytes)):
        refuse("a box", box, _FORM)
    try:
        given = box if isinstance(box, Box) else _from_numbers(*box)
        place = (float(given.x), float(given.y), float(given.width), float(given.height))
        weight, required = float(given.weight), bool(given.required)
        score, followed = float(given.score), bool(given.followed)
    except (TypeError, ValueError, OverflowError):
        refuse("a box", box, _FORM)
    if not weight > 0:
        raise OptionError(f"box {box!r} has a weight that is not above 0", "argument")
    number = whole("the id of a box", given.id, 0, _MOST_ID)
    category = whole("the category of a box", given.category, 0, MOST_INT)
    return _core.Box(*place, weight, required, number, score, category, followed)


def _from_numbers(*numbers: float) -> Box:
    x, y, width, height, weight, required = (*numbers, *(1.0, 0.0)[len(numbers) - 4 :])
    return Box(x, y, width, height, weight, bool(required))


def from_core(boxes: list[_core.Box] | None) -> list[Box]:
    """Boxes that the core knew of."""
    return [
        Box(
            b.x,
            b.y,
            b.width,
            b.height,
            b.weight,
            bool(b.required),
            KINDS[b.kind],
            b.id,
            b.score,
            b.category,
            bool(b.followed),
            b.owner,
        )
        for b in boxes or []
    ]
