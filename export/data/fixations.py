# SPDX-License-Identifier: MIT
"""Stills with recorded eye fixations (``fixations/<set>/`` of the data root)."""

from __future__ import annotations

import collections
import csv
import gzip
from pathlib import Path

import numpy as np
from PIL import Image
from torch.utils.data import Dataset

from export.data.augment import View, random_view, random_wear
from export.data.repair import repaired
from export.data.targets import bumps, counts

Array = np.ndarray
# One degree of the visual field, about 3 % of the width of the pictures in these experiments.
DEGREE = 0.03
_SAMPLES = 300  # of a density map that comes without points


def read_fixations(folder: Path) -> dict[str, Array]:
    """Fixations of a set: picture to (n, 3) viewer, x, y; known faults are put right."""
    points: dict[str, list[tuple[float, ...]]] = collections.defaultdict(list)
    with gzip.open(folder / "fixations.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            points[row["image"]].append((float(row["viewer"]), float(row["x"]), float(row["y"])))
    return repaired(folder, {name: np.array(values) for name, values in points.items()})


def points_of_density(path: Path) -> Array:
    """Points (n, 2) drawn from a density map, the same at each call."""
    density = np.asarray(Image.open(path).convert("L"), np.float64)
    random = np.random.default_rng(0)
    cells = random.choice(density.size, _SAMPLES, p=(density / density.sum()).ravel())
    y, x = np.divmod(cells, density.shape[1])
    places = np.stack([x, y], 1) + random.random((_SAMPLES, 2))
    return places / [density.shape[1], density.shape[0]]


def load_points(root: Path, items: list[str]) -> dict[str, Array]:
    """Fixation points (n, 2) of ``set/picture`` items, as shares."""
    points: dict[str, Array] = {}
    for name in sorted({item.split("/")[0] for item in items}):
        folder = root / "fixations" / name
        table = folder / "fixations.csv.gz"
        known = read_fixations(folder) if table.exists() else {}
        for item in (item for item in items if item.startswith(f"{name}/")):
            picture = item.split("/")[1]
            if picture in known:
                points[item] = known[picture][:, 1:]
            else:
                points[item] = points_of_density(folder / picture.replace(".jpg", "_map.png"))
    return points


class Stills(Dataset):
    """Pictures with the density and the counts of their fixations.

    An item is a dict: ``image`` (3, height, width) uint8, ``density`` and ``counts`` (h, w)
    float32, ``weight``.
    """

    def __init__(
        self,
        root: Path,
        items: list[str],
        size: tuple[int, int],
        grid: tuple[int, int],
        *,
        whole: float | None = None,
        seed: int = 0,
    ) -> None:
        self.root, self.size, self.grid = root / "fixations", size, grid
        self.points = load_points(root, items)
        self.items = [item for item in items if len(self.points[item])]
        self.whole, self.seed = whole, seed
        self._pictures: dict[str, Image.Image] = {}

    def __len__(self) -> int:
        return len(self.items)

    def picture(self, item: str) -> Image.Image:
        if item not in self._pictures:
            self._pictures[item] = Image.open(self.root / item).convert("RGB")
        return self._pictures[item]

    def __getitem__(self, key: int | tuple[int, int]) -> dict[str, Array]:
        """An item, or with a pair (index, round) that round's augmentation of it."""
        index, turn = key if isinstance(key, tuple) else (key, 0)
        item = self.items[index]
        random = np.random.default_rng((self.seed, index, turn))
        view = View() if self.whole is None else random_view(random, self.whole)
        points = view.place(self.points[item])
        seen = np.all((points >= 0) & (points < 1), axis=1)
        if seen.sum() < max(8, 0.1 * len(points)):  # a crop of what nobody looked at teaches little
            view = View(flip=view.flip)
            points = view.place(self.points[item])
            seen = np.all((points >= 0) & (points < 1), axis=1)
        fill = int(random.choice([0, 0, 127]))
        image = view.cut(self.picture(item), self.size, fill)
        if self.whole is not None:
            image = random_wear(random).apply(image)
        points = points[seen]
        spread = np.array([DEGREE / view.w, DEGREE / view.h * 1.33])
        # the scene set's recordings are noisy: a low weight
        weight = 0.5 if item.startswith("scene/") else 1.0
        return {
            "image": np.ascontiguousarray(image.transpose(2, 0, 1)),
            "density": bumps(points, spread, self.grid),
            "counts": counts(points, self.grid),
            "weight": np.float32(weight),
        }
