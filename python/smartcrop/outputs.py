# SPDX-License-Identifier: MIT
"""Where a result goes: it appears under its name only when it is whole."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import Error, FileError
from .interrupts import interrupted
from .named_files import named_in
from .options import ROWS

AnyPath = str | os.PathLike[str]

# Options that name a file which is read; a word, such as the name of a built-in model, is no file.
_FILE_OPTIONS = tuple(
    row.name for row in ROWS if row.kind in ("path", "model") and "written" not in row.roles
)


def is_stream_name(name: str) -> bool:
    """Say whether a name is no file: a pipe or an address."""
    return name == "-" or "://" in name or re.fullmatch(r"pipe:\d*", name) is not None


def files_of(options: Mapping[str, object]) -> list[AnyPath]:
    """List the files that are read by these options, for ``check_output``."""
    given = [options.get(name) for name in _FILE_OPTIONS]
    return [each for each in given if isinstance(each, (str, os.PathLike))]


def check_output(output: AnyPath, *reads: AnyPath | None) -> None:
    """Refuse an output that cannot be, before any work is done for it.

    Parameters
    ----------
    output : str or path
        Where a result is to go.
    *reads : str or path
        What is read to make it; the output may be none of these, whatever the spelling or link.

    Raises
    ------
    Error
        Where the output is something that is read, is a folder, or cannot be made.
    """
    name = os.fspath(output)
    if is_stream_name(name):
        return
    known = _status(name)
    if known is not None and stat.S_ISDIR(known.st_mode):
        raise FileError(f"{name}: is a folder; give the name of a file in it")
    _refuse_what_is_read(name, Path(name), reads)
    if known is None:
        _check_folder(name, Path(os.path.realpath(name)).parent)
    elif not os.access(name, os.W_OK):
        raise FileError(f"{name}: is write-protected; choose another name, or make it writable")


@contextmanager
def whole_or_nothing(output: AnyPath, *reads: AnyPath | None) -> Iterator[str]:
    """Give a name to write to, and move what was written to ``output`` when the block ends well.

    The name is that of the output in a folder of its own beside it, so that all files that a muxer
    makes (a playlist and its segments, numbered pictures) lie there until they are whole. Whatever
    goes wrong inside the block, an interrupt included, removes the folder. A link stays a link, and
    a file that is replaced hands its mode on. Pipes, addresses and devices are written directly.

    Parameters
    ----------
    output, *reads
        As for ``check_output``.

    Raises
    ------
    Error
        Where the output cannot be written, or is one of the files that are read.
    """
    name = os.fspath(output)
    check_output(name, *reads)
    known = None if is_stream_name(name) else _status(name)
    if is_stream_name(name) or (known is not None and not stat.S_ISREG(known.st_mode)):
        yield "pipe:1" if name == "-" else name
        return
    path = Path(os.path.realpath(name))
    folder = path.parent / f".smartcrop-{secrets.token_hex(4)}"
    written = folder / Path(name).name
    try:
        _make_folder(name, folder)  # in here, since an interrupt may come as soon as there is one
        yield str(written)
        if interrupted():  # where code of others kept the interrupt to itself
            raise KeyboardInterrupt
        if written.exists() and path.name != written.name:  # a link of another name
            written = written.rename(folder / path.name)
        _move_all(name, folder, written, reads)
    except Error:  # says what is wrong, though it may be an OSError too
        raise
    except OSError as error:
        raise FileError(f"{name}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _status(name: str) -> os.stat_result | None:
    """Look a name up; None where there is nothing of it yet."""
    try:
        return Path(name).stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            longest = max(len(os.fsencode(part)) for part in Path(name).parts)
            raise FileError(
                f"{name[:40]}...: a part of this name has {longest} bytes, which the file system "
                "does not take; choose a shorter one"
            ) from error
        raise FileError(f"{name}: cannot be written: {error.strerror}") from error
    except ValueError as error:  # a NUL
        raise FileError(f"{name!r}: is no name for a file: {error}") from error


def _make_folder(name: str, folder: Path) -> None:
    try:
        folder.mkdir()
    except OSError as error:
        raise FileError(
            f"{name}: cannot write to folder {folder.parent}: {error.strerror}"
        ) from error


def _check_folder(name: str, folder: Path) -> None:
    if not folder.is_dir():
        raise FileError(f"{name}: cannot write to folder {folder}: there is no such folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileError(f"{name}: cannot write to folder {folder}: it is write-protected")


def _refuse_what_is_read(name: str, path: Path, reads: tuple[AnyPath | None, ...]) -> None:
    for each in reads:
        source = None if each is None else os.fspath(each)
        if source is None or is_stream_name(source):
            continue
        if _same(path, Path(source)):
            raise FileError(f"{name}: is the input itself; choose another name for the output")
        if any(_same(path, part) for part in named_in(Path(source))):
            raise FileError(f"{name}: is part of the input {source}; choose another name")


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):  # one of them is not there, so they are two
        return False


def _move_all(name: str, folder: Path, named: Path, reads: tuple[AnyPath | None, ...]) -> None:
    """Move every file of a folder to the folder above, the named one last."""
    files = sorted(folder.iterdir(), key=lambda each: (each == named, each.name))
    if not files:
        raise FileError(f"{name}: nothing was written")
    for each in files:
        _refuse_what_is_read(name, folder.parent / each.name, reads)
    for each in files:
        final = folder.parent / each.name
        with suppress(OSError):
            before = final.stat()
            each.chmod(stat.S_IMODE(before.st_mode))
            os.chown(each, before.st_uid, before.st_gid)
        each.replace(final)
