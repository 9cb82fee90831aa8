# SPDX-License-Identifier: MIT
"""Recognising actions in clips, whole or cropped to where the motion is."""
