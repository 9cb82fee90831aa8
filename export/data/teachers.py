# SPDX-License-Identifier: MIT
"""What published detectors see in a picture: labels where nobody drew any.

YOLOX-nano knows people and the kinds of COCO, YuNet knows faces.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from export.detector import Detector, Found

Array = np.ndarray
YOLOX, YUNET = "yolox_nano.onnx", "yunet_n_dynamic.onnx"
# Numbers of COCO's 80 kinds.
PEOPLE = (0,)
# Vehicles, animals, and what is thrown, ridden or flown in sports: what a camera may follow.
THINGS = (*range(1, 9), *range(14, 24), *range(29, 34), 36, 37)
OTHERS = tuple(sorted(set(range(80)) - set(PEOPLE) - set(THINGS)))

Description = dict[str, dict[str, Any]]


def yolox_description(overlap: float = 0.45) -> Description:
    """What ``smartcrop.input`` and ``smartcrop.boxes`` would say of YOLOX-nano."""
    picture = {"width": 416, "height": 416, "order": "BGR", "fit": "pad", "pad_value": 114}
    return {"input": picture, "boxes": {"layout": "yolox", "overlap": overlap}}


def yunet_description(width: int, height: int) -> Description:
    """The same for YuNet, which takes any size in steps of 32."""
    picture = {"width": width, "height": height, "order": "BGR", "fit": "pad"}
    return {"input": picture, "boxes": {"layout": "yunet"}}


class Teachers:
    """Both detectors."""

    def __init__(self, folder: Path) -> None:
        for name in (YOLOX, YUNET):
            if not (folder / name).exists():
                raise SystemExit(f"{folder / name}: the detector is missing; see --models")
        self.bodies = Detector(folder / YOLOX, yolox_description())
        self.faces = Detector(folder / YUNET, yunet_description(384, 384))

    def find(self, picture: Array) -> list[Found]:
        """Faces, people, things and what else COCO names in an RGB picture."""
        (faces,) = self.faces.find(picture, [(0,)])
        return [faces, *self.bodies.find(picture, (PEOPLE, THINGS, OTHERS))]
