# SPDX-License-Identifier: MIT
"""Films with known hard cuts, joined by a seed from clips of one shot, one kind of trouble a film.

Constants of the detector are chosen on the films of the half ``train`` and judged on ``test``: the
halves share neither a clip (export/data/splits/cuts_*.txt) nor a seed.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from . import disturbances
from .synthetic_cuts import FPS, SIZE

SPLITS = Path(__file__).resolve().parents[2] / "export" / "data" / "splits"
FIRST_SEED = {"train": 1000, "test": 9000}
KINDS = {
    "actions": "clips of actions, joined",
    "dark": "darkened to a brightest sample of 20 to 90, dark to bright, low contrast; noise",
    "mirrored": "each cut is to the mirrored picture of the same clip",
    "moved": "each cut is to another part of the same picture: rolled, or another crop",
    "flash": "flash, strobe, exposure, whip pan, shake, explosion, lamp, inset between cuts",
    "titles": "in dark shots: a title, a picture in the picture, half of a split screen changes",
}
PARTS = 24  # of a film
MOST_ALIKE = 0.8  # correlation of two pictures that are a cut for a viewer
Frames = np.ndarray  # n x height x width x 3


def sources(root: Path, half: str, kind: str) -> list[Path]:
    """The clips that films of a half are made of."""
    lines = (SPLITS / f"cuts_{half}.txt").read_text().splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    if kind == "actions":
        names = [name for name in names if name.startswith("actions/")]
    return [root / name for name in names]


def read_clip(path: Path, most: int = 160) -> Frames:
    """The first frames of a clip, the picture filling SIZE."""
    width, height = SIZE
    fill = f"scale={width}:{height}:force_original_aspect_ratio=increase,crop={width}:{height}"
    command = ["ffmpeg", "-v", "error", "-threads", "1", "-i", str(path), "-frames:v", str(most)]
    command += ["-vf", fill, "-fps_mode", "passthrough", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)


def alike(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of two pictures at a small size."""
    small = [p[::8, ::8].mean(axis=2).ravel().astype(float) for p in (a, b)]
    centred = [p - p.mean() for p in small]
    return float(
        centred[0] @ centred[1] / np.sqrt((centred[0] ** 2).sum() * (centred[1] ** 2).sum() + 1e-6)
    )


def zoomed(pixels: Frames, left: float, top: float, share: float) -> Frames:
    """A part of the pictures, enlarged to the whole."""
    height, width = pixels.shape[1:3]
    x = (np.arange(width) * share + left * (1 - share) * width).astype(int)
    y = (np.arange(height) * share + top * (1 - share) * height).astype(int)
    return pixels[:, y][:, :, x]


