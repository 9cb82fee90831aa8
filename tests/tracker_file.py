# SPDX-License-Identifier: MIT
"""The network of kind tracker with which the tests follow a subject.

It is the built-in one, unless SMARTCROP_TEST_TRACKER names a file.
"""

from __future__ import annotations

import os

import pytest

_NAMED = os.environ.get("SMARTCROP_TEST_TRACKER")
# To be given beside the option follow.
TRACKER: dict[str, str] = {"tracker": _NAMED} if _NAMED else {}


def _missing() -> str:
    """Say why nothing can be followed here; empty where it can."""
    smartcrop = pytest.importorskip("smartcrop", reason="the Python package is not installed")
    from smartcrop import _core

    found: str = smartcrop.runtime_info()
    if not found.startswith("ONNX Runtime"):
        return found
    known = TRACKER or "tracker" in _core.model_names()
    return "" if known else "no tracker is built in, and SMARTCROP_TEST_TRACKER names none"


@pytest.fixture
def tracker() -> dict[str, str]:
    """Return the options that name the tracker; skip where there is none."""
    if said := _missing():
        pytest.skip(said)
    return dict(TRACKER)
