# SPDX-License-Identifier: MIT
"""Programs that print quality and cost, run from the top as ``python -m tests.bench.NAME``."""