class FilmMaker:
    """One film of a kind. ``cuts`` is known when ``frames`` is read to its end."""

    def __init__(self, clips: list[Path], kind: str, seed: int) -> None:
        self.clips, self.kind = clips, kind
        self.random = random.Random(f"{kind} {seed}")
        self.noise = np.random.default_rng(seed)
        self.cuts: list[int] = []
        self.letterbox = self.random.random() < 0.25
        self.logo = self.random.random() < 0.25
        # Of dark films: the brightest sample, and the noise of the sensor, in levels.
        self.peak = self.random.choice([20, 25, 30, 40, 60, 90])
        self.mixed = self.random.random() < 0.35
        self.grain = self.random.choice([0.0, 0.7, 1.5, 2.5])

    def take(self, least: int) -> Frames:
        """A part of a clip, long enough for `least` frames."""
        while True:
            pixels = read_clip(self.random.choice(self.clips))
            if len(pixels) < least + 2:
                continue
            count = self.random.randint(least, min(len(pixels) - 1, least + 35))
            first = self.random.randrange(0, len(pixels) - count)
            return pixels[first : first + count]

    def shots(self, parts: int) -> Iterator[Frames]:
        if self.kind in ("mirrored", "moved"):
            yield from self.pairs(parts)
            return
        before: Frames | None = None
        for _ in range(parts):
            after = self.take(16)
            while before is not None and alike(before[-1], after[0]) > MOST_ALIKE:
                after = self.take(16)
            before = after
            yield after

    def pairs(self, parts: int) -> Iterator[Frames]:
        """Each clip goes on after the cut, mirrored or from another place."""
        for _ in range(parts // 2):
            pixels = self.take(34)
            middle = self.random.randint(16, len(pixels) - 16)
            first, second = pixels[:middle], pixels[middle:]
            first, second = self.turned(first, second)
            if alike(first[-1], second[0]) > MOST_ALIKE:
                continue
            yield first
            yield second

    def turned(self, first: Frames, second: Frames) -> tuple[Frames, Frames]:
        height, width = first.shape[1:3]
        if self.kind == "mirrored":
            return first, second[:, :, ::-1]
        way = self.random.randrange(5)
        if way < 3:
            across = int(width * self.random.uniform(0.2, 0.8)) if way != 1 else 0
            down = int(height * self.random.uniform(0.3, 0.7)) if way != 0 else 0
            return first, np.roll(second, (down, across), axis=(1, 2))
        share = self.random.uniform(0.45, 0.7)
        left, top = self.random.choice([(0.0, 1.0), (1.0, 0.0)]), self.random.random()
        if way == 3:
            return zoomed(first, left[0], top, share), zoomed(second, left[1], top, share)
        return first, zoomed(second, self.random.random(), top, share)

    def frames(self, parts: int) -> Iterator[np.ndarray]:
        length = 0
        for number, shot in enumerate(self.shots(parts)):
            if number:
                self.cuts.append(length)
            pixels = shot.astype(np.float32)
            if self.kind == "flash" and number:
                pixels = disturbances.disturb(pixels, self.random, self.noise)
            elif self.kind == "titles" and number:
                names = disturbances.LAID_OVER
                pixels = disturbances.disturb(self.darkened(pixels), self.random, self.noise, names)
            elif self.kind == "dark":
                pixels = self.darkened(pixels)
            length += len(pixels)
            for picture in pixels:
                yield self.finished(picture)

    def darkened(self, pixels: Frames) -> Frames:
        way = self.random.random()
        if self.mixed and way < 0.4:
            return pixels
        if way > 0.85:  # Fog: little contrast around some level.
            return self.random.uniform(20, 140) + 0.12 * pixels
        return pixels * (self.peak / 255)

    def finished(self, picture: np.ndarray) -> np.ndarray:
        grain = self.grain if self.kind in ("dark", "titles") else 2.0
        picture = picture + self.noise.normal(0, grain, picture.shape)
        if self.letterbox:
            picture[:22] = picture[-22:] = 0
        if self.logo:
            level = 0.8 * self.peak if self.kind == "dark" else 220
            picture[8:24, -60:-8] = level
            picture[12:20, -56:-34] = 0.3 * level
        return np.clip(picture, 0, 255).astype(np.uint8)


def write_film(path: Path, maker: FilmMaker, parts: int) -> None:
    """Encodes a film and writes its cuts beside it."""
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{SIZE[0]}x{SIZE[1]}", "-r", str(FPS), "-i", "-", "-pix_fmt", "yuv420p"]
    crf = maker.random.choice([18, 21, 24, 27])
    command += ["-crf", str(crf), "-preset", "veryfast", "-threads", "1", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for picture in maker.frames(parts):
            encoder.stdin.write(picture.tobytes())
    path.with_suffix(".json").write_text(json.dumps({"cuts": maker.cuts}))


def make_films(
    root: Path, work: Path, half: str, kind: str, films: int
) -> list[tuple[Path, list[int]]]:
    """Films of a kind with their cuts; those that were made before are taken as they are."""
    work.mkdir(parents=True, exist_ok=True)
    made = []
    for seed in range(FIRST_SEED[half], FIRST_SEED[half] + films):
        path = work / f"{kind}_{half}_{seed}.mp4"
        if not path.with_suffix(".json").exists():
            write_film(path, FilmMaker(sources(root, half, kind), kind, seed), PARTS)
        made.append((path, json.loads(path.with_suffix(".json").read_text())["cuts"]))
    return made
