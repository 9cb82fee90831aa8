# SPDX-License-Identifier: MIT
"""Who is in a video, with the ids by which a camera can be told to follow one."""

from __future__ import annotations

import os
from contextlib import ExitStack
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PIL import Image

from .. import arguments
from ..cropper import Cropper
from ..errors import FileError, OptionError
from ..frames.pixels import Array
from ..frames.window import Window
from ..jobs import with_evidence
from ..keywords import core_options, reads_vectors
from ..models.class_names import DETECTOR, ClassNames, class_names, usual_detector
from ..options import check_roles
from ..outputs import check_output, files_of, whole_or_nothing
from ..progress import Progress
from ..rendering import cropper_for, report, run
from ..subject_list import ShotSubjects, ShotTally, Subject
from ..video.frames import to_rgb
from ..video.reader import Reader
from ..video.tally import Tally
from ..written_beside import check_written, written
from .preview import display_size
from .subject_sheet import SubjectSheet

if TYPE_CHECKING:
    import av
    from typing_extensions import Unpack

    from .._options import AnalyseKeywords, OptionKeywords

_SIDE = 1280  # longest side of the picture that subjects are cut out of


def subjects(
    input: str | os.PathLike[str],
    sheet: str | os.PathLike[str] | None = None,
    *,
    rows: int = 24,
    video_stream: int | None = None,
    progress: Progress | None = None,
    **options: Unpack[AnalyseKeywords],
) -> list[Subject]:
    """List who is in a video: the subjects that a detector finds, shot by shot.

    Parameters
    ----------
    input : str or path
        A file, ``-`` for standard input, or an address that FFmpeg reads. It is read once.
    sheet : str or path, optional
        A ``.png`` to write: a row for each shot, with a frame of it and its largest subjects.
    rows : int
        Most shots on the sheet: those with the most to see.
    video_stream : int, optional
        Which video stream, from 0; by default the one that FFmpeg finds best.
    progress : callable, optional
        Called after each frame with the frames done, the seconds of video done and in all.
    **options
        Those of the analysis. Without ``subjects`` the built-in detector looks; without ``model``
        no saliency network runs, for subjects do not rest on it.

    Returns
    -------
    list of Subject
        By shot, and in it by when they were seen first. What was seen for less than 0.3 s is left
        out.

    Examples
    --------
    >>> for each in smartcrop.subjects("in.mp4"):      # doctest: +SKIP
    ...     print(each.shot, each.id, each.label, each.first, each.last)
    """
    shots = shots_of(
        input, sheet, rows=rows, video_stream=video_stream, progress=progress, **options
    )
    return [each for shot in shots for each in shot.subjects]


def shots_of(
    input: str | os.PathLike[str],
    sheet: str | os.PathLike[str] | None = None,
    *,
    rows: int = 24,
    video_stream: int | None = None,
    progress: Progress | None = None,
    **options: Unpack[AnalyseKeywords],
) -> list[ShotSubjects]:
    """Do what ``subjects`` says; gives every shot, also those without subjects."""
    check_roles(options, "subjects", "analyse")
    input = arguments.path("input", input)
    sheet = arguments.optional(arguments.path, "sheet", sheet)
    rows = arguments.whole("rows", rows, 1, arguments.MOST_INT)
    video_stream = arguments.optional(arguments.natural, "video_stream", video_stream)
    progress = arguments.function("progress", progress)
    given = {name: value for name, value in options.items() if value is not None}
    asked = cast("OptionKeywords", {"model": "none", **usual_detector(), **given})
    reads = (input, *files_of(cast("dict[str, object]", asked)))
    _check(sheet, asked, *reads)
    names = class_names(asked)
    with ExitStack() as stack:
        reader = stack.enter_context(Reader(input, video_stream, reads_vectors(asked), Tally()))
        path = stack.enter_context(whole_or_nothing(sheet, *reads)) if sheet else None
        frames = reader.frames()
        first = next(frames)
        wanted = with_evidence(stack.enter_context(written(asked, reader, *reads)))
        with cropper_for(reader, first, wanted) as cropper:
            found = _Found(cropper, reader, names, rows if path else 0)
            for frame, window in run(cropper, reader, chain([first], frames), wanted):
                found.take(frame, window)
                report(progress, reader, window)
            shots = found.end()
            if path is not None and sheet is not None:
                _save(found.sheet, path, sheet, input)
    return shots


def _check(
    sheet: str | None, options: OptionKeywords, *reads: str | os.PathLike[str] | None
) -> None:
    """Refuse what cannot be before any work is done."""
    if options.get(DETECTOR) in (None, "", "none"):
        raise OptionError(
            f"subjects are found by a detector: name one with the option {DETECTOR}, the path of a "
            "network or its name in smartcrop models list",
            "argument",
        )
    if sheet is not None:
        if Path(sheet).suffix.lower() != ".png":
            raise OptionError(f"{sheet}: a sheet is a picture; name it .png")
        check_output(sheet, *reads)
    check_written(options, sheet or "-", *reads)
    core_options(options)


def _save(sheet: SubjectSheet | None, path: str, output: str, video: str) -> None:
    assert sheet is not None
    name = "standard input" if video == "-" else Path(video).name
    picture: Image.Image = sheet.drawn(name)
    try:
        picture.save(path, format="PNG")
    except OSError as error:
        raise FileError(f"{output}: cannot be written: {error.strerror or error}") from error


class _Found:
    """What was found up to now, shot by shot, with pictures of it where a sheet is wanted."""

    def __init__(self, cropper: Cropper, reader: Reader, names: ClassNames, rows: int) -> None:
        self._picture = cropper.width, cropper.height
        self._names = names
        self._tally: ShotTally | None = None
        self._shots: list[ShotSubjects] = []
        self._shown = display_size(*self._picture, reader.sar or Fraction(1), _SIDE)
        self.sheet = SubjectSheet(rows, self._picture, self._shown) if rows else None

    def take(self, frame: av.VideoFrame, window: Window) -> None:
        """Take the next frame with its window."""
        if self._tally is None or self._tally.shot != window.shot:
            self._end_shot()
            self._tally = ShotTally(window.shot, self._picture, self._names)
        best = self._tally.take(window)
        shows_most = self._tally.shows_most()
        if self.sheet is None or not (best or shows_most):
            return
        picture: Array = to_rgb(frame, self._shown)
        for box in best:
            self.sheet.see_subject(picture, box)
        if shows_most:
            self.sheet.see(picture, window.evidence.boxes if window.evidence else ())

    def end(self) -> list[ShotSubjects]:
        """End the last shot; gives all."""
        self._end_shot()
        self._tally = None
        return self._shots

    def _end_shot(self) -> None:
        if self._tally is None:
            return
        self._shots.append(self._tally.result())
        if self.sheet is not None:
            self.sheet.end_shot(self._shots[-1])
