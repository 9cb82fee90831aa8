#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Faces: does the window cut them?

    python -m tests.bench.faces DATA_ROOT --model yunet.onnx [--option key=value ...] [--clips]

Every fourth frame of some clips of people is shown to YuNet. Faces that are 4 per cent of the
picture's width or more, and sure, count. A face is cut where an edge of the 9:16 window, left or
right, leaves more than 10 per cent of its width on either side; it is missed where less is inside.
Columns are shares of the frames that show a face:

* ``cut``: some face is cut,
* ``missed``: some face is missed (two that are far apart cannot both be shown),
* ``none``: no face is whole in the window,
* ``bad``: a face is cut, or none is whole.

Rows are the centre crop, the window that is best when it stays for a whole clip (known only with
the faces), and ours. Clips count alike. What was found is kept in ``--work``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

import smartcrop

from .track_tool import ROOT
from .yunet import Yunet

Array = np.ndarray
CLIPS = (
    "gaze_video/find_*.mp4",
    "speakers/interview.mp4",
    "clips/two_people_1080p.mp4",
    "clips/dance.mp4",
)
COLUMNS = ("cut", "missed", "none", "bad")
STEP = 4
LEAST_SCORE, LEAST_WIDTH = 0.7, 0.04
INSIDE = 0.1  # the share of a face's width that is no cut yet
PLACES = 41  # of the window that stays


def faces_of(video: Path, network: Callable[[], Yunet], kept: Path) -> dict[int, Array]:
    """Left and right of the faces that count, as shares, by frame; kept in a file."""
    if not kept.is_file():
        import av

        found, yunet = {}, network()
        with av.open(str(video)) as file:
            for frame, picture in enumerate(file.decode(video=0)):
                if frame % STEP == 0:
                    found[str(frame)] = yunet.find(picture, LEAST_SCORE)
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, **found)
    faces = {}
    with np.load(kept) as file:
        for name in file.files:
            rows = file[name]
            rows = rows[(rows[:, 4] >= LEAST_SCORE) & (rows[:, 2] >= LEAST_WIDTH)]
            if len(rows):
                faces[int(name)] = np.stack([rows[:, 0], rows[:, 0] + rows[:, 2]], axis=1)
    return faces


def judge(faces: Array, left: float, right: float) -> tuple[bool, bool, bool, bool]:
    """``COLUMNS`` of a frame; faces (n, 2) and window as left and right."""
    width = faces[:, 1] - faces[:, 0]
    beyond_left = np.clip(left - faces[:, 0], 0, width) / width
    beyond_right = np.clip(faces[:, 1] - right, 0, width) / width
    outside = np.minimum(beyond_left + beyond_right, 1)
    missed = outside > 1 - INSIDE
    cut = (outside > INSIDE) & ~missed
    none = not np.any(outside <= INSIDE)
    return bool(cut.any()), bool(missed.any()), none, bool(cut.any()) or none


def shares(faces: dict[int, Array], windows: Callable[[int], tuple[float, float]]) -> Array:
    """Means over the frames with faces."""
    return np.mean([judge(rows, *windows(frame)) for frame, rows in faces.items()], axis=0)


def rows_of(faces: dict[int, Array], windows: dict[int, tuple[float, float]]) -> dict[str, Array]:
    """The rows of a clip; windows as left and right, by frame."""
    width = min(right - left for left, right in windows.values())
    places = [
        shares(faces, lambda _, at=at: (at, at + width)) for at in np.linspace(0, 1 - width, PLACES)
    ]
    return {
        "centre": shares(faces, lambda _: (0.5 - width / 2, 0.5 + width / 2)),
        "fixed": min(places, key=lambda row: (row[3], row[1])),
        "smartcrop": shares(faces, lambda frame: windows[frame]),
    }


def windows_of(video: Path, options: dict[str, str]) -> dict[int, tuple[float, float]]:
    """The windows that the library chooses."""
    plan = smartcrop.analyze(str(video), **options)  # type: ignore[arg-type]
    width = plan.source.width
    return {w.frame: (w.x / width, (w.x + w.width) / width) for w in plan.frames}


def print_rows(title: str, rows: dict[str, Array]) -> None:
    print(f"{title:<34}" + "".join(f"{name:>8}" for name in COLUMNS))
    for name, row in rows.items():
        print(f"  {name:<32}" + "".join(f"{value:8.3f}" for value in row), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data_root", type=Path)
    parser.add_argument("--model", type=Path, required=True, metavar="FILE", help="YuNet")
    parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--clips", action="store_true", help="also a table for each clip")
    parser.add_argument("--work", type=Path, default=ROOT / "build/bench/faces")
    chosen = parser.parse_args()
    options = {"aspect": "9:16", **dict(item.split("=", 1) for item in chosen.option)}
    videos = [path for name in CLIPS for path in sorted(chosen.data_root.glob(name))]
    if not videos:
        parser.error(f"{chosen.data_root}: none of {', '.join(CLIPS)}")
    if not chosen.model.is_file():
        parser.error(f"{chosen.model}: there is no such file")
    tables, frames = [], 0
    for video in videos:
        kept = chosen.work / chosen.model.stem / f"{video.stem}.npz"
        faces = faces_of(video, lambda: Yunet(chosen.model), kept)
        if not faces:
            print(f"{video.stem}: no face counts, so it is left out")
            continue
        tables.append(rows_of(faces, windows_of(video, options)))
        frames += len(faces)
        if chosen.clips:
            print_rows(f"{video.stem}, {len(faces)} frames", tables[-1])
    if not tables:
        return 1
    means = {name: np.mean([table[name] for table in tables], axis=0) for name in tables[0]}
    print_rows(f"{len(tables)} clips, {frames} frames, mean", means)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
