# SPDX-License-Identifier: MIT
"""A plan that comes by standard input, as the file that the library reads."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import OptionError
from .plan import read_text


@contextmanager
def plan_file(
    plan: str | os.PathLike[str], video: str | os.PathLike[str] | None = None
) -> Iterator[str]:
    """Give the name of a plan's file; ``-`` is read into one that is there within the block.

    Raises
    ------
    Error
        Where standard input holds no plan, or has to be the video too.
    """
    name = os.fspath(plan)
    if name != "-":
        yield name
        return
    if video is not None and os.fspath(video) == "-":
        raise OptionError(
            "video and plan cannot both be standard input; give one as a file", "argument"
        )
    text = read_text(name)
    with tempfile.TemporaryDirectory(prefix="smartcrop-") as folder:
        path = Path(folder) / "plan"
        path.write_text(text, encoding="utf-8")
        yield str(path)
