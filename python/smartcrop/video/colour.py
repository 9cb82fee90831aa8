# SPDX-License-Identifier: MIT
"""The colours of the output: its tags, and frames in the encoder's pixel format."""

from __future__ import annotations

from dataclasses import dataclass

import av
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter

from .pixel_choice import is_rgb

# ITU-T H.273 code points of matrices and primaries, and FFmpeg's of ranges.
_RGB, _BT709, _SMPTE170M, _BT2020 = 0, 1, 6, 9
_LIMITED, _FULL = 1, 2
_OTHER_THAN_JPEGS = (_BT709, 4, 7, _BT2020)
_SCALER_MATRIX = {
    _BT709: Colorspace.ITU709,
    _SMPTE170M: Colorspace.ITU601,
    _BT2020: Colorspace.BT2020,
}
_EXACT = (
    Interpolation.BICUBIC
    | Interpolation.ACCURATE_RND
    | Interpolation.FULL_CHR_H_INT
    | Interpolation.FULL_CHR_H_INP
)


@dataclass(frozen=True, slots=True)
class Tags:
    """What the output says of its colours, as code points."""

    matrix: int
    range: int
    primaries: int
    transfer: int

    @classmethod
    def of(cls, frame: av.VideoFrame, pixel_format: str, jpeg: bool = False) -> Tags:
        """Say how a frame is tagged once it is in the encoder's pixel format.

        ``jpeg`` says that it becomes a JPEG, for which players know one matrix only.
        """
        matrix, range = int(frame.colorspace), int(frame.color_range)
        full = pixel_format.startswith("yuvj")
        if is_rgb(pixel_format):
            matrix, range = _RGB, _FULL
        elif frame.format.is_rgb:
            matrix, range = _matrix_for(frame, full), _FULL if full else _LIMITED
        elif full:
            range = _FULL
            matrix = _SMPTE170M if jpeg and matrix in _OTHER_THAN_JPEGS else matrix
        return cls(matrix, range, int(frame.color_primaries), int(frame.color_trc))

    def put_on(self, context: av.VideoCodecContext) -> None:
        """Tag what an encoder writes."""
        context.colorspace, context.color_range = self.matrix, self.range
        context.color_primaries, context.color_trc = self.primaries, self.transfer


def _matrix_for(frame: av.VideoFrame, full: bool) -> int:
    """Choose the matrix for a picture that comes as RGB."""
    if full:
        return _SMPTE170M  # that of JPEG
    return _BT2020 if int(frame.color_primaries) == _BT2020 else _BT709


class Converter:
    """Brings frames into the encoder's pixel format, by the matrix and the range of the tags."""

    def __init__(self, pixel_format: str, tags: Tags) -> None:
        self._format = pixel_format
        self._tags = tags
        self._reformatter = VideoReformatter()

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Convert one frame; one in that format already is given back as it is."""
        other_matrix = not is_rgb(self._format) and int(frame.colorspace) != self._tags.matrix
        if frame.format.name == self._format and not other_matrix:
            return frame
        matrix = _SCALER_MATRIX.get(self._tags.matrix) if other_matrix else None
        range = self._tags.range
        converted = self._reformatter.reformat(
            frame,
            format=self._format,
            dst_colorspace=matrix,
            dst_color_range=range if range in (_LIMITED, _FULL) else None,
            interpolation=_EXACT,
        )
        converted.colorspace, converted.color_range = self._tags.matrix, range
        return converted
