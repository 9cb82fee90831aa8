# SPDX-License-Identifier: MIT
"""Plans: what was decided for a video, as text that can be edited and rendered again.

A plan file is JSON Lines in UTF-8; the manual, python/docs/plan.md, describes it row by row.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any

from .. import _core, arguments
from .._options import Options
from ..errors import FileError, OptionError
from ..frames.window import Window
from ..options import ROWS, check_roles
from ..outputs import whole_or_nothing
from ..plan_text import PlanText
from . import rows
from .data import PlanData
from .formats import Format
from .parts import Key, Output, Place, Shot, Source

BY_HAND = "set by hand"


@dataclass(frozen=True)
class Plan(PlanData):
    """Everything that was decided for one video.

    Attributes
    ----------
    source, output : Source, Output
        What goes in and what comes out.
    options : dict
        The options that it was made with.
    shots : list of Shot
        In the order of time.
    frames : list of Window
        One for each frame, in the order of time.
    keys : list of Key
        Key frames that a person set, in the order of time.
    decided : dict
        For frames of shots that a person changed: the window before that, by number of the frame.
    analysis : str
        Name of the analysis file that was kept with it, without its folder; empty for none.
    """

    @classmethod
    def of(
        cls,
        source: Source,
        output: Output,
        options: dict[str, Any],
        windows: list[Window],
        analysis: str = "",
    ) -> Plan:
        """Make a plan of windows; the shots are read from them."""
        shots = list(_shots(windows))
        return cls(source, output, options, shots, windows, analysis=analysis)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the plan to a file; ``-`` is standard output."""
        write_lines(path, self.lines())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Plan:
        """Read a plan file, or a plan at hand.

        Raises
        ------
        Error
            With the line where the file is no plan.
        """
        return parse(
            read_text(path if isinstance(path, PlanText) else arguments.path("plan", path))
        )

    def render(
        self, input: str | os.PathLike[str], output: str | os.PathLike[str], **encoding: Any
    ) -> None:
        """Crop the video as planned; keywords are those of ``reframe`` that concern rendering.

        Raises
        ------
        Error
            For an option that decides where windows are: the plan says that.
        """
        from ..rendering import render_video

        check_roles(encoding, "Plan.render", "render")
        if "plan" in encoding:
            raise OptionError("Plan.render renders this very plan; leave plan out", "argument")
        render_video(input, output, None, plan=self.at_hand(), **encoding)

    def at_hand(self) -> PlanText:
        """Give the plan as the value of the option ``plan``, of ``Cropper`` and ``reframe``."""
        return PlanText("at hand", "".join(self.lines()).encode())

    def export(self, to: Format = "sendcmd", media: str | os.PathLike[str] | None = None) -> str:
        """Write the windows for another program.

        Parameters
        ----------
        to : str
            ``sendcmd``: commands for ffmpeg's own ``crop``, with the filter chain to use in the
            first lines. ``csv``: a table of the frames. ``edl``, ``otio``, ``fcpxml``: a cut list,
            an OpenTimelineIO timeline and a Final Cut Pro project, with a clip for each shot.
        media : str or path, optional
            The video, for programs that open it; by default the name that the plan notes.
        """
        from .formats import written

        return written(self, to, arguments.optional(arguments.path, "media", media))

    def lines(self) -> Iterator[str]:
        """Give the file line by line."""
        yield rows.dumped(rows.header_row(self))
        windows = iter(self.frames)
        window = next(windows, None)
        for shot in self.shots:
            yield from self._shot_lines(rows.dumped(rows.shot_row(shot)), shot)
            while window is not None and window.frame < shot.end_frame:
                yield rows.dumped(rows.frame_row(window, self.decided.get(window.frame)))
                window = next(windows, None)

    def lines_into(self, text: str) -> Iterator[str]:
        """Give the lines of the file that the plan was read from, with what was edited since.

        Lines without a change stay byte for byte, among them those that a plan does not know. Key
        frames are put behind the row of their shot.
        """
        windows = iter(self.frames)
        shots = {shot.n: shot for shot in self.shots}
        without_shots = not any(rows.kind_of(line) == "shot" for line in text.split("\n"))
        for line in StringIO(text, newline="\n"):
            kind = rows.kind_of(line)
            if kind == "frame":
                window = next(windows)
                place = rows.place_of(window, self.decided.get(window.frame))
                yield rows.changed(line, place)
            elif kind == "shot":
                shot = shots[int(json.loads(line)["n"])]
                fields = rows.wishes_of(shot)
                if self.is_edited(shot):
                    fields["decided"] = shot.decided
                yield from self._shot_lines(rows.changed(line, fields), shot)
            elif kind != "key":
                yield rows.changed(line, {}) if line.strip() else line
            if kind == "header" and without_shots:
                for shot in self.shots:
                    yield from self._shot_lines(rows.dumped(rows.shot_row(shot)), shot)

    def _shot_lines(self, line: str, shot: Shot) -> Iterator[str]:
        yield line
        yield from (rows.dumped(rows.key_row(key)) for key in self.keys_of(shot))


