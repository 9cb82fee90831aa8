# SPDX-License-Identifier: MIT
"""Fetching a file of which size and digest are known, over a line that may break."""

from __future__ import annotations

import errno
import hashlib
import http.client
import logging
import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from typing import IO, Any, BinaryIO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from .. import _core

# Called with the bytes that are here and those in all.
Progress = Callable[[int, int], None]

_CHUNK = 1 << 16
# A try that brought less than this was no step forward.
_STEP = 1 << 16
_LONGEST_PAUSE_S = 30.0
# Answers of a server that may answer otherwise later.
_PASSING_ANSWERS = frozenset({408, 425, 429, 500, 502, 503, 504})
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")

_log = logging.getLogger("smartcrop")


@dataclass(frozen=True)
class Wanted:
    """What is fetched: its address, its size in bytes, and the hexadecimal SHA-256 of it."""

    address: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Patience:
    """How long to bear with a bad line.

    Attributes
    ----------
    silence_s : float
        Seconds without a byte after which a connection is given up.
    tries : int
        How many tries in a row may fail without a step forward.
    pause_s : float
        Seconds before the next try; each further one waits twice as long.
    """

    silence_s: float = 30.0
    tries: int = 5
    pause_s: float = 1.0


class DownloadError(Exception):
    """Why a file could not be fetched, in a few words.

    Attributes
    ----------
    passing, offline : bool
        Whether the next try may succeed; whether there seems to be no network at all.
    pause_s : float
        Seconds to wait before the next try, as the server asks.
    """

    def __init__(
        self, reason: str, *, passing: bool = False, offline: bool = False, pause_s: float = 0.0
    ) -> None:
        super().__init__(reason)
        self.passing = passing
        self.offline = offline
        self.pause_s = pause_s


def fetch(
    wanted: Wanted,
    part: BinaryIO,
    progress: Progress | None = None,
    *,
    patience: Patience,
    schemes: tuple[str, ...] = ("https",),
) -> bytes:
    """Bring a file here, and give its content once its digest is right.

    Parameters
    ----------
    wanted : Wanted
        What to fetch.
    part : file
        Open for reading and writing. It may hold the start of the content, from an earlier run that
        broke off; afterwards it holds what has come.
    progress : callable, optional
        Called now and then.
    patience : Patience
        When to give up.
    schemes : tuple of str
        What an address may begin with, also one that the server redirects to.

    Raises
    ------
    DownloadError
        Where it cannot be fetched.
    OSError
        Where ``part`` cannot be written.
    """
    opener = build_opener(_Redirects(schemes))
    _check_scheme(wanted.address, schemes)
    failures = 0
    while True:
        before = part.seek(0, os.SEEK_END)
        try:
            _continue(wanted, part, opener, progress, patience.silence_s)
            return _checked(wanted, part, resumed=before > 0)
        except DownloadError as problem:
            failures = 1 if part.seek(0, os.SEEK_END) - before >= _STEP else failures + 1
            if not problem.passing or failures >= patience.tries:
                raise
            pause_s = max(problem.pause_s, patience.pause_s * 2 ** (failures - 1))
            pause_s = min(pause_s, _LONGEST_PAUSE_S)
            _log.info("%s: %s; again in %g s", wanted.address, problem, pause_s)
        time.sleep(pause_s)


def _checked(wanted: Wanted, part: BinaryIO, *, resumed: bool) -> bytes:
    """Give the content; forget it where it is another one than the digest says."""
    part.seek(0)
    content = part.read()
    found = hashlib.sha256(content).hexdigest()
    if found == wanted.sha256:
        return content
    part.truncate(0)
    # Of a content that was put together from two runs, the first part may have been wrong.
    raise DownloadError(
        f"what came is another file: its SHA-256 is {found}, not {wanted.sha256}", passing=resumed
    )


