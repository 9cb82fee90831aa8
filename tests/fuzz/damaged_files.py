# SPDX-License-Identifier: MIT
"""Damaged files through reframe, analyze and preview, each in a process of its own.

    python tests/fuzz/damaged_files.py --files 2000 --seed 1 [--only 1:17] [--keep FOLDER]

A file is right where the command ends with one line and nothing written, or with a whole output.
A crash, a traceback, a file left behind, a line said twice or no end within the limit is a fault.
The program prints one line for each fault, and ends with 1 where there is any.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
from damaged_clips import KINDS, Kind, damaged, make

import smartcrop
from smartcrop.cli import main as command
from smartcrop.cli.terminal import show_messages
from smartcrop.preview import preview

SECONDS = 60
MEMORY = 4 << 30
FAST = {"preset": "ultrafast", "model": "none"}
FLAGS = ["-a", "9/16", "--model", "none"]
ERROR_OF_A_CALL, CRASH_IN_PYTHON = 7, 99


@dataclass(frozen=True)
class Way:
    """One way to use smartcrop on a file."""

    name: str
    output: str
    run: Callable[[str, str], int]


def _call(function: Callable[..., object], source: str, output: str, **options: object) -> int:
    """Call a function of the API; an Error is an answer, and its text is shown as it is."""
    show_messages()
    try:
        function(source, output, **options)
    except smartcrop.Error as error:
        print(f"smartcrop: {error}", file=sys.stderr)
        return ERROR_OF_A_CALL
    return 0


def _analyze(source: str, output: str, **options: object) -> None:
    smartcrop.analyze(source, **options).save(output)


WAYS = [
    Way(
        "reframe", "o.mp4", lambda i, o: command(["reframe", i, o, "--preset", "ultrafast", *FLAGS])
    ),
    Way("analyze", "o.plan", lambda i, o: command(["analyze", i, "-o", o, *FLAGS])),
    Way("preview", "o.mp4", lambda i, o: command(["preview", i, o, *FLAGS])),
    Way("reframe()", "o.mp4", lambda i, o: _call(smartcrop.reframe, i, o, passes=1, **FAST)),
    Way("analyze()", "o.plan", lambda i, o: _call(_analyze, i, o, model="none")),
    Way("preview()", "o.png", lambda i, o: _call(preview, i, o, model="none")),
]


@dataclass
class Result:
    """What became of one run."""

    code: int
    text: str
    seconds: float
    fault: str = ""


def run(way: Way, source: Path, folder: Path, watch: bool = False) -> Result:
    """Run one way on one file in a child, and judge what it said and left."""
    before = time.monotonic()
    said = folder.parent / "said.txt"
    child = os.fork()
    if child == 0:
        _in_child(way, source, folder, said)
    code = _wait(child, before + SECONDS)
    result = Result(code, said.read_text(errors="replace"), time.monotonic() - before)
    result.fault = _judge(way, result, source, folder)
    return result


def _in_child(way: Way, source: Path, folder: Path, said: Path) -> None:
    code = CRASH_IN_PYTHON
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        file = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, 1)
        os.dup2(file, 2)
        sys.stdout = sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
        os.chdir(folder)
        code = way.run(source.name, way.output)
        sys.stderr.flush()
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def _wait(child: int, until: float) -> int:
    """Give the exit status: negative for a signal, -SIGKILL where it did not end in time."""
    pause = 0.005
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def _judge(way: Way, result: Result, source: Path, folder: Path) -> str:
    lines = result.text.splitlines()
    left = [each.name for each in folder.iterdir() if each.name != source.name]
    if result.code < 0:
        ended = result.code == -signal.SIGKILL and result.seconds >= SECONDS
        return f"no end in {SECONDS} s" if ended else f"crash: {signal.Signals(-result.code).name}"
    if "Traceback" in result.text or result.code == CRASH_IN_PYTHON:
        return f"traceback: {lines[-1] if lines else ''}"
    return _judge_lines(lines, result.code) or _judge_files(way, left, result.code, folder)


def _judge_lines(lines: list[str], code: int) -> str:
    """Ask for one line of an error, none without one, and no warning twice."""
    warnings = Counter(line for line in lines if line.startswith("smartcrop: warning: "))
    rest = [line for line in lines if line not in warnings]
    twice = [line for line, count in warnings.items() if count > 1]
    if twice:
        return f"said twice: {twice[0]}"
    if len(rest) != (code != 0) or not all(each.startswith("smartcrop: ") for each in rest):
        return f"lines beside warnings: {rest[:3]}"
    return ""


def _judge_files(way: Way, left: list[str], code: int, folder: Path) -> str:
    """Ask for a whole output, or for nothing where the command failed."""
    if code:
        return f"left behind: {left}" if left else ""
    if left != [way.output]:
        return f"output and what else: {left}"
    return "" if _is_whole(folder / way.output) else "the output is not whole"


def _is_whole(path: Path) -> bool:
    """Say whether an output can be read to its end."""
    if path.suffix == ".plan":
        return len(smartcrop.Plan.load(path).frames) > 0
    with av.open(str(path)) as container:
        stated = container.streams.video[0].frames
        shown = sum(1 for _ in container.decode(video=0))
    return shown > 0 and (stated in (0, shown))


@dataclass(frozen=True)
class File:
    """One damaged file of a seed."""

    seed: int
    number: int
    kind: Kind
    damage: str
    data: bytes

    def __str__(self) -> str:
        return f"{self.seed}:{self.number} {self.kind.name} {self.damage}"


def files(seed: int, numbers: range, folder: Path) -> Iterator[File]:
    """Give damaged files; each depends on its seed and number alone."""
    folder.mkdir(exist_ok=True)
    whole = {kind.name: make(kind, folder).read_bytes() for kind in KINDS}
    for number in numbers:
        rng = random.Random(seed * 1_000_003 + number)
        kind = KINDS[number % len(KINDS)]
        data, damage = damaged(whole[kind.name], rng)
        yield File(seed, number, kind, damage, data)


def through(file: File, ways: list[Way], folder: Path) -> Iterator[tuple[Way, Result]]:
    """Run a file in some ways, each in an empty folder."""
    for way in ways:
        with tempfile.TemporaryDirectory(dir=folder) as name:
            place = Path(name) / "run"
            place.mkdir()
            source = place / f"in.{file.kind.suffix}"
            source.write_bytes(file.data)
            yield way, run(way, source, place)


def ways_for(number: int) -> list[Way]:
    """Alternate between the commands and the calls of the API."""
    return WAYS[:3] if number // len(KINDS) % 2 == 0 else WAYS[3:]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="SEED:NUMBER", help="one file, in every way")
    parser.add_argument("--keep", type=Path, help="folder for the files that show a fault")
    arguments = parser.parse_args()
    seed, numbers = arguments.seed, range(arguments.first, arguments.first + arguments.files)
    if arguments.only:
        seed, first = map(int, arguments.only.split(":"))
        numbers = range(first, first + 1)
    ends: Counter[str] = Counter()
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        for file in files(seed, numbers, Path(name) / "whole"):
            ways = WAYS if arguments.only else ways_for(file.number)
            for way, result in through(file, ways, Path(name)):
                ends["whole" if result.code == 0 else "refused"] += not result.fault
                if arguments.only:
                    print(
                        f"{way.name}: {result.code}, {result.seconds:.1f} s\n{result.text}", end=""
                    )
                if result.fault:
                    faults += 1
                    print(f"FAULT {file} {way.name}: {result.fault}", flush=True)
                    if arguments.keep:
                        arguments.keep.mkdir(exist_ok=True)
                        kept = f"{seed}_{file.number}.{file.kind.suffix}"
                        (arguments.keep / kept).write_bytes(file.data)
    print(f"seed {seed}: {len(numbers)} files, {dict(ends)}, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
