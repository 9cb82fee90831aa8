# SPDX-License-Identifier: MIT
"""``python -m smartcrop`` is the command ``smartcrop``."""

import sys

from .cli import main

sys.exit(main())
