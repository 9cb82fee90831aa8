# SPDX-License-Identifier: MIT
"""Where the core finds ONNX Runtime, which it opens when a model is first used."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path


def prepare() -> None:
    """Point the core to the installed package ``onnxruntime``, unless the user points elsewhere.

    The package is looked up, not imported. The environment also keeps the runtime's telemetry off,
    unless the user set that.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    if "SMARTCROP_ONNXRUNTIME" in os.environ:
        return
    try:
        package = find_spec("onnxruntime")
    except (ImportError, ValueError):
        package = None
    if package is not None and package.origin:
        folder = Path(package.origin).parent / "capi"
        if any(folder.glob("libonnxruntime.so*")):
            os.environ["SMARTCROP_ONNXRUNTIME"] = str(folder)
