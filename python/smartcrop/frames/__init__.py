# SPDX-License-Identifier: MIT
"""Frames in memory: their samples, what should be seen of them, and the window that is cut out."""
