# SPDX-License-Identifier: MIT
"""Static HDR metadata of a picture, as options of the encoders that write it."""

from __future__ import annotations

from struct import calcsize, unpack_from

import av
from av.sidedata.sidedata import Type as SideDataType

from .frames import side_data

# AVMasteringDisplayMetadata: red, green, blue, white as (x, y), then the least and the greatest
# luminance, each a fraction of two ints; then whether primaries and luminance are there.
_MASTERING = "=20i2i"
_LIGHT = "=2I"  # AVContentLightMetadata: MaxCLL, MaxFALL
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
    mastering = _find(frame, SideDataType.MASTERING_DISPLAY_METADATA, _MASTERING)
    light = _find(frame, SideDataType.CONTENT_LIGHT_LEVEL, _LIGHT)
    if codec == "libx264":
        return _options("x264-params", "mastering-display", "cll", mastering, light)
    if codec == "libx265":
        return _options("x265-params", "master-display", "max-cll", mastering, light)
    if codec == "libsvtav1":
        return _options("svtav1-params", "mastering-display", "content-light", mastering, light)
    return {}


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
