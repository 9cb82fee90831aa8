# SPDX-License-Identifier: MIT
"""The streams that are not reframed: copied as they are, or written anew where they are text."""

from __future__ import annotations

import logging
from typing import Any

import av

from .clock import Start
from .container_check import MOV_FAMILY, add_copy, holders_of, listed, refuses_copy
from .reader import Reader, duration_in_edit, is_cover
from .subtitles import TextConverter, text_encoder

_log = logging.getLogger("smartcrop")

# Written by muxers and encoders themselves, or no longer true of the output.
_OWN_TAGS = {
    "encoder",
    "major_brand",
    "minor_version",
    "compatible_brands",
    "rotate",
    "duration",
    "number_of_frames",
    "number_of_bytes",
    "bps",
    "_statistics_tags",
    "_statistics_writing_app",
    "_statistics_writing_date_utc",
    # (of the program that wrote the input, as an MXF file names it)
    "company_name",
    "product_name",
    "product_version",
}
_COVERS = {"mjpeg": ("jpg", "image/jpeg"), "png": ("png", "image/png")}
_WRITTEN_AGAIN = "written by the muxer itself"


class Copies:
    """The other streams of one reader in an output, all moved to its start."""

    def __init__(
        self, reader: Reader, container: av.container.OutputContainer, start: Start
    ) -> None:
        self._reader = reader
        self._container = container
        self._format = container.format.name
        self._start = start
        self._ways: dict[int, av.stream.Stream | TextConverter] = {}
        self._left_out: list[tuple[int, str, str]] = []

    def add(self, stream: av.stream.Stream, waiting: list[av.Packet[Any]]) -> None:
        """Add a stream of the input to the output, where that can be.

        ``waiting`` has the packets that came before the first picture; a cover is among them.
        """
        if is_cover(stream) and self._format == "matroska" and self._attached(stream, waiting):
            return
        problem = self._problem_with(stream)
        if problem == _WRITTEN_AGAIN:
            return
        encoder = text_encoder(self._format, stream) if problem else None
        if problem and encoder is None:
            self._left_out.append((stream.index, describe(stream), problem))
            return
        copy: av.stream.Stream
        if encoder is not None:
            converter = TextConverter(stream, self._container, encoder)
            self._ways[stream.index] = converter
            copy = converter.stream
        else:
            copy = add_copy(self._container, stream)
            self._ways[stream.index] = copy
        copy.metadata.update(kept_tags(stream.metadata))
        copy.disposition = stream.disposition

    def _attached(self, stream: av.stream.Stream, waiting: list[av.Packet[Any]]) -> bool:
        """Attach a cover as Matroska has it; as a stream it would be a second video."""
        codec = stream.codec_context.name if stream.codec_context else ""
        picture = next((bytes(each) for each in waiting if each.stream_index == stream.index), None)
        if codec not in _COVERS or not picture:
            return False
        ending, kind = _COVERS[codec]
        name = stream.metadata.get("filename", f"cover.{ending}")
        self._container.add_attachment(name, kind, picture)
        return True

    def _problem_with(self, stream: av.stream.Stream) -> str:
        """Say why a stream cannot be copied into this container; empty where it can."""
        if stream.type == "data" and self._written_again(stream):
            return _WRITTEN_AGAIN
        if stream.type == "video" and not is_cover(stream):
            return "only one video stream is reframed; choose it by its number"
        if stream.codec_context is None and stream.type not in ("data", "attachment"):
            return "FFmpeg does not know its codec"
        if refuses_copy(self._format, stream):
            return f"it cannot be copied into {self._format}{_elsewhere(stream)}"
        return ""

    def _written_again(self, stream: av.stream.Stream) -> bool:
        """Say whether a data stream only carries time code or chapters, which are kept anyway."""
        if "timecode" in stream.metadata:
            return self._format in MOV_FAMILY  # the muxer reads it from the video's tags
        return getattr(stream, "name", None) == "bin_data" and bool(
            self._reader.container.chapters()
        )

    def say_what_is_left_out(self) -> None:
        """Name in one line each stream that is not in the output."""
        for each in self._left_out:
            _log.warning("stream %d (%s) is left out: %s", *each)

    def copied(self, packet: av.Packet[Any]) -> av.Packet[Any] | None:
        """Make a packet of the input one of the output; None where it is left out."""
        way = self._ways.get(packet.stream_index)
        if way is None:
            return None
        source, base = packet.stream, packet.time_base
        if source.type == "audio" and packet.pts is not None:
            packet.duration = duration_in_edit(source, packet.pts, packet.duration or 0)
        if not is_cover(source):
            packet.pts = None if packet.pts is None else self._start.moved(packet.pts, base)
            packet.dts = None if packet.dts is None else self._start.moved(packet.dts, base)
        if not isinstance(way, TextConverter):
            packet.stream = way
            return packet
        converted = way(packet)
        if converted is not None:
            converted.stream = way.stream
        return converted

    def say_what_was_damaged(self) -> None:
        """Say how many subtitles could not be read."""
        converters = [each for each in self._ways.values() if isinstance(each, TextConverter)]
        damaged = sum(each.damaged for each in converters)
        if damaged:
            _log.warning("%s: %d subtitles could not be read", self._reader.name, damaged)


def describe(stream: av.stream.Stream) -> str:
    """Name a stream for a message: its type, codec and language."""
    codec = stream.codec_context.name if stream.codec_context else getattr(stream, "name", None)
    return " ".join(each for each in (stream.type, codec, stream.language) if each)


def _elsewhere(stream: av.stream.Stream) -> str:
    """Say which containers take a stream that another refuses."""
    holders = holders_of(stream)
    return f"; {listed(holders)} would keep it" if holders else ""


def kept_tags(tags: dict[str, str]) -> dict[str, str]:
    """Give the tags that are still true of the output."""
    return {key: value for key, value in tags.items() if key.split("-")[0].lower() not in _OWN_TAGS}
