# SPDX-License-Identifier: MIT
"""What a plan is made of, beside its windows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..frames.window import Strategy

# Left, top, width, height in pixels of the source.
Place = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Source:
    """The video that a plan is for.

    Attributes
    ----------
    width, height : int
        Size of the picture as displayed, that is after rotation.
    time_base : Fraction
        Seconds of one step of pts.
    frames : int
        Number of frames.
    start : float
        Earliest time stamp of the file in seconds, which ffmpeg subtracts from all others.
    sar : Fraction
        Width of a pixel over its height.
    name : str
        Name of the file without its folder; empty where it is not known.
    sound : bool
        The file has sound too.
    """

    width: int
    height: int
    time_base: Fraction
    frames: int
    start: float = 0.0
    sar: Fraction = Fraction(1)
    name: str = ""
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """The picture that comes out."""

    width: int
    height: int
    sar: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Shot:
    """A run of frames between two cuts.

    Attributes
    ----------
    n : int
        Number of the shot, from 0.
    start_frame, end_frame : int
        First frame of the shot, and first frame after it.
    start, end : float
        The same in seconds.
    strategy : str
        How it is cropped: ``hold``, ``pan``, ``follow`` or ``fit``.
    why : str
        Why the analysis chose its strategy; empty where it is not known.
    decided : str, optional
        The strategy that the analysis chose; None: ``strategy``.
    x, y : float, optional
        Where a person wants the centre of a still window, as shares of the picture.
    asked : bool
        A person asked for the very strategy that the analysis chose: all of the shot is cropped by
        it, as if it had been an option.
    subject : int
        The id that most of its windows went after, as it was decided; 0 for none.
    follow : str
        Whom a person wants the shot to follow, as the option ``follow`` says it; empty: nobody.
    """

    n: int
    start_frame: int
    end_frame: int
    start: float
    end: float
    strategy: Strategy
    why: str = ""
    decided: Strategy | None = None
    x: float | None = None
    y: float | None = None
    asked: bool = False
    subject: int = 0
    follow: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """Where a person wants the centre of the window at one time.

    Attributes
    ----------
    time : float
        Seconds, on the clock of ``Window.time``.
    x : float
        Share of the picture's width.
    y : float, optional
        Share of its height; None: as it comes.
    """

    time: float
    x: float
    y: float | None = None
