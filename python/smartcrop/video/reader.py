# SPDX-License-Identifier: MIT
"""A video file as upright planar frames, with everything else in it passed on."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import av.error

from ..errors import Error
from ..target import is_stream_name
from .frames import WITHOUT_VECTORS, FilterChain, Turner
from .names import INPUT_OPTIONS, ffmpeg_name
from .vectors import export_vectors

_log = logging.getLogger("smartcrop")

# A file that ends this much before the length that its header states was cut off.
_MISSING_SECONDS = 1.0
_MISSING_SHARE = 0.05
_MICROSECONDS = 1_000_000


def reason(error: Exception) -> str:
    """Say what FFmpeg or the system found wrong, without the name that comes along."""
    text = getattr(error, "strerror", None) or str(error)
    return str(text).strip().rstrip(".")


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
    ) -> None:
        self.name = os.fspath(source)
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
        self._turner = Turner()
        self._size: tuple[int, int] | None = None
        self._damaged = 0
        self._last_pts: int | None = None
        self._end = 0.0

    def _choose(self, number: int | None) -> av.VideoStream:
        streams = [each for each in self._container.streams.video if not is_cover(each)]
        if not streams:
            raise Error(f"{self.name}: has no video stream to crop")
        if number is None:
            best = self._container.streams.best("video")
            chosen = next((each for each in streams if best and each.index == best.index), None)
            chosen = chosen or streams[0]
        elif 0 <= number < len(streams):
            chosen = streams[number]
        else:
            raise Error(
                f"{self.name}: has {len(streams)} video streams, so there is no number {number}",
                "option",
            )
        if chosen.codec_context is None:
            raise Error(f"{self.name}: FFmpeg has no decoder for its video stream")
        return chosen

    @property
    def container(self) -> av.container.InputContainer:
        """PyAV's container."""
        return self._container

    @property
    def frame_rate(self) -> Fraction | None:
        """Frames per second as the file states it; None where it does not."""
        return self.video.guessed_rate or None

    @property
    def sar(self) -> Fraction | None:
        """Width of a pixel over its height, of an upright frame; None where unknown."""
        sar = self.video.sample_aspect_ratio
        if not sar:
            return None
        return 1 / sar if self._turner.turns_sideways else sar

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
        """Earliest time stamp in the file, in seconds: what ffmpeg subtracts from all."""
        return (self._container.start_time or 0) / _MICROSECONDS

    def frames(
        self, other: Callable[[av.Packet[av.stream.Stream]], None] | None = None
    ) -> Iterator[av.VideoFrame]:
        """Decode the video: upright, planar frames of one size, with rising time stamps.

        Parameters
        ----------
        other : callable, optional
            Gets the packets of all other streams, in the order of the file.

        Raises
        ------
        Error
            Where the file holds no picture, or ends before its header says.
        """
        streams = list(self._container.streams) if other else [self.video]
        packets = self._container.demux(streams)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                break
            except (av.error.FFmpegError, OSError) as error:
                where = f"at {self._end:.2f} s"
                raise Error(f"{self.name}: cannot be read on {where}: {reason(error)}") from error
            except IndexError as error:  # PyAV's, where damage makes up a stream in mid-file
                raise Error(f"{self.name}: is damaged at {self._end:.2f} s") from error
            self._note_end(packet)
            # (the stream_index of the empty packets at the end says nothing)
            if packet.stream.index == self.video.index:
                yield from self._decode(packet)
            elif other and packet.size > 0:
                other(packet)
        self._check_whole()

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _decode(self, packet: av.Packet[av.stream.Stream]) -> Iterator[av.VideoFrame]:
        try:
            frames = cast("list[av.VideoFrame]", packet.decode())
        except av.error.InvalidDataError:
            self._damaged += 1
            return
        for frame in frames:
            yield self._prepare(frame)

    def _prepare(self, frame: av.VideoFrame) -> av.VideoFrame:
        pts = frame.pts
        if pts is None:
            step = frame.duration or round(1 / ((self.frame_rate or 25) * self.time_base))
            pts = 0 if self._last_pts is None else self._last_pts + max(1, step)
        if self._last_pts is not None and pts <= self._last_pts:
            _log.warning(
                "%s: the time stamp of frame %d does not rise; it is moved",
                self.name,
                self.frames_read,
            )
            pts = self._last_pts + 1
        frame.pts = self._last_pts = pts
        frame.time_base = self.time_base
        frame.duration = duration_in_edit(self.video, pts, frame.duration)
        try:
            upright = self._turner(frame)
        except av.error.FFmpegError as error:
            raise Error(
                f"{self.name}: pixel format {frame.format.name}: {reason(error)}", "format"
            ) from error
        self.frames_read += 1
        return self._same_size(upright)

    def _same_size(self, frame: av.VideoFrame) -> av.VideoFrame:
        size = (frame.width, frame.height)
        if self._size is None:
            self._size = size
        if size == self._size:
            return frame
        _log.warning(
            "%s: the picture changes from %dx%d to %dx%d at %.2f s; it is scaled back",
            self.name,
            *self._size,
            *size,
            frame.time,
        )
        scaled = frame.reformat(*self._size, interpolation="BICUBIC")
        return FilterChain(scaled, (WITHOUT_VECTORS,))(scaled)

    def _note_end(self, packet: av.Packet[av.stream.Stream]) -> None:
        stamp = packet.pts if packet.pts is not None else packet.dts
        if stamp is not None and packet.size > 0:
            end = float((stamp + (packet.duration or 0)) * packet.time_base)
            self._end = max(self._end, end)

    def _check_whole(self) -> None:
        if self.frames_read == 0:
            raise Error(f"{self.name}: holds no picture")
        stated = self._container.duration
        if stated:
            length = stated / _MICROSECONDS
            missing = self.start + length - self._end
            if missing > max(_MISSING_SECONDS, _MISSING_SHARE * length):
                raise Error(
                    f"{self.name}: ends at {self._end:.1f} s of {self.start + length:.1f} s, so it "
                    "is cut off or damaged; make what is there whole with: "
                    "ffmpeg -i IN -c copy -map 0 WHOLE"
                )
        if self._damaged:
            _log.warning("%s: %d packets could not be decoded", self.name, self._damaged)


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
    if not is_stream_name(name):
        path = Path(name)
        if not path.exists():
            raise Error(f"{name}: there is no such file")
        if path.is_dir():
            raise Error(f"{name}: is a folder, not a video")
    try:
        return av.open(
            ffmpeg_name(name, "r"), "r", container_options=INPUT_OPTIONS, metadata_errors="replace"
        )
    except av.error.InvalidDataError as error:
        raise Error(f"{name}: is not a video that FFmpeg reads, or is damaged") from error
    except (av.error.FFmpegError, OSError) as error:
        if getattr(error, "errno", None) == errno.EISDIR:
            raise Error(f"{name}: is a folder, not a video") from error
        raise Error(f"{name}: cannot be opened: {reason(error)}") from error
