#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draw the pictures of README and of the manual anew: .ci/draw_pictures.py FFMPEG.

They are of the drawn match (draw_clip.py), so that no footage of others is needed:

.images/before_after.jpg          frames with the window, what it keeps, and the centre crop
python/docs/images/preview.jpg    ``smartcrop preview``
python/docs/images/path.jpg       ``smartcrop preview --show path``
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import av
from PIL import Image, ImageDraw, ImageFont

import smartcrop
from smartcrop.preview import preview

ROOT = Path(__file__).resolve().parents[1]
BEFORE_AFTER = ROOT / ".images" / "before_after.jpg"
MANUAL = ROOT / "python" / "docs" / "images"
MOMENTS_S = (1.0, 5.4, 7.0, 10.8)
HIGH, GAP, LINE = 300, 12, 34  # of a picture, between pictures, of the words below
PAPER, INK, ACCENT = (250, 250, 248), (40, 42, 54), (255, 196, 46)


def moments(video: Path) -> list[tuple[Image.Image, smartcrop.Window]]:
    """Return the frames to show, each with its window."""
    windows = smartcrop.analyze(video, aspect="9:16").frames
    found = []
    with av.open(str(video)) as container:
        frames = list(zip(container.decode(video=0), windows, strict=True))
    for wanted in MOMENTS_S:
        frame, window = min(frames, key=lambda pair: abs(pair[1].time - wanted))
        found.append((frame.to_image(), window))
    return found


def cut(picture: Image.Image, window: smartcrop.Window, left: float) -> Image.Image:
    """Cut a window from a frame, with its left edge there, and scale it."""
    box = (left, window.y, left + window.width, window.y + window.height)
    size = (round(window.width * HIGH / window.height), HIGH)
    return picture.resize(size, Image.Resampling.LANCZOS, box=box)


def with_window(picture: Image.Image, window: smartcrop.Window) -> Image.Image:
    """Scale a frame, darken what is not kept, and outline the window."""
    scale = HIGH / picture.height
    size = (round(picture.width * scale), HIGH)
    small = picture.resize(size, Image.Resampling.LANCZOS)
    edges = (window.x, window.y, window.x + window.width, window.y + window.height)
    box = tuple(round(edge * scale) for edge in edges)
    shown = Image.blend(small, Image.new("RGB", size), 0.45)
    shown.paste(small.crop(box), box[:2])
    outline = (box[0], 0, box[2] - 1, HIGH - 1)
    ImageDraw.Draw(shown).rectangle(outline, outline=ACCENT, width=4)
    return shown


def row(picture: Image.Image, window: smartcrop.Window) -> Image.Image:
    """Draw a moment: the frame, what smartcrop keeps, and what a crop of the middle keeps."""
    middle = (picture.width - window.width) / 2
    parts = [
        ("the frame, and the window", with_window(picture, window)),
        ("smartcrop", cut(picture, window, window.x)),
        ("centre crop", cut(picture, window, middle)),
    ]
    width = sum(part.width for _, part in parts) + GAP * (len(parts) - 1)
    drawn = Image.new("RGB", (width, HIGH + LINE), PAPER)
    pen, font, left = ImageDraw.Draw(drawn), ImageFont.load_default(18), 0
    for words, part in parts:
        drawn.paste(part, (left, 0))
        pen.text((left + part.width / 2, HIGH + 6), words, INK, font, anchor="ma")
        left += part.width + GAP
    return drawn


def before_after(video: Path) -> Image.Image:
    """Draw the moments, two beside each other."""
    rows = [row(*moment) for moment in moments(video)]
    width, height = rows[0].size
    sheet = Image.new("RGB", (2 * width + 5 * GAP, 2 * height + 3 * GAP), PAPER)
    for number, each in enumerate(rows):
        across, down = number % 2, number // 2
        sheet.paste(each, (GAP + across * (width + 3 * GAP), GAP + down * (height + GAP)))
    return sheet


def main() -> int:
    """Draw the clip, then the pictures of it."""
    if len(sys.argv) != 2:
        print("usage: .ci/draw_pictures.py FFMPEG", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        video, sheet, path = (Path(name) / each for each in ("match.mp4", "sheet.png", "path.png"))
        drawer = [sys.executable, str(ROOT / ".ci" / "draw_clip.py"), str(video), sys.argv[1]]
        subprocess.run(drawer, check=True)
        preview(video, sheet, cells=6)
        preview(video, path, show="path")
        pictures = {
            BEFORE_AFTER: before_after(video),
            MANUAL / "preview.jpg": Image.open(sheet).convert("RGB"),
            MANUAL / "path.jpg": Image.open(path).convert("RGB"),
        }
        for file, picture in pictures.items():
            file.parent.mkdir(exist_ok=True)
            picture.save(file, quality=88)
    return 0


if __name__ == "__main__":
    sys.exit(main())
