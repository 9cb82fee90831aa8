# SPDX-License-Identifier: MIT
"""Opens an encoder, and says in one sentence what it does not take and what it does."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import cast

import av
import av.error
import av.logging

from ..errors import Error, OptionError
from .colour import Tags

# FFmpeg's own limit of a picture: av_image_check_size.
_MOST_PIXELS = (1 << 31) // 8
_MARGIN = 128
# Encoders of which only the library behind them knows the names, and prints them itself.
_X26X_PRESETS = (
    "ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow, placebo"
)
_X264_TUNES = "film, animation, grain, stillimage, psnr, ssim, fastdecode, zerolatency"
_X264_PROFILES = "baseline, main, high, high10, high422, high444"
_KNOWN_VALUES = {
    ("libx264", "preset"): _X26X_PRESETS,
    ("libx264", "tune"): _X264_TUNES,
    ("libx264", "profile"): _X264_PROFILES,
    ("libx264rgb", "preset"): _X26X_PRESETS,
    ("libx265", "preset"): _X26X_PRESETS,
    ("libx265", "tune"): "psnr, ssim, grain, zerolatency, fastdecode, animation",
}
_KNOWN_RANGES = {
    ("libx264", "crf"): (0.0, 51.0),
    ("libx264rgb", "crf"): (0.0, 51.0),
    ("libx265", "crf"): (0.0, 51.0),
}
_COMMON_SIZES = ((1280, 720), (720, 576), (352, 288), (176, 144))
_SAYS_LITTLE = ("Error setting option", "Undefined constant")
# What FFmpeg says where it does not say why.
_VAGUE = {
    "Generic error in an external library",
    "Invalid argument",
    "Invalid data found when processing input",
    "Numerical result out of range",
    "Unknown error occurred",
}
# The CU tree of x265 handles four blocks of 16 samples at once, even where a row has fewer: then it
# writes beyond its memory. Seen with x265 4.2 by valgrind.
_X265_LEAST_WIDTH = 49
_EVEN_SIDES_ONLY = {"libx264", "libx265"}
_OWN_LINE = re.compile(
    r"(?i)error parsing option|unknown option|invalid value for|failed to set option"
)


def own_options(codec: str, width: int) -> dict[str, str]:
    """Give the options that an encoder needs to work, and to keep its lines off the terminal."""
    os.environ.setdefault("SVT_LOG", "1")  # SVT-AV1 takes no option for it
    if codec != "libx265":
        return {}
    narrow = width < _X265_LEAST_WIDTH
    return {"x265-params": "log-level=error" + (":cutree=0" if narrow else "")}


@contextmanager
def ffmpeg_lines(level: int = av.logging.ERROR) -> Iterator[Callable[[], list[str]]]:
    """Collect what FFmpeg says inside the block; the function gives it so far."""
    before = av.logging.get_level()
    av.logging.set_level(level)
    try:
        with av.logging.Capture(local=False) as logs:
            yield lambda: [
                " ".join(text.split()).rstrip(".,") for _, _, text in logs if text.strip()
            ]
    finally:
        # Not None again, PyAV's own default: a decoder's thread that logs at this moment would
        # compare its level with it, and print a traceback.
        av.logging.set_level(av.logging.PANIC if before is None else before)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an encoder is opened with."""

    codec: str
    width: int
    height: int
    pixel_format: str
    clock: Fraction
    rate: Fraction
    options: dict[str, str]
    tags: Tags
    flags: int

    def put_on(self, context: av.VideoCodecContext) -> None:
        """Set up an encoder."""
        context.width, context.height = self.width, self.height
        context.pix_fmt = self.pixel_format
        context.time_base, context.framerate = self.clock, self.rate
        context.options = dict(self.options)
        context.flags |= self.flags
        self.tags.put_on(context)

    def refused(self) -> str:
        """Try to open an encoder with this, and give what FFmpeg says; empty where it opens."""
        context = cast(av.VideoCodecContext, av.CodecContext.create(self.codec, "w"))
        self.put_on(context)
        with ffmpeg_lines() as lines:
            try:
                context.open()
            except (av.error.FFmpegError, OSError, ValueError) as error:
                return said_of(error, lines())
        return ""


def said_of(error: Exception, lines: list[str]) -> str:
    """Give the first thing that FFmpeg said of an error, which says more than its number."""
    telling = [line for line in lines if not line.startswith(_SAYS_LITTLE)]
    return telling[0] if telling else str(getattr(error, "strerror", None) or error)


