# SPDX-License-Identifier: MIT
"""The tables of ``export.evaluate``, one file each."""
