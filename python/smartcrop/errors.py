# SPDX-License-Identifier: MIT
"""The one exception of the package."""

from __future__ import annotations


class Error(Exception):
    """Something that the user can put right, in one sentence.

    Attributes
    ----------
    status : str
        The kind of error: ``argument``, ``option``, ``format``, ``model``, ``file``, ``memory`` or
        ``internal``.
    """

    def __init__(self, message: str, status: str = "file") -> None:
        super().__init__(message)
        # The core's names read "option error" or "out of memory".
        self.status = status.removesuffix(" error").removeprefix("out of ")
