# SPDX-License-Identifier: MIT
"""Pictures with the boxes that people drew, of the lists ``boxes_*.txt``.

A box has a kind: face, person, thing, or body where the set does not say which of the last two.
What looks like a subject and is none of ours, such as a crowd boxed as one, is not sure: it is
passed over.
"""

from __future__ import annotations

import collections
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from export.data.splits import source_of
from export.data.subjects import read_boxes, read_frames_of

Array = np.ndarray
FACE, PERSON, THING, BODY = 0, 1, 2, 3
SIDE = 352  # longest side that is kept of a picture
# As the table ``instances.csv`` names them; the numbers of the same kinds are in teachers.py.
THINGS = frozenset(
    (
        *("bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat"),
        *("bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"),
        *("frisbee", "skis", "snowboard", "sports ball", "kite", "skateboard", "surfboard"),
    )
)
_FRAMES = {"tracking": 16, "masks": 10, "actions": 4, "clips": 16, "mot": 20}  # kept of a clip
_EVERY_SPORT = 4  # picture of a sports source is kept
_LEAST_PART = 0.15  # of a mask's area; smaller parts are no subject of their own


@dataclass(frozen=True)
class Label:
    """Boxes in shares of the picture, left, top, right, bottom; with ``sure`` or to pass over."""

    kinds: Array = field(default_factory=lambda: np.zeros(0, int))  # (n,)
    boxes: Array = field(default_factory=lambda: np.zeros((0, 4), np.float32))  # (n, 4)
    sure: Array = field(default_factory=lambda: np.zeros(0, bool))  # (n,)

    @classmethod
    def of(cls, rows: list[tuple[int, tuple[float, ...], bool]]) -> Label:
        """Of (kind, box, sure) rows; boxes are cut to the picture."""
        boxes = np.array([box for _, box, _ in rows], np.float32).reshape(-1, 4)
        kinds = np.array([kind for kind, _, _ in rows], int)
        return cls(kinds, boxes.clip(0, 1), np.array([sure for _, _, sure in rows], bool))

    def __add__(self, other: Label) -> Label:
        return Label(
            np.concatenate([self.kinds, other.kinds]),
            np.concatenate([self.boxes, other.boxes]),
            np.concatenate([self.sure, other.sure]),
        )

    def only(self, which: Array) -> Label:
        return Label(self.kinds[which], self.boxes[which], self.sure[which])


@dataclass(frozen=True)
class Drawn:
    """A picture, (height, width, 3) uint8, with what was drawn in it.

    Parameters
    ----------
    complete : frozenset of int
        Kinds of which every one was drawn.
    masks : array or None
        (height, width) int: 0, or the number of the box whose mask this is, from 1.
    """

    name: str
    picture: Array
    label: Label = field(default_factory=Label)
    complete: frozenset[int] = frozenset()
    masks: Array | None = None


def read_drawn(root: Path, items: list[str], side: int = SIDE) -> Iterator[Drawn]:
    """The pictures of split-list items, none larger than ``side``; a clip as some of its frames."""
    tables = Tables(root, side)
    for item in items:
        folder = item.rsplit("/", 1)[0]
        if item.endswith(".mp4"):
            yield from _frames(root / item, item, side)
        elif item.startswith("sports/"):
            yield from _sports(root, item, side)
        elif folder == "instances/coco":
            yield tables.coco(item)
        elif folder == "boxes/wider_val":
            yield tables.wider(item)
        elif folder.startswith("masks_stills/"):
            yield _mask(root, item, side)
        else:
            yield Drawn(item, _read(root / item, side)[0])


def _read(path: Path, side: int) -> tuple[Array, tuple[int, int]]:
    """A picture of at most this side, and its size in the file."""
    picture = Image.open(path).convert("RGB")
    size = picture.size
    picture.thumbnail((side, side), Image.Resampling.BILINEAR)
    return np.asarray(picture), size


def _shares(row: dict[str, str], size: tuple[int, int]) -> tuple[float, ...]:
    """Corners of a table's x, y, w, h."""
    x, y, w, h = (float(row[key]) for key in "xywh")
    return x / size[0], y / size[1], (x + w) / size[0], (y + h) / size[1]


