# SPDX-License-Identifier: MIT
"""Some frames of a clip: its key frames, or frames spread over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from export.action.settings import ActionError

Array = np.ndarray


def segment_indices(count: int, segments: int, random: np.random.Generator | None) -> list[int]:
    """Cut a clip into equal segments and take one frame of each.

    Source: Wang et al., "Temporal Segment Networks", ECCV 2016. The middle one of a segment, or one
    by chance where ``random`` is given. Frames repeat where there are fewer than segments.
    """
    edges = np.linspace(0, count, segments + 1)
    place = np.full(segments, 0.5) if random is None else random.random(segments)
    indices = (edges[:-1] + place * np.diff(edges)).astype(int)
    return [int(index) for index in np.clip(indices, 0, count - 1)]


def _upright(frame: av.VideoFrame) -> Array:
    """RGB samples, (height, width, 3) uint8, turned as the file says."""
    picture = frame.to_ndarray(format="rgb24")
    return np.rot90(picture, (frame.rotation or 0) // 90)


def _decoded(path: Path, kind: str) -> Iterator[av.VideoFrame]:
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        stream.codec_context.thread_count = 1  # workers read several clips at a time
        if kind == "iframe":
            stream.codec_context.skip_frame = "NONKEY"
        yield from file.decode(stream)


def count_frames(path: Path) -> int:
    """Number of frames, read off the packets."""
    with av.open(str(path)) as file:
        return sum(packet.size > 0 for packet in file.demux(video=0))


def read_frames(
    path: Path, kind: str, segments: int, random: np.random.Generator | None = None
) -> Array:
    """Read one frame of each segment of a clip.

    Parameters
    ----------
    kind : str
        ``"iframe"``: of the key frames alone, which is quick; ``"sampled"``: of all frames.
    random : Generator or None
        Which of a segment; None: the middle one.

    Returns
    -------
    ndarray
        RGB, (segments, height, width, 3) uint8, upright.

    Raises
    ------
    ActionError
        If nothing can be decoded.
    """
    try:
        if kind == "iframe":
            kept = [_upright(frame) for frame in _decoded(path, kind)]
            indices = segment_indices(len(kept), segments, random) if kept else []
        else:
            indices = segment_indices(max(1, count_frames(path)), segments, random)
            kept, indices = _pick(path, indices)
    except (av.error.FFmpegError, IndexError, OSError) as error:
        raise ActionError(f"{path}: not a clip that can be read ({error})") from error
    if not kept:
        raise ActionError(f"{path}: there is no frame in it; take it off the list")
    return np.stack([_like(kept[index], kept[0]) for index in indices])


def _pick(path: Path, indices: list[int]) -> tuple[list[Array], list[int]]:
    """Decode up to the last index; the frames, and where each index is among them.

    A clip that ends early repeats its last frame.
    """
    wanted = sorted(set(indices))
    kept: list[Array] = []
    last = None
    for index, frame in enumerate(_decoded(path, "sampled")):
        last = frame
        if index == wanted[len(kept)]:
            kept.append(_upright(frame))
            if len(kept) == len(wanted):
                break
    if last is not None and len(kept) < len(wanted):
        kept.append(_upright(last))
    return kept, [min(wanted.index(index), len(kept) - 1) for index in indices]


def _like(picture: Array, first: Array) -> Array:
    """A frame of the first one's size: a stream may change its size on the way."""
    if picture.shape == first.shape:
        return picture
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
    return frame.reformat(first.shape[1], first.shape[0]).to_ndarray()
