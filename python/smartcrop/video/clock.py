# SPDX-License-Identifier: MIT
"""Times of the output: one start for all streams, times that rise, a clock that encoders take."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import av

if TYPE_CHECKING:
    from av.container.core import Chapter

# The clocks of MPEG-1 and MPEG-2, and one that MPEG-4 takes (ticks a second of at most 16 bits).
_STANDARD_RATES = [
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(50),
    Fraction(60000, 1001),
    Fraction(60),
]
_MOST_TICKS = 65535


def rescale(ticks: int, source: Fraction, target: Fraction) -> int:
    """Say a time on another clock: the nearest tick, and the one away from 0 of two as near."""
    number = ticks * source.numerator * target.denominator
    divisor = source.denominator * target.numerator
    nearest = (2 * abs(number) + divisor) // (2 * divisor)
    return nearest if number >= 0 else -nearest


def clocks_for(rate: Fraction) -> list[Fraction]:
    """List clocks of one tick a frame, for encoders that do not take the video's own."""
    exact = 1 / rate
    coarse = exact.limit_denominator(_MOST_TICKS)
    standard = 1 / min(_STANDARD_RATES, key=lambda each: abs(each - rate))
    return list(dict.fromkeys(each for each in (exact, coarse, standard) if each > 0))


@dataclass(slots=True)
class Start:
    """The time that becomes 0 in all streams of the output, so that they stay together."""

    seconds: Fraction

    def moved(self, ticks: int, time_base: Fraction) -> int:
        """Say a time of the input as one of the output, on the same clock."""
        return ticks - round(self.seconds / time_base)

    def not_after(self, ticks: int, time_base: Fraction) -> None:
        """Begin early enough for this time: a player does not show what is before 0."""
        self.seconds = min(self.seconds, ticks * time_base)

    def chapters(self, chapters: list[Chapter]) -> list[Chapter]:
        """Move chapters along with the streams."""
        moved = []
        for each in chapters:
            base = each["time_base"] or Fraction(1, 1000)
            end = self.moved(each["end"], base)
            if end > 0:
                begin = max(0, self.moved(each["start"], base))
                moved.append(cast("Chapter", {**each, "start": begin, "end": end}))
        return moved


class Rising:
    """Makes the decoding times of one stream rise as its muxer wants, a tick at a time."""

    def __init__(self, time_base: Fraction, strict: bool) -> None:
        self._time_base = time_base
        self._step = 1 if strict else 0
        self._last: int | None = None
        self._length = 0
        self.moved = 0

    def __call__(self, packet: av.Packet[Any]) -> None:
        """Put a packet on the stream's clock, at times that the muxer takes."""
        base = packet.time_base
        pts, dts = packet.pts, packet.dts
        if pts is not None:
            pts = rescale(pts, base, self._time_base)
        if dts is not None:
            dts = rescale(dts, base, self._time_base)
        packet.duration = rescale(packet.duration or 0, base, self._time_base)
        packet.time_base = self._time_base
        if dts is None:
            dts = pts if pts is not None else (self._last or 0) + self._length
        if self._last is not None and dts < self._last + self._step:
            dts = self._last + self._step
            self.moved += 1
        packet.dts = self._last = dts
        packet.pts = dts if pts is None else max(pts, dts)
        self._length = packet.duration


@dataclass(slots=True)
class VideoClock:
    """Stamps frames for the encoder, and what comes out of it for the muxer.

    Attributes
    ----------
    source : Fraction
        Clock of the frames.
    written : Fraction
        Clock of the stream that is written: the frames' own, or one tick a frame in a container
        that has no other.
    encoder : Fraction
        Clock that the encoder counts by: the written one, or one tick a frame for an encoder that
        does not take it. Then packets get their frames' times back.
    """

    source: Fraction
    written: Fraction
    encoder: Fraction
    _frames: int = 0
    _last: int | None = None
    _times: dict[int, tuple[int, int]] = field(default_factory=dict)

    def stamp(self, frame: av.VideoFrame, pts: int) -> None:
        """Give a frame its time on the encoder's clock; ``pts`` is on the frames' own."""
        time = rescale(pts, self.source, self.written)
        if self._last is not None:
            time = max(time, self._last + 1)
        self._last = time
        duration = rescale(frame.duration or 0, self.source, self.written)
        if self.encoder == self.written:
            frame.pts, frame.duration = time, duration
        else:
            self._times[self._frames] = (time, duration)
            frame.pts, frame.duration = self._frames, 1
        frame.time_base = self.encoder
        self._frames += 1

    def restore(self, packet: av.Packet[Any]) -> None:
        """Give a packet the times of its frames on the written clock."""
        if self.encoder == self.written:
            return
        dts = packet.dts if packet.dts is not None else packet.pts
        pts = packet.pts if packet.pts is not None else dts
        assert pts is not None
        assert dts is not None
        _, packet.duration = self._times.get(pts, (0, packet.duration))
        packet.pts = self._time_of(pts)
        packet.dts = self._time_of(dts)
        packet.time_base = self.written
        for done in [each for each in self._times if each < dts]:
            del self._times[done]

    def _time_of(self, number: int) -> int:
        if number in self._times:
            return self._times[number][0]
        first = min(self._times, default=number)
        if first == number:
            return self._last or 0
        step = max(1, rescale(1, self.encoder, self.written))
        return self._times[first][0] - (first - number) * step
