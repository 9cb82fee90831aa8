# SPDX-License-Identifier: MIT
"""Packets in, frames out, whatever is wrong with a packet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import av
import av.container
import av.error

_MAKE_UP_TIMES = int(cast(Any, av.container.Flags.gen_pts).value)


class Decoder:
    """Decodes one video stream; what cannot be decoded is counted and passed over."""

    def __init__(self, stream: av.VideoStream) -> None:
        self._context = stream.codec_context
        self.damaged = 0
        self.reason = ""  # why the last damaged packet could not be decoded

    def __call__(self, packet: av.Packet[Any] | None) -> list[av.VideoFrame]:
        """Decode one packet; None asks for the frames that the decoder still holds."""
        try:
            return self._context.decode(packet)
        except av.error.EOFError:
            return []
        except av.error.FFmpegError as error:
            self.damaged += 1
            self.reason = reason(error)
            return []


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
