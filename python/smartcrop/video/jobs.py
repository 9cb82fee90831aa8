# SPDX-License-Identifier: MIT
"""From file to file: reframe and analyze."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import av

from .. import _core, arguments
from ..cropper import Cropper
from ..frames.window import Window
from ..keywords import reads_vectors, to_text
from ..options import check_roles, of_roles
from ..outputs import check_output, files_of, is_stream_name, whole_or_nothing
from ..plans.parts import Output, Source
from ..plans.plan import Plan
from .encoding import Encoding
from .names import base_name
from .passes import decided_how, half_of, reads_twice
from .reader import Reader
from .tally import Tally
from .writer import Writer

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._options import AnalyseKeywords, OptionKeywords

# Called with the frames done, and the seconds of video done and in all (None where unknown).
Progress = Callable[[int, float, float | None], None]


@dataclass(frozen=True, slots=True)
class Reframed:
    """What ``reframe`` made.

    Attributes
    ----------
    frames : int
        Number of frames.
    shots : int
        Number of shots.
    width, height : int
        Size of the output.
    """

    frames: int
    shots: int
    width: int
    height: int


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
    input, output = arguments.path("input", input), arguments.path("output", output)
    video_stream = arguments.optional(arguments.natural, "video_stream", video_stream)
    progress = arguments.function("progress", progress)
    check_output(output, *(reads := (input, *files_of(cast("dict[str, object]", options)))))
    _core.Options(to_text(options))
    given = Encoding(codec, crf, preset, pixel_format, container, encoder_options or {})
    encoding = given.checked()
    two = reads_twice(input, passes, options)
    tally = Tally()
    first_pass = partial(analyze_keeping, input, video_stream, tally) if two else None
    vectors = not two and reads_vectors(options)
    with (
        Reader(input, video_stream, vectors, tally) as reader,
        whole_or_nothing(output, *reads) as path,
    ):
        # Before the first pass, so that an output that cannot be is refused at once.
        writer = Writer(path, os.fspath(output), reader, encoding)
        return _finished(reader, writer, first_pass, progress, options)


def _finished(
    reader: Reader,
    writer: Writer,
    first_pass: Callable[[Progress | None, OptionKeywords], Plan] | None,
    progress: Progress | None,
    options: OptionKeywords,
) -> Reframed:
    try:
        result = _in_passes(reader, writer, first_pass, progress, options)
        writer.finish()
    except BaseException:
        writer.abandon()
        raise
    return result


def _in_passes(
    reader: Reader,
    writer: Writer,
    first_pass: Callable[[Progress | None, OptionKeywords], Plan] | None,
    progress: Progress | None,
    options: OptionKeywords,
) -> Reframed:
    frames = reader.frames(writer.copy)
    first = next(frames)
    # Before the first pass, so that what the encoder or the container refuses is said at once.
    _start(writer, reader, first, options)
    frames = chain([first], frames)
    if first_pass is None:
        return _reframe(reader, frames, writer, progress, options)
    planned = first_pass(half_of(progress, 0), options)
    with tempfile.TemporaryDirectory(prefix="smartcrop-") as folder:
        path = str(Path(folder) / "plan")
        planned.save(path)
        rest = half_of(progress, 1, len(planned.frames))
        by_plan = cast("OptionKeywords", {**of_roles(options, "render"), "plan": path})
        return _reframe(reader, frames, writer, rest, by_plan)


def _start(writer: Writer, reader: Reader, first: av.VideoFrame, options: OptionKeywords) -> None:
    """Open the output for pictures of the size that comes of the options."""
    with quick_cropper(reader, first, options) as cropper:
        cropper.push(first)
        geometry = cropper.geometry
        sar = Fraction(geometry.sar_num, geometry.sar_den) if geometry.sar_num else None
        writer.start(first, sar, cropper.output_size)


def _reframe(
    reader: Reader,
    frames: Iterator[av.VideoFrame],
    writer: Writer,
    progress: Progress | None,
    options: OptionKeywords,
) -> Reframed:
    first = next(frames)
    with cropper_for(reader, first, options) as cropper:
        window = None
        for frame, window in run(cropper, reader, chain([first], frames), options):
            writer.write(cropper.render(frame, window))
            report(progress, reader, window)
        assert window is not None  # a reader without frames raises an error
        return Reframed(window.frame + 1, window.shot + 1, *cropper.output_size)


def analyze(
    input: str | os.PathLike[str],
    *,
    video_stream: int | None = None,
    progress: Progress | None = None,
    **options: Unpack[AnalyseKeywords],
) -> Plan:
    """Decide how to crop a video, without writing one.

    Each shot is decided with all of it in view (the option ``whole_shots``), unless ``lookahead``
    says how much to see.

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
    _core.Options(to_text(options))
    with Reader(input, video_stream, reads_vectors(options), tally) as reader:
        asked = options if keep is None else with_evidence(options)
        cropper, frames = open_cropper(reader, asked)
        windows: list[Window] = []
        with cropper:
            for count, frame in enumerate(frames, 1):
                windows += map(keep, cropper.push(frame)) if keep else cropper.push(frame)
                # A frame that was read is work done: decisions wait for the end of their shot.
                _report(progress, reader, count, float(frame.time or 0))
            windows += map(keep, cropper.flush()) if keep else cropper.flush()
            return make_plan(reader, cropper, windows)


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


