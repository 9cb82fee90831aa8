# SPDX-License-Identifier: MIT
"""Warnings that are said once, with a count."""

from __future__ import annotations

import logging

_log = logging.getLogger("smartcrop")


class Tally:
    """Counts what is worth a warning, and says each kind once.

    A second pass over the same file is given the first one's tally: it counts anew, but does not
    say again what was said.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._said: set[str] = set()

    def note(self, kind: str, text: str) -> None:
        """Count one more of a kind; the text of the first is said, with ``{count}`` filled in."""
        self._texts.setdefault(kind, text)
        self._counts[kind] = self._counts.get(kind, 0) + 1

    def say(self) -> None:
        """Say what was counted and has not been said yet, and count from 0."""
        for kind, text in self._texts.items():
            if kind not in self._said:
                self._said.add(kind)
                _log.warning("%s", text.replace("{count}", str(self._counts[kind])))
        self._texts, self._counts = {}, {}
