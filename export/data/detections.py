# SPDX-License-Identifier: MIT
"""Views of labelled pictures for the detector: letterboxed, cropped, joined, with pasted subjects.

The pictures are few, so that hardly two views are alike: half of them are four pictures joined, and
subjects whose masks are known are cut out and pasted over others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter
from torch.utils.data import Dataset

from export.data.augment import View, random_wear
from export.data.drawn import Drawn, Label
from export.detector import areas, shared_areas

Array = np.ndarray
MOST = 60  # boxes of a view
_SEEN = 0.4  # share of a box that has to be in the view; with less it is passed over
_GONE = 0.1  # of what is hardly to be seen nothing is left
LEAST_SIDE = 4.0  # root of the area, in pixels of the input; what is smaller is passed over
_CUT_SHARE = 0.01  # of the picture; smaller masks are not pasted
_FARTHEST, _NEAREST = 0.8, 2.0  # zoom of a view, beside the one that shows the whole picture
_MOST_CUTS = 3  # pasted into a view


@dataclass(frozen=True)
class Cut:
    """A subject cut out along its mask, with the boxes that lie on it."""

    picture: Image.Image
    mask: Image.Image
    label: Label  # in shares of the cut


@dataclass(frozen=True)
class Style:
    """How views are made.

    Parameters
    ----------
    whole : float
        Share of the views that are the whole picture, letterboxed.
    joined : float
        Share of four pictures joined.
    pasted : float
        Share of views into which subjects are pasted.
    """

    whole: float = 1.0
    joined: float = 0.0
    pasted: float = 0.0


def placed(label: Label, view: View) -> Label:
    """Boxes in shares of the view, not yet cut to it."""
    low, high = view.place(label.boxes[:, :2]), view.place(label.boxes[:, 2:])
    boxes = np.concatenate([np.minimum(low, high), np.maximum(low, high)], 1)
    return Label(label.kinds, boxes.astype(np.float32), label.sure)


def moved(label: Label, low: Array, size: Array) -> Label:
    """Boxes in shares of a part of a picture to shares of the picture."""
    boxes = label.boxes * np.tile(size, 2) + np.tile(low, 2)
    return Label(label.kinds, boxes.astype(np.float32), label.sure)


def within(label: Label, low: Array, high: Array) -> Label:
    """Boxes cut to a region; those that are mostly outside are passed over or left out."""
    full = np.maximum(areas(label.boxes), 1e-9)
    boxes = np.clip(label.boxes, np.tile(low, 2), np.tile(high, 2))
    share = areas(boxes) / full
    sure = label.sure & (share >= _SEEN)
    return Label(label.kinds, boxes.astype(np.float32), sure).only(share >= _GONE)


def cut_out(drawn: Drawn) -> list[Cut]:
    """The subjects of a picture whose masks are known and large enough."""
    if drawn.masks is None:
        return []
    height, width = drawn.masks.shape
    cuts = []
    for number in range(1, int(drawn.masks.max()) + 1):
        mask = drawn.masks == number
        if mask.mean() < _CUT_SHARE or not drawn.label.sure[number - 1]:
            continue
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        view = View(left / width, top / height, (right - left) / width, (bottom - top) / height)
        label = placed(drawn.label, view)
        middle = (label.boxes[:, :2] + label.boxes[:, 2:]) / 2 * [right - left, bottom - top]
        x, y = np.clip(middle, 0, [right - left - 1, bottom - top - 1]).astype(int).T
        inner = mask[top:bottom, left:right]
        # A face that lies on the mask goes with it; neighbours that reach into the box do not.
        faces = (label.kinds == 0) & inner[y, x]
        faces &= (label.boxes[:, :2] > -0.05).all(1) & (label.boxes[:, 2:] < 1.05).all(1)
        faces[number - 1] = True
        soft = Image.fromarray(255 * inner.astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))
        picture = Image.fromarray(drawn.picture[top:bottom, left:right])
        cuts.append(Cut(picture, soft, label.only(faces)))
    return cuts


class Detections(Dataset):
    """Views with their boxes.

    An item is a dict: ``image`` (3, height, width) uint8, ``boxes`` (MOST, 4) float32 in pixels,
    left, top, right, bottom, ``kinds`` (MOST,) int64, below 0 where there is no box, ``sure``
    (MOST,) bool.

    Parameters
    ----------
    size : tuple of int
        Height and width of the view.
    """

    def __init__(
        self,
        pictures: list[Drawn],
        size: tuple[int, int],
        style: Style | None = None,
        *,
        seed: int = 0,
    ) -> None:
        self.pictures, self.size, self.style, self.seed = pictures, size, style or Style(), seed
        self.cuts = [cut for each in pictures for cut in cut_out(each)] if self.style.pasted else []

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, key: int | tuple[int, int]) -> dict[str, Array]:
        """A view, or with a pair (index, round) that round's view."""
        index, turn = key if isinstance(key, tuple) else (key, 0)
        random = np.random.default_rng((self.seed, 11, index, turn))
        drawn, style, fill = self.pictures[index], self.style, 114
        if style.whole < 1:
            fill = int(random.choice([114, 114, 0, 60, 200]))
        if random.random() < style.whole:
            view = letterbox(drawn, self.size, flip=style.whole < 1 and random.random() < 0.5)
            image = view.cut(Image.fromarray(drawn.picture), self.size, fill)
            label = within(placed(drawn.label, view), np.zeros(2), np.ones(2))
        elif random.random() < style.joined / (1 - style.whole):
            image, label = self._joined(random, index, fill)
        else:
            image, label = self._part(random, drawn, self.size, fill)
        if self.cuts and random.random() < style.pasted:
            image, label = self._pasted(random, image, label)
        if style.whole < 1:
            image = random_wear(random).apply(image)
        return self._item(image, label)

    def _part(
        self, random: np.random.Generator, drawn: Drawn, size: tuple[int, int], fill: int
    ) -> tuple[Array, Label]:
        """A part of a picture, or the picture in a larger frame."""
        view = zoomed(letterbox(drawn, size, flip=bool(random.random() < 0.5)), random)
        image = view.cut(Image.fromarray(drawn.picture), size, fill)
        return image, within(placed(drawn.label, view), np.zeros(2), np.ones(2))

    def _joined(self, random: np.random.Generator, index: int, fill: int) -> tuple[Array, Label]:
        """Four pictures about a point."""
        height, width = self.size
        x, y = round(width * random.uniform(0.3, 0.7)), round(height * random.uniform(0.3, 0.7))
        image, label = np.full((height, width, 3), fill, np.uint8), Label()
        for place, (left, top, right, bottom) in enumerate(
            ((0, 0, x, y), (x, 0, width, y), (0, y, x, height), (x, y, width, height))
        ):
            other = index if place == 0 else int(random.integers(len(self.pictures)))
            size = (bottom - top, right - left)
            part, found = self._part(random, self.pictures[other], size, fill)
            image[top:bottom, left:right] = part
            low = np.array([left / width, top / height])
            label = label + moved(found, low, np.array([size[1] / width, size[0] / height]))
        return image, label

    def _pasted(
        self, random: np.random.Generator, image: Array, label: Label
    ) -> tuple[Array, Label]:
        """Subjects over the view; what they hide is passed over."""
        height, width = self.size
        canvas = Image.fromarray(image)
        for _ in range(int(random.integers(1, _MOST_CUTS + 1))):
            cut = self.cuts[int(random.integers(len(self.cuts)))]
            tall = height * np.exp(random.uniform(np.log(0.12), np.log(0.9)))
            scale = tall / max(cut.picture.height, 0.6 * cut.picture.width)
            scale *= np.exp(random.normal(0, 0.08))
            size = (
                max(4, round(cut.picture.width * scale)),
                max(4, round(cut.picture.height * scale)),
            )
            low = np.array(
                [
                    random.uniform(-0.2, 1 - 0.8 * size[0] / width),
                    random.uniform(-0.2 * size[1] / height, 1 - 0.8 * size[1] / height),
                ]
            )
            flip = bool(random.random() < 0.5)
            parts = [
                part.resize(size, Image.Resampling.BILINEAR) for part in (cut.picture, cut.mask)
            ]
            if flip:
                parts = [part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for part in parts]
            canvas.paste(parts[0], (round(low[0] * width), round(low[1] * height)), parts[1])
            share = np.array([size[0] / width, size[1] / height])
            own = moved(placed(cut.label, View(flip=flip)), low, share)
            label = hidden(label, own.boxes) + within(own, np.zeros(2), np.ones(2))
        return np.asarray(canvas), label

    def _item(self, image: Array, label: Label) -> dict[str, Array]:
        height, width = self.size
        boxes = label.boxes * np.array([width, height] * 2, np.float32)
        sure = label.sure & (areas(boxes) >= LEAST_SIDE**2)
        # The largest of too many; those to pass over go first.
        order = np.lexsort((-areas(boxes), ~sure))[:MOST]
        item = {
            "image": np.ascontiguousarray(image.transpose(2, 0, 1)),
            "boxes": np.zeros((MOST, 4), np.float32),
            "kinds": np.full(MOST, -1, np.int64),
            "sure": np.zeros(MOST, bool),
        }
        for name, values in (("boxes", boxes), ("kinds", label.kinds), ("sure", sure)):
            item[name][: len(order)] = values[order]
        return item


