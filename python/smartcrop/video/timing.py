# SPDX-License-Identifier: MIT
"""When packets and frames are: one clock that goes on, as the program ffmpeg makes it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
import av.format

# Time that leaps forward by more than this is another recording, in formats made to be joined.
_LEAP_S = Fraction(10)
# So is time that goes back by more than this, in those formats and in others. There, decoding
# times that FFmpeg works out from the order of frames may be off by a few frames.
_BACK_S = Fraction(1, 10)
_BACK_ELSEWHERE_S = Fraction(1)
# A duration of one tick is not believed where frames are more than this many apart.
_FAR_MORE = 2


class PacketClock:
    """Moves the packets of a file where its time leaps or goes back, all streams alike.

    In files that were joined, time begins anew with each part. The next part then goes on where
    the last packet of the same stream ended, so that sound stays with its picture.

    Parameters
    ----------
    container : InputContainer
        Whose packets are passed, in the order of the file.
    leaped : callable
        Told the seconds at which time leaps, each time it does.
    """

    def __init__(
        self, container: av.container.InputContainer, leaped: Callable[[float], None]
    ) -> None:
        self._joinable = is_joinable(container.format)
        # A list of files is one clock already, by FFmpeg.
        self._back_s = _BACK_S if self._joinable else _BACK_ELSEWHERE_S
        self._moves = container.format.name != "concat"
        self._leaped = leaped
        self._offset_s = Fraction(0)
        # Of each stream: when its last packet was, and when the next is expected.
        self._seen_s: dict[int, tuple[Fraction, Fraction]] = {}
        self._last_s: Fraction | None = None
        self._last_dts: dict[int, int] = {}

    def __call__(self, packet: av.Packet[Any]) -> None:
        """Move one packet."""
        base = packet.time_base
        self._shift(packet, self._offset_s)
        # Packets that an edit list hides lie before the time at which they are read.
        shown = packet.stream.type in ("video", "audio") and not packet.is_discard
        if self._moves and packet.dts is not None and shown:
            time = packet.dts * base
            leap = self._leap(packet.stream.index, time)
            if leap:
                self._leaped(float(time))
                self._offset_s -= leap
                self._shift(packet, -leap)
            now = self._last_s = packet.dts * base
            before, _ = self._seen_s.get(packet.stream.index, (now, now))
            self._seen_s[packet.stream.index] = (now, now + _length_s(packet, now - before))

    @staticmethod
    def _shift(packet: av.Packet[Any], seconds: Fraction) -> None:
        if seconds:
            ticks = round(seconds / packet.time_base)
            if packet.pts is not None:
                packet.pts += ticks
            if packet.dts is not None:
                packet.dts += ticks

    def _leap(self, stream: int, time: Fraction) -> Fraction:
        """Tell by how much time leaps at a packet; 0 where it does not."""
        if stream not in self._seen_s:
            # The first packet of a stream: it may begin late, but not in another recording.
            if self._joinable and self._last_s is not None and abs(time - self._last_s) > _LEAP_S:
                return time - self._last_s
            return Fraction(0)
        before, expected = self._seen_s[stream]
        leap = time - expected
        if time < before - self._back_s or (self._joinable and abs(leap) > _LEAP_S):
            return leap
        return Fraction(0)

    def fill(self, packet: av.Packet[Any]) -> None:
        """Complete the times of a packet that is copied: decoding times that never go back."""
        if packet.dts is None:
            packet.dts = packet.pts
        if packet.dts is None:
            return
        last = self._last_dts.get(packet.stream.index)
        if last is not None and packet.dts < last:
            if packet.pts is not None:
                packet.pts = max(packet.pts, last)
            packet.dts = last
        self._last_dts[packet.stream.index] = packet.dts


def _length_s(packet: av.Packet[Any], step_s: Fraction) -> Fraction:
    """Estimate how long a packet lasts."""
    return packet.duration * packet.time_base if packet.duration else max(step_s, Fraction(0))


class FrameClock:
    """Tells when a frame is shown, also where its own time stamp is missing or wrong.

    The time stamp is that of FFmpeg's ``best_effort_timestamp``: decoding times take over from the
    moment at which they have been wrong less often. Where there is neither, frames follow each
    other in even steps.

    Parameters
    ----------
    time_base : Fraction
        Of the time stamps.
    rate : Fraction, optional
        Frames a second.
    """

    def __init__(self, time_base: Fraction, rate: Fraction | None) -> None:
        self.step = max(1, round(1 / ((rate or 25) * time_base)))
        self._wrong_pts = self._wrong_dts = 0
        self._last_pts: int | None = None
        self._last_dts: int | None = None
        self._last: int | None = None
        self._last_duration = 0
        self.moved = False  # whether the last frame's time stamp did not rise

    def __call__(self, frame: av.VideoFrame) -> int:
        """Give the time stamp of the next frame: each is later than the one before."""
        stamp = self._best_of(frame.pts, frame.dts)
        self.moved = False
        if stamp is None:
            stamp = 0 if self._last is None else self._last + self._last_duration
        elif self._last is not None and stamp <= self._last:
            stamp, self.moved = self._last + 1, True
        self._last_duration = self._duration_of(frame, stamp)
        self._last = stamp
        return stamp

    def _duration_of(self, frame: av.VideoFrame, stamp: int) -> int:
        """Estimate how long a frame lasts; one tick is often only FFmpeg's guess."""
        step = stamp - self._last if self._last is not None else 0
        guessed = frame.duration == 1 and step > _FAR_MORE
        if frame.duration > 0 and not guessed:
            return frame.duration
        return step if step > 0 else self.step

    def _best_of(self, pts: int | None, dts: int | None) -> int | None:
        """Choose between the time of showing and that of decoding."""
        if dts is not None:
            self._wrong_dts += self._last_dts is not None and dts <= self._last_dts
            self._last_dts = dts
        elif pts is not None:
            self._last_dts = pts
        if pts is not None:
            self._wrong_pts += self._last_pts is not None and pts <= self._last_pts
            self._last_pts = pts
        elif dts is not None:
            self._last_pts = dts
        if pts is not None and (dts is None or self._wrong_pts <= self._wrong_dts):
            return pts
        return dts


def has_times(format: av.format.ContainerFormat) -> bool:
    """Say whether a format has time stamps at all; those of a raw stream are made up."""
    return not format.flags & _flag("no_timestamps")


def is_joinable(format: av.format.ContainerFormat) -> bool:
    """Say whether files of a format may be joined end to end, so that time leaps in them."""
    return bool(format.flags & _flag("ts_discont"))


def _flag(name: str) -> int:
    return int(getattr(av.format.Flags, name).value)
