# SPDX-License-Identifier: MIT
"""A video file out: frames encoded, every other stream copied."""

from __future__ import annotations

import io
import logging
import os
from fractions import Fraction
from math import lcm
from typing import Any, cast

import av
import av.error
from av.codec.context import Flags
from av.stream import Disposition

from ..errors import Error
from .decoding import reason
from .encoding import Encoding
from .hdr import static_metadata_options
from .reader import Reader, duration_in_edit, is_cover

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
}
_MOV_FAMILY = {"mp4", "mov", "ipod", "psp", "3gp", "3g2", "ismv"}
_WRITTEN_AGAIN = "written by the muxer itself"
_FASTEST_CLOCK = 10_000_000
_MAX_WAITING_PACKETS = 100_000


class Writer:
    """Writes the frames of one reader, cropped, next to copies of its other streams.

    Streams are set up with the first frame; packets that come before wait.
    """

    def __init__(self, path: str, name: str, reader: Reader, encoding: Encoding) -> None:
        self._name = name
        self._reader = reader
        self._encoding = encoding
        self._encoder = encoding.encoder()
        format = encoding.container or ("matroska" if path == "pipe:1" else None)
        try:
            self._container = av.open(path, "w", format=format)
        except ValueError as error:
            raise Error(
                f"{name}: FFmpeg knows no container {format}"
                if format
                else f"{name}: no kind of video file has this name; use .mp4, .mkv, .mov or such",
                "option",
            ) from error
        self._format = self._container.format.name
        if self._format in _MOV_FAMILY:
            clock = str(_common_clock(reader))
            self._container.container_options["movie_timescale"] = clock
        self._stream: av.VideoStream | None = None
        self._copies: dict[int, av.stream.Stream] = {}
        self._waiting: list[av.Packet[Any]] = []

    # ---- set up ----

    @property
    def started(self) -> bool:
        """Whether the streams are set up."""
        return self._stream is not None

    def start(self, frame: av.VideoFrame, sar: Fraction | None) -> None:
        """Set up every stream. ``frame`` is the first of the frames to encode."""
        for stream in self._reader.container.streams:
            if stream.index == self._reader.video.index:
                self._stream = self._add_video(frame, sar)
            else:
                self._add_copy(stream)
        source = self._reader.container
        self._container.metadata.update(_kept_tags(source.metadata))
        chapters = source.chapters()
        if chapters:
            self._container.set_chapters(chapters)
        with self._explained():
            self._container.start_encoding()
        unused = sorted(self._video.codec_context.options)
        if unused:
            raise Error(
                f"encoder {self._encoding.codec} has no option {', '.join(unused)}", "option"
            )
        for packet in self._waiting:
            self._copy_now(packet)
        self._waiting = []

    @property
    def _video(self) -> av.VideoStream:
        assert self._stream is not None
        return self._stream

    def _add_video(self, frame: av.VideoFrame, sar: Fraction | None) -> av.VideoStream:
        source = self._reader.video
        rate = source.average_rate or self._reader.frame_rate or Fraction(25)
        with self._explained():
            stream = cast(
                av.VideoStream,
                self._container.add_stream(
                    self._encoding.codec, rate, time_base=self._reader.time_base
                ),
            )
        context = stream.codec_context
        context.width, context.height = frame.width, frame.height
        context.pix_fmt = self._encoding.choose_pixel_format(frame.format.name)
        context.time_base = self._reader.time_base
        if sar:
            context.sample_aspect_ratio = sar
        context.colorspace, context.color_range = frame.colorspace, frame.color_range
        context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc
        _tag_converted(context, frame)
        context.flags |= Flags.frame_duration
        if frame.interlaced_frame:
            context.flags |= Flags.interlaced_dct | Flags.interlaced_me
            context.field_order = source.codec_context.field_order
        context.options = self._encoder_options(frame)
        stream.metadata.update(_kept_tags(source.metadata))
        disposition = source.disposition
        if len(self._reader.container.streams.video) > 1:
            disposition |= Disposition.default
        stream.disposition = disposition
        return stream

    def _encoder_options(self, frame: av.VideoFrame) -> dict[str, str]:
        encoding = self._encoding
        options = dict(encoding.options)
        if encoding.crf is not None:
            options["crf"] = f"{encoding.crf:g}"
        if encoding.preset is not None:
            options["preset"] = encoding.preset
        quiet = {"x265-params": "log-level=error"} if encoding.codec == "libx265" else {}
        os.environ.setdefault("SVT_LOG", "1")  # SVT-AV1 writes to the terminal too
        added = static_metadata_options(frame, encoding.codec)
        for key, value in (*quiet.items(), *added.items()):
            options[key] = f"{options[key]}:{value}" if key in options else value
        return options

    def _add_copy(self, stream: av.stream.Stream) -> None:
        problem = self._problem_with(stream)
        if problem == _WRITTEN_AGAIN:
            return
        if problem:
            _log.warning("stream %d (%s) is left out: %s", stream.index, describe(stream), problem)
            return
        copy = self._container.add_stream_from_template(stream, opaque=True)
        copy.metadata.update(_kept_tags(stream.metadata))
        copy.disposition = stream.disposition
        self._copies[stream.index] = copy

    def _problem_with(self, stream: av.stream.Stream) -> str:
        """Say why a stream cannot be copied into this container; empty where it can."""
        if stream.type == "data" and self._written_again(stream):
            return _WRITTEN_AGAIN
        if stream.type == "video" and not is_cover(stream):
            return "only one video stream is reframed; choose it by its number"
        if stream.codec_context is None and stream.type not in ("data", "attachment"):
            return "FFmpeg does not know its codec"
        trial = av.open(io.BytesIO(), "w", format=self._format.split(",")[0])
        try:
            trial.add_stream_from_template(stream, opaque=True)
            trial.start_encoding()
        except (av.error.FFmpegError, ValueError, RuntimeError):
            return f"{self._format} does not take it"
        finally:
            trial.close()
        return ""

    def _written_again(self, stream: av.stream.Stream) -> bool:
        """Say whether a data stream only carries time code or chapters, which are kept anyway."""
        if "timecode" in stream.metadata:
            return self._format in _MOV_FAMILY  # the muxer reads it from the video's tags
        return getattr(stream, "name", None) == "bin_data" and bool(
            self._reader.container.chapters()
        )

    # ---- the work ----

    def copy(self, packet: av.Packet[Any]) -> None:
        """Write a packet of another stream as it is."""
        if self._stream is None:
            self._waiting.append(packet)
            if len(self._waiting) > _MAX_WAITING_PACKETS:
                raise Error(f"{self._reader.name}: the video starts too long after the rest")
        else:
            self._copy_now(packet)

    def _copy_now(self, packet: av.Packet[Any]) -> None:
        stream = self._copies.get(packet.stream_index)
        if stream is None:
            return
        if packet.stream.type == "audio" and packet.pts is not None:
            packet.duration = duration_in_edit(packet.stream, packet.pts, packet.duration or 0)
        packet.stream = stream
        if packet.dts is None:
            packet.dts = packet.pts
        with self._explained():
            self._container.mux_one(packet)

    def write(self, frame: av.VideoFrame) -> None:
        """Encode a frame."""
        frame.pict_type = 0  # the encoder chooses
        context = self._video.codec_context
        if frame.format.name != context.pix_fmt:
            frame = frame.reformat(
                format=context.pix_fmt,
                dst_colorspace="ITU709" if frame.format.is_rgb else None,
                dst_color_range="MPEG" if frame.format.is_rgb else None,
            )
        with self._explained():
            self._container.mux(self._video.encode(frame))

    def finish(self) -> None:
        """Write what is left, and the end of the file."""
        with self._explained():
            self._container.mux(self._video.encode(None))
            self._container.close()

    def abandon(self) -> None:
        """Close the file as it is, without an error."""
        try:
            self._container.close()
        except (av.error.FFmpegError, OSError, ValueError) as error:
            _log.debug("closing %s: %s", self._name, error)

    def _explained(self) -> _Explained:
        return _Explained(self._name)


