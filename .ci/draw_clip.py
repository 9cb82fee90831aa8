#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draw a short clip of a ball game: .ci/draw_clip.py OUT.mp4 FFMPEG.

Three shots in front of a crowd. A striker runs across with the ball, and the camera hardly goes
with him. Nearer, at the left, he waits and shoots. At the right, the goalkeeper has the ball.
"""

from __future__ import annotations

import math
import random
import subprocess
import sys

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT, RATE = 1280, 720, 25
WORLD = 2600  # width of the painted hall
SHOTS = (150, 75, 60)  # frames
FINE = 3  # figures are drawn so many times as large, for smooth edges
SKIN, BALL = (224, 172, 132), (240, 240, 235)
RED, YELLOW, DARK, HAIR = (214, 48, 49), (236, 190, 44), (40, 42, 54), (104, 66, 42)


def ease(t: float) -> float:
    """Go from 0 to 1 without a jolt."""
    t = min(1.0, max(0.0, t))
    return t * t * (3 - 2 * t)


def paint_hall(horizon: int, seat: int, light: int, dice: random.Random) -> Image.Image:
    """Paint the crowd, the boards and the pitch; seat is the size of a spectator."""
    hall = Image.new("RGB", (WORLD, HEIGHT), (light - 6, light - 4, light + 10))
    pen = ImageDraw.Draw(hall)
    for y in range(0, horizon - 40, seat):
        for x in range(0, WORLD, seat):
            level = dice.randint(light, light + 52)
            tint = [level + dice.randint(-14, 14) for _ in range(3)]
            left, top = x + dice.randint(0, seat // 3), y + dice.randint(0, seat // 3)
            pen.ellipse((left, top, left + seat * 0.6, top + seat * 0.7), fill=tuple(tint))
    for x in range(0, WORLD, 130):
        colour = [(28, 62, 78), (70, 60, 40), (52, 44, 74)][x // 130 % 3]
        pen.rectangle((x, horizon - 40, x + 126, horizon), fill=colour)
    for stripe in range(0, WORLD + 400, 160):
        green = (62, 124, 62) if stripe // 160 % 2 else (56, 114, 57)
        foot = [(stripe - 400, HEIGHT), (stripe - 200, HEIGHT)]
        pen.polygon([(stripe - 160, horizon), (stripe, horizon), *reversed(foot)], fill=green)
    pen.line((0, horizon + 90, WORLD, horizon + 90), fill=(190, 205, 190), width=5)
    return hall


def draw_figure(picture: Image.Image, foot: tuple[float, float], size: float, look: dict) -> None:
    """Draw a player; look holds shirt, phase of the stride, stride and lean."""
    side = int(size * 1.3)
    sprite = Image.new("RGBA", (side * FINE, side * FINE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(sprite)
    unit, middle, floor = size * FINE, side * FINE / 2, side * FINE * 0.96
    hip = (middle, floor - 0.45 * unit)
    neck = (middle + look["lean"] * unit, floor - 0.80 * unit)
    swing = math.sin(look["phase"]) * look["stride"] * unit

    def limb(start: tuple[float, float], end: tuple[float, float], width: float, ink) -> None:
        pen.line((*start, *end), fill=ink, width=int(width * unit))
        for x, y in (start, end):
            r = width * unit / 2
            pen.ellipse((x - r, y - r, x + r, y + r), fill=ink)

    shadow = (middle - 0.2 * unit, floor - 0.02 * unit, middle + 0.2 * unit, floor + 0.03 * unit)
    pen.ellipse(shadow, fill=(0, 0, 0, 90))
    for sign in (-1, 1):
        knee = (hip[0] + sign * swing * 0.7 + 0.02 * unit, floor - 0.23 * unit)
        limb(hip, knee, 0.12, DARK)
        limb(knee, (hip[0] + sign * swing, floor - 0.02 * unit), 0.08, look["shirt"])
        hand = (neck[0] - sign * swing * 0.8, floor - 0.48 * unit)
        limb((neck[0], neck[1] + 0.05 * unit), hand, 0.07, SKIN)
    limb(hip, (neck[0], neck[1] + 0.04 * unit), 0.19, look["shirt"])
    r, head = 0.085 * unit, (neck[0] + look["lean"] * 0.3 * unit, neck[1] - 0.11 * unit)
    pen.ellipse((head[0] - r, head[1] - r, head[0] + r, head[1] + r), fill=SKIN)
    pen.pieslice((head[0] - r, head[1] - r, head[0] + r, head[1] + r), 170, 370, fill=HAIR)
    small = sprite.resize((side, side), Image.Resampling.LANCZOS)
    picture.paste(small, (round(foot[0] - side / 2), round(foot[1] - side * 0.96)), small)


def draw_ball(
    picture: Image.Image, centre: tuple[float, float], radius: float, turn: float
) -> None:
    """Draw the ball with a dark patch that shows how it rolls."""
    side = int(radius * 2) + 2
    sprite = Image.new("RGBA", (side * FINE, side * FINE), (0, 0, 0, 0))
    pen, r = ImageDraw.Draw(sprite), radius * FINE
    pen.ellipse((FINE, FINE, 2 * r + FINE, 2 * r + FINE), fill=BALL)
    for step in range(3):
        angle = turn + step * 2 * math.pi / 3
        x, y = r + FINE + math.cos(angle) * r * 0.55, r + FINE + math.sin(angle) * r * 0.55
        pen.ellipse((x - r * 0.28, y - r * 0.28, x + r * 0.28, y + r * 0.28), fill=DARK)
    small = sprite.resize((side, side), Image.Resampling.LANCZOS)
    picture.paste(small, (round(centre[0] - side / 2), round(centre[1] - side / 2)), small)


def running(hall: Image.Image, number: int) -> Image.Image:
    """Draw the first shot: the striker runs across; the camera stands, then pans a little."""
    seconds = number / RATE
    striker = 230 + 1290 * ease(seconds / 6.2)
    camera = 60 + 420 * ease((seconds - 2.0) / 4.5)
    picture = hall.crop((round(camera), 0, round(camera) + WIDTH, HEIGHT))
    look = {"shirt": RED, "phase": seconds * 12, "stride": 0.2, "lean": 0.05}
    draw_figure(picture, (striker - camera, 650), 300, look)
    hop = abs(math.sin(seconds * 6)) * 16
    draw_ball(picture, (striker - camera + 105, 628 - hop), 22, seconds * 9)
    return picture


def shooting(hall: Image.Image, number: int) -> Image.Image:
    """Draw the second shot: a closer, standing camera; the striker waits, runs up and shoots."""
    seconds = number / RATE
    picture = hall.crop((400, 0, 400 + WIDTH, HEIGHT))
    run = ease((seconds - 1.4) / 0.9)
    flight = max(0.0, seconds - 2.2)
    look = {"shirt": RED, "phase": run * 9 + math.sin(seconds * 3) * 0.3, "lean": 0.02 + 0.05 * run}
    striker = 220 + 120 * run
    draw_figure(picture, (striker, 690), 430, {"stride": 0.05 + 0.16 * run * (1 - run) * 4, **look})
    ball = (400 + 900 * flight, 668 - 520 * flight + 240 * flight * flight)
    draw_ball(picture, ball, 34, flight * 14)
    return picture


def saving(hall: Image.Image, number: int) -> Image.Image:
    """Draw the third shot: the goalkeeper at the right, who jumps and has the ball."""
    seconds = number / RATE
    picture = hall.crop((900, 0, 900 + WIDTH, HEIGHT))
    pen = ImageDraw.Draw(picture)
    for x in range(760, 1281, 26):
        pen.line((x, 210, x, 640), fill=(150, 160, 150))
    for y in range(210, 641, 26):
        pen.line((760, y, WIDTH, y), fill=(150, 160, 150))
    pen.line((754, 646, 754, 204, WIDTH, 204), fill=(240, 240, 240), width=14)
    jump = max(0.0, math.sin(min(math.pi, max(0.0, seconds - 1.0) * 4)))
    step = math.sin(seconds * 2.5) * 18 * (seconds < 1.0)
    keeper = (1010 + step, 670 - 90 * jump)
    look = {"shirt": YELLOW, "phase": seconds * 5, "stride": 0.07 + 0.1 * jump, "lean": 0.0}
    draw_figure(picture, keeper, 400, look)
    near = min(1.0, seconds / 1.3)
    ball = (640 + near * (keeper[0] + 70 - 640), 560 + near * (keeper[1] - 220 - 560))
    draw_ball(picture, ball, 28, seconds * 10)
    return picture


def main() -> int:
    """Draw every frame into a pipe to ffmpeg."""
    output, ffmpeg = sys.argv[1:]
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE)]
    sound = ["-f", "lavfi", "-i", f"anoisesrc=a=0.02:c=pink:d={sum(SHOTS) / RATE}"]
    made = ["-c:v", "libx264", "-crf", "20", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest"]
    command = [ffmpeg, "-v", "error", "-y", *source, "-i", "-", *sound, *made, output]
    dice = random.Random(7)
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        # The second camera is close, so the crowd is large, light and out of focus.
        far, near = paint_hall(400, 16, 40, dice), paint_hall(520, 44, 120, dice)
        near = near.filter(ImageFilter.GaussianBlur(5))
        dusk = paint_hall(400, 30, 14, dice).filter(ImageFilter.GaussianBlur(3))
        shots = ((running, far), (shooting, near), (saving, dusk))
        for count, (draw, hall) in zip(SHOTS, shots, strict=True):
            for number in range(count):
                encoder.stdin.write(draw(hall, number).tobytes())
        encoder.stdin.close()
    return encoder.returncode


if __name__ == "__main__":
    sys.exit(main())
