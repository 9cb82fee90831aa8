# SPDX-License-Identifier: MIT
"""Turn a video of one shape into another by moving a crop window after what viewers look at.

>>> import smartcrop
>>> smartcrop.reframe("match.mp4", "vertical.mp4", aspect="9:16")     # doctest: +SKIP
"""

from . import _runtime, motion
from ._core import runtime_info, version
from ._options import Options
from .boxes import Box
from .cropper import Cropper
from .edit import edit
from .errors import Error
from .plan import Plan
from .plan_parts import Key, Output, Shot, Source
from .video import Reframed, analyze, reframe
from .window import Window

_runtime.prepare()
__version__ = version()
__all__ = [
    "Box",
    "Cropper",
    "Error",
    "Key",
    "Options",
    "Output",
    "Plan",
    "Reframed",
    "Shot",
    "Source",
    "Window",
    "analyze",
    "edit",
    "motion",
    "reframe",
    "runtime_info",
    "version",
]
