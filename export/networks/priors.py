# SPDX-License-Identifier: MIT
"""Where viewers look before they see anything: a layer of learned Gaussians.

Source of the idea: Cornia, Baraldi, Serra and Cucchiara, "Predicting Human Eye Fixations via an
LSTM-based Saliency Attentive Model", IEEE TIP 2018.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class GaussianPriors(nn.Module):
    """Maps of axis-parallel Gaussians whose centres and widths are learned.

    Parameters
    ----------
    count : int
        Number of maps; they begin as widths from narrow to broad about the middle.
    size : tuple of int
        Height and width of the maps.
    """

    rows: Tensor
    columns: Tensor

    def __init__(self, count: int, size: tuple[int, int]) -> None:
        super().__init__()
        self.centre = nn.Parameter(torch.full((count, 2), 0.5))  # y, x as shares
        spread = torch.linspace(0.12, 0.6, count)
        self.log_spread = nn.Parameter(spread.log()[:, None].repeat(1, 2))
        height, width = size
        self.register_buffer("rows", (torch.arange(height) + 0.5) / height, persistent=False)
        self.register_buffer("columns", (torch.arange(width) + 0.5) / width, persistent=False)

    def forward(self) -> Tensor:
        """The maps, (1, count, height, width), each with the peak 1."""
        spread = self.log_spread.exp()
        down = ((self.rows[None] - self.centre[:, :1]) / spread[:, :1]) ** 2
        across = ((self.columns[None] - self.centre[:, 1:]) / spread[:, 1:]) ** 2
        return torch.exp(-0.5 * (down[:, :, None] + across[:, None, :]))[None]
