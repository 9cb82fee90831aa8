# SPDX-License-Identifier: MIT
"""Says which containers hold a stream, by writing the head of each."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import av
import av.error
import av.logging

from ..errors import Error
from .encoder_check import Settings, ffmpeg_lines

_SUFFIXES = {
    "mp4": ".mp4",
    "mov": ".mov",
    "matroska": ".mkv",
    "webm": ".webm",
    "mpegts": ".ts",
    "avi": ".avi",
}
_ENCODERS = ("libx264", "libx265", "libsvtav1", "libvpx-vp9", "mpeg4", "mpeg2video", "ffv1", "gif")
# Formats that write many files, and what is inside of them.
_INSIDE = {"hls": "mpegts", "dash": "mp4", "segment": "mpegts", "stream_segment": "mpegts"}
# What the muxer of transport streams says where players will not know a stream.
_UNREADABLE = "may not be recognized"


def refuses_copy(format: str, stream: av.stream.Stream) -> bool:
    """Say whether a container does not take a stream as it is."""
    trial = av.open(io.BytesIO(), "w", format=_INSIDE.get(format, format))
    with ffmpeg_lines(av.logging.WARNING) as lines:
        try:
            trial.add_stream_from_template(stream, opaque=True)
            trial.start_encoding()
        except (av.error.FFmpegError, ValueError, RuntimeError):
            return True
        finally:
            _close(trial)
    return any(_UNREADABLE in line for line in lines)


def why_not(format: str, settings: Settings) -> str:
    """Give FFmpeg's reason why a container does not hold what an encoder writes; empty if it does.

    The encoder is one that opens with these settings.
    """
    try:
        trial = av.open(io.BytesIO(), "w", format=_INSIDE.get(format, format))
    except ValueError as error:
        return str(error)
    with ffmpeg_lines(av.logging.WARNING) as lines:
        try:
            stream: Any = trial.add_stream(settings.codec, settings.rate, time_base=settings.clock)
            settings.put_on(stream.codec_context)
            trial.start_encoding()
        except (av.error.FFmpegError, ValueError, RuntimeError) as error:
            return lines[-1] if lines else str(error)
        finally:
            _close(trial)
    return next((line for line in lines if _UNREADABLE in line), "")


def refusal(name: str, format: str, settings: Settings, said: str) -> Error:
    """Say in one sentence that a container does not hold a codec, and what to do."""
    codec = av.Codec(settings.codec, "w").canonical_name
    holders = [suffix for each, suffix in _SUFFIXES.items() if not why_not(each, settings)]
    encoders = [each for each in _ENCODERS if not why_not(format, _plain(each))]
    remedies = []
    if holders:
        remedies.append("name the output " + _listed(holders))
    if encoders:
        remedies.append("use codec " + _listed(encoders))
    remedy = ", or ".join(remedies) or said
    return Error(f"{name}: {format} does not hold {codec}; {remedy}", "option")


def _plain(encoder: str) -> Settings:
    from .colour import Tags

    try:
        formats = [each.name for each in av.Codec(encoder, "w").video_formats or []]
    except ValueError:
        formats = []
    pixel_format = "yuv420p" if "yuv420p" in formats or not formats else formats[0]
    clock = Fraction(1, 25)
    tags = Tags(2, 0, 2, 2)
    return Settings(encoder, 320, 240, pixel_format, clock, 1 / clock, {}, tags, 0)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]


def _close(container: av.container.OutputContainer) -> None:
    try:
        container.close()
    except (av.error.FFmpegError, OSError, ValueError):
        return  # what was tried may not be closed either
