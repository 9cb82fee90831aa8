# SPDX-License-Identifier: MIT
"""MCUNet, a feature network found by search for small processors.

Source of the architecture: Lin, Chen, Lin, Cohn, Gan and Han, "MCUNet: Tiny Deep Learning on IoT
Devices", NeurIPS 2020, the network for 320 kB of memory and 1 MB of weights. Modules bear the names
that its published weights have.
"""

from __future__ import annotations

from torch import Tensor, nn

_STEM = 16
# expansion, channels, stride, kernel of each block. Channels and kernels stand in the shapes of the
# weights, strides do not: they are those with which features of photographs have the means and
# variances that the weights' batch normalisation remembers.
_BLOCKS = (
    (1, 8, 1, 3),
    (3, 16, 2, 7),
    (5, 16, 1, 3),
    (5, 16, 1, 7),
    (4, 16, 1, 5),
    (5, 24, 2, 5),
    (5, 24, 1, 5),
    (5, 24, 1, 5),
    (5, 40, 2, 3),
    (6, 40, 1, 7),
    (4, 40, 1, 5),
    (5, 48, 1, 5),
    (5, 48, 1, 7),
    (5, 48, 1, 3),
    (6, 96, 2, 3),
    (5, 96, 1, 7),
    (4, 96, 1, 3),
    (5, 160, 1, 7),
)


class _Layer(nn.Module):
    """A convolution, batch normalisation and, but for the last of a block, ReLU6."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        size: int,
        *,
        stride: int = 1,
        groups: int = 1,
        act: bool = True,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs)
        self.act = nn.ReLU6() if act else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        answer: Tensor = self.act(self.bn(self.conv(x)))
        return answer


class _Block(nn.Module):
    """Expand, filter each channel, project; added to its input where the shapes agree."""

    def __init__(self, inputs: int, outputs: int, stride: int, size: int, expansion: int) -> None:
        super().__init__()
        inner = inputs * expansion
        self.mobile_inverted_conv = nn.Sequential()
        if expansion > 1:
            self.mobile_inverted_conv.add_module("inverted_bottleneck", _Layer(inputs, inner, 1))
        depth = _Layer(inner, inner, size, stride=stride, groups=inner)
        self.mobile_inverted_conv.add_module("depth_conv", depth)
        self.mobile_inverted_conv.add_module("point_linear", _Layer(inner, outputs, 1, act=False))
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        body: Tensor = self.mobile_inverted_conv(x)
        return x + body if self.residual else body


class MCUNet(nn.Module):
    """From (N, 3, H, W) in -1..1 to maps (N, 160, H/32, W/32)."""

    width = _BLOCKS[-1][1]

    def __init__(self) -> None:
        super().__init__()
        self.first_conv = _Layer(3, _STEM, 3, stride=2)
        blocks, inputs = [], _STEM
        for expansion, outputs, stride, size in _BLOCKS:
            blocks.append(_Block(inputs, outputs, stride, size, expansion))
            inputs = outputs
        self.blocks = nn.Sequential(*blocks)

    def forward(self, x: Tensor) -> Tensor:
        features: Tensor = self.blocks(self.first_conv(x))
        return features
