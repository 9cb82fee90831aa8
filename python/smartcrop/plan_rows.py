# SPDX-License-Identifier: MIT
"""The rows of a plan file; the manual, python/docs/plan.md, describes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from .plan_parts import Key, Output, Place, Shot, Source
from .window import STRATEGIES, Strategy, Window

FORMAT = "smartcrop-plan"
VERSION = 1

Row = dict[str, Any]


def dumped(row: Row) -> str:
    """Write a row as one line, without the fields that are None."""
    given = {key: value for key, value in row.items() if value is not None}
    return json.dumps(given, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def kind_of(line: str) -> str:
    """Name the type of a line; empty for a line without a row."""
    return str(json.loads(line)["type"]) if line.strip() else ""


def changed(line: str, fields: Row) -> str:
    """Put fields into a line (None takes one out), which stays as it is where none differs."""
    row = json.loads(line)
    if all(_same(row.get(key), value) for key, value in fields.items()):
        return line if line.endswith("\n") else line + "\n"
    return dumped({**row, **fields})


def _same(old: Any, new: Any) -> bool:
    """Compare two values of a field, numbers as far as a plan file keeps them."""
    if isinstance(old, (int, float)) and isinstance(new, (int, float)):
        return abs(old - new) < 1e-4
    return bool(old == new)


# ---- writing ----


def header_row(source: Source, output: Output, options: dict[str, Any]) -> Row:
    """Describe the video and what comes out."""
    described: Row = {
        "width": source.width,
        "height": source.height,
        "time_base": str(source.time_base),
        "frames": source.frames,
        "start": round(source.start, 6),
        "sar": str(source.sar),
    }
    if source.name:
        described["name"] = source.name
    if source.sound:
        described["sound"] = True
    return {
        "type": "header",
        "format": FORMAT,
        "version": VERSION,
        "source": described,
        "output": {"width": output.width, "height": output.height, "sar": str(output.sar)},
        "options": options,
    }


def wishes_of(shot: Shot) -> Row:
    """Give the fields of a shot that an edit changes."""
    place = {"x": shot.x, "y": shot.y}
    edit = {axis: short(share) for axis, share in place.items() if share is not None}
    return {"strategy": shot.strategy, "edit": edit or None}


def shot_row(shot: Shot) -> Row:
    """Describe a shot."""
    return {
        "type": "shot",
        "n": shot.n,
        "start_frame": shot.start_frame,
        "end_frame": shot.end_frame,
        "start": round(shot.start, 6),
        "end": round(shot.end, 6),
        **wishes_of(shot),
        "decided": shot.decided,
        "why": shot.why or None,
    }


def key_row(key: Key) -> Row:
    """Describe a key frame."""
    y = None if key.y is None else short(key.y)
    return {"type": "key", "t": round(key.time, 6), "x": short(key.x), "y": y}


def place_of(window: Window, decided: Place | None) -> Row:
    """Give the fields of a frame that an edit changes."""
    return {
        "x": short(window.x),
        "y": short(window.y),
        "width": short(window.width),
        "height": short(window.height),
        "decided": [short(side) for side in decided] if decided else None,
    }


def frame_row(window: Window, decided: Place | None) -> Row:
    """Describe a frame."""
    return {
        "type": "frame",
        "n": window.frame,
        "pts": window.pts,
        "t": round(window.time, 6),
        **place_of(window, decided),
        "shot": window.shot,
        "confidence": round(window.confidence, 3),
        "target": [short(round(window.target_x, 2)), short(round(window.target_y, 2))],
        "fallback": window.fallback or None,
    }


def short(value: float) -> float:
    """Round to what a plan file keeps."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


# ---- reading ----


def check_header(row: Row) -> None:
    """Raise ValueError or KeyError where a file's first row is no header that can be read."""
    if (row["type"], row["format"], row["version"]) != ("header", FORMAT, VERSION):
        raise ValueError("the first row is no header of a smartcrop plan of version 1")


def read_source(row: Row) -> Source:
    """Read a header's source."""
    return Source(
        width=int(row["width"]),
        height=int(row["height"]),
        time_base=Fraction(row["time_base"]),
        frames=int(row.get("frames", 0)),
        start=float(row.get("start", 0)),
        sar=Fraction(row.get("sar", 1)),
        name=str(row.get("name", "")),
        sound=bool(row.get("sound", False)),
    )


def read_output(row: Row) -> Output:
    """Read a header's output."""
    return Output(int(row["width"]), int(row["height"]), Fraction(row.get("sar", 1)))


def read_shot(row: Row) -> Shot:
    """Read a shot; a strategy inside ``edit`` is as good as one beside it."""
    edit = row.get("edit") or {}
    return Shot(
        int(row["n"]),
        int(row["start_frame"]),
        int(row["end_frame"]),
        float(row["start"]),
        float(row["end"]),
        strategy=_strategy(edit.get("strategy") or row["strategy"]),
        why=str(row.get("why", "")),
        decided=_strategy(row.get("decided") or row["strategy"]),
        x=share("x", edit["x"]) if "x" in edit else None,
        y=share("y", edit["y"]) if "y" in edit else None,
    )


def read_key(row: Row) -> Key:
    """Read a key frame."""
    y = share("y", row["y"]) if "y" in row else None
    return Key(float(row["t"]), share("x", row["x"]), y)


def read_frame(row: Row) -> Window:
    """Read a frame; what only its shot knows is not in it yet."""
    x, y = float(row["x"]), float(row["y"])
    width, height = float(row["width"]), float(row["height"])
    target: Sequence[float] = row.get("target") or (x + width / 2, y + height / 2)
    return Window(
        frame=int(row["n"]),
        pts=int(row["pts"]),
        time=float(row["t"]),
        x=x,
        y=y,
        width=width,
        height=height,
        shot=int(row.get("shot", 0)),
        confidence=float(row.get("confidence", 0)),
        strategy="hold",
        start=False,
        fallback=bool(row.get("fallback", False)),
        target_x=float(target[0]),
        target_y=float(target[1]),
    )


def read_decided(row: Row) -> Place | None:
    """Read where a frame's window was before a person changed its shot."""
    if "decided" not in row:
        return None
    x, y, width, height = (float(side) for side in row["decided"])
    return x, y, width, height


def share(name: str, value: Any) -> float:
    """Check a share of the picture."""
    number = float(value)
    if not 0 <= number <= 1:
        raise ValueError(f"{name} is {value}, but goes from 0 (left or top) to 1 (right or bottom)")
    return number


def _strategy(name: Any) -> Strategy:
    for each in STRATEGIES:
        if each == name:
            return each
    raise ValueError(f"strategy {name!r} is none of {', '.join(STRATEGIES)}")
