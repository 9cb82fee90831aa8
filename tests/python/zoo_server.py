# SPDX-License-Identifier: MIT
"""A server on this machine that behaves as it is told, and a zoo whose network lies there."""

from __future__ import annotations

import hashlib
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

from smartcrop.models.download import Patience
from smartcrop.models.table import Network
from smartcrop.models.zoo import Zoo

CONTENT = Random(5).randbytes(300_000)
HALF = len(CONTENT) // 2
HASTE = Patience(silence_s=30.0, tries=3, pause_s=0.01)

Answer = Callable[["Handler"], None]


@dataclass
class Log:
    """What was asked of a server."""

    address: str = ""
    paths: list[str] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """Gives each request to the next of the answers; the last one serves all others."""

    protocol_version = "HTTP/1.0"
    answers: Sequence[Answer]
    log: Log
    turn: threading.Lock

    def do_GET(self) -> None:
        """Answer."""
        with self.turn:
            number = len(self.log.paths)
            self.log.paths.append(self.path)
            self.log.ranges.append(self.headers.get("Range"))
        self.answers[min(number, len(self.answers) - 1)](self)

    do_CONNECT = do_GET

    def say(self, code: int, content: bytes = b"", **headers: object) -> None:
        """Send a head and a content; underscores in the names of headers are dashes."""
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(content)

    def begin_of_range(self) -> int:
        """Say from which byte on the client asks."""
        return int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").rstrip("-"))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(*answers: Answer, encrypted: ssl.SSLContext | None = None) -> Iterator[Log]:
    """Run a server; gives its address, and what is asked of it."""
    log = Log()
    kept = {"answers": answers, "log": log, "turn": threading.Lock()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Told", (Handler,), kept))
    log.address = f"http://127.0.0.1:{server.server_port}"
    if encrypted is not None:
        server.socket = encrypted.wrap_socket(server.socket, server_side=True)
        log.address = log.address.replace("http:", "https:")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield log
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# ---- answers ----


def whole(handler: Handler) -> None:
    """Send what is asked for, from the middle too."""
    begin = handler.begin_of_range()
    rest = CONTENT[begin:]
    if begin == 0:
        handler.say(200, rest, Content_Length=len(rest))
    else:
        span = f"bytes {begin}-{len(CONTENT) - 1}/{len(CONTENT)}"
        handler.say(206, rest, Content_Length=len(rest), Content_Range=span)


def from_the_start(handler: Handler) -> None:
    """Send everything, whatever is asked for."""
    handler.say(200, CONTENT, Content_Length=len(CONTENT))


def broken_after(count: int) -> Answer:
    """Promise the rest, send some bytes of it, and hang up."""

    def answer(handler: Handler) -> None:
        begin = handler.begin_of_range()
        some, length = CONTENT[begin : begin + count], len(CONTENT) - begin
        span = f"bytes {begin}-{len(CONTENT) - 1}/{len(CONTENT)}"
        more = {"Content_Range": span} if begin else {}
        handler.say(206 if begin else 200, some, Content_Length=length, **more)

    return answer


def content(other: bytes, length: int | None = None) -> Answer:
    """Send another content; with this length in the head, or with none."""
    head = {} if length is None else {"Content_Length": length}
    return lambda handler: handler.say(200, other, **head)


def refusal(code: int, **headers: object) -> Answer:
    """Refuse."""
    return lambda handler: handler.say(code, **headers)


def redirect(target: str) -> Answer:
    """Send the client to another address."""
    return lambda handler: handler.say(302, Location=target, Content_Length=0)


# ---- the zoo ----


def network_at(address: str, name: str = "tiny") -> Network:
    """A network that lies at an address."""
    return Network(
        name,
        "boxes",
        "made for a test",
        "MIT",
        len(CONTENT),
        address,
        hashlib.sha256(CONTENT).hexdigest(),
        "nothing",
        {"width": 64, "height": 64},
        {"layout": "xyxy"},
    )


def zoo_at(address: str, folder: Path, patience: Patience = HASTE) -> Zoo:
    """A zoo of that network, which takes addresses without encryption."""
    return Zoo([network_at(address)], folder, schemes=("http",), patience=patience)


# The command, with that zoo in place of the real one.
_PROGRAM = """
import functools, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import zoo_server
from smartcrop.cli import main, models
models.Zoo = functools.partial(zoo_server.zoo_at, sys.argv[2], Path(sys.argv[3]))
sys.exit(main(["models", *sys.argv[4:]]))
"""


def command(address: str, folder: Path, *words: str) -> list[str]:
    """The command line of ``smartcrop models`` for that zoo."""
    here = str(Path(__file__).parent)
    return [sys.executable, "-c", _PROGRAM, here, address, str(folder), *words]


def run(address: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run ``smartcrop models`` with that zoo."""
    return subprocess.run(
        command(address, folder, *words), capture_output=True, text=True, check=False, timeout=60
    )
