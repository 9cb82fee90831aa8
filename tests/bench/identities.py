#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Identities: the core's tracker on people that cross and hide one another.

    python -m tests.bench.identities DATA_ROOT [--models FOLDER] [--tracker NAME=PROGRAM ...]

DATA_ROOT/mot holds clips with the boxes of every person. Detections are

* ``made``: the true boxes, shaken; the less of one is seen, the lower its score; some are dropped
  and some are noise,
* ``yolox``: persons that FOLDER/yolox_nano.onnx finds, where the folder is given,

at every frame and at five looks a second. Rows are the core, other builds of tracks.cc, and
ByteTrack of the package ``trackers`` where that is installed. MOTA and IDF1 are in per cent, with
id switches, boxes of nobody and people missed; all of the pictures that were looked at. ``between``
is the IDF1 over all frames, for who tells where boxes are between looks.

Then the library itself sees the clips, with its own detector and with yolox, and all frames count:
as they are, and with a grey picture in the place of the middle two seconds (``cut away``).
Another installed library is judged by its own PYTHONPATH.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import importlib.util
import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from .identity_scores import Array, Scores, Tracked, score
from .track_tool import Look, build_tracks, look_of, run_reference, run_tracks
from .yolox import Yolox

STRONG = {"made": 0.5, "yolox": 0.35}
SEED = 16
RATES = (math.inf, 5.0)


@dataclasses.dataclass(frozen=True)
class Clip:
    """A clip, and the boxes of its people in each frame, as shares of the picture."""

    video: Path
    size: tuple[int, int]
    fps: float
    true: list[Tracked]


