# SPDX-License-Identifier: MIT
"""MobileNetV2 as a feature network: the shared backbone of both networks.

Source of the architecture: Sandler, Howard, Zhu, Zhmoginov and Chen, "MobileNetV2: Inverted
Residuals and Linear Bottlenecks", CVPR 2018. Batch normalisation is taken to be folded into the
convolutions, so that a feature network trains and runs without running statistics.
"""

from __future__ import annotations

from torch import Tensor, nn

# expansion, channels, repeats, stride: table 2 of the paper
_STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


class SameConv(nn.Conv2d):
    """A convolution padded so that a stride of two starts on the first pixel (even sizes)."""

    def __init__(self, inputs: int, outputs: int, size: int, stride: int = 1, groups: int = 1):
        padding = 0 if stride == 2 else size // 2
        super().__init__(inputs, outputs, size, stride, padding, groups=groups)

    def forward(self, x: Tensor) -> Tensor:
        if self.stride[0] == 2:
            x = nn.functional.pad(x, (0, 1, 0, 1))
        return super().forward(x)


class InvertedResidual(nn.Module):
    """Expand, filter each channel, project; added to its input where the shapes agree."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int) -> None:
        super().__init__()
        inner = inputs * expansion
        layers: list[nn.Module] = []
        if expansion > 1:
            layers += [nn.Conv2d(inputs, inner, 1), nn.ReLU6()]
        layers += [
            SameConv(inner, inner, 3, stride, groups=inner),
            nn.ReLU6(),
            nn.Conv2d(inner, outputs, 1),
        ]
        self.body = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.residual else self.body(x)


class MobileNetV2(nn.Module):
    """The feature maps at strides 4, 8, 16 and 32.

    Parameters
    ----------
    stages : int
        How many of the seven stages are kept; six end in 160 channels, seven in 320.
    """

    def __init__(self, stages: int = 7) -> None:
        super().__init__()
        self.stem = nn.Sequential(SameConv(3, 32, 3, 2), nn.ReLU6())
        blocks: list[nn.Module] = []
        inputs, self.taps, self.widths = 32, [], []
        for index, (expansion, outputs, repeats, stride) in enumerate(_STAGES[:stages]):
            for repeat in range(repeats):
                blocks.append(
                    InvertedResidual(inputs, outputs, stride if repeat == 0 else 1, expansion)
                )
                inputs = outputs
            following = _STAGES[index + 1][3] if index + 1 < stages else 2
            if following == 2 and index > 0:
                self.taps.append(len(blocks) - 1)
                self.widths.append(outputs)
        self.blocks = nn.ModuleList(blocks)

    def forward(self, x: Tensor) -> list[Tensor]:
        """From (N, 3, H, W) in -1..1 to four maps, finest first; H and W multiples of 32."""
        x = self.stem(x)
        features = []
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in self.taps:
                features.append(x)
        return features
