# SPDX-License-Identifier: MIT
"""Frames of PyAV as pictures of the core, turned upright and cropped without losing anything."""

from __future__ import annotations

from fractions import Fraction
from math import atan2, degrees, hypot
from struct import unpack
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import av
import av.error
import numpy as np
from av.sidedata.sidedata import SideDataContainer
from av.sidedata.sidedata import Type as SideDataType
from av.video.frame import PictureType

from ..errors import OptionError
from ..frames.pixels import Array, Colour, Picture, PixelFormat
from .vectors import motion_vectors

if TYPE_CHECKING:
    from av.filter.context import FilterContext

    from ..frames.cutting import WindowCutter
    from ..frames.window import Window

_DEPTHS = (8, 9, 10, 12, 14, 16)
_CHROMA = {
    (0, 0): "444",
    (0, 1): "440",
    (1, 0): "422",
    (1, 1): "420",
    (2, 0): "411",
    (2, 2): "410",
}
_FULL_RANGE = 2
_ANGLE_TOLERANCE = 1  # degrees, as in ffmpeg


def planar_name(format: av.VideoFormat) -> str:
    """Name the planar format that holds the same samples."""
    components = format.components
    if format.is_bayer:
        return "gbrp16le" if "16" in format.name else "gbrp"
    if not components:
        raise OptionError(f"pixel format {format.name} cannot be cropped", "format")
    if format.name.startswith(("gbrpf32", "grayf32")):
        return f"{format.name.removesuffix('be').removesuffix('le')}le"
    bits = 8 if format.has_palette else max(component.bits for component in components)
    depth = next((each for each in _DEPTHS if each >= bits), 16)
    suffix = "" if depth == 8 else f"{depth}le"
    alpha = format.has_palette or any(component.is_alpha for component in components)
    if format.is_rgb or format.has_palette:
        return f"gbr{'ap' if alpha else 'p'}{suffix}"
    if len(components) - alpha == 1:
        return f"gray{suffix}" if not alpha else f"yuva444p{suffix}"
    shifts = (
        (64 // format.chroma_width(64)).bit_length() - 1,
        (64 // format.chroma_height(64)).bit_length() - 1,
    )
    if shifts not in _CHROMA:
        raise OptionError(f"pixel format {format.name} cannot be cropped", "format")
    return f"yuv{'a' if alpha else ''}{_CHROMA[shifts]}p{suffix}"


def planar(frame: av.VideoFrame) -> av.VideoFrame:
    """Give the frame in a planar format, unchanged where it already is in one."""
    name = frame.format.name
    wanted = planar_name(frame.format)
    if name in (wanted, wanted.replace("yuv", "yuvj")):
        return frame
    try:
        return frame.reformat(format=wanted)
    except (av.error.FFmpegError, ValueError) as error:
        raise OptionError(
            f"a frame of {name} cannot be turned into {wanted}: {error}", "format"
        ) from error


def picture_of(frame: av.VideoFrame, with_vectors: bool = False) -> Picture:
    """Describe a frame to the core; a frame of another than a planar format is converted."""
    if not isinstance(frame, av.VideoFrame):
        raise OptionError(f"a {type(frame).__name__} is no frame of a video", "argument")
    if not frame.width or not frame.height:
        raise OptionError(f"a frame of {frame.width}x{frame.height} has no pixels", "format")
    vectors = motion_vectors(frame) if with_vectors else None
    frame = planar(frame)
    return Picture(
        frame.width,
        frame.height,
        PixelFormat.named(frame.format.name),
        [(plane.buffer_ptr, plane.line_size) for plane in frame.planes],
        frame,
        pts=frame.pts,
        interlaced=frame.interlaced_frame,
        bidirectional=frame.pict_type == PictureType.B,
        vectors=vectors,
        colour=colour_of(frame),
        time_base=frame.time_base,
    )


def colour_of(frame: av.VideoFrame) -> Colour:
    """Read a frame's colour tags."""
    rgb = frame.format.is_rgb
    return Colour(
        matrix=int(frame.colorspace) if not rgb else 0,
        transfer=int(frame.color_trc),
        primaries=int(frame.color_primaries),
        full_range=is_full_range(frame),
    )


def is_full_range(frame: av.VideoFrame) -> bool:
    """Say whether the samples of a frame use all of their range."""
    if frame.format.is_rgb or "yuvj" in frame.format.name:
        return True
    return int(frame.color_range) == _FULL_RANGE


def to_rgb(frame: av.VideoFrame, size: tuple[int, int]) -> Array:
    """Give a frame as height x width x 3 of uint8, scaled to this width and height."""
    small = frame.reformat(*size, format="rgb24", interpolation="AREA")
    return small.to_ndarray()


def from_rgb(picture: Array, like: av.VideoFrame) -> av.VideoFrame:
    """Make a frame of height x width x 3 with the time stamps of another."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
    frame.pts, frame.time_base, frame.duration = like.pts, like.time_base, like.duration
    return frame


def side_data(frame: av.VideoFrame, kind: SideDataType) -> bytes | None:
    """Give one kind of side data of a frame as FFmpeg stores it; None where there is none."""
    # frame.side_data would tie the frame into a cycle that only the garbage collector frees.
    data = cast(Any, SideDataContainer)(frame).get(kind)
    return None if data is None else bytes(data)


def orientation_of(frame: av.VideoFrame) -> tuple[str, ...]:
    """Name FFmpeg's filters that turn the frame upright, as its display matrix asks.

    They are those that the program ffmpeg takes: a mirrored picture is mirrored back, and a matrix
    that would flatten the picture to a line leaves it as it is.
    """
    data = side_data(frame, SideDataType.DISPLAYMATRIX)
    if data is None:
        return ()
    return _upright(unpack("=9i", data))


def _upright(matrix: tuple[int, ...]) -> tuple[str, ...]:
    """Read a display matrix of FFmpeg's display.h, where x' = a x + c y and y' = b x + d y."""
    a, b, _, c, d, *_ = matrix
    across, down = hypot(a, c), hypot(b, d)
    if not across or not down:
        return ()
    angle = degrees(atan2(b / down, a / across)) % 360
    quarters = round(angle / 90)
    if abs(angle - 90 * quarters) > _ANGLE_TOLERANCE:
        raise OptionError(
            f"the display matrix turns the picture by {angle:.0f} degrees, which is no multiple of "
            "90; remove it with: ffmpeg -display_rotation 0 -i IN -c copy OUT",
            "format",
        )
    if quarters == 1:
        return ("transpose=cclock_flip" if c > 0 else "transpose=clock",)
    if quarters == 2:
        return (*(("hflip",) if a < 0 else ()), *(("vflip",) if d < 0 else ()))
    if quarters == 3:
        return ("transpose=clock_flip" if c < 0 else "transpose=cclock",)
    return ("vflip",) if d < 0 else ()


# Motion vectors say nothing true of a picture that was turned or scaled.
WITHOUT_VECTORS = "sidedata=mode=delete:type=MOTION_VECTORS"


class FilterChain:
    """A few filters of FFmpeg in a row, one frame in and one out; keeps all of a frame's data."""

    def __init__(self, like: av.VideoFrame, filters: tuple[str, ...]) -> None:
        self._graph = av.filter.Graph()
        self._source = self._graph.add(
            "buffer",
            f"video_size={like.width}x{like.height}:pix_fmt={like.format.name}"
            f":time_base={like.time_base or Fraction(1, 1000)}"
            f":colorspace={int(like.colorspace)}:range={int(like.color_range)}",
        )
        self._sink = self._graph.add("buffersink")
        self.filters: list[FilterContext] = []
        for each in filters:
            name, _, arguments = each.partition("=")
            self.filters.append(self._graph.add(name, arguments or None))
        self._graph.link_nodes(self._source, *self.filters, self._sink).configure()

    @staticmethod
    def key(frame: av.VideoFrame) -> tuple[object, ...]:
        """Frames of one key can go through one chain."""
        return (
            frame.width,
            frame.height,
            frame.format.name,
            frame.colorspace,
            frame.color_range,
            frame.time_base,
        )

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Pass one frame through."""
        self._source.push(frame)
        return cast(av.VideoFrame, self._sink.pull())


class Turner:
    """Turns frames upright and makes them planar."""

    def __init__(self) -> None:
        self._chain: FilterChain | None = None
        self._key: object = None
        self.turns_sideways = False

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Turn one frame."""
        orientation = orientation_of(frame)
        self.turns_sideways = any(each.startswith("transpose") for each in orientation)
        frame = planar(frame)
        if not orientation:
            return frame
        key = (FilterChain.key(frame), orientation)
        if self._chain is None or key != self._key:
            self._chain = FilterChain(frame, (*orientation, WITHOUT_VECTORS))
            self._key = key
        return self._chain(frame)


class Cutter:
    """Cuts exact windows out of frames by moving the plane pointers."""

    def __init__(self, width: int, height: int) -> None:
        self._size = f"{width}:{height}"
        self._chain: FilterChain | None = None
        self._key: object = None

    def __call__(self, frame: av.VideoFrame, x: int, y: int) -> av.VideoFrame:
        """Cut at this top left."""
        key = FilterChain.key(frame)
        if self._chain is None or key != self._key:
            self._chain = FilterChain(frame, (f"crop={self._size}:0:0:exact=1",))
            self._key = key
        crop = self._chain.filters[0]
        crop.process_command("x", str(x))
        crop.process_command("y", str(y))
        return self._chain(frame)


_cutters: WeakKeyDictionary[WindowCutter, Cutter] = WeakKeyDictionary()


def render(cropper: WindowCutter, frame: av.VideoFrame, window: Window) -> av.VideoFrame:
    """Cut a window out of a frame, with the frame's time stamps, colour tags and side data."""
    picture = picture_of(frame)
    frame = cast(av.VideoFrame, picture.owner)
    cropper.require_kind(picture.width, picture.height, picture.format)
    width, height = cropper.output_size
    offset = cropper.exact_offset(window)
    if offset is not None:
        cutter = _cutters.get(cropper)
        if cutter is None:
            cutter = _cutters[cropper] = Cutter(width, height)
        return cutter(frame, *offset)
    # The cheapest way to a frame of another size that carries this one's data; its samples are
    # written over.
    result = frame.reformat(width, height, interpolation="POINT")
    if result is frame:
        result = av.VideoFrame(width, height, frame.format.name)
        result.pts, result.time_base = frame.pts, frame.time_base
    planes = [(plane.buffer_ptr, plane.line_size) for plane in result.planes]
    cropper.render_planes(picture, window, planes)
    return result
