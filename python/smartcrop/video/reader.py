# SPDX-License-Identifier: MIT
"""A video file as upright planar frames, with everything else in it passed on."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from fractions import Fraction
from itertools import chain
from typing import Any, cast

import av
import av.error

from ..errors import Error, FileError, OptionError
from ..outputs import is_stream_name
from .ahead import Ahead
from .alike import Alike, Look
from .decoding import Decoder, packets_with_content, reason
from .ends import Ends
from .frames import Turner
from .names import INPUT_OPTIONS, base_name, ffmpeg_name, kind_of, name_of_input
from .tally import Tally
from .timing import FrameClock, PacketClock, has_times, is_joinable
from .vectors import export_vectors

_MICROSECONDS = 1_000_000
_ON_LISTS = (
    "; a list of files may name only files beside it or in folders there, with letters, digits, "
    "'.', '_' and '-'"
)
_LEAVE_SAR_TO_THE_CODEC = {"mpegts", "mpeg", "mpegvideo", "m4v", "h264", "hevc", "vvc", "mjpeg"}


class Reader:
    """Opens a video and decodes its best video stream.

    Parameters
    ----------
    source : str or path
        A file, ``-`` for standard input, or an address that FFmpeg reads.
    video_stream : int, optional
        Which of the video streams, from 0; by default the one that FFmpeg finds best.
    vectors : bool
        Ask the decoder for its motion vectors; those of H.264 and of the MPEG codecs have them.
    tally : Tally, optional
        Of an earlier pass over the same file, so that no warning is said twice.

    Raises
    ------
    Error
        Where there is no such file, or no video in it.
    """

    def __init__(
        self,
        source: str | os.PathLike[str],
        video_stream: int | None = None,
        vectors: bool = False,
        tally: Tally | None = None,
    ) -> None:
        self.name = name_of_input(source)
        self.tally = tally or Tally()
        self._container = _open(self.name)
        try:
            self.video = self._choose(video_stream)
        except Error:
            self._container.close()
            raise
        self.video.codec_context.thread_type = "AUTO"
        if vectors:
            export_vectors(self.video)
        self.time_base = cast(Fraction, self.video.time_base)
        self.frames_read = 0
        self._vectors = vectors
        self._ahead: Ahead[av.VideoFrame | av.Packet[Any]] | None = None
        self._turner = Turner()
        self._alike = Alike(self._note_change)
        self._sar: Fraction | None = None
        self._end = 0.0  # seconds up to which the file was read, and up to which it was decoded
        self._now = 0.0

    def _choose(self, number: int | None) -> av.VideoStream:
        streams = [each for each in self._container.streams.video if not is_cover(each)]
        if not streams:
            raise FileError(f"{self.name}: has no video stream to crop")
        if number is None:
            best = self._container.streams.best("video")
            chosen = next((each for each in streams if best and each.index == best.index), None)
            chosen = chosen or streams[0]
        elif 0 <= number < len(streams):
            chosen = streams[number]
        else:
            has = "one video stream" if len(streams) == 1 else f"{len(streams)} video streams"
            raise OptionError(f"{self.name}: has {has}, so there is no number {number}")
        if chosen.codec_context is None:
            raise FileError(f"{self.name}: FFmpeg has no decoder for its video stream")
        return chosen

    @property
    def container(self) -> av.container.InputContainer:
        """PyAV's container."""
        return self._container

    @property
    def file_name(self) -> str:
        """Name of the file without its folder; empty for a pipe or an address."""
        return "" if is_stream_name(self.name) else base_name(self.name)

    @property
    def has_sound(self) -> bool:
        """The file has sound too."""
        return bool(self._container.streams.audio)

    @property
    def frame_rate(self) -> Fraction | None:
        """Frames per second as the file states it; None where it does not."""
        return self.video.guessed_rate or None

    @property
    def sar(self) -> Fraction | None:
        """Width of a pixel over its height, of an upright frame; None where unknown.

        Every frame has the shape of the first.
        """
        return self._sar if self.frames_read else self._upright_sar()

    @property
    def duration(self) -> float | None:
        """Seconds that the video lasts as the file states it; None where it does not."""
        if self.video.duration:
            return float(self.video.duration * self.time_base)
        if self._container.duration:
            return float(self._container.duration / _MICROSECONDS)
        return None

    @property
    def start(self) -> float:
        """Earliest time stamp in the file, in seconds."""
        return float(self.offset)

    @property
    def offset(self) -> Fraction:
        """What ffmpeg subtracts from every time stamp of every stream, in seconds."""
        return Fraction(self._container.start_time or 0, _MICROSECONDS)

    def frames(
        self, other: Callable[[av.Packet[av.stream.Stream]], None] | None = None
    ) -> Iterator[av.VideoFrame]:
        """Decode the video: upright, planar frames that look alike, with rising time stamps.

        Where time leaps in a file that was joined, it goes on, for all streams alike.

        Parameters
        ----------
        other : callable, optional
            Gets the packets of all other streams, in the order of the file.

        Raises
        ------
        Error
            Where the file holds no picture, or ends before its streams do.
        """
        items = self._items(other is not None)
        taken: Iterable[av.VideoFrame | av.Packet[Any]] = items
        # A pipe may make the thread wait, so that it could not be ended.
        if self._vectors and kind_of(self.name) == "file":
            taken = self._ahead = Ahead(items)
            self._ahead.start()
        try:
            for item in taken:
                if isinstance(item, av.VideoFrame):
                    yield item
                elif other:
                    other(item)
        finally:
            self._stop()

    def _items(self, others: bool) -> Generator[av.VideoFrame | av.Packet[Any], None, None]:
        """Give frames, and the packets of other streams where they are wanted, as they come."""
        timed = has_times(self._container.format)
        clock = PacketClock(self._container, self._note_leap)
        frame_clock = FrameClock(self.time_base, self.frame_rate)
        ends = Ends(self.video, others)
        decoder = Decoder(self.video, self._another_decoder)
        for packet in self.packets():
            ends.note(packet)
            if not timed:
                packet.pts = packet.dts = None
                packet.duration = frame_clock.step
            clock(packet)
            self._note_end(packet)
            if packet.stream.index == self.video.index:
                for frame in decoder(packet):
                    yield self._prepare(frame, frame_clock)
            elif others:
                clock.fill(packet)
                yield packet
        for frame in decoder.rest():
            yield self._prepare(frame, frame_clock)
        self._check_whole(decoder, ends)

    @property
    def can_jump(self) -> bool:
        """Whether ``part`` finds the frames that ``frames`` gives: a file of one clock."""
        format = self._container.format
        return kind_of(self.name) == "file" and has_times(format) and not is_joinable(format)

    def part(self, first: int, end: int) -> Iterator[av.VideoFrame]:
        """Jump there, and decode the frames from one time stamp to before another.

        They look like the first frame that this reader gave. Damage is passed over.
        """
        self._stop()
        try:
            self._container.seek(first, stream=self.video)
        except (av.error.FFmpegError, OSError):
            return
        decoder = Decoder(self.video)
        packets = packets_with_content(self._container, [self.video])
        for frame in chain(chain.from_iterable(map(decoder, packets)), decoder.rest()):
            if frame.pts is None or frame.pts < first:
                continue
            if frame.pts >= end:
                return
            frame.time_base = self.time_base
            yield self._alike(self._turner(frame), self._upright_sar())

    def packets(self) -> Iterator[av.Packet[Any]]:
        """Give every packet that has content, as it is in the file.

        Raises
        ------
        Error
            Where the file cannot be read on.
        """
        try:
            yield from packets_with_content(self._container, list(self._container.streams))
        except (av.error.FFmpegError, OSError) as error:
            where = f"at {self._end:.2f} s"
            raise FileError(f"{self.name}: cannot be read on {where}: {reason(error)}") from error
        except IndexError as error:  # PyAV's, where damage makes up a stream in mid-file
            raise FileError(f"{self.name}: is damaged at {self._end:.2f} s") from error

    def close(self) -> None:
        """Close the file."""
        self._stop()
        self._container.close()

    def _another_decoder(self) -> av.VideoCodecContext | None:
        """Open the file once more; a decoder takes what it has to know from there."""
        if kind_of(self.name) != "file":
            return None
        with _open(self.name) as container:
            context = cast(av.VideoStream, container.streams[self.video.index]).codec_context
            context.copy_opaque = True
            context.thread_count = 1
            context.open(strict=False)
            return context

    def _stop(self) -> None:
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepare(self, frame: av.VideoFrame, clock: FrameClock) -> av.VideoFrame:
        frame.pts = clock(frame)
        if clock.moved:
            self.tally.note(
                "order",
                f"{self.name}: the time stamps of {{count}} frames do not rise, the first at "
                f"{float(frame.pts * self.time_base):.2f} s; they are moved",
            )
        frame.time_base = self.time_base
        self._now = float(frame.pts * self.time_base)
        frame.duration = duration_in_edit(self.video, frame.pts, frame.duration)
        try:
            upright = self._turner(frame)
            sar = self._upright_sar()
            alike = self._alike(upright, sar)
        except av.error.FFmpegError as error:
            raise FileError(
                f"{self.name}: pixel format {frame.format.name}: {reason(error)}", "format"
            ) from error
        if self.frames_read == 0:
            self._sar = sar
        self.frames_read += 1
        return alike

    def _upright_sar(self) -> Fraction | None:
        """Shape of the pixels of the frame decoded last; a container's word goes before."""
        sar = self.video.sample_aspect_ratio
        if not _states_sar(self._container):
            sar = self.video.codec_context.sample_aspect_ratio or sar
        if not sar:
            return None
        return 1 / sar if self._turner.turns_sideways else sar

    def _note_change(self, what: str, first: Look, now: Look) -> None:
        self.tally.note(
            f"change of {what}",
            f"{self.name}: the {what} of the picture changes from {first.describe(what)} to "
            f"{now.describe(what)} at {self._now:.2f} s; {{count}} frames are made like the first",
        )

    def _note_leap(self, seconds: float) -> None:
        self.tally.note(
            "leap",
            f"{self.name}: time leaps from {self._end:.2f} s to {seconds:.2f} s, as in joined "
            "recordings ({count} leaps in all); it goes on without",
        )

    def _note_end(self, packet: av.Packet[av.stream.Stream]) -> None:
        stamp = packet.pts if packet.pts is not None else packet.dts
        if stamp is not None:
            end = float((stamp + (packet.duration or 0)) * packet.time_base)
            self._end = max(self._end, end)

    def _check_whole(self, decoder: Decoder, ends: Ends) -> None:
        if self.frames_read == 0:
            why = f": {decoder.reason}" if decoder.reason else ""
            raise FileError(f"{self.name}: holds no picture that can be decoded{why}")
        missing = ends.missing()
        if missing:
            found, stated = missing
            raise FileError(
                f"{self.name}: ends at {float(found):.1f} s of {float(stated):.1f} s, so it is cut "
                "off or damaged; make what is there whole with: "
                "ffmpeg -i IN -c copy -map 0 WHOLE"
            )
        if decoder.damaged:
            count = decoder.damaged
            self.tally.note(
                "damage",
                f"{self.name}: {count} packet{'s' if count > 1 else ''} could not be decoded",
            )
        self.tally.say()


