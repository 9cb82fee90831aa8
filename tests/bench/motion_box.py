# SPDX-License-Identifier: MIT
"""One box a clip where it moves: how fast it is found, and how much of the subject is in it.

    python -m tests.bench.motion_box ../shared/data [--area .75 .5 .25] [--repeat 3] [--clips]

Quality, on the sets ``tracking`` and ``masks``: the share of the subject (box or mask, mean over
the frames that have one) inside the box, beside

* ``centre``: a box in the middle of the picture, of its shape and as large as ours,
* ``compat``: the box as the published code of MoCrop finds it,
* ``best``: the rectangle of cells that keeps most, of those that ours may be (known only with the
  labels).

Speed, on clips of ``actions``, ``tracking`` and ``clips``: decoding alone, with the vectors, with
the vectors and without deblocking, all with one thread; ``clip_boxes``, and with it the search of
the published code, which tries each rectangle, on every density.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import av
import numpy as np
from PIL import Image

from export.judging.windows import Array, find_clips, read_boxes
from smartcrop import _core, motion
from smartcrop.motion.published import largest_sum

SETS = ("tracking", "masks")
GRID = (6, 8)


# ---- quality ----


@dataclass
class Kept:
    """Share of the subject inside a box, and of the picture."""

    subject: float
    area: float


def covered(length: int, start: float, extent: float) -> Array:
    """How much of each pixel along a side an interval covers."""
    pixel = np.arange(length)
    return np.clip(np.minimum(pixel + 1, start + extent) - np.maximum(pixel, start), 0, 1)


def subject_map(clip: Path, size: tuple[int, int]) -> Array:
    """How much of the subject lies in each pixel, mean over frames; sums to 1."""
    width, height = size
    total = np.zeros((height, width))
    masks = sorted(clip.with_suffix("").glob("*.png")) if clip.with_suffix("").is_dir() else []
    for path in masks:
        mask = np.asarray(Image.open(path).convert("1"))
        total += mask / max(1, mask.sum())
    if not masks:
        for x, y, w, h in np.nan_to_num(read_boxes(clip.with_suffix(".csv"), size)):
            if w > 0 and h > 0:
                total += np.outer(covered(height, y, h), covered(width, x, w)) / (w * h)
    return total / total.sum()


def kept_in(subject: Array, box: tuple[float, float, float, float]) -> Kept:
    """What a box keeps: x, y, width and height in pixels."""
    height, width = subject.shape
    left, top = round(box[0]), round(box[1])
    right, bottom = round(box[0] + box[2]), round(box[1] + box[3])
    inside = float(subject[top:bottom, left:right].sum())
    return Kept(inside, (right - left) * (bottom - top) / (width * height))


def centred(area: float, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """The box in the middle, of the picture's shape."""
    side = area**0.5
    return (*((1 - side) / 2 * each for each in size), *(side * each for each in size))


def best_box(subject: Array, area: float) -> Kept:
    """The rectangle of cells that keeps most."""
    height, width = subject.shape
    rows, columns = GRID
    ys = [round(i * height / rows) for i in range(rows + 1)]
    xs = [round(i * width / columns) for i in range(columns + 1)]
    cells = np.add.reduceat(np.add.reduceat(subject, ys[:-1], 0), xs[:-1], 1)
    # As the search of the published code: the largest sum.
    left, top, wide, high = largest_sum(cells.astype(np.float32), area)
    return kept_in(
        subject, (xs[left], ys[top], xs[left + wide] - xs[left], ys[top + high] - ys[top])
    )


def boxes_of(clip: Path, areas: list[float]) -> list[dict[str, Kept]]:
    """The rows of a clip, one for each area."""
    size = motion.clip_box(clip, 1.0, GRID).picture
    subject = subject_map(clip, size)
    rows = []
    for area in areas:
        found = {
            name: motion.clip_box(clip, area, GRID, compat=compat)
            for name, compat in (("ours", False), ("compat", True))
        }
        kept = {
            name: kept_in(subject, (box.x, box.y, box.width, box.height))
            for name, box in found.items()
        }
        centre = kept_in(subject, centred(kept["ours"].area, size))
        rows.append({"centre": centre, **kept, "best": best_box(subject, area)})
    return rows


def print_quality(root: Path, areas: list[float], jobs: int, each_clip: bool) -> None:
    """A table for each set."""
    for name in SETS:
        clips = find_clips(root, name)
        if not clips:
            continue
        with ProcessPoolExecutor(jobs) as pool:
            results = list(pool.map(partial(boxes_of, areas=areas), clips))
        columns = list(results[0][0])
        print(f"\n{name} ({len(clips)} clips): share of the subject kept (share of the picture)")
        print(f"{'area':<14}" + "".join(f"{column:>16}" for column in columns))
        for index, area in enumerate(areas):
            rows = [result[index] for result in results]
            if each_clip:
                for clip, row in zip(clips, rows, strict=True):
                    print(f"{clip.stem[:13]:<14}" + "".join(map(_cell, row.values())))
            means = [
                Kept(
                    float(np.mean([row[column].subject for row in rows])),
                    float(np.mean([row[column].area for row in rows])),
                )
                for column in columns
            ]
            print(f"{area:<14}" + "".join(map(_cell, means)))


