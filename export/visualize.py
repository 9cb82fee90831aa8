# SPDX-License-Identifier: MIT
"""Draws what networks see: a contact sheet of pictures, maps and windows.

    python -m export.visualize PICTURE_OR_VIDEO... [--model saliency|center|none|PATH ...]
        [--peer fastgaze.onnx] [--frames 6] -o sheet.png

One row for each picture, or for each of some frames of a video in order, with state; one column for
each model: its map over the picture, and the 9:16 window that holds the most of it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw, UnidentifiedImageError

from export.evaluate import PEER_INPUT, find_models
from export.heatmap import Heatmap, ModelError, Picture
from export.judging import metrics
from export.judging.maps import Array, MapSource, Network, TrainingFree
from export.judging.temporal import sampled_frames

FPS = 4.0  # frames a second that a video's networks see, as in the core
_TILE = 320  # width of a picture on the sheet
_GAP = 6
_HEAD = 20
_BACKGROUND = (16, 17, 20)
_WINDOW = (255, 255, 255)
# Dark to light with evenly growing lightness, so that twice the map looks twice as bright.
_STOPS = (0.0, 0.25, 0.5, 0.75, 1.0)
_COLOURS = ((10, 8, 40), (90, 20, 110), (190, 50, 90), (245, 130, 40), (252, 240, 150))


def colours(values: Array) -> Array:
    """Colour shares, (h, w), by their part of the highest: (h, w, 3) of 0 to 255."""
    level = values / values.max()
    return np.stack(
        [np.interp(level, _STOPS, [each[i] for each in _COLOURS]) for i in range(3)], axis=-1
    )


def overlay(picture: Image.Image, values: Array) -> Image.Image:
    """Lay a map of the picture's size over it and draw the best 9:16 window."""
    level = (values / values.max())[..., None]
    weight = 0.25 + 0.55 * level
    grey = np.asarray(picture.convert("L"), np.float64)[..., None]
    mixed = Image.fromarray(((1 - weight) * grey + weight * colours(values)).astype(np.uint8))
    share = metrics.window_share(picture.size)
    if share < 1:
        left = round(metrics.best_left(values, share) * picture.width)
        right = left + round(share * picture.width) - 1
        ImageDraw.Draw(mixed).rectangle((left, 0, right, picture.height - 1), None, _WINDOW, 2)
    return mixed


def pictures_of(path: Path, frames: int) -> Iterator[tuple[bool, bool, Picture]]:
    """Pictures to look at: whether it is the first of its source, whether to draw it, itself.

    Raises
    ------
    OSError, ValueError
        Where there is no such file, or it is neither a picture nor a video.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file; name a picture or a video")
    try:
        with Image.open(path) as file:
            yield True, True, np.asarray(file.convert("RGB"))
        return
    except UnidentifiedImageError:
        pass  # a video, then
    try:
        seen = [picture for _, _, picture, _ in sampled_frames(path, FPS)]
    except av.FFmpegError as error:
        raise ValueError(f"{path}: neither a picture nor a video") from error
    drawn = set(np.linspace(0, len(seen) - 1, min(frames, len(seen))).round().astype(int).tolist())
    for index, picture in enumerate(seen):
        yield index == 0, index in drawn, picture


def rows_of(path: Path, sources: dict[str, MapSource], frames: int) -> Iterator[Image.Image]:
    """Give the sheet's rows for a picture or a video."""
    for first, drawn, picture in pictures_of(path, frames):
        height = max(2, round(_TILE * picture.shape[0] / picture.shape[1]))
        maps = []
        for source in sources.values():
            if first:
                source.reset()
            maps.append(source.look(picture, (height, _TILE)))
        if drawn:
            small = Image.fromarray(picture).resize((_TILE, height), Image.Resampling.LANCZOS)
            yield _beside([small, *(overlay(small, values) for values in maps)])


def _beside(tiles: list[Image.Image]) -> Image.Image:
    width = len(tiles) * (_TILE + _GAP) - _GAP
    row = Image.new("RGB", (width, tiles[0].height), _BACKGROUND)
    for i, tile in enumerate(tiles):
        row.paste(tile, (i * (_TILE + _GAP), 0))
    return row


def sheet(rows: list[Image.Image], heads: list[str]) -> Image.Image:
    """Put rows below each other under the names of their columns."""
    height = _HEAD + sum(row.height + _GAP for row in rows)
    whole = Image.new("RGB", (rows[0].width, height), _BACKGROUND)
    pen = ImageDraw.Draw(whole)
    for i, head in enumerate(heads):
        pen.text((i * (_TILE + _GAP) + 4, 4), head, (230, 230, 230))
    top = _HEAD
    for row in rows:
        whole.paste(row, (0, top))
        top += row.height + _GAP
    return whole


def find_sources(
    names: list[str] | None, peer: Path | None, peer_input: str
) -> dict[str, MapSource]:
    """Columns by name."""
    sources: dict[str, MapSource] = {}
    for label, path in find_models(names).items():
        if path == "none":
            sources["training-free"] = TrainingFree(FPS)
        else:
            sources[label] = Network(Heatmap(path))
    if peer:
        description = json.loads(peer_input)
        sources[peer.stem] = Network(Heatmap(peer, description, filter=Image.Resampling.BOX))
    return sources


def main(arguments: list[str] | None = None) -> int:
    """Draw the sheet."""
    parser = argparse.ArgumentParser(
        prog="python -m export.visualize", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("sources", nargs="+", type=Path, metavar="PICTURE_OR_VIDEO")
    parser.add_argument("--model", action="append", help="as in export.evaluate; may be repeated")
    parser.add_argument("--peer", type=Path, help="a network that does not describe itself")
    parser.add_argument("--peer-input", default=PEER_INPUT, metavar="JSON", help="its description")
    parser.add_argument("--frames", type=int, default=6, help="rows of a video")
    parser.add_argument("-o", "--output", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    try:
        columns = find_sources(chosen.model, chosen.peer, chosen.peer_input)
        rows = [row for path in chosen.sources for row in rows_of(path, columns, chosen.frames)]
        sheet(rows, ["picture", *columns]).save(chosen.output)
    except (ModelError, OSError, ValueError) as error:
        print(f"export.visualize: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
