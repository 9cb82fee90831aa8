# SPDX-License-Identifier: MIT
"""Video files in and out. Only this package imports PyAV."""

from .jobs import Progress, Reframed, analyze, reframe

__all__ = ["Progress", "Reframed", "analyze", "reframe"]
