# SPDX-License-Identifier: MIT
"""Previews: a video with the decisions drawn on it, a sheet of pictures, or a plot of the path."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from PIL import Image

from . import _core
from .cropper import Cropper
from .errors import Error
from .keywords import reads_vectors, to_text
from .motion_overlay import MovesOf, with_arrows
from .options import of_roles
from .overlay import COLOURS, Why, caption, draw, label, side_by_side
from .path_plot import path_plot
from .plan import Plan
from .sheet import MOST_CANDIDATES, Candidate, arranged, chosen_of, thinned
from .target import check_output, files_of, whole_or_nothing
from .video.encoding import Encoding
from .video.frames import from_rgb, to_rgb
from .video.jobs import Progress, analyze, open_cropper, report
from .video.passes import half_of, reads_twice
from .video.reader import Reader
from .video.writer import Writer
from .window import Window

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._options import OptionKeywords

_log = logging.getLogger("smartcrop")
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
    check_output(output, input, *files_of(options))
    _core.Options(to_text(options))
    drawn = Path(os.fspath(output)).suffix.lower() == ".png"
    if show == "path":
        if not drawn:
            raise Error(f"{output}: a path is drawn as a picture; name it .png", "option")
        plan = _plan_of(input, video_stream, progress, options)
        name = "" if input is None else os.fspath(input)
        with whole_or_nothing(output) as path:
            _save(path_plot(plan, _title(name or plan.source.name, plan)), path, output)
        return
    if input is None:
        raise Error("a preview needs the video that it is of", "argument")
    vectors = reads_vectors(options) or show == "motion"
    with Reader(input, video_stream, vectors) as reader, whole_or_nothing(output) as path:
        first_pass = None
        if reads_twice(os.fspath(input), None, options):
            half = half_of(progress, 0)
            wanted = of_roles(options, "analyse")
            first_pass = analyze(input, video_stream=video_stream, progress=half, **wanted)
            progress = half_of(progress, 1, len(first_pass.frames))
        planned = _Planned(options, first_pass, show == "motion")
        if drawn:
            _save(_sheet(reader, cells, progress, options, planned), path, output)
        else:
            writer = Writer(path, os.fspath(output), reader, _encoding())
            try:
                _video(reader, writer, progress, options, planned)
                writer.finish()
            except BaseException:
                writer.abandon()
                raise


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
        raise Error("a plot needs a video, or a plan (--plan FILE)", "argument")
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
        raise Error(f"{output}: cannot be written: {error.strerror or error}") from error


def _encoding() -> Encoding:
    return Encoding("libx264", crf=20, preset="veryfast", pixel_format="yuv420p")


def _display_size(width: int, height: int, sar: Fraction, side: int) -> tuple[int, int]:
    """Size on a screen, with its longest side at most this long."""
    shown = float(width * sar)
    scale = min(1.0, side / max(shown, height))
    return max(1, round(shown * scale)), max(1, round(height * scale))


class _Composer:
    """Draws a frame beside its crop, with what its motion vectors say where that is wanted."""

    def __init__(self, cropper: Cropper, reader: Reader, with_motion: bool) -> None:
        self._cropper = cropper
        self._sar = reader.sar or Fraction(1)
        self._moves = MovesOf(cropper.width, cropper.height) if with_motion else None

    def see(self, frame: Any) -> None:
        """Read the motion of a frame: of every one, in order, also of those not drawn."""
        if self._moves is not None:
            self._moves.see(frame)

    def __call__(self, frame: Any, window: Window, side: int) -> Image.Image:
        """Draw the frame seen last."""
        cropper = self._cropper
        size = _display_size(cropper.width, cropper.height, self._sar, side)
        why = Why(cropper.last_map(), cropper.last_boxes(), cropper.options.dead_zone)
        original = draw(to_rgb(frame, size), window, (cropper.width, cropper.height), why)
        if self._moves is not None:
            original = with_arrows(original, self._moves.last)
        geometry = cropper.geometry
        own = Fraction(geometry.sar_num, geometry.sar_den) if geometry.sar_num else Fraction(1)
        crop = to_rgb(cropper.render(frame, window), _display_size(*cropper.output_size, own, side))
        return side_by_side(original, Image.fromarray(crop), max(4, size[1] // 60))

    def warn(self, name: str) -> None:
        """Say that there was nothing to draw, where there was not."""
        if self._moves is not None and not self._moves.vectors:
            _log.warning(
                "%s: no motion vectors came with its frames, so there are no arrows; H.264 and the "
                "MPEG codecs have them, where the picture is not turned",
                name,
            )


class _Planned:
    """The windows that are shown, for those that a cropper decides on the way.

    After a first pass they are those of its plan; the cropper then only shows what it looks at.
    Where a plan of the user is rendered, its file adds what only it knows: targets and reasons.
    """

    def __init__(self, options: OptionKeywords, first_pass: Plan | None, with_motion: bool) -> None:
        self.with_motion = with_motion
        self._instead = first_pass is not None
        path = options.get("plan")
        plan = first_pass or (Plan.load(path) if path else None)
        self._windows = {window.frame: window for window in plan.frames} if plan else {}

    def __call__(self, window: Window) -> Window:
        planned = self._windows.get(window.frame)
        if planned is None:
            return window
        if self._instead:
            return planned
        return replace(
            window,
            target_x=planned.target_x,
            target_y=planned.target_y,
            reason=planned.reason,
        )


def _video(
    reader: Reader,
    writer: Writer,
    progress: Progress | None,
    options: OptionKeywords,
    planned: _Planned,
) -> None:
    cropper, frames = open_cropper(reader, options, writer.copy)
    compose = _Composer(cropper, reader, planned.with_motion)
    with cropper:
        for frame, decided in cropper.run(frames):
            window = planned(decided)
            compose.see(frame)
            image = compose(frame, window, _VIDEO_SIDE)
            label(image, caption(window), COLOURS[window.strategy])
            even = np.asarray(image)[: image.height // 2 * 2, : image.width // 2 * 2]
            drawn = from_rgb(even, frame)
            if not writer.started:
                writer.start(drawn, None)
            writer.write(drawn)
            report(progress, reader, window)
    compose.warn(reader.name)


def _sheet(
    reader: Reader,
    cells: int,
    progress: Progress | None,
    options: OptionKeywords,
    planned: _Planned,
) -> Image.Image:
    cropper, frames = open_cropper(reader, options)
    compose = _Composer(cropper, reader, planned.with_motion)
    kept: list[Candidate] = []
    stride, shot_start, shots, fresh = 1, 0.0, 0, True
    with cropper:
        for frame, decided in cropper.run(frames):
            window = planned(decided)
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
            report(progress, reader, window)
    compose.warn(reader.name)
    width, height = cropper.output_size
    title = (
        f"{_shown_name(reader.name)}   {cropper.width}x{cropper.height} to {width}x{height}   "
        + (f"{reader.frames_read} frames, {shots} shot{'s' if shots > 1 else ''}")
        + ("   yellow: moves against the camera, blue: the camera" if planned.with_motion else "")
    )
    return arranged(chosen_of(kept, cells), title)
