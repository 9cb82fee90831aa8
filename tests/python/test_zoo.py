# SPDX-License-Identifier: MIT
"""The folder of the zoo, its table, and ``smartcrop models``."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from zoo_server import (
    CONTENT,
    HALF,
    Handler,
    broken_after,
    command,
    network_at,
    refusal,
    run,
    served,
    whole,
    zoo_at,
)

import smartcrop
from smartcrop.models.metadata import appended
from smartcrop.models.table import NETWORKS
from smartcrop.models.zoo import Zoo, default_folder

NOWHERE = "http://127.0.0.1:9/tiny.onnx"
FILE = CONTENT + appended(network_at(NOWHERE).properties)


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def line_of(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """The one line of an error."""
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("smartcrop: ")
    return line.removeprefix("smartcrop: ")


# ---- the table ----


def test_every_network_can_be_fetched_or_says_why_not() -> None:
    assert len({each.name for each in NETWORKS}) == len(NETWORKS)
    for each in NETWORKS:
        assert re.fullmatch(r"[a-z0-9-]+", each.name)
        assert each.licence in ("Apache-2.0", "MIT")
        if each.refusal:
            continue
        assert each.address.startswith("https://")
        assert re.fullmatch(r"[0-9a-f]{64}", each.sha256)
        assert each.size > 0 and each.trained_on and each.kind == "boxes"


def test_no_network_has_the_name_of_a_built_in_model() -> None:
    from smartcrop import _core

    assert not {each.name for each in NETWORKS} & {"none", *_core.model_names()}


# ---- the description ----


def read_messages(content: bytes) -> list[tuple[int, bytes]]:
    """Fields of a protobuf message that holds texts and messages alone."""

    def number(position: int) -> tuple[int, int]:
        value = shift = 0
        while True:
            value |= (content[position] & 0x7F) << shift
            position, shift = position + 1, shift + 7
            if content[position - 1] < 0x80:
                return value, position

    found, position = [], 0
    while position < len(content):
        tag, position = number(position)
        length, position = number(position)
        assert tag & 7 == 2
        found.append((tag >> 3, content[position : position + length]))
        position += length
    assert position == len(content)
    return found


@pytest.mark.parametrize("length", [0, 1, 127, 128, 300, 20_000])
def test_a_description_is_read_back_whatever_its_length(length: int) -> None:
    given = {"smartcrop.kind": "boxes", "smartcrop.licence": "ü" * length}
    entries = [dict(read_messages(entry)) for _, entry in read_messages(appended(given))]
    assert {number for number, _ in read_messages(appended(given))} == {14}
    assert {entry[1].decode(): entry[2].decode() for entry in entries} == given


def test_onnx_reads_a_description_that_was_added_to_a_file() -> None:
    onnx = pytest.importorskip("onnx")
    graph = onnx.helper.make_graph([], "empty", [], [])
    model = onnx.helper.make_model(graph)
    onnx.helper.set_model_props(model, {"author": "somebody"})
    given = {"smartcrop.kind": "boxes", "smartcrop.boxes": "x" * 500}
    read = onnx.load_from_string(model.SerializeToString() + appended(given))
    assert {each.key: each.value for each in read.metadata_props} == {"author": "somebody", **given}
    assert read.graph == model.graph and read.opset_import == model.opset_import


# ---- where networks are kept ----


def test_the_environment_says_where_networks_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    monkeypatch.setenv("SMARTCROP_MODELS", str(tmp_path / "m"))
    assert default_folder() == tmp_path / "m"
    monkeypatch.setenv("SMARTCROP_MODELS", "")
    assert default_folder() == tmp_path / "x" / "smartcrop" / "models"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/from/the/root")
    assert default_folder() == tmp_path / ".cache" / "smartcrop" / "models"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_folder() == tmp_path / ".cache" / "smartcrop" / "models"


def test_a_folder_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "models"):
        done = run(NOWHERE, folder, "get", "tiny")
        assert f"{folder}: cannot be written: " in line_of(done)
        assert "set SMARTCROP_MODELS to another folder" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_write_protected_folder_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = run(NOWHERE, tmp_path, "get", "tiny")
    assert f"{tmp_path}: cannot be written: Permission denied" in line_of(done)


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk can be mounted only by root")
@pytest.mark.parametrize("size", ["100k", "400k"], ids=["for the part", "for the file"])
def test_a_full_disk_is_one_line_and_leaves_no_file(tmp_path: Path, size: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        with served(whole) as log:
            done = run(log.address, disk, "get", "tiny")
        assert "No space left on device" in line_of(done)
        assert [name for name in names_in(disk) if not name.endswith(".part")] == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("content", [b"", b"mine", b"x" * len(FILE)])
def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tiny.onnx"
    path.write_bytes(content)
    zoo = zoo_at(NOWHERE, tmp_path)
    for act in (zoo.get, zoo.remove):
        with pytest.raises(smartcrop.FileError, match=f"{path}: is no file of the zoo"):
            act("tiny")
    assert path.read_bytes() == content
    assert names_in(tmp_path) == [path.name]


@pytest.mark.parametrize(
    "content",
    [b"x" + FILE[1:], FILE[1:], FILE.replace(b'"width": 64', b'"width": 99')],
    ids=["a byte changed", "a byte missing", "another description"],
)
def test_a_damaged_file_is_not_used_and_fetched_again(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tiny.onnx"
    assert content != FILE
    path.write_bytes(content)
    wanted = "tiny is damaged, or of another version; run: smartcrop models get tiny"
    with served(whole) as log:
        zoo = zoo_at(log.address, tmp_path)
        with pytest.raises(smartcrop.ModelError, match=wanted):
            zoo.path("tiny")
        assert zoo.get("tiny") == zoo.path("tiny") == path
    assert path.read_bytes() == FILE


def test_a_file_that_changes_in_mid_run_is_looked_at_again(tmp_path: Path) -> None:
    path = tmp_path / "tiny.onnx"
    path.write_bytes(FILE)
    zoo = zoo_at(NOWHERE, tmp_path)
    assert zoo.path("tiny") == path
    path.write_bytes(b"x" + FILE[1:])
    os.utime(path, ns=(1, 1))
    with pytest.raises(smartcrop.ModelError, match="damaged"):
        zoo.path("tiny")


# ---- two processes, and one that ends early ----


def wait_for_part(process: int) -> None:
    """Wait until a process has the file of an unfinished fetch open."""
    folder = Path(f"/proc/{process}/fd")
    if not folder.is_dir():
        pytest.skip("there is no /proc to see the files of a process in")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(FileNotFoundError):  # a file that was closed in between
            if any(str(each.readlink()).endswith(".part") for each in folder.iterdir()):
                return
        time.sleep(0.02)
    raise AssertionError("the process fetches nothing")


def test_two_processes_fetch_a_network_once(tmp_path: Path) -> None:
    first_is_here, go_on = threading.Event(), threading.Event()

    def answer(handler: Handler) -> None:
        first_is_here.set()
        go_on.wait(30)
        whole(handler)

    def start() -> subprocess.Popen[str]:
        words = command(log.address, tmp_path, "get", "tiny")
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    with served(answer) as log:
        first = start()
        assert first_is_here.wait(30)
        others = [start(), start()]
        for each in others:
            wait_for_part(each.pid)
        with pytest.raises(subprocess.TimeoutExpired):
            others[0].wait(1)  # it waits for the first one
        go_on.set()
        for each in (first, *others):
            output, errors = each.communicate(timeout=60)
            assert (each.returncode, output, errors) == (0, f"{tmp_path / 'tiny.onnx'}\n", "")
    assert len(log.paths) == 1
    assert (tmp_path / "tiny.onnx").read_bytes() == FILE
    assert names_in(tmp_path) == ["tiny.onnx"]


def test_a_process_takes_over_from_one_that_failed(tmp_path: Path) -> None:
    first_is_here, go_on = threading.Event(), threading.Event()

    def fail(handler: Handler) -> None:
        first_is_here.set()
        go_on.wait(30)
        refusal(404)(handler)

    words = ("get", "tiny")
    with (
        served(broken_after(HALF), fail, whole) as log,
        subprocess.Popen(
            command(log.address, tmp_path, *words), stderr=subprocess.PIPE, text=True
        ) as first,
    ):
        assert first_is_here.wait(30)
        second = subprocess.Popen(command(log.address, tmp_path, *words))
        go_on.set()
        assert "404" in first.communicate(timeout=60)[1]
        assert second.wait(60) == 0
    assert log.ranges == [None, *[f"bytes={HALF}-"] * 2]
    assert (tmp_path / "tiny.onnx").read_bytes() == FILE


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_what_has_come(tmp_path: Path, number: signal.Signals) -> None:
    half_is_sent, enough = threading.Event(), threading.Event()

    def stop(handler: Handler) -> None:
        handler.say(200, CONTENT[:HALF], Content_Length=len(CONTENT))
        handler.wfile.flush()
        half_is_sent.set()
        enough.wait(30)

    with served(stop, whole) as log:
        words = command(log.address, tmp_path, "get", "tiny")
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
            assert half_is_sent.wait(30)
            process.send_signal(number)
            errors = process.communicate(timeout=60)[1]
        enough.set()
        assert (process.returncode, errors) == (128 + number, "smartcrop: interrupted\n")
        assert not (tmp_path / "tiny.onnx").exists()
        begun = sum(each.stat().st_size for each in tmp_path.glob(".tiny-*.part"))
        assert zoo_at(log.address, tmp_path).get("tiny").read_bytes() == FILE
    assert log.ranges == [None, f"bytes={begun}-" if begun else None]


# ---- the command ----


def test_get_path_and_remove_are_the_life_of_a_network(tmp_path: Path) -> None:
    folder, path = tmp_path / "models", tmp_path / "models" / "tiny.onnx"
    not_here = "tiny is not fetched; run: smartcrop models get tiny"
    with served(whole) as log:
        assert line_of(run(log.address, folder, "path", "tiny")) == not_here
        for words in (("get", "tiny"), ("path", "tiny")):
            done = run(log.address, folder, *words)
            assert (done.returncode, done.stdout, done.stderr) == (0, f"{path}\n", "")
        assert len(log.paths) == 1
        listed = run(log.address, folder, "list").stdout.splitlines()
        assert " ".join(listed[1].split()) == "tiny boxes 0.3 MiB MIT yes made for a test"
        done = run(log.address, folder, "remove", "tiny")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert names_in(folder) == []
        assert line_of(run(log.address, folder, "remove", "tiny")) == "tiny is not fetched"


def test_remove_takes_an_unfinished_fetch_away(tmp_path: Path) -> None:
    with served(broken_after(HALF), refusal(404)) as log:
        zoo = zoo_at(log.address, tmp_path)
        with pytest.raises(smartcrop.ModelError, match="404"):
            zoo.get("tiny")
    assert [name.endswith(".part") for name in names_in(tmp_path)] == [True]
    zoo.remove("tiny")
    assert names_in(tmp_path) == []


def test_the_list_is_also_data(tmp_path: Path) -> None:
    (tmp_path / "tiny.onnx").write_bytes(FILE)
    (row,) = json.loads(run(NOWHERE, tmp_path, "list", "--json").stdout)
    network = network_at(NOWHERE)
    assert (row["name"], row["kind"], row["licence"]) == ("tiny", "boxes", "MIT")
    assert (row["bytes"], row["sha256"]) == (len(CONTENT), network.sha256)
    assert (row["fetched"], row["path"]) == (True, str(tmp_path / "tiny.onnx"))
    (tmp_path / "tiny.onnx").unlink()
    (row,) = json.loads(run(NOWHERE, tmp_path, "list", "--json").stdout)
    assert (row["fetched"], row["path"], row["refusal"]) == (False, None, None)


def real(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command with the real table."""
    return subprocess.run(
        [sys.executable, "-m", "smartcrop", "models", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "SMARTCROP_MODELS": str(folder)},
    )


