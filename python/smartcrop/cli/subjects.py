# SPDX-License-Identifier: MIT
"""The command that says who is in a video."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..outputs import check_output, files_of
from .flags import with_library_options
from .terminal import in_columns, progress_bar
from .video import SHORT_FLAGS, Input, VideoStream

if TYPE_CHECKING:
    from ..subject_list import ShotSubjects, Subject

_TITLES = ("id", "class", "from", "to", "seen", "size", "score", "face")


@with_library_options("subjects", "analyse", short=SHORT_FLAGS)
def subjects_command(
    input: Input,
    *,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE.png", help="Draw them, a row for each shot."),
    ] = None,
    rows: Annotated[
        int, typer.Option("--rows", min=1, max=200, help="Most shots on the sheet.")
    ] = 24,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document, for programs.")
    ] = False,
    video_stream: VideoStream = None,
    options: dict[str, Any] | None = None,
) -> None:
    """List the faces, people and things of a video by shot, with the ids to follow them by."""
    from ..previews.subjects import shots_of

    if output is not None:
        check_output(output, input, *files_of(options or {}))
    with progress_bar("subjects") as progress:
        shots = shots_of(
            input,
            output,
            rows=rows,
            video_stream=video_stream,
            progress=progress,
            **(options or {}),
        )
    typer.echo(_document(input, shots) if as_json else _tables(shots), nl=False)


def _tables(shots: list[ShotSubjects]) -> str:
    """Write a table for each shot."""
    from ..previews.subject_sheet import heading

    parts = []
    for shot in shots:
        rows = [_row(each) for each in shot.subjects]
        table = in_columns([_TITLES, *rows]) if rows else ""
        lines = "".join(f"  {line}\n" for line in table.splitlines())
        parts.append(f"{heading(shot)}\n{lines}")
    return "\n".join(parts)


def _row(subject: Subject) -> tuple[str, ...]:
    return (
        f"#{subject.id}",
        subject.label,
        f"{subject.first:.2f}",
        f"{subject.last:.2f}",
        f"{subject.share:.0%}",
        f"{subject.size:.1%}",
        f"{subject.score:.2f}",
        f"#{subject.face}" if subject.face else "",
    )


def _document(video: str, shots: list[ShotSubjects]) -> str:
    """Write all of it for programs; the names are those of ``smartcrop.Subject``."""
    values = {
        "file": video,
        "shots": [
            {
                "shot": shot.shot,
                "first": round(shot.first, 6),
                "last": round(shot.last, 6),
                "frames": shot.frames,
                "flickers": shot.flickers,
                "subjects": [_entry(each) for each in shot.subjects],
            }
            for shot in shots
        ],
    }
    return json.dumps(values, indent=1) + "\n"


def _entry(subject: Subject) -> dict[str, object]:
    box = subject.box
    return {
        "id": subject.id,
        "label": subject.label,
        "kind": subject.kind,
        "face": subject.face,
        "first": round(subject.first, 6),
        "last": round(subject.last, 6),
        "share": round(subject.share, 4),
        "size": round(subject.size, 6),
        "score": round(subject.score, 4),
        "frame": subject.frame,
        "time": round(subject.time, 6),
        "box": [round(each, 2) for each in (box.x, box.y, box.width, box.height)],
    }
