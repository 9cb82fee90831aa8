# SPDX-License-Identifier: MIT
"""Which pixel format an encoder gets: one that players show, or one that keeps all there is."""

from __future__ import annotations

import logging

import av
from av.codec.codec import find_best_pix_fmt_of_list

from ..errors import OptionError

_log = logging.getLogger("smartcrop")

# Codecs for watching: the decoders of phones and television sets read 4:2:0 of these depths only.
_PLAYED_DEPTHS = {
    "h264": (8,),
    "hevc": (8, 10),
    "av1": (8, 10),
    "vp8": (8,),
    "vp9": (8, 10),
    "mpeg4": (8,),
}
_FEWEST_BITS = 8
# JPEG has no other range than the full one.
FULL_RANGE_CODECS = {"mjpeg", "ljpeg", "amv"}
# Where a codec keeps transparency beside the picture, these containers have a place for it.
_ALPHA_BESIDE = {"vp8": {"webm", "matroska"}, "vp9": {"webm", "matroska"}}
# The encoders list formats with transparency, but open only where they were built with a layer for
# it, which few players read.
_ALPHA_IGNORED = {"hevc"}


def has_alpha(format: str) -> bool:
    """Say whether a pixel format has transparency."""
    kind = av.VideoFormat(format)
    return kind.has_palette or any(each.is_alpha for each in kind.components)


def is_rgb(format: str) -> bool:
    """Say whether a pixel format is of red, green and blue, and not of luma and chroma."""
    return av.VideoFormat(format).is_rgb


def depth_of(format: str) -> int:
    """Bits of a sample."""
    kind = av.VideoFormat(format)
    return 8 if kind.has_palette else max((each.bits for each in kind.components), default=8)


def choose_pixel_format(codec: av.Codec, source: str, wanted: str | None, container: str) -> str:
    """Choose the encoder's pixel format, and say in one line what it does not keep.

    Parameters
    ----------
    codec : av.Codec
        The encoder.
    source : str
        The pixel format of the frames.
    wanted : str, optional
        What the user asked for.
    container : str
        FFmpeg's name of the container.
    """
    names = [each.name for each in codec.video_formats or []]
    if wanted:
        return _checked(codec, wanted, names)
    if not names:
        return source
    nearest = _nearest(names, source, _keeps_alpha(codec, names, container))
    chosen = _playable(codec.canonical_name, names, nearest, source) or nearest
    if codec.canonical_name in FULL_RANGE_CODECS and f"yuvj{chosen[3:]}" in names:
        chosen = f"yuvj{chosen[3:]}"
    _say_what_is_lost(codec, source, chosen, nearest)
    return chosen


def _checked(codec: av.Codec, wanted: str, names: list[str]) -> str:
    if names and wanted not in names:
        raise OptionError(
            f"{codec.name} does not take pixel_format {wanted}; it takes " + ", ".join(names),
        )
    try:
        av.VideoFormat(wanted)
    except ValueError as error:
        raise OptionError(f"pixel_format {wanted}: FFmpeg knows no such format") from error
    return wanted


def _keeps_alpha(codec: av.Codec, names: list[str], container: str) -> bool:
    kind = codec.canonical_name
    if kind in _ALPHA_IGNORED or container not in _ALPHA_BESIDE.get(kind, {container}):
        return False
    return any(has_alpha(name) for name in names)


def _nearest(names: list[str], source: str, keep_alpha: bool) -> str:
    """Find the format of these that loses the least."""
    alpha = keep_alpha and has_alpha(source)
    if source in names and alpha == has_alpha(source):
        return source
    fitting = [name for name in names if has_alpha(name) == alpha] or names
    if source in fitting:
        return source
    best, _ = find_best_pix_fmt_of_list(fitting, source, alpha)
    return best.name if best else fitting[0]


def _playable(codec: str, names: list[str], nearest: str, source: str) -> str | None:
    """Find the format that players show in place of the nearest one; None where there is none."""
    depths = _PLAYED_DEPTHS.get(codec)
    if depths is None or source == "yuvj420p":
        return None
    alpha = "a" if has_alpha(nearest) else ""
    bits = max(each for each in depths if each <= max(8, depth_of(source)))
    for depth in sorted((each for each in depths if each <= bits), reverse=True):
        name = f"yuv{alpha}420p" + ("" if depth == 8 else f"{depth}le")
        if name in names:
            return name
    return None


def _say_what_is_lost(codec: av.Codec, source: str, chosen: str, nearest: str) -> None:
    lost = []
    if chosen != nearest and nearest != chosen.replace("yuvj", "yuv"):
        text = f"pixel_format {nearest} would keep more, but not every player shows it"
        if codec.canonical_name == "h264" and depth_of(source) > depth_of(chosen):
            text += ", and libx265 or libsvtav1 keep 10 bits"
        lost.append(text)
    elif depth_of(chosen) < _FEWEST_BITS:
        lost.append(f"{codec.name} keeps 256 colours")
    elif depth_of(chosen) < depth_of(source):
        lost.append(f"{codec.name} keeps {depth_of(chosen)} of {depth_of(source)} bits")
    if has_alpha(source) and not has_alpha(chosen):
        lost.append(
            "transparency is lost; prores_ks in .mov, libvpx-vp9 in .webm and ffv1 in .mkv keep it"
        )
    if lost:
        _log.warning("the picture is %s and is written as %s: %s", source, chosen, "; ".join(lost))
