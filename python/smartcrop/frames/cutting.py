# SPDX-License-Identifier: MIT
"""What cuts windows out of frames, as kinds of frame know it: a cropper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .pixels import Picture, PixelFormat
from .window import Window


class WindowCutter(Protocol):
    """A ``Cropper``, as far as rendering a frame needs it."""

    @property
    def output_size(self) -> tuple[int, int]:
        """Width and height of a rendered picture."""

    def require_kind(self, width: int, height: int, format: PixelFormat) -> None:
        """Refuse a frame of another size or format than the first."""

    def exact_offset(self, window: Window) -> tuple[int, int] | None:
        """Top left of a window that needs no resampling, else None."""

    def render_planes(
        self, picture: Picture, window: Window, target: Sequence[tuple[int, int]]
    ) -> None:
        """Render into planes of the output size at the given addresses and strides."""
