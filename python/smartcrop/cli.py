# SPDX-License-Identifier: MIT
"""The command ``smartcrop``."""

from __future__ import annotations

import contextlib
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer
from rich.console import Console

from . import __version__, analyze, reframe
from .cli_flags import with_library_options
from .errors import Error
from .plan import Plan
from .terminal import LogLines, progress_bar

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
SHORT_FLAGS = {"aspect": "-a", "size": "-s"}

Input = Annotated[str, typer.Argument(metavar="IN", help="A video; - is standard input.")]
Output = Annotated[
    str,
    typer.Argument(metavar="OUT", help="The video to make; - is standard output, as Matroska."),
]
Codec = Annotated[str, typer.Option("--codec", "-c", help="Encoder.", rich_help_panel="Encoding")]
Crf = Annotated[
    float | None,
    typer.Option("--crf", help="Quality; lower is better.", rich_help_panel="Encoding"),
]
Preset = Annotated[
    str | None,
    typer.Option("--preset", help="Speed, as veryfast or slow.", rich_help_panel="Encoding"),
]
PixelFormat = Annotated[
    str | None,
    typer.Option("--pixel-format", help="Default: that of the input.", rich_help_panel="Encoding"),
]
Container = Annotated[
    str | None,
    typer.Option("--container", help="Default: that of OUT's suffix.", rich_help_panel="Encoding"),
]
EncoderOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--encoder-option",
        metavar="KEY=VALUE",
        help="A further option of the encoder; may be given again.",
        rich_help_panel="Encoding",
    ),
]
VideoStream = Annotated[
    int | None,
    typer.Option("--video-stream", help="Which video stream, from 0. Default: the best."),
]
PlanFile = Annotated[str, typer.Argument(metavar="PLAN", help="A plan; - is standard input.")]


@app.command("reframe")
@with_library_options("plan", short=SHORT_FLAGS)
def reframe_command(
    input: Input,
    output: Output,
    *,
    codec: Codec = "libx264",
    crf: Crf = None,
    preset: Preset = None,
    pixel_format: PixelFormat = None,
    container: Container = None,
    encoder_option: EncoderOptions = None,
    video_stream: VideoStream = None,
    options: dict[str, Any] | None = None,
) -> None:
    """Crop a video to another shape; sound, subtitles and the rest are kept."""
    _reframe(
        input,
        output,
        options or {},
        codec=codec,
        crf=crf,
        preset=preset,
        pixel_format=pixel_format,
        container=container,
        encoder_options=_pairs(encoder_option),
        video_stream=video_stream,
    )


@app.command("analyze")
@with_library_options("plan", short=SHORT_FLAGS)
def analyze_command(
    input: Input,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="PLAN", help="Plan file to write.")
    ] = "-",
    video_stream: VideoStream = None,
    options: dict[str, Any] | None = None,
) -> None:
    """Decide how to crop a video and write the decisions to a plan file."""
    with progress_bar("analyze") as progress:
        plan = analyze(input, video_stream=video_stream, progress=progress, **(options or {}))
    plan.save(output)


@app.command("render")
@with_library_options(
    *("plan", "aspect", "model", "device", "threads", "strict", "analysis_fps", "lookahead"),
    *("cut_threshold", "min_shot", "strategy", "center_bias", "smoother", "dead_zone"),
    *("max_speed", "max_accel", "ema_time", "subpixel", "buffer"),
    short=SHORT_FLAGS,
)
def render_command(
    input: Input,
    plan: PlanFile,
    output: Output,
    *,
    codec: Codec = "libx264",
    crf: Crf = None,
    preset: Preset = None,
    pixel_format: PixelFormat = None,
    container: Container = None,
    encoder_option: EncoderOptions = None,
    video_stream: VideoStream = None,
    options: dict[str, Any] | None = None,
) -> None:
    """Crop a video as a plan says, also after the plan was edited."""
    _reframe(
        input,
        output,
        {**(options or {}), "plan": plan},
        codec=codec,
        crf=crf,
        preset=preset,
        pixel_format=pixel_format,
        container=container,
        encoder_options=_pairs(encoder_option),
        video_stream=video_stream,
    )


@app.command("export")
def export_command(
    plan: PlanFile,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="sendcmd|csv",
            help="sendcmd moves the crop filter of any ffmpeg; csv is a table of the frames.",
        ),
    ] = "sendcmd",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="File to write.")
    ] = "-",
) -> None:
    """Write a plan for another program."""
    text = Plan.load(plan).export(cast(Literal["sendcmd", "csv"], to))
    if output == "-":
        sys.stdout.write(text)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise Error(f"{output}: cannot be written: {error.strerror}") from error


@app.command("preview")
@with_library_options(short=SHORT_FLAGS)
def preview_command(
    input: Input,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="A video, or a .png for a sheet."),
    ],
    cells: Annotated[
        int, typer.Option("--cells", min=1, max=200, help="Most pictures on a sheet.")
    ] = 12,
    video_stream: VideoStream = None,
    options: dict[str, Any] | None = None,
) -> None:
    """Show what is decided and why: window, evidence, shots and strategy on the frames."""
    from .preview import preview

    with progress_bar("preview") as progress:
        preview(
            input,
            output,
            cells=cells,
            video_stream=video_stream,
            progress=progress,
            **(options or {}),
        )


@app.command("info")
def info_command() -> None:
    """Show versions, the inference runtime, models and the FFmpeg that was found."""
    from .info import lines

    for name, value in lines():
        typer.echo(f"{name:<18}{value}")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"smartcrop {__version__}")
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


def _reframe(input: str, output: str, options: dict[str, Any], **encoding: Any) -> None:
    with progress_bar("reframe") as progress:
        done = reframe(input, output, progress=progress, **encoding, **options)
    if sys.stderr.isatty():
        shots = f"{done.shots} shot{'s' if done.shots != 1 else ''}"
        text = f"{output}: {done.width}x{done.height}, {done.frames} frames, {shots}"
        Console(stderr=True, highlight=False).print(text)


def _pairs(given: list[str] | None) -> dict[str, str]:
    pairs = {}
    for each in given or []:
        key, equals, value = each.partition("=")
        if not key or not equals:
            raise Error(f"--encoder-option {each}: write it as KEY=VALUE", "option")
        pairs[key] = value
    return pairs


def _terminate(*_: object) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        0; 1 for an error; 2 for a wrong call; 130 where it was interrupted.
    """
    logging.getLogger("smartcrop").addHandler(LogLines())
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, _terminate)
    try:
        result = app(arguments, prog_name="smartcrop", standalone_mode=False)
    except _WrongCall as error:
        return _fail(f"{error.format_message()} (help: smartcrop --help)", 2)
    except Error as error:
        return _fail(str(error), 2 if error.status in USAGE_STATUSES else 1)
    except BrokenPipeError:
        return 1
    except (KeyboardInterrupt, typer.Abort):
        return _fail("interrupted", 130)
    except MemoryError:
        return _fail("out of memory", 1)
    return result if isinstance(result, int) else 0


def _fail(message: str, code: int) -> int:
    print(f"smartcrop: {' '.join(message.split())}", file=sys.stderr)
    return code
