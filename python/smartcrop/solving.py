# SPDX-License-Identifier: MIT
"""From an analysis file to a plan, without the video."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from . import _core, arguments
from .cropper import write_log
from .frames.window import Window
from .kept_analysis import read_header, read_note
from .keywords import core_options, to_text, to_values
from .options import ROWS, check_solves
from .plans.parts import Source
from .plans.plan import Plan, decided_with, output_of
from .video.passes import decided_how

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._options import OptionKeywords, SolveKeywords


def solve(analysis: str | os.PathLike[str], **options: Unpack[SolveKeywords]) -> Plan:
    """Decide again how to crop a video, from what was seen of it.

    The plan is that of ``analyze`` with the same options, and takes a small part of its time. Each
    shot is decided with all of it in view (the option ``whole_shots``), unless ``lookahead`` says
    how much to see.

    Parameters
    ----------
    analysis : str or path
        A file that the option ``keep`` wrote.
    **options
        The options that decide from what was seen: the shape, the crop and the camera. Those that
        decide what is seen, such as ``model``, are as they were when the file was made.

    Returns
    -------
    Plan
        To look at, save, edit, export or render.

    Raises
    ------
    Error
        For a file that is damaged or no analysis, and for an option that the file was made with.

    Examples
    --------
    >>> smartcrop.analyze("match.mp4", keep="match.analysis")           # doctest: +SKIP
    >>> for aspect in ("9:16", "1:1"):                                  # doctest: +SKIP
    ...     smartcrop.solve("match.analysis", aspect=aspect)
    """
    path = arguments.path("analysis", analysis)
    check_solves(options, path)
    header = read_header(path)
    asked = _asked(cast("OptionKeywords", options), header)
    run = _core.Context(core_options(asked), path, write_log)
    try:
        source = header["source"]
        base = Fraction(*source["time_base"])
        windows = [Window.from_core(decision, base) for decision in _decisions(run)]
        output = output_of(run.geometry())
    finally:
        run.close()
    num, den = source["sar"]
    described = Source(
        width=source["width"],
        height=source["height"],
        time_base=base,
        frames=len(windows),
        sar=Fraction(num, den) if num and den else Fraction(1),
        **read_note(path),
    )
    values = to_values(_core.Options([*_observed(header), *to_text(asked)]))
    return Plan.of(described, output, decided_with(values), windows, Path(path).name)


def _asked(options: OptionKeywords, header: dict[str, Any]) -> OptionKeywords:
    """Add how much of a video is seen to decide: all of each shot, or as the analysis did."""
    whole = {} if decided_how(options) else {"whole_shots": True}
    known = header.get("options", {}).get("lookahead")
    then = {} if options.get("lookahead") is not None else {"lookahead": known}
    return cast("OptionKeywords", {**options, **whole, **then})


def _decisions(run: _core.Context) -> Iterator[_core.Decision]:
    while (decision := run.receive()) is not None:
        yield decision


def _observed(header: dict[str, Any]) -> list[tuple[str, str]]:
    """List the options that the analysis was made with and solving does not read."""
    known = [row.name for row in ROWS if row.name in header["options"] and "solve" not in row.roles]
    return [(name, header["options"][name]) for name in known]
