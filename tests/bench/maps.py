# SPDX-License-Identifier: MIT
"""Score the training-free evidence maps on labelled stills and clips.

Usage: ``python -m tests.bench.maps DATA_ROOT`` (needs NumPy, SciPy,
Pillow, ffmpeg and a C++ compiler).

On stills with recorded fixations: normalised scanpath saliency (NSS), correlation with the fixation
density (CC) and the share of fixations inside the full-height 9:16 window that holds most of the
map. On clips: mean intersection over union of that window, its map smoothed over about a second,
with the window centred on the labelled subject, and the share of the subject (or of the viewers'
gaze) inside. The centre window stands beside each. Odd and even items are also scored apart, to
show how much of a difference is chance.
"""

from __future__ import annotations

import argparse
import collections
import csv
import dataclasses
import gzip
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from export.judging import centres as judging
from export.judging import metrics

from .map_tool import KINDS, ROOT, Array, Maps, build_tool, proxy_size, run_tool
from .map_windows import best_centres, gaussian, smooth

ANALYSIS_FPS = 8
WINDOW_ASPECT = 9 / 16
FUSED_PRIOR = 0.25  # the deviation built into the fused map
Subject = dict[int, tuple[float, float]]
Gaze = dict[int, list[float]]


@dataclasses.dataclass
class Clip:
    """A labelled clip; ``subject`` (frame -> left, right) and ``gaze`` (frame -> x) are shares."""

    folder: str
    name: str
    window: float  # width of the 9:16 window as a share of the picture
    maps: Maps
    subject: Subject
    gaze: Gaze


# ---- stills --------------------------------------------------------------------------------------