def _cell(kept: Kept) -> str:
    return f"{kept.subject:9.3f} ({kept.area:.2f})"


# ---- speed ----


def decode(clip: Path, options: dict[str, str]) -> int:
    """Decode with one thread and look at nothing."""
    with av.open(str(clip)) as file:
        stream = file.streams.best("video")
        stream.codec_context.thread_count = 1
        stream.codec_context.options = options
        return sum(1 for _ in file.decode(stream))


def brute_force(density: Array, area: float) -> None:
    """The search of the published code, in Python as it is there."""
    rows, columns = density.shape
    wanted, most = area * rows * columns, -np.inf
    for high in range(1, rows + 1):
        for wide in range(1, columns + 1):
            if not wanted * 0.9 <= high * wide <= wanted * 1.1:
                continue
            for top in range(rows - high + 1):
                for left in range(columns - wide + 1):
                    most = max(most, np.sum(density[top : top + high, left : left + wide]))


@dataclass
class Cost:
    """Least seconds of some runs."""

    wall: float = np.inf
    cpu: float = np.inf


def cost_of(work: Callable[[], object], repeat: int) -> Cost:
    """Measure; CPU time counts all threads."""
    best = Cost()
    for _ in range(repeat):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        best.wall = min(best.wall, time.perf_counter() - wall)
        best.cpu = min(best.cpu, time.process_time() - cpu)
    return best


def works_on(clips: list[Path], jobs: int) -> dict[str, Callable[[], object]]:
    """What is compared, by the name of its row."""
    export = {"flags2": "+export_mvs"}
    vectors = {**export, "skip_loop_filter": "all"}

    def with_brute_force() -> None:
        for _, box in motion.clip_boxes(clips, jobs=1):
            assert isinstance(box, motion.ClipBox)
            brute_force(box.density, 0.75)

    return {
        "decoding": lambda: [decode(clip, {}) for clip in clips],
        "with vectors": lambda: [decode(clip, export) for clip in clips],
        "no deblocking": lambda: [decode(clip, vectors) for clip in clips],
        "clip_boxes, 1 job": lambda: list(motion.clip_boxes(clips, jobs=1)),
        "and brute force": with_brute_force,
        f"clip_boxes, {jobs} jobs": lambda: list(motion.clip_boxes(clips, jobs=jobs)),
    }


def print_speed(root: Path, repeat: int, jobs: int) -> None:
    """Clips and frames a second for each kind of clip."""
    groups = {
        "actions": sorted((root / "actions").glob("*/*/*.mp4"))[::6],
        "tracking": sorted((root / "tracking").glob("*.mp4"))[::4],
        "clips": sorted((root / "clips").glob("*.mp4")),
    }
    for name, clips in groups.items():
        if not clips:
            continue
        frames = sum(decode(clip, {}) for clip in clips)
        print(f"\n{name}: {len(clips)} clips, {frames} frames")
        print(f"{'':<20}{'clips/s':>9}{'frames/s':>10}{'CPU ms/frame':>14}")
        for title, work in works_on(clips, jobs).items():
            cost = cost_of(work, repeat)
            print(
                f"{title:<20}{len(clips) / cost.wall:9.1f}{frames / cost.wall:10.0f}"
                f"{1000 * cost.cpu / frames:14.3f}"
            )


def print_search(repeat: int) -> None:
    """What the search alone takes."""
    print(f"\n{'search, CPU ms':<20}{'integral image':>14}{'brute force':>14}")
    for rows, columns in (GRID, (12, 16), (24, 32)):
        density = np.random.default_rng(1).random((rows, columns), np.float32)
        ours = cost_of(lambda d=density: _core.densest_box(d, 0.75), repeat)
        theirs = cost_of(lambda d=density: brute_force(d, 0.75), repeat)
        title = f"{rows} x {columns}"
        print(f"{title:<20}{1000 * ours.cpu:14.3f}{1000 * theirs.cpu:14.2f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", type=Path)
    parser.add_argument("--area", type=float, nargs="+", default=[0.75, 0.5, 0.25])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--clips", action="store_true", help="also a row for each clip")
    parser.add_argument("--only", choices=("quality", "speed"))
    arguments = parser.parse_args()
    if not any(find_clips(arguments.root, name) for name in SETS):
        raise SystemExit(f"{arguments.root}: no labelled clip in {', '.join(SETS)}")
    if arguments.only != "speed":
        print_quality(arguments.root, arguments.area, arguments.jobs, arguments.clips)
    if arguments.only != "quality":
        print_search(arguments.repeat)
        print_speed(arguments.root, arguments.repeat, arguments.jobs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
