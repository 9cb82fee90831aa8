# SPDX-License-Identifier: MIT
"""Plans: what was decided for a video, as text that can be edited and rendered again.

A plan file is JSON Lines in UTF-8; PLAN.md beside this package describes it row by row.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from . import export
from .errors import Error
from .target import whole_or_nothing
from .window import STRATEGIES, Strategy, Window

FORMAT = "smartcrop-plan"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Source:
    """The video that a plan is for.

    Attributes
    ----------
    width, height : int
        Size of the picture as displayed, that is after rotation.
    time_base : Fraction
        Seconds of one step of pts.
    frames : int
        Number of frames.
    start : float
        Earliest time stamp of the file in seconds, which ffmpeg subtracts from all others.
    sar : Fraction
        Width of a pixel over its height.
    """

    width: int
    height: int
    time_base: Fraction
    frames: int
    start: float = 0.0
    sar: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Output:
    """The picture that comes out."""

    width: int
    height: int
    sar: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Shot:
    """A run of frames between two cuts.

    Attributes
    ----------
    n : int
        Number of the shot, from 0.
    start_frame, end_frame : int
        First frame of the shot, and first frame after it.
    start, end : float
        The same in seconds.
    strategy : str
        ``hold``, ``pan`` or ``follow``.
    """

    n: int
    start_frame: int
    end_frame: int
    start: float
    end: float
    strategy: Strategy


@dataclass(frozen=True)
class Plan:
    """Everything that was decided for one video."""

    source: Source
    output: Output
    options: dict[str, Any]
    shots: list[Shot]
    frames: list[Window]

    @classmethod
    def of(
        cls, source: Source, output: Output, options: dict[str, Any], windows: list[Window]
    ) -> Plan:
        """Make a plan of windows; the shots are read from them."""
        return cls(source, output, options, list(_shots(windows)), windows)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the plan to a file; ``-`` is standard output."""
        if os.fspath(path) == "-":
            sys.stdout.writelines(self.lines())
            return
        with (
            whole_or_nothing(path) as name,
            Path(name).open("w", encoding="utf-8", newline="\n") as file,
        ):
            file.writelines(self.lines())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Plan:
        """Read a plan file.

        Raises
        ------
        Error
            With the line where the file is no plan.
        """
        name = os.fspath(path)
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problem = getattr(error, "strerror", None) or "it is not text"
            raise Error(f"plan {name}: cannot be read: {problem}") from error
        return _parse(name, text)

    def render(
        self, input: str | os.PathLike[str], output: str | os.PathLike[str], **encoding: Any
    ) -> None:
        """Crop the video as planned; keywords are those of ``reframe``."""
        from .video import reframe

        with tempfile.TemporaryDirectory(prefix="smartcrop-") as folder:
            path = Path(folder) / "plan"
            self.save(path)
            reframe(input, output, plan=path, **encoding)

    def export(self, to: Literal["sendcmd", "csv"] = "sendcmd") -> str:
        """Write the windows for another program.

        Parameters
        ----------
        to : str
            ``sendcmd``: commands for ffmpeg's own ``crop``, with the filter chain to use in the
            first lines. ``csv``: a table of the frames.
        """
        if to == "sendcmd":
            return export.sendcmd(self)
        if to == "csv":
            return export.csv(self)
        raise Error(f"plans are exported to sendcmd or csv, not to {to!r}", "option")

    def lines(self) -> Iterator[str]:
        """Give the file line by line."""
        source, output = self.source, self.output
        yield _row(
            type="header",
            format=FORMAT,
            version=VERSION,
            source={
                "width": source.width,
                "height": source.height,
                "time_base": str(source.time_base),
                "frames": source.frames,
                "start": round(source.start, 6),
                "sar": str(source.sar),
            },
            output={"width": output.width, "height": output.height, "sar": str(output.sar)},
            options=self.options,
        )
        windows = iter(self.frames)
        window = next(windows, None)
        for shot in self.shots:
            yield _row(
                type="shot",
                n=shot.n,
                start_frame=shot.start_frame,
                end_frame=shot.end_frame,
                start=round(shot.start, 6),
                end=round(shot.end, 6),
                strategy=shot.strategy,
            )
            while window is not None and window.frame < shot.end_frame:
                yield _frame_row(window)
                window = next(windows, None)


