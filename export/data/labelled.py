# SPDX-License-Identifier: MIT
"""Pictures with what people drew and, of the kinds that nobody drew, what the teachers see.

    python -m export.data.labelled ../shared/data ../shared/models build/subjects

does ahead of a run what the run would do at its start. What the teachers saw is kept in the file
``teachers.npz`` of that folder.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.progress import track

from export.data.drawn import BODY, FACE, PERSON, THING, Drawn, Label, read_drawn
from export.data.splits import read_split
from export.data.teachers import Teachers
from export.detector import areas, overlaps, shared_areas

Array = np.ndarray
# Scores from which a teacher is believed, and from which it is not held to be wrong.
_SURE = {FACE: 0.6, PERSON: 0.5, THING: 0.5}
_MAYBE = {FACE: 0.25, PERSON: 0.15, THING: 0.12}
_OTHER_MAYBE = 0.3  # of kinds that are no things of ours; passed over
_SAME = 0.5  # overlap of two boxes of the same subject
_WITHIN = 0.8  # share of a box that lies in the box of a group
_SINGLE = 0.7  # of a group's area; a larger box in it is the group itself
_KEPT_OFTEN = 400  # pictures after which the file of what was seen is written

Seen = dict[str, Array]  # picture to rows of kind, box, score; the kind after thing is another


class Store:
    """What the teachers saw, in a file."""

    def __init__(self, path: Path, models: Path | None) -> None:
        self.path, self.models = path, models
        self.seen: Seen = dict(np.load(path)) if path.exists() else {}
        self._teachers: Teachers | None = None
        self._fresh = 0

    def rows(self, drawn: Drawn) -> Array:
        """Rows (n, 6) of a picture: kind, left, top, right, bottom, score."""
        if self.models is None:
            return np.zeros((0, 6), np.float32)
        if drawn.name not in self.seen:
            self._teachers = self._teachers or Teachers(self.models)
            found = self._teachers.find(drawn.picture)
            rows = [
                np.column_stack([np.full(len(each.scores), kind), each.boxes, each.scores])
                for kind, each in enumerate(found)
            ]
            self.seen[drawn.name] = np.concatenate(rows).astype(np.float32)
            self._fresh += 1
            if self._fresh % _KEPT_OFTEN == 0:
                self.save()
        return self.seen[drawn.name]

    def save(self) -> None:
        """Write the file, under its name only once it is whole."""
        if self._fresh:
            partial = self.path.with_name(f".part.{self.path.name}")
            np.savez(partial, **self.seen)
            partial.replace(self.path)


def load_labelled(root: Path, split: str, store: Store) -> list[Drawn]:
    """The pictures of ``boxes_<split>.txt``, fully labelled."""
    items = read_split("boxes", split)
    pictures = track(read_drawn(root, items), f"labels, {split}", total=None, transient=True)
    drawn = [(each, store.rows(each)) for each in pictures]
    store.save()
    kinds = kinds_of_targets(drawn)
    return [labelled(each, rows, kinds.get(source(each))) for each, rows in drawn]


def source(drawn: Drawn) -> str:
    """The clip that a frame is of, or the picture."""
    return drawn.name.split("#")[0]


def kinds_of_targets(drawn: list[tuple[Drawn, Array]]) -> dict[str, int]:
    """What the targets of clips are, where the teachers agree in a third of the frames or more."""
    votes: dict[str, list[int]] = {}
    for each, rows in drawn:
        if "#" in each.name and (each.label.kinds == BODY).any():
            votes.setdefault(source(each), []).append(kind_of(each.label.boxes[0], rows, _MAYBE))
    answers = {}
    for name, cast in votes.items():
        counts = np.bincount([kind for kind in cast if kind >= 0], minlength=3)
        answers[name] = int(counts.argmax()) if counts.max() >= len(cast) / 3 else THING
    return answers


def kind_of(box: Array, rows: Array, least: dict[int, float]) -> int:
    """Kind of the teachers' box that is about this one; below 0: they see none there."""
    close = overlaps(box[None], rows[:, 1:5])[0]
    fits = [
        (close[i] * rows[i, 5], int(rows[i, 0]))
        for i in range(len(rows))
        if close[i] >= _SAME and rows[i, 0] <= THING and rows[i, 5] >= least[int(rows[i, 0])]
    ]
    return max(fits)[1] if fits else -1


def labelled(drawn: Drawn, rows: Array, target: int | None) -> Drawn:
    """Add what the teachers saw of the kinds that were not drawn in full."""
    label = drawn.label
    kinds = label.kinds.copy()
    for index in np.flatnonzero(kinds == BODY):
        kind = kind_of(label.boxes[index], rows, _MAYBE) if target is None else target
        kinds[index] = kind if kind >= (PERSON if target is None else FACE) else THING
    label = Label(kinds, label.boxes, label.sure.copy())
    seen = [row for row in rows if int(row[0]) not in drawn.complete]
    if THING in drawn.complete:
        seen = [row for row in seen if row[0] == FACE]
    label = replace(label, sure=label.sure & ~is_group(label, rows))
    return replace(drawn, label=without_muzzles(label + taught(label, seen)))


def without_muzzles(label: Label) -> Label:
    """Pass over faces in things: YuNet takes those of animals for faces of people."""
    faces = label.kinds == FACE
    if not faces.any():
        return label
    within = shared_areas(label.boxes, label.boxes) >= _WITHIN * areas(label.boxes)[:, None]
    in_thing = (within & ((label.kinds == THING) & label.sure)).any(1)
    in_person = (within & (label.kinds == PERSON)).any(1)
    return replace(label, sure=label.sure & ~(faces & in_thing & ~in_person))


def is_group(label: Label, rows: Array) -> Array:
    """Which of the drawn boxes hold several bodies that the teachers tell apart."""
    bodies = [
        row[1:5] for row in rows if row[0] in (PERSON, THING) and row[5] >= _SURE[int(row[0])]
    ]
    if not bodies or not len(label.boxes):
        return np.zeros(len(label.boxes), bool)
    each = np.array(bodies)
    within = shared_areas(label.boxes, each) >= _WITHIN * areas(each)
    smaller = areas(each)[None] < _SINGLE * areas(label.boxes)[:, None]
    large = areas(each)[None] > 0.2 * areas(label.boxes)[:, None]
    return np.asarray((within & smaller & large).sum(1) >= 2) & (label.kinds != FACE)


def taught(label: Label, seen: list[Array]) -> Label:
    """The teachers' boxes that are none of those drawn."""
    added = []
    for row in seen:
        kind, score = int(row[0]), float(row[5])
        box = row[1:5]
        alike = label.sure & ((label.kinds == FACE) == (kind == FACE))
        if (overlaps(box[None], label.boxes[alike]) >= _SAME).any():
            continue
        if kind > THING:
            if score >= _OTHER_MAYBE:
                added.append((THING, tuple(box), False))
        elif score >= _MAYBE[kind]:
            added.append((kind, tuple(box), score >= _SURE[kind]))
    return Label.of(added)


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Label the pictures that the detector learns from."
    )
    parser.add_argument("root", type=Path, help="the data")
    parser.add_argument("models", type=Path, help="folder of the teachers")
    parser.add_argument("out", type=Path, help="folder of the run")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for split in ("val", "train"):
        store = Store(given.out / "teachers.npz", given.models)
        pictures = load_labelled(given.root, split, store)
        every = sum((each.label for each in pictures[1:]), pictures[0].label)
        counts = [int(((every.kinds == kind) & every.sure).sum()) for kind in range(3)]
        print(f"{split}: {len(pictures)} pictures; faces, people, things: {counts}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
