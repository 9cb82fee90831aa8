# SPDX-License-Identifier: MIT
"""Small whole clips in many containers, and seeded ways to damage a file."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

FRAMES = 12
WIDTH, HEIGHT = 160, 96


@dataclass(frozen=True)
class Kind:
    """One container with the codecs that are usual in it."""

    name: str
    video: str
    pixel_format: str = "yuv420p"
    sound: str | None = None
    container: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    format: str | None = None

    @property
    def suffix(self) -> str:
        return self.name.rpartition(".")[2]


KINDS = [
    Kind("last.mp4", "libx264", sound="aac", options={"preset": "ultrafast", "bf": "2"}),
    Kind("first.mp4", "mpeg4", sound="aac", container={"movflags": "faststart"}),
    Kind("pieces.mp4", "libx264", sound="aac", container={"movflags": "frag_keyframe+empty_moov"}),
    Kind("a.mov", "prores_ks", "yuv422p10le", sound="pcm_s16le"),
    Kind("png.mov", "png", "rgba"),
    Kind("a.mkv", "libx264", sound="flac", options={"preset": "ultrafast"}),
    Kind("a.webm", "libvpx", sound="libopus", options={"deadline": "realtime", "cpu-used": "8"}),
    Kind("a.avi", "mpeg4", sound="mp2", options={"bf": "0"}),
    Kind("jpeg.avi", "mjpeg", "yuvj420p", sound="pcm_s16le"),
    Kind("a.ts", "mpeg2video", sound="mp2", options={"bf": "2"}),
    Kind("a.flv", "flv", sound="libmp3lame"),
    Kind("a.ogv", "libvpx", sound="libopus", options={"deadline": "realtime"}, format="ogg"),
    Kind("a.mxf", "mpeg2video", sound="pcm_s16le"),
    Kind("a.mpg", "mpeg2video", sound="mp2"),
    Kind("a.gif", "gif", "rgb8"),
    Kind("a.h264", "libx264", options={"preset": "ultrafast", "bf": "2"}),
]


def make(kind: Kind, folder: Path) -> Path:
    """Write a whole clip: a square that crosses a textured picture, and a tone."""
    path = folder / kind.name
    texture = np.random.default_rng(3).integers(40, 80, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    with av.open(str(path), "w", format=kind.format, container_options=kind.container) as out:
        video = out.add_stream(kind.video, 25)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, kind.pixel_format
        video.codec_context.options = dict(kind.options)
        rate = 48000
        sound = out.add_stream(kind.sound, rate, layout="stereo") if kind.sound else None
        for index in range(FRAMES):
            picture = texture.copy()
            picture[30:60, 5 + 8 * index : 40 + 8 * index] = (230, 60, 40)
            frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format=kind.pixel_format)
            frame.pts, frame.time_base = index, Fraction(1, 25)
            out.mux(video.encode(frame))
        if sound is not None:
            for chunk in _tone(sound, rate):
                out.mux(sound.encode(chunk))
            out.mux(sound.encode(None))
        out.mux(video.encode(None))
    return path


def _tone(sound: av.AudioStream, rate: int) -> list[av.AudioFrame]:
    samples = rate * FRAMES // 25
    wave = (np.sin(np.arange(samples) * 0.06) * 9000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2)[None], "s16", "stereo")
    frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
    return list(av.AudioResampler(sound.format, "stereo", rate, sound.frame_size).resample(frame))


# ---- damage: each takes the bytes and changes them ----------------------------------------------

# Words that stand where containers keep sizes, times and counts.
_MARKS = [
    *(b"stts", b"ctts", b"stsz", b"stsc", b"stco", b"stss", b"elst", b"tkhd", b"mdhd", b"mvhd"),
    *(b"stsd", b"avcC", b"esds", b"hdlr", b"trun", b"tfhd", b"tfdt", b"moov", b"mdat", b"moof"),
    *(b"avih", b"strh", b"strf", b"idx1", b"movi", b"00dc", b"01wb", b"OggS", b"FLV", b"GIF8"),
    *(b"\x1a\x45\xdf\xa3", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b", b"\x1f\x43\xb6\x75"),
    *(b"\x06\x0e\x2b\x34", b"\x00\x00\x01\xb3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xe0"),
    *(b"\x00\x00\x01\x67", b"icpf", b"\x47\x40", b"onMetaData", b"OpusHead", b"IHDR", b"\x2c\x00"),
]
_EXTREMES = [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFF0000, 0x0000FFFF]


def _place(data: bytearray, rng: random.Random) -> int:
    """A byte somewhere, as often near the beginning, where the headers are."""
    if rng.random() < 0.4:
        return rng.randrange(min(len(data), 1024))
    return rng.randrange(len(data))


def _block(data: bytearray, rng: random.Random) -> tuple[int, int]:
    start = _place(data, rng)
    return start, min(len(data), start + rng.choice([1, 4, 16, 188, 512, 2000]))


def flip_bits(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice([1, 3, 10, 100])):
        data[_place(data, rng)] ^= 1 << rng.randrange(8)


def zero_bytes(data: bytearray, rng: random.Random) -> None:
    start, end = _block(data, rng)
    data[start:end] = bytes(end - start)


def remove_block(data: bytearray, rng: random.Random) -> None:
    start, end = _block(data, rng)
    del data[start:end]


def repeat_block(data: bytearray, rng: random.Random) -> None:
    start, end = _block(data, rng)
    at = _place(data, rng)
    data[at:at] = data[start:end]


def swap_blocks(data: bytearray, rng: random.Random) -> None:
    size = rng.choice([4, 16, 188, 512])
    one, two = (min(_place(data, rng), max(0, len(data) - size)) for _ in range(2))
    data[one : one + size], data[two : two + size] = data[two : two + size], data[one : one + size]


def truncate(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data)) :]


def set_field(data: bytearray, rng: random.Random) -> None:
    found = [at for mark in _MARKS if (at := data.find(mark)) >= 0]
    at = rng.choice(found) if found else _place(data, rng)
    at = max(0, at + rng.choice([-4, 4, 5, 8, 12, 16, 20, 24, 28, 32]))
    size = rng.choice([1, 2, 4])
    value = rng.choice(_EXTREMES) & (256**size - 1)
    data[at : at + size] = value.to_bytes(size, "big" if rng.random() < 0.6 else "little")


def append_garbage(data: bytearray, rng: random.Random) -> None:
    data += rng.randbytes(rng.choice([1, 100, 5000]))


def change_sizes(data: bytearray, rng: random.Random) -> None:
    """Write another width or height wherever that of the picture stands."""
    for known in (WIDTH, HEIGHT):
        for order in ("big", "little"):
            old = known.to_bytes(2, order)
            new = rng.choice([0, 1, 15, 161, 320, 4096, 65535]).to_bytes(2, order)
            at = data.find(old)
            while at >= 0 and rng.random() < 0.7:
                data[at : at + 2] = new
                at = data.find(old, at + 2)


DAMAGES: list[Callable[[bytearray, random.Random], None]] = [
    *(flip_bits, zero_bytes, remove_block, repeat_block, swap_blocks, truncate),
    *(set_field, append_garbage, change_sizes),
]


def damaged(whole: bytes, rng: random.Random) -> tuple[bytes, str]:
    """Damage a file once or twice; gives it with the names of what was done."""
    data = bytearray(whole)
    done = []
    for damage in rng.sample(DAMAGES, rng.choice([1, 1, 2])):
        if data:
            damage(data, rng)
            done.append(damage.__name__)
    return bytes(data), "+".join(done)
