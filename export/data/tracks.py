# SPDX-License-Identifier: MIT
"""Targets that a tracker learns from: what is seen of each, cut out of its pictures.

A cut is a square about the target, 3.6 times as wide as a template would be and not quite centred,
so that search pictures of any shift, size and turn can be made of it. Sources are clips with a
target's boxes, the faces of people who talk, balls of sports frames, and stills: of these a target
is seen once, and a pair is made of two views of it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from PIL import Image

from export.data.drawn import FACE, Drawn
from export.data.splits import source_of
from export.networks.tracker import CONTEXT, TEMPLATE
from export.tracker import cut, template_side

Array = np.ndarray
SIDE = 288  # of a cut, pixels; a template's side is TEMPLATE of them
_REACH = SIDE / TEMPLATE
_OFF = 0.5  # of a template's side, that a cut's middle may be off the target's
_MOST = 140  # frames kept of a clip
_MOST_FACES = 50  # and of a face
_LEAST_SIDE = 6.0  # pixels of a target in the file
_MOST_BOXES = {"instances": 4, "boxes": 2}  # targets kept of a still; of others:
_FEW_BOXES = 2


@dataclass
class Track:
    """A target: its moments (n,), cuts (n, 288, 288, 3) uint8 and boxes (n, 4), corners in them.

    Places (n, 4) are its corners in shares of the picture: tracks of a source share pictures.

    Parameters
    ----------
    group : str
        Kind of the source: ``clips``, ``followed``, ``masks``, ``stills`` or ``balls``.
    masks : array or None
        (n, 288, 288) bool, which pixels of a cut are the target's.
    """

    name: str
    group: str
    moments: list[int] = field(default_factory=list)
    cuts: list[Array] = field(default_factory=list)
    boxes: list[Array] = field(default_factory=list)
    places: list[Array] = field(default_factory=list)
    masks: list[Array] | None = None

    def see(
        self,
        picture: Array,
        box: Array,
        moment: int,
        random: np.random.Generator,
        mask: Array | None = None,
    ) -> None:
        """Add what a picture shows; the box is x, y, w, h in its pixels."""
        if min(box[2:]) < _LEAST_SIDE:
            return
        unit = float(template_side(box[2:], CONTEXT))
        side = unit * _REACH
        middle = box[:2] + box[2:] / 2 + unit * random.uniform(-_OFF, _OFF, 2)
        low = middle - side / 2
        corners = np.concatenate([box[:2] - low, box[:2] + box[2:] - low]) * (SIDE / side)
        self.cuts.append(cut(picture, middle, side, SIDE, picture.reshape(-1, 3).mean(0)))
        self.boxes.append(corners)
        size = picture.shape[1::-1]
        self.places.append(np.concatenate([box[:2] / size, (box[:2] + box[2:]) / size]))
        self.moments.append(moment)
        if mask is not None:
            shown = np.repeat(mask[..., None].astype(np.uint8) * 255, 3, 2)
            part = cut(shown, middle, side, SIDE, np.zeros(3))[..., 0] > 127
            self.masks = [*(self.masks or []), part]


def read_frames(path: Path) -> Iterator[Array]:
    """All frames of a clip, RGB, in their own size."""
    with av.open(str(path)) as file:
        file.streams.video[0].thread_type = "AUTO"
        for frame in file.decode(file.streams.video[0]):
            yield frame.to_ndarray(format="rgb24")


def read_rows(path: Path) -> Array:
    """x, y, w, h of a table (n, 4) in pixels of the file; NaN where the target is absent."""
    with path.open() as file:
        rows = [[float(row[key] or "nan") for key in "xywh"] for row in csv.DictReader(file)]
    return np.array(rows)


def clip_track(root: Path, item: str, random: np.random.Generator) -> Track:
    """The target of a clip of ``tracking``, ``masks`` or ``masks_video``."""
    path = root / f"{item}.mp4"
    rows = read_rows(path.with_suffix(".csv"))
    every = -(-len(rows) // _MOST)
    track = Track(item, "clips")
    for index, picture in enumerate(read_frames(path)):
        if index < len(rows) and index % every == 0 and np.isfinite(rows[index]).all():
            track.see(picture, inside(rows[index], picture), index, random)
    return track


def sport_frames(root: Path, item: str) -> Iterator[Array]:
    """The pictures of a source under ``sports``, which lie shortly after one another."""
    for path in sport_files(root, item):
        yield np.asarray(Image.open(path).convert("RGB"))


def sport_files(root: Path, item: str) -> list[Path]:
    """Their files, in the order of their names."""
    folder, name = root / item.rsplit("/", 1)[0], item.rsplit("/", 1)[1]
    return [path for path in sorted(folder.glob("*.jpg")) if source_of(path.stem) == name]


def inside(box: Array, picture: Array) -> Array:
    """A box cut to the picture."""
    size = np.array(picture.shape[1::-1])
    low, high = np.clip(box[:2], 0, size), np.clip(box[:2] + box[2:], 0, size)
    return np.concatenate([low, high - low])


def face_tracks(root: Path, item: str, random: np.random.Generator) -> list[Track]:
    """The faces of ``speakers/find_*``, whose clips lie in ``gaze_video``."""
    with (root / f"{item}.csv").open() as file:
        table = list(csv.DictReader(file))
    faces = sorted({row["face"] for row in table})
    tracks = {face: Track(f"{item}#{face}", "clips") for face in faces}
    last = max(int(row["frame"]) for row in table)
    every = -(-(last + 1) // _MOST_FACES)
    wanted: dict[int, list[dict[str, str]]] = {}
    for row in table:
        if int(row["frame"]) % every == 0 and row["x"]:
            wanted.setdefault(int(row["frame"]), []).append(row)
    clip = root / "gaze_video" / f"{item.split('/')[1]}.mp4"
    for index, picture in enumerate(read_frames(clip)):
        for row in wanted.get(index, []):
            box = np.array([float(row[key]) for key in "xywh"])
            tracks[row["face"]].see(picture, inside(box, picture), index, random)
    return list(tracks.values())


def ball_track(root: Path, item: str, random: np.random.Generator) -> Track:
    """The ball of a source under ``sports``: frames shortly after one another."""
    folder = root / item.rsplit("/", 1)[0]
    track = Track(item, "balls")
    with (folder / "boxes.csv").open() as file:
        rows = {row["image"]: row for row in csv.DictReader(file) if row["w"]}
    for index, path in enumerate(sport_files(root, item)):
        if path.name not in rows:
            continue
        row = rows[path.name]
        picture = np.asarray(Image.open(path).convert("RGB"))
        size = np.array(picture.shape[1::-1])
        box = np.array([float(row[key]) for key in "xywh"]) * [*size, *size]
        # The smallest balls are a few pixels; some of their surroundings are tracked too.
        grown = np.maximum(box[2:], _LEAST_SIDE)
        box = np.concatenate([box[:2] + (box[2:] - grown) / 2, grown])
        track.see(picture, box, index, random)
    return track


def still_tracks(drawn: Drawn, random: np.random.Generator) -> list[Track]:
    """Sure boxes of a still, those with a mask first; each a track of one moment."""
    size = np.array(drawn.picture.shape[1::-1])
    label, kind = drawn.label, drawn.name.partition("/")[0]
    order = [index for index in random.permutation(len(label.kinds)) if label.sure[index]]
    if drawn.masks is not None:
        masked = {int(k) - 1 for k in np.unique(drawn.masks) if k}
        order.sort(key=lambda index: index not in masked)
    tracks: list[Track] = []
    for index in order:
        low, high = label.boxes[index][:2] * size, label.boxes[index][2:] * size
        box = inside(np.concatenate([low, high - low]), drawn.picture)
        if max(box[2:] / size) > 0.9 or min(box[2:]) < 2 * _LEAST_SIDE:
            continue
        mask = None if drawn.masks is None else drawn.masks == index + 1
        if mask is not None and mask.mean() * size.prod() < 0.2 * box[2:].prod():
            mask = None
        if mask is None and kind == "masks_stills" and label.kinds[index] != FACE:
            continue
        group = "stills" if mask is None else "masks"
        track = Track(f"{drawn.name}#{index}", group)
        track.see(drawn.picture, box, 0, random, mask)
        tracks.append(track)
        if len(tracks) == _MOST_BOXES.get(kind, _FEW_BOXES):
            break
    return tracks
