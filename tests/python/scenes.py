# SPDX-License-Identifier: MIT
"""Made scenes that camera work is judged on: frames (height, width, 3) of uint8, 25 a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Array = npt.NDArray[np.uint8]
WIDTH, HEIGHT, FPS = 640, 360, 25


def texture(seed: int, width: int = 2 * WIDTH, height: int = HEIGHT) -> Array:
    """Soft, coloured unevenness that fills a picture."""
    random = np.random.default_rng(seed)
    coarse = random.integers(60, 150, (height // 24, width // 24, 3), dtype=np.uint8)
    image = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    grain = random.integers(-6, 7, (height, width, 1))
    return np.clip(np.asarray(image).astype(int) + grain, 0, 255).astype(np.uint8)


def put(frame: Array, picture: Array, x: float, y: float) -> None:
    """Paste a picture with its middle at shares x, y of the frame, cut at the frame's edge."""
    height, width = picture.shape[:2]
    left, top = round(x * WIDTH - width / 2), round(y * HEIGHT - height / 2)
    from_x, from_y = max(0, -left), max(0, -top)
    to_x, to_y = min(width, WIDTH - left), min(height, HEIGHT - top)
    if to_x > from_x and to_y > from_y:
        target = frame[top + from_y : top + to_y, left + from_x : left + to_x]
        target[:] = picture[from_y:to_y, from_x:to_x]


def person(seed: int) -> Array:
    """A head over a body, in bright colours."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", (70, 200), (30, 34, 40))
    pen = ImageDraw.Draw(image)
    colours = [tuple(int(v) for v in random.integers(120, 256, 3)) for _ in range(3)]
    pen.rectangle((0, 70, 69, 199), fill=colours[0])
    for row in range(80, 200, 16):
        pen.rectangle((0, row, 69, row + 7), fill=colours[1])
    pen.ellipse((12, 2, 57, 66), fill=colours[2])
    pen.ellipse((24, 22, 31, 30), fill=(10, 10, 10))
    pen.ellipse((40, 22, 47, 30), fill=(10, 10, 10))
    return np.asarray(image)


Painter = Callable[[float, Array], None]


def scene(seconds: float, paint: Painter, seed: int = 1, pan: float = 0.0) -> Iterator[Array]:
    """Frames of a background, which the camera pans over (widths a second), with what is painted.

    ``paint(time_s, frame)`` draws into the frame.
    """
    wide = texture(seed)
    for index in range(round(seconds * FPS)):
        time_s = index / FPS
        shift = round(pan * time_s * WIDTH)
        frame = wide[:, shift : shift + WIDTH].copy()
        paint(time_s, frame)
        yield frame


def nothing(_: float, __: Array) -> None:
    """Paints nothing."""


def talking(first_s: float) -> Painter:
    """Two people far apart; the left one moves until first_s, then the right one."""
    people = [person(5), person(9)]

    def paint(time_s: float, frame: Array) -> None:
        for place, picture, talks in (
            (0.14, people[0], time_s < first_s),
            (0.86, people[1], time_s >= first_s),
        ):
            nod = 0.012 * np.sin(9 * time_s) if talks else 0
            put(frame, picture, place + nod, 0.62 + nod)

    return paint


def walking(start: float, speed: float, size: float = 1.0, seed: int = 5) -> Painter:
    """A person who crosses the picture (widths a second)."""
    picture = person(seed)
    if size != 1.0:
        small = (max(4, round(70 * size)), max(4, round(200 * size)))
        picture = np.asarray(Image.fromarray(picture).resize(small))

    def paint(time_s: float, frame: Array) -> None:
        put(frame, picture, start + speed * time_s, 0.6)

    return paint


def ball_at(time_s: float) -> tuple[float, float]:
    """Shares x, y of the ball."""
    return 0.15 + 0.14 * time_s, 0.75 - 0.35 * abs(float(np.sin(2.2 * time_s)))


def bouncing(time_s: float, frame: Array) -> None:
    """A ball of 9 pixels."""
    y, x = np.mgrid[-4:5, -4:5]
    picture = np.full((9, 9, 3), 250, np.uint8)
    picture[(x**2 + y**2) > 18] = frame[HEIGHT // 2, WIDTH // 2]
    put(frame, picture, *ball_at(time_s))


def title(_: float, frame: Array) -> None:
    """Three lines of text across the picture."""
    image = Image.fromarray(frame)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(46)
    lines = "The quick brown fox jumps", "over the lazy dog while all", "others look the other way"
    for row, line in enumerate(lines):
        pen.text((24, 90 + 62 * row), line, font=font, fill=(245, 245, 245))
    frame[:] = np.asarray(image)


def letterboxed(paint: Painter, bar: int = 46) -> Painter:
    """With black bars of so many rows above and below."""

    def boxed(time_s: float, frame: Array) -> None:
        paint(time_s, frame)
        frame[:bar] = frame[-bar:] = 0

    return boxed


def dissolve(first: list[Array], second: list[Array], frames: int) -> list[Array]:
    """The last of one and the first of the other, mixed over so many frames."""
    mixed = []
    for i in range(frames):
        share = (i + 1) / (frames + 1)
        a, b = first[len(first) - frames + i], second[i]
        mixed.append((a * (1 - share) + b * share).astype(np.uint8))
    return [*first[:-frames], *mixed, *second[frames:]]
