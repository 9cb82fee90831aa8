# SPDX-License-Identifier: MIT
"""Turn a video of one shape into another by moving a crop window after what viewers look at.

>>> import smartcrop
>>> smartcrop.reframe("match.mp4", "vertical.mp4", aspect="9:16")     # doctest: +SKIP
"""

import os as _os

# ONNX Runtime reads this when it is loaded; a user's own setting stays.
_os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

from ._core import runtime_info, version  # noqa: E402
from ._options import Options  # noqa: E402
from .cropper import Cropper  # noqa: E402
from .errors import Error  # noqa: E402
from .plan import Output, Plan, Shot, Source  # noqa: E402
from .video import Reframed, analyze, reframe  # noqa: E402
from .window import Window  # noqa: E402

__version__ = version()
__all__ = [
    "Cropper",
    "Error",
    "Options",
    "Output",
    "Plan",
    "Reframed",
    "Shot",
    "Source",
    "Window",
    "analyze",
    "reframe",
    "runtime_info",
    "version",
]