class _Explained:
    """Turns FFmpeg's errors into one sentence with the name of the output."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (av.error.FFmpegError, OSError)):
            raise Error(f"{self._name}: cannot be written: {reason(error)}") from error
        if isinstance(error, ValueError):
            raise Error(f"{self._name}: {error}", "option") from error


def describe(stream: av.stream.Stream) -> str:
    """Name a stream for a message: its type, codec and language."""
    codec = stream.codec_context.name if stream.codec_context else getattr(stream, "name", None)
    return " ".join(each for each in (stream.type, codec, stream.language) if each)


def _common_clock(reader: Reader) -> int:
    """Find ticks a second that express the start and the length of each stream of an MP4 file."""
    clock = reader.time_base.denominator
    for stream in reader.container.streams:
        finer = lcm(clock, stream.time_base.denominator if stream.time_base else 1)
        clock = finer if finer <= _FASTEST_CLOCK else clock
    return min(clock, _FASTEST_CLOCK)


def _kept_tags(tags: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in tags.items() if key.split("-")[0].lower() not in _OWN_TAGS}


def _tag_converted(context: av.VideoCodecContext, frame: av.VideoFrame) -> None:
    """Tag a picture that turns from RGB to YUV on its way into the encoder."""
    if frame.format.is_rgb and not av.VideoFormat(context.pix_fmt or "yuv420p").is_rgb:
        context.colorspace, context.color_range = 1, 1