def _continue(
    wanted: Wanted,
    part: BinaryIO,
    opener: OpenerDirector,
    progress: Progress | None,
    silence_s: float,
) -> None:
    """Ask once for what is missing, and add what comes."""
    here = part.seek(0, os.SEEK_END)
    if here > wanted.size:
        part.truncate(0)
        here = 0
    if here == wanted.size:
        return
    request = Request(wanted.address, headers={"User-Agent": f"smartcrop/{_core.version()}"})
    if here:
        request.add_header("Range", f"bytes={here}-")
    with _opened(opener, request, part, silence_s) as answer:
        here = _start_of(answer, here, wanted, part)
        part.truncate(here)
        part.seek(here)
        for chunk in _chunks(answer):
            here += len(chunk)
            if here > wanted.size:
                part.truncate(0)
                raise DownloadError(f"the server sends more than {wanted.size} bytes")
            part.write(chunk)
            if progress is not None:
                progress(here, wanted.size)
    if here < wanted.size:
        text = f"the connection ended after {here} of {wanted.size} bytes"
        raise DownloadError(text, passing=True)


def _opened(opener: OpenerDirector, request: Request, part: BinaryIO, silence_s: float) -> Any:
    try:
        return opener.open(request, timeout=silence_s)
    except HTTPError as error:
        with error:
            if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.truncate(0)
                raise DownloadError("the server has no such part of it", passing=True) from error
            raise _of_answer(error) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _of_line(error) from error


def _start_of(answer: Any, asked: int, wanted: Wanted, part: BinaryIO) -> int:
    """Tell from which byte on the server sends: not every server can begin in the middle."""
    if answer.status == http.client.PARTIAL_CONTENT:
        found = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if found is None or int(found[1]) != asked or found[2] not in ("*", str(wanted.size)):
            part.truncate(0)
            raise DownloadError("the server sends another part than asked for", passing=True)
        return asked
    if answer.status != http.client.OK:
        raise DownloadError(f"the server answers {answer.status} {answer.reason}")
    length = answer.headers.get("Content-Length")
    if length is not None and length != str(wanted.size):
        raise DownloadError(f"the server offers {length} bytes, not {wanted.size}")
    return 0


def _chunks(answer: Any) -> Iterator[bytes]:
    while True:
        try:
            chunk: bytes = answer.read1(_CHUNK)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _of_line(error, passing=True) from error
        if not chunk:
            return
        yield chunk


def _of_answer(error: HTTPError) -> DownloadError:
    if 300 <= error.code < 400:
        return DownloadError("the server's redirects lead nowhere")
    asked = error.headers.get("Retry-After", "") if error.headers else ""
    return DownloadError(
        f"the server answers {error.code} {error.reason}",
        passing=error.code in _PASSING_ANSWERS,
        pause_s=float(asked) if re.fullmatch(r"\d{1,6}", asked) else 0.0,
    )


def _of_line(error: Exception, *, passing: bool = False) -> DownloadError:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, socket.gaierror) or getattr(reason, "errno", None) == errno.ENETUNREACH:
        return DownloadError(f"no network: {_words(reason)}", offline=True)
    # The error about a certificate that nobody vouches for is a ValueError too.
    lasting = isinstance(reason, (str, ValueError, http.client.InvalidURL))
    # What has no number is no matter of the line, such as a proxy that says no.
    if type(reason) is OSError and reason.errno is None:
        lasting = True
    return DownloadError(_words(reason), passing=passing or not lasting)


def _words(reason: object) -> str:
    if isinstance(reason, TimeoutError):
        return "the server is silent"
    text = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return " ".join(str(text).split())


def _check_scheme(address: str, schemes: tuple[str, ...]) -> None:
    if urlsplit(address).scheme not in schemes:
        raise DownloadError(f"{address} is no address of {' or '.join(schemes)}")


class _Redirects(HTTPRedirectHandler):
    """Follows redirects, but to no address that could not have been given itself."""

    def __init__(self, schemes: tuple[str, ...]) -> None:
        self._schemes = schemes

    def redirect_request(  # noqa: PLR0917 (as it is inherited)
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        """Make the request for where a redirect leads to."""
        _check_scheme(newurl, self._schemes)
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
