# SPDX-License-Identifier: MIT
"""What happens inside a shot and is no cut: light, camera and things laid over the picture."""

from __future__ import annotations

import random

import numpy as np

Frames = np.ndarray  # n x height x width x 3, float
NAMES = (
    "flash", "strobe", "exposure", "whip", "shake", "explosion", "lamp", "inset", "half", "title",
)  # fmt: skip
LAID_OVER = ("inset", "half", "title")


def disturb(
    pixels: Frames,
    chance: random.Random,
    noise: np.random.Generator,
    names: tuple[str, ...] = NAMES,
) -> Frames:
    """The shot with one of `names` in it, at least 8 frames from either end."""
    count = len(pixels)
    if count < 30:
        return pixels
    name = chance.choice(names)
    at = chance.randrange(8, count - 20)
    changed: Frames = globals()[f"_{name}"](pixels.copy(), at, chance, noise)
    return np.clip(changed, 0, 255)


def _flash(pixels: Frames, at: int, chance: random.Random, noise: np.random.Generator) -> Frames:
    for frame in range(at, at + chance.randint(1, 3)):
        pixels[frame] = pixels[frame] * 1.5 + chance.uniform(60, 220)
    return pixels


def _strobe(pixels: Frames, at: int, chance: random.Random, noise: np.random.Generator) -> Frames:
    period, dark = chance.randint(2, 4), chance.random() < 0.5
    for frame in range(at, at + 12):
        if frame % period == 0:
            pixels[frame] = pixels[frame] * 0.15 if dark else pixels[frame] * 1.3 + 120
    return pixels


def _exposure(pixels: Frames, at: int, chance: random.Random, noise: np.random.Generator) -> Frames:
    pixels[at:] *= chance.choice([0.35, 0.5, 0.7, 1.5, 2.2])
    return pixels


def _whip(pixels: Frames, at: int, chance: random.Random, noise: np.random.Generator) -> Frames:
    """Speeds up, turns to a place beside with blur of motion, and brakes."""
    width = pixels.shape[2]
    wide = np.concatenate([pixels[at], pixels[at][:, ::-1], pixels[at]], axis=1)
    most, place, sign = chance.randint(30, 70), 0.0, chance.choice([-1, 1])
    for step, frame in enumerate(range(at, at + 10)):
        speed = most * np.sin(np.pi * (step + 1) / 11)
        shifts = [np.roll(wide, -sign * int(place + speed * k / 8), axis=1) for k in range(8)]
        pixels[frame] = np.mean(shifts, axis=0)[:, :width]
        place += speed
    stay = np.roll(wide, -sign * int(place), axis=1)[:, :width]
    pixels[at + 10 :] = stay
    return pixels


def _shake(pixels: Frames, at: int, chance: random.Random, noise: np.random.Generator) -> Frames:
    reach = chance.randint(4, 14)
    for frame in range(at, at + 15):
        x, y = chance.randint(0, 2 * reach), chance.randint(0, 2 * reach)
        padded = np.pad(pixels[frame], ((reach, reach), (reach, reach), (0, 0)), mode="edge")
        pixels[frame] = padded[y : y + pixels.shape[1], x : x + pixels.shape[2]]
    return pixels


def _explosion(
    pixels: Frames, at: int, chance: random.Random, noise: np.random.Generator
) -> Frames:
    height, width = pixels.shape[1:3]
    y, x = np.mgrid[:height, :width]
    centre = (chance.uniform(0.3, 0.7) * width, chance.uniform(0.3, 0.7) * height)
    colour = np.array([255.0, 190.0, 90.0])
    for step, frame in enumerate(range(at, at + 14)):
        radius = 15 + 14 * step + noise.normal(0, 8)
        share = np.exp(-((((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / radius**2) ** 2))
        share = (share * (1 - step / 18))[..., None]
        fire = np.kron(noise.random((height // 10, width // 10)), np.ones((10, 10)))[..., None]
        pixels[frame] = pixels[frame] * (1 - share) + share * colour * (0.6 + 0.5 * fire)
    return pixels


def _lamp(pixels: Frames, at: int, chance: random.Random, noise: np.random.Generator) -> Frames:
    height, width = pixels.shape[1:3]
    y, x = np.mgrid[:height, :width]
    centre = (chance.random() * width, chance.random() * height)
    share = np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (0.4 * width) ** 2)[..., None]
    pixels[at:] = pixels[at:] * (1 + 1.2 * share) + 30 * share
    return pixels


def _inset(pixels: Frames, at: int, chance: random.Random, noise: np.random.Generator) -> Frames:
    """A picture in the picture."""
    height, width = pixels.shape[1:3]
    small = pixels[at:, ::3, ::3][:, :, ::-1]
    top, left = chance.choice([6, height - 66]), chance.choice([6, width - 113])
    pixels[at:, top : top + small.shape[1], left : left + small.shape[2]] = small
    return pixels


def _half(pixels: Frames, at: int, chance: random.Random, noise: np.random.Generator) -> Frames:
    """A split screen of which one half cuts to another place."""
    height, width = pixels.shape[1:3]
    side = pixels[:, :, width // 4 : width // 4 + width // 2].copy()
    pixels[:, :, : width // 2] = side
    pixels[:, :, width // 2 :] = side[:, ::-1, ::-1]
    pixels[at:, :, width // 2 :] = np.roll(side[at:, ::-1], height // 2, axis=1)[:, :, :]
    return pixels


def _title(pixels: Frames, at: int, chance: random.Random, noise: np.random.Generator) -> Frames:
    """A coloured band with blocks of text over the lower third."""
    height, width = pixels.shape[1:3]
    band = pixels[at:, height * 2 // 3 : height - 8]
    band[:] = [chance.uniform(0, 255), chance.uniform(0, 255), chance.uniform(0, 255)]
    text = noise.random((4, 40)) < 0.5
    text = np.kron(text, np.ones((6, 6), bool))[:, : width - 40]
    band[:, 10 : 10 + text.shape[0], 20 : 20 + text.shape[1]][:, text] = 255
    return pixels
