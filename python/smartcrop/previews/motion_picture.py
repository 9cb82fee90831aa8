# SPDX-License-Identifier: MIT
"""A picture of where a clip moves: vectors, density and box on a frame of it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from ..errors import FileError, OptionError
from ..frames.pixels import Array
from ..motion.search import ClipBox, Density, Search, turned
from ..outputs import whole_or_nothing
from ..video.clip_motion import frames_as_coded, open_for_vectors, read_vectors
from ..video.frames import orientation_of, to_rgb
from .motion_overlay import Moves, MovesOf, arrows, legend
from .overlay import font, heat_table, shortened

_SIDE = 860  # longest side of a panel
_GAP, _HEAD, _FOOT = 18, 54, 44
_BACKGROUND, _INK = (16, 17, 20), (222, 224, 230)
_OURS, _THEIRS = (130, 226, 142), (255, 105, 180)
_BRIGHTNESS = 0.6
_FULL_SPEED = 1 / 640  # of the longer side in a frame; what is faster says no more

Boxes = list[tuple[str, tuple[int, int, int], ClipBox]]


@dataclass(slots=True)
class _Shown:
    """The frame whose motion is most like that of the whole clip."""

    picture: Array
    moves: Moves
    time: float
    score: float


def save_picture(
    path: str | os.PathLike[str],
    box: ClipBox,
    search: Search,
    output: str | os.PathLike[str],
    video_stream: int | None = None,
) -> None:
    """Draw vectors, density and box of a clip.

    Parameters
    ----------
    path : str or path
        The clip.
    box : ClipBox
        What was found; where the search was that of the published code, ours is drawn beside it.
    search : Search
        How it was found.
    output : str or path
        A ``.png``.
    video_stream : int, optional
        As for ``clip_box``.
    """
    if Path(os.fspath(output)).suffix.lower() != ".png":
        raise OptionError(f"{output}: is a picture; name it .png")
    boxes: Boxes = [("box", _OURS, box)]
    if search.compat and not box.fallback:
        clip = read_vectors(path, video_stream)
        ours = replace(search, compat=False)(os.fspath(path), clip)
        boxes = [("published search", _THEIRS, box), ("ours", _OURS, ours)]
    # Ours knows what moves against the camera, as the arrows do.
    shown, turns = _read(path, boxes[-1][2].density, video_stream)
    sheet = _sheet(Path(os.fspath(path)).name, shown, turns, boxes)
    with whole_or_nothing(output) as temporary:
        try:
            sheet.save(temporary, format="PNG")
        except OSError as error:
            raise FileError(f"{output}: cannot be written: {error.strerror or error}") from error


def _read(
    path: str | os.PathLike[str], density: Density, video_stream: int | None
) -> tuple[_Shown, tuple[str, ...]]:
    best, seen = None, None
    turns: tuple[str, ...] = ()
    with open_for_vectors(path, video_stream) as reader:
        for frame in frames_as_coded(reader):
            size = (frame.width, frame.height)
            if seen is None:
                seen, turns = MovesOf(*size), orientation_of(frame)
            if size != seen.size:
                continue
            seen.see(frame)
            moves = seen.last
            score = _score(moves, density, turns)
            if best is None or score > best.score:
                time = float(frame.time or 0) - reader.start
                best = _Shown(to_rgb(frame, _fitted(size)), moves, time, score)
    if best is None:
        raise FileError(f"{path}: holds no picture that can be decoded")
    return best, turns


def _fitted(size: tuple[int, int]) -> tuple[int, int]:
    scale = _SIDE / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _score(moves: Moves, density: Density, turns: tuple[str, ...]) -> float:
    """How much moves where the clip moves, less what moves elsewhere."""
    blocks = moves.blocks
    if len(blocks) == 0:
        return -np.inf
    sideways = any(each.startswith("transpose") for each in turns)
    rows, columns = density.shape[::-1] if sideways else density.shape
    row = np.clip((blocks["y"] * rows / moves.height).astype(int), 0, rows - 1)
    column = np.clip((blocks["x"] * columns / moves.width).astype(int), 0, columns - 1)
    most = _FULL_SPEED * max(moves.width, moves.height)
    moved = blocks["width"] * blocks["height"] * np.minimum(moves.speeds, most)
    coded = np.bincount(row * columns + column, moved, rows * columns).reshape(rows, columns)
    return float((turned(coded, turns) * (density * density.size - 1)).sum())


# ---- drawing ----


def _sheet(name: str, shown: _Shown, turns: tuple[str, ...], boxes: Boxes) -> Image.Image:
    """Lay vectors and density side by side, with what they are above and below."""
    box = boxes[0][2]
    height, width = shown.picture.shape[:2]
    layer = turned(np.asarray(arrows(shown.moves, (width, height))), turns)
    frame = Image.fromarray(turned(shown.picture, turns)).convert("RGBA")
    dim = Image.blend(Image.new("RGBA", frame.size, (0, 0, 0, 255)), frame, _BRIGHTNESS)
    panels = [dim.copy(), _with_density(dim, box.density)]
    panels[0].alpha_composite(Image.fromarray(layer, "RGBA"))
    total = (3 * _GAP + 2 * frame.width, _HEAD + frame.height + _FOOT)
    sheet = Image.new("RGB", total, _BACKGROUND)
    pen = ImageDraw.Draw(sheet)
    kept = box.width * box.height / (box.picture[0] * box.picture[1])
    title = (
        f"{name}   {box.picture[0]}x{box.picture[1]}   {box.frames} frames, {box.vectors} vectors"
        f"   box {box.width}x{box.height} at {box.x}, {box.y}: {kept:.0%} of the picture"
        + ("   no motion is known" if box.fallback else "")
    )
    pen.text((_GAP, 16), shortened(title, 18, total[0] - 2 * _GAP), font=font(18), fill=_INK)
    for index, panel in enumerate(panels):
        _draw_boxes(panel, boxes)
        sheet.paste(panel.convert("RGB"), (_GAP + index * (frame.width + _GAP), _HEAD))
    _draw_foot(pen, _HEAD + frame.height + 12, frame.width, shown, boxes)
    return sheet


def _draw_foot(pen: ImageDraw.ImageDraw, y: int, width: int, shown: _Shown, boxes: Boxes) -> None:
    x = legend(pen, (_GAP, y), 15, shown.moves)
    pen.text((x, y), f"at {shown.time:.2f} s", font=font(15), fill=_INK)
    x = 2 * _GAP + width
    pen.text((x, y), "share of the motion", font=font(15), fill=_INK)
    x += font(15).getlength("share of the motion") + 24
    for text, colour, _ in boxes:
        pen.rectangle((x, y + 3, x + 22, y + 14), outline=colour, width=2)
        pen.text((x + 30, y), text, font=font(15), fill=colour)
        x += 54 + font(15).getlength(text)


def _with_density(frame: Image.Image, density: Density) -> Image.Image:
    """Colour each cell by its share, and write the share into it where there is room."""
    rows, columns = density.shape
    levels = (255 * density / max(float(density.max()), 1e-12)).astype(np.uint8)
    cells = Image.fromarray(heat_table()[levels], "RGBA")
    image = frame.copy()
    image.alpha_composite(cells.resize(image.size, Image.Resampling.NEAREST))
    pen = ImageDraw.Draw(image, "RGBA")
    high, wide = image.height / rows, image.width / columns
    for row in range(rows):
        pen.line([(0, row * high), (image.width, row * high)], fill=(255, 255, 255, 60))
        for column in range(columns):
            pen.line([(column * wide, 0), (column * wide, image.height)], fill=(255, 255, 255, 60))
            if min(high, wide) < 30:
                continue
            text = f"{100 * density[row, column]:.1f}"
            at = ((column + 0.5) * wide, (row + 0.5) * high)
            pen.text(
                at, text, (255, 255, 255), font(14), "mm", stroke_width=1, stroke_fill=(0, 0, 0)
            )
    return image


def _draw_boxes(panel: Image.Image, boxes: Boxes) -> None:
    pen = ImageDraw.Draw(panel)
    for index, (_, colour, box) in enumerate(boxes):
        scale_x, scale_y = panel.width / box.picture[0], panel.height / box.picture[1]
        inset = 3 * index  # so that equal boxes are both seen
        pen.rectangle(
            (
                round(box.x * scale_x) + inset,
                round(box.y * scale_y) + inset,
                round((box.x + box.width) * scale_x) - 1 - inset,
                round((box.y + box.height) * scale_y) - 1 - inset,
            ),
            outline=colour,
            width=3,
        )
