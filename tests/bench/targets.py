#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Identities: does one subject of a clip, under a moving camera, keep one identity?

    python -m tests.bench.targets DATA_ROOT --models FOLDER [--list subjects_train.txt]
        [--set kName=VALUE ...] [--tracker NAME=PROGRAM ...]

DATA_ROOT/tracking and masks hold clips with the box of one subject. Detections are what
FOLDER/yolox_nano.onnx finds (``yolox``), and the same with the true box in place of those that
overlap it, shaken, at times weak or missing (``made``). There are 4 and 6 looks a second, and all
frames are judged. Columns are means over the clips: the share of frames in which the subject has
its most frequent identity, the share in which it has one, and the mean overlap with the best box;
then the switches of all clips. ``same`` is the mean of the first column over all four. Rows are the
core, the same without the camera's motion, and other builds of tracks.cc. ``--set`` changes a
constant of csrc/stage2_evidence/subjects/following.h. What was found is kept in ``--work``, for it
takes minutes.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import itertools
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .identity_scores import Array, Tracked, overlaps
from .map_tool import SOURCES as EVIDENCE
from .map_tool import proxy_size
from .track_tool import ROOT, build, build_swept_tracks, commands_of, look_of, run_commands
from .yolox import LEAST_SCORE, Yolox

SPLITS = ROOT / "export/data/splits"
STRONG = 0.35
RATES = (4.0, 6.0)
# Frames of the detector a second, of which looks are taken; and the most frames of a clip.
FOUND_FPS = 10
MOST_FRAMES = 360
SEED = 7


@dataclasses.dataclass(frozen=True)
class Clip:
    """A clip: the subject's box, what was found, and the camera's steps, by frame."""

    name: str
    aspect: float
    fps: float
    frames: int
    true: dict[int, Array]
    found: dict[int, Array]
    steps: list[tuple[float, str]]


def look_at(video: Path, network: Yolox, steps_tool: Path) -> dict[str, Any]:
    """Run the detector and the camera's estimate over a clip."""
    import av

    luma, answer = [], {}
    with av.open(str(video)) as file:
        stream = file.streams.video[0]
        fps, size = float(stream.average_rate or 25), (stream.width, stream.height)
        wide, high = proxy_size(*size)
        for frame, picture in enumerate(file.decode(stream)):
            if frame == MOST_FRAMES:
                break
            small = picture.reformat(width=wide, height=high, format="gray8")
            luma.append(small.to_ndarray().tobytes())
            if frame % max(1, round(fps / FOUND_FPS)) == 0:
                answer[f"found {frame}"] = network.find(picture)
    command = [str(steps_tool), str(wide), str(high), str(fps)]
    done = subprocess.run(command, input=b"".join(luma), capture_output=True, check=True)
    return {**answer, "steps": done.stdout.decode(), "fps": fps, "size": size, "frames": len(luma)}


