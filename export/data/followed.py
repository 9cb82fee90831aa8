# SPDX-License-Identifier: MIT
"""Targets that nobody drew, as a published tracker follows them there and back.

They lie in clips without labels, beside the labelled targets of others, and among the players of
sports. Detectors say where something is in a frame. NanoTrack follows it to a later frame and
from there back to the first; it is believed where both ways agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from PIL import Image

from export.data.teachers import Teachers
from export.data.tracks import Track
from export.detector import overlaps
from export.judging.tracking import AS_PUBLISHED, Tracker
from export.tracker import Pair
from export.writing.contract import Picture
from export.writing.trackers import Pairing, describe_pair

Array = np.ndarray
TRUNK, HEAD = "nanotrack_backbone_sim.onnx", "nanotrack_head_sim.onnx"
_LONGEST = 32  # looks of a stretch
_TARGETS = 6  # of a stretch
_SCORES = (0.45, 0.35, 0.3, 0.3)  # from which a face, a person, a thing, something else counts
_LEAST, _MOST = 8.0, 0.6  # sides of a target: pixels, share of the picture's
_OF_A_KIND = 3  # targets of a stretch
_SEEN_EVERY = 4  # looks of a stretch that are kept
_AGREE = 0.6  # overlap of the two ways, in each frame that is kept
_LEAST_SEEN = 0.5  # score of the tracker, both ways
_STRETCHES = 5  # of a clip
_SIDE = 640  # pictures are made no larger than this


def adopt_nanotrack(models: Path, out: Path) -> Pair:
    """NanoTrack's two files with a description, so that the loop can run them."""
    for name in (TRUNK, HEAD):
        if not (models / name).exists():
            raise SystemExit(f"{models / name}: the tracker is missing; see --models")
    trunk, head = onnx.load(str(models / TRUNK)), onnx.load(str(models / HEAD))
    for value, names in (
        (trunk.graph.input[0], ("height", "width")),
        (trunk.graph.output[0], ("rows", "columns")),
    ):
        sides = value.type.tensor_type.shape.dim
        for side, name in zip(sides[2:], names, strict=True):
            side.dim_param = name
    del trunk.graph.value_info[:]
    # The head names its inputs as NanoTrack's does: first the template's features.
    names = [tuple(each.name for each in of) for of in (head.graph.input, head.graph.output)]
    pairing = Pairing("nanotrack_trunk.onnx", 127, 0.5, (-0.5, 16.0), "softmax", *names)
    picture = Picture(255, 255, order="BGR")
    describe_pair(head, picture, pairing, {"licence": "Apache-2.0"}, trunk.graph.input[0].name)
    onnx.save(trunk, str(out / pairing.trunk))
    onnx.save(head, str(out / "nanotrack.onnx"))
    return Pair(out / "nanotrack.onnx")


@dataclass(frozen=True)
class Source:
    """Pictures one after another, of which one in ``every`` is looked at."""

    name: str
    pictures: Iterator[Array]
    every: int


def followed_tracks(
    source: Source, pair: Pair, teachers: Teachers, random: np.random.Generator
) -> Iterator[Track]:
    """What is followed in a source."""
    every, pictures = source.every, source.pictures
    frames = [shrunk(picture) for index, picture in enumerate(pictures) if index % every == 0]
    starts = np.arange(0, max(1, len(frames) - _LONGEST // 2), _LONGEST)
    if len(starts) > _STRETCHES:
        starts = np.sort(random.choice(starts, _STRETCHES, replace=False))
    for start in starts:
        stretch = frames[start : start + _LONGEST]
        for number, box in enumerate(seen(stretch[0], teachers, random)):
            kept = there_and_back(pair, stretch, box)
            if len(kept) < 3:
                continue
            track = Track(f"{source.name}#{start}.{number}", "followed")
            # Targets of a stretch are seen in the same frames, so that pairs can show both.
            for index in [index for index in sorted(kept) if index % _SEEN_EVERY == 0]:
                moment = every * int(start + index)
                track.see(stretch[index], kept[index], moment, random)
            yield track


def shrunk(picture: Array) -> Array:
    """No larger than the tracker needs it."""
    step = -(-max(picture.shape[:2]) // _SIDE)
    return np.asarray(Image.fromarray(picture).reduce(step)) if step > 1 else picture


def seen(picture: Array, teachers: Teachers, random: np.random.Generator) -> list[Array]:
    """Some boxes x, y, w, h in pixels: of all kinds, without those that overlap much."""
    size = np.array(picture.shape[1::-1])
    boxes: list[Array] = []
    kinds = list(zip(teachers.find(picture), _SCORES, strict=True))
    for found, least in (kinds[k] for k in (2, 3, 0, 1)):
        for corners in random.permutation(found.boxes[found.scores >= least])[:_OF_A_KIND]:
            low, high = corners[:2] * size, corners[2:] * size
            box = np.concatenate([low, high - low])
            if min(box[2:]) < _LEAST or (box[2:] / size).max() > _MOST:
                continue
            edges = np.concatenate([low, high])
            others = np.array([[*b[:2], *(b[:2] + b[2:])] for b in boxes]).reshape(-1, 4)
            if not (overlaps(edges[None], others) > 0.5).any():
                boxes.append(box)
    return boxes[:_TARGETS]


def there_and_back(pair: Pair, frames: list[Array], box: Array) -> dict[int, Array]:
    """Frames in which both ways agree, up to the first in which they do not."""
    tracker = Tracker(pair, frames[0], box, AS_PUBLISHED)
    there = [box]
    for frame in frames[1:]:
        look = tracker.look(frame)
        if look.score < _LEAST_SEEN:
            break
        there.append(np.array(look.box))
    last = len(there) - 1
    tracker = Tracker(pair, frames[last], there[last], AS_PUBLISHED)
    back = {last: there[last]}
    for index in range(last - 1, -1, -1):
        look = tracker.look(frames[index])
        back[index] = np.array(look.box)
        if look.score < _LEAST_SEEN:
            return {}
    kept = {}
    for index in range(last + 1):
        one, two = (np.concatenate([b[:2], b[:2] + b[2:]]) for b in (there[index], back[index]))
        if overlaps(one[None], two[None])[0, 0] < _AGREE:
            return {} if index == 0 else kept
        kept[index] = (there[index] + back[index]) / 2
    return kept
