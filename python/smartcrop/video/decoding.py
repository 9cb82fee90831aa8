# SPDX-License-Identifier: MIT
"""Packets in, frames out, whatever is wrong with a packet."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, cast

import av
import av.container
import av.error
from av.codec.context import ThreadType

_MAKE_UP_TIMES = int(cast(Any, av.container.Flags.gen_pts).value)
# More packets than threads and the order of frames hold back in a decoder, and the most memory
# for them.
_HELD_BACK = 40
_MOST_BYTES = 64 << 20


class Decoder:
    """Decodes one video stream; what cannot be decoded is counted and passed over.

    Parameters
    ----------
    stream : VideoStream
        Whose packets are passed, in the order of the file.
    another : callable, optional
        Gives another decoder of the stream that has decoded nothing, with one thread; None where
        there can be none.
    """

    def __init__(
        self,
        stream: av.VideoStream,
        another: Callable[[], av.VideoCodecContext | None] | None = None,
    ) -> None:
        self._context = stream.codec_context
        self._context.copy_opaque = True
        self._another = another
        self._tail = _Tail()
        self._packets = self._given = 0
        self._last = -1  # the newest packet of which there was a frame
        self._latest = -1  # the packet of the frame given last
        self._unsure = 0  # damaged packets since
        self.damaged = 0
        self.reason = ""  # why the last damaged packet could not be decoded

    def __call__(self, packet: av.Packet[Any]) -> list[av.VideoFrame]:
        """Decode one packet."""
        packet.opaque = (self._packets,)  # an object of its own: PyAV keeps it by its address
        self._packets += 1
        if self._another is not None:
            self._tail.add(self._packets - 1, packet)
        return self._decode(packet)

    def rest(self) -> Iterator[av.VideoFrame]:
        """Give the frames that the decoder still holds."""
        yield from self._decode(None)
        threaded = ThreadType.FRAME in ThreadType(self._context.thread_type)
        if threaded and self._another and self._last < self._packets - 1:
            yield from self._lost()

    def _decode(self, packet: av.Packet[Any] | None) -> list[av.VideoFrame]:
        try:
            frames = self._context.decode(packet)
        except av.error.EOFError:
            return []
        except av.error.FFmpegError as error:
            self._note(error)
            return []
        for frame in frames:
            self._latest = self._number(frame)
            self._last = max(self._last, self._latest)
            self._unsure = 0
        self._given += len(frames)
        return frames

    def _lost(self) -> Iterator[av.VideoFrame]:
        """Decode the last packets again, one by one.

        Decoders with a thread for each frame tell an error some packets later. At the end PyAV
        gives up at the first one, and with it the frames of the threads that follow.
        """
        context = self._another() if self._another else None
        if context is None or not self._tail.packets:
            return
        counted = self.damaged
        self.damaged -= self._unsure
        known = self._given == 0 or 0 <= self._latest < self._tail.packets[0][0]
        end: tuple[int, av.Packet[Any] | None] = (self._packets, None)
        for number, packet in (*self._tail.packets, end):
            if packet is not None:
                packet.opaque = (number,)
            try:
                frames = context.decode(packet)
            except av.error.FFmpegError as error:
                if number > self._last:
                    self._note(error)
                continue
            for frame in frames:
                if known:
                    yield frame
                known = known or self._number(frame) == self._latest
        self.damaged = max(self.damaged, counted)

    def _note(self, error: Exception) -> None:
        self.damaged += 1
        self._unsure += 1
        self.reason = reason(error)

    @staticmethod
    def _number(frame: av.VideoFrame) -> int:
        return cast("tuple[int]", frame.opaque)[0] if frame.opaque is not None else -1


class _Tail:
    """The last packets of a stream, from a key frame on; none where they would be too many."""

    def __init__(self) -> None:
        self.packets: deque[tuple[int, av.Packet[Any]]] = deque()
        self._keys: deque[int] = deque()
        self._bytes = 0

    def add(self, number: int, packet: av.Packet[Any]) -> None:
        if packet.is_keyframe:
            self._keys.append(number)
        if not self._keys:
            return
        self.packets.append((number, packet))
        self._bytes += packet.size
        while len(self._keys) > 1 and number - self._keys[1] >= _HELD_BACK:
            self._keys.popleft()
            while self.packets[0][0] < self._keys[0]:
                self._bytes -= self.packets.popleft()[1].size
        if self._bytes > _MOST_BYTES:
            self.packets.clear()
            self._keys.clear()
            self._bytes = 0


def reason(error: Exception) -> str:
    """Say what FFmpeg or the system found wrong, without the name that comes along."""
    text = getattr(error, "strerror", None) or str(error)
    return str(text).strip().rstrip(".")


def packets_with_content(
    container: av.container.InputContainer, streams: list[av.stream.Stream]
) -> Iterator[av.Packet[Any]]:
    """Read packets as the program ffmpeg does.

    A packet without content, such as one that repeats a frame, goes by: a decoder would take it for
    the end. Nor are time stamps made up that the file does not have.
    """
    container.flags &= ~_MAKE_UP_TIMES
    for packet in container.demux(streams):
        if packet.size > 0:
            yield packet
