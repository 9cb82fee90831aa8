# SPDX-License-Identifier: MIT
"""Which pictures and sequences are trained on, watched during training, and held out.

    python -m export.data.splits ../shared/data

writes the lists beside this file. An item's list follows from a hash of its group's name, so that
a picture that is added later moves no other. A group is what must not be torn apart: pictures that
look alike (difference hash within a few bits), the frames of a clip.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import itertools
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parent / "splits"
NAMES = ("train", "val", "test")
STILL_SHARES = {"test": 15, "val": 5}  # per cent
SEQUENCE_SHARES = {"test": 33, "val": 8}
WATCHED = {"test": 0, "val": 20}
LIKE_BITS = 6  # of 64


def read_split(kind: str, name: str) -> list[str]:
    """Read a list, such as ``("fixations", "test")``: ``set/file`` lines."""
    lines = (FOLDER / f"{kind}_{name}.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def pick(group: str, shares: dict[str, int]) -> str:
    """Name of the list that a group belongs to."""
    place = int(hashlib.sha256(group.encode()).hexdigest(), 16) % 100
    if place < shares["test"]:
        return "test"
    return "val" if place < shares["test"] + shares["val"] else "train"


def difference_hash(path: Path) -> int:
    """64 bits: which of two neighbours is brighter, on a picture of 9 x 8."""
    small = np.asarray(Image.open(path).convert("L").resize((9, 8), Image.Resampling.BOX), int)
    bits = (small[:, 1:] > small[:, :-1]).ravel()
    return int("".join("1" if bit else "0" for bit in bits), 2)


def groups_of_stills(paths: list[Path]) -> dict[Path, str]:
    """Group of each picture: the first of those that look like it."""
    group = {path: path for path in paths}
    hashes = {path: difference_hash(path) for path in paths}
    for first, second in itertools.combinations(paths, 2):
        if (hashes[first] ^ hashes[second]).bit_count() <= LIKE_BITS:
            root = group[first]
            joined = group[second]
            group = {path: root if to == joined else to for path, to in group.items()}
    return {path: f"{to.parent.name}/{to.name}" for path, to in group.items()}


def split_stills(root: Path) -> dict[str, list[str]]:
    """Lists of the fixation pictures."""
    paths = [
        path for path in sorted((root / "fixations").glob("*/*.jpg")) if "_map" not in path.stem
    ]
    lists: dict[str, list[str]] = {name: [] for name in NAMES}
    for path, group in groups_of_stills(paths).items():
        lists[pick(group, STILL_SHARES)].append(f"{path.parent.name}/{path.name}")
    return lists


def split_subjects(root: Path) -> dict[str, list[str]]:
    """Lists of the sequences with a subject, and of the sports sources."""
    items = [
        f"{kind}/{path.stem}"
        for kind in ("tracking", "masks")
        for path in sorted((root / kind).glob("*.mp4"))
    ]
    frames = sorted((root / "sports").glob("*/*.jpg"))
    items += sorted({f"sports/{path.parent.name}/{source_of(path.stem)}" for path in frames})
    lists: dict[str, list[str]] = {name: [] for name in NAMES}
    for item in items:
        lists[pick(item, SEQUENCE_SHARES)].append(item)
    return lists


def split_boxes(root: Path) -> dict[str, list[str]]:
    """Lists of the pictures and clips that the detector learns from, and is judged by.

    The teachers have seen the training part of COCO, so that its validation part is held out,
    whatever ``splits_subjects.csv`` says. The one clip of ``mot`` is held out too, for the sake of
    those who judge identities on it. Of other kinds what some list holds out is not trained on.
    """
    lists: dict[str, list[str]] = {name: [] for name in NAMES}
    with (root / "instances/coco/images.csv").open() as file:
        unseen = {row["image"] for row in csv.DictReader(file) if row["coco_split"] == "val"}
    with (root / "splits_subjects.csv").open() as file:
        for row in csv.DictReader(file):
            folder, _, name = row["image"].rpartition("/")
            held_out = folder in ("boxes/wider_val", "masks_stills/duts") and row["split"] == "val"
            if folder == "boxes/wider_val" and not held_out:  # watched: some of the events
                watched = pick(name.split("_")[0], {"test": 0, "val": 10}) == "val"
            else:
                watched = row["split"] == "val"
            if folder == "instances/coco":
                held_out = name in unseen
            lists["test" if held_out else "val" if watched else "train"].append(row["image"])
    lists["test"].append("mot/adl_rundle6_a.mp4")
    lists["train"] += [f"fixations/{item}" for item in read_split("fixations", "train")]
    lists["train"] += [f"{item}.mp4" for item in _sequences("train")]
    lists["train"] += [item for item in read_split("subjects", "train") if "sports/" in item]
    lists["train"] += [
        item for item in read_split("cuts", "train") if item.startswith(("actions/", "clips/"))
    ]
    return {name: sorted(items) for name, items in lists.items()}


def split_tracks(root: Path) -> dict[str, list[str]]:
    """Lists of what the tracker learns from, and is judged by.

    Sequences and sports sources are those of ``subjects``, stills those of ``boxes``; a fifth of
    the sequences that are trained on elsewhere is watched, since the loop's numbers are chosen by
    them. Faces of people who talk have lists of their own. The clip of ``mot`` is in no list.
    """
    lists: dict[str, list[str]] = {name: [] for name in NAMES}
    for name in NAMES:
        lists[name] += [item for item in read_split("subjects", name) if "sports/" not in item]
    for item in [each for each in lists["train"] if pick(f"tracks {each}", WATCHED) == "val"]:
        lists["train"].remove(item)
        lists["val"].append(item)
    lists["train"] += [item for item in read_split("subjects", "train") if "sports/" in item]
    names = sorted((root / "speakers").glob("find_*.csv")) + sorted(root.glob("masks_video/*.mp4"))
    for path in names:
        item = f"{path.parent.name}/{path.stem}"
        lists[pick(item, SEQUENCE_SHARES)].append(item)
    for name in ("train", "val"):
        lists[name] += [
            item
            for item in read_split("boxes", name)
            if item.startswith(_OF_BOXES) or (item.endswith(".mp4") and item.startswith(_CLIPS))
        ]
    lists["train"] += [
        f"clips/{path.name}"
        for path in sorted((root / "clips").glob("*.mp4"))
        if pick(f"clips/{path.stem}", SEQUENCE_SHARES) == "train"
        and not any(f"clips/{path.name}" in read_split("cuts", name) for name in ("train", "test"))
    ]
    return {name: sorted(items) for name, items in lists.items()}


def _sequences(name: str) -> list[str]:
    return [item for item in read_split("subjects", name) if not item.startswith("sports/")]


def source_of(stem: str) -> str:
    """Source clip of a sports frame: its name without the number at the end."""
    return stem.rstrip("0123456789").rstrip("_-")


# In this order: the last reads the lists of the others.
KINDS = {
    "fixations": split_stills,
    "subjects": split_subjects,
    "boxes": split_boxes,
    "tracks": split_tracks,
}
# What the tracker takes of the detector's lists: stills, and clips in which targets are followed.
_OF_BOXES = ("masks_stills/", "instances/", "boxes/", "pose/", "fixations/")
_CLIPS = ("actions/", "clips/")


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the split lists.")
    parser.add_argument("root", type=Path)
    root = parser.parse_args().root
    FOLDER.mkdir(exist_ok=True)
    for kind, split in KINDS.items():
        for name, items in split(root).items():
            (FOLDER / f"{kind}_{name}.txt").write_text("".join(f"{item}\n" for item in items))
            print(f"{kind} {name}: {len(items)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
