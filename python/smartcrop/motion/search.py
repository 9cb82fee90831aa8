# SPDX-License-Identifier: MIT
"""From the motion of a clip to a box: density, turning upright, search."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from .. import _core, arguments
from ..errors import FileError, OptionError
from ..frames.pixels import Array
from ..outputs import whole_or_nothing
from ..video.clip_motion import ClipVectors
from .published import largest_sum

Density = npt.NDArray[np.float32]
_Any = TypeVar("_Any", bound=npt.NDArray[Any])

_log = logging.getLogger("smartcrop")
_MOST_CELLS = 256
_MOST_SAMPLES = 100_000_000
_MOST_SEED = 2**64 - 1

# What FFmpeg's filters that turn a picture upright do to rows and columns.
_TURNS: dict[str, Callable[[Array], Array]] = {
    "hflip": lambda values: values[:, ::-1],
    "vflip": lambda values: values[::-1],
    "transpose=clock": lambda values: np.rot90(values, -1),
    "transpose=cclock": np.rot90,
    "transpose=cclock_flip": lambda values: values.swapaxes(0, 1),
    "transpose=clock_flip": lambda values: values[::-1, ::-1].swapaxes(0, 1),
}


def turned(values: _Any, turns: tuple[str, ...]) -> _Any:
    """Turn a picture or a grid, rows x columns, as FFmpeg's filters of these names do."""
    for each in turns:
        values = cast(_Any, _TURNS[each](values))
    return cast(_Any, np.ascontiguousarray(values))


@dataclass(frozen=True, slots=True)
class ClipBox:
    """Where a clip moves.

    Attributes
    ----------
    x, y, width, height : int
        The box, in pixels of the decoded and upright picture.
    picture : (int, int)
        Width and height of that picture.
    frames : int
        How many frames were decoded.
    vectors : int
        How many motion vectors of them count.
    fallback : bool
        No motion is known, so that the box is the whole picture.
    density : ndarray
        Shares of the motion, (rows, columns) float32, that sum to 1; all alike in a fallback.
    """

    x: int
    y: int
    width: int
    height: int
    picture: tuple[int, int]
    frames: int
    vectors: int
    fallback: bool
    density: Density = field(repr=False, compare=False)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the density as ``.npy``, which other programs read."""
        with whole_or_nothing(path) as name:
            try:
                with open(name, "wb") as file:  # noqa: PTH123 (numpy adds a suffix to a name)
                    np.save(file, self.density)
            except OSError as error:
                raise FileError(f"{path}: cannot be written: {error.strerror or error}") from error


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, see ``smartcrop.motion.clip_box``."""

    area: float
    grid: tuple[int, int]
    seed: int
    samples: int
    compat: bool

    def __post_init__(self) -> None:
        if not 0 < arguments.number("area", self.area) <= 1:
            raise OptionError(f"area {self.area}: is a share of the picture, above 0 to 1")
        if not isinstance(self.grid, (tuple, list)) or len(self.grid) != 2:
            arguments.refuse("grid", self.grid, "(rows, columns)")
        if not all(1 <= arguments.natural("grid", each) <= _MOST_CELLS for each in self.grid):
            given = "x".join(str(each) for each in self.grid)
            raise OptionError(f"grid {given}: is rows x columns, 1 to {_MOST_CELLS} each")
        arguments.whole("samples", self.samples, 0, _MOST_SAMPLES)
        arguments.whole("seed", self.seed, 0, _MOST_SEED)
        arguments.flag("compat", self.compat)

    def __call__(self, name: str, clip: ClipVectors) -> ClipBox:
        """Find the box of a clip; warn under this name where it is the whole picture."""
        rows, columns = self.grid
        sideways = any(each.startswith("transpose") for each in clip.turns)
        width, height = (clip.height, clip.width) if sideways else (clip.width, clip.height)
        coded_grid = (columns, rows) if sideways else (rows, columns)
        density = self._density(clip, coded_grid)
        frames, vectors = clip.motion.counts()
        if density is None:
            _log.warning("%s: %s; the box is the whole picture", name, _why_none(clip))
            even = np.full((rows, columns), 1 / (rows * columns), np.float32)
            return ClipBox(0, 0, width, height, (width, height), frames, vectors, True, even)
        density = turned(density, clip.turns)
        find = largest_sum if self.compat else _core.densest_box
        left, top, wide, high = find(density, self.area)
        x, right = _pixels(left, left + wide, columns, width)
        y, bottom = _pixels(top, top + high, rows, height)
        place = (x, y, right - x, bottom - y)
        return ClipBox(*place, (width, height), frames, vectors, False, density)

    def _density(self, clip: ClipVectors, grid: tuple[int, int]) -> Density | None:
        if not self.compat:
            return clip.motion.density(*grid, self.samples, self.seed)
        assert clip.lengths is not None  # whoever searches so reads the clip so
        return clip.lengths.density(*grid)


def _pixels(first: int, last: int, cells: int, length: int) -> tuple[int, int]:
    """Where cells begin and end; at least one pixel."""
    begin = min(round(first * length / cells), length - 1)
    return begin, max(begin + 1, round(last * length / cells))


def _why_none(clip: ClipVectors) -> str:
    frames, vectors = clip.motion.counts()
    if vectors:
        return "nothing moves in it"
    if frames == 1:
        return "it has a single frame, which says nothing of motion"
    return (
        f"no motion vectors came from {clip.codec}, as H.264 and the MPEG codecs have them outside "
        "intra frames"
    )
