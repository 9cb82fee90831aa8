# SPDX-License-Identifier: MIT
"""The rows of a plan file; the manual, python/docs/plan.md, describes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..frames.window import Window
from .data import PlanData
from .parts import Key, Output, Place, Shot, Source

FORMAT = "smartcrop-plan"
VERSION = 1
_UNKNOWN_TIME_BASE = Fraction(1, 1_000_000)

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
        return abs(old - new) < 5e-5
    return bool(old == new)


# ---- writing ----


def header_row(plan: PlanData) -> Row:
    """Describe the video and what comes out."""
    source, output = plan.source, plan.output
    described: Row = {
        "width": source.width,
        "height": source.height,
        "time_base": str(source.time_base),
        "frames": source.frames,
        "start": round(source.start, 6),
        "sar": str(source.sar),
    }
    if source.name:
        described["name"] = _plain(source.name)
    if source.sound:
        described["sound"] = True
    return {
        "type": "header",
        "format": FORMAT,
        "version": VERSION,
        "source": described,
        "output": {"width": output.width, "height": output.height, "sar": str(output.sar)},
        "options": plan.options,
        "analysis": _plain(plan.analysis) or None,
    }


def _plain(name: str) -> str:
    """Write the name of a file; it may hold bytes that are no UTF-8, and a file of text cannot."""
    return name.encode("utf-8", "replace").decode()


def wishes_of(shot: Shot) -> Row:
    """Give the fields of a shot that an edit changes."""
    place = {"x": shot.x, "y": shot.y}
    edit: Row = {"strategy": shot.strategy} if shot.asked else {}
    edit |= {axis: short(share) for axis, share in place.items() if share is not None}
    edit |= {"follow": shot.follow} if shot.follow else {}
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
        "subject": shot.subject or None,
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


# ---- reading: the core has checked every field; one that is null is not given ----


def _or(value: Any, otherwise: Any) -> Any:
    return otherwise if value is None else value


def read_source(row: Row) -> Source:
    """Read a header's source."""
    return Source(
        width=int(row["width"]),
        height=int(row["height"]),
        time_base=Fraction(_or(row.get("time_base"), _UNKNOWN_TIME_BASE)),
        frames=int(_or(row.get("frames"), 0)),
        start=float(_or(row.get("start"), 0)),
        sar=Fraction(_or(row.get("sar"), 1)),
        name=_or(row.get("name"), ""),
        sound=bool(row.get("sound")),
    )


def read_analysis(row: Row) -> str:
    """Read the name of a header's analysis; what is no text is none."""
    name = row.get("analysis")
    return name if isinstance(name, str) else ""


def read_output(row: Row) -> Output:
    """Read a header's output."""
    return Output(int(row["width"]), int(row["height"]), Fraction(_or(row.get("sar"), 1)))


def read_shot(row: Row, seen: Shot) -> Shot:
    """Read a shot; a strategy inside ``edit`` is as good as one beside it.

    ``seen`` is the shot by its frames, for fields that the row does not have.
    """
    edit = row.get("edit") or {}
    decided = row.get("decided") or row["strategy"]
    return Shot(
        int(row["n"]),
        int(_or(row.get("start_frame"), seen.start_frame)),
        int(_or(row.get("end_frame"), seen.end_frame)),
        float(_or(row.get("start"), seen.start)),
        float(_or(row.get("end"), seen.end)),
        strategy=edit.get("strategy") or row["strategy"],
        why=_or(row.get("why"), ""),
        decided=decided,
        x=edit.get("x"),
        y=edit.get("y"),
        asked=edit.get("strategy") == decided,
        subject=int(_or(row.get("subject"), 0)),
        follow=_or(edit.get("follow"), ""),
    )


def read_key(row: Row) -> Key:
    """Read a key frame."""
    return Key(float(row["t"]), row["x"], row.get("y"))


def read_frame(row: Row, number: int, time_base: Fraction) -> Window:
    """Read a frame; what only its shot knows is not in it yet.

    ``number`` and ``time_base`` serve where the row has no n or pts.
    """
    time = float(row["t"])
    x, y = float(row["x"]), float(row["y"])
    width, height = float(row["width"]), float(row["height"])
    target: Sequence[float] = row.get("target") or (x + width / 2, y + height / 2)
    return Window(
        frame=int(_or(row.get("n"), number)),
        pts=int(_or(row.get("pts"), round(time / time_base))),
        time=time,
        x=x,
        y=y,
        width=width,
        height=height,
        shot=int(_or(row.get("shot"), 0)),
        confidence=min(1.0, max(0.0, float(_or(row.get("confidence"), 0)))),
        strategy="hold",
        start=False,
        fallback=bool(row.get("fallback")),
        target_x=float(target[0]),
        target_y=float(target[1]),
    )


def read_decided(row: Row) -> Place | None:
    """Read where a frame's window was before a person changed its shot."""
    if row.get("decided") is None:
        return None
    x, y, width, height = (float(side) for side in row["decided"])
    return x, y, width, height
