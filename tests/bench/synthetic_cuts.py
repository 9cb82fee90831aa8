# SPDX-License-Identifier: MIT
"""Videos with known shot boundaries, joined from parts of real single-shot clips by a seed."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np

SIZE = (320, 180)
FPS = 25


def probe(path: Path) -> tuple[int, float]:
    """Number of frames and rate."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets", "-of", "json"]
    command += ["-show_entries", "stream=nb_read_packets,avg_frame_rate", str(path)]
    stream = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["streams"]
    over, under = stream[0]["avg_frame_rate"].split("/")
    return int(stream[0]["nb_read_packets"]), float(over) / float(under)


def read_frames(path: Path, first: int, count: int, fps: float) -> np.ndarray:
    """Frames as n x height x width x 3 RGB of SIZE, the picture filling it."""
    width, height = SIZE
    fill = f"scale={width}:{height}:force_original_aspect_ratio=increase,crop={width}:{height}"
    command = ["ffmpeg", "-v", "error", "-threads", "1", "-ss", f"{(first - 0.5) / fps:.4f}"]
    command += ["-i", str(path), "-frames:v", str(count), "-vf", fill, "-fps_mode", "passthrough"]
    command += ["-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3).astype(np.float32)


# ---- synthetic videos ----------------------------------------------------------------------------


class Maker:
    """Joins parts of single-shot clips to a video whose boundaries are known."""

    def __init__(self, sources: list[Path], seed: int) -> None:
        self.sources = sources
        self.random = random.Random(seed)
        self.noise = np.random.default_rng(seed)
        self.cuts: list[int] = []
        self.gradual: list[list[int]] = []
        self.length = 0

    def part(self, count: int, other_than: Path | None) -> tuple[Path, np.ndarray]:
        while True:
            path = self.random.choice([p for p in self.sources if p != other_than])
            frames, fps = probe(path)
            if frames < count + 2:
                continue
            pixels = read_frames(path, self.random.randrange(1, frames - count), count, fps)
            if len(pixels) == count:
                return path, pixels

    def disturb(self, pixels: np.ndarray) -> np.ndarray:
        """What is no cut: a flash, a whip pan, or a lamp that goes on or off."""
        count = len(pixels)
        kind = self.random.random()
        if count < 24 or kind > 0.45:
            return pixels
        pixels = pixels.copy()
        at = self.random.randrange(8, count - 12)
        if kind < 0.2:
            for frame in range(at, at + self.random.randint(1, 3)):
                pixels[frame] = pixels[frame] * 1.5 + self.random.uniform(80, 200)
        elif kind < 0.35:
            step = self.random.randint(15, 35)
            wide = np.concatenate([pixels[at], pixels[at][:, ::-1]], axis=1)
            for frame in range(at, min(at + 10, count)):
                pixels[frame] = np.roll(wide, -step * (frame - at), axis=1)[:, : SIZE[0]]
            pixels = pixels[: at + 10]
        else:
            pixels[at:] *= self.random.choice([0.5, 0.7, 1.4])
        return np.clip(pixels, 0, 255)

    def join(self, before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What of `before` is done, and the rest that begins the next part; notes the boundary."""
        kind = self.random.random()
        room = min(len(before), len(after)) - 6
        if kind < 0.75 or room < 8:
            self.cuts.append(self.length + len(before))
            return before, after
        count = self.random.randint(8, min(room, 36))
        share = (np.arange(1, count + 1) / (count + 1)).astype(np.float32)[:, None, None, None]
        if kind < 0.88:
            mixed = before[-count:] * (1 - share) + after[:count] * share
            done, rest = before[:-count], np.concatenate([mixed, after[count:]])
        else:
            colour = self.random.choice([0.0, 0.0, 255.0])
            half = count // 2
            down = share[:half] * 2
            out = before[-half:] * np.clip(1 - down, 0, 1) + colour * np.clip(down, 0, 1)
            back = after[:half] * down + colour * (1 - np.clip(down, 0, 1))
            hold = np.full((self.random.randint(1, 6), *after.shape[1:]), colour, np.float32)
            mixed = np.concatenate([out, hold, np.clip(back, 0, 255)])
            done, rest = before[:-half], np.concatenate([mixed, after[half:]])
        first = self.length + len(done)
        self.gradual.append([first, first + len(mixed) - 1])
        return done, rest

    def frames(self, parts: int) -> Iterator[np.ndarray]:
        noisy, letterbox = self.random.random() < 0.5, self.random.random() < 0.33
        path, before = self.part(50, None)
        quick = 0
        for _ in range(parts):
            if quick == 0 and self.random.random() < 0.08:
                quick = 5
            count = self.random.randint(8, 14) if quick else self.random.randint(20, 75)
            quick = max(0, quick - 1)
            path, after = self.part(count, path)
            done, before = self.join(before, self.disturb(after))
            yield from self.finish(done, noisy, letterbox)
        yield from self.finish(before, noisy, letterbox)

    def finish(self, pixels: np.ndarray, noisy: bool, letterbox: bool) -> Iterator[np.ndarray]:
        self.length += len(pixels)
        for clean in pixels:
            picture = clean + self.noise.normal(0, 8, clean.shape) if noisy else clean.copy()
            if letterbox:
                picture[:22] = picture[-22:] = 16
            yield np.clip(picture, 0, 255).astype(np.uint8)


def write_video(path: Path, maker: Maker, parts: int) -> None:
    """Encodes what the maker joins."""
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{SIZE[0]}x{SIZE[1]}", "-r", str(FPS), "-i", "-", "-pix_fmt"]
    command += ["yuv420p", "-crf", "21", "-preset", "veryfast", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for picture in maker.frames(parts):
            encoder.stdin.write(picture.tobytes())
