# SPDX-License-Identifier: MIT
"""A few frames in a row, to compare and calibrate networks with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from export.writing.contract import ExportError, Picture

_CLIPS = {".mp4", ".mkv", ".mov", ".webm", ".avi"}
_STILLS = {".jpg", ".jpeg", ".png", ".bmp", ".webp"}


def default_source() -> Path | None:
    """A clip of the labelled data, or None where there is none."""
    folder = Path(os.environ.get("SMARTCROP_DATA", "../shared/data"))
    return next(iter(sorted(folder.glob("masks/*.mp4"))), None)


def sample_frames(source: Path | None, picture: Picture, count: int) -> np.ndarray:
    """Read the first frames of a clip, or the pictures of a folder in the order of their names.

    Parameters
    ----------
    source : Path or None
        A clip, a picture or a folder of pictures; None makes pictures up.

    Returns
    -------
    ndarray
        RGB samples 0..255, (frames, height, width, 3); at most ``count``, at least one.
    """
    frames = []
    for image in _made_up(picture) if source is None else _images(source):
        frames.append(np.asarray(_fitted(image.convert("RGB"), picture)))
        if len(frames) == count:
            break
    if not frames:
        raise ExportError(f"{source}: no picture or frame in it")
    return np.stack(frames)


def _fitted(image: Image.Image, picture: Picture) -> Image.Image:
    size = (picture.width, picture.height)
    if picture.fit == "pad":
        return ImageOps.pad(image, size, Image.Resampling.BILINEAR, (picture.pad_value,) * 3)
    return image.resize(size, Image.Resampling.BILINEAR)


def _images(source: Path) -> Iterator[Image.Image]:
    if source.is_dir():
        files = sorted(each for each in source.iterdir() if each.suffix.lower() in _STILLS)
    elif source.is_file():
        files = [source]
    else:
        raise ExportError(f"{source}: no such file or folder; --frames takes a clip or pictures")
    for file in files:
        if file.suffix.lower() in _CLIPS:
            yield from _clip(file)
            continue
        try:
            yield Image.open(file)
        except (UnidentifiedImageError, OSError) as error:
            raise ExportError(f"{file}: not a picture that can be read") from error


def _clip(file: Path) -> Iterator[Image.Image]:
    import av

    try:
        with av.open(str(file)) as container:
            for frame in container.decode(video=0):
                yield frame.to_image()
    except (av.error.FFmpegError, IndexError) as error:
        raise ExportError(f"{file}: not a clip that can be read") from error


def _made_up(picture: Picture) -> Iterator[Image.Image]:
    """A disc that crosses a textured ground, for ever."""
    width, height = picture.width, picture.height
    coarse = np.random.default_rng(0).integers(30, 170, (9, 16, 3)).astype(np.uint8)
    ground = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    radius, step = min(width, height) / 6, 0
    while True:
        image = ground.copy()
        x, y = (0.2 + 0.05 * step % 0.6) * width, 0.45 * height
        box = (x - radius, y - radius, x + radius, y + radius)
        ImageDraw.Draw(image).ellipse(box, fill=(235, 90, 40))
        yield image
        step += 1
