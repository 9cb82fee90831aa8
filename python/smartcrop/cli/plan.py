# SPDX-License-Identifier: MIT
"""The commands that read a plan."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, cast

import typer

from ..errors import OptionError
from ..frames.window import STRATEGIES, Strategy
from ..outputs import check_output
from ..plans.editing import Wish, carried_out, table
from ..plans.formats import FORMATS, Format
from ..plans.parts import Key
from ..plans.plan import Plan, parse, read_text, write_lines
from .flags import PlanFile
from .terminal import in_columns

_NUMBER = r"\d+(?:\.\d*)?|\.\d+"
_KEY = re.compile(rf"({_NUMBER})s?:(-?(?:{_NUMBER}))(?:,(-?(?:{_NUMBER})))?")


def export_command(
    plan: PlanFile,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="|".join(FORMATS),
            help="sendcmd moves the crop filter of any ffmpeg; csv is a table of the frames; edl, "
            "otio and fcpxml are for editing programs.",
        ),
    ] = "sendcmd",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="File to write.")
    ] = "-",
    media: Annotated[
        str | None,
        typer.Option(
            "--media",
            metavar="VIDEO",
            help="The video, for editing programs to open. Default: the name that the plan notes.",
        ),
    ] = None,
) -> None:
    """Write a plan for another program."""
    check_output(output, plan, media)
    loaded = Plan.load(plan)
    check_output(output, *_videos(plan, loaded))
    write_lines(output, [loaded.export(cast(Format, to), media)])


def edit_command(
    plan: PlanFile,
    *,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Default: PLAN itself."),
    ] = None,
    shot: Annotated[
        list[int] | None,
        typer.Option("--shot", metavar="N", help="The shot to change; may be given again."),
    ] = None,
    strategy: Annotated[
        str | None,
        typer.Option("--strategy", metavar="|".join(STRATEGIES), help="How to crop the shot."),
    ] = None,
    x: Annotated[
        float | None,
        typer.Option("--x", help="Centre of a still window, as a share of the picture's width."),
    ] = None,
    y: Annotated[
        float | None, typer.Option("--y", help="The same, as a share of its height.")
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            metavar="12.5s:X[,Y]",
            help="Key frame: the window's centre at that time, in shares of the picture. May be "
            "given again.",
        ),
    ] = None,
    clear: Annotated[
        bool,
        typer.Option("--clear", help="Take back what was asked of the shot, or of every shot."),
    ] = False,
    follow: Annotated[
        str | None,
        typer.Option(
            "--follow",
            metavar="XxY|#ID|auto",
            help="Whom to follow in the shot, or in every shot: a point or a box in shares of the "
            "picture, or a subject by its number (smartcrop subjects lists them). Needs the "
            "analysis.",
        ),
    ] = None,
    analysis: Annotated[
        str | None,
        typer.Option(
            "--analysis",
            metavar="FILE",
            help="What analyze --keep wrote for this video. Default: the file that the plan notes, "
            "if it lies beside it.",
        ),
    ] = None,
    list_shots: Annotated[
        bool, typer.Option("--list", help="Show the shots and change nothing.")
    ] = False,
) -> None:
    """Change how shots are cropped; what is not named stays as it is.

    Without flags, what was written into PLAN with a text editor is carried out: another strategy in
    a shot's row, or rows of key frames.
    """
    text = read_text(plan)
    loaded = parse(text)
    if list_shots:
        typer.echo(in_columns(table(loaded)), nl=False)
        return
    check_output(output or plan, *_videos(plan, loaded), analysis)
    named = cast("Strategy | None", strategy)
    wish = Wish(tuple(shot or ()), named, x, y, _keys(key or []), clear, follow)
    edited = carried_out(loaded, wish, analysis, Path(plan).parent)
    # Made in full before the file is opened: it may be the one that was read.
    write_lines(output or plan, list(edited.lines_into(text)))


def _videos(path: str, plan: Plan) -> list[Path]:
    """List where the video of a plan may lie: beside the plan, or here."""
    name = plan.source.name
    return [Path(path).parent / name, Path(name)] if name else []


def _keys(given: list[str]) -> tuple[Key, ...]:
    keys = []
    for each in given:
        found = _KEY.fullmatch(each.strip())
        if found is None:
            raise OptionError(
                f"--key {each}: write it as SECONDS:X or SECONDS:X,Y, as in 12.5s:0.7"
            )
        time, x, y = found.groups()
        keys.append(Key(float(time), float(x), None if y is None else float(y)))
    return tuple(keys)
