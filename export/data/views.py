# SPDX-License-Identifier: MIT
"""Views of the tracker's cuts: shifted, scaled, stretched, turned, mirrored, partly covered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Array = np.ndarray
_EDGE = 4  # pixels about a target that are covered too


@dataclass(frozen=True)
class View:
    """From pixels of a square output to a cut: middle of both, and the matrix between them."""

    middle: Array  # (2,) in the cut
    matrix: Array  # (2, 2): steps in the cut for steps in the output
    side: int  # of the output

    def cut(self, picture: Image.Image, fill: tuple[int, ...] | int = 0) -> Image.Image:
        """What the output shows; what the cut does not reach is filled."""
        corner = self.middle - self.matrix @ np.full(2, self.side / 2)
        (a, b), (d, e) = self.matrix
        return picture.transform(
            (self.side, self.side),
            Image.Transform.AFFINE,
            (a, b, corner[0], d, e, corner[1]),
            resample=Image.Resampling.BILINEAR,
            fillcolor=fill,
        )

    def place(self, box: Array) -> Array:
        """Corners of a box: those of the ellipse in it, which a turned subject fills better."""
        back = np.linalg.inv(self.matrix)
        middle = back @ ((box[:2] + box[2:]) / 2 - self.middle) + self.side / 2
        half = np.sqrt(np.square(back * ((box[2:] - box[:2]) / 2)).sum(1))
        return np.concatenate([middle - half, middle + half])


def turned(angle: float, scale: float, stretch: float, mirrored: bool) -> Array:
    """A matrix of a view: degrees, size of the picture in the output, ratio of its sides."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    sides = np.diag([1 / (scale * stretch), stretch / scale])
    if mirrored:
        sides = np.diag([-1.0, 1.0]) @ sides
    return np.asarray(np.array([[c, -s], [s, c]]) @ sides)


def in_sight(box: Array, side: int) -> float:
    """Part of a box that lies in a square picture."""
    inside = np.clip(box, 0, side)
    return float((inside[2:] - inside[:2]).prod() / (box[2:] - box[:2]).prod())


def ellipse(view: View, box: Array) -> Image.Image:
    """A mask of what fills a box of the cut, about, in the view; its edge is soft."""
    mask = Image.new("L", (view.side, view.side))
    ImageDraw.Draw(mask).ellipse(tuple(view.place(box)), fill=255)
    return mask.filter(ImageFilter.BoxBlur(2))


def cover(picture: Image.Image, box: Array) -> bool:
    """Put what lies beside a target over it; false where there is no room beside."""
    low, high = np.floor(box[:2]).astype(int) - _EDGE, np.ceil(box[2:]).astype(int) + _EDGE
    size = high - low
    for axis, step in ((0, -1), (0, 1), (1, -1), (1, 1)):
        off = np.zeros(2, int)
        off[axis] = step * size[axis]
        if (low + off >= 0).all() and (high + off <= picture.width).all():
            patch = picture.crop((*(low + off), *(high + off)))
            patch = patch.transpose(Image.Transpose(axis))  # its edges meet those of the rest
            mask = Image.new("L", patch.size)
            mask.paste(255, (_EDGE // 2, _EDGE // 2, size[0] - _EDGE // 2, size[1] - _EDGE // 2))
            picture.paste(patch, tuple(low), mask.filter(ImageFilter.BoxBlur(_EDGE // 2)))
            return True
    return False
