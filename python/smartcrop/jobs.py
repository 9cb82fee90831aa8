# SPDX-License-Identifier: MIT
"""From file to file: reframe and analyze."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Literal, cast

from . import arguments
from .backwards import boxes_before
from .cropper import Cropper
from .frames.window import Window
from .keywords import core_options, reads_vectors
from .options import check_roles
from .outputs import files_of
from .plans.parts import Source
from .plans.plan import Plan, decided_with, output_of
from .progress import Progress
from .rendering import Reframed, cropper_for, render_video, tell
from .video.passes import decided_how
from .video.reader import Reader
from .video.tally import Tally
from .written_beside import name_of_kept, written

if TYPE_CHECKING:
    import av
    from typing_extensions import Unpack

    from ._options import AnalyseKeywords, OptionKeywords


def reframe(
    input: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    codec: str = "libx264",
    crf: float | None = None,
    preset: str | None = None,
    pixel_format: str | None = None,
    container: str | None = None,
    encoder_options: dict[str, str] | None = None,
    video_stream: int | None = None,
    passes: Literal[1, 2] | None = None,
    progress: Progress | None = None,
    **options: Unpack[OptionKeywords],
) -> Reframed:
    """Crop a video to another shape, following what viewers look at.

    Sound, subtitles, data, attachments, chapters and metadata are kept, and so are the times
    between them: all streams move by one offset, so that the first begins at 0. Colour tags and
    HDR metadata are kept as far as the encoder takes them. A rotation that is only noted in the
    file is applied.

    Parameters
    ----------
    input, output : str or path
        Files, ``-`` for standard input and output, or addresses that FFmpeg knows. The output
        appears under its name only when it is whole.
    codec : str
        FFmpeg's name of the encoder.
    crf : float, optional
        Quality of encoders that have it; lower is better. By default the encoder's own.
    preset : str, optional
        Speed of encoders that have it, such as ``veryfast`` or ``slow``.
    pixel_format : str, optional
        By default one near the input's that players show: 4:2:0 for H.264, HEVC, AV1 and VP9, with
        8 bits for H.264 and up to 10 for the others. Other encoders get the input's, or the nearest
        that they take.
    container : str, optional
        FFmpeg's name of the container; by default the output's suffix says it.
    encoder_options : dict, optional
        Further options of the encoder.
    video_stream : int, optional
        Which video stream, from 0; by default the one that FFmpeg finds best.
    passes : int, optional
        2: the video is analysed first and then rendered, so that each shot is decided with all of
        it in view. 1: it is read once, with ``lookahead``. By default 2 for files, and 1 for pipes
        and addresses and where ``plan``, ``lookahead`` or ``whole_shots`` says how to decide.
    progress : callable, optional
        Called after each frame with the frames done, the seconds of video done and in all, over
        both passes.
    **options
        Every option of the library; see ``smartcrop.Options``.

    Raises
    ------
    Error
        With one sentence; then there is no output.

    Examples
    --------
    >>> smartcrop.reframe("match.mp4", "vertical.mp4", aspect="9:16")     # doctest: +SKIP
    """
    return render_video(
        input,
        output,
        analyze_keeping,
        codec=codec,
        crf=crf,
        preset=preset,
        pixel_format=pixel_format,
        container=container,
        encoder_options=encoder_options,
        video_stream=video_stream,
        passes=passes,
        progress=progress,
        **options,
    )


def analyze(
    input: str | os.PathLike[str],
    *,
    video_stream: int | None = None,
    progress: Progress | None = None,
    **options: Unpack[AnalyseKeywords],
) -> Plan:
    """Decide how to crop a video, without writing one.

    Each shot is decided with all of it in view (the option ``whole_shots``), unless ``lookahead``
    says how much to see. What ``follow`` points at in mid-shot is followed back, too, to where its
    shot begins.

    Parameters
    ----------
    input : str or path
        A file, ``-`` for standard input, or an address that FFmpeg reads.
    video_stream : int, optional
        Which video stream, from 0; by default the one that FFmpeg finds best.
    progress : callable, optional
        Called after each frame with the frames done, the seconds of video done and in all.
    **options
        The options that decisions depend on; see ``smartcrop.Options``.

    Returns
    -------
    Plan
        To look at, save, edit, export or render.
    """
    check_roles(options, "analyze", "analyse")
    input = arguments.path("input", input)
    video_stream = arguments.optional(arguments.natural, "video_stream", video_stream)
    progress = arguments.function("progress", progress)
    asked = cast("OptionKeywords", options)
    return analyze_keeping(input, video_stream, Tally(), progress, asked)


def analyze_keeping(
    input: str | os.PathLike[str],
    video_stream: int | None,
    tally: Tally,
    progress: Progress | None,
    options: OptionKeywords,
    *,
    keep: Callable[[Window], Window] | None = None,
) -> Plan:
    """Analyze; ``keep`` gets each window with its evidence, and gives what the plan holds of it."""
    if not decided_how(options):
        options = cast("OptionKeywords", {**options, "whole_shots": True})
    core_options(options)
    reads = (input, *files_of(cast("dict[str, object]", options)))
    with (
        Reader(input, video_stream, reads_vectors(options), tally) as reader,
        written(options, reader, *reads) as asked,
    ):
        before, progress = boxes_before(reader, video_stream, options, progress)
        cropper, frames = open_cropper(reader, with_evidence(asked) if keep else asked)
        windows: list[Window] = []
        with cropper:
            for count, frame in enumerate(frames, 1):
                decided = cropper.push(frame, boxes=before.get(cast(int, frame.pts)))
                windows += map(keep, decided) if keep else decided
                # A frame that was read is work done: decisions wait for the end of their shot.
                tell(progress, reader, count, float(frame.time or 0))
            windows += map(keep, cropper.flush()) if keep else cropper.flush()
            return make_plan(reader, cropper, windows, name_of_kept(options))


def with_evidence(options: OptionKeywords) -> OptionKeywords:
    """Ask a cropper for the evidence of its windows, beside these options."""
    return cast("OptionKeywords", {**options, "evidence": True})


def open_cropper(
    reader: Reader,
    options: OptionKeywords,
    other: Callable[[av.Packet[av.stream.Stream]], None] | None = None,
) -> tuple[Cropper, Iterator[av.VideoFrame]]:
    """Make the cropper for a video, and the frames to run through it."""
    frames = reader.frames(other)
    first = next(frames)
    return cropper_for(reader, first, options), chain([first], frames)


def make_plan(reader: Reader, cropper: Cropper, windows: list[Window], analysis: str) -> Plan:
    """Put what was decided together with what it was decided for."""
    source = Source(
        width=cropper.width,
        height=cropper.height,
        time_base=reader.time_base,
        frames=len(windows),
        start=reader.start,
        sar=reader.sar or Fraction(1),
        name=reader.file_name,
        sound=reader.has_sound,
    )
    output, options = output_of(cropper.geometry), decided_with(cropper.options)
    return Plan.of(source, output, options, windows, analysis)