def letterbox(drawn: Drawn, size: tuple[int, int], *, flip: bool = False) -> View:
    """The view of a size that shows the whole picture in its shape."""
    height, width = drawn.picture.shape[:2]
    scale = min(size[1] / width, size[0] / height)
    w, h = size[1] / (width * scale), size[0] / (height * scale)
    return View((1 - w) / 2, (1 - h) / 2, w, h, flip)


def zoomed(view: View, random: np.random.Generator) -> View:
    """The same view from nearer or from farther off, somewhere over the picture."""
    full = max(view.w, view.h)  # the zoom from which no bars are left
    zoom = np.exp(random.uniform(np.log(_FARTHEST), np.log(max(_NEAREST, 1.3 * full))))
    stretch = np.exp(random.uniform(-0.2, 0.2))
    w, h = view.w / zoom * stretch, view.h / zoom / stretch
    # From edge to edge where the view is smaller than the picture, else the picture is whole.
    x, y = (
        random.uniform(min(0, 1 - side) - 0.1 * side, max(0, 1 - side) + 0.1 * side)
        for side in (w, h)
    )
    return View(float(x), float(y), float(w), float(h), view.flip)


def hidden(label: Label, over: Array) -> Label:
    """Boxes of which another one, pasted over them, leaves little are left out."""
    if not len(label.boxes):
        return label
    covered = shared_areas(label.boxes, over[:1])[:, 0] / np.maximum(areas(label.boxes), 1e-9)
    sure = label.sure & (covered < 1 - _SEEN)
    return Label(label.kinds, label.boxes, sure).only(covered < 1 - _GONE)
