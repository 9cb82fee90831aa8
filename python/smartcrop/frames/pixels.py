# SPDX-License-Identifier: MIT
"""Pictures as the core reads them: planes in memory, and the description of their samples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import _core
from ..errors import OptionError

Array = npt.NDArray[Any]
Planes = list[tuple[int, int]]

GREY, YUV, RGB = 0, 1, 2
_SUBSAMPLING = {
    "444": (0, 0),
    "440": (0, 1),
    "422": (1, 0),
    "420": (1, 1),
    "411": (2, 0),
    "410": (2, 2),
}
_NAME = re.compile(r"(?:(gray|grey)|yuv([aj]?)(\d{3})p|gbr(a?)p)(f?)(\d{0,2})(?:le)?")
_DEPTHS = {"": (8, *range(8, 17)), "f": (32,)}


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """A planar pixel format: how many planes, how large, how deep."""

    family: int
    depth: int = 8
    subsampling_w: int = 0
    subsampling_h: int = 0
    alpha: bool = False

    @classmethod
    def named(cls, name: str) -> PixelFormat:
        """Read FFmpeg's name of a planar format, such as ``yuv420p10`` or ``gbrp``."""
        match = _NAME.fullmatch(name)
        grey, yuv_alpha, chroma, rgb_alpha, real, depth = match.groups() if match else [None] * 6
        bits = int(depth) if depth else 8
        if not match or chroma not in (None, *_SUBSAMPLING) or bits not in _DEPTHS[real or ""]:
            raise OptionError(
                f"pixel format {name!r} is no planar one of 8 to 16 bits or 32-bit floats; use "
                "gray, yuv420p, yuv422p10, gbrp or such",
                "format",
            )
        if grey:
            return cls(GREY, bits)
        if chroma is None:
            return cls(RGB, bits, alpha=bool(rgb_alpha))
        return cls(YUV, bits, *_SUBSAMPLING[chroma], alpha=yuv_alpha == "a")

    def __str__(self) -> str:
        if self.family == YUV:
            shifts = (self.subsampling_w, self.subsampling_h)
            sampling = next((n for n, each in _SUBSAMPLING.items() if each == shifts), "")
            name = f"YUV {':'.join(sampling)}" if sampling else "YUV"
        else:
            name = "grey" if self.family == GREY else "RGB"
        samples = "floats" if self.depth > 16 else f"{self.depth} bits"
        return f"{name}{' with alpha' if self.alpha else ''} of {samples}"

    @property
    def planes(self) -> int:
        """Number of planes."""
        return (1 if self.family == GREY else 3) + self.alpha

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of a sample."""
        if self.depth > 16:
            return np.dtype(np.float32)
        return np.dtype(np.uint8 if self.depth == 8 else np.uint16)

    def plane_shape(self, index: int, width: int, height: int) -> tuple[int, int]:
        """Rows and columns of a plane of a picture of this size."""
        if self.family == YUV and index in (1, 2):
            return -(-height >> self.subsampling_h), -(-width >> self.subsampling_w)
        return height, width


@dataclass(frozen=True, slots=True)
class Colour:
    """ITU-T H.273 code points; 2 is unspecified."""

    matrix: int = 2
    transfer: int = 2
    primaries: int = 2
    full_range: bool = False


@dataclass(slots=True)
class Picture:
    """One frame, ready for the core. ``owner`` keeps the planes' memory alive.

    ``vectors`` are the codec's motion vectors as records of ``_core.MOTION_VECTOR``, and
    ``bidirectional`` says that the frame is a B frame.
    """

    width: int
    height: int
    format: PixelFormat
    planes: Planes
    owner: object
    pts: int | None = None
    interlaced: bool = False
    bidirectional: bool = False
    vectors: Array | None = None
    colour: Colour = field(default_factory=Colour)
    sar: Fraction | None = None
    time_base: Fraction | None = None

    @property
    def flags(self) -> int:
        """What the core has to know of the frame."""
        return (self.interlaced and _core.INTERLACED) | (self.bidirectional and _core.BIDIRECTIONAL)

    def core_stream(self) -> _core.Stream:
        """Describe a video of such pictures to the core."""
        kind = self.format
        format = _core.PixelFormat(
            kind.family, kind.depth, kind.subsampling_w, kind.subsampling_h, kind.alpha
        )
        stream = _core.Stream(self.width, self.height, format)
        stream.sar_num, stream.sar_den = (self.sar or Fraction(0)).as_integer_ratio()
        stream.matrix = self.colour.matrix
        stream.transfer = self.colour.transfer
        stream.primaries = self.colour.primaries
        stream.full_range = int(self.colour.full_range)
        return stream


def planes_of(
    frame: Array | Sequence[Array], format: PixelFormat | None = None
) -> tuple[list[Array], PixelFormat]:
    """Find the planes of a picture that lies in NumPy arrays, as views, and what they hold.

    Parameters
    ----------
    frame : array or sequence of arrays
        Height x width (grey), height x width x 3 (red, green, blue), or one array for each plane
        (grey; luma and two chroma planes; green, blue, red only with a ``format``).
    format : PixelFormat, optional
        What the arrays hold. By default it is read from their shapes, with 16 bits for ``uint16``.

    Raises
    ------
    Error
        Where the arrays are not of that format.
    """
    if isinstance(frame, np.ndarray):
        planes, found = _split(np.asarray(frame))
    else:
        planes = [_as_array(plane) for plane in frame]
        found = _format_of_planes(planes)
    format = format or found
    height, width = planes[0].shape
    if not height or not width:
        raise OptionError(f"a frame of {width}x{height} has no pixels", "format")
    if len(planes) != format.planes:
        raise OptionError(
            f"a frame of {len(planes)} planes came for {format}, which has {format.planes}",
            "format",
        )
    for index, plane in enumerate(planes):
        expected = format.plane_shape(index, width, height)
        if plane.shape != expected or plane.dtype != format.dtype:
            raise OptionError(
                f"a frame came with {plane.shape} of {plane.dtype} as plane {index}; {format} "
                f"wants {expected} of {format.dtype}",
                "format",
            )
    return planes, format


def picture_of_planes(planes: Sequence[Array], format: PixelFormat) -> Picture:
    """Describe planes of this format to the core; planes that it cannot read are copied."""
    height, width = planes[0].shape
    readable = [_readable(plane) for plane in planes]
    colour = Colour(matrix=0, full_range=True) if format.family == RGB else Colour()
    return Picture(width, height, format, addresses_of(readable), readable, colour=colour)


def picture_from_arrays(
    frame: Array | Sequence[Array], format: PixelFormat | None = None
) -> Picture:
    """Describe a picture that lies in NumPy arrays; see ``planes_of``."""
    return picture_of_planes(*planes_of(frame, format))


def _as_array(plane: object) -> Array:
    try:
        return np.asarray(plane)
    except (TypeError, ValueError, RuntimeError) as error:
        raise OptionError(
            f"a frame came with a {type(plane).__name__} as a plane", "format"
        ) from error


def _readable(plane: Array) -> Array:
    """Give the plane, or a copy where its samples do not lie side by side in rows of their own."""
    row = plane.shape[1] * plane.itemsize
    apart = plane.strides[1] == plane.itemsize and abs(plane.strides[0]) >= row
    return plane if apart and plane.flags.aligned else np.array(plane, order="C")


def empty_planes(format: PixelFormat, width: int, height: int) -> list[Array]:
    """Make arrays to render a picture of this format into."""
    shapes = [format.plane_shape(index, width, height) for index in range(format.planes)]
    return [np.empty(shape, format.dtype) for shape in shapes]


def addresses_of(planes: Sequence[Array]) -> Planes:
    """Where the planes lie."""
    return [(plane.ctypes.data, plane.strides[0]) for plane in planes]


def join(planes: Sequence[Array], like: Array | Sequence[Array]) -> Array | tuple[Array, ...]:
    """Put rendered planes back into the form in which the frame came."""
    if not isinstance(like, np.ndarray):
        return tuple(planes)
    if like.ndim == 2:
        return planes[0]
    green, blue, red = planes
    return np.stack([red, green, blue], axis=-1)


def _depth(dtype: np.dtype[Any]) -> int:
    depths = {"uint8": 8, "uint16": 16, "float32": 32}
    if dtype.name not in depths or not dtype.isnative:
        raise OptionError(
            f"a frame of {dtype} cannot be read; use uint8, uint16 or float32 in the byte order of "
            "this machine",
            "format",
        )
    return depths[dtype.name]


def _split(frame: Array) -> tuple[list[Array], PixelFormat]:
    depth = _depth(frame.dtype)
    if frame.ndim == 2:
        return [frame], PixelFormat(GREY, depth)
    if frame.ndim == 3 and frame.shape[2] == 3:
        return [frame[:, :, channel] for channel in (1, 2, 0)], PixelFormat(RGB, depth)
    raise OptionError(
        f"a frame of shape {frame.shape} is no picture; give height x width x 3 (RGB), "
        "height x width (grey) or a tuple of planes",
        "format",
    )


def _format_of_planes(planes: Sequence[Array]) -> PixelFormat:
    if len(planes) not in (1, 3, 4) or any(plane.ndim != 2 for plane in planes):
        raise OptionError(
            f"a frame of {len(planes)} planes cannot be read; give one, three or four planes of "
            "two dimensions",
            "format",
        )
    base = PixelFormat(GREY if len(planes) == 1 else YUV, _depth(planes[0].dtype))
    if len(planes) == 1:
        return base
    height, width = planes[0].shape
    for subsampling_w, subsampling_h in _SUBSAMPLING.values():
        format = replace(
            base,
            subsampling_w=subsampling_w,
            subsampling_h=subsampling_h,
            alpha=len(planes) == 4,
        )
        if format.plane_shape(1, width, height) == planes[1].shape:
            return format
    raise OptionError(
        f"a frame came with chroma planes of {planes[1].shape}, which do not fit its luma plane of "
        f"{planes[0].shape}",
        "format",
    )
