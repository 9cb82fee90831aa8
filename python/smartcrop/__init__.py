# SPDX-License-Identifier: MIT
"""Turn a video of one shape into another by moving a crop window after what viewers look at.

>>> import smartcrop
>>> smartcrop.reframe("match.mp4", "vertical.mp4", aspect="9:16")     # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING

from . import _runtime

if TYPE_CHECKING:
    from . import motion
    from ._core import runtime_info, version
    from ._options import Options
    from .cropper import Cropper
    from .errors import Error, FileError, ModelError, OptionError
    from .frames.boxes import Box
    from .frames.window import Evidence, Pane, Window
    from .jobs import analyze, reframe
    from .plans.editing import edit
    from .plans.parts import Key, Output, Shot, Source
    from .plans.plan import Plan
    from .previews.subjects import subjects
    from .rendering import Reframed
    from .solving import solve
    from .subject_list import Subject

    __version__: str

# Where each name comes from. They are imported when they are used, so that the command starts fast
# and can be interrupted from its first moment on.
_HOMES = {
    "Box": "frames.boxes",
    "Cropper": "cropper",
    "Error": "errors",
    "Evidence": "frames.window",
    "FileError": "errors",
    "Key": "plans.parts",
    "ModelError": "errors",
    "OptionError": "errors",
    "Options": "_options",
    "Output": "plans.parts",
    "Pane": "frames.window",
    "Plan": "plans.plan",
    "Reframed": "rendering",
    "Shot": "plans.parts",
    "Source": "plans.parts",
    "Subject": "subject_list",
    "Window": "frames.window",
    "analyze": "jobs",
    "edit": "plans.editing",
    "motion": "",
    "reframe": "jobs",
    "runtime_info": "_core",
    "solve": "solving",
    "subjects": "previews.subjects",
    "version": "_core",
}
__all__ = [
    "Box",
    "Cropper",
    "Error",
    "Evidence",
    "FileError",
    "Key",
    "ModelError",
    "OptionError",
    "Options",
    "Output",
    "Pane",
    "Plan",
    "Reframed",
    "Shot",
    "Source",
    "Subject",
    "Window",
    "analyze",
    "edit",
    "motion",
    "reframe",
    "runtime_info",
    "solve",
    "subjects",
    "version",
]

_runtime.prepare()


def __getattr__(name: str) -> object:
    if name == "__version__":
        value: object = import_module("._core", __name__).version()
    elif name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    elif home := _HOMES[name]:
        value = getattr(import_module(f".{home}", __name__), name)
    else:
        value = import_module(f".{name}", __name__)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
