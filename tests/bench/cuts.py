#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shot boundaries: ours beside PySceneDetect's detectors and FFmpeg's scdet, on the same files.

    python -m tests.bench.cuts DATA_ROOT [--work DIR] [--videos 8] [--seed 100] [--only SET ...]

It takes ffmpeg and ffprobe from PATH. PySceneDetect: pip install scenedetect[opencv-headless]. Its
detectors have a least length of a scene, in frames: the table has several.

The sets:

labelled   the clips of DATA_ROOT/shots/cuts.json, whose cuts are listed by hand.
single     clips of one shot (tracking, masks, gaze, actions, unlisted clips): each cut is false,
           except where REAL_CHANGES says what a person saw there.
synthetic  known cuts between real single-shot clips, drawn by a seed (synthetic_cuts.py):
           hard cuts, some of them quick (0.3 to 0.6 s), dissolves, fades through black and white;
           and what must not count: flashes of 1 to 3 frames, whip pans, lamps; half of the videos
           with noise, a third letterboxed.

films      KIND-train and KIND-test: films with hard cuts and one kind of trouble (cut_films.py).
           Constants are chosen on `train` and judged on `test`.

A hard cut is right within one frame. A boundary within GRADUAL_REACH frames of a gradual change is
neither right nor wrong as a hard cut; the last columns say how many gradual changes were noticed (a
boundary inside) and how many got more than one. Ours notices gradual changes by design: without a
jump in a dissolve. A dissolve outside of GRADUAL_REACH counts as a false cut. The column
``false/1000`` counts false cuts in 1000 frames.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

from .cut_films import KINDS, make_films
from .synthetic_cuts import Maker, write_video

TOLERANCE = 1  # frames
GRADUAL_REACH = 8  # frames
# Seen by eye in clips that count as single shots: a new picture, so a cut there is right.
REAL_CHANGES = {"otb_Bird2.mp4": [98], "otb_DragonBaby.mp4": [45, 79]}
# The same for a dissolve that the hand-made list lacks.
MORE_GRADUAL = {"nasa.mp4": [[127, 150]]}


@dataclass
class Clip:
    path: Path
    cuts: list[int] = field(default_factory=list)
    gradual: list[list[int]] = field(default_factory=list)


@dataclass
class Found:
    """First frames of shots: those where a window may jump, and all."""

    jumps: list[int]
    boundaries: list[int]


Detector = Callable[[Path], Found]


# ---- detectors -----------------------------------------------------------------------------------


def ours(options: dict[str, float | str]) -> Detector:
    """The detector behind the package's public interface."""
    import smartcrop

    def detect(path: Path) -> Found:
        # A square always fits, so that no shape of picture is refused.
        # The labels are those of the first video stream.
        plan = smartcrop.analyze(str(path), video_stream=0, aspect="1/1", **options)
        windows = plan.frames
        starts = [b.frame for a, b in pairwise(windows) if a.shot != b.shot]
        return Found([n for n in starts if windows[n].start], starts)

    return detect


def pyscenedetect(name: str, min_scene_len: int = 15) -> Detector:
    """AdaptiveDetector or ContentDetector, with the least length of a scene in frames."""
    import scenedetect

    def detect(path: Path) -> Found:
        scenes = scenedetect.detect(
            str(path), getattr(scenedetect, name)(min_scene_len=min_scene_len)
        )
        starts = [start.frame_num for start, _ in scenes[1:]]
        return Found(starts, starts)

    return detect


