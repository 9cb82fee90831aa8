# SPDX-License-Identifier: MIT
"""The box of a clip where the motion is, and what of its frames lies in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from export.action.lists import Clip
from export.action.settings import ActionError, Settings, View
from export.judging.table import watched


@dataclass(frozen=True)
class Box:
    """A part of the picture, in shares of its sides."""

    x: float = 0.0
    y: float = 0.0
    width: float = 1.0
    height: float = 1.0

    @property
    def centred(self) -> Box:
        """The same size in the middle: what being nearer is worth without knowing the motion."""
        return Box((1 - self.width) / 2, (1 - self.height) / 2, self.width, self.height)


class CropToBox:
    """A transform: of frames (..., H, W) of any size, the pixels in the box.

    Parameters
    ----------
    box : Box
        In shares, so that frames may have been scaled since it was found.
    """

    def __init__(self, box: Box) -> None:
        self.box = box

    def __call__(self, frames: Tensor) -> Tensor:
        """Cut each frame alike; at least one pixel stays."""
        height, width = frames.shape[-2:]
        box = self.box
        left = min(round(box.x * width), width - 1)
        top = min(round(box.y * height), height - 1)
        right = max(left + 1, min(width, round((box.x + box.width) * width)))
        bottom = max(top + 1, min(height, round((box.y + box.height) * height)))
        return frames[..., top:bottom, left:right]


def _key(settings: Settings) -> str:
    wanted = json.dumps([settings.area, settings.grid, settings.compat])
    return hashlib.sha256(wanted.encode()).hexdigest()[:8]


def _find(paths: list[str], settings: Settings) -> Iterable[tuple[str, Box]]:
    from smartcrop import Error, motion

    found = motion.clip_boxes(paths, area=settings.area, grid=settings.grid, compat=settings.compat)
    for path, box in watched(found, "looking for motion", len(paths)):
        if isinstance(box, Error):
            raise ActionError(f"{box}" if str(path) in str(box) else f"{path}: {box}")
        width, height = box.picture
        shares = (box.x / width, box.y / height, box.width / width, box.height / height)
        yield str(path), Box(*shares)


def find_boxes(clips: Iterable[Clip], settings: Settings, folder: Path) -> dict[str, Box]:
    """The box of each clip by its name; whole pictures where a clip has no motion vectors.

    Parameters
    ----------
    folder : Path
        Keeps what was found, in a file for each area and grid, and is looked into first.
    """
    store = folder / f"boxes-{_key(settings)}.json"
    known: dict[str, list[float]] = json.loads(store.read_text()) if store.is_file() else {}
    names = {str(clip.path): clip.name for clip in clips}
    missing = [path for path in names if path not in known]
    if missing:
        for path, box in _find(missing, settings):
            known[path] = [box.x, box.y, box.width, box.height]
        folder.mkdir(parents=True, exist_ok=True)
        store.write_text(json.dumps(known, indent=0, sort_keys=True) + "\n")
    return {name: Box(*known[path]) for path, name in names.items()}


def box_of(view: View, boxes: Mapping[str, Box], name: str) -> Box | None:
    """The box that a view takes of a clip, None for the whole picture."""
    if view.mode == "normal":
        return None
    return boxes[name].centred if view.mode == "center" else boxes[name]
