# SPDX-License-Identifier: MIT
"""Files that the program ffmpeg or PyAV makes for the tests of reading."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

_BESIDE_PYTHON = Path(sys.executable).with_name("ffmpeg")
FFMPEG = str(_BESIDE_PYTHON) if _BESIDE_PYTHON.exists() else shutil.which("ffmpeg")

PICTURE = ("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=1")
SOUND = ("-f", "lavfi", "-i", "sine=d=1")


def ffmpeg(*arguments: object) -> str:
    """Run ffmpeg; skip the test where it is absent or has not what is asked for."""
    if FFMPEG is None:
        pytest.skip("no ffmpeg to make a clip with")
    command = [FFMPEG, "-nostdin", "-v", "error", "-y", *(str(each) for each in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        pytest.skip(f"this ffmpeg cannot make the clip: {done.stderr.strip()[-200:]}")
    return done.stdout


def times_by_ffmpeg(path: Path) -> list[list[float]]:
    """Give the times at which ffmpeg shows the frames and plays the packets of each stream."""
    text = ffmpeg(
        *("-i", path, "-map", "0:v:0", "-map", "0:a?", "-map", "0:s?", "-c:a", "copy"),
        *("-c:s", "copy", "-fps_mode", "passthrough", "-enc_time_base", "demux"),
        *("-f", "framehash", "-hash", "crc32", "-"),
    )
    bases: dict[int, Fraction] = {}
    found: dict[int, list[float]] = {}
    for line in text.splitlines():
        if line.startswith("#tb"):
            number, base = line.removeprefix("#tb").split(":")
            bases[int(number)] = Fraction(base.strip())
        elif not line.startswith("#"):
            number, _, pts, *_ = line.split(",")
            found.setdefault(int(number), []).append(float(int(pts) * bases[int(number)]))
    return [found[number] for number in sorted(found)]


@dataclass(frozen=True)
class Part:
    """One part of a spliced file."""

    pixel_format: str
    width: int = 160
    height: int = 90
    frames: int = 4
    tags: tuple[int, int] = (2, 0)  # matrix, range


def picture(width: int, height: int) -> np.ndarray:
    """Give a picture of plain colours, the same at every size."""
    cells = np.array(
        [
            [[200, 40, 40], [40, 200, 40], [40, 40, 200]],
            [[210, 210, 60], [128, 128, 128], [60, 200, 210]],
        ],
        np.uint8,
    )
    rows = np.arange(height) * 2 // height
    columns = np.arange(width) * 3 // width
    return cells[rows][:, columns]


def splice(path: Path, codec: str, parts: Sequence[Part], **options: str) -> Path:
    """Write one video stream whose parts were encoded apart."""
    with av.open(str(path), "w") as container:
        stream: Any = None
        number = 0
        for part in parts:
            if stream is None:
                stream = container.add_stream(codec, Fraction(25))
                encoder = stream.codec_context
            else:
                encoder = av.CodecContext.create(codec, "w")
                encoder.time_base = Fraction(1, 25)
            encoder.width, encoder.height = part.width, part.height
            encoder.pix_fmt = part.pixel_format
            encoder.colorspace, encoder.color_range = part.tags
            encoder.options = dict(options)
            for _ in range(part.frames):
                frame = _encoded_as(part)
                frame.pts, frame.time_base = number, Fraction(1, 25)
                _mux(container, stream, encoder.encode(frame))
                number += 1
            _mux(container, stream, encoder.encode(None))
    return path


def _encoded_as(part: Part) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(picture(part.width, part.height), "rgb24")
    matrix, range_ = part.tags
    rgb = av.VideoFormat(part.pixel_format).is_rgb or part.pixel_format == "pal8"
    if rgb:
        return frame.reformat(format=part.pixel_format)
    full = range_ == 2 or "yuvj" in part.pixel_format
    return frame.reformat(
        format=part.pixel_format,
        dst_colorspace=matrix if matrix != 2 else "DEFAULT",
        dst_color_range="JPEG" if full else "MPEG",
    )


def _mux(container: Any, stream: Any, packets: Sequence[Any]) -> None:
    for packet in packets:
        packet.stream = stream
        packet.time_base = Fraction(1, 25)
        packet.duration = packet.duration or 1
        container.mux(packet)
