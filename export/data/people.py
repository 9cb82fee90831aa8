# SPDX-License-Identifier: MIT
"""Subjects of clips without labels: the one large person that a detector sees.

The clips under ``actions/`` have no boxes. A COCO detector (YOLOX-nano, an ONNX file) finds the
people in them; a frame is taken where one of them is clearly larger than the others.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from export.data.subjects import Clip, read_frames_of
from export.data.teachers import PEOPLE, yolox_description
from export.detector import Detector

Array = np.ndarray
_SCORE = 0.45
_OVERLAP = 0.5
_CLEARLY = 0.5  # the second person's area against the first's
_LEAP = 0.2  # a box that moves further than this between two frames is another person's


class PersonDetector:
    """Boxes of people by YOLOX-nano."""

    def __init__(self, path: Path) -> None:
        self.detector = Detector(path, yolox_description(_OVERLAP))

    def find(self, picture: Array) -> Array:
        """People in an RGB picture: (n, 4) x, y, w, h in shares, each once."""
        (people,) = self.detector.find(picture, [PEOPLE])
        boxes = people.boxes[people.scores > _SCORE]
        return np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], 1)


def subject_of(people: Array) -> Array:
    """The one large person, or NaN where there is none or it is not clear who."""
    if not len(people):
        return np.full(4, np.nan)
    areas = people[:, 2] * people[:, 3]
    order = np.argsort(-areas)
    if len(people) > 1 and areas[order[1]] > _CLEARLY * areas[order[0]]:
        return np.full(4, np.nan)
    low = np.clip(people[order[0], :2], 0, 1)
    high = np.clip(people[order[0], :2] + people[order[0], 2:], 0, 1)
    return np.concatenate([low, high - low])


def detect(frames: Array, finder: PersonDetector) -> Array:
    """The subject's box in each frame of a clip, (n, 4) in shares; NaN where there is none."""
    boxes = np.stack([subject_of(finder.find(frame)) for frame in frames])
    middle = boxes[:, :2] + boxes[:, 2:] / 2
    leaps = np.abs(np.diff(middle, axis=0)).max(1) > _LEAP
    boxes[1:][leaps] = np.nan
    return boxes


def load_people(root: Path, detector: Path, store: Path) -> list[Clip]:
    """Clips under ``actions/`` with the boxes that the detector gives them.

    The boxes are kept in the file ``store`` (.npz), which is read where it is there.
    """
    paths = sorted((root / "actions").glob("*/*/*.mp4"))
    known = dict(np.load(store)) if store.exists() else {}
    finder = PersonDetector(detector)
    clips = []
    for path in paths:
        frames, _, _ = read_frames_of(path)
        if path.stem not in known:
            known[path.stem] = detect(frames, finder)
        clips.append(Clip(f"actions/{path.stem}", frames, known[path.stem]))
    np.savez(store, **known)
    return clips