def check_before_opening(settings: Settings, asked: dict[str, str]) -> None:
    """Refuse what no encoder takes, and what encoders refuse with lines of their own.

    Parameters
    ----------
    settings : Settings
        What the encoder is opened with.
    asked : dict
        The options that the user set.
    """
    width, height, codec = settings.width, settings.height, settings.codec
    if (width + _MARGIN) * (height + _MARGIN) >= _MOST_PIXELS:
        raise OptionError(
            f"size {width}x{height} is too large; FFmpeg takes pictures of up to "
            f"{_MOST_PIXELS // 1_000_000} million pixels",
        )
    if codec in _EVEN_SIDES_ONLY and (better := _whole_chroma_size(settings)):
        raise OptionError(_odd_size(settings, better))
    for (name, option), values in _KNOWN_VALUES.items():
        given = asked.get(option, "")
        known = values.split(", ")
        number = given.isdigit() and int(given) < len(known)  # the libraries count them too
        if name == codec and given and not number and not set(given.split(",")) <= set(known):
            raise OptionError(f"{codec} has no {option} {given}; it has {values}")
    options = {each.name for each in _described(codec)}
    unknown = [name for name in asked if name not in options]
    if unknown:
        raise OptionError(_unknown(codec, unknown, options))


def _described(codec: str) -> list[av.codec.context.CodecOption]:
    supported = av.CodecContext.create(codec, "w").supported_options
    return [*supported.private, *supported.generic]


def _unknown(codec: str, unknown: list[str], known: set[str]) -> str:
    text = f"encoder {codec} has no option {', '.join(unknown)}"
    if "crf" in unknown:
        text += "; leave out crf"
        text += ", or set a bit rate with encoder option b, as in b=4M" if "b" in known else ""
    elif "preset" in unknown:
        text += "; leave out preset"
    return text


def _whole_chroma_size(settings: Settings) -> tuple[int, int] | None:
    """Find the next size of whole chroma samples; None where this is one."""
    step = av.VideoFormat(settings.pixel_format, 64, 64)
    step_x, step_y = 64 // step.chroma_width(64), 64 // step.chroma_height(64)
    width = -(-settings.width // step_x) * step_x
    height = -(-settings.height // step_y) * step_y
    return None if (width, height) == (settings.width, settings.height) else (width, height)


def _odd_size(settings: Settings, better: tuple[int, int]) -> str:
    return (
        f"size {settings.width}x{settings.height}: {settings.codec} takes only even sides in "
        f"{settings.pixel_format}; use size {better[0]}x{better[1]}, or pixel_format yuv444p"
    )


def open_encoder(context: av.VideoCodecContext) -> str:
    """Open an encoder and give what FFmpeg says of a refusal; empty where it opens.

    Raises
    ------
    Error
        Where the library behind the encoder does not know what is in its own option.
    """
    with ffmpeg_lines(av.logging.WARNING) as lines:
        try:
            context.open()
        except (av.error.FFmpegError, OSError, ValueError) as error:
            return said_of(error, lines()) or "it does not say why"
        own = [line for line in lines() if _OWN_LINE.search(line)]
    if own:
        raise OptionError(f"encoder {context.codec.name}: {own[0]}")
    if context.options:
        unused = ", ".join(sorted(context.options))
        raise OptionError(f"encoder {context.codec.name} has no option {unused}")
    return ""


def explain(settings: Settings, asked: dict[str, str], said: str) -> Error:
    """Find what an encoder refuses, by opening it without one thing after the other."""
    for name, value in asked.items():
        rest = {key: each for key, each in settings.options.items() if key != name}
        if rest != settings.options and not replace(settings, options=rest).refused():
            return OptionError(_bad_value(settings.codec, name, value, said))
    size = f"{settings.width}x{settings.height}"
    better = _whole_chroma_size(settings)
    if better:
        width, height = better
        if not replace(settings, width=width, height=height).refused():
            return OptionError(_odd_size(settings, better))
    for width, height in _COMMON_SIZES:
        if not replace(settings, width=width, height=height).refused():
            text = f"size {size}: {settings.codec} refuses it{_because(said)}; choose another size"
            return OptionError(text)
    for each in av.Codec(settings.codec, "w").video_formats or []:
        if not replace(settings, pixel_format=each.name).refused():
            return OptionError(
                f"{settings.codec} refuses pixel_format {settings.pixel_format}{_because(said)}; "
                f"use pixel_format {each.name}",
            )
    return OptionError(f"encoder {settings.codec} cannot be opened here{_because(said)}")


def _bad_value(codec: str, name: str, value: str, said: str) -> str:
    label = name if name in ("crf", "preset") else f"encoder option {name}"
    text = f"{codec} does not take {label} {value}"
    option = next((each for each in _described(codec) if each.name == name), None)
    if option and option.choices:
        return f"{text}; it takes " + ", ".join(each.name for each in option.choices)
    least, most = _KNOWN_RANGES.get((codec, name), (0.0, 0.0))
    if least == most and option and option.max > option.min:
        least, most = option.min, option.max
    if least < most < 1e9:
        return f"{text}; it goes from {least:g} to {most:g}"
    return f"{text}{_because(said)}"


def _because(said: str) -> str:
    return "" if said in _VAGUE else f" ({said})"
