# SPDX-License-Identifier: MIT
"""Draws on a frame what was decided for it and why."""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from ..frames.pixels import Array
from ..frames.window import Strategy, Window
from ..models.class_names import ClassNames, label_of

if TYPE_CHECKING:
    from ..frames.boxes import Box

Colour = tuple[int, int, int]
COLOURS: dict[Strategy, Colour] = {
    "hold": (90, 200, 250),
    "pan": (255, 204, 77),
    "follow": (255, 105, 180),
    "fit": (130, 226, 142),
}
_SHADE = 0.42  # brightness of what is cut away
_HEAT = ((0.0, (40, 0, 90, 0)), (0.35, (150, 20, 120, 90)), (0.7, (240, 90, 40, 140)))
_HEAT_TOP = (255, 235, 110, 175)
_PEAK = 4.0  # a map whose highest cell has this many times the mean is drawn in full
_OPTIONAL_BOX, _REQUIRED_BOX = (235, 235, 235), (255, 140, 60)
_GOLDEN = 0.618034  # a turn of so much of the colour circle keeps neighbours apart
_TARGET = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Why:
    """What a window rests on.

    Attributes
    ----------
    evidence : array, optional
        The map from ``Cropper.last_map``.
    boxes : sequence of Box
        What should be seen whole, from ``Cropper.last_boxes``.
    dead_zone : float
        The share of the window in whose middle the target may move without the window moving.
    names : tuple of str
        What the detector calls its classes.
    """

    evidence: npt.NDArray[np.float32] | None = None
    boxes: Sequence[Box] = ()
    dead_zone: float = 0.0
    names: ClassNames = ()


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Give Pillow's own font."""
    return ImageFont.load_default(size)


@lru_cache(maxsize=1)
def heat_table() -> npt.NDArray[np.uint8]:
    """Give 256 colours with their opacity, from clear to yellow."""
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
    return Image.fromarray(heat_table()[np.asarray(smooth)], "RGBA")


