# SPDX-License-Identifier: MIT
"""How much of the future fits into memory."""

from __future__ import annotations

import logging
from fractions import Fraction

from . import _core
from .pixels import Picture

_log = logging.getLogger("smartcrop")
_UNKNOWN_FPS = 60.0  # as the library counts


def fit_lookahead(
    options: list[tuple[str, str]], fps: Fraction | None, picture: Picture
) -> list[tuple[str, str]]:
    """Shorten the look-ahead until the frames that wait fit into the option ``buffer``.

    The steps are those of the filter for FFmpeg, so that both decide alike.

    Parameters
    ----------
    options : list of pairs
        What was asked for.
    fps : Fraction, optional
        Frames per second; None where unknown.
    picture : Picture
        The first frame.

    Returns
    -------
    list of pairs
        The options, with a shorter look-ahead where that is needed; that is logged once.
    """
    rate = float(fps) if fps else _UNKNOWN_FPS
    asked = _core.Options(options)
    wanted = lookahead = float(asked.get("lookahead"))
    buffer = int(asked.get("buffer"))
    room = (buffer << 20) // max(1, picture.memory)
    fitted = options
    whole = 1 + asked.max_delay(rate)
    held = whole
    while held > room and lookahead > 0:
        lookahead = max(0.0, lookahead - (held - room) / rate)
        fitted = [*options, ("lookahead", repr(lookahead))]
        held = 1 + _core.Options(fitted).max_delay(rate)
    if lookahead < wanted:
        _log.warning(
            "buffer=%d holds %d frames of %dx%d: the look-ahead is %.2f s instead of %.2f s; "
            "buffer=%d would hold it all",
            buffer,
            room,
            picture.width,
            picture.height,
            lookahead,
            wanted,
            (whole * picture.memory >> 20) + 1,
        )
    return fitted
