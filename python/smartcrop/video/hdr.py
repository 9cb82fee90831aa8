# SPDX-License-Identifier: MIT
"""Static HDR metadata of a picture, as options of the encoders that write it."""

from __future__ import annotations

import logging
from struct import calcsize, unpack_from

import av
from av.sidedata.sidedata import Type as SideDataType

from .frames import side_data

_log = logging.getLogger("smartcrop")

# AVMasteringDisplayMetadata: red, green, blue, white as (x, y), then the least and the greatest
# luminance, each a fraction of two ints; then whether primaries and luminance are there.
_MASTERING = "=20i2i"
_LIGHT = "=2I"  # AVContentLightMetadata: MaxCLL, MaxFALL
# The options of encoders that write both, and what they call them there.
_WRITERS = {
    "libx264": ("x264-params", "mastering-display", "cll"),
    "libx265": ("x265-params", "master-display", "max-cll"),
    "libsvtav1": ("svtav1-params", "mastering-display", "content-light"),
}
# Metadata of each frame, and the encoders of FFmpeg that read it off the frames.
_DYNAMIC = {
    SideDataType.DYNAMIC_HDR_PLUS: ("HDR10+", ("libsvtav1", "libaom-av1")),
    SideDataType.DOVI_METADATA: ("Dolby Vision", ()),
    SideDataType.DYNAMIC_HDR_VIVID: ("HDR Vivid", ()),
}
_CHROMA_UNITS = 50_000
_LUMA_UNITS = 10_000


def _find(frame: av.VideoFrame, kind: SideDataType, layout: str) -> tuple[int, ...] | None:
    data = side_data(frame, kind)
    if data is None or len(data) < calcsize(layout):
        return None
    return unpack_from(layout, data)


def _fractions(values: tuple[int, ...]) -> list[float]:
    pairs = zip(values[0::2], values[1::2], strict=True)
    return [number / divisor if divisor else 0.0 for number, divisor in pairs]


def static_metadata_options(frame: av.VideoFrame, codec: str) -> dict[str, str]:
    """Read the mastering display and the content light level of a frame.

    Returns
    -------
    dict
        Options that make this encoder write them; empty where there are none, or where the encoder
        has no way to.
    """
    mastering, light = _static(frame)
    if codec not in _WRITERS:
        return {}
    return _options(*_WRITERS[codec], mastering, light)


def say_what_is_lost(frame: av.VideoFrame, codec: str, name: str) -> None:
    """Say in one line which HDR metadata of a video an encoder does not write."""
    lost = []
    if codec not in _WRITERS and any(_static(frame)):
        lost.append("the HDR metadata (mastering display, light level)")
    for kind, (label, writers) in _DYNAMIC.items():
        if codec not in writers and side_data(frame, kind) is not None:
            lost.append(f"the HDR metadata of {label}")
    if lost:
        _log.warning("%s: %s does not write %s", name, codec, " and ".join(lost))


def _static(frame: av.VideoFrame) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    mastering = _find(frame, SideDataType.MASTERING_DISPLAY_METADATA, _MASTERING)
    return mastering, _find(frame, SideDataType.CONTENT_LIGHT_LEVEL, _LIGHT)


def _options(
    key: str,
    display_name: str,
    light_name: str,
    mastering: tuple[int, ...] | None,
    light: tuple[int, ...] | None,
) -> dict[str, str]:
    parts = []
    if mastering and mastering[20] and mastering[21]:
        values = _fractions(mastering[:20])
        plain = key == "svtav1-params"
        chroma = [each if plain else round(each * _CHROMA_UNITS) for each in values[:8]]
        luma = [each if plain else round(each * _LUMA_UNITS) for each in values[8:]]
        red, green, blue, white = (f"({chroma[i]},{chroma[i + 1]})" for i in (0, 2, 4, 6))
        parts.append(f"{display_name}=G{green}B{blue}R{red}WP{white}L({luma[1]},{luma[0]})")
    if light:
        parts.append(f"{light_name}={light[0]},{light[1]}")
    return {key: ":".join(parts)} if parts else {}