def output_of(geometry: _core.Geometry) -> Output:
    """Describe the picture that a run makes."""
    sar = Fraction(geometry.sar_num, geometry.sar_den) if geometry.sar_num else Fraction(1)
    return Output(geometry.output_width, geometry.output_height, sar)


def decided_with(options: Options) -> dict[str, Any]:
    """Give the options for a plan: all but the names of files that are written beside it."""
    written = {row.name: "" for row in ROWS if "written" in row.roles}
    return {**asdict(options), **written}


def read_text(path: str | os.PathLike[str]) -> str:
    """Read a plan's text and check it as every host does; ``-`` is standard input.

    Raises
    ------
    Error
        With the line where the file is no plan.
    """
    name = os.fspath(path)
    content = path.content if isinstance(path, PlanText) else read_bytes(name)
    _core.check_plan(name.encode("utf-8", "replace").decode(), content)
    return content.decode("utf-8-sig")


def read_bytes(name: str) -> bytes:
    """Read a plan as it is; ``-`` is standard input.

    Raises
    ------
    Error
        Where there is no such file.
    """
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or error
        raise FileError(f"plan {name}: cannot be read: {problem}") from error


def write_lines(path: str | os.PathLike[str], lines: Iterable[str]) -> None:
    """Write a text; it appears under its name only when it is whole. ``-`` is standard output."""
    path = arguments.path("path", path)
    if path == "-":
        sys.stdout.writelines(lines)
        return
    with (
        whole_or_nothing(path) as name,
        Path(name).open("w", encoding="utf-8", newline="\n") as file,
    ):
        file.writelines(lines)


def parse(text: str) -> Plan:
    """Read a plan's text, which was checked."""
    reading = _Reading()
    # JSON may hold other ends of lines inside its texts.
    for line in text.split("\n"):
        if line.strip():
            reading.take(json.loads(line))
    return reading.plan()


class _Reading:
    """What the rows so far came to."""

    def __init__(self) -> None:
        self._header: tuple[Source, Output, dict[str, Any]] | None = None
        self._shots: list[rows.Row] = []
        self._windows: list[Window] = []
        self._keys: list[Key] = []
        self._decided: dict[int, Place] = {}
        self._analysis = ""

    def take(self, row: rows.Row) -> None:
        """Read one row."""
        kind = row["type"]
        if kind == "header":
            source, output = rows.read_source(row["source"]), rows.read_output(row["output"])
            self._header = source, output, dict(row.get("options") or {})
            self._analysis = rows.read_analysis(row)
        elif kind == "shot":
            self._shots.append(row)
        elif kind == "key":
            self._keys.append(rows.read_key(row))
        elif kind == "frame":
            window = rows.read_frame(row, len(self._windows), self._time_base)
            self._windows.append(window)
            if place := rows.read_decided(row):
                self._decided[window.frame] = place

    @property
    def _time_base(self) -> Fraction:
        assert self._header is not None
        return self._header[0].time_base

    def plan(self) -> Plan:
        """Put it together."""
        assert self._header is not None
        source, output, options = self._header
        # What a row of a shot does not say, its frames do.
        seen = {shot.n: shot for shot in _shots(self._windows)}
        shots = [rows.read_shot(row, seen[int(row["n"])]) for row in self._shots]
        shots = shots or list(seen.values())
        keys = sorted(self._keys, key=lambda key: key.time)
        edits = (keys, self._decided, self._analysis)
        return marked(Plan(source, output, options, shots, self._windows, *edits))


def marked(plan: Plan) -> Plan:
    """Note with each frame what its shot says of it."""
    by_number = {shot.n: shot for shot in plan.shots}
    reasons = {shot.n: BY_HAND if plan.is_edited(shot) else shot.why for shot in plan.shots}
    frames = []
    for window in plan.frames:
        shot = by_number.get(window.shot)
        if shot is None:
            frames.append(window)
            continue
        start = shot.start_frame == window.frame
        reason = reasons[shot.n]
        frames.append(replace(window, strategy=shot.strategy, start=start, reason=reason))
    return replace(plan, frames=frames)


def _shots(windows: list[Window]) -> Iterator[Shot]:
    groups = [list(group) for _, group in groupby(windows, key=lambda window: window.shot)]
    for index, group in enumerate(groups):
        first, last = group[0], group[-1]
        if index + 1 < len(groups):
            end = groups[index + 1][0].time
        else:
            end = last.time + (last.time - windows[-2].time if len(windows) > 1 else 0.0)
        # A frame says what its shot came to so far, so the last one says what it came to.
        yield Shot(
            *(first.shot, first.frame, last.frame + 1, first.time, end, last.strategy),
            why=last.reason,
            decided=last.strategy,
            subject=_subject_of(group),
        )


def _subject_of(windows: list[Window]) -> int:
    """Find the id that most windows went after; of equals the lowest. 0: there is none."""
    ids = Counter(window.subject.id for window in windows if window.subject and window.subject.id)
    return min(ids, key=lambda each: (-ids[each], each), default=0)