class Tables:
    """The tables of the sets that have one for all pictures."""

    def __init__(self, root: Path, side: int) -> None:
        self.root, self.side = root, side
        self._rows: dict[Path, dict[str, list[dict[str, str]]]] = {}

    def rows(self, path: Path, name: str) -> list[dict[str, str]]:
        if path not in self._rows:
            rows = collections.defaultdict(list)
            with path.open() as file:
                for row in csv.DictReader(file):
                    rows[row["image"]].append(row)
            self._rows[path] = rows
        return self._rows[path].get(name, [])

    def coco(self, item: str) -> Drawn:
        """People and things; kinds that are no things of ours are passed over."""
        path = self.root / item
        picture, size = _read(path, self.side)
        drawn, numbers = [], {}
        for row in self.rows(path.parent / "instances.csv", path.name):
            kind = PERSON if row["label"] == "person" else THING
            known = row["label"] == "person" or row["label"] in THINGS
            drawn.append((kind, _shares(row, size), known and row["crowd"] != "1"))
            if row["id"]:
                numbers[int(row["id"])] = len(drawn)
        masks = Image.open(path.with_suffix(".png"))
        masks = np.asarray(masks.resize(picture.shape[1::-1], Image.Resampling.NEAREST))
        table = np.zeros(256, int)
        for number, place in numbers.items():
            table[number] = place
        complete = frozenset({PERSON, THING})
        return Drawn(item, picture, Label.of(drawn), complete, table[masks])

    def wider(self, item: str) -> Drawn:
        path = self.root / item
        picture, size = _read(path, self.side)
        rows = self.rows(path.parent / "boxes.csv", path.name)
        label = Label.of([(FACE, _shares(row, size), True) for row in rows])
        return Drawn(item, picture, label, frozenset({FACE}))


def _mask(root: Path, item: str, side: int) -> Drawn:
    """The box of each large part of a mask; the street-fashion set shows people alone."""
    path = root / item
    picture, _ = _read(path, side)
    mask = Image.open(path.with_suffix(".png")).convert("L")
    mask = np.asarray(mask.resize(picture.shape[1::-1], Image.Resampling.NEAREST)) > 127
    parts, count = ndimage.label(mask)
    sizes = ndimage.sum_labels(mask, parts, range(1, count + 1))
    height, width = mask.shape
    kind = BODY if "/duts/" in item else PERSON
    drawn, masks = [], np.zeros(mask.shape, int)
    for number, (rows, columns) in enumerate(ndimage.find_objects(parts), 1):
        if sizes[number - 1] < _LEAST_PART * mask.sum():
            continue
        box = (
            columns.start / width,
            rows.start / height,
            columns.stop / width,
            rows.stop / height,
        )
        drawn.append((kind, box, True))
        masks[parts == number] = len(drawn)
    return Drawn(item, picture, Label.of(drawn), masks=masks)


def _frames(path: Path, item: str, side: int) -> Iterator[Drawn]:
    """Some frames of a clip, with the target's box where there is one."""
    kind = item.partition("/")[0]
    frames, kept, size = read_frames_of(path, side)
    table = path.with_suffix(".csv")
    chosen = np.unique(np.linspace(0, len(frames) - 1, _FRAMES[kind]).round().astype(int))
    for place in chosen:
        drawn = Drawn(f"{item}#{kept[place]}", frames[place])
        if kind == "mot":
            label = _people(table, size, kept[place])
            yield replace(drawn, label=label, complete=frozenset({PERSON}))
        elif kind in ("tracking", "masks"):
            yield replace(drawn, label=_target(table, size, kept[place]))
        else:
            yield drawn


def _people(table: Path, size: tuple[int, int], frame: int) -> Label:
    with table.open() as file:
        rows = [row for row in csv.DictReader(file) if int(row["frame"]) == frame]
    return Label.of([(PERSON, _shares(row, size), True) for row in rows])


def _target(table: Path, size: tuple[int, int], frame: int) -> Label:
    boxes = read_boxes(table, size)
    if frame >= len(boxes) or not np.isfinite(boxes[frame]).all():
        return Label()
    x, y, w, h = boxes[frame]
    return Label.of([(BODY, (x, y, x + w, y + h), True)])


def _sports(root: Path, item: str, side: int) -> Iterator[Drawn]:
    """Every few frames of a sports source, with the ball."""
    folder, name = root / item.rsplit("/", 1)[0], item.rsplit("/", 1)[1]
    with (folder / "boxes.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if source_of(Path(row["image"]).stem) == name]
    for row in rows[::_EVERY_SPORT]:
        picture, _ = _read(folder / row["image"], side)
        label = Label.of([(THING, _shares(row, (1, 1)), True)]) if row["w"] else Label()
        yield Drawn(f"{item}/{row['image']}", picture, label)