def load_fixations(folder: Path) -> dict[str, Array]:
    """Fixations of one set: image -> (N, 2) shares x, y."""
    points: dict[str, list[tuple[float, float]]] = collections.defaultdict(list)
    with gzip.open(folder / "fixations.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            points[row["image"]].append((float(row["x"]), float(row["y"])))
    return {name: np.array(values) for name, values in points.items()}


def score_still(grid: Array, points: Array) -> tuple[float, float]:
    """NSS and CC of one map."""
    density = np.zeros(grid.shape)
    np.add.at(density, metrics.cells_of(points, grid.shape), 1)
    density = smooth(smooth(density, 2).T, 2).T
    return metrics.nss(grid, points), metrics.correlation(grid, density)


def score_stills(tool: Path, root: Path) -> None:
    """Print the table of the stills."""
    print("stills                 NSS    CC  kept |", "NSS of odd and even items")
    for folder in sorted(root.glob("*/fixations.csv.gz")):
        rows: dict[str, list[list[float]]] = collections.defaultdict(list)
        for name, points in sorted(load_fixations(folder.parent).items()):
            with Image.open(folder.parent / name) as file:
                window = file.height * WINDOW_ASPECT / file.width
                size = proxy_size(file.width, file.height)
                picture = file.convert("YCbCr").resize(size, Image.Resampling.BOX)
            if window > 0.9:
                continue
            planes = np.asarray(picture).transpose(2, 0, 1).tobytes()
            grid = run_tool(tool, size, ["stills"], planes).maps["contrast"][0]
            prior = (
                gaussian(grid.shape[1], FUSED_PRIOR) * gaussian(grid.shape[0], FUSED_PRIOR)[:, None]
            )
            for label, each in [
                ("centre", prior),
                ("contrast", grid),
                ("contrast x centre", grid * prior),
            ]:
                centre = 0.5 if label == "centre" else best_centres(each.sum(0)[None], window)[0]
                kept = metrics.kept(points, centre - window / 2, window)
                rows[label].append([*score_still(each, points), kept])
        for label, values in rows.items():
            mean, half = np.mean(values, 0), [np.mean(values[i::2], 0)[0] for i in (0, 1)]
            print(
                f"{folder.parent.name:8s} {label:13s}  {mean[0]:.2f}  {mean[1]:.2f}  {mean[2]:.3f}"
                f" | {half[0]:.2f} {half[1]:.2f}"
            )


# ---- clips ---------------------------------------------------------------------------------------


def probe(path: Path) -> tuple[int, int, float]:
    """Width, height and mean frame rate."""
    entries = "stream=width,height,avg_frame_rate"
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", entries]
    answer = subprocess.run(
        [*command, "-of", "csv=p=0", str(path)], capture_output=True, text=True, check=True
    )
    width, height, rate = answer.stdout.strip().split(",")[:3]
    above, below = rate.split("/")
    return int(width), int(height), float(above) / float(below)


def load_labels(path: Path, width: int, fps: float) -> tuple[Subject, Gaze]:
    """Subject boxes from NAME.csv or gaze from NAME_gaze.csv.gz, whichever there is."""
    subject: Subject = {}
    gaze: Gaze = collections.defaultdict(list)
    boxes = path.with_suffix(".csv")
    if boxes.exists():
        with boxes.open() as file:
            for row in csv.DictReader(file):
                if row["x"]:
                    left = float(row["x"])
                    right = left + float(row["w"])
                    subject[int(row["frame"])] = (left / width, right / width)
        return subject, gaze
    with gzip.open(path.with_name(f"{path.stem}_gaze.csv.gz"), "rt") as file:
        for row in csv.DictReader(file):
            start = float(row["t_seconds"])
            end = start + float(row["duration_seconds"])
            for frame in range(math.ceil(start * fps - 1e-6), math.ceil(end * fps - 1e-6)):
                gaze[frame].append(float(row["x"]))
    return subject, gaze


def load_clips(tool: Path, root: Path) -> Iterator[Clip]:
    """Every labelled clip under the root, with its maps."""
    for path in sorted(
        p for f in ("tracking", "masks", "gaze_video") for p in root.glob(f"{f}/*.mp4")
    ):
        width, height, fps = probe(path)
        size = proxy_size(width, height)
        scale = f"scale={size[0]}:{size[1]}:flags=area:out_range=pc,format=yuv444p"
        decode = ["ffmpeg", "-v", "error", "-i", str(path), "-an", "-vf", scale]
        decode += ["-fps_mode", "passthrough", "-f", "rawvideo", "-"]
        proxies = subprocess.run(decode, capture_output=True, check=True).stdout
        maps = run_tool(tool, size, [str(fps), str(ANALYSIS_FPS)], proxies)
        window = height * WINDOW_ASPECT / width
        yield Clip(path.parent.name, path.stem, window, maps, *load_labels(path, width, fps))


def score_clip(clip: Clip, centres: Array) -> Array:
    """IoU with the ideal window and share kept, (T, 2); NaN where there is no label."""
    half = clip.window / 2
    rows = np.full((len(centres), 2), np.nan)
    for i, (frame, centre) in enumerate(zip(clip.maps.frames, centres, strict=True)):
        if frame in clip.gaze:
            rows[i, 1] = np.mean(np.abs(np.array(clip.gaze[frame]) - centre) <= half)
        elif frame in clip.subject:
            left, right = clip.subject[frame]
            ideal = np.clip((left + right) / 2, half, 1 - half)
            left, right = max(0.0, left), min(1.0, right)
            inside = max(0.0, min(right, centre + half) - max(left, centre - half))
            rows[i] = judging.iou(centre, ideal, clip.window), inside / max(1e-6, right - left)
    return rows


def window_centres(clip: Clip, kind: str, prior: float = math.inf) -> Array:
    """Window after the map of this kind under a Gaussian centre prior of this deviation.

    The fused map comes with a prior, which is divided out.
    """
    columns = smooth(clip.maps.maps[kind].sum(1), 0.2 * ANALYSIS_FPS)
    exponent = prior**-2 - (FUSED_PRIOR**-2 if kind == "fused" else 0)
    off = (np.arange(columns.shape[1]) + 0.5) / columns.shape[1] - 0.5
    return best_centres(columns * np.exp(-0.5 * off**2 * exponent), clip.window)


def print_row(label: str, clips: list[Clip], centres: list[Array]) -> None:
    """One line of the table of clips: means over clips."""
    cells = []
    for folder in ("tracking", "masks", "gaze_video"):
        pairs = zip(clips, centres, strict=True)
        scores = [score_clip(c, x) for c, x in pairs if c.folder == folder]
        if not scores:
            continue
        column = 1 if folder == "gaze_video" else 0
        each = np.array([s[~np.isnan(s[:, column])].mean(0) for s in scores])
        if folder == "gaze_video":
            cells.append(f"{each[:, 1].mean():.3f}")
            continue
        halves = " ".join(f"{each[i::2, 0].mean():.3f}" for i in range(min(2, len(each))))
        cells.append(f"{each[:, 0].mean():.3f} ({halves}) {each[:, 1].mean():.3f}")
    print(f"{label:24s}", "  ".join(cells))


def print_bins(clips: list[Clip], kind: str, count: int = 8) -> None:
    """How good the map's window is in bins of its confidence, each clip with the same weight."""
    rows = []
    for clip in clips:
        column = 1 if clip.gaze else 0
        prior = FUSED_PRIOR if kind == "fused" else math.inf
        ours = score_clip(clip, window_centres(clip, kind, prior))[:, column]
        centre = score_clip(clip, np.full(len(ours), 0.5))[:, column]
        confidence = smooth(clip.maps.confidence[kind][:, None], 0.2 * ANALYSIS_FPS)[:, 0]
        known = ~np.isnan(ours)
        weight = np.full(known.sum(), 1 / max(1, known.sum()))
        rows.append(np.stack([confidence[known], ours[known], centre[known], weight], 1))
    table = np.concatenate(rows)
    table = table[table[:, 0].argsort(kind="stable")]
    place = np.cumsum(table[:, 3]) / table[:, 3].sum()
    print(f"confidence of {kind:10s} map   centre   (IoU, or share of gaze)")
    for i in range(count):
        part = table[(place > i / count) & (place <= (i + 1) / count)]
        if len(part) == 0:
            continue
        ours, centre = np.average(part[:, 1:3], axis=0, weights=part[:, 3])
        print(f"  {part[0, 0]:.3f} to {part[-1, 0]:.3f}     {ours:.3f}  {centre:.3f}")


def score_clips(tool: Path, root: Path) -> None:
    """Print the tables of the clips."""
    clips = list(load_clips(tool, root))
    if not clips:
        return
    print("\nclips: IoU (odd even items) kept    tracking, masks; share of gaze kept")
    print_row("centre window", clips, [np.full(len(c.maps.frames), 0.5) for c in clips])
    rows = [(kind, prior) for kind in ("contrast", "motion") for prior in (math.inf, 0.25)]
    rows += [("fused", prior) for prior in (math.inf, 0.4, 0.3, 0.25, 0.2, 0.15)]
    for kind, prior in rows:
        label = kind if math.isinf(prior) else f"{kind}, prior {prior}"
        print_row(label, clips, [window_centres(c, kind, prior) for c in clips])
    for kind in KINDS:
        print_bins(clips, kind)


def main() -> int:
    """Build the tool and print every table for which there is data."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "data", type=Path, help="folder of fixations/, tracking/, masks/, gaze_video/"
    )
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "bench", help="build folder")
    parser.add_argument("--no-stills", action="store_true", help="score the clips only")
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        print(
            f"{arguments.data}: no such folder; name the root of the labelled data", file=sys.stderr
        )
        return 2
    tool = build_tool(arguments.build)
    if not arguments.no_stills:
        score_stills(tool, arguments.data / "fixations")
    score_clips(tool, arguments.data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