def cropper_for(reader: Reader, first: av.VideoFrame, options: OptionKeywords) -> Cropper:
    """Make the cropper for a video whose first frame is this."""
    return Cropper(
        first.width,
        first.height,
        fps=reader.frame_rate,
        time_base=reader.time_base,
        sar=reader.sar,
        **options,
    )


def quick_cropper(reader: Reader, first: av.VideoFrame, options: OptionKeywords) -> Cropper:
    """Make a cropper that only has to say how large pictures come out: one without networks."""
    if options.get("plan"):
        quick = cast("OptionKeywords", of_roles(options, "render"))
    else:
        quick = cast("OptionKeywords", {**options, "model": "none", "boxes": None})
    return cropper_for(reader, first, quick)


def run(
    cropper: Cropper,
    reader: Reader,
    frames: Iterator[av.VideoFrame],
    options: OptionKeywords,
) -> Iterator[tuple[av.VideoFrame, Window]]:
    """Pair frames with their windows, as ``Cropper.run`` does.

    A plan is matched on ffmpeg's clock, which begins where a file does: the same film may begin at
    another time in another container. Frames and windows that are given have the file's own.
    """
    ticks = round(reader.offset / reader.time_base) if options.get("plan") else 0

    def moved() -> Iterator[av.VideoFrame]:
        for frame in frames:
            frame.pts = cast(int, frame.pts) - ticks
            yield frame

    for frame, window in cropper.run(moved()):
        frame.pts = cast(int, frame.pts) + ticks
        time = window.time + float(ticks * reader.time_base)
        yield frame, replace(window, pts=window.pts + ticks, time=time)


def make_plan(reader: Reader, cropper: Cropper, windows: list[Window]) -> Plan:
    """Put what was decided together with what it was decided for."""
    geometry = cropper.geometry
    source = Source(
        width=cropper.width,
        height=cropper.height,
        time_base=reader.time_base,
        frames=len(windows),
        start=reader.start,
        sar=reader.sar or Fraction(1),
        name="" if is_stream_name(reader.name) else base_name(reader.name),
        sound=bool(reader.container.streams.audio),
    )
    output = Output(
        geometry.output_width,
        geometry.output_height,
        Fraction(geometry.sar_num, geometry.sar_den) if geometry.sar_num else Fraction(1),
    )
    return Plan.of(source, output, asdict(cropper.options), windows)


def report(progress: Progress | None, reader: Reader, window: Window) -> None:
    """Tell how far the work is."""
    _report(progress, reader, window.frame + 1, window.time)


def _report(progress: Progress | None, reader: Reader, frames: int, time: float) -> None:
    if progress is not None:
        start = reader.video.start_time
        begin = float(start * reader.time_base) if start else 0.0
        progress(frames, time - begin, reader.duration)
