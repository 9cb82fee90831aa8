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
# Pixels of a cell of Lengths. The rest is as the core has it, which leaves out what cannot be: more
# blocks than that share outside the picture, with its padding to whole macroblocks, are of another.
_CELL = 4
_LARGEST_BLOCK = 256
_PADDING = 16
_MOST_OUTSIDE = 0.05


def export_vectors(stream: av.VideoStream) -> None:
    """Ask the decoder for its motion vectors, before it has decoded anything."""
    context = stream.codec_context
    context.options = {**context.options, **_EXPORT}
    # With a thread for each frame, FFmpeg copies vectors that another thread has yet to write: in
    # H.264 with B frames, counts and values change from run to run.
    context.thread_type = "SLICE"


class Lengths:
    """Adds up how long the motion vectors of a clip are, as they are, where their blocks lie.

    Parameters
    ----------
    width, height : int
        Of the picture as it is coded.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        # No block of a codec is smaller than a cell.
        self._sums = np.zeros((-(-height // _CELL), -(-width // _CELL)))

    def add(self, vectors: Array) -> None:
        """Add the vectors of a frame, but those that cannot be; none where they are of another."""
        width, height = self._size
        x, y = vectors["x"], vectors["y"]
        outside = (x > width + _PADDING) | (y > height + _PADDING)
        if outside.sum() > _MOST_OUTSIDE * len(vectors):
            return
        fit = (x >= 0) & (x <= width) & (y >= 0) & (y <= height)
        for side in ("width", "height"):
            fit &= (vectors[side] > 0) & (vectors[side] <= _LARGEST_BLOCK)
        fit &= (np.abs(vectors["dx"]) <= width) & (np.abs(vectors["dy"]) <= height)
        fit &= vectors["direction"] != 0
        rows, columns = self._sums.shape
        row = np.minimum(y[fit].astype(int) // _CELL, rows - 1)
        column = np.minimum(x[fit].astype(int) // _CELL, columns - 1)
        lengths = np.hypot(vectors["dx"][fit], vectors["dy"][fit])
        np.add.at(self._sums, (row, column), lengths.astype(np.float64))

    def density(self, rows: int, columns: int) -> Array | None:
        """Give the shares of a grid's cells, float32 that sum to 1; None where there is nothing."""
        width, height = self._size
        total = self._sums.sum()
        if not total > 0:
            return None
        row = _coarse(self._sums.shape[0], height, rows)
        column = _coarse(self._sums.shape[1], width, columns)
        shares = np.zeros((rows, columns))
        np.add.at(shares, np.ix_(row, column), self._sums / total)
        return shares.astype(np.float32)


def _coarse(cells: int, length: int, coarse: int) -> Array:
    """Tell in which cell of a coarse grid the middle of each small cell lies."""
    middle = np.minimum((np.arange(cells) + 0.5) * _CELL, length - 0.5)
    found: Array = np.minimum((middle * coarse / length).astype(int), coarse - 1)
    return found


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
