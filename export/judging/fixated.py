# SPDX-License-Identifier: MIT
"""Stills with what viewers looked at, as they are and cropped off-centre."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from export.data.fixations import read_fixations
from export.heatmap import Picture
from export.judging.maps import Array
from export.judging.windows import read_list

LONG_SIDE = 256  # of the maps that are judged; the measures hardly depend on it
_CROP = 0.75
_FEWEST = 5  # fixations that a picture has to have inside
_LEAST = 0.05  # share of a density that a crop has to have inside
SPLITS = Path(__file__).resolve().parents[1] / "data" / "splits"


@dataclass(frozen=True)
class View:
    """A part of a picture, in shares of its sides."""

    left: float = 0
    top: float = 0
    side: float = 1

    def points(self, points: Array) -> Array:
        """Rows of (viewer, x, y) inside the view, in shares of it."""
        moved = points.copy()
        moved[:, 1:] = (points[:, 1:] - [self.left, self.top]) / self.side
        return np.asarray(moved)[np.all((moved[:, 1:] >= 0) & (moved[:, 1:] < 1), axis=1)]

    def cut(self, image: Image.Image) -> Image.Image:
        """Cut the view out of a picture or map."""
        width, height = image.size
        left, top = round(self.left * width), round(self.top * height)
        right, bottom = left + round(self.side * width), top + round(self.side * height)
        return image.crop((left, top, right, bottom))


@dataclass
class Still:
    """A picture of a set; ``points`` are rows (viewer, x, y), None where only a map is known."""

    path: Path
    view: View
    points: Array | None

    @property
    def item(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"

    def picture(self) -> Picture:
        """(H, W, 3), RGB."""
        with Image.open(self.path) as file:
            return np.asarray(self.view.cut(file.convert("RGB")))

    def looked_at(self) -> bool:
        """Whether enough of what viewers looked at is inside the view."""
        if self.points is not None:
            return len(self.points) >= _FEWEST
        with Image.open(self._map) as file:
            whole = file.convert("F")
        inside = np.asarray(self.view.cut(whole)).sum()
        return bool(inside > _LEAST * np.asarray(whole).sum())

    @property
    def _map(self) -> Path:
        return self.path.with_name(f"{self.path.stem}_map.png")

    def recorded_density(self, size: tuple[int, int]) -> Array:
        """Read the map beside the picture, sum 1."""
        with Image.open(self._map) as file:
            part = self.view.cut(file.convert("F"))
        values = np.asarray(part.resize((size[1], size[0]), Image.Resampling.BOX), np.float64)
        return np.asarray(values / values.sum())


def map_size(picture: Picture) -> tuple[int, int]:
    """Height and width of the maps for a picture."""
    height, width = picture.shape[:2]
    scale = min(1.0, LONG_SIDE / max(height, width))
    return max(2, round(height * scale)), max(2, round(width * scale))


def find_sets(root: Path) -> list[str]:
    """Names of the sets of stills under a data root."""
    folders = sorted(path for path in (root / "fixations").glob("*") if path.is_dir())
    return [
        folder.name
        for folder in folders
        if (folder / "fixations.csv.gz").exists() or any(folder.glob("*_map.png"))
    ]


def listed(kind: str, split: str) -> set[str]:
    """Read a split list: ``("fixations", "test")``."""
    return read_list(SPLITS / f"{kind}_{split}.txt")


def choose(items: list[str], kind: str, split: str) -> tuple[list[str], bool]:
    """Those of the items that the split names; all of them where no split knows any."""
    known = set().union(*(listed(kind, each) for each in ("train", "val", "test")))
    if split == "all" or not known.intersection(items):
        return items, False
    wanted = listed(kind, split)
    return [item for item in items if item in wanted], True


def load_set(root: Path, name: str, split: str) -> tuple[list[Still], bool]:
    """The stills of a set, and whether a split list chose them."""
    folder = root / "fixations" / name
    table = folder / "fixations.csv.gz"
    points: dict[str, Array | None] = {}
    if table.exists():
        points.update(read_fixations(folder))
    else:
        maps = (each.name.removesuffix("_map.png") for each in folder.glob("*_map.png"))
        points.update({f"{stem}.jpg": None for stem in maps})
    names = sorted(each for each in points if (folder / each).exists())
    items, by_list = choose([f"{name}/{each}" for each in names], "fixations", split)
    chosen = (item.split("/", 1)[1] for item in items)
    stills = [Still(folder / each, View(), points[each]) for each in chosen]
    return [still for still in stills if still.looked_at()], by_list


def shifted(stills: list[Still], seed: int = 0) -> list[Still]:
    """Crops of three quarters of the sides, flush left or right, so that subjects are off-centre.

    A crop that hardly anybody looked into is left out.
    """
    random = np.random.default_rng(seed)
    crops = []
    for still in stills:
        view = View((1 - _CROP) * int(random.integers(2)), (1 - _CROP) * random.random(), _CROP)
        points = None if still.points is None else view.points(still.points)
        crops.append(Still(still.path, view, points))
    return [crop for crop in crops if crop.looked_at()]
