# SPDX-License-Identifier: MIT
"""A sheet of who is in a video: a row for each shot, with a frame and its largest subjects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from ..frames.boxes import Box
from ..frames.pixels import Array
from ..subject_list import ShotSubjects, Subject
from .overlay import colour_of, draw_boxes, font, shortened

MOST_SUBJECTS = 8  # in a row
_FRAME_SIDE, _CROP_WIDTH = 520, 168
_GAP, _LINE, _HEAD = 14, 18, 54
_BACKGROUND, _INK, _PALE = (16, 17, 20), (222, 224, 230), (150, 153, 160)
_MOST_CROPS = 64  # of one shot at a time
_ROOM = 0.08  # of a subject's longer side, left around it


@dataclass(slots=True)
class _Row:
    """What is shown of a shot."""

    found: ShotSubjects
    frame: Image.Image
    crops: dict[int, Image.Image]


class SubjectSheet:
    """Collects pictures of subjects, shot by shot, and lays them out.

    Parameters
    ----------
    rows : int
        Most shots that are shown: those with the most to see.
    source : tuple of int
        Width and height of the frames.
    shown : tuple of int
        Size of a whole frame on a screen.
    """

    def __init__(self, rows: int, source: tuple[int, int], shown: tuple[int, int]) -> None:
        self._most, self._source = rows, source
        scale = min(1.0, _FRAME_SIDE / max(shown))
        self._size = max(1, round(shown[0] * scale)), max(1, round(shown[1] * scale))
        self._height = max(self._size[1], 120)
        self._rows: list[_Row] = []
        self._frame: Image.Image | None = None
        self._crops: dict[int, Image.Image] = {}
        self._areas: dict[int, float] = {}
        self._shots = 0

    def see(self, picture: Array, boxes: Sequence[Box]) -> None:
        """Keep a frame of the shot, as the one that stands for it."""
        image = Image.fromarray(picture).resize(self._size, Image.Resampling.LANCZOS)
        draw_boxes(image, [box for box in boxes if box.id], self._source, _number)
        self._frame = image

    def see_subject(self, picture: Array, box: Box) -> None:
        """Keep a subject as it is in this frame."""
        self._crops[box.id] = self._cut(picture, box)
        self._areas[box.id] = box.width * box.height
        if len(self._crops) > _MOST_CROPS:
            smallest = min(self._areas, key=self._areas.__getitem__)
            del self._crops[smallest], self._areas[smallest]

    def end_shot(self, found: ShotSubjects) -> None:
        """Keep the row of a shot that is over, if it has a place."""
        self._shots += 1
        assert self._frame is not None  # the first frame of a shot is seen
        kept = {each.id for each in _largest(found) if each.id in self._crops}
        crops = {number: self._crops[number] for number in kept}
        self._rows.append(_Row(found, self._frame, crops))
        self._frame, self._crops, self._areas = None, {}, {}
        if len(self._rows) > self._most:
            # The later one goes where several have as much to see.
            worst = min(reversed(self._rows), key=lambda row: row.found.weight)
            self._rows.remove(worst)

    def drawn(self, name: str) -> Image.Image:
        """Draw what was kept, under the name of the video."""
        most = max((len(row.crops) for row in self._rows), default=0)
        width = 2 * _GAP + self._size[0] + most * (_CROP_WIDTH + _GAP)
        height = _LINE + self._height + 2 * _LINE + 2 * _GAP
        total = (max(width, 640), _HEAD + len(self._rows) * height)
        sheet = Image.new("RGB", total, _BACKGROUND)
        pen = ImageDraw.Draw(sheet)
        left_out = self._shots - len(self._rows)
        title = f"{name}   {counted(self._shots, 'shot')}" + (
            f", of which {len(self._rows)} are shown" if left_out else ""
        )
        pen.text((_GAP, 16), shortened(title, 18, total[0] - 2 * _GAP), font=font(18), fill=_INK)
        for number, row in enumerate(self._rows):
            self._draw_row(sheet, pen, row, _HEAD + number * height)
        return sheet

    def _draw_row(self, sheet: Image.Image, pen: ImageDraw.ImageDraw, row: _Row, top: int) -> None:
        found, below = row.found, top + _LINE + 4
        pen.text((_GAP, top), heading(found), font=font(14), fill=_PALE)
        sheet.paste(row.frame, (_GAP, below))
        left = _GAP + self._size[0] + _GAP
        for each in (each for each in _largest(found) if each.id in row.crops):
            crop = row.crops[each.id]
            at = (left + (_CROP_WIDTH - crop.width) // 2, below + self._height - crop.height)
            sheet.paste(crop, at)
            face = f", face #{each.face}" if each.face else ""
            lines = (
                (f"#{each.id} {each.label}{face}", colour_of(each.id)),
                (f"{each.first:.1f} to {each.last:.1f} s, {each.share:.0%}", _PALE),
            )
            for number, (text, colour) in enumerate(lines):
                place = (left, below + self._height + 4 + number * _LINE)
                cut = shortened(text, 14, _CROP_WIDTH)
                pen.text(place, cut, font=font(14), fill=colour)
            left += _CROP_WIDTH + _GAP

    def _cut(self, picture: Array, box: Box) -> Image.Image:
        """Cut a subject out, with a little room, as large as its place allows."""
        room = _ROOM * max(box.width, box.height)
        scale = np.array(picture.shape[1::-1]) / self._source
        low = np.floor(np.maximum((np.array([box.x, box.y]) - room) * scale, 0)).astype(int)
        end = np.array([box.x + box.width, box.y + box.height]) + room
        high = np.ceil(np.minimum(end * scale, picture.shape[1::-1])).astype(int)
        high = np.maximum(high, low + 1)
        cut = Image.fromarray(picture[low[1] : high[1], low[0] : high[0]])
        fit = min(_CROP_WIDTH / cut.width, self._height / cut.height)
        size = max(1, round(cut.width * fit)), max(1, round(cut.height * fit))
        return cut.resize(size, Image.Resampling.LANCZOS)


def heading(found: ShotSubjects) -> str:
    """Say in a line what a shot is and how much is in it."""
    flickers = f", {counted(found.flickers, 'flicker')}" if found.flickers else ""
    return (
        f"shot {found.shot}   {found.first:.2f} to {found.last:.2f} s   "
        f"{counted(len(found.subjects), 'subject')}{flickers}"
    )


def counted(number: int, noun: str) -> str:
    """Write a number of things."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _number(box: Box) -> str:
    """Name a subject where there is little room."""
    return f"#{box.id}"


def _largest(found: ShotSubjects) -> list[Subject]:
    """Choose those that are seen longest and largest, the most first."""
    ranked = sorted(found.subjects, key=lambda each: -each.weight)
    return ranked[:MOST_SUBJECTS]
