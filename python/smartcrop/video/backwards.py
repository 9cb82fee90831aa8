# SPDX-License-Identifier: MIT
"""The frames of a video from one back to another."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import av

from .reader import Reader

# What is decoded at once, and kept until it is given.
_MOST_BYTES = 256 << 20
_LEAST_FRAMES, _MOST_FRAMES = 8, 240


def frames_back(reader: Reader, last: av.VideoFrame, first: int) -> Iterator[av.VideoFrame]:
    """Give the frames before one, last first, down to a time stamp.

    They are decoded in stretches, each as long as memory allows: a video is decoded forwards only,
    and only from a key frame on.
    """
    size = sum(plane.buffer_size for plane in last.planes)
    count = max(_LEAST_FRAMES, min(_MOST_FRAMES, _MOST_BYTES // size))
    stretch = round(count / ((reader.frame_rate or 25) * reader.time_base))
    assert last.pts is not None
    end = last.pts
    while end > first:
        begin = max(first, end - max(1, stretch))
        kept = deque(reader.part(begin, end), maxlen=count)
        # Where there were more of them than are kept, the next stretch ends with those.
        end = begin
        if len(kept) == count and kept[0].pts is not None:
            end = kept[0].pts
        while kept:
            yield kept.pop()
