# SPDX-License-Identifier: MIT
"""The public name of what draws previews, ``smartcrop.preview.preview``."""

from .previews.preview import preview

__all__ = ["preview"]
