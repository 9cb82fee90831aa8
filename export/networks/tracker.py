# SPDX-License-Identifier: MIT
"""The tracker: where in a search picture is the thing that a template shows, and how large.

One trunk makes features of both pictures, and a head compares them: how much each cell of the
search picture looks like each cell of the template. After SiamFC (Bertinetto et al., ECCVW 2016),
SiamBAN (Chen et al., CVPR 2020: a score and four distances a cell) and Alpha-Refine (Yan et al.,
CVPR 2021: pixel-wise correlation), with a small head as LightTrack (Yan et al., CVPR 2021) has.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from export.networks.base import Network, double
from export.networks.mobilenet import MobileNetV2

TEMPLATE, SEARCH = 80, 160  # sides of the two pictures
CONTEXT = 0.5  # of width and height together, added to each for the template's side
STRIDE = 8
FEATURES = 64  # channels of a trunk's answer
_WIDTH = 80  # channels of the head
_FIRST_SIDE = 20.0  # pixels from a cell to an edge before anything is learned
_RARE = 0.02  # score of a cell before anything is learned
_MOST_LOG = 2.5  # of a distance over the first one; what is farther lies outside of the picture
_SHARP = 8.0  # of likeness, a cosine, before anything is learned


class Trunk(nn.Module):
    """From a normalised picture (N, 3, h, w) to features (N, 64, h / 8, w / 8).

    It has no batch normalisation: templates and search pictures differ in what they show.
    """

    def __init__(self, backbone: MobileNetV2) -> None:
        super().__init__()
        self.backbone = backbone
        _, fine, coarse = backbone.widths
        self.coarse = nn.Sequential(nn.Conv2d(coarse, FEATURES, 1), nn.ReLU6())
        self.fine = nn.Sequential(nn.Conv2d(fine, FEATURES, 1), nn.ReLU6())
        self.join = nn.Sequential(
            nn.Conv2d(2 * FEATURES, FEATURES, 1),
            nn.ReLU6(),
            nn.Conv2d(FEATURES, FEATURES, 3, padding=1, groups=FEATURES),
            nn.ReLU6(),
            nn.Conv2d(FEATURES, FEATURES, 1),
        )

    def forward(self, picture: Tensor) -> Tensor:
        _, fine, coarse = self.backbone(picture)
        joined: Tensor = self.join(torch.cat([double(self.coarse(coarse)), self.fine(fine)], 1))
        return joined


def far(inputs: int, outputs: int) -> nn.Sequential:
    """A 5x5 convolution in two cheap steps: a target is several cells wide."""
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 5, padding=2, groups=inputs, bias=False),
        nn.BatchNorm2d(inputs),
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU6(),
    )


def across(inputs: int, outputs: int) -> nn.Sequential:
    """A 1x1 convolution, normalised, without a limit."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))


class Head(nn.Module):
    """From two trunks' answers to logits (N, 1, g, g) and distances (N, 4, g, g) in pixels."""

    def __init__(self) -> None:
        super().__init__()
        cells = (TEMPLATE // STRIDE) ** 2
        self.of_template = nn.Conv2d(FEATURES, FEATURES, 1)
        self.of_search = nn.Conv2d(FEATURES, FEATURES, 1)
        self.sharp = nn.Parameter(torch.tensor(_SHARP))
        self.alike = across(cells, _WIDTH)
        self.gate = nn.Sequential(
            nn.Conv2d(FEATURES, FEATURES // 2, 1),
            nn.ReLU(),
            nn.Conv2d(FEATURES // 2, _WIDTH, 1),
            nn.Sigmoid(),
        )
        self.seen = across(FEATURES, _WIDTH)
        self.mix = nn.Sequential(nn.ReLU6(), far(_WIDTH, _WIDTH), far(_WIDTH, _WIDTH))
        self.score = nn.Sequential(far(_WIDTH, _WIDTH), nn.Conv2d(_WIDTH, 1, 1))
        self.sides = nn.Sequential(far(_WIDTH, _WIDTH), nn.Conv2d(_WIDTH, 4, 1))
        for answer, start in ((self.score[-1], math.log(_RARE / (1 - _RARE))), (self.sides[-1], 0)):
            nn.init.normal_(answer.weight, std=0.01)
            nn.init.constant_(answer.bias, start)

    def likeness(self, template: Tensor, search: Tensor) -> Tensor:
        """Cosine of each of the template's cells, (N, cells, g, g), with each of the search's."""
        rows, columns = search.shape[2:]
        known = unit(self.of_template(template)).flatten(2).transpose(1, 2)
        cosines = torch.matmul(known, unit(self.of_search(search)).flatten(2))
        return cosines.unflatten(2, (rows, columns))

    def forward(self, template: Tensor, search: Tensor) -> tuple[Tensor, Tensor]:
        margin = TEMPLATE // STRIDE // 5  # what lies farther out shows the surroundings
        middle = template[:, :, margin:-margin, margin:-margin].mean((2, 3), keepdim=True)
        alike = self.alike(self.likeness(template, search) * self.sharp)
        x = self.mix(alike + self.seen(search) * self.gate(middle))
        sides = self.sides(x).float().clamp(-_MOST_LOG, _MOST_LOG).exp() * _FIRST_SIDE
        return self.score(x), sides


def unit(x: Tensor) -> Tensor:
    """Vectors across channels, of length one."""
    return x / (x.square().sum(1, keepdim=True) + 1e-4).sqrt()


class TrackerNetwork(Network):
    """A template of 80 x 80 and a search picture of 160 x 160, 20 x 20 cells out."""

    name = "tracker"
    size = (SEARCH, SEARCH)
    template_size = (TEMPLATE, TEMPLATE)

    def __init__(self) -> None:
        super().__init__()
        self.trunk = Trunk(MobileNetV2(stages=5))
        self.head = Head()

    @property
    def backbone(self) -> MobileNetV2:
        """What starts from ImageNet."""
        return self.trunk.backbone

    def forward(self, template: Tensor, search: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (N, 1, g, g), and left, top, right, bottom (N, 4, g, g) from cells, in pixels."""
        logits, sides = self.head(self.trunk(template), self.trunk(search))
        return logits.float(), sides.float()


@torch.no_grad()
def renormalise(network: TrackerNetwork, template: Tensor, search: Tensor) -> None:
    """Normalise by the statistics of some pictures, and answer as before.

    A network read from its files has its normalisations folded into the convolutions; then
    training would start from other answers than the files give.
    """
    layers = [layer for layer in network.modules() if isinstance(layer, nn.BatchNorm2d)]

    def measure(layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        assert isinstance(layer, nn.BatchNorm2d)
        mean, variance = inputs[0].mean((0, 2, 3)), inputs[0].var((0, 2, 3))
        old = (layer.running_var + layer.eps).sqrt()
        new = (variance + layer.eps).sqrt()
        layer.bias.add_(layer.weight * (mean - layer.running_mean) / old)
        layer.weight.mul_(new / old)
        layer.running_mean.copy_(mean)
        layer.running_var.copy_(variance)

    hooks = [layer.register_forward_pre_hook(measure) for layer in layers]
    training = network.training
    network.eval()(template, search)
    network.train(training)
    for hook in hooks:
        hook.remove()


def cells(device: torch.device | None = None) -> Tensor:
    """Positions of cells along a side, in pixels."""
    return (torch.arange(SEARCH // STRIDE, device=device) + 0.5) * STRIDE
