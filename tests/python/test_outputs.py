# SPDX-License-Identifier: MIT
"""Where results go: whole or not at all, never over what is read, under any name."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import FAST, PLAIN, leftovers

import smartcrop
from smartcrop.cli import main
from smartcrop.outputs import whole_or_nothing

MODEL = ["--model", "none"]


@pytest.fixture
def source(clip, tmp_path, monkeypatch) -> Path:
    """A clip in the current folder, with its plan beside it."""
    monkeypatch.chdir(tmp_path)
    path = clip(frames=6)
    smartcrop.analyze(path, **PLAIN).save("in.plan")
    return path


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def other_names(path: Path) -> list[str]:
    """The same file by a symbolic link, a hard link and another spelling."""
    folder = path.parent
    (folder / "sub").mkdir()
    (folder / "soft").symlink_to(path.name)
    os.link(path, folder / "hard")
    return ["soft", "hard", f"sub/../{path.name}"]


# ---- what is read is not written over ------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["reframe", "in.mp4", "OUT", *MODEL],
        ["analyze", "in.mp4", "-o", "OUT", *MODEL],
        ["preview", "in.mp4", "-o", "OUT", *MODEL],
        ["motion-box", "in.mp4", "-o", "OUT"],
        ["render", "in.mp4", "in.plan", "OUT"],
        ["export", "in.plan", "--media", "in.mp4", "-o", "OUT"],
    ],
    ids=lambda words: words[0],
)
def test_no_command_writes_over_the_video_that_it_reads_by_any_name(source, words, capfd):
    before = source.read_bytes()
    for name in [source.name, *other_names(source)]:
        assert main([name if each == "OUT" else each for each in words]) == 1
        assert capfd.readouterr().err == (
            f"smartcrop: {name}: is the input itself; choose another name for the output\n"
        )
        assert source.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ["render", "in.mp4", "in.plan", "OUT"],
        ["export", "in.plan", "-o", "OUT"],
        ["analyze", "in.mp4", "--hints", "in.plan", "-o", "OUT", *MODEL],
        ["reframe", "in.mp4", "OUT", "--hints", "in.plan", *MODEL],
        ["reframe", "in.mp4", "OUT", "--model", "in.plan"],
        ["preview", "in.mp4", "-o", "OUT", "--plan", "in.plan"],
    ],
    ids=lambda words: " ".join(words[:1] + words[-2:]),
)
def test_no_command_writes_over_another_file_that_it_reads(source, words, capfd):
    before = Path("in.plan").read_bytes()
    for name in ["in.plan", *other_names(Path("in.plan").resolve())]:
        assert main([name if each == "OUT" else each for each in words]) == 1
        assert "is the input itself" in capfd.readouterr().err
        assert Path("in.plan").read_bytes() == before


def test_a_list_of_clips_is_not_written_over(source, capfd):
    Path("clips.txt").write_text("in.mp4\n")
    assert main(["motion-box", "--list", "clips.txt", "-o", "clips.txt"]) == 1
    assert Path("clips.txt").read_text() == "in.mp4\n"


def test_python_calls_refuse_to_write_over_what_they_read(source):
    with pytest.raises(smartcrop.Error, match="is the input itself"):
        smartcrop.reframe(source, source, **PLAIN)
    plan = smartcrop.Plan.load("in.plan")
    with pytest.raises(smartcrop.Error, match="is the input itself"):
        plan.render(source, other_names(source)[0])


def test_an_output_that_cannot_be_is_refused_before_the_video_is_read(source, capfd, monkeypatch):
    monkeypatch.setattr("smartcrop.jobs.analyze", lambda *_, **__: pytest.fail("was read"))
    assert main(["analyze", "in.mp4", "-o", "no/such/folder/a.plan"]) == 1
    assert "there is no such folder" in capfd.readouterr().err


# ---- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "9:16.mp4",
        "http:clip.mkv",
        "a%03d.mp4",
        "100%.mkv",
        "\u65e5" * 83 + ".mp4",
        "a" * 251 + ".mkv",
        os.fsdecode(b"caf\xe9.mp4"),
        "two\nlines.mp4",
        " spaces and 'quotes'\".mkv",
        "-leading.mp4",
    ],
    ids=ascii,
)
def test_an_output_may_have_any_name_that_a_file_may_have(source, name, capfd):
    before = leftovers(Path())
    assert main(["reframe", *MODEL, "--preset", "ultrafast", "--", "in.mp4", name]) == 0
    assert capfd.readouterr().err == ""
    assert leftovers(Path()) == sorted([*before, name])


@pytest.mark.parametrize(
    "name", ["a" * 300 + ".mp4", "\u65e5" * 100 + ".mp4", "b" * 256 + "/c.mp4"]
)
def test_a_name_that_is_too_long_is_refused_in_one_line(source, name, capfd):
    for words in (["reframe", "in.mp4", name], ["analyze", "in.mp4", "-o", name]):
        assert main([*words, *MODEL]) == 1
        error = capfd.readouterr().err
        assert error.count("\n") == 1
        assert "choose a shorter one" in error


def test_a_plan_of_a_video_whose_name_is_no_utf_8_is_written_and_read_again(source, capfd):
    odd = os.fsdecode(b"\xff\xfe odd.mp4")
    source.rename(odd)
    assert main(["analyze", odd, "-o", "odd.plan", *MODEL]) == 0
    assert main(["render", "--preset", "ultrafast", odd, "odd.plan", "out.mp4"]) == 0
    assert main(["export", "odd.plan", "--to", "fcpxml", "-o", "odd.fcpxml"]) == 0
    assert capfd.readouterr().err == ""


# ---- links, modes, devices -----------------------------------------------------------------------


def test_a_link_stays_a_link_and_the_file_that_it_names_is_replaced(source, tmp_path):
    (tmp_path / "store").mkdir()
    for kept, link in (("store/old.mp4", "link.mp4"), ("store/none.bin", "dangling.mkv")):
        if kept == "store/old.mp4":
            Path(kept).write_text("old")
        Path(link).symlink_to(kept)
        smartcrop.reframe(source, link, **FAST)
        assert Path(link).is_symlink()
        assert Path(kept).read_bytes()[:3] != b"old"
        assert Path(kept).stat().st_size > 1000
    assert (
        leftovers(tmp_path / "store", tmp_path / "store/old.mp4", tmp_path / "store/none.bin") == []
    )


def test_a_file_that_is_replaced_hands_its_mode_on(source):
    for name, write in (
        ("old.mp4", lambda name: smartcrop.reframe(source, name, **FAST)),
        ("old.plan", lambda name: smartcrop.analyze(source, **PLAIN).save(name)),
        ("old.csv", lambda name: main(["export", "in.plan", "--to", "csv", "-o", name])),
    ):
        Path(name).write_text("old")
        Path(name).chmod(0o640)
        write(name)
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o640
        assert Path(name).read_bytes() != b"old"


def test_an_edit_in_place_keeps_the_link_and_the_mode_of_a_plan(source):
    Path("in.plan").chmod(0o600)
    Path("link.plan").symlink_to("in.plan")
    assert main(["edit", "link.plan", "--shot", "0", "--strategy", "hold", "--x", "0.4"]) == 0
    assert Path("link.plan").is_symlink()
    assert stat.S_IMODE(Path("in.plan").stat().st_mode) == 0o600
    assert smartcrop.Plan.load("in.plan").shots[0].x == 0.4


def test_a_named_pipe_is_written_directly_and_stays_one(source):
    os.mkfifo("pipe.mkv")
    with subprocess.Popen(["cat", "pipe.mkv"], stdout=subprocess.PIPE) as reader:
        smartcrop.reframe(source, "pipe.mkv", container="matroska", **FAST)
        written = reader.communicate()[0]
    assert written[:4] == b"\x1a\x45\xdf\xa3"
    assert stat.S_ISFIFO(Path("pipe.mkv").stat().st_mode)


# ---- whole or nothing ----------------------------------------------------------------------------


def test_nothing_is_left_where_the_work_fails(tmp_path):
    def fail() -> None:
        with whole_or_nothing(tmp_path / "a.txt") as name:
            Path(name).write_text("half")
            Path(name).with_name("beside.txt").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert leftovers(tmp_path) == []


def test_every_file_that_is_written_beside_comes_along(tmp_path):
    with whole_or_nothing(tmp_path / "list.m3u8") as name:
        Path(name).write_text("list0.ts\n")
        Path(name).with_name("list0.ts").write_text("segment")
    assert leftovers(tmp_path) == ["list.m3u8", "list0.ts"]


def test_a_file_beside_is_not_written_over_one_that_is_read(tmp_path):
    read = tmp_path / "list0.ts"
    read.write_text("input")

    def write() -> None:
        with whole_or_nothing(tmp_path / "list.m3u8", read) as name:
            Path(name).write_text("list0.ts\n")
            Path(name).with_name("list0.ts").write_text("segment")

    with pytest.raises(smartcrop.Error, match="is the input itself"):
        write()
    assert read.read_text() == "input"
    assert leftovers(tmp_path) == ["list0.ts"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("passes", [[], ["--one-pass"]], ids=["two passes", "one pass"])
def test_a_signal_ends_the_work_and_leaves_nothing(clip, tmp_path, number, passes):
    clip(frames=900)
    before = leftovers(tmp_path)
    words = [sys.executable, "-m", "smartcrop", "reframe", "in.mp4", "out.mp4", *MODEL, *passes]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(words, cwd=tmp_path, env=environment, stderr=subprocess.PIPE) as work:
        while work.poll() is None and leftovers(tmp_path) == before:
            time.sleep(0.02)
        for _ in range(3):  # as a terminal that closes does
            work.send_signal(number)
        error = work.communicate()[1].decode()
    assert work.returncode == 128 + number
    assert error == "smartcrop: interrupted\n"
    assert leftovers(tmp_path) == before


def test_an_interrupt_while_the_program_loads_shows_no_traceback():
    code = (
        "import builtins, os, signal, sys\n"
        "import smartcrop.__main__ as program\n"
        "real = builtins.__import__\n"
        "def slow(name, *rest, **more):\n"
        "    if name in ('typer', 'numpy', 'av'): os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(name, *rest, **more)\n"
        "builtins.__import__ = slow\n"
        "sys.exit(program.main())\n"
    )
    done = run_python(code)
    assert (done.returncode, done.stderr) == (130, "smartcrop: interrupted\n")


def test_a_signal_that_the_caller_ignores_stays_ignored(source):
    code = (
        "import os, signal\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from smartcrop.interrupts import end_cleanly\n"
        "end_cleanly()\n"
        "os.kill(os.getpid(), signal.SIGHUP)\n"
        "print('still here')\n"
    )
    done = run_python(code)
    assert done.stdout == "still here\n"
