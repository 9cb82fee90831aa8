# SPDX-License-Identifier: MIT
"""Text subtitles in the form that the output's container takes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

import av
import av.error
from av.subtitles.subtitle import AssSubtitle, SubtitleSet

if TYPE_CHECKING:
    from av.subtitles.codeccontext import SubtitleCodecContext
    from av.subtitles.stream import SubtitleStream

_log = logging.getLogger("smartcrop")

# Encoders of text subtitles that a container takes, the better first.
_TEXT_ENCODERS = {
    "matroska": ("ass", "subrip"),
    "webm": ("webvtt",),
    "mp4": ("mov_text",),
    "mov": ("mov_text",),
    "ipod": ("mov_text",),
    "3gp": ("mov_text",),
    "3g2": ("mov_text",),
}
_STYLED = ("ass", "ssa")
_FIELDS_BEFORE_TEXT = 8  # of an event of an ASS subtitle as FFmpeg hands it over


def is_text(stream: av.stream.Stream) -> bool:
    """Say whether a stream has subtitles of text that FFmpeg reads."""
    context = stream.codec_context
    return stream.type == "subtitle" and context is not None and context.codec.text_sub


def text_encoder(format: str, stream: av.stream.Stream) -> str | None:
    """Choose the encoder for a text stream that a container does not take as it is."""
    if not is_text(stream):
        return None
    for each in _TEXT_ENCODERS.get(format, ()):
        if each == "ass" and stream.codec_context.name not in _STYLED:
            continue
        try:
            return av.Codec(each, "w").name
        except ValueError:
            continue
    return None


class TextConverter:
    """Writes the subtitles of one stream anew by another encoder, each at its own time."""

    def __init__(
        self, source: av.stream.Stream, container: av.container.OutputContainer, encoder: str
    ) -> None:
        self._decoder = cast("SubtitleCodecContext", source.codec_context)
        self._decoder.open(strict=False)
        self.stream = cast("SubtitleStream", container.add_stream(encoder))
        self._encoder = self.stream.codec_context
        self._encoder.subtitle_header = self._decoder.subtitle_header or _PLAIN_HEADER
        self.damaged = 0

    def __call__(self, packet: av.Packet[Any]) -> av.Packet[Any] | None:
        """Convert one packet; None where it shows nothing."""
        try:
            decoded = self._decoder.decode2(packet)
            events = [each.ass for each in decoded or () if isinstance(each, AssSubtitle)]
            if decoded is None or not events:
                return None
            length = decoded.end_display_time - decoded.start_display_time
            text = SubtitleSet.create(_joined(events), 0, length, 0)
            result: av.Packet[Any] = self._encoder.encode_subtitle(text)
        except (av.error.FFmpegError, ValueError):
            self.damaged += 1
            return None
        if result.size == 0:
            return None
        result.time_base = packet.time_base
        result.pts = result.dts = packet.pts if packet.pts is not None else packet.dts
        result.duration = packet.duration
        return result


_PLAIN_HEADER = (
    b"[Script Info]\r\nScriptType: v4.00+\r\nPlayResX: 384\r\nPlayResY: 288\r\n\r\n"
    b"[V4+ Styles]\r\nFormat: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, "
    b"OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, "
    b"Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\r\n"
    b"Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1\r\n"
    b"\r\n[Events]\r\n"
    b"Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\r\n"
)


def _joined(events: list[bytes]) -> bytes:
    """Make one event of those shown at the same time, a line each."""
    first, *rest = events
    texts = [each.split(b",", _FIELDS_BEFORE_TEXT)[-1] for each in rest]
    return b"\\N".join([first, *texts])
