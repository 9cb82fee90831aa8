# SPDX-License-Identifier: MIT
"""Networks of the zoo are fetched whole or not at all, whatever the server and the line do."""

from __future__ import annotations

import hashlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from zoo_server import (
    CONTENT,
    HALF,
    HASTE,
    Answer,
    Handler,
    broken_after,
    content,
    from_the_start,
    network_at,
    redirect,
    refusal,
    served,
    whole,
    zoo_at,
)

import smartcrop
from smartcrop.models.download import Patience
from smartcrop.models.metadata import appended
from smartcrop.models.zoo import Zoo

FROM_HALF = f"bytes={HALF}-"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def fetched(address: str, folder: Path, patience: Patience = HASTE) -> bytes:
    """What the file of the network holds beside its description; the folder has nothing else."""
    path = zoo_at(address, folder, patience).get("tiny")
    assert [each.name for each in folder.iterdir()] == [path.name]
    tail = appended(network_at(address).properties)
    held = path.read_bytes()
    assert held.endswith(tail)
    return held.removesuffix(tail)


def reason(address: str, folder: Path, patience: Patience = HASTE) -> str:
    """Why it cannot be fetched; there is no file then."""
    with pytest.raises(smartcrop.ModelError) as caught:
        zoo_at(address, folder, patience).get("tiny")
    assert not list(folder.glob("*.onnx"))
    text = str(caught.value)
    assert text.startswith(f"tiny cannot be fetched from {address}: ")
    assert "\n" not in text
    return text


def part_of(folder: Path) -> Path:
    return folder / f".tiny-{hashlib.sha256(CONTENT).hexdigest()[:12]}.part"


def test_a_file_comes_whole_with_its_description_at_its_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with served(whole) as log:
        zoo = zoo_at(f"{log.address}/tiny.onnx", tmp_path / "a" / "b")
        path = zoo.get("tiny", lambda done, total: seen.append((done, total)))
        assert path.read_bytes()[: len(CONTENT)] == CONTENT
        assert zoo.get("tiny") == zoo.path("tiny") == path
    assert (log.paths, log.ranges) == (["/tiny.onnx"], [None]), "the second time it is here"
    assert seen == sorted(seen) and seen[-1] == (len(CONTENT), len(CONTENT))


def test_a_connection_that_breaks_off_goes_on_from_there(tmp_path: Path) -> None:
    with served(broken_after(HALF), whole) as log:
        assert fetched(log.address, tmp_path) == CONTENT
    assert log.ranges == [None, FROM_HALF]


def test_a_later_run_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    with served(broken_after(HALF), refusal(404)) as log:
        assert "404" in reason(log.address, tmp_path)
    with served(whole) as log:
        assert fetched(log.address, tmp_path) == CONTENT
    assert log.ranges == [FROM_HALF]


