# SPDX-License-Identifier: MIT
"""Signals that end the program: it cleans up first, and says which one it was by its exit code."""

from __future__ import annotations

import contextlib
import signal
import time

# Ctrl-C, a request to end, a terminal that closes.
_ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
# Closing a terminal, or an impatient person, sends several: those in the meantime do not disturb
# the cleaning up. One that comes later interrupts again.
_CLEANING_S = 3.0

_first: tuple[int, float] | None = None


def end_cleanly() -> None:
    """Make each ending signal raise KeyboardInterrupt, except one that the caller had ignored."""
    with contextlib.suppress(ValueError):  # not in the main thread
        for each in _ENDING:
            if signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, _end)


def interrupted() -> bool:
    """Say whether such a signal came."""
    return _first is not None


def exit_code() -> int:
    """Give the exit code of an interrupted program: 128 and the signal's number."""
    return 128 + (_first[0] if _first else signal.SIGINT)


def _end(number: int, _: object) -> None:
    global _first  # noqa: PLW0603 (a process has one end)
    now = time.monotonic()
    if _first is None or now - _first[1] > _CLEANING_S:
        _first = number, now
        raise KeyboardInterrupt