def _row(**values: object) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _frame_row(window: Window) -> str:
    row: dict[str, object] = {
        "type": "frame",
        "n": window.frame,
        "pts": window.pts,
        "t": round(window.time, 6),
        "x": _short(window.x),
        "y": _short(window.y),
        "width": _short(window.width),
        "height": _short(window.height),
        "shot": window.shot,
        "confidence": round(window.confidence, 3),
    }
    if window.fallback:
        row["fallback"] = True
    return _row(**row)


def _short(value: float) -> float:
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def _shots(windows: list[Window]) -> Iterator[Shot]:
    groups = [list(group) for _, group in groupby(windows, key=lambda window: window.shot)]
    for index, group in enumerate(groups):
        first, last = group[0], group[-1]
        if index + 1 < len(groups):
            end = groups[index + 1][0].time
        else:
            end = last.time + (last.time - windows[-2].time if len(windows) > 1 else 0.0)
        # A frame says what its shot came to so far, so the last one says what it came to.
        yield Shot(first.shot, first.frame, last.frame + 1, first.time, end, last.strategy)


def _parse(name: str, text: str) -> Plan:
    header: dict[str, Any] | None = None
    shots: list[Shot] = []
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            kind = row["type"]
            if header is None:
                if (kind, row["format"], row["version"]) != ("header", FORMAT, VERSION):
                    raise ValueError("the first row is no header of a smartcrop plan of version 1")
                header = {**row, "source": _source(row["source"]), "output": _output(row["output"])}
            elif kind == "shot":
                shots.append(_read_shot(row))
            elif kind == "frame":
                rows.append({**row, "window": _read_frame(row, shots)})
        except (ValueError, KeyError, TypeError, ZeroDivisionError) as error:
            problem = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else error
            raise Error(f"plan {name} line {number}: {problem}") from error
    if header is None or not rows:
        raise Error(f"plan {name}: has no {'frame' if header else 'header'} row")
    windows = [row["window"] for row in rows]
    plan = Plan.of(header["source"], header["output"], dict(header.get("options", {})), windows)
    return Plan(plan.source, plan.output, plan.options, shots or plan.shots, windows)


def _source(row: dict[str, Any]) -> Source:
    return Source(
        width=int(row["width"]),
        height=int(row["height"]),
        time_base=Fraction(row["time_base"]),
        frames=int(row.get("frames", 0)),
        start=float(row.get("start", 0)),
        sar=Fraction(row.get("sar", 1)),
    )


def _output(row: dict[str, Any]) -> Output:
    return Output(int(row["width"]), int(row["height"]), Fraction(row.get("sar", 1)))


def _read_shot(row: dict[str, Any]) -> Shot:
    if row["strategy"] not in STRATEGIES:
        raise ValueError(f"strategy {row['strategy']!r} is none of {', '.join(STRATEGIES)}")
    return Shot(
        int(row["n"]),
        int(row["start_frame"]),
        int(row["end_frame"]),
        float(row["start"]),
        float(row["end"]),
        row["strategy"],
    )


def _read_frame(row: dict[str, Any], shots: list[Shot]) -> Window:
    number = int(row["n"])
    shot = int(row.get("shot", 0))
    own = next((each for each in reversed(shots) if each.n == shot), None)
    return Window(
        frame=number,
        pts=int(row["pts"]),
        time=float(row["t"]),
        x=float(row["x"]),
        y=float(row["y"]),
        width=float(row["width"]),
        height=float(row["height"]),
        shot=shot,
        confidence=float(row.get("confidence", 0)),
        strategy=own.strategy if own else "hold",
        start=own is not None and own.start_frame == number,
        fallback=bool(row.get("fallback", False)),
    )