def draw(
    picture: Array,
    window: Window,
    source_size: tuple[int, int],
    why: Why | None = None,
) -> Image.Image:
    """Draw the window and what it rests on; what is cut away is darkened.

    Over the evidence map stand the boxes (a subject's with its id, in a colour of its own; of
    others the required ones orange, the rest white; the one that the window goes after thick and in
    the window's colour), the target as a cross, and thin corners around
    the dead zone.

    Parameters
    ----------
    picture : array
        Height x width x 3 of uint8, of any size.
    window : Window
        What was decided.
    source_size : tuple of int
        Width and height of the frame in whose pixels the window is given.
    why : Why, optional
        What it rests on.
    """
    why = why or Why()
    image = Image.fromarray(picture).convert("RGBA")
    width, height = image.size
    if why.evidence is not None:
        image.alpha_composite(heat(why.evidence, image.size))
    scale = width / source_size[0], height / source_size[1]
    left, top, right, bottom = _scaled((window.x, window.y, window.width, window.height), scale)
    shaded = Image.blend(Image.new("RGBA", image.size, (0, 0, 0, 255)), image, _SHADE)
    shaded.paste(image.crop((left, top, right, bottom)), (left, top))
    pen = ImageDraw.Draw(shaded, "RGBA")
    line = max(2, height // 180)
    colour = COLOURS[window.strategy]
    boxes = with_subject(why.boxes, window.subject)
    draw_boxes(shaded, boxes, source_size, lambda box: box_text(box, why.names), colour)
    corner = (
        max(left, right - 1),
        max(top, bottom - 1),
    )  # (a thin picture may be scaled to nothing)
    pen.rectangle((left, top, *corner), outline=colour, width=line)
    _draw_dead_zone(pen, (left, top, right, bottom), why.dead_zone, line)
    _draw_target(pen, (window.target_x * scale[0], window.target_y * scale[1]), line)
    return shaded.convert("RGB")


def _scaled(
    place: tuple[float, float, float, float], scale: tuple[float, float]
) -> tuple[int, int, int, int]:
    """Give left, top, right and bottom on the drawing."""
    x, y, width, height = place
    return (
        round(x * scale[0]),
        round(y * scale[1]),
        round((x + width) * scale[0]),
        round((y + height) * scale[1]),
    )


@lru_cache(maxsize=256)
def colour_of(number: int) -> Colour:
    """Give the colour of a subject, by its id."""
    channels = colorsys.hsv_to_rgb(number * _GOLDEN % 1, 0.6, 1)
    red, green, blue = (round(255 * channel) for channel in channels)
    return red, green, blue


def stands_out(box: Box) -> bool:
    """Say whether a box is drawn more strongly than others: the one that decides."""
    return box.required or box.followed


def with_subject(boxes: Sequence[Box], subject: Box | None) -> list[Box]:
    """Give the boxes with the one that the window goes after; it may be known by itself alone."""
    if subject is None:
        return list(boxes)
    if any(box.followed for box in boxes):
        return list(boxes)
    return [*boxes, subject]


def box_style(box: Box, line: int, followed: Colour = _TARGET) -> tuple[Colour, int]:
    """Choose colour and width of a box; line is the width of the strongest."""
    if box.followed:
        return followed, line + max(1, line // 2)
    colour = colour_of(box.id) if box.id else _REQUIRED_BOX if box.required else _OPTIONAL_BOX
    return colour, line if stands_out(box) else max(1, line // 2)


def subject_text(subject: Box | None, boxes: Sequence[Box] = (), names: ClassNames = ()) -> str:
    """Say whom the window goes after, such as ``#3, person``; empty where nobody has a number."""
    if subject is None or not subject.id:
        return ""
    known = next((box for box in boxes if box.id == subject.id and box.category), None)
    return f"#{subject.id}, {label_of(known, names)}" if known else f"#{subject.id}"


def box_text(box: Box, names: ClassNames) -> str:
    """Say what a box is: a subject by its id and class, another by what it counts."""
    if box.id and box.category:
        return f"#{box.id} {label_of(box, names)} {box.score:.2f}"
    if box.followed:
        return f"#{box.id} followed" if box.id else "followed"
    if box.id:
        return f"#{box.id} {label_of(box, names)} {box.score:.2f}"
    return f"{box.kind} {box.weight:.2g}"


def draw_boxes(
    image: Image.Image,
    boxes: Sequence[Box],
    source_size: tuple[int, int],
    text_of: Callable[[Box], str],
    followed: Colour = _TARGET,
) -> None:
    """Draw boxes, in pixels of the frame, on a picture of any size, each with its text.

    The one that the window goes after has the colour ``followed``.
    """
    pen = ImageDraw.Draw(image, "RGBA")
    scale = image.width / source_size[0], image.height / source_size[1]
    line = max(2, image.height // 180)
    size = 6 * line
    for box in sorted(boxes, key=stands_out):
        left, top, right, bottom = _scaled((box.x, box.y, box.width, box.height), scale)
        colour, width = box_style(box, line, followed)
        corners = (left, top, max(left, right - 1), max(top, bottom - 1))
        pen.rectangle(corners, outline=(*colour, 220), width=width)
        # Inside where there is no room above.
        above = top - size - line if top > size + line else top + line
        at, text = (left + line, above), text_of(box)
        pen.text(at, text, font=font(size), fill=colour, stroke_width=1, stroke_fill=(0, 0, 0))


def _draw_dead_zone(
    pen: ImageDraw.ImageDraw, window: tuple[int, int, int, int], share: float, line: int
) -> None:
    """Draw the corners of the dead zone, thin enough to look through."""
    left, top, right, bottom = window
    half_width, half_height = (right - left) * share / 2, (bottom - top) * share / 2
    if min(half_width, half_height) < line:
        return
    x, y = (left + right) / 2, (top + bottom) / 2
    arm = min(half_width, half_height) * 0.6
    for sign_x in (-1, 1):
        for sign_y in (-1, 1):
            corner = (x + sign_x * half_width, y + sign_y * half_height)
            ends = (
                (corner[0] - sign_x * arm, corner[1]),
                corner,
                (corner[0], corner[1] - sign_y * arm),
            )
            pen.line(ends, fill=(255, 255, 255, 190), width=max(1, line // 2))


def _draw_target(pen: ImageDraw.ImageDraw, at: tuple[float, float], line: int) -> None:
    x, y = at
    arm = 5 * line
    for width, colour in ((3 * line // 2 + 2, (0, 0, 0, 170)), (line, (*_TARGET, 255))):
        pen.line((x - arm, y, x + arm, y), fill=colour, width=width)
        pen.line((x, y - arm, x, y + arm), fill=colour, width=width)


def caption(window: Window, names: ClassNames = ()) -> str:
    """Say in one line what was decided."""
    return " · ".join(caption_lines(window, names))


def caption_lines(window: Window, names: ClassNames = ()) -> tuple[str, str]:
    """Say in two lines what was decided: where, and how and why and after whom."""
    minutes, seconds = divmod(window.time, 60)
    where = f"{int(minutes)}:{seconds:04.1f} · shot {window.shot}"
    note = " · fallback" if window.fallback else ""
    reason = f": {window.reason}" if window.reason else ""
    boxes = window.evidence.boxes if window.evidence else ()
    whom = subject_text(window.subject, boxes, names)
    after = f" · {whom}" if whom else ""
    how = f"{window.strategy}{reason}{after}"
    return f"{where} · confidence {window.confidence:.2f}{note}", how


def shortened(text: str, size: int, width: int) -> str:
    """Cut a line off where it is too long for its place."""
    if font(size).getlength(text) <= width:
        return text
    while text and font(size).getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def label(image: Image.Image, text: str, colour: Colour) -> None:
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
