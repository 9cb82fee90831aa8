# SPDX-License-Identifier: MIT
"""Lines and progress on the terminal; nothing but warnings in a pipe."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

_console = Console(stderr=True, highlight=False)


class LogLines(logging.Handler):
    """Writes each message as one line on standard error, past a progress bar."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one message."""
        line = f"smartcrop: {record.levelname.lower()}: {record.getMessage()}"
        if _console.is_terminal:
            _console.print(line, markup=False, soft_wrap=True)
        else:
            print(line, file=sys.stderr)


def in_columns(rows: Sequence[tuple[str, ...]]) -> str:
    """Write rows of texts below each other, each column as wide as its longest text."""
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def show_messages() -> None:
    """Show the package's messages as lines, however often this is asked for."""
    log = logging.getLogger("smartcrop")
    if not any(isinstance(each, LogLines) for each in log.handlers):
        log.addHandler(LogLines())


class _Speed(ProgressColumn):
    """Frames a second, and how many times faster than the video plays that is."""

    def render(self, task: Task) -> Text:
        elapsed = task.finished_time if task.finished else task.elapsed
        if not elapsed:
            return Text("")
        fps = task.fields["frames"] / elapsed
        return Text(f"{fps:5.0f} fps {task.completed / elapsed:5.2f}x", style="progress.data.speed")


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, float, float | None], None] | None]:
    """Show a bar with frames, speed and time left; gives None where there is no terminal."""
    if not _console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[frames]} frames"),
        _Speed(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_console, transient=True) as bar:
        task = bar.add_task(label, total=None, frames=0)

        def progress(frames: int, seconds: float, total: float | None) -> None:
            bar.update(task, completed=seconds, total=total, frames=frames)

        yield progress


@contextmanager
def count_bar(label: str, noun: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar with what is done and time left; gives None where there is no terminal."""
    with _bar_of(label, MofNCompleteColumn(), TextColumn(noun)) as progress:
        yield progress


@contextmanager
def bytes_bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar with bytes, speed and time left; gives None where there is no terminal."""
    with _bar_of(label, DownloadColumn(binary_units=True), TransferSpeedColumn()) as progress:
        yield progress


@contextmanager
def _bar_of(label: str, *amounts: ProgressColumn) -> Iterator[Callable[[int, int], None] | None]:
    if not _console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), *amounts, TimeRemainingColumn())
    with Progress(*columns, console=_console, transient=True) as bar:
        task = bar.add_task(label, total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield progress
