# SPDX-License-Identifier: MIT
"""A sheet of pictures of a video: which frames are on it, and how they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from ..frames.window import Window
from ..models.class_names import ClassNames
from .overlay import COLOURS, caption_lines, font, shortened

MOST_CANDIDATES = 384
_SHEET_WIDTH = 2000
_BACKGROUND = (16, 17, 20)
_INK = (222, 224, 230)


@dataclass(slots=True)
class Candidate:
    """A picture that may be on the sheet."""

    window: Window
    image: Image.Image


def thinned(kept: list[Candidate], stride: int) -> list[Candidate]:
    """Keep the frames of a wider stride, and one of each shot that would lose its last."""
    result = []
    for index, each in enumerate(kept):
        before = kept[index - 1].window.shot if index else -1
        after = kept[index + 1].window.shot if index + 1 < len(kept) else -1
        alone = before != each.window.shot != after
        if each.window.frame % stride == 0 or alone:
            result.append(each)
    return result if len(result) <= MOST_CANDIDATES else result[::2]


def chosen_of(kept: list[Candidate], cells: int) -> list[Candidate]:
    """Choose pictures: one of each shot, and the rest where the gaps are longest."""
    by_shot: dict[int, list[Candidate]] = {}
    for each in kept:
        by_shot.setdefault(each.window.shot, []).append(each)
    chosen = [group[len(group) // 2] for group in by_shot.values()]
    if len(chosen) > cells:
        picks = np.linspace(0, len(chosen) - 1, cells).round().astype(int)
        return [chosen[pick] for pick in picks]
    times = np.array([each.window.time for each in kept])
    while len(chosen) < min(cells, len(kept)):
        have = np.array([each.window.time for each in chosen])
        distance = np.abs(times[:, None] - have[None, :]).min(axis=1)
        chosen.append(kept[int(distance.argmax())])
    return sorted(chosen, key=lambda each: each.window.frame)


def arranged(chosen: list[Candidate], title: str, names: ClassNames = ()) -> Image.Image:
    """Lay the pictures out in rows, with a caption of two lines under each."""
    width, height = chosen[0].image.size
    gap, line, head = 18, 18, 54
    columns = max(1, min(len(chosen), (_SHEET_WIDTH - gap) // (width + gap)))
    columns = -(-len(chosen) // -(-len(chosen) // columns))  # rows of even length
    rows = -(-len(chosen) // columns)
    total = (gap + columns * (width + gap), head + rows * (height + 2 * line + 2 * gap))
    sheet = Image.new("RGB", total, _BACKGROUND)
    pen = ImageDraw.Draw(sheet)
    pen.text((gap, 16), title, font=font(18), fill=_INK)
    for index, each in enumerate(chosen):
        row, column = divmod(index, columns)
        x, y = gap + column * (width + gap), head + row * (height + 2 * line + 2 * gap)
        sheet.paste(each.image, (x, y))
        window = each.window
        for number, text in enumerate(caption_lines(window, names)):
            at = (x, y + height + 5 + number * line)
            pen.text(at, shortened(text, 14, width), font=font(14), fill=COLOURS[window.strategy])
    return sheet
