# SPDX-License-Identifier: MIT
"""From a video to a cropped one. A plan is known here as the value of an option."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Literal, Protocol, cast

from . import arguments
from .cropper import Cropper
from .frames.window import Window
from .keywords import core_options, reads_vectors
from .options import of_roles
from .outputs import check_output, files_of, whole_or_nothing
from .plan_text import PlanText
from .progress import Progress, half_of
from .video.encoding import Encoding
from .video.passes import reads_twice
from .video.reader import Reader
from .video.tally import Tally
from .video.writer import Writer
from .written_beside import check_written, without_written, written

if TYPE_CHECKING:
    import av
    from typing_extensions import Unpack

    from ._options import OptionKeywords


class Decided(Protocol):
    """What a first pass comes to: a plan."""

    @property
    def frames(self) -> Sequence[Window]:
        """One window for each frame."""

    def at_hand(self) -> PlanText:
        """Give it as the value of the option ``plan``."""


# A first pass over a file: its name, the video stream, the warnings, the progress, all options.
Analysis = Callable[[str, int | None, Tally, Progress | None, "OptionKeywords"], Decided]


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


def render_video(
    input: str | os.PathLike[str],
    output: str | os.PathLike[str],
    analysis: Analysis | None,
    /,
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
    """Do what ``smartcrop.reframe`` says.

    ``analysis`` makes the first pass; it may be None where the options name a plan, for then there
    is no such pass.
    """
    input, output = arguments.path("input", input), arguments.path("output", output)
    video_stream = arguments.optional(arguments.natural, "video_stream", video_stream)
    progress = arguments.function("progress", progress)
    check_output(output, *(reads := (input, *files_of(cast("dict[str, object]", options)))))
    check_written(options, output, *reads)
    core_options(options)
    given = Encoding(codec, crf, preset, pixel_format, container, encoder_options or {})
    encoding = given.checked()
    two = reads_twice(input, passes, options)
    tally = Tally()
    first_pass = partial(analysis, input, video_stream, tally) if analysis and two else None
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
    first_pass: Callable[[Progress | None, OptionKeywords], Decided] | None,
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
    first_pass: Callable[[Progress | None, OptionKeywords], Decided] | None,
    progress: Progress | None,
    options: OptionKeywords,
) -> Reframed:
    frames = reader.frames(writer.copy)
    first = next(frames)
    # Before the first pass, so that what the encoder or the container refuses is said at once.
    _start(writer, reader, first, options)
    frames = chain([first], frames)
    if first_pass is None:
        with written(options, reader, *files_of(cast("dict[str, object]", options))) as asked:
            return _reframe(reader, frames, writer, progress, asked)
    planned = first_pass(half_of(progress, 0), options)
    rest = half_of(progress, 1, len(planned.frames))
    by_plan = {**of_roles(options, "render"), "plan": planned.at_hand()}
    return _reframe(reader, frames, writer, rest, cast("OptionKeywords", by_plan))


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
    """Make a cropper that only says how large pictures come out: one without networks and files."""
    if options.get("plan"):
        quick = cast("OptionKeywords", of_roles(options, "render"))
    else:
        quick = cast(
            "OptionKeywords",
            {
                **without_written(options),
                **{"model": "none", "subjects": "none", "prefer": None, "follow": None},
            },
        )
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


def report(progress: Progress | None, reader: Reader, window: Window) -> None:
    """Tell how far the work is."""
    tell(progress, reader, window.frame + 1, window.time)


def tell(progress: Progress | None, reader: Reader, frames: int, time: float) -> None:
    """Tell how many frames are done, and up to what time."""
    if progress is not None:
        start = reader.video.start_time
        begin = float(start * reader.time_base) if start else 0.0
        progress(frames, time - begin, reader.duration)
