# SPDX-License-Identifier: MIT
"""Generated clips for kept.py: each is made by ffmpeg and has one thing that is easily lost."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SIZE, RATE, SECONDS = "160x90", 25, 0.8
H264 = ["-c:v", "libx264", "-preset", "ultrafast"]
B_FRAMES = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "2"]
AAC = ["-c:a", "aac"]


class CannotMake(Exception):
    """This ffmpeg has no encoder, muxer or filter that the clip needs."""


@dataclass
class Maker:
    """Runs one ffmpeg in one folder."""

    ffmpeg: str
    folder: Path

    def __call__(self, name: str, *arguments: object) -> Path:
        """Make a file; the arguments are those of ffmpeg, without the output."""
        path = self.folder / name
        command = [self.ffmpeg, "-v", "error", "-nostdin", "-y", *map(str, arguments), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False)
        if done.returncode:
            raise CannotMake(done.stderr.strip().splitlines()[-1] if done.stderr else name)
        return path

    def text(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.write_text(content)
        return path


def picture(seconds: float = SECONDS, size: str = SIZE, extra: str = "") -> list[str]:
    """Input arguments for a moving picture."""
    return ["-f", "lavfi", "-i", f"testsrc2=s={size}:r={RATE}:d={seconds}{extra}"]


def tone(seconds: float = SECONDS, frequency: int = 440) -> list[str]:
    return ["-f", "lavfi", "-i", f"sine=f={frequency}:d={seconds}"]


def both(seconds: float = SECONDS) -> list[str]:
    return [*picture(seconds), *tone(seconds)]


@dataclass(frozen=True)
class Case:
    """One clip; ``output`` is the suffix and ``codec`` the encoder of both results."""

    name: str
    make: Callable[[Maker], Path]
    output: str = ".mkv"
    codec: str = "libx264"
    reason: str = ""
    # What ffmpeg itself does worse, by the names of the compared things.
    differs: frozenset[str] = field(default_factory=frozenset)


def _late(first: str, seconds: float, name: str, *codecs: str) -> Callable[[Maker], Path]:
    """One of the two streams begins later."""

    def make(run: Maker) -> Path:
        offset = ["-itsoffset", str(seconds)]
        video, sound = picture(), tone()
        return run(
            name,
            *((*offset, *video, *sound) if first == "sound" else (*video, *offset, *sound)),
            *codecs,
        )

    return make


def _turned(*matrix: str) -> Callable[[Maker], Path]:
    def make(run: Maker) -> Path:
        plain = run("plain.mp4", *picture(), *H264)
        return run("turned.mp4", *matrix, "-i", plain, "-c", "copy")

    return make


def _simple(name: str, *arguments: str) -> Callable[[Maker], Path]:
    return lambda run: run(name, *arguments)


def _cut_in_a_group(run: Maker) -> Path:
    whole = run("whole.mp4", *both(2), *H264, "-g", "25", *AAC)
    return run("cut.mp4", "-ss", "0.5", "-i", whole, "-c", "copy")


def _subtitles(codec: str, name: str) -> Callable[[Maker], Path]:
    def make(run: Maker) -> Path:
        lines = "1\n00:00:00,100 --> 00:00:00,300\nOne\n\n2\n00:00:00,400 --> 00:00:00,700\nTwo\n"
        run.text("s.srt", lines)
        tags = ["-metadata:s:s:0", "language=fra", "-disposition:s:0", "forced"]
        return run(name, *both(), "-i", "s.srt", *H264, *AAC, "-c:s", codec, *tags)

    return make


def _two_languages(name: str) -> Callable[[Maker], Path]:
    maps = ["-map", "0", "-map", "1", "-map", "2"]
    tags = ["-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=eng"]
    tags += ["-metadata:s:v:0", "language=jpn", "-disposition:a:1", "default"]
    tags += ["-disposition:a:0", "0", "-metadata", "title=Two voices", "-metadata", "artist=Me"]
    return lambda run: run(name, *both(), *tone(SECONDS, 660), *maps, *H264, *AAC, *tags)


def _chapters(name: str) -> Callable[[Maker], Path]:
    def make(run: Maker) -> Path:
        part = "[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n"
        text = ";FFMETADATA1\ntitle=All\n" + part.format(0, 400, "A") + part.format(400, 800, "B")
        run.text("m.txt", text)
        return run(name, *both(), "-i", "m.txt", "-map_metadata", "2", *H264, *AAC)

    return make


def _cover(run: Maker) -> Path:
    cover = run("cover.png", *picture(), "-frames:v", "1")
    plain = run("plain.mp4", *both(), *H264, *AAC)
    maps = ["-map", "0", "-map", "1", "-c", "copy", "-disposition:v:1", "attached_pic"]
    return run("a.mp4", "-i", plain, "-i", cover, *maps)


def _attached_cover(run: Maker) -> Path:
    run("cover.png", *picture(), "-frames:v", "1")
    attach = ["-attach", "cover.png", "-metadata:s:t", "mimetype=image/png"]
    return run("a.mkv", *both(), *H264, *AAC, *attach)


def _attachment(run: Maker) -> Path:
    run.text("font.ttf", "not really a font")
    attach = ["-attach", "font.ttf", "-metadata:s:t", "mimetype=application/x-truetype-font"]
    return run("font.mkv", *both(), *H264, *AAC, *attach)


def _joined(run: Maker) -> Path:
    part = run("part.ts", *both(), *H264, "-c:a", "mp2")
    path = run.folder / "joined.ts"
    path.write_bytes(part.read_bytes() * 2)
    return path


def _list(run: Maker) -> Path:
    run("one.mp4", *both(), *H264, *AAC)
    run("two.mp4", *both(0.6), *H264, *AAC)
    return run.text("list.ffconcat", "ffconcat version 1.0\nfile one.mp4\nfile two.mp4\n")


FIELDS: dict[str, Any] = {
    "reason": "ffmpeg encodes fields as whole pictures unless +ildct is asked for",
    "differs": frozenset({"interlaced"}),
}
ATTACHED: dict[str, Any] = {
    "reason": "ffmpeg -c copy makes an attached cover a second video track of Matroska",
    "differs": frozenset({"disposition 2"}),
}
RGB: dict[str, Any] = {
    "reason": "ffmpeg leaves RGB that became YUV without the matrix that it used",
    "differs": frozenset({"matrix"}),
}

HDR = "hdr10=1:repeat-headers=1:log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix="
HDR += "bt2020nc:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)"
HDR += "L(10000000,1):max-cll=1000,400"
BT2020 = ["-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"]
BT709 = ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"]
TAGGED = ",setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709"
FULL = ",scale=out_range=pc,setparams=range=pc:colorspace=bt709"
TIMES = ["-fps_mode", "passthrough", "-enc_time_base", "1/12800"]
UNEVEN = ["-vf", "setpts='(N+mod(N*7,5)/6)/25/TB'", *TIMES]
MPEG2 = ["-c:v", "mpeg2video", "-q:v", "4"]

CASES = [
    Case("uneven steps, MP4", _simple("a.mp4", *both(), *UNEVEN, *H264, *AAC), ".mp4"),
    Case("uneven steps, Matroska", _simple("a.mkv", *both(), *UNEVEN, *H264, *AAC)),
    Case(
        "frames dropped, MP4",
        _simple("a.mp4", *both(), "-vf", "select='mod(n,3)'", *TIMES, *H264, *AAC),
        ".mp4",
    ),
    Case(
        "TS far from 0", _simple("a.ts", *both(), *H264, *AAC, "-output_ts_offset", "40000"), ".ts"
    ),
    Case(
        "TS whose clock wraps",
        _simple("a.ts", *both(), *H264, *AAC, "-output_ts_offset", "95443.0"),
        ".mp4",
    ),
    Case("TS with B frames to MP4", _simple("a.ts", *both(), *B_FRAMES, *AAC), ".mp4"),
    Case(
        "Matroska that starts at 5 s",
        _simple("a.mkv", *both(), *H264, *AAC, "-output_ts_offset", "5"),
    ),
    Case("sound late, Matroska", _late("video", 0.3, "a.mkv", *H264, *AAC)),
    Case("video late, Matroska", _late("sound", 0.3, "a.mkv", *H264, *AAC)),
    Case("AAC priming, MP4", _simple("a.mp4", *both(), *H264, *AAC), ".mp4"),
    Case("video late by an empty edit, MP4", _late("sound", 0.4, "a.mp4", *H264, *AAC), ".mp4"),
    Case("sound late by an empty edit, MP4", _late("video", 0.4, "a.mp4", *H264, *AAC), ".mp4"),
    Case("cut between key frames, MP4", _cut_in_a_group, ".mp4"),
    Case(
        "MP4 that starts at 3 s",
        _simple("a.mp4", *both(), *B_FRAMES, *AAC, "-output_ts_offset", "3"),
        ".mp4",
    ),
    Case(
        "fragmented MP4",
        _simple("a.mp4", *both(), *B_FRAMES, *AAC, "-movflags", "frag_keyframe+empty_moov"),
        ".mp4",
    ),
    Case(
        "B frames in AVI, MPEG-4",
        _simple("a.avi", *both(), "-c:v", "mpeg4", "-bf", "2", "-c:a", "mp2"),
    ),
    Case("B frames in AVI, H.264", _simple("a.avi", *both(), *B_FRAMES, "-c:a", "mp2")),
    Case("MPEG-2 program stream", _simple("a.mpg", *both(), *MPEG2, "-bf", "2", "-c:a", "mp2")),
    Case("two languages, Matroska", _two_languages("a.mkv")),
    Case("two languages, MP4", _two_languages("a.mp4"), ".mp4"),
    Case("SubRip, Matroska", _subtitles("srt", "a.mkv")),
    Case("ASS, Matroska", _subtitles("ass", "a.mkv")),
    Case("mov_text, MP4", _subtitles("mov_text", "a.mp4"), ".mp4"),
    Case(
        "alpha, FFV1",
        _simple("a.mkv", *picture(extra=",format=yuva420p"), "-c:v", "ffv1"),
        codec="ffv1",
    ),
    Case(
        "10 bits, FFV1",
        _simple("a.mkv", *picture(extra=",format=yuv420p10le"), "-c:v", "ffv1"),
        codec="ffv1",
    ),
    Case(
        "4:4:4, FFV1",
        _simple("a.mkv", *picture(extra=",format=yuv444p"), "-c:v", "ffv1"),
        codec="ffv1",
    ),
    Case(
        "grey, FFV1", _simple("a.mkv", *picture(extra=",format=gray"), "-c:v", "ffv1"), codec="ffv1"
    ),
    Case("RGB, PNG in MOV", _simple("a.mov", *picture(), "-c:v", "png"), ".mov", "png"),
    Case("turned by 90 degrees", _turned("-display_rotation", "90"), ".mp4"),
    Case("turned by 180 degrees", _turned("-display_rotation", "180"), ".mp4"),
    Case("turned by 270 degrees", _turned("-display_rotation", "270"), ".mp4"),
    Case("flipped", _turned("-display_hflip"), ".mp4"),
    Case("pixels of 4:3, MP4", _simple("a.mp4", *picture(extra=",setsar=4/3"), *H264), ".mp4"),
    Case("pixels of 8:9, Matroska", _simple("a.mkv", *picture(extra=",setsar=8/9"), *H264)),
    Case(
        "interlaced MPEG-2",
        _simple(
            "a.ts", *picture(size="160x96", extra=",setfield=tff"), *MPEG2, "-flags", "+ildct+ilme"
        ),
        ".mkv",
        **FIELDS,
    ),
    Case("BT.709 tags", _simple("a.mp4", *picture(extra=TAGGED), *H264, *BT709), ".mp4"),
    Case("full range", _simple("a.mp4", *picture(extra=FULL), *H264, "-color_range", "pc"), ".mp4"),
    Case(
        "HDR10, HEVC",
        _simple(
            "a.mp4",
            *picture(0.4, extra=",format=yuv420p10le"),
            "-c:v",
            "libx265",
            "-preset",
            "ultrafast",
            "-x265-params",
            HDR,
            *BT2020,
        ),
        ".mp4",
        "libx265",
    ),
    Case("cover, MP4", _cover, ".mp4"),
    Case("cover, Matroska", _attached_cover, **ATTACHED),
    Case("chapters, MP4", _chapters("a.mp4"), ".mp4"),
    Case("chapters, Matroska", _chapters("a.mkv")),
    Case("attached font", _attachment),
    Case("raw H.264", _simple("a.h264", *picture(), *B_FRAMES)),
    Case("Motion JPEG in AVI", _simple("a.avi", *both(), "-c:v", "mjpeg", "-c:a", "pcm_s16le")),
    Case("GIF", _simple("a.gif", *picture(0.4)), ".mp4", **RGB),
    Case("joined TS", _joined, ".mp4"),
    Case("ffconcat list", _list, ".mp4"),
    Case("sound longer", _simple("a.mp4", *picture(), *tone(2.0), *H264, *AAC), ".mp4"),
    Case("sound shorter", _simple("a.mkv", *picture(), *tone(0.3), *H264, *AAC)),
    Case("sound earlier, TS", _late("sound", 0.3, "a.ts", *H264, *AAC), ".ts"),
    Case("one frame", _simple("a.mp4", *picture(), "-frames:v", "1", *H264), ".mp4"),
    Case(
        "odd size",
        _simple("a.mkv", *picture(size="161x91", extra=",format=yuv444p"), "-c:v", "ffv1"),
        codec="ffv1",
    ),
    Case(
        "ProRes",
        _simple("a.mov", *both(), "-c:v", "prores_ks", "-c:a", "pcm_s24le"),
        ".mov",
        "prores_ks",
    ),
    Case(
        "time code, MOV", _simple("a.mov", *both(), *H264, *AAC, "-timecode", "01:00:00:00"), ".mov"
    ),
    Case(
        "DV in AVI",
        _simple("a.avi", *picture(0.3, "720x576"), "-c:v", "dvvideo", "-pix_fmt", "yuv420p"),
        ".mkv",
        **FIELDS,
    ),
    Case("FLV", _simple("a.flv", *both(), *B_FRAMES, *AAC), ".flv"),
    Case(
        "WebM",
        _simple("a.webm", *both(), "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"),
        ".webm",
        "libvpx",
    ),
    Case("MXF", _simple("a.mxf", *both(), *MPEG2, "-bf", "2", "-c:a", "pcm_s16le", "-ar", "48000")),
    Case("PCM in MOV", _simple("a.mov", *both(), *B_FRAMES, "-c:a", "pcm_s16le"), ".mov"),
]
