# SPDX-License-Identifier: MIT
"""A video file out: frames encoded, every other stream copied."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import Any, cast

import av
import av.error
import av.logging
from av.codec.context import Flags
from av.stream import Disposition

from ..errors import Error, FileError, OptionError
from .clock import Rising, Start, VideoClock, clocks_for
from .colour import Converter, Tags
from .container_check import MOV_FAMILY, names, refusal, why_not
from .copies import Copies, kept_tags
from .decoding import reason
from .encoder_check import (
    Settings,
    check_before_opening,
    explain,
    ffmpeg_lines,
    open_encoder,
    own_options,
    said_of,
)
from .encoding import Encoding
from .hdr import say_what_is_lost, static_metadata_options
from .names import ffmpeg_name
from .pixel_choice import FULL_RANGE_CODECS, choose_pixel_format
from .reader import Reader

_log = logging.getLogger("smartcrop")

# Their frames lie on a grid of one tick a frame.
_ONE_TICK_A_FRAME = {"avi", "mxf", "ogg"}
# Codecs that tell a player the shape of their pixels; PyAV lets only MP4 and MOV say it.
_SAYS_SHAPE = {"h264", "hevc", "mpeg4", "mpeg1video", "mpeg2video", "ffv1", "mjpeg"}
_TIMES_MAY_REPEAT = cast(int, av.format.Flags.ts_nonstrict.value)
# Microseconds that a transport stream gives its decoder to fill its buffer, as ffmpeg does.
_DELAY = "700000"
_FASTEST_CLOCK = 10_000_000
_MAX_WAITING_PACKETS = 100_000


class Writer:
    """Writes the frames of one reader, cropped, next to copies of its other streams.

    Streams are set up with the first frame; packets that come before wait.
    """

    def __init__(self, path: str, name: str, reader: Reader, encoding: Encoding) -> None:
        self._path = path
        self._name = name
        self._reader = reader
        self._encoding = encoding
        self._codec = encoding.encoder()
        self._container = self._open()
        self._format = self._container.format.name
        self._stream: av.VideoStream | None = None
        self._convert: Converter | None = None
        self._rising: dict[int, Rising] = {}
        self._waiting: list[av.Packet[Any]] = []
        self._start = Start(reader.offset)
        self._copies = Copies(reader, self._container, self._start)

    def _open(self) -> av.container.OutputContainer:
        format = self._encoding.container or ("matroska" if self._path == "pipe:1" else None)
        try:
            container = av.open(ffmpeg_name(self._path, "w"), "w", format=format)
        except ValueError as error:
            raise OptionError(
                f"{self._name}: FFmpeg knows no container {format}"
                if format
                else f"{self._name}: no kind of video file has this name; use .mp4, .mkv, .mov or "
                "such",
            ) from error
        container.container_options["max_delay"] = _DELAY
        if container.format.name in MOV_FAMILY:
            clock = str(_common_clock(self._reader))
            container.container_options["movie_timescale"] = clock
        return container

    # ---- set up ----

    def start(
        self, frame: av.VideoFrame, sar: Fraction | None, size: tuple[int, int] | None = None
    ) -> None:
        """Set up every stream, and open the encoder and the container.

        Parameters
        ----------
        frame : av.VideoFrame
            Like the frames to encode.
        sar : Fraction, optional
            Width of a pixel over its height.
        size : tuple of int, optional
            Width and height of the frames to encode; by default that of ``frame``.

        Raises
        ------
        Error
            Where the encoder or the container refuses what it is to write, with what it takes.
        """
        pixel_format = choose_pixel_format(
            self._codec, frame.format.name, self._encoding.pixel_format, self._format
        )
        jpeg = self._codec.canonical_name in FULL_RANGE_CODECS
        tags = Tags.of(frame, pixel_format, jpeg)
        self._convert = Converter(pixel_format, tags)
        self._clock = self._video_clock()
        width, height = size or (frame.width, frame.height)
        settings = Settings(
            codec=self._codec.name,
            width=width,
            height=height,
            pixel_format=pixel_format,
            clock=self._clock.encoder,
            rate=self._rate,
            options=self._encoder_options(frame, width),
            tags=tags,
            flags=_encoder_flags(frame),
        )
        if frame.pts is not None:
            self._start.not_after(frame.pts, self._clock.source)
        self._say_shape(sar)
        check_before_opening(settings, self._encoding.user_options())
        settings = self._set_up(settings, frame, sar)
        self._write_head(settings)
        self._copies.say_what_is_left_out()
        for packet in self._waiting:
            self._copy_now(packet)
        self._waiting = []

    def _say_shape(self, sar: Fraction | None) -> None:
        """Say where neither the codec nor the container tells a player of odd pixels."""
        codec = self._codec.canonical_name
        if (sar or 1) != 1 and codec not in _SAYS_SHAPE and self._format not in MOV_FAMILY:
            _log.warning(
                "the pixels are %s wide to high, and %s in %s does not say so; ask for a size, or "
                "write to .mp4 or .mov",
                sar,
                codec,
                self._format,
            )

    def _video_clock(self) -> VideoClock:
        source = self._reader.time_base
        written = 1 / self._rate if self._format in _ONE_TICK_A_FRAME else source
        return VideoClock(source, written, written)

    @property
    def _rate(self) -> Fraction:
        stated = self._reader.frame_rate or self._reader.video.average_rate
        return stated or Fraction(25)

    def _set_up(self, settings: Settings, frame: av.VideoFrame, sar: Fraction | None) -> Settings:
        """Add the streams and open the encoder, by another clock where it does not take this."""
        self._add_streams(settings, frame, sar)
        said = open_encoder(self._video.codec_context)
        if not said:
            return settings
        for other in self._alternatives(settings):
            if not other.refused():
                self._clock.encoder = other.clock
                self._container.close()  # nothing is written yet
                self._container = self._open()
                self._add_streams(other, frame, sar)
                open_encoder(self._video.codec_context)
                return other
        raise explain(settings, self._encoding.user_options(), said)

    def _alternatives(self, settings: Settings) -> Iterator[Settings]:
        """List what an encoder may take instead, without a loss: one tick a frame, no fields."""
        for clock in clocks_for(self._rate):
            yield replace(settings, clock=clock, rate=1 / clock)
        if settings.flags & Flags.interlaced_dct:
            yield replace(settings, flags=int(Flags.frame_duration))

    def _add_streams(self, settings: Settings, frame: av.VideoFrame, sar: Fraction | None) -> None:
        self._copies = Copies(self._reader, self._container, self._start)
        for stream in self._reader.container.streams:
            if stream.index == self._reader.video.index:
                self._stream = self._add_video(settings, frame, sar)
            else:
                self._copies.add(stream, self._waiting)
        source = self._reader.container
        self._container.metadata.update(kept_tags(source.metadata))
        chapters = self._start.chapters(source.chapters())
        if chapters:
            self._container.set_chapters(chapters)

    def _write_head(self, settings: Settings) -> None:
        with ffmpeg_lines(av.logging.WARNING) as lines:
            try:
                self._container.start_encoding()
            except (av.error.FFmpegError, ValueError) as error:
                said = why_not(self._format, settings)
                if said:
                    raise refusal(self._name, self._format, settings, said) from error
                said = said_of(error, lines())
                if "seekable" in said:
                    raise OptionError(
                        f"{self._name}: {self._format} cannot be written to a pipe; use container "
                        "matroska or mpegts",
                    ) from error
                raise FileError(f"{self._name}: cannot be written: {said}") from error
        strict = not self._container.format.flags & _TIMES_MAY_REPEAT
        for stream in self._container.streams:
            if stream.time_base:
                self._rising[stream.index] = Rising(stream.time_base, strict)

    @property
    def _video(self) -> av.VideoStream:
        assert self._stream is not None
        return self._stream

    def _add_video(
        self, settings: Settings, frame: av.VideoFrame, sar: Fraction | None
    ) -> av.VideoStream:
        source = self._reader.video
        if not names(self._format, self._codec):
            raise refusal(self._name, self._format, settings, "")
        try:
            stream = cast(
                av.VideoStream,
                self._container.add_stream(settings.codec, settings.rate, time_base=settings.clock),
            )
        except ValueError as error:
            raise refusal(self._name, self._format, settings, str(error)) from error
        context = stream.codec_context
        settings.put_on(context)
        stream.time_base = self._clock.written
        if sar:
            context.sample_aspect_ratio = sar
        if frame.interlaced_frame:
            context.field_order = source.codec_context.field_order
        if self._codec.canonical_name == "hevc" and self._format in MOV_FAMILY:
            context.codec_tag = "hvc1"  # Apple's players refuse hev1
        stream.metadata.update(kept_tags(source.metadata))
        disposition = source.disposition
        if len(self._reader.container.streams.video) > 1:
            disposition |= Disposition.default
        stream.disposition = disposition
        return stream

    def _encoder_options(self, frame: av.VideoFrame, width: int) -> dict[str, str]:
        options = self._encoding.user_options()
        own = own_options(self._codec.name, width)
        added = static_metadata_options(frame, self._codec.name)
        say_what_is_lost(frame, self._codec.name, self._reader.name)
        for key, value in (*own.items(), *added.items()):
            options[key] = f"{value}:{options[key]}" if key in options else value
        return options

    # ---- the work ----

    def copy(self, packet: av.Packet[Any]) -> None:
        """Write a packet of another stream as it is."""
        if self._stream is None:
            self._waiting.append(packet)
            if len(self._waiting) > _MAX_WAITING_PACKETS:
                raise FileError(f"{self._reader.name}: the video starts too long after the rest")
        else:
            self._copy_now(packet)

    def _copy_now(self, packet: av.Packet[Any]) -> None:
        copied = self._copies.copied(packet)
        if copied is not None:
            self._mux(copied)

    def _mux(self, packet: av.Packet[Any]) -> None:
        rising = self._rising.get(packet.stream_index)
        if rising is not None:
            rising(packet)
        with self._explained():
            self._container.mux_one(packet)

    def write(self, frame: av.VideoFrame) -> None:
        """Encode a frame."""
        assert self._convert is not None
        pts = self._start.moved(frame.pts or 0, self._clock.source)
        frame = self._convert(frame)
        frame.pict_type = 0  # the encoder chooses
        self._clock.stamp(frame, pts)
        self._encode(frame)

    def _encode(self, frame: av.VideoFrame | None) -> None:
        with self._explained():
            packets = self._video.encode(frame)
        for packet in packets:
            self._clock.restore(packet)
            self._mux(packet)

    def finish(self) -> None:
        """Write what is left, and the end of the file."""
        self._encode(None)
        with self._explained():
            self._container.close()
        moved = sum(each.moved for each in self._rising.values())
        if moved:
            _log.warning(
                "%s: the time stamps of %d packets did not rise; they were moved",
                self._reader.name,
                moved,
            )
        self._copies.say_what_was_damaged()

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
        if isinstance(error, Error):  # says what is wrong, though it may be one of these too
            return
        if isinstance(error, (av.error.FFmpegError, OSError)):
            raise FileError(f"{self._name}: cannot be written: {reason(error)}") from error
        if isinstance(error, ValueError):
            raise OptionError(f"{self._name}: {error}") from error


def _common_clock(reader: Reader) -> int:
    """Find ticks a second that express the start and the length of each stream of an MP4 file."""
    clock = reader.time_base.denominator
    for stream in reader.container.streams:
        finer = lcm(clock, stream.time_base.denominator if stream.time_base else 1)
        clock = finer if finer <= _FASTEST_CLOCK else clock
    return min(clock, _FASTEST_CLOCK)


def _encoder_flags(frame: av.VideoFrame) -> int:
    flags = int(Flags.frame_duration)
    if frame.interlaced_frame:
        flags |= Flags.interlaced_dct | Flags.interlaced_me
    return flags
