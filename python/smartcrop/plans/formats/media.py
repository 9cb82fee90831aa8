# SPDX-License-Identifier: MIT
"""The video that a plan is for, as editing programs know it: a name, an address, a frame rate."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ...errors import OptionError

if TYPE_CHECKING:
    from ..data import PlanData
    from ..parts import Shot

_FILM = Fraction(24000, 1001)
_NTSC = Fraction(30000, 1001)
# Frames per second of film, television and their multiples.
_USUAL = (_FILM, *map(Fraction, (24, 25)), _NTSC, *map(Fraction, (30, 48, 50)), 2 * _NTSC)
_RATES = (*_USUAL, *map(Fraction, (60, 100)), 4 * _NTSC, Fraction(120))
_UNNAMED = "video"


@dataclass(frozen=True, slots=True)
class Media:
    """A video in the counting of editing programs: frames at a constant rate, from 0.

    Attributes
    ----------
    name : str
        Name of the file.
    url : str
        Its address: absolute where the file was named, else relative to what is written.
    rate : Fraction
        Frames per second.
    variable : bool
        The time stamps fit no constant rate; then ``rate`` is the nearest usual one and frames are
        counted by their time.
    counts : tuple of int
        For each frame of the plan, the frames at ``rate`` that passed before it.
    frames : int
        The same for the end.
    """

    name: str
    url: str
    rate: Fraction
    variable: bool
    counts: tuple[int, ...]
    frames: int

    @classmethod
    def of(cls, plan: PlanData, path: str | os.PathLike[str] | None = None) -> Media:
        """Describe the video of a plan."""
        name, url = _named(plan.source.name if path is None else path, absolute=path is not None)
        first = plan.frames[0].pts
        times = [(window.pts - first) * plan.source.time_base for window in plan.frames]
        rate, variable = _rate(times, plan.source.time_base)
        counts = [round(time * rate) for time in times] if variable else list(range(len(times)))
        end = counts[-1] + 1
        return cls(name, url, rate, variable, tuple(counts), end)

    def span(self, plan: PlanData, shot: Shot) -> tuple[int, int]:
        """Give the frames at which a shot begins and ends."""
        inside = [
            count
            for count, window in zip(self.counts, plan.frames, strict=True)
            if window.shot == shot.n
        ]
        later = [count for count in self.counts if count > inside[-1]]
        return inside[0], later[0] if later else self.frames

    def seconds(self, frames: int) -> Fraction:
        """Say when a frame begins, exactly."""
        return frames / self.rate


def _named(path: str | os.PathLike[str], *, absolute: bool) -> tuple[str, str]:
    """Give a name that every format can hold, and the address.

    A file's name may hold bytes that are no UTF-8, or a line break. That would begin a row of its
    own in an EDL, and XML does not take it. They are replaced in the name and kept in the address.
    """
    given = os.fspath(path)
    if "://" in given:
        shown, url = given.rstrip("/").rpartition("/")[2], given
    elif not absolute:
        shown, url = given, quote(given.encode("utf-8", "surrogateescape"))
    else:
        try:
            shown, url = Path(given).name, Path(given).resolve().as_uri()
        except (OSError, ValueError) as error:
            raise OptionError(f"media {given!r}: is no name for a file: {error}") from error
    shown = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in shown)
    return shown.strip() or _UNNAMED, url or _UNNAMED


def _rate(times: list[Fraction], time_base: Fraction) -> tuple[Fraction, bool]:
    """Find the frame rate that time stamps were made by, rounded to ticks as they are."""
    if len(times) < 2 or times[-1] <= 0:
        return Fraction(25), False
    mean = (len(times) - 1) / times[-1]
    exact = mean.limit_denominator(1001)
    usual = sorted(_RATES, key=lambda rate: abs(rate - mean))
    for rate in (*usual[:2], exact, mean):
        # Both the first time stamp and the one compared were rounded to a tick.
        if all(abs(time - index / rate) <= time_base for index, time in enumerate(times)):
            return rate, False
    return usual[0], True
