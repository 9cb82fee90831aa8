# SPDX-License-Identifier: MIT
"""The kinds of frame that a cropper takes: arrays, planes in arrays, and PyAV's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from .arguments import refuse
from .frames.pixels import (
    Array,
    Picture,
    PixelFormat,
    addresses_of,
    empty_planes,
    join,
    picture_from_arrays,
    picture_of_planes,
    planes_of,
)

if TYPE_CHECKING:
    from av import VideoFrame

    from .frames.cutting import WindowCutter
    from .frames.window import Window

    Frame = Array | Sequence[Array] | VideoFrame


_WANTED = "a NumPy array, a tuple of planes or a frame of PyAV"


def read_frame(frame: Frame, format: PixelFormat | None, *, with_vectors: bool) -> Picture:
    """Describe a frame to the core; ``format`` is of arrays that do not say it themselves."""
    if isinstance(frame, (np.ndarray, tuple, list)):
        return picture_from_arrays(frame, format)
    if hasattr(frame, "planes"):
        from .video.frames import picture_of

        return picture_of(cast("VideoFrame", frame), with_vectors=with_vectors)
    refuse("frame", frame, _WANTED)


def render_frame(
    cropper: WindowCutter, frame: Frame, window: Window, format: PixelFormat | None
) -> Any:
    """Cut a window out of a frame and give it back as the frame came; ``format`` is of arrays."""
    if not isinstance(frame, (np.ndarray, tuple, list)):
        if not hasattr(frame, "planes"):
            refuse("frame", frame, _WANTED)
        from .video.frames import render as render_video_frame

        return render_video_frame(cropper, cast("VideoFrame", frame), window)
    views, format = planes_of(frame, format)
    height, width = views[0].shape
    cropper.require_kind(width, height, format)
    offset = cropper.exact_offset(window)
    if offset is not None and isinstance(frame, np.ndarray):
        (x, y), (width, height) = offset, cropper.output_size
        return frame[y : y + height, x : x + width].copy()
    planes = empty_planes(format, *cropper.output_size)
    cropper.render_planes(picture_of_planes(views, format), window, addresses_of(planes))
    return join(planes, frame)
