# SPDX-License-Identifier: MIT
"""Whether a file's own streams go on to where it says that they end."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, cast

import av
from av.stream import Discard

_MICROSECONDS = 1_000_000
# A stream that ends this much before the end that its file states was cut off. Where the end is
# only that of the file as a whole, stated by a header, a share of the length is let pass too.
_MISSING_S = Fraction(1)
_MISSING_SHARE = Fraction(1, 20)
_HEADERS = {"matroska", "webm", "flv", "asf", "ivf", "mxf"}


class Ends:
    """Notes where the streams of a file end.

    MP4 files list every packet of every stream. So do AVI files at their end; where that was cut
    off, their header still states the length of the video. Others state in their header when the
    last of all streams ends, which need not be the video. For the rest, FFmpeg measures or guesses
    the length, which proves nothing.

    AVI lists sound of samples of one size by its bytes, not by the time stamps of its packets.

    Parameters
    ----------
    video : VideoStream
        The stream that is read.
    others : bool
        Whether the other streams are wanted too, and have to be whole.
    """

    def __init__(self, video: av.VideoStream, others: bool) -> None:
        self._container = cast(av.container.InputContainer, video.container)
        self._video = video
        self._others = others
        self._formats = set(self._container.format.name.split(","))
        self._indexed = len(video.index_entries) > 1
        self._last_dts: dict[int, int] = {}
        self._first_dts: dict[int, int] = {}
        self._bytes: dict[int, int] = {}  # with the last packet
        self._last_bytes: dict[int, int] = {}  # of the last packet
        self._ends_s: dict[int, Fraction] = {}
        self._longest_step_s = Fraction(0)

    def note(self, packet: av.Packet[Any]) -> None:
        """Note one packet, with the times of the file."""
        stamp = packet.dts if packet.dts is not None else packet.pts
        if stamp is None:
            return
        index = packet.stream.index
        if index == self._video.index and index in self._last_dts:
            step = (stamp - self._last_dts[index]) * packet.time_base
            self._longest_step_s = max(self._longest_step_s, step)
        self._last_dts[index] = stamp
        self._first_dts.setdefault(index, stamp)
        self._bytes[index] = self._bytes.get(index, 0) + packet.size
        self._last_bytes[index] = packet.size
        shown = max(stamp, packet.pts) if packet.pts is not None else stamp
        end = (shown + (packet.duration or 0)) * packet.time_base
        self._ends_s[index] = max(end, self._ends_s.get(index, end))

    def missing(self) -> tuple[Fraction, Fraction] | None:
        """Tell where a stream breaks off and where it should end, in seconds; None: nowhere."""
        if "mp4" in self._formats or ("avi" in self._formats and self._indexed):
            return self._missing_in_index()
        if "avi" in self._formats:
            length = self._video.frames * cast(Fraction, self._video.time_base)
            found = self._ends_s.get(self._video.index, Fraction(0))
            return self._compare(found, Fraction(0), length)
        if self._formats & _HEADERS and self._container.duration and self._ends_s:
            # Some programs write the length here, others when the last stream ends.
            first = Fraction(self._container.start_time or 0, _MICROSECONDS)
            length_s = Fraction(self._container.duration, _MICROSECONDS)
            return self._compare(max(self._ends_s.values()), min(first, Fraction(0)), length_s)
        return None

    def _compare(
        self, found: Fraction, begin: Fraction, length: Fraction
    ) -> tuple[Fraction, Fraction] | None:
        allowed = max(_MISSING_S, _MISSING_SHARE * length, self._longest_step_s)
        return (found, begin + length) if begin + length - found > allowed else None

    def _missing_in_index(self) -> tuple[Fraction, Fraction] | None:
        for stream in self._container.streams:
            if stream.index != self._video.index and not self._others:
                continue
            entries = stream.index_entries
            listed = stream.type in ("video", "audio", "subtitle")
            if not listed or stream.discard == Discard.all or not len(entries):
                continue
            last = entries[len(entries) - 1].timestamp
            base = cast(Fraction, stream.time_base)
            read = self._last_dts.get(stream.index, entries[0].timestamp)
            if "avi" in self._formats and _counts_bytes(entries):
                last = read + self._ticks(stream.index, last - entries[0].timestamp)
            if (last - read) * base > _MISSING_S:
                return read * base, last * base
        return None

    def _ticks(self, index: int, listed: int) -> int:
        """Tell how long the bytes last that lie between the last packet and the last listed."""
        first, last = self._first_dts.get(index, 0), self._last_dts.get(index, 0)
        before = self._bytes.get(index, 0) - self._last_bytes.get(index, 0)
        return (listed - before) * (last - first) // before if before else 0


def _counts_bytes(entries: av.index.IndexEntries) -> bool:
    """Say whether the places in an index of AVI rise by the bytes of what they list."""
    first, after = entries[0], entries[min(1, len(entries) - 1)]
    return after.timestamp - first.timestamp == first.size > 1
