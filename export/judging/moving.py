# SPDX-License-Identifier: MIT
"""In which frames a labelled subject moves against the camera."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image

from export.heatmap import Picture
from export.judging.maps import Array
from export.judging.windows import Clip
from export.networks.motion import Motion, grey

LEAST_SPEED = 0.05  # widths of the picture a second
_SIZE = (128, 224)
# More steps than a network can afford: halvings of the picture and steps at each.
_PLAN = ((4, 4), (3, 4), (2, 4), (1, 2))


def cameras(pictures: Sequence[Picture]) -> Array:
    """Shift in x and y, in shares of half the sides, and zoom from each frame to the next."""
    size = (_SIZE[1], _SIZE[0])
    scaled = [
        np.array(Image.fromarray(np.asarray(each)).resize(size, Image.Resampling.BILINEAR))
        for each in pictures
    ]
    greys = torch.cat(
        [grey(torch.from_numpy(each).permute(2, 0, 1)[None] / 127.5 - 1) for each in scaled]
    )
    height, width = _SIZE[0] // 2, _SIZE[1] // 2
    motion = Motion((height, width), (height // 4, width // 4), _PLAN)
    with torch.no_grad():
        found = motion.camera(motion.about_one_level(greys[:-1], greys[1:]))
    return np.asarray(found[:, :, 0].numpy(), float)


def speeds(pictures: Sequence[Picture], clip: Clip, fps: float) -> Array:
    """Of the subject against the camera, widths a second; NaN where it was not seen before."""
    speed = np.full(len(pictures), np.nan)
    if len(pictures) > 1:
        assert clip.boxes is not None
        width, height = clip.size
        middle = (clip.boxes[:, :2] + clip.boxes[:, 2:] / 2) / [width / 2, height / 2] - 1
        camera = cameras(pictures)
        stayed = middle[1:] * (1 + camera[:, 2:]) + camera[:, :2]
        moved = (middle[:-1] - stayed) / 2 * [1, height / width]
        speed[1:] = np.hypot(moved[:, 0], moved[:, 1]) * fps
    return speed
