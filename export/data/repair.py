# SPDX-License-Identifier: MIT
"""Known faults of recorded fixations, put right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

Array = np.ndarray

# Sets whose tables have x and y, in pixels, the wrong way round. In ``scene`` an independent
# network scores NSS 0.13 on square pictures as they are given, 1.01 the other way; 0.17 and 1.00 on
# wide ones.
_TRANSPOSED = ("scene",)


def repaired(folder: Path, points: dict[str, Array]) -> dict[str, Array]:
    """Fixations of a set with its known faults put right.

    Pictures of a transposed set that are not square are left without fixations: those beyond their
    shorter side are missing in the table, which would teach that nobody looks there.

    Parameters
    ----------
    folder : path
        Of the set; its name tells whether a fault is known.
    points : dict
        Picture to (n, 3) viewer, x, y in shares.
    """
    if folder.name not in _TRANSPOSED:
        return points
    turned = {}
    for name, rows in points.items():
        with Image.open(folder / name) as file:
            square = file.width == file.height
        turned[name] = rows[:, [0, 2, 1]] if square else rows[:0]
    return turned
