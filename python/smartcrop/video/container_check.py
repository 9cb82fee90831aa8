# SPDX-License-Identifier: MIT
"""Says which containers hold a stream, by writing the head of each."""

from __future__ import annotations

import io
from contextlib import suppress
from fractions import Fraction
from typing import Any, cast

import av
import av.error
import av.logging

from ..errors import Error, OptionError
from .colour import Tags
from .encoder_check import Settings, ffmpeg_lines, own_options, said_of

_SUFFIXES = {
    "mp4": ".mp4",
    "mov": ".mov",
    "matroska": ".mkv",
    "webm": ".webm",
    "mpegts": ".ts",
    "avi": ".avi",
}
_ENCODERS = ("libx264", "libx265", "libsvtav1", "libvpx-vp9", "mpeg4", "mpeg2video", "ffv1")
_LAST_RESORTS = ("gif", "apng", "libwebp_anim")  # of containers that hold nothing else
MOV_FAMILY = {"mp4", "mov", "ipod", "psp", "3gp", "3g2", "ismv"}
_ONLY_COUNTED = " channels"  # the name of a layout that says no more than how many
# Formats that write many files, and what is inside of them.
_INSIDE = {"hls": "mpegts", "dash": "mp4", "segment": "mpegts", "stream_segment": "mpegts"}
# What a transport stream has a name for. FFmpeg writes the rest too, as data that nobody reads.
# fmt: off
_IN_TRANSPORT_STREAMS = {
    "mpeg1video", "mpeg2video", "mpeg4", "h264", "hevc", "vvc", "cavs", "avs2", "avs3", "dirac",
    "vc1", "jpeg2000", "jpegxs", "mp1", "mp2", "mp3", "aac", "aac_latm", "ac3", "eac3", "ac4",
    "dts", "truehd", "opus", "s302m", "pcm_bluray", "dvb_subtitle", "dvb_teletext",
    "hdmv_pgs_subtitle", "arib_caption", "klv", "smpte_2038", "timed_id3", "scte_35", "epg",
    "bin_data",
}
# fmt: on


def refuses_copy(format: str, stream: av.stream.Stream) -> bool:
    """Say whether a container does not take a stream as it is."""
    inside = _INSIDE.get(format, format)
    if stream.codec_context and not names(format, stream.codec_context.codec):
        return True
    # MP4 would describe its streams at the end of the file, and would refuse PCM only there.
    first = {"movflags": "empty_moov"} if _is_pcm(stream) and inside in MOV_FAMILY else {}
    trial = av.open(io.BytesIO(), "w", format=inside, container_options=first)
    with ffmpeg_lines():
        try:
            add_copy(trial, stream)
            trial.start_encoding()
        except (av.error.FFmpegError, ValueError, RuntimeError):
            return True
        finally:
            _close(trial)
    return False


def holders_of(stream: av.stream.Stream) -> list[str]:
    """List the suffixes of common containers that take a stream as it is."""
    return [suffix for format, suffix in _SUFFIXES.items() if not refuses_copy(format, stream)]


def add_copy(container: av.container.OutputContainer, stream: av.stream.Stream) -> av.stream.Stream:
    """Add a stream for the packets of another.

    Where a file only counts the channels of its sound, as AVI and MXF do, they are taken to be
    those that are usual for their number. So does ffmpeg.
    """
    copy: Any = container.add_stream_from_template(stream, opaque=True)
    if isinstance(copy.codec_context, av.AudioCodecContext):
        layout = copy.codec_context.layout
        if layout.name.endswith(_ONLY_COUNTED):
            with suppress(ValueError):  # no layout is usual for so many
                copy.codec_context.layout = f"{layout.nb_channels}c"
    return cast("av.stream.Stream", copy)


def _is_pcm(stream: av.stream.Stream) -> bool:
    context = stream.codec_context
    return context is not None and context.codec.canonical_name.startswith("pcm_")


def names(format: str, codec: av.Codec) -> bool:
    """Say whether a container tells its readers of this codec, as far as its muxer does not say."""
    transport = _INSIDE.get(format, format) == "mpegts"
    return not transport or codec.canonical_name in _IN_TRANSPORT_STREAMS


def why_not(format: str, settings: Settings) -> str:
    """Give FFmpeg's reason why a container does not hold what an encoder writes; empty if it does.

    The encoder is one that opens with these settings.
    """
    inside = _INSIDE.get(format, format)
    if not names(format, av.Codec(settings.codec, "w")):
        return "a transport stream has no name for it"
    try:
        trial = av.open(io.BytesIO(), "w", format=inside)
    except ValueError as error:
        return str(error)
    with ffmpeg_lines() as lines:
        try:
            stream: Any = trial.add_stream(settings.codec, settings.rate, time_base=settings.clock)
            settings.put_on(stream.codec_context)
            trial.start_encoding()
        except (av.error.FFmpegError, ValueError, RuntimeError) as error:
            return said_of(error, lines())
        finally:
            _close(trial)
    return ""


def refusal(name: str, format: str, settings: Settings, said: str) -> Error:
    """Say in one sentence that a container does not hold a codec, and what to do."""
    codec = av.Codec(settings.codec, "w").canonical_name
    holders = [suffix for each, suffix in _SUFFIXES.items() if not why_not(each, settings)]
    encoders = [each for each in _ENCODERS if not why_not(format, _plain(each))]
    encoders = encoders or [each for each in _LAST_RESORTS if not why_not(format, _plain(each))]
    remedies = []
    if holders:
        remedies.append("name the output " + listed(holders))
    if encoders:
        remedies.append("use codec " + listed(encoders))
    remedy = ", or ".join(remedies) or said
    return OptionError(f"{name}: {format} does not hold {codec}; {remedy}")


def _plain(encoder: str) -> Settings:
    try:
        formats = [each.name for each in av.Codec(encoder, "w").video_formats or []]
    except ValueError:
        formats = []
    pixel_format = "yuv420p" if "yuv420p" in formats or not formats else formats[0]
    clock = Fraction(1, 25)
    tags = Tags(2, 0, 2, 2)
    options = own_options(encoder, 320)
    return Settings(encoder, 320, 240, pixel_format, clock, 1 / clock, options, tags, 0)


def listed(names: list[str]) -> str:
    """Put names in a row, as a sentence has them."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]


def _close(container: av.container.OutputContainer) -> None:
    try:
        container.close()
    except (av.error.FFmpegError, OSError, ValueError):
        return  # what was tried may not be closed either