def _states_sar(container: av.container.InputContainer) -> bool:
    """Say whether a container states the shape of pixels itself, once for a stream."""
    return not _LEAVE_SAR_TO_THE_CODEC & set(container.format.name.split(","))


def duration_in_edit(stream: av.stream.Stream, pts: int, duration: int) -> int:
    """Shorten what lasts beyond the end that the edit list of an MP4 file sets for its stream."""
    if "mp4" not in stream.container.format.name or not stream.duration:
        return duration
    left = (stream.start_time or 0) + stream.duration - pts
    return left if 0 < left < duration else duration


def is_cover(stream: av.stream.Stream) -> bool:
    """Say whether a video stream is a picture that belongs to the file, such as a cover."""
    cover = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
    return stream.type == "video" and bool(stream.disposition & cover)


def _open(name: str) -> av.container.InputContainer:
    kind = kind_of(name)
    if kind == "nothing":
        raise FileError(f"{name}: there is no such file")
    if kind == "folder":
        raise FileError(f"{name}: is a folder, not a video")
    try:
        return av.open(
            ffmpeg_name(name, "r"), "r", container_options=INPUT_OPTIONS, metadata_errors="replace"
        )
    except av.error.InvalidDataError as error:
        raise FileError(f"{name}: is not a video that FFmpeg reads, or is damaged") from error
    except (av.error.FFmpegError, OSError) as error:
        if getattr(error, "errno", None) == errno.EISDIR:
            raise FileError(f"{name}: is a folder, not a video") from error
        hint = _ON_LISTS if getattr(error, "errno", None) == errno.EPERM else ""
        raise FileError(f"{name}: cannot be opened: {reason(error)}{hint}") from error
