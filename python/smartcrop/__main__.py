# SPDX-License-Identifier: MIT
"""The command ``smartcrop``, also as ``python -m smartcrop``."""

import sys

from .interrupts import end_cleanly, exit_code


def main() -> int:
    """Run the command line; an interrupt ends it cleanly from the first moment on."""
    end_cleanly()
    try:
        from .cli import main as run
    except KeyboardInterrupt:
        print("smartcrop: interrupted", file=sys.stderr)
        return exit_code()
    return run()


if __name__ == "__main__":
    sys.exit(main())
