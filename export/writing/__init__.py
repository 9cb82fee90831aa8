# SPDX-License-Identifier: MIT
"""How a file is written: described, made plain, stored, proven; one file for each."""
