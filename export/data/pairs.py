# SPDX-License-Identifier: MIT
"""Pairs for the tracker: a template, and a search picture in which the target is, or is not.

Both are views of cuts (``tracks.py``): shifted, scaled, stretched, turned, mirrored alike, and each
worn in its own way, so that the target is known again smaller, blurred, brighter or aslant. Some
targets with a mask are moved onto another ground. Others are pasted beside the target, and things
in front of it. Where a picture shows two known targets, the search may stand about the other one:
then the right one is off the middle, or not to be seen at all. Some are covered by what is beside.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from PIL import Image, ImageFilter
from torch.utils.data import Dataset

from export.data.augment import random_wear
from export.data.crops import GROUPS, Crops
from export.data.tracks import SIDE
from export.data.views import View, cover, ellipse, in_sight, turned
from export.detector import overlaps
from export.networks.tracker import CONTEXT, SEARCH, TEMPLATE
from export.tracker import template_side

Array = np.ndarray
# How often each group is drawn; within it its tracks count alike.
SHARES = {"clips": 0.32, "followed": 0.28, "masks": 0.2, "stills": 0.16, "balls": 0.04}
_ABSENT = 0.1  # of the search pictures, that show another track
_AGAIN = 0.12  # of the pairs of a track with several moments, that are of one moment
_MOVED = 0.35  # of the pairs of targets with a mask, that get another ground
_PASTED = 0.3  # of the search pictures, that get another object beside the target
_HIDDEN = 0.15  # and of those that get one in front of it
_LIKE = 0.25  # of those beside, that are of its source or its kind
_NEIGHBOUR = 0.35  # of the pairs whose picture shows another target, that are about this one
_GONE = 0.08  # of the search pictures, in which the target is covered by its surroundings
_COARSE = 0.12  # of the pictures, that are as coarse as if the target were far away
_SEEN, _UNSEEN = 0.6, 0.05  # parts in sight, from which a target is there and up to which not
_APART = 0.2  # overlap of two neighbours at most
_SMALLER, _LARGER = 0.5, 1.4  # a target beside its neighbour, as ratios of templates' sides
_FARTHEST = 110  # frames from the template to the search picture


class Pairs(Dataset):
    """Items: ``template`` (3, 80, 80) and ``search`` (3, 160, 160) uint8, ``box`` (4,) float32

    corners in pixels of the search picture, ``there`` 1 or 0 float32.

    Parameters
    ----------
    plain : bool
        Views as a tracker meets them: little is off, and nothing is pasted.
    """

    def __init__(self, crops: Crops, length: int, seed: int = 0, *, plain: bool = False) -> None:
        self.crops, self.length, self.seed, self.plain = crops, length, seed, plain
        order = np.argsort(crops.tracks, kind="stable")
        bounds = np.searchsorted(crops.tracks[order], np.arange(len(crops.groups) + 1))
        self.members = [order[a:b] for a, b in itertools.pairwise(bounds)]
        self.groups = [np.flatnonzero(crops.groups == k) for k in range(len(GROUPS))]
        shares = np.array([SHARES[name] for name in GROUPS])
        shares = shares * [len(group) > 0 for group in self.groups]
        self.shares = shares / shares.sum()
        self.masked = np.flatnonzero(crops.masked >= 0)
        sources = np.array([name.split("#")[0] for name in crops.names])
        of_track = np.unique(sources, return_inverse=True)[1]
        keys = np.stack([of_track[crops.tracks], crops.moments], 1)
        self.picture = np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)
        order = np.argsort(self.picture, kind="stable")
        bounds = np.searchsorted(self.picture[order], np.arange(self.picture.max() + 2))
        self.shown = [order[a:b] for a, b in itertools.pairwise(bounds)]

    def __len__(self) -> int:
        return self.length

    def choose(self, random: np.random.Generator) -> tuple[int, int, bool]:
        """Cuts of template and search picture, and whether the target is in this one."""
        group = self.groups[int(random.choice(len(GROUPS), p=self.shares))]
        track = int(random.choice(group))
        members = self.members[track]
        first = int(random.choice(members))
        if len(group) > 1 and random.random() < _ABSENT:
            other = int(random.choice(group))
            if self.crops.names[other].split("#")[0] != self.crops.names[track].split("#")[0]:
                return first, int(random.choice(self.members[other])), False
        if len(members) == 1 or random.random() < _AGAIN:
            return first, first, True
        gaps = np.abs(self.crops.moments[members] - self.crops.moments[first])
        near = members[(gaps <= _FARTHEST) & (gaps > 0)]
        return first, int(random.choice(near if len(near) else members)), True

    def neighbours(self, index: int) -> Array:
        """Cuts of the same picture about others of about the size, apart from this target."""
        others = self.shown[self.picture[index]]
        others = others[self.crops.tracks[others] != self.crops.tracks[index]]
        if not len(others):
            return others
        own, theirs = self.crops.places[index], self.crops.places[others]
        sizes = template_side(theirs[:, 2:] - theirs[:, :2], CONTEXT)
        ratio = template_side(own[2:] - own[:2], CONTEXT) / sizes
        apart = overlaps(own[None], theirs)[0] < _APART
        chosen: Array = others[apart & (ratio > _SMALLER) & (ratio < _LARGER)]
        return chosen

    def beside(self, index: int, about: int) -> Array:
        """The box of a target in a cut about another one, of the same picture."""
        boxes, places = self.crops.boxes[about], self.crops.places
        low, size = places[about, :2], places[about, 2:] - places[about, :2]
        scale = np.tile((boxes[2:] - boxes[:2]) / size, 2)
        box: Array = np.tile(boxes[:2], 2) + (places[index] - np.tile(low, 2)) * scale
        return box

    def _template_view(self, index: int, mirrored: bool, random: np.random.Generator) -> View:
        box = self.crops.boxes[index]
        middle = (box[:2] + box[2:]) / 2 + random.normal(0, 0.03 * TEMPLATE, 2)
        scale, stretch = np.exp(random.normal(0, [0.06, 0.02]))
        angle = 0.0 if self.plain else float(random.normal(0, 4))
        return View(middle, turned(angle, scale, stretch, mirrored), TEMPLATE)

    def _search_view(
        self,
        box: Array,
        mirrored: bool,
        apart: bool,
        random: np.random.Generator,
        size: float = 1.0,
    ) -> View:
        """About a box of a cut; the target's size is that many times the one of the box.

        Of a pair of one moment (not apart) more is changed, since nothing else differs.
        """
        if self.plain:
            off, angle = random.uniform(-0.4, 0.4, 2), 0.0
            scale, stretch = np.exp(random.normal(0, 0.1)), 1.0
        else:
            far = random.random() < 0.35
            off = random.uniform(-0.85, 0.85, 2) if far else random.normal(0, 0.25, 2)
            off = np.clip(off, -0.85, 0.85)
            wide = 0.3 if apart else 0.4
            scale = np.exp(random.uniform(-wide, wide))
            # Now and then as in the wider windows of a lost target.
            scale *= random.uniform(0.5, 0.7) if random.random() < 0.08 else 1.0
            stretch = np.exp(random.normal(0, 0.06 if apart else 0.12))
            angle = float(random.normal(0, 4 if apart else 10))
            if random.random() < (0.12 if apart else 0.25):
                angle = float(random.uniform(-45, 45))
        matrix = turned(angle, scale / size, stretch, mirrored)
        middle = (box[:2] + box[2:]) / 2 - matrix @ (off * TEMPLATE)
        return View(middle, matrix, SEARCH)

    def __getitem__(self, key: int | tuple[int, int]) -> dict[str, Array]:
        index, turn = key if isinstance(key, tuple) else (key, 0)
        random = np.random.default_rng((self.seed, index, turn))
        first, second, there = self.choose(random)
        mirrored = bool(random.random() < 0.5)
        one = self._template_view(first, mirrored, random)
        apart = first != second
        about, two, box = self._search(second, there, mirrored, apart, random)
        there = there and (about == second or in_sight(box, SEARCH) > _UNSEEN)
        template, search = (self._picture(i, view) for i, view in ((first, one), (about, two)))
        if there and random.random() < _GONE:
            there = not cover(search, box)
        if not self.plain:
            alone = about == second and not apart and self.crops.masked[first] >= 0
            if alone and random.random() < _MOVED:
                template = self._on_ground(template, first, one, random)
                search = self._on_ground(search, second, two, random)
            if random.random() < _PASTED:
                like = about == second and random.random() < _LIKE
                self._paste(search, box, random, beside=True, like=second if like else None)
            if there and random.random() < _HIDDEN:
                self._paste(search, box, random, beside=False)
        pictures = [self._worn(each, random) for each in (template, search)]
        return {
            "template": np.ascontiguousarray(pictures[0].transpose(2, 0, 1)),
            "search": np.ascontiguousarray(pictures[1].transpose(2, 0, 1)),
            "box": box.astype(np.float32),
            "there": np.float32(there),
        }

    def _search(
        self, index: int, there: bool, mirrored: bool, apart: bool, random: np.random.Generator
    ) -> tuple[int, View, Array]:
        """The cut that the search picture is of, its view, and the target's box in it."""
        others = self.neighbours(index) if there and random.random() < _NEIGHBOUR else []
        if len(others):
            about = int(random.choice(others))
            target = self.beside(index, about)
            size = float(template_side(target[2:] - target[:2], CONTEXT)) / TEMPLATE
            view = self._search_view(self.crops.boxes[about], mirrored, True, random, size)
            box = view.place(target)
            if not _UNSEEN < in_sight(box, SEARCH) < _SEEN:
                return about, view, box
        view = self._search_view(self.crops.boxes[index], mirrored, apart, random)
        return index, view, self._box(index, view)

    def _picture(self, index: int, view: View) -> Image.Image:
        """The view; what the cut does not reach shows the mean of the cut."""
        cut = self.crops.cuts[index]
        mean = cut[::8, ::8].reshape(-1, 3).mean(0).round().astype(int)
        return view.cut(Image.fromarray(cut), tuple(int(value) for value in mean))

    def _mask(self, index: int, view: View) -> Image.Image | None:
        mask = self.crops.mask(index)
        return None if mask is None else view.cut(Image.fromarray(mask.astype(np.uint8) * 255))

    def _box(self, index: int, view: View) -> Array:
        """The target in the view: round its mask where it has one and is turned."""
        box = view.place(self.crops.boxes[index])
        straight = abs(view.matrix[0, 1]) < 1e-6
        mask = None if straight else self._mask(index, view)
        if mask is not None:
            corners = mask.point(lambda value: 255 * (value > 127)).getbbox()
            within = (box[:2] > 0).all() and (box[2:] < view.side).all()
            if corners and within:
                return np.array(corners, float)
        return box

    def _on_ground(
        self, picture: Image.Image, index: int, view: View, random: np.random.Generator
    ) -> Image.Image:
        """The target alone, on a part of another cut."""
        mask = self._mask(index, view)
        other = int(random.integers(len(self.crops.cuts)))
        middle = random.uniform(0.35, 0.65, 2) * SIDE
        ground = View(middle, turned(0, np.exp(random.uniform(-0.1, 0.5)), 1, False), view.side)
        below = self._picture(other, ground)
        below.paste(picture, (0, 0), mask.filter(ImageFilter.BoxBlur(1)) if mask else None)
        return below

    def _paste(
        self,
        picture: Image.Image,
        box: Array,
        random: np.random.Generator,
        *,
        beside: bool,
        like: int | None = None,
    ) -> None:
        """Put an object, or a part of a cut, beside the target or over a part of it.

        Where it is to be like a target, it is a neighbour of it, or of another track of its group.
        """
        if like is not None:
            index = self._like(like, random)
        elif len(self.masked):
            index = int(random.choice(self.masked))
        else:
            return
        size = np.maximum(box[2:] - box[:2], 4)
        source = self.crops.boxes[index]
        ratio = size.prod() ** 0.5 / np.prod(source[2:] - source[:2]) ** 0.5
        scale = ratio * (random.uniform(0.6, 1.4) if beside else random.uniform(0.4, 0.8))
        matrix = turned(float(random.normal(0, 15)), scale, 1, bool(random.random() < 0.5))
        if beside:
            at = random.uniform(0.05, 0.95, 2) * SEARCH
        else:
            at = box[:2] + size * random.uniform(0, 1, 2)
        middle = (source[:2] + source[2:]) / 2 - matrix @ (at - SEARCH / 2)
        view = View(middle, matrix, SEARCH)
        mask = self._mask(index, view) if like is None else ellipse(view, source)
        if beside and mask is not None:
            low, high = np.clip(box[:2], 0, SEARCH).astype(int), np.clip(box[2:], 0, SEARCH)
            over = np.asarray(mask)[low[1] : int(high[1]), low[0] : int(high[0])]
            if over.size and (over > 127).mean() > 0.1:
                return
        picture.paste(self._picture(index, view), (0, 0), mask)

    def _like(self, index: int, random: np.random.Generator) -> int:
        others = self.neighbours(index)
        if len(others):
            return int(random.choice(others))
        group = self.groups[self.crops.groups[self.crops.tracks[index]]]
        return int(random.choice(self.members[int(random.choice(group))]))

    def _worn(self, picture: Image.Image, random: np.random.Generator) -> Array:
        if self.plain:
            return np.asarray(picture)
        if random.random() < 0.12:  # shaken: the mean along a line
            length = int(random.integers(2, 5))
            step = random.uniform(-1, 1, 2)
            shown = np.asarray(picture, np.float32)
            moved = [
                np.roll(shown, (round(step[0] * k), round(step[1] * k)), (0, 1))
                for k in range(-length, length + 1)
            ]
            picture = Image.fromarray(np.mean(moved, 0).astype(np.uint8))
        wear = random_wear(random)
        if random.random() < _COARSE:
            wear = replace(wear, shrink=random.uniform(0.15, 0.5))
        if random.random() < 0.8:  # a round trip through JPEG is slow
            wear = replace(wear, quality=0)
        return wear.apply(np.asarray(picture))
