# SPDX-License-Identifier: MIT
"""The exceptions of the package, each of which is one of Python's own kinds too where one fits."""

from __future__ import annotations


class Error(Exception):
    """Something that the user can put right, in one sentence.

    Most are of one of the kinds below, so that ``except smartcrop.Error`` catches all, and ``except
    ValueError`` or ``except OSError`` what a program expects of any function.

    Attributes
    ----------
    status : str
        What the library calls it: ``argument``, ``option``, ``format``, ``model``, ``file``,
        ``memory`` or ``internal``.
    """

    def __init__(self, message: str, status: str = "internal") -> None:
        super().__init__(message)
        # The core's names read "option error" or "out of memory".
        self.status = status.removesuffix(" error").removeprefix("out of ")


class OptionError(Error, ValueError):
    """An option, another argument or a frame that cannot be: unknown, or out of its range."""

    def __init__(self, message: str, status: str = "option") -> None:
        super().__init__(message, status)


class FileError(Error, OSError):
    """A file that is missing, damaged or not to be read or written, a plan included."""

    def __init__(self, message: str, status: str = "file") -> None:
        super().__init__(message, status)


class ModelError(Error):
    """A model, or the runtime that runs models, that is missing or unfit."""

    def __init__(self, message: str, status: str = "model") -> None:
        super().__init__(message, status)


_KINDS = {
    "argument": OptionError,
    "option": OptionError,
    "format": OptionError,
    "model": ModelError,
    "file": FileError,
}


def of_core(message: str, status: str) -> Error:
    """Make the exception for a call of the core that failed, of which the core names the status."""
    return _KINDS.get(status.removesuffix(" error"), Error)(message, status)