def in_chunks(end: bytes, upto: int = len(CONTENT)) -> Answer:
    """Send in chunks, as a server does that does not know the length, and end like this."""

    def answer(handler: Handler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.say(200, Transfer_Encoding="chunked", Connection="close")
        for begin in range(0, upto, 50_000):
            handler.wfile.write(b"c350\r\n" + CONTENT[begin : begin + 50_000] + b"\r\n")
        handler.wfile.write(end)

    return answer


def test_a_server_that_sends_in_chunks_is_understood(tmp_path: Path) -> None:
    with served(in_chunks(b"0\r\n\r\n")) as log:
        assert fetched(log.address, tmp_path) == CONTENT
    assert len(log.paths) == 1


@pytest.mark.parametrize(
    "answer",
    [
        in_chunks(b"c350\r\n" + CONTENT[HALF : HALF + 99], upto=HALF),
        in_chunks(b"no number\r\n", upto=HALF),
        in_chunks(b"", upto=HALF),
        lambda handler: handler.wfile.write(b"HTTP/9 what\r\n\r\n"),
        lambda _: None,
    ],
    ids=["in a chunk", "nonsense", "between chunks", "no answer that is one", "no answer"],
)
def test_a_server_that_stumbles_is_asked_again(tmp_path: Path, answer: Answer) -> None:
    with served(answer, whole) as log:
        assert fetched(log.address, tmp_path) == CONTENT
    assert len(log.paths) == 2


def test_a_server_that_knows_no_parts_sends_everything_again(tmp_path: Path) -> None:
    with served(broken_after(HALF), from_the_start) as log:
        assert fetched(log.address, tmp_path) == CONTENT
    assert log.ranges == [None, FROM_HALF]


@pytest.mark.parametrize(
    "answer",
    [
        refusal(416),
        lambda handler: handler.say(206, CONTENT[9:], Content_Range=f"bytes 9-{HALF}/*"),
        lambda handler: handler.say(206, CONTENT[HALF:], Content_Range=f"bytes {HALF}-9/10"),
        lambda handler: handler.say(206, CONTENT[HALF:]),
    ],
    ids=["no such part", "another part", "of another size", "no word which"],
)
def test_a_server_that_answers_with_a_wrong_part_is_asked_for_everything(
    tmp_path: Path, answer: Answer
) -> None:
    with served(broken_after(HALF), answer, whole) as log:
        assert fetched(log.address, tmp_path) == CONTENT
    assert log.ranges == [None, FROM_HALF, None]


def test_a_line_that_brings_a_little_each_time_is_borne_with(tmp_path: Path) -> None:
    with served(broken_after(70_000)) as log:
        assert fetched(log.address, tmp_path, replace(HASTE, tries=2)) == CONTENT
    assert len(log.paths) == 5, "300,000 bytes in steps of 70,000"


def test_a_line_that_brings_next_to_nothing_is_given_up(tmp_path: Path) -> None:
    with served(broken_after(10)) as log:
        text = reason(log.address, tmp_path)
    assert "the connection ended after 30 of 300000 bytes; try later" in text
    assert len(log.paths) == HASTE.tries


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (content(CONTENT[:-1], len(CONTENT) - 1), "offers 299999 bytes, not 300000"),
        (content(b"<html>log in</html>", 19), "offers 19 bytes, not 300000"),
        (content(CONTENT + b"more"), "sends more than 300000 bytes"),
        (content(b"x" * len(CONTENT), len(CONTENT)), "another file: its SHA-256 is"),
        (content(b"x" * len(CONTENT)), "another file: its SHA-256 is"),
        (refusal(404), "answers 404"),
        (refusal(403), "answers 403"),
        (refusal(204), "answers 204"),
        (redirect("file:///etc/passwd"), "the server's redirects lead nowhere"),
        (redirect("ftp://127.0.0.1/tiny.onnx"), "is no address of http"),
        (redirect("/again"), "the server's redirects lead nowhere"),
        (redirect("http://[nowhere/"), "Invalid IPv6 URL"),
        (refusal(302), "the server's redirects lead nowhere"),
    ],
)
def test_a_server_that_lies_or_refuses_is_not_asked_again(
    tmp_path: Path, answer: Answer, words: str
) -> None:
    with served(answer) as log:
        text = reason(log.address, tmp_path)
        assert words in text
        assert "try later" not in text
        # urllib follows a circle of redirects a few times.
        assert len(log.paths) == 1 or "redirects lead nowhere" in words
    assert list(tmp_path.iterdir()) == [], "nothing of it is kept"


def test_a_start_that_was_wrong_is_thrown_away(tmp_path: Path) -> None:
    part_of(tmp_path).write_bytes(b"x" * HALF)
    with served(whole) as log:
        assert fetched(log.address, tmp_path) == CONTENT
    assert log.ranges == [FROM_HALF, None]


@pytest.mark.parametrize("held", [CONTENT, CONTENT + b"more"], ids=["whole", "too long"])
def test_a_part_that_is_no_part_is_seen_through(tmp_path: Path, held: bytes) -> None:
    part_of(tmp_path).write_bytes(held)
    with served(whole) as log:
        assert fetched(log.address, tmp_path) == CONTENT
    assert len(log.paths) == (0 if held == CONTENT else 1)


def test_what_is_sent_again_takes_the_place_of_all_that_was_there(tmp_path: Path) -> None:
    part_of(tmp_path).write_bytes(b"x" * HALF)

    def begin_again(handler: Handler) -> None:
        handler.say(200, CONTENT[:1000], Content_Length=len(CONTENT))

    with served(begin_again, whole) as log:
        assert fetched(log.address, tmp_path) == CONTENT
    assert log.ranges == [FROM_HALF, "bytes=1000-"]


def test_redirects_are_followed_and_take_the_range_along(tmp_path: Path) -> None:
    with served(broken_after(HALF), whole) as target, served(redirect(target.address)) as log:
        assert fetched(log.address, tmp_path) == CONTENT
    assert target.ranges == log.ranges == [None, FROM_HALF]


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_redirect_to_a_server_that_is_absent_is_an_error(tmp_path: Path) -> None:
    with served(redirect(f"http://127.0.0.1:{closed_port()}/")) as log:
        assert "Connection refused; try later" in reason(log.address, tmp_path)
    assert len(log.paths) == HASTE.tries