def scdet(path: Path) -> Found:
    """FFmpeg's filter at its default threshold."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v:0"]
    command += ["-fps_mode", "passthrough", "-f", "null"]
    command += ["-vf", "scdet,metadata=print:key=lavfi.scd.time:file=-", "-"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    starts = [int(number) for number in re.findall(r"^frame:(\d+)", printed, re.MULTILINE)]
    return Found(starts, starts)


def count_frames(path: Path) -> int:
    """The number of frames of the first video stream."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets"]
    command += ["-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", str(path)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return int(printed.split()[0].strip(","))


# ---- clips ---------------------------------------------------------------------------------------


def labelled_clips(root: Path) -> list[Clip]:
    table = json.loads((root / "shots" / "cuts.json").read_text())
    return [
        Clip(
            (root / "shots" / name).resolve(),
            row["cuts"],
            row.get("gradual", []) + MORE_GRADUAL.get(Path(name).name, []),
        )
        for name, row in table.items()
        if name != "note"
    ]


def single_clips(root: Path, every: int = 6) -> list[Clip]:
    """Clips of one shot; of the many in actions every sixth."""
    listed = {clip.path for clip in labelled_clips(root)}
    paths = [
        path.resolve()
        for folder in ("tracking", "masks", "gaze_video", "clips")
        for path in sorted((root / folder).glob("*.mp4"))
    ]
    paths += [path.resolve() for path in sorted((root / "actions").glob("*/*/*.mp4"))[::every]]
    return [Clip(path, REAL_CHANGES.get(path.name, [])) for path in paths if path not in listed]


def make_synthetic(root: Path, work: Path, videos: int, seed: int, parts: int = 32) -> list[Clip]:
    sources = [clip.path for clip in single_clips(root) if "surveillance" not in str(clip.path)]
    sources = [p for p in sources if p.name not in REAL_CHANGES and "gaze_video" not in str(p)]
    work.mkdir(parents=True, exist_ok=True)
    clips = []
    for number in range(seed, seed + videos):
        path, table = work / f"synthetic_{number}.mp4", work / f"synthetic_{number}.json"
        if not table.exists():
            maker = Maker(sources, number)
            write_video(path, maker, parts)
            table.write_text(json.dumps({"cuts": maker.cuts, "gradual": maker.gradual}))
        truth = json.loads(table.read_text())
        clips.append(Clip(path, truth["cuts"], truth["gradual"]))
    return clips


def film_sets(root: Path, work: Path, films: int) -> dict[str, Callable[[], list[Clip]]]:
    """Films of each kind and half, by name."""

    def make(half: str, kind: str) -> list[Clip]:
        return [Clip(path, cuts) for path, cuts in make_films(root, work, half, kind, films)]

    return {
        f"{kind}-{half}": partial(make, half, kind) for half in ("train", "test") for kind in KINDS
    }


# ---- the table -----------------------------------------------------------------------------------


@dataclass
class Score:
    right: int = 0
    false: int = 0
    missed: int = 0
    gradual: int = 0
    noticed: int = 0
    several: int = 0
    frames: int = 0

    def add(self, clip: Clip, found: Found) -> list[int]:
        """Counts one clip; answers the false cuts."""
        self.frames += count_frames(clip.path)
        left = list(found.boundaries)
        for cut in clip.cuts:
            near = [frame for frame in found.jumps if abs(frame - cut) <= TOLERANCE]
            near = [frame for frame in near if frame in left]
            self.right += bool(near)
            self.missed += not near
            if near:
                left.remove(min(near, key=lambda frame: abs(frame - cut)))
        for first, last in clip.gradual:
            reach = range(first - GRADUAL_REACH, last + GRADUAL_REACH + 1)
            inside = [frame for frame in left if frame in reach]
            self.gradual += 1
            self.noticed += bool(inside)
            self.several += len(inside) > 1
            left = [frame for frame in left if frame not in inside]
        self.false += len(left)
        return left

    def line(self) -> str:
        precision = self.right / max(1, self.right + self.false)
        recall = self.right / max(1, self.right + self.missed)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        shares = f"{precision:9.3f} {recall:6.3f} {f1:6.3f}" if self.right + self.missed else ""
        return (
            f"{self.right:5d} {self.false:5d} {1000 * self.false / self.frames:10.2f} "
            f"{self.missed:6d} {shares:23s}{self.noticed:9d}/{self.gradual} {self.several:7d}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description="Shot boundaries beside those of others.")
    parser.add_argument("data_root", type=Path)
    parser.add_argument("--work", type=Path, default=Path("/tmp/smartcrop-cuts"))
    parser.add_argument("--videos", type=int, default=8, help="synthetic videos")
    parser.add_argument("--films", type=int, default=8, help="films of each kind and half")
    parser.add_argument("--seed", type=int, default=100, help="of the first of them")
    parser.add_argument("--only", nargs="+", metavar="SET")
    parser.add_argument("--detectors", nargs="+", metavar="NAME", help="rows, as they are named")
    parser.add_argument("--set", nargs="+", default=[], metavar="KEY=VALUE", help="our options")
    parser.add_argument("--verbose", action="store_true", help="list the false cuts")
    arguments = parser.parse_args()
    root = arguments.data_root
    sets: dict[str, Callable[[], list[Clip]]] = {
        "labelled": lambda: labelled_clips(root),
        "single": lambda: single_clips(root),
        "synthetic": lambda: make_synthetic(root, arguments.work, arguments.videos, arguments.seed),
    }
    sets.update(film_sets(root, arguments.work, arguments.films))
    if unknown := set(arguments.only or ()) - set(sets):
        parser.error(f"--only {' '.join(sorted(unknown))}: there are {' '.join(sets)}")
    extra: dict[str, float | str] = dict(pair.split("=", 1) for pair in arguments.set)
    detectors = {
        "smartcrop, 1.5 s": ours({**extra, "lookahead": 1.5}),
        "smartcrop, live": ours({**extra, "lookahead": 0}),
        "AdaptiveDetector": pyscenedetect("AdaptiveDetector"),
        "AdaptiveDetector, 5": pyscenedetect("AdaptiveDetector", 5),
        "AdaptiveDetector, 10": pyscenedetect("AdaptiveDetector", 10),
        "ContentDetector": pyscenedetect("ContentDetector"),
        "scdet": scdet,
    }
    if arguments.detectors:
        detectors = {name: detectors[name] for name in arguments.detectors}
    head = "right false false/1000 missed precision recall     F1  noticed/gradual several"
    for name, make in sets.items():
        if arguments.only and name not in arguments.only:
            continue
        clips = make()
        print(f"\n{name + f' ({len(clips)} clips)':24s} {head}")
        for title, detect in detectors.items():
            score, notes = Score(), []
            for clip in clips:
                wrong = score.add(clip, detect(clip.path))
                notes += [f"    {clip.path.name}: {wrong}"] if wrong else []
            print(f"{title:24s} {score.line()}", flush=True)
            if arguments.verbose:
                print("\n".join(notes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