def read_clip(table: Path) -> Clip:
    """Read a clip and the table of its boxes."""
    import av

    video = table.with_suffix(".mp4")
    with av.open(str(video)) as file:
        stream = file.streams.video[0]
        size, fps = (stream.width, stream.height), float(stream.average_rate or 25)
    rows: dict[int, list[list[float]]] = {}
    with table.open(newline="", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            box = [float(row[key]) for key in ("x", "y", "w", "h")]
            rows.setdefault(int(row["frame"]), []).append([float(row["id"]), *box])
    scale = np.array([*size, *size], float)
    true = []
    for frame in range(max(rows) + 1):
        values = np.array(rows.get(frame, []), float).reshape(-1, 5)
        true.append(Tracked(values[:, 0].astype(int), values[:, 1:] / scale))
    return Clip(video, size, fps, true)


def seen_share(boxes: Array) -> Array:
    """How much of each box nobody stands before, who is nearer the camera: lower in the picture."""
    grid = (np.arange(12) + 0.5) / 12
    feet = boxes[:, 1] + boxes[:, 3]
    shares = np.ones(len(boxes))
    for i, (x, y, width, height) in enumerate(boxes):
        across, down = np.meshgrid(x + grid * width, y + grid * height)
        hidden = np.zeros(across.shape, bool)
        for left, top, wide, high in boxes[feet > feet[i]]:
            inside = (across >= left) & (across <= left + wide)
            hidden |= inside & (down >= top) & (down <= top + high)
        shares[i] = 1 - hidden.mean()
    return shares


def made_looks(clip: Clip) -> list[Look]:
    """Detections with a detector's faults."""
    random = np.random.default_rng(SEED)
    looks = []
    for frame, true in enumerate(clip.true):
        count = len(true.ids)
        noise = random.normal(0, [0.04, 0.02, 0.06, 0.04], (count, 4))
        boxes = true.boxes + noise * np.tile(true.boxes[:, 2:], 2)
        scores = 0.9 * seen_share(true.boxes) + random.normal(0, 0.1, count)
        kept = (scores > 0.05) & (random.random(count) > 0.05)
        extra = random.poisson(1)
        places = random.random((extra, 2)) * [0.9, 0.6]
        noise_boxes = np.concatenate([places, np.tile([0.06, 0.25], (extra, 1))], axis=1)
        all_scores = np.concatenate([scores[kept], random.uniform(0.05, 0.55, extra)])
        all_boxes = np.concatenate([boxes[kept], noise_boxes])
        looks.append(look_of(frame / clip.fps, all_boxes, np.clip(all_scores, 0.05, 1)))
    return looks


def yolox_looks(clip: Clip, model: Path) -> list[Look]:
    """Persons as YOLOX finds them."""
    import av

    network, looks = Yolox(model), []
    with av.open(str(clip.video)) as file:
        for frame, picture in enumerate(file.decode(video=0)):
            found = network.find(picture, persons=True)
            looks.append(look_of(frame / clip.fps, found[:, :4], found[:, 4]))
    return looks


def library_boxes(clip: Clip, detector: Path | str, away: range) -> list[Tracked]:
    """The people that the library knows of in each frame; frames of ``away`` are grey."""
    import av

    import smartcrop
    from smartcrop.models.class_names import class_names, label_of

    options: dict[str, Any] = {"model": "none", "subjects": str(detector)}
    names, known = class_names(options), []
    scale = np.tile(clip.size, 2)
    with (
        av.open(str(clip.video)) as file,
        smartcrop.Cropper(
            *clip.size, aspect="9:16", fps=clip.fps, lookahead=0, **options
        ) as cropper,
    ):
        for frame, picture in enumerate(file.decode(video=0)):
            pixels = picture.to_ndarray(format="rgb24")
            cropper.push(np.full_like(pixels, 128) if frame in away else pixels)
            boxes = [
                each
                for each in cropper.last_boxes()
                if each.kind == "subject" and label_of(each, names) == "person"
            ]
            places = [(each.x, each.y, each.width, each.height) for each in boxes]
            ids = np.array([each.id for each in boxes], int)
            known.append(Tracked(ids, np.array(places, float).reshape(-1, 4) / scale))
    return known


def judge_library(clip: Clip, detectors: dict[str, Path | str]) -> None:
    """Print a table of the whole library."""
    middle, second = len(clip.true) // 2, round(clip.fps)
    nobody = Tracked(np.zeros(0, int), np.zeros((0, 4)))
    for title, away in {
        "": range(0),
        ", cut away": range(middle - second, middle + second),
    }.items():
        true = [nobody if i in away else each for i, each in enumerate(clip.true)]
        columns = f"{'MOTA':>8}{'IDF1':>8}{'switches':>10}{'extra':>8}{'missed':>8}"
        print(f"{clip.video.stem}, library{title}\n  {'':<14}{columns}")
        for name, detector in detectors.items():
            found = library_boxes(clip, detector, away)[: len(true)]
            kept = [nobody if i in away else each for i, each in enumerate(found)]
            print_row(name, score(true, kept), None)


def described(file: Path, name: str, folder: Path) -> Path:
    """Copy a network into a folder, with the description that the zoo has of it."""
    from smartcrop.models.metadata import appended
    from smartcrop.models.table import NETWORKS

    network = next(each for each in NETWORKS if each.name == name)
    path = folder / f"{name}.onnx"
    path.write_bytes(file.read_bytes() + appended(network.properties))
    return path


def thinned(looks: list[Look], rate: float, fps: float) -> list[int]:
    """Choose the frames of a rate."""
    step = 1 if math.isinf(rate) else max(1, round(fps / rate))
    return list(range(0, len(looks), step))


def print_row(name: str, at_looks: Scores, between: float | None) -> None:
    last = "" if between is None else f"{between:9.1f}"
    counts = f"{at_looks.switches:10d}{at_looks.extra:8d}{at_looks.missed:8d}"
    print(f"  {name:<14}{at_looks.mota:8.1f}{at_looks.idf1:8.1f}{counts}{last}", flush=True)


def judge(clip: Clip, looks: list[Look], kind: str, tools: dict[str, Path]) -> None:
    """Print a table for each rate."""
    aspect, strong = clip.size[0] / clip.size[1], STRONG[kind]
    times = [look.time_s for look in looks]
    for rate in RATES:
        frames = thinned(looks, rate, clip.fps)
        seen, true = [looks[i] for i in frames], [clip.true[i] for i in frames]
        title = "every frame" if math.isinf(rate) else f"{rate:g} looks a second"
        columns = f"{'MOTA':>8}{'IDF1':>8}{'switches':>10}{'extra':>8}{'missed':>8}{'between':>9}"
        print(f"{clip.video.stem}, {kind}, {title}\n  {'':<14}{columns}")
        for name, tool in tools.items():
            all_frames = run_tracks(tool, aspect, strong, seen, times)
            between = score(clip.true, all_frames).idf1
            print_row(name, score(true, [all_frames[i] for i in frames]), between)
        if importlib.util.find_spec("trackers") is not None:
            print_row("trackers", score(true, run_reference(strong, seen, clip.size)), None)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data_root", type=Path)
    parser.add_argument("--models", type=Path, help="the folder of yolox_nano.onnx")
    parser.add_argument("--tracker", action="append", default=[], metavar="NAME=PROGRAM")
    chosen = parser.parse_args()
    tables = sorted((chosen.data_root / "mot").glob("*.csv"))
    if not tables:
        parser.error(f"{chosen.data_root}: no mot/NAME.csv")
    model = None if chosen.models is None else chosen.models / "yolox_nano.onnx"
    if model is not None and not model.is_file():
        print(f"there is no {model}, so the tables of yolox are left out")
        model = None
    if importlib.util.find_spec("trackers") is None:
        print("the package trackers is not installed, so its rows are left out")
    with tempfile.TemporaryDirectory() as folder:
        tools = {"core": build_tracks(Path(folder))}
        tools |= {
            name: Path(path) for name, path in (each.split("=", 1) for each in chosen.tracker)
        }
        for clip in map(read_clip, tables):
            judge(clip, made_looks(clip), "made", tools)
            if model is not None:
                judge(clip, yolox_looks(clip, model), "yolox", tools)
            detectors: dict[str, Path | str] = {"subjects": "subjects"}
            if model is not None:
                detectors["yolox"] = described(model, "yolox-nano", Path(folder))
            judge_library(clip, detectors)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