def test_an_address_without_encryption_is_refused(tmp_path: Path) -> None:
    with served(whole) as log:
        zoo = Zoo([network_at(log.address)], tmp_path, patience=HASTE)
        with pytest.raises(smartcrop.ModelError, match="is no address of https"):
            zoo.get("tiny")
    assert log.paths == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine with its key; nobody vouches for it."""
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    words += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    words += ["-keyout", str(path), "-out", str(path.with_name("own.pem"))]
    subprocess.run(words, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + path.with_name("own.pem").read_bytes())
    return path


def test_a_server_has_to_prove_who_it_is(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with served(whole, encrypted=context) as log:
        zoo = Zoo([network_at(log.address)], tmp_path, patience=HASTE)
        with pytest.raises(smartcrop.ModelError, match="CERTIFICATE_VERIFY_FAILED") as caught:
            zoo.get("tiny")
        assert "try later" not in str(caught.value)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert zoo.get("tiny").read_bytes()[: len(CONTENT)] == CONTENT
    assert log.paths == ["/"]


def test_an_encrypted_address_leads_to_no_other(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with served(whole) as plain, served(redirect(plain.address), encrypted=context) as log:
        zoo = Zoo([network_at(log.address)], tmp_path, patience=HASTE)
        with pytest.raises(smartcrop.ModelError, match="is no address of https"):
            zoo.get("tiny")
    assert (log.paths, plain.paths) == (["/"], [])


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """How long was waited between tries, without the waiting."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    yield waited


def test_each_pause_is_longer_than_the_last(tmp_path: Path, pauses: list[float]) -> None:
    patience = Patience(silence_s=1, tries=8, pause_s=1)
    assert "Connection refused" in reason(f"http://127.0.0.1:{closed_port()}", tmp_path, patience)
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_a_busy_server_says_how_long_to_wait(tmp_path: Path, pauses: list[float]) -> None:
    busy = [refusal(503, Retry_After=7), refusal(429, Retry_After="soon"), refusal(500)]
    with served(*busy, whole) as log:
        assert fetched(log.address, tmp_path, replace(HASTE, tries=4)) == CONTENT
    assert [pause for pause in pauses if pause >= HASTE.pause_s] == [7, 0.02, 0.04]


def test_without_a_network_one_line_comes_at_once(tmp_path: Path, pauses: list[float]) -> None:
    text = reason("http://zoo.invalid/tiny.onnx", tmp_path)
    assert "no network: " in text
    assert f"get it on another machine and copy it to {tmp_path / 'tiny.onnx'}" in text
    assert pauses == []
    assert list(tmp_path.iterdir()) == []


def test_a_copied_file_serves_as_a_fetched_one(tmp_path: Path) -> None:
    with served(whole) as log:
        path = zoo_at(log.address, tmp_path / "there").get("tiny")
        (tmp_path / "here").mkdir()
        copy = path.rename(tmp_path / "here" / path.name)
        assert zoo_at(log.address, tmp_path / "here").get("tiny") == copy
    assert len(log.paths) == 1


def test_a_silent_server_is_left_and_asked_again(tmp_path: Path) -> None:
    enough = threading.Event()

    def silent(handler: Handler) -> None:
        handler.say(200, CONTENT[:HALF], Content_Length=len(CONTENT))
        handler.wfile.flush()
        enough.wait(30)

    with served(silent, whole) as log:
        try:
            assert fetched(log.address, tmp_path, replace(HASTE, silence_s=0.2)) == CONTENT
        finally:
            enough.set()
    assert log.ranges == [None, FROM_HALF]


def test_a_server_that_never_answers_is_an_error(tmp_path: Path) -> None:
    enough = threading.Event()
    with served(lambda _: bool(enough.wait(30)) and None) as log:
        try:
            patience = replace(HASTE, silence_s=0.1)
            assert "the server is silent" in reason(log.address, tmp_path, patience)
        finally:
            enough.set()
    assert len(log.paths) == HASTE.tries


def test_a_slow_server_is_waited_for(tmp_path: Path) -> None:
    def slow(handler: Handler) -> None:
        handler.say(200, Content_Length=len(CONTENT))
        for begin in range(0, len(CONTENT), 30_000):
            handler.wfile.write(CONTENT[begin : begin + 30_000])
            handler.wfile.flush()
            time.sleep(0.25)  # in all longer than the silence that is borne with

    with served(slow) as log:
        assert fetched(log.address, tmp_path, replace(HASTE, silence_s=2)) == CONTENT
    assert len(log.paths) == 1


def test_a_proxy_of_the_environment_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(whole) as proxy:
        monkeypatch.setenv("http_proxy", proxy.address)
        assert fetched("http://zoo.invalid/tiny.onnx", tmp_path) == CONTENT
    assert proxy.paths == ["http://zoo.invalid/tiny.onnx"]


def test_a_proxy_that_lets_nobody_through_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zoo = Zoo([network_at("https://zoo.invalid/tiny.onnx")], tmp_path, patience=HASTE)
    with served(refusal(407)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.address)
        with pytest.raises(smartcrop.ModelError, match=r": Tunnel connection failed: 407"):
            zoo.get("tiny")
    assert proxy.paths == ["zoo.invalid:443"]
