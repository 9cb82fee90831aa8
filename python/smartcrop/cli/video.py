# SPDX-License-Identifier: MIT
"""The commands that read a video."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer
from rich.console import Console

from ..errors import OptionError
from ..outputs import check_output, files_of
from ..plans.input import plan_given
from ..written_beside import check_written
from .flags import ALL_ROLES, PlanFile, with_library_options
from .terminal import progress_bar

if TYPE_CHECKING:
    from .._options import OptionKeywords

SHORT_FLAGS = {"aspect": "-a", "size": "-s"}

Input = Annotated[str, typer.Argument(metavar="IN", help="A video; - is standard input.")]
Output = Annotated[
    str,
    typer.Argument(metavar="OUT", help="The video to make; - is standard output, as Matroska."),
]


def _encoding(*flags: str, help: str, metavar: str | None = None) -> Any:
    return typer.Option(*flags, help=help, metavar=metavar, rich_help_panel="Encoding")


Codec = Annotated[str, _encoding("--codec", "-c", help="FFmpeg's name of the encoder.")]
Crf = Annotated[float | None, _encoding("--crf", help="Quality; lower is better.")]
Preset = Annotated[
    str | None, _encoding("--preset", help="Speed of the encoder, such as veryfast or slow.")
]
PixelFormat = Annotated[
    str | None,
    _encoding(
        "--pixel-format",
        help="Format of the samples. Default: near the input's, and one that players show.",
    ),
]
Container = Annotated[
    str | None,
    _encoding("--container", help="FFmpeg's name of the container. Default: OUT's suffix says it."),
]
EncoderOptions = Annotated[
    list[str] | None,
    _encoding(
        "--encoder-option",
        metavar="KEY=VALUE",
        help="A further option of the encoder; may be given again.",
    ),
]
VideoStream = Annotated[
    int | None,
    typer.Option("--video-stream", help="Which video stream, from 0. Default: the best."),
]


@with_library_options("reframe", *ALL_ROLES, short=SHORT_FLAGS)
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
    one_pass: Annotated[
        bool,
        typer.Option("--one-pass", help="Read a file once, with lookahead, instead of twice."),
    ] = False,
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
        passes=1 if one_pass else None,
    )


@with_library_options("analyze", "analyse", short=SHORT_FLAGS)
def analyze_command(
    input: Input,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="PLAN", help="Plan file to write.")
    ] = "-",
    video_stream: VideoStream = None,
    options: dict[str, Any] | None = None,
) -> None:
    """Decide how to crop a video and write the decisions to a plan file."""
    from ..jobs import analyze

    reads = (input, *files_of(options or {}))
    check_output(output, *reads)
    check_written(cast("OptionKeywords", options or {}), output, *reads)
    with progress_bar("analyze") as progress:
        plan = analyze(input, video_stream=video_stream, progress=progress, **(options or {}))
    plan.save(output)


@with_library_options("solve", "solve", short=SHORT_FLAGS, checked=False)
def solve_command(
    analysis: Annotated[
        str, typer.Argument(metavar="ANALYSIS", help="A file that analyze --keep wrote.")
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="PLAN", help="Plan file to write.")
    ] = "-",
    options: dict[str, Any] | None = None,
) -> None:
    """Decide again from what was seen of a video, and write the decisions to a plan file."""
    from ..solving import solve

    check_output(output, analysis)
    solve(analysis, **(options or {})).save(output)


@with_library_options("render", "render", without=("plan",), short=SHORT_FLAGS)
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


@with_library_options("preview", *ALL_ROLES, short=SHORT_FLAGS)
def preview_command(
    input: Annotated[
        str | None,
        typer.Argument(metavar="IN", help="A video; a plot of a plan does not need it."),
    ] = None,
    out: Annotated[str | None, typer.Argument(metavar="OUT", help="The same as --output.")] = None,
    *,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="A video, or a .png for a sheet."),
    ] = None,
    show: Annotated[
        str,
        typer.Option(
            "--show",
            metavar="frames|motion|path",
            help="frames: the decisions on the picture; motion: with the codec's motion vectors; "
            "path: target, window and speed over time, as .png.",
        ),
    ] = "frames",
    cells: Annotated[
        int, typer.Option("--cells", min=1, max=200, help="Most pictures on a sheet.")
    ] = 12,
    video_stream: VideoStream = None,
    options: dict[str, Any] | None = None,
) -> None:
    """Show what is decided and why: window, evidence, shots and strategy on the frames."""
    from ..previews.preview import preview

    if show not in ("frames", "motion", "path"):
        raise OptionError(f"--show {show}: it is frames, motion or path")
    if input and not (out or output) and show == "path" and (options or {}).get("plan"):
        input, out = None, input  # a plot of a plan: the one name is that of the result
    result = output or out
    if result is None or (out and output):
        raise OptionError("name the result once, as OUT or with --output")
    known = _planned(options or {}, input)
    with progress_bar("preview") as progress:
        preview(
            input,
            result,
            show=cast('Literal["frames", "motion", "path"]', show),
            cells=cells,
            video_stream=video_stream,
            progress=progress,
            **known,
        )


def _planned(options: dict[str, Any], video: str | None) -> dict[str, Any]:
    """Give the options with a plan from standard input read."""
    if "plan" not in options:
        return options
    return {**options, "plan": plan_given(options["plan"], video)}


def _reframe(input: str, output: str, options: dict[str, Any], **encoding: Any) -> None:
    from ..jobs import reframe

    known = _planned(options, input)
    with progress_bar("reframe") as progress:
        done = reframe(input, output, progress=progress, **encoding, **known)
    if sys.stderr.isatty():
        shots = f"{done.shots} shot{'s' if done.shots != 1 else ''}"
        text = f"{output}: {done.width}x{done.height}, {done.frames} frames, {shots}"
        Console(stderr=True, highlight=False).print(text)


def _pairs(given: list[str] | None) -> dict[str, str]:
    pairs = {}
    for each in given or []:
        key, equals, value = each.partition("=")
        if not key or not equals:
            raise OptionError(f"--encoder-option {each}: write it as KEY=VALUE")
        pairs[key] = value
    return pairs
