# SPDX-License-Identifier: MIT
"""Draws on a frame what was decided for it and why."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from .pixels import Array
from .window import Strategy, Window

COLOURS: dict[Strategy, tuple[int, int, int]] = {
    "hold": (90, 200, 250),
    "pan": (255, 204, 77),
    "follow": (255, 105, 180),
}
_SHADE = 0.42  # brightness of what is cut away
_HEAT = ((0.0, (40, 0, 90, 0)), (0.35, (150, 20, 120, 90)), (0.7, (240, 90, 40, 140)))
_HEAT_TOP = (255, 235, 110, 175)
_PEAK = 4.0  # a map whose highest cell has this many times the mean is drawn in full


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Give Pillow's own font."""
    return ImageFont.load_default(size)


@lru_cache(maxsize=1)
def _heat_table() -> npt.NDArray[np.uint8]:
    stops = [*_HEAT, (1.0, _HEAT_TOP)]
    at = [stop for stop, _ in stops]
    x = np.linspace(0, 1, 256)
    channels = [np.interp(x, at, [colour[i] for _, colour in stops]) for i in range(4)]
    return np.stack(channels, axis=-1).astype(np.uint8)


def heat(values: npt.NDArray[np.float32], size: tuple[int, int]) -> Image.Image:
    """Colour an evidence map: clear where there is little, yellow at its peak.

    Parameters
    ----------
    values : array
        Rows x columns of shares that sum to 1.
    size : tuple of int
        Width and height of the picture to lay it over.
    """
    middle, peak = float(np.median(values)), float(np.max(values))
    strength = np.clip((peak * values.size - 1) / (_PEAK - 1), 0, 1)
    scaled = (values - middle) / max(peak - middle, 1e-12)
    levels = (np.clip(scaled, 0, 1) * strength * 255).astype(np.uint8)
    smooth = Image.fromarray(levels).resize(size, Image.Resampling.BICUBIC)
    return Image.fromarray(_heat_table()[np.asarray(smooth)], "RGBA")


def draw(
    picture: Array,
    window: Window,
    source_size: tuple[int, int],
    evidence: npt.NDArray[np.float32] | None = None,
) -> Image.Image:
    """Draw the evidence map and the window; what is cut away is darkened.

    Parameters
    ----------
    picture : array
        Height x width x 3 of uint8, of any size.
    window : Window
        What was decided.
    source_size : tuple of int
        Width and height of the frame in whose pixels the window is given.
    evidence : array, optional
        The map from ``Cropper.last_map``.
    """
    image = Image.fromarray(picture).convert("RGBA")
    width, height = image.size
    if evidence is not None:
        image.alpha_composite(heat(evidence, image.size))
    across, down = width / source_size[0], height / source_size[1]
    left, top = round(window.x * across), round(window.y * down)
    right = round((window.x + window.width) * across)
    bottom = round((window.y + window.height) * down)
    shaded = Image.blend(Image.new("RGBA", image.size, (0, 0, 0, 255)), image, _SHADE)
    shaded.paste(image.crop((left, top, right, bottom)), (left, top))
    pen = ImageDraw.Draw(shaded)
    line = max(2, height // 180)
    pen.rectangle((left, top, right - 1, bottom - 1), outline=COLOURS[window.strategy], width=line)
    return shaded.convert("RGB")


def caption(window: Window) -> str:
    """Say in one line what was decided."""
    minutes, seconds = divmod(window.time, 60)
    clock = f"{int(minutes)}:{seconds:04.1f}"
    note = " · fallback" if window.fallback else ""
    return (
        f"{clock} · shot {window.shot} · {window.strategy} · confidence "
        f"{window.confidence:.2f}{note}"
    )


def label(image: Image.Image, text: str, colour: tuple[int, int, int]) -> None:
    """Write text on a dark plate in the upper left corner."""
    size = max(11, image.height // 26)
    pen = ImageDraw.Draw(image, "RGBA")
    _, _, right, bottom = pen.textbbox((0, 0), text, font=font(size))
    pad = size // 2
    plate = (pad, pad, pad + right + 2 * pad, pad + bottom + pad)
    pen.rounded_rectangle(plate, radius=pad, fill=(0, 0, 0, 170))
    pen.text((2 * pad, pad + pad // 2), text, font=font(size), fill=colour)


def side_by_side(left: Image.Image, right: Image.Image, gap: int) -> Image.Image:
    """Put the crop next to the original, as high as it."""
    width = max(1, round(right.width * left.height / right.height))
    scaled = right.resize((width, left.height), Image.Resampling.LANCZOS)
    both = Image.new("RGB", (left.width + gap + width, left.height), (16, 17, 20))
    both.paste(left, (0, 0))
    both.paste(scaled, (left.width + gap, 0))
    return both