def read_clip(name: str, root: Path, kept: Path) -> Clip:
    """Read the subject's boxes, and what was kept of the clip."""
    with np.load(kept) as file:
        values = {key: file[key] for key in file.files}
    size = values["size"].astype(float)
    true = {}
    with (root / f"{name}.csv").open(newline="", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            if row["x"]:
                box = np.array([float(row[key]) for key in ("x", "y", "w", "h")])
                true[int(row["frame"])] = box / np.tile(size, 2)
    found = {int(key.split()[1]): rows for key, rows in values.items() if key.startswith("found ")}
    fps, frames = float(values["fps"]), int(values["frames"])
    lines = (line.split(" ", 1) for line in str(values["steps"]).splitlines())
    steps = [(int(frame) / fps, text) for frame, text in lines]
    return Clip(name, size[0] / size[1], fps, frames, true, found, steps)


def made(true: Array, found: Array, random: np.random.Generator) -> Array:
    """Put a detection of the subject in place of those that overlap it; some are missing."""
    others = found[overlaps(found[:, :4], true[None])[:, 0] < 0.3]
    missing, score = random.random() < 1 / 12, random.choice([0.8, 0.2], p=[0.75, 0.25])
    box = true + random.normal(0, [0.05, 0.05, 0.07, 0.07]) * np.tile(true[2:], 2)
    low = np.clip(box[:2], 0, 1)
    high = np.clip(box[:2] + np.maximum(box[2:], 0.2 * true[2:]), 0, 1)
    if missing or not np.all(high > low):
        return others
    return np.concatenate([[[*low, *(high - low), score]], others])


def commands_for(clip: Clip, rate: float, kind: str, camera: bool) -> str:
    """Write the commands of one run: looks at about the rate, on frames that were looked at."""
    # Another pattern for each clip: one for all would decide by itself.
    random, looks, due = np.random.default_rng([SEED, *clip.name.encode()]), [], 0.0
    for frame, rows in sorted(clip.found.items()):
        time_s = frame / clip.fps
        if time_s + 1e-6 < due:
            continue
        due = max(due + 1 / rate, time_s)
        found = rows[rows[:, 4] >= LEAST_SCORE]
        if kind == "made" and frame in clip.true:
            found = made(clip.true[frame], found, random)
        looks.append(look_of(time_s, found[:, :4], found[:, 4]))
    times = [frame / clip.fps for frame in range(clip.frames)]
    return commands_of(looks, times, clip.steps if camera else ())


def judge(clip: Clip, answers: list[Tracked]) -> tuple[float, float, float, int]:
    """The share of the most frequent identity, of any, the mean overlap, and switches."""
    names: list[int] = []
    overlap = 0.0
    frames = [frame for frame in sorted(clip.true) if frame < len(answers)]
    for frame in frames:
        had = answers[frame]
        shares = overlaps(clip.true[frame][None], had.boxes)[0] if len(had.ids) else np.zeros(1)
        overlap += shares.max() / len(frames)
        if shares.max() >= 0.4:
            names.append(int(had.ids[shares.argmax()]))
    switches = sum(a != b for a, b in itertools.pairwise(names))
    most = Counter(names).most_common(1)[0][1] if names else 0
    return most / len(frames), len(names) / len(frames), overlap, switches


def print_row(
    name: str, tool: Path, clips: list[Clip], camera: bool, constants: Mapping[str, float]
) -> None:
    """Judge one tracker by all clips, kinds and rates."""
    cells, same = [], []
    for kind in ("yolox", "made"):
        for rate in RATES:
            rows = []
            for clip in clips:
                text = commands_for(clip, rate, kind, camera)
                answers = run_commands(tool, clip.aspect, STRONG, text, constants)
                rows.append(judge(clip, answers))
            means = np.mean(rows, axis=0)
            same.append(means[0])
            cells.append(
                f"{means[0]:6.3f}{means[1]:6.3f}{means[2]:6.3f}{sum(r[3] for r in rows):5d}"
            )
    print(f"{name:<18}{np.mean(same):6.3f} |" + " |".join(cells), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data_root", type=Path)
    parser.add_argument("--models", type=Path, required=True, help="the folder of yolox_nano.onnx")
    parser.add_argument("--list", default="subjects_train.txt", help="of export/data/splits")
    parser.add_argument("--work", type=Path, default=ROOT / "build/bench/targets")
    parser.add_argument("--set", action="append", default=[], metavar="kName=VALUE")
    parser.add_argument("--tracker", action="append", default=[], metavar="NAME=PROGRAM")
    chosen = parser.parse_args()
    tool = build_swept_tracks(chosen.work)
    steps_tool = build(
        chosen.work, "camera_steps", [f"stage2_evidence/{name}" for name in EVIDENCE]
    )
    names = (SPLITS / chosen.list).read_text(encoding="utf-8").split()
    names = [name for name in names if (chosen.data_root / f"{name}.mp4").is_file()]
    clips, network = [], Yolox(chosen.models / "yolox_nano.onnx")
    for name in names:
        kept = chosen.work / f"{name.replace('/', '_')}.npz"
        if not kept.is_file():
            np.savez(kept, **look_at(chosen.data_root / f"{name}.mp4", network, steps_tool))
        clips.append(read_clip(name, chosen.data_root, kept))
    columns = "".join(
        f" | {kind} at {rate:g}".ljust(25) for kind in ("yolox", "made") for rate in RATES
    )
    print(f"{chosen.list}, {len(clips)} clips".ljust(18), " same" + columns)
    constants = {name: float(value) for name, value in (each.split("=", 1) for each in chosen.set)}
    for each in chosen.tracker:
        print_row(each.split("=", 1)[0], Path(each.split("=", 1)[1]), clips, True, {})
    print_row("core", tool, clips, True, constants)
    print_row("without the camera", tool, clips, False, constants)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
