# SPDX-License-Identifier: MIT
"""The evidence of a whole video, kept from the pass that decides to the pass that shows it."""

from __future__ import annotations

import tempfile
from array import array
from dataclasses import replace

import numpy as np

from ..frames.boxes import Box
from ..frames.window import Evidence, Window

_PEAK = 255


class KeptEvidence:
    """Maps of 8 bits in a file without a name, so that a long video needs no more memory.

    A map becomes 255 at its peak; what is read back sums to 1 again.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="smartcrop-")  # noqa: SIM115 (closed by close)
        self._shape = (0, 0)
        self._places = array("q")  # by number of the frame; -1: there is no map
        self._boxes: list[tuple[Box, ...]] = []
        self._end = 0

    def __enter__(self) -> KeptEvidence:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def take(self, window: Window) -> Window:
        """Keep the evidence of the next window; gives the window without it."""
        evidence = window.evidence
        if evidence is None:
            self._places.append(-1)
            self._boxes.append(())
            return window
        # Most boxes stay for several frames.
        same = bool(self._boxes) and self._boxes[-1] == evidence.boxes
        self._boxes.append(self._boxes[-1] if same else evidence.boxes)
        levels = np.rint(evidence.map * (_PEAK / max(float(evidence.map.max()), 1e-12)))
        self._shape = evidence.map.shape[0], evidence.map.shape[1]
        self._file.seek(self._end)
        self._file.write(levels.astype(np.uint8).tobytes())
        self._places.append(self._end)
        self._end += levels.size
        return replace(window, evidence=None)

    def of(self, frame: int) -> Evidence | None:
        """Give what the window of this frame rests on."""
        if not 0 <= frame < len(self._places) or self._places[frame] < 0:
            return None
        self._file.seek(self._places[frame])
        rows, columns = self._shape
        levels = np.frombuffer(self._file.read(rows * columns), np.uint8)
        shares = levels.reshape(rows, columns).astype(np.float32)
        return Evidence(shares / max(float(shares.sum()), 1.0), self._boxes[frame])
