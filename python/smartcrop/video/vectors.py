# SPDX-License-Identifier: MIT
"""Motion vectors of the codec, as FFmpeg's decoders export them."""

from __future__ import annotations

from typing import Any, cast

import av
import numpy as np
from av.sidedata.sidedata import SideDataContainer
from av.sidedata.sidedata import Type as SideDataType

from .. import _core
from ..frames.pixels import Array

# The decoders of FFmpeg that export motion vectors; others pass over the wish.
_EXPORT = {"flags2": "+export_mvs"}


def export_vectors(stream: av.VideoStream) -> None:
    """Ask the decoder for its motion vectors, before it has decoded anything."""
    context = stream.codec_context
    context.options = {**context.options, **_EXPORT}
    # With a thread for each frame, FFmpeg copies vectors that another thread has yet to write: in
    # H.264 with B frames, counts and values change from run to run.
    context.thread_type = "SLICE"


def motion_vectors(frame: av.VideoFrame) -> Array | None:
    """Read a frame's motion vectors.

    Returns
    -------
    array of records, optional
        One of ``_core.MOTION_VECTOR`` for each block and direction; None where there are none, as
        in an intra frame, or where the decoder was not asked for them.
    """
    # frame.side_data would tie the frame into a cycle that only the garbage collector frees.
    data = cast(Any, SideDataContainer)(frame).get(SideDataType.MOTION_VECTORS)
    if data is None or len(exported := data.to_ndarray()) == 0:
        return None
    vectors = np.zeros(len(exported), _core.MOTION_VECTOR)
    scale = np.maximum(exported["motion_scale"], 1).astype(np.float32)
    vectors["x"], vectors["y"] = exported["dst_x"], exported["dst_y"]
    vectors["width"], vectors["height"] = exported["w"], exported["h"]
    # FFmpeg's motion leads from here to the other frame.
    vectors["dx"] = -exported["motion_x"] / scale
    vectors["dy"] = -exported["motion_y"] / scale
    vectors["direction"] = np.sign(exported["source"])
    return vectors
