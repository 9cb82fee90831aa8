# SPDX-License-Identifier: MIT
"""What a detector calls the classes that it finds, as its file describes itself."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import _core
from ..frames.boxes import Box
from .metadata import entries
from .names import located

# The option that names the detector.
DETECTOR = "subjects"

ClassNames = tuple[str, ...]

# The detector that a library may have inside, and its classes.
_BUILT_IN, _AUTO = "subjects", "auto"
_BUILT_IN_NAMES: ClassNames = ("face", "person", "thing")


def usual_detector() -> dict[str, str]:
    """Give the option for the detector of the library; nothing where that has none."""
    return {DETECTOR: _BUILT_IN} if _BUILT_IN in _core.model_names() else {}


def class_names(options: Mapping[str, Any]) -> ClassNames:
    """Name the classes of the detector in these options, by number; empty where nobody does."""
    # Where a subject is followed, the detector comes unasked.
    detector = options.get(DETECTOR, _AUTO if options.get("follow") else None)
    if not isinstance(detector, (str, os.PathLike)):
        return ()
    if detector in (_BUILT_IN, _AUTO):
        return _BUILT_IN_NAMES
    try:
        described = _properties(Path(located(DETECTOR, os.fspath(detector))))
        names = json.loads(described.get("smartcrop.boxes", "{}")).get("names", ())
    except (OSError, ValueError, AttributeError):
        return ()  # the library says what is wrong with the file
    listed = names.split(",") if isinstance(names, str) else names
    return tuple(str(each).strip() for each in listed) if isinstance(listed, (list, tuple)) else ()


def label_of(box: Box, names: ClassNames) -> str:
    """Say in a word what a box is: its class where that has a name, else the nearest to it."""
    if 0 < box.category <= len(names):
        return names[box.category - 1]
    if box.category and box.kind != "face":
        return f"class {box.category - 1}"  # as the detector numbers them
    return box.kind


def _properties(path: Path) -> dict[str, str]:
    """Read the properties of an ONNX file."""
    with path.open("rb") as file:
        return dict(entries(file))
