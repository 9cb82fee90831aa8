# SPDX-License-Identifier: MIT
"""The command ``smartcrop``."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from .. import _core
from ..errors import Error
from ..interrupts import end_cleanly, exit_code, interrupted
from . import models, motion, plan, subjects, video
from .flags import Command
from .terminal import show_messages

app = typer.Typer(
    name="smartcrop",
    help="Turn a video of one shape into another by following what viewers look at.",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# The base of what typer raises for a wrong call; it moves between versions.
_WrongCall: Any = next(
    each for each in typer.BadParameter.__mro__ if each.__name__ == "ClickException"
)
USAGE_STATUSES = ("option", "argument")

app.command("reframe", cls=Command)(video.reframe_command)
app.command("analyze", cls=Command)(video.analyze_command)
app.command("solve", cls=Command)(video.solve_command)
app.command("render", cls=Command)(video.render_command)
app.command("edit", cls=Command)(plan.edit_command)
app.command("export", cls=Command)(plan.export_command)
app.command("preview", cls=Command)(video.preview_command)
app.command("subjects", cls=Command)(subjects.subjects_command)
app.command("motion-box", cls=Command)(motion.motion_box_command)
app.add_typer(models.app, name="models")


@app.command("info")
def info_command() -> None:
    """Show versions, the inference runtime, models and the FFmpeg that was found."""
    from .info import lines

    for name, value in lines():
        typer.echo(f"{name:<18}{value}")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"smartcrop {_core.version()}")
        raise typer.Exit


@app.callback()
def _common(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say more of what happens.")
    ] = False,
) -> None:
    logging.getLogger("smartcrop").setLevel(logging.INFO if verbose else logging.WARNING)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        0; 1 for an error; 2 for a wrong call; 128 and the signal where it was interrupted.
    """
    show_messages()
    end_cleanly()
    try:
        result = app(arguments, prog_name="smartcrop", standalone_mode=False)
    except _WrongCall as error:
        return _fail(f"{error.format_message()} (help: smartcrop --help)", 2)
    except Error as error:
        return _fail(str(error), 2 if error.status in USAGE_STATUSES else 1)
    except BrokenPipeError:
        return 1
    except (KeyboardInterrupt, typer.Abort):
        return _fail("interrupted", exit_code())
    except MemoryError:
        return _fail("out of memory", 1)
    code = result if isinstance(result, int) else 0
    # Some versions of typer turn an interrupt into a result.
    return _fail("interrupted", exit_code()) if interrupted() else code


def _fail(message: str, code: int) -> int:
    print(f"smartcrop: {' '.join(message.split())}", file=sys.stderr)
    return code
