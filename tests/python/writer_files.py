# SPDX-License-Identifier: MIT
"""Files that ffmpeg makes for the tests of the writer, and what is in a file that was written."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from made_files import ffmpeg

QUICK = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def moving(seconds: float = 0.6, extra: str = "") -> tuple[str, ...]:
    """Give the input of a small moving picture."""
    return ("-f", "lavfi", "-i", f"testsrc2=s=160x90:r=25:d={seconds}{extra}")


def with_sound(path: Path, *options: object, seconds: float = 0.6) -> Path:
    """Make a clip with sound."""
    tone = ("-f", "lavfi", "-i", f"sine=d={seconds}")
    ffmpeg(*moving(seconds), *tone, *QUICK, "-c:a", "aac", "-shortest", *options, path)
    return path


def starts(path: Path) -> dict[str, Fraction]:
    """When the first picture and the first sound of a file are to be presented."""
    found: dict[str, Fraction] = {}
    with av.open(str(path)) as container:
        for frame in container.decode(*container.streams.video, *container.streams.audio):
            kind = "video" if isinstance(frame, av.VideoFrame) else "audio"
            time = frame.pts * frame.time_base
            found[kind] = min(found.get(kind, time), time)
    return found


def pts_of(path: Path) -> list[Fraction]:
    """Times of the pictures."""
    with av.open(str(path)) as container:
        return [frame.pts * frame.time_base for frame in container.decode(video=0)]


def steps(path: Path) -> list[Fraction]:
    """Times from picture to picture."""
    times = pts_of(path)
    return [after - before for before, after in pairwise(times)]


def stream_of(path: Path) -> Any:
    """Give the video stream of a file; the file stays open as long as the stream is used."""
    return av.open(str(path)).streams.video[0]


def frame_of(path: Path, index: int = 0) -> av.VideoFrame:
    """Decode one picture."""
    with av.open(str(path)) as container:
        return next(each for n, each in enumerate(container.decode(video=0)) if n == index)


def plane(frame: av.VideoFrame, index: int) -> np.ndarray:
    """Give the samples of a plane of 8 bits."""
    data = np.frombuffer(frame.planes[index], np.uint8)
    each = frame.planes[index]
    return data.reshape(each.height, each.line_size)[:, : each.width]
