# SPDX-License-Identifier: MIT
"""How well detectors find faces, people and things that people drew in held-out pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path

import numpy as np
import numpy.typing as npt

from export.data.drawn import BODY, FACE, PERSON, THING, Drawn, read_drawn
from export.data.splits import read_split
from export.data.teachers import (
    OTHERS,
    PEOPLE,
    THINGS,
    YOLOX,
    YUNET,
    yolox_description,
    yunet_description,
)
from export.detector import Detector, Found, areas, overlaps, shared_areas
from export.judging.table import Table

Array = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
_SAME = 0.5  # overlap from which a box is found
_LARGE = 0.15  # of the picture's height
_FEW = 3  # boxes that may be spent on a salient object
_SIDE = 640  # of a picture
COLUMNS = {"AP50": 3, "recall": 3, "AP50 large": 3, "recall large": 3, "at .7 precision": 3}
NAMES = {FACE: "faces", PERSON: "people", THING: "things"}
# Set to the kinds that were drawn in full.
SETS = {
    "boxes/wider_val": (FACE,),
    "instances/coco": (PERSON, THING),
    "mot": (PERSON,),
}
_SALIENT = "masks_stills/duts"


@dataclass(frozen=True)
class Peer:
    """A detector, and which of its classes are of which kind."""

    detector: Detector
    classes: Mapping[int, Sequence[int]]

    def find(self, picture: npt.NDArray[np.uint8], kinds: Sequence[int]) -> dict[int, Found]:
        groups = [self.classes[kind] for kind in kinds]
        return dict(zip(kinds, self.detector.find(picture, groups), strict=True))


def ours(path: str | Path) -> Peer:
    """A file that has our three classes."""
    kinds = {FACE: (0,), PERSON: (1,), THING: (2,), BODY: (1, 2)}
    return Peer(Detector(path), kinds)


def teachers(folder: Path) -> dict[str, Peer]:
    """YOLOX-nano and YuNet, the latter at the size of our input and at a larger one."""
    every = (*PEOPLE, *THINGS, *OTHERS)
    kinds = {PERSON: PEOPLE, THING: THINGS, BODY: every}
    peers = {"yolox_nano": Peer(Detector(folder / YOLOX, yolox_description()), kinds)}
    for width, height in ((288, 160), (448, 448)):
        detector = Detector(folder / YUNET, yunet_description(width, height))
        peers[f"yunet {width}x{height}"] = Peer(detector, {FACE: (0,)})
    return peers


@dataclass
class Tally:
    """Scores of all boxes that a detector gave, whether each was right, and how many there were."""

    scores: list[float]
    right: list[bool]
    count: int = 0

    def add(self, found: Found, wanted: Array, passed: Array) -> None:
        """One picture: the best box takes the wanted one that it fits best."""
        self.count += len(wanted)
        free = np.ones(len(wanted), bool)
        fits = overlaps(found.boxes, wanted)
        doubtful = shared_areas(found.boxes, passed) >= _SAME * areas(found.boxes)[:, None]
        for index, score in enumerate(found.scores):
            open_fits = np.where(free, fits[index], 0)
            hit = bool(len(wanted)) and bool(open_fits.max() >= _SAME)
            if hit:
                free[open_fits.argmax()] = False
            elif doubtful[index].any():
                continue
            self.scores.append(float(score))
            self.right.append(hit)

    def curve(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Precision and recall after each box, best first."""
        order = np.argsort(-np.array(self.scores), kind="stable")
        right = np.cumsum(np.array(self.right, float)[order])
        return right / np.arange(1, len(right) + 1), right / max(self.count, 1)

    @property
    def recall(self) -> float:
        """Share of the wanted boxes that were found, whatever the score."""
        return sum(self.right) / self.count if self.count else nan

    @property
    def precision_area(self) -> float:
        """Average precision: the area under the curve, precision made to fall."""
        if not self.count:
            return nan
        if not self.scores:
            return 0.0
        precision, recall = self.curve()
        falling = np.maximum.accumulate(precision[::-1])[::-1]
        return float((np.diff(recall, prepend=0) * falling).sum())

    def recall_at(self, least: float) -> float:
        """The most that is found with at least this precision."""
        if not self.count:
            return nan
        precision, recall = self.curve() if self.scores else (np.zeros(1), np.zeros(1))
        return float(recall[precision >= least].max(initial=0))


def empty() -> Tally:
    return Tally([], [])


def row_of(pictures: Sequence[Drawn], found: Sequence[Found], kind: int) -> list[float]:
    """Numbers of a detector on one kind, of all boxes and of the large ones."""
    every, large = empty(), empty()
    for drawn, each in zip(pictures, found, strict=True):
        mine = drawn.label.kinds == kind
        boxes, sure = drawn.label.boxes[mine], drawn.label.sure[mine]
        tall = boxes[:, 3] - boxes[:, 1] >= _LARGE
        every.add(each, boxes[sure], boxes[~sure])
        kept = each.boxes[:, 3] - each.boxes[:, 1] >= 0.8 * _LARGE
        # A smaller box that fits one of the small ones is not wrong.
        large.add(
            Found(each.boxes[kept], each.scores[kept]), boxes[sure & tall], boxes[~(sure & tall)]
        )
    return [
        every.precision_area,
        every.recall,
        large.precision_area,
        large.recall,
        every.recall_at(0.7),
    ]


def salient_row(pictures: Sequence[Drawn], found: Sequence[Found]) -> list[float]:
    """Share of the salient objects that the best box shows, and that one of the best few does."""
    hits = np.zeros(2)
    count = 0
    for drawn, each in zip(pictures, found, strict=True):
        fits = overlaps(drawn.label.boxes, each.boxes[:_FEW]) >= _SAME
        count += len(fits)
        hits += [fits[:, :1].any(1).sum(), fits.any(1).sum()]
    return list(hits / max(count, 1))


def box_tables(root: Path, split: str, peers: Mapping[str, Peer]) -> list[Table]:
    """A table for each set and kind."""
    items = read_split("boxes", split)
    tables = []
    for name, kinds in SETS.items():
        chosen = [item for item in items if item.startswith(f"{name}/")]
        pictures = list(read_drawn(root, chosen, _SIDE))
        for kind in kinds if pictures else ():
            count = sum(int(((p.label.kinds == kind) & p.label.sure).sum()) for p in pictures)
            title = f"{NAMES[kind]} of {name} ({count} in {len(pictures)} pictures, {split})"
            table = Table(title, COLUMNS)
            for label, peer in peers.items():
                if kind in peer.classes:
                    found = [peer.find(each.picture, [kind])[kind] for each in pictures]
                    table.rows[label] = row_of(pictures, found, kind)
            tables.append(table)
    chosen = [item for item in items if item.startswith(f"{_SALIENT}/")]
    pictures = [each for each in read_drawn(root, chosen, _SIDE) if len(each.label.boxes)]
    if pictures:
        title = f"salient objects of {_SALIENT} ({len(pictures)} pictures, {split})"
        table = Table(title, {"best box": 3, f"best {_FEW} boxes": 3})
        for label, peer in peers.items():
            if BODY in peer.classes:
                found = [peer.find(each.picture, [BODY])[BODY] for each in pictures]
                table.rows[label] = salient_row(pictures, found)
        tables.append(table)
    return tables
