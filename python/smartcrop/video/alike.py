# SPDX-License-Identifier: MIT
"""Frames of a video whose format, size or colours change, made like its first frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import av

from ..frames.pixels import PixelFormat
from .frames import WITHOUT_VECTORS, FilterChain, is_full_range

_UNSPECIFIED = 2
# The matrices between which FFmpeg's scaler converts.
_MATRICES = {1, 4, 5, 6, 7, 9, 10}
_MOST_CHAINS = 8
_FORMAT = "pixel format"
_SIZE = "size"
_COLOUR = "colours"


@dataclass(frozen=True, slots=True)
class Look:
    """What has to be the same in every frame."""

    width: int
    height: int
    format: str
    matrix: int
    full_range: bool
    primaries: int
    transfer: int
    sar: Fraction

    @classmethod
    def of(cls, frame: av.VideoFrame, sar: Fraction | None) -> Look:
        """Look at a frame."""
        return cls(
            frame.width,
            frame.height,
            frame.format.name,
            int(frame.colorspace),
            is_full_range(frame),
            int(frame.color_primaries),
            int(frame.color_trc),
            sar or Fraction(1),
        )

    @property
    def shape(self) -> tuple[int, int, Fraction]:
        """Width, height and shape of pixels."""
        return self.width, self.height, self.sar

    def describe(self, what: str) -> str:
        """Write one of the things that can differ."""
        if what == _SIZE:
            shape = "" if self.sar == 1 else f" with pixels of {self.sar}"
            return f"{self.width}x{self.height}{shape}"
        if what == _FORMAT:
            return self.format
        range_ = "full" if self.full_range else "limited"
        return f"{range_} range {self.matrix}/{self.primaries}/{self.transfer}"

    def differs(self, first: Look) -> str:
        """Name what differs from the first frame; empty where nothing does that can be seen."""
        if self.shape != first.shape:
            return _SIZE
        if self.format != first.format:
            return _FORMAT
        pairs = (
            (self.matrix, first.matrix),
            (self.primaries, first.primaries),
            (self.transfer, first.transfer),
        )
        known = any(a != b and _UNSPECIFIED not in (a, b) for a, b in pairs)
        return _COLOUR if known or self.full_range != first.full_range else ""


class Alike:
    """Makes frames like the first one, and tells each change.

    A frame of another shape is fitted into the first one's, with bars; it keeps its own shape.

    Parameters
    ----------
    changed : callable
        Told what changed, and how the first frame and this one look.
    """

    def __init__(self, changed: Callable[[str, Look, Look], None]) -> None:
        self._changed = changed
        self._first: Look | None = None
        self._tags: tuple[int, int, int, int] = (0, 0, 0, 0)
        self._chains: dict[object, FilterChain] = {}

    def __call__(self, frame: av.VideoFrame, sar: Fraction | None) -> av.VideoFrame:
        """Make one upright, planar frame like the first."""
        look = Look.of(frame, sar)
        tags = _tags_of(frame)
        if self._first is None:
            self._first, self._tags = look, tags
        if look == self._first and tags == self._tags:
            return frame
        change = look.differs(self._first)
        if change:
            self._changed(change, self._first, look)
        key = (FilterChain.key(frame), look, tags)
        chain = self._chains.get(key)
        if chain is None:
            if len(self._chains) >= _MOST_CHAINS:
                self._chains.clear()
            chain = FilterChain(frame, self._filters(look))
            self._chains[key] = chain
        return chain(frame)

    def _filters(self, look: Look) -> tuple[str, ...]:
        first = self._first
        assert first is not None
        matrix, range_, primaries, transfer = self._tags
        tagged = (
            f"setparams=colorspace={matrix}:range={range_}"
            f":color_primaries={primaries}:color_trc={transfer}"
        )
        if look.shape != first.shape:
            width, height = _fitted(look, first)
            return (
                WITHOUT_VECTORS,
                f"scale={width}:{height}:flags=bicubic{_colours(look, first)}",
                f"format={first.format}",
                f"pad={first.width}:{first.height}:-1:-1:black",
                f"format={first.format}",
                tagged,
            )
        same = (look.format, look.full_range) == (first.format, first.full_range)
        if same and not _converts(look, first):
            return (tagged,)
        return (
            f"scale=flags=bicubic{_colours(look, first)}",
            f"format={first.format}",
            tagged,
        )


def _tags_of(frame: av.VideoFrame) -> tuple[int, int, int, int]:
    return (
        int(frame.colorspace),
        int(frame.color_range),
        int(frame.color_primaries),
        int(frame.color_trc),
    )


def _converts(look: Look, first: Look) -> bool:
    """Say whether both matrices are known and differ; one that is not known is taken as it is."""
    return look.matrix != first.matrix and {look.matrix, first.matrix} <= _MATRICES


def _colours(look: Look, first: Look) -> str:
    """Write how the scaler converts colours."""
    text = (
        f":in_range={'full' if look.full_range else 'limited'}"
        f":out_range={'full' if first.full_range else 'limited'}"
    )
    from_rgb, to_rgb = look.format.startswith("gbr"), first.format.startswith("gbr")
    if look.matrix in _MATRICES and (to_rgb or _converts(look, first)):
        text += f":in_color_matrix={look.matrix}"
    if first.matrix in _MATRICES and (from_rgb or _converts(look, first)):
        text += f":out_color_matrix={first.matrix}"
    return text


def _fitted(look: Look, first: Look) -> tuple[int, int]:
    """Give the largest size of the frame's shape that the first frame's size holds."""
    width, height = look.width * look.sar / first.sar, Fraction(look.height)
    scale = min(first.width / width, first.height / height)
    format = PixelFormat.named(first.format)
    steps = 1 << format.subsampling_w, 1 << format.subsampling_h
    sides = ((width * scale, first.width, steps[0]), (height * scale, first.height, steps[1]))
    wide, high = (
        full if full - side < step else max(step, round(side / step) * step)
        for side, full, step in sides
    )
    return wide, high
