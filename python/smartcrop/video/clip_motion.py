# SPDX-License-Identifier: MIT
"""The motion vectors of a whole clip, added up by the core."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
from av.video.frame import PictureType

from .. import _core
from ..errors import Error, FileError
from .decoding import Decoder
from .frames import orientation_of
from .reader import Reader
from .vectors import Lengths, motion_vectors

if TYPE_CHECKING:
    from ..progress import Progress

# The deblocking filter changes pixels, which nobody looks at here, and no vectors.
_WITHOUT_PIXELS = {"skip_loop_filter": "all"}


@dataclass(frozen=True, slots=True)
class ClipVectors:
    """What was read of a clip.

    Attributes
    ----------
    motion : _core.ClipMotion
        In pixels of the picture as it is coded.
    width, height : int
        Of the picture as it is coded.
    turns : tuple of str
        FFmpeg's filters that turn it upright.
    codec : str
        FFmpeg's name of it.
    lengths : Lengths, optional
        How long the vectors are, where that was asked for.
    """

    motion: _core.ClipMotion
    width: int
    height: int
    turns: tuple[str, ...]
    codec: str
    lengths: Lengths | None = None


def open_for_vectors(
    path: str | os.PathLike[str], video_stream: int | None = None, threads: int = 0
) -> Reader:
    """Open a video of which only the motion vectors are wanted.

    Parameters
    ----------
    threads : int
        Of the decoder; 0: as many as FFmpeg takes.
    """
    reader = Reader(path, video_stream, vectors=True)
    context = reader.video.codec_context
    context.options = {**context.options, **_WITHOUT_PIXELS}
    context.thread_count = threads
    return reader


def frames_as_coded(reader: Reader) -> Iterator[av.VideoFrame]:
    """Decode what can be decoded, up to where the file cannot be read on."""
    decoder = Decoder(reader.video)
    try:
        for packet in reader.packets():
            if packet.stream.index == reader.video.index:
                yield from decoder(packet)
    except Error:
        pass
    yield from decoder.rest()


def flags_of(frame: av.VideoFrame) -> int:
    """Say what the core has to know of a frame beside its vectors."""
    return _core.BIDIRECTIONAL if frame.pict_type == PictureType.B else 0


def read_vectors(
    path: str | os.PathLike[str],
    video_stream: int | None = None,
    threads: int = 0,
    progress: Progress | None = None,
    with_lengths: bool = False,
) -> ClipVectors:
    """Decode a clip and add up its motion vectors; a damaged one as far as it can be decoded.

    Parameters
    ----------
    with_lengths : bool
        Add up how long they are too.

    Raises
    ------
    Error
        Where there is no such file, or no picture in it.
    """
    with open_for_vectors(path, video_stream, threads) as reader:
        motion, lengths, width, height = None, None, 0, 0
        turns: tuple[str, ...] = ()
        for count, frame in enumerate(frames_as_coded(reader), 1):
            if motion is None:
                width, height = frame.width, frame.height
                motion, turns = _core.ClipMotion(width, height), orientation_of(frame)
                lengths = Lengths(width, height) if with_lengths else None
            # Vectors of a picture of another size would be out of place.
            fits = (frame.width, frame.height) == (width, height)
            vectors = motion_vectors(frame) if fits else None
            motion.add(vectors, flags_of(frame))
            if lengths is not None and vectors is not None:
                lengths.add(vectors)
            if progress is not None:
                # What a decoder gives out at the end of its stream comes without a time base.
                seconds = float((frame.pts or 0) * reader.time_base)
                progress(count, seconds - reader.start, reader.duration)
        if motion is None:
            raise FileError(f"{reader.name}: holds no picture that can be decoded")
        codec = reader.video.codec_context.name
        return ClipVectors(motion, width, height, turns, codec, lengths)
