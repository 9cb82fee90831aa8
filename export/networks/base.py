# SPDX-License-Identifier: MIT
"""What training, judging and export know of a network."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Network(nn.Module):
    """A network that looks at a picture.

    ``forward(image, *state)`` takes the normalised picture, (N, 3, height, width) float32, and the
    state that the frame before left (zeros at the start), and gives ``(answer, *new_state)``.
    """

    name: str
    size: tuple[int, int]  # height, width of the picture
    state_names: tuple[tuple[str, str], ...] = ()  # of each state: input, output
    # RGB samples of 0..255, as the backbone was trained
    mean = (127.5, 127.5, 127.5)
    std = (127.5, 127.5, 127.5)

    def initial_state(self, batch: int) -> tuple[Tensor, ...]:
        """Zeros for the first frame of a shot."""
        del batch
        return ()

    def normalise(self, pictures: Tensor) -> Tensor:
        """From RGB samples 0..255, (N, 3, height, width), to what the network takes."""
        shape = (1, 3, 1, 1)
        mean, std = torch.tensor(self.mean), torch.tensor(self.std)
        return (pictures.float() - mean.view(shape)) / std.view(shape)


class HeatmapNetwork(Network):
    """A network that answers a one-channel map of logits for a picture.

    The answer is (N, 1, h, w); its softmax over all cells is the probability map.
    """


class BoxNetwork(Network):
    """A network that answers rows of boxes, in the layout ``yolox`` of python/docs/models.md.

    The answer is (N, rows, 5 + classes): the box's centre, width and height in pixels of the input,
    an object score and a score for each class.
    """

    classes: tuple[str, ...]
    fit = "pad"  # the picture keeps its shape
    pad_value = 114


def separable(inputs: int, outputs: int) -> nn.Sequential:
    """A 3x3 convolution in two cheap steps: each channel on its own, then across channels."""
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False),
        nn.BatchNorm2d(inputs),
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU6(),
    )


def pointwise(inputs: int, outputs: int) -> nn.Sequential:
    """A 1x1 convolution across channels."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU6()
    )


def double(x: Tensor) -> Tensor:
    """Twice the height and width, bilinear."""
    return nn.functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
