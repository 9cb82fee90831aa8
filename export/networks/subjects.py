# SPDX-License-Identifier: MIT
"""The detector: faces, people and other things, on grids of 8, 16 and 32 pixels.

Each cell of a grid proposes two boxes: one of a body (a person or another thing), and one of a
face, since a face and the one it belongs to are often in the same place. There are no anchors.
After YOLOX (Ge et al., "YOLOX: Exceeding YOLO Series in 2021") and FPN (Lin et al., "Feature
Pyramid Networks for Object Detection", CVPR 2017), made to fit a CPU.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from export.networks.base import BoxNetwork, double, pointwise, separable
from export.networks.mobilenet import MobileNetV2

STRIDES = (8, 16, 32)
FACE, PERSON, THING = 0, 1, 2
_WIDTH = 96  # channels of the three grids
_BODY, _FACE = 6, 5  # numbers of a cell: scores, then the box
_FIRST_SIDE = 4.0  # of a box before anything is learned, in strides
_RARE = 0.01  # score of a box before anything is learned
_MOST_LOG = 5.0  # of a side in strides; what is larger than the picture means nothing


class Proposals(NamedTuple):
    """What the cells of all grids say, (N, cells, ...): logits, and corners in pixels."""

    bodies: Tensor  # logits of person and thing
    body_boxes: Tensor  # left, top, right, bottom
    faces: Tensor  # logit of face
    face_boxes: Tensor


class Pyramid(nn.Module):
    """The features of the three grids, each told of the coarser ones and of the whole picture."""

    def __init__(self, widths: list[int]) -> None:
        super().__init__()
        _, fine, middle, coarse = widths
        self.coarse = pointwise(coarse, _WIDTH)
        self.whole = nn.Sequential(nn.Conv2d(coarse, _WIDTH, 1), nn.ReLU6())
        self.middle = pointwise(middle, 64)
        self.join_middle = separable(_WIDTH + 64, _WIDTH)
        self.fine = pointwise(fine, 32)
        self.join_fine = separable(_WIDTH + 32, _WIDTH)

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        _, fine, middle, coarse = features
        third = self.coarse(coarse) + self.whole(coarse.mean((2, 3), keepdim=True))
        second = self.join_middle(torch.cat([double(third), self.middle(middle)], 1))
        first = self.join_fine(torch.cat([double(second), self.fine(fine)], 1))
        return [first, second, third]


class Head(nn.Module):
    """From the features of one grid to the numbers of its cells, (N, 11, h, w)."""

    def __init__(self) -> None:
        super().__init__()
        self.tower = nn.Sequential(separable(_WIDTH, _WIDTH), separable(_WIDTH, _WIDTH))
        self.answer = nn.Conv2d(_WIDTH, _BODY + _FACE, 1)
        nn.init.normal_(self.answer.weight, std=0.01)
        rare, side = math.log(_RARE / (1 - _RARE)), math.log(_FIRST_SIDE)
        start = [rare, rare, 0, 0, side, side, rare, 0, 0, side - 0.7, side - 0.7]
        with torch.no_grad():
            self.answer.bias.copy_(torch.tensor(start))

    def forward(self, x: Tensor) -> Tensor:
        answer: Tensor = self.answer(self.tower(x))
        return answer


class SubjectsNetwork(BoxNetwork):
    """288 x 160 in, two rows for each of 945 cells out."""

    name = "subjects"
    size = (160, 288)
    classes = ("face", "person", "thing")
    cells: Tensor
    strides: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.backbone = MobileNetV2(stages=6)
        self.pyramid = Pyramid(self.backbone.widths)
        self.heads = nn.ModuleList(Head() for _ in STRIDES)
        cells, strides = cells_of(self.size)
        self.register_buffer("cells", cells, persistent=False)
        self.register_buffer("strides", strides, persistent=False)

    def propose(self, image: Tensor) -> Proposals:
        """The proposals of all cells, the finest grid first, row by row."""
        grids = self.pyramid(self.backbone(image))
        answers = [head(x).flatten(2) for head, x in zip(self.heads, grids, strict=True)]
        values = torch.cat(answers, 2).transpose(1, 2).float()
        bodies, body_boxes, faces, face_boxes = values.split([2, 4, 1, 4], 2)
        return Proposals(bodies, self.corners(body_boxes), faces, self.corners(face_boxes))

    def corners(self, values: Tensor) -> Tensor:
        """Offsets from the cell's middle and logarithms of the sides, in strides, to pixels."""
        middle = (self.cells + values[..., :2]) * self.strides
        half = values[..., 2:].clamp(max=_MOST_LOG).exp() * (self.strides / 2)
        return torch.cat([middle - half, middle + half], 2)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Rows of bodies, then rows of faces."""
        found = self.propose(image)
        sure, none = torch.ones_like(found.faces), torch.zeros_like(found.faces)
        bodies = [centred(found.body_boxes), sure, none, found.bodies.sigmoid()]
        faces = [centred(found.face_boxes), sure, found.faces.sigmoid(), none, none]
        return (torch.cat([torch.cat(bodies, 2), torch.cat(faces, 2)], 1),)


def cells_of(size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Middles of all cells in strides, (cells, 2) x and y, and their strides, (cells, 1)."""
    middles, strides = [], []
    for stride in STRIDES:
        rows, columns = size[0] // stride, size[1] // stride
        y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        middles.append(torch.stack([x.flatten(), y.flatten()], 1) + 0.5)
        strides.append(torch.full((rows * columns, 1), float(stride)))
    return torch.cat(middles), torch.cat(strides)


def centred(corners: Tensor) -> Tensor:
    """From left, top, right, bottom to centre, width and height."""
    low, high = corners.split(2, -1)
    return torch.cat([(low + high) / 2, high - low], -1)
