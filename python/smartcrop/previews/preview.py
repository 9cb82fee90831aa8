# SPDX-License-Identifier: MIT
"""Previews: a video with the decisions drawn on it, a sheet of pictures, or a plot of the path."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from PIL import Image

from .. import arguments
from ..cropper import Cropper
from ..errors import FileError, OptionError
from ..frames.window import Window
from ..jobs import analyze, analyze_keeping, with_evidence
from ..keywords import core_options, reads_vectors
from ..models.class_names import class_names
from ..options import of_roles
from ..outputs import check_output, files_of, whole_or_nothing
from ..plans.plan import Plan
from ..progress import Progress, half_of
from ..rendering import cropper_for, quick_cropper, report, run
from ..video.encoding import Encoding
from ..video.frames import from_rgb, to_rgb
from ..video.passes import reads_twice
from ..video.reader import Reader
from ..video.tally import Tally
from ..video.writer import Writer
from ..written_beside import check_written, written
from .kept_evidence import KeptEvidence
from .motion_overlay import MovesOf, with_arrows
from .overlay import COLOURS, Why, caption, draw, label, side_by_side
from .path_plot import path_plot
from .sheet import MOST_CANDIDATES, Candidate, arranged, chosen_of, thinned

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._options import OptionKeywords

_log = logging.getLogger("smartcrop")
# Frames with their windows.
Shown = Iterator[tuple[Any, Window]]
_VIDEO_SIDE = 1280  # longest side of the original in a preview video
_CELL_SIDE = 420
_AFTER_CUT_S = 0.5


def preview(
    input: str | os.PathLike[str] | None,
    output: str | os.PathLike[str],
    *,
    show: Literal["frames", "motion", "path"] = "frames",
    cells: int = 12,
    video_stream: int | None = None,
    progress: Progress | None = None,
    **options: Unpack[OptionKeywords],
) -> None:
    """Show what is decided for a video and why.

    Parameters
    ----------
    input : str or path
        A video; it may be None where ``show`` is ``path`` and the option ``plan`` names a plan.
    output : str or path
        A video file, or a ``.png`` for a sheet of pictures: at least one of each shot as far as
        they fit, each beside its crop.
    show : str
        ``frames``; ``motion`` for the codec's motion vectors on them: yellow arrows for what moves
        against the camera, blue ones for what the camera does, as far as it goes in five frames; or
        ``path`` for a diagram of target, window and speed over time, as ``.png``.
    cells : int
        Most pictures on a sheet.
    video_stream, progress, **options
        As for ``reframe``.
    """
    output = arguments.path("output", output)
    input = arguments.optional(arguments.path, "input", input)
    cells = arguments.whole("cells", cells, 1, arguments.MOST_INT)
    video_stream = arguments.optional(arguments.natural, "video_stream", video_stream)
    progress = arguments.function("progress", progress)
    if show not in ("frames", "motion", "path"):
        arguments.refuse("show", show, "frames, motion or path")
    reads = (input, *files_of(options))
    check_output(output, *reads)
    check_written(options, output, *reads)
    core_options(options)
    if show == "path":
        if not _is_picture(output):
            raise OptionError(f"{output}: a path is drawn as a picture; name it .png")
        plan = _plan_of(input, video_stream, progress, options)
        name = "" if input is None else os.fspath(input)
        with whole_or_nothing(output) as path:
            _save(path_plot(plan, _title(name or plan.source.name, plan)), path, output)
        return
    if input is None:
        raise OptionError("a preview needs the video that it is of", "argument")
    with ExitStack() as stack:
        decided = _Decided(options, stack)
        twice = reads_twice(input, None, options)
        vectors = show == "motion" or (not twice and reads_vectors(options))
        tally = Tally()
        reader = stack.enter_context(Reader(input, video_stream, vectors, tally))
        path = stack.enter_context(whole_or_nothing(output, *reads))
        writer = None if _is_picture(output) else Writer(path, output, reader, _encoding())
        if writer is not None:
            stack.callback(writer.abandon)
        frames = reader.frames(writer.copy if writer else None)
        first = next(frames)
        if writer is not None:
            # Before the first pass, so that what the container refuses is said at once.
            _start(writer, reader, first, options, decided)
        if twice:
            decided.first_pass(input, video_stream, tally, half_of(progress, 0))
            progress = half_of(progress, 1, len(decided))
        showing = _Showing(decided, show == "motion", cells, progress)
        asked = stack.enter_context(written(decided.options, reader, *reads))
        with cropper_for(reader, first, asked) as cropper:
            shown = run(cropper, reader, chain([first], frames), asked)
            if writer is None:
                _save(_sheet(reader, cropper, shown, showing), path, output)
            else:
                _video(reader, cropper, shown, showing, writer)
                writer.finish()


def _start(
    writer: Writer, reader: Reader, first: Any, options: OptionKeywords, decided: _Decided
) -> None:
    """Open the output for pictures of the size that will be drawn."""
    with quick_cropper(reader, first, options) as cropper:
        (window,) = cropper.push(first) + cropper.flush()
        compose = _Composer(cropper, reader, decided, with_motion=False)
        writer.start(_drawn(compose(first, window, _VIDEO_SIDE), first), None)


def _drawn(image: Image.Image, frame: Any) -> Any:
    """Make a frame of a picture; its sides are even, as the encoder wants them."""
    even = np.asarray(image)[: image.height // 2 * 2, : image.width // 2 * 2]
    return from_rgb(even, frame)


def _is_picture(output: str) -> bool:
    return Path(output).suffix.lower() == ".png"


def _plan_of(
    input: str | os.PathLike[str] | None,
    video_stream: int | None,
    progress: Progress | None,
    options: OptionKeywords,
) -> Plan:
    """Read the plan that the options name, or decide."""
    if path := options.get("plan"):
        return Plan.load(path)
    if input is None:
        raise OptionError("a plot needs a video, or a plan (--plan FILE)", "argument")
    wanted = of_roles(options, "analyse")
    return analyze(input, video_stream=video_stream, progress=progress, **wanted)


def _title(name: str, plan: Plan) -> str:
    source, output, shots = plan.source, plan.output, len(plan.shots)
    return f"{_shown_name(name)}   {source.width}x{source.height} to " + (
        f"{output.width}x{output.height}   {len(plan.frames)} frames, "
        f"{shots} shot{'s' if shots > 1 else ''}"
    )


def _shown_name(name: str) -> str:
    return "standard input" if name == "-" else Path(name).name


def _save(picture: Image.Image, path: str, output: str | os.PathLike[str]) -> None:
    try:
        picture.save(path, format="PNG")
    except OSError as error:
        raise FileError(f"{output}: cannot be written: {error.strerror or error}") from error


def _encoding() -> Encoding:
    return Encoding("libx264", crf=20, preset="veryfast", pixel_format="yuv420p")


def display_size(width: int, height: int, sar: Fraction, side: int) -> tuple[int, int]:
    """Size on a screen, with its longest side at most this long."""
    shown = float(width * sar)
    scale = min(1.0, side / max(shown, height))
    return max(1, round(shown * scale)), max(1, round(height * scale))


class _Composer:
    """Draws a frame beside its crop, with what its motion vectors say where that is wanted."""

    def __init__(
        self, cropper: Cropper, reader: Reader, decided: _Decided, with_motion: bool
    ) -> None:
        self._cropper = cropper
        self._decided = decided
        self._sar = reader.sar or Fraction(1)
        self._moves = MovesOf(cropper.width, cropper.height) if with_motion else None

    def see(self, frame: Any) -> None:
        """Read the motion of a frame: of every one, in order, also of those not drawn."""
        if self._moves is not None:
            self._moves.see(frame)

    def __call__(self, frame: Any, window: Window, side: int) -> Image.Image:
        """Draw the frame seen last."""
        cropper = self._cropper
        size = display_size(cropper.width, cropper.height, self._sar, side)
        evidence = window.evidence
        why = Why(
            None if evidence is None else evidence.map,
            () if evidence is None else evidence.boxes,
            self._decided.dead_zone,
            self._decided.names,
        )
        original = draw(to_rgb(frame, size), window, (cropper.width, cropper.height), why)
        if self._moves is not None:
            original = with_arrows(original, self._moves.last)
        geometry = cropper.geometry
        own = Fraction(geometry.sar_num, geometry.sar_den) if geometry.sar_num else Fraction(1)
        crop = to_rgb(cropper.render(frame, window), display_size(*cropper.output_size, own, side))
        return side_by_side(original, Image.fromarray(crop), max(4, size[1] // 60))

    def warn(self, name: str) -> None:
        """Say that there was nothing to draw, where there was not."""
        if self._moves is not None and not self._moves.vectors:
            _log.warning(
                "%s: no motion vectors came with its frames, so there are no arrows; H.264 and the "
                "MPEG codecs have them, where the picture is not turned",
                name,
            )


class _Decided:
    """The windows that are shown, each with what it rests on.

    They are those of a first pass, whose evidence is kept, and the second pass renders its plan:
    the networks run once. Where a video is read once, the cropper that decides gives each window
    its evidence. Where a plan of the user is rendered, its file adds what only it knows: targets
    and reasons.

    Attributes
    ----------
    options : OptionKeywords
        What the cropper of the pass that draws is asked.
    """

    def __init__(self, options: OptionKeywords, stack: ExitStack) -> None:
        self._stack = stack
        self._kept: KeptEvidence | None = None
        self._windows: dict[int, Window] = {}
        self._given = options
        self.options = with_evidence(options)
        self.dead_zone = float(core_options(options).get("dead_zone"))
        self.names = class_names(options)
        if path := options.get("plan"):
            plan = Plan.load(path)
            self._windows = {window.frame: window for window in plan.frames}
            self.dead_zone = float(plan.options.get("dead_zone", self.dead_zone))

    def __len__(self) -> int:
        return len(self._windows)

    def first_pass(
        self, input: str, video_stream: int | None, tally: Tally, progress: Progress | None
    ) -> None:
        """Decide by all of each shot, and keep what the windows rest on."""
        self._kept = self._stack.enter_context(KeptEvidence())
        wanted = cast("OptionKeywords", of_roles(self._given, "analyse"))
        keep = self._kept.take
        plan = analyze_keeping(input, video_stream, tally, progress, wanted, keep=keep)
        self._windows = {window.frame: window for window in plan.frames}
        by_plan = {**of_roles(self._given, "render"), "plan": plan.at_hand()}
        self.options = cast("OptionKeywords", by_plan)

    def __call__(self, window: Window) -> Window:
        """Give what is shown for a window that the drawing pass came to."""
        planned = self._windows.get(window.frame)
        if planned is None:
            return window
        if self._kept is not None:
            return replace(planned, evidence=self._kept.of(window.frame))
        return replace(
            window,
            target_x=planned.target_x,
            target_y=planned.target_y,
            reason=planned.reason,
        )


@dataclass(frozen=True, slots=True)
class _Showing:
    """What is shown, and how."""

    decided: _Decided
    with_motion: bool
    cells: int
    progress: Progress | None


def _video(
    reader: Reader, cropper: Cropper, shown: Shown, showing: _Showing, writer: Writer
) -> None:
    compose = _Composer(cropper, reader, showing.decided, showing.with_motion)
    for frame, given in shown:
        window = showing.decided(given)
        compose.see(frame)
        image = compose(frame, window, _VIDEO_SIDE)
        label(image, caption(window, showing.decided.names), COLOURS[window.strategy])
        writer.write(_drawn(image, frame))
        report(showing.progress, reader, window)
    compose.warn(reader.name)


def _sheet(reader: Reader, cropper: Cropper, shown: Shown, showing: _Showing) -> Image.Image:
    compose = _Composer(cropper, reader, showing.decided, showing.with_motion)
    kept: list[Candidate] = []
    stride, shot_start, shots, fresh = 1, 0.0, 0, True
    for frame, given in shown:
        window = showing.decided(given)
        compose.see(frame)
        if window.start:
            shot_start, fresh = window.time, True
        settled = window.time >= shot_start + _AFTER_CUT_S
        if window.frame % stride == 0 or (fresh and settled):
            fresh = fresh and not settled
            image = compose(frame, window, _CELL_SIDE)
            kept.append(Candidate(window, image))
        if len(kept) > MOST_CANDIDATES:
            stride *= 2
            kept = thinned(kept, stride)
        shots = window.shot + 1
        report(showing.progress, reader, window)
    compose.warn(reader.name)
    width, height = cropper.output_size
    title = (
        f"{_shown_name(reader.name)}   {cropper.width}x{cropper.height} to {width}x{height}   "
        + (f"{reader.frames_read} frames, {shots} shot{'s' if shots > 1 else ''}")
        + ("   yellow: moves against the camera, blue: the camera" if showing.with_motion else "")
    )
    return arranged(chosen_of(kept, showing.cells), title, showing.decided.names)
