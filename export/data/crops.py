# SPDX-License-Identifier: MIT
"""All cuts that a tracker learns from, made once and kept in a folder, so that pairs come fast.

    python -m export.data.crops ../shared/data ../shared/models build/tracker

does ahead of a run what the run would do at its start. The cuts of a split take about 3 GB on disk.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from export.data.drawn import read_drawn
from export.data.followed import Source, adopt_nanotrack, followed_tracks
from export.data.labelled import Store, labelled
from export.data.splits import read_split
from export.data.teachers import Teachers
from export.data.tracks import (
    SIDE,
    Track,
    ball_track,
    clip_track,
    face_tracks,
    read_frames,
    sport_frames,
    still_tracks,
)

Array = np.ndarray
GROUPS = ("clips", "followed", "masks", "stills", "balls")
_TABLE = "{}.npz"
_EVERY = 2  # frames of a clip from one look to the next, of those who follow targets


@dataclass
class Crops:
    """Cuts (n, 288, 288, 3) in a file, and of each its box, track, moment and mask.

    Parameters
    ----------
    boxes, places : array
        (n, 4) corners in pixels of the cut, and in shares of the picture.
    tracks, moments : array
        (n,) number of the track, frame of the clip.
    masked : array
        (n,) place among the masks, below 0 for none.
    masks : array
        (m, 288, 36) packed bits.
    groups : array
        (tracks,) place in ``GROUPS``.
    names : array
        (tracks,) text.
    """

    cuts: Array
    boxes: Array
    places: Array
    tracks: Array
    moments: Array
    masked: Array
    masks: Array
    groups: Array
    names: Array

    def mask(self, index: int) -> Array | None:
        """Which pixels are the target's, (288, 288) bool."""
        place = int(self.masked[index])
        return None if place < 0 else np.unpackbits(self.masks[place], axis=1).astype(bool)


def find_tracks(
    root: Path, split: str, models: Path | None, out: Path, seed: int
) -> Iterator[Track]:
    """The targets of ``tracks_<split>.txt``; without models only what people drew."""
    items = read_split("tracks", split)
    stills = [item for item in items if item.endswith(".jpg")]
    store = Store(out / f"teachers_{split}.npz", models)
    for number, item in enumerate(items):
        # Each item by a seed of its own: what is added later changes no other.
        random = np.random.default_rng((seed, number))
        kind = item.partition("/")[0]
        if kind in ("tracking", "masks", "masks_video"):
            yield clip_track(root, item, random)
        elif kind == "speakers":
            yield from face_tracks(root, item, random)
        elif kind == "sports":
            yield ball_track(root, item, random)
    for number, drawn in enumerate(read_drawn(root, stills)):
        random = np.random.default_rng((seed, number, 1))
        yield from still_tracks(labelled(drawn, store.rows(drawn), None), random)
    store.save()
    if models is not None:
        pair, teachers = adopt_nanotrack(models, out), Teachers(models)
        for number, item in enumerate(items):
            random = np.random.default_rng((seed, number, 2))
            source = source_at(root, item)
            if source is not None:
                yield from followed_tracks(source, pair, teachers, random)


def source_at(root: Path, item: str) -> Source | None:
    """The pictures of an item of the lists; nothing of a still."""
    kind, _, name = item.partition("/")
    if kind == "sports":  # of which every third frame was kept
        return Source(item, sport_frames(root, item), 1)
    if kind == "speakers":
        item_of_clip = f"gaze_video/{name}.mp4"
    elif kind in ("tracking", "masks", "masks_video"):
        item_of_clip = f"{item}.mp4"
    elif item.endswith(".mp4"):
        item_of_clip = item
    else:
        return None
    return Source(item, read_frames(root / item_of_clip), _EVERY)


def load_crops(root: Path, split: str, models: Path | None, out: Path, seed: int) -> Crops:
    """Those of a split; made where the folder has none yet."""
    folder = out / "crops"
    table, cuts = folder / _TABLE.format(split), folder / f"{split}.raw"
    if not table.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write(find_tracks(root, split, models, out, seed), cuts, table)
    saved = np.load(table)
    count = len(saved["boxes"])
    pictures = np.memmap(cuts, np.uint8, "r", shape=(count, SIDE, SIDE, 3))
    return Crops(pictures, **{name: saved[name] for name in saved.files})


def _write(tracks: Iterator[Track], cuts: Path, table: Path) -> None:
    """Both files; the table comes last, under its name only once it is whole."""
    columns: dict[str, list[object]] = {
        name: []
        for name in ("boxes", "places", "tracks", "moments", "masked", "masks", "groups", "names")
    }
    with cuts.open("wb") as file:
        for track in tracks:
            if not track.cuts:
                continue
            for place, picture in enumerate(track.cuts):
                file.write(picture.tobytes())
                columns["boxes"].append(track.boxes[place])
                columns["places"].append(track.places[place])
                columns["tracks"].append(len(columns["names"]))
                columns["moments"].append(track.moments[place])
                columns["masked"].append(len(columns["masks"]) if track.masks else -1)
                if track.masks:
                    columns["masks"].append(np.packbits(track.masks[place], axis=1))
            columns["groups"].append(GROUPS.index(track.group))
            columns["names"].append(track.name)
    if not columns["names"]:
        raise SystemExit(f"{cuts}: no target was found for it; --data names the labelled data")
    arrays = {name: np.array(values) for name, values in columns.items()}
    arrays["masks"] = arrays["masks"].reshape(-1, SIDE, SIDE // 8).astype(np.uint8)
    partial = table.with_name(f".part.{table.name}")
    np.savez(partial, **arrays)
    partial.replace(table)


def main() -> int:
    parser = argparse.ArgumentParser(description="Cut out what the tracker learns from.")
    parser.add_argument("root", type=Path, help="the data")
    parser.add_argument("models", type=Path, help="folder of the teachers and of NanoTrack")
    parser.add_argument("out", type=Path, help="folder of the run")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for split in ("val", "train"):
        crops = load_crops(given.root, split, given.models, given.out, given.seed)
        counts = np.bincount(crops.groups[crops.tracks], minlength=len(GROUPS))
        kinds = np.bincount(crops.groups, minlength=len(GROUPS))
        said = [f"{n} {k} ({c} cuts)" for n, k, c in zip(kinds, GROUPS, counts, strict=True)]
        print(f"{split}: {', '.join(said)}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