def test_the_real_list_shows_every_network_and_fetches_nothing(tmp_path: Path) -> None:
    lines = real("list", folder=tmp_path / "none").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["NAME", *(each.name for each in NETWORKS)]
    assert max(map(len, lines)) <= 120
    rows = json.loads(real("list", "--json", folder=tmp_path).stdout)
    assert {row["name"] for row in rows if not row["refusal"]} == {
        *("yolox-nano", "yolox-tiny", "yunet", "yunet-n")
    }
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("yolox-nan", "there is no network yolox-nan in the zoo; did you mean yolox-nano?"),
        ("YOLOX_nano", "there is no network YOLOX_nano in the zoo; did you mean yolox-nano?"),
        ("../secret", "smartcrop models list shows which there are"),
        ("yolox-s", "yolox-s cannot be fetched: its publisher gives no digest"),
        ("nanotrack", "nanotrack cannot be fetched: trackers are not fetched yet"),
    ],
)
def test_a_name_that_cannot_be_had_says_why(tmp_path: Path, name: str, words: str) -> None:
    zoo = Zoo(folder=tmp_path)
    for act in (zoo.get, zoo.remove, zoo.path):
        with pytest.raises(smartcrop.ModelError) as caught:
            act(name)
        assert words in str(caught.value)
    assert names_in(tmp_path) == []


def test_a_name_that_there_is_not_is_one_line(tmp_path: Path) -> None:
    line = line_of(real("get", "yolox-nan", folder=tmp_path))
    assert line == "there is no network yolox-nan in the zoo; did you mean yolox-nano?"


def test_models_alone_shows_its_commands(tmp_path: Path) -> None:
    done = real(folder=tmp_path)
    assert done.returncode == 2
    assert re.findall(r"^  (\w+)  ", done.stdout, re.MULTILINE) == ["list", "get", "remove", "path"]


def test_a_terminal_shows_how_far_a_fetch_is(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    with served(whole) as log:
        words = command(log.address, tmp_path, "get", "tiny")
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
        done = subprocess.run(
            words, stdout=subprocess.PIPE, stderr=theirs, env=environment, check=False, timeout=60
        )
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert (done.returncode, done.stdout.decode()) == (0, f"{tmp_path / 'tiny.onnx'}\n")
    assert re.search(r"tiny .*293.0.*KiB", re.sub(r"\x1b\[[\d;?]*\w", "", shown))


def test_a_zoo_of_no_folder_is_that_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTCROP_MODELS", str(tmp_path))
    assert Zoo().file_of("yunet") == tmp_path / "yunet.onnx"
