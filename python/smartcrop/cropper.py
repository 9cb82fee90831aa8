# SPDX-License-Identifier: MIT
"""Frames in, windows out."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from . import _core, arguments
from ._options import Options
from .errors import OptionError
from .followed import added, subject_text
from .frame_kinds import read_frame, render_frame
from .frames.boxes import Box, Boxes, from_core, to_core
from .frames.pixels import Picture, PixelFormat
from .frames.window import Evidence, Window
from .keywords import core_options, reads_vectors, to_values

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._options import OptionKeywords
    from .frame_kinds import Frame

FrameT = TypeVar("FrameT")

_log = logging.getLogger("smartcrop")
_MOST_PTS = 2**63 - 1
_LEVELS = (logging.ERROR, logging.WARNING, logging.INFO)


def write_log(level: int, line: str) -> None:
    """Pass on what the library says."""
    _log.log(_LEVELS[level], line)


class Cropper:
    """Decides for each frame of a video which part of it to keep.

    Parameters
    ----------
    width, height : int
        Size of the frames.
    format : str, optional
        FFmpeg's name of the planar pixel format. Needed only where the frames do not say it
        themselves: planes of 9 to 14 bits, or green, blue and red planes.
    fps : float or Fraction, optional
        Frames per second; by default 30 for arrays, unknown for PyAV's frames.
    time_base : Fraction, optional
        Seconds of one step of pts. By default the frame's own, else 1 / fps.
    sar : Fraction, optional
        Width of a pixel over its height; 1 by default.
    evidence : bool
        Give each window what it rests on, as ``Window.evidence``: about 10 KB each.
    **options
        Every option of the library; see ``smartcrop.Options``.

    Raises
    ------
    Error
        For an unknown option, a value out of range, or a model that cannot be used.

    Examples
    --------
    >>> cropper = smartcrop.Cropper(1920, 1080, aspect="9:16")      # doctest: +SKIP
    >>> for frame, window in cropper.run(frames):                   # doctest: +SKIP
    ...     show(cropper.render(frame, window))
    """

    def __init__(
        self,
        width: int,
        height: int,
        *,
        format: str | None = None,
        fps: float | Fraction | None = None,
        time_base: Fraction | None = None,
        sar: Fraction | None = None,
        evidence: bool = False,
        **options: Unpack[OptionKeywords],
    ) -> None:
        self._options: dict[str, object] = dict(options)
        core_options(options)
        self.width = arguments.whole("width", width, 1, arguments.MOST_INT)
        self.height = arguments.whole("height", height, 1, arguments.MOST_INT)
        named = arguments.optional(arguments.text, "format", format)
        self._format = PixelFormat.named(named) if named else None
        self._fps = arguments.optional(arguments.ratio, "fps", fps)
        self._time_base = arguments.optional(arguments.ratio, "time_base", time_base)
        self._sar = arguments.optional(arguments.ratio, "sar", sar)
        self._keeps_evidence = arguments.flag("evidence", evidence)
        self._kind: PixelFormat | None = None  # of the first frame, and so of all
        self._context: _core.Context | None = None
        self._geometry: _core.Geometry | None = None
        self._reads_vectors = reads_vectors(options)
        self._holds_frames = False
        self._next_pts = 0
        self._ended = False

    # ---- what was asked and what comes of it ----

    @property
    def options(self) -> Options:
        """Every option with its value."""
        return to_values(core_options(self._options))

    @property
    def max_delay(self) -> int:
        """The most frames that can have been pushed without their windows."""
        return core_options(self._options).max_delay(float(self._fps or 0))

    @property
    def geometry(self) -> _core.Geometry:
        """Sizes of window and output. Known from the first frame on."""
        if self._geometry is None:
            raise OptionError("the output size is known from the first frame on", "argument")
        return self._geometry

    @property
    def output_size(self) -> tuple[int, int]:
        """Width and height of a rendered picture. Known from the first frame on."""
        return self.geometry.output_width, self.geometry.output_height

    # ---- frames in, windows out ----

    def push(
        self, frame: Frame, pts: int | None = None, *, boxes: Boxes | None = None
    ) -> list[Window]:
        """Read a frame and return the windows that are decided now.

        Nothing of the frame is kept; ``Window.frame`` says which one a window belongs to.

        Parameters
        ----------
        frame : array, sequence of arrays or av.VideoFrame
            Height x width x 3 (red, green, blue) or height x width (grey) of uint8 or uint16, one
            array for each plane, or a frame of PyAV.
        pts : int, optional
            Time stamp; by default the frame's own, else one frame after the last.
        boxes : iterable of Box or of tuple, optional
            What should be seen whole in this frame: ``Box``, or (x, y, width, height[, weight[,
            required]]) in pixels. They hold until a push brings others, a cut, or 0.75 s; an empty
            list ends them.
        """
        if self._ended:
            raise OptionError("frames were pushed after flush(); call reset() first", "argument")
        picture = read_frame(frame, self._format, with_vectors=self._reads_vectors)
        self.require_kind(picture.width, picture.height, picture.format)
        known = to_core(boxes)
        if pts is None:
            pts = picture.pts if picture.pts is not None else self._next_pts
        pts = arguments.whole("pts", pts, -_MOST_PTS, _MOST_PTS)
        if self._context is None:
            self._open(picture)
        windows = self._exchange(picture, pts, known)
        self._next_pts = pts + self._step()
        return windows

    def flush(self) -> list[Window]:
        """End the video and return the windows that were still undecided."""
        if self._context is None or self._ended:
            return []
        self._ended = True
        return self._exchange(None, _core.NO_PTS)

    def run(
        self,
        frames: Iterable[FrameT],
        boxes: Callable[[FrameT], Boxes | None] | None = None,
    ) -> Iterator[tuple[FrameT, Window]]:
        """Pair each frame with its window; frames wait in memory until they are decided.

        The look-ahead shrinks where the frames that wait would need more than the option
        ``buffer`` allows. ``boxes`` says what should be seen whole in a frame, as in ``push``.
        """
        arguments.function("boxes", boxes)
        if not isinstance(frames, Iterable):
            arguments.refuse("frames", frames, "a series of frames")
        waiting: deque[FrameT] = deque()
        self._holds_frames = True
        for frame in frames:
            waiting.append(frame)
            known = boxes(frame) if boxes else None
            for window in self.push(cast("Frame", frame), boxes=known):
                yield waiting.popleft(), window
        for window in self.flush():
            yield waiting.popleft(), window

    def reset(self) -> None:
        """Forget every frame and start again."""
        if self._context is not None:
            self._context.reset()
        self._next_pts = 0
        self._ended = False

    def set_live(self, **values: float) -> None:
        """Change options that may change while running, from the next decision on."""
        for key, value in values.items():
            self._opened().set_live(key, arguments.number(f"option {key}", value))

    def follow(
        self,
        x: float | None = None,
        y: float | None = None,
        *,
        box: Box | Sequence[float] | None = None,
        id: int | None = None,
        time: float | None = None,
    ) -> None:
        """Go after a subject from the next frame on; without one, the camera chooses again.

        Before the first frame this is the option ``follow``. Later the first call loads the
        networks for it, where that option did not. Frames that wait for their windows keep the
        subject that was followed when they were pushed.

        Parameters
        ----------
        x, y : float
            A point on the subject, in shares of the picture.
        box : Box or sequence of float
            Its box: ``(x, y, width, height)`` in shares of the picture, or a ``Box``, in pixels.
        id : int
            Its number, as in ``Box.id``.
        time : float, optional
            Seconds from the first frame; only before the first frame.
        """
        subject = subject_text(x, y, box, id, (self.width, self.height))
        if self._context is not None:
            if time is not None:
                raise OptionError("after the first frame, follow takes no time", "argument")
            self._context.follow(subject)
            return
        changed = {**self._options, "follow": added(self._options.get("follow"), subject, time)}
        core_options(changed)
        self._options = changed

    def last_map(self) -> npt.NDArray[np.float32] | None:
        """Where viewers look, behind the window given last: shares of the whole picture.

        ``push`` may give many windows at once, as at the end of a shot; this is the map of the
        last of them. A cropper with ``evidence=True`` gives each window its own. None where there
        is no map, as when a plan is rendered.
        """
        return self._opened().last_map()

    def last_boxes(self) -> list[Box]:
        """Give what was known that should be seen whole, behind the window given last."""
        return from_core(self._opened().last_regions())

    def close(self) -> None:
        """Free the model and buffers; a later push() starts anew."""
        if self._context is not None:
            self._context.close()
        self._context = self._kind = None
        self._next_pts = 0
        self._ended = False

    def __enter__(self) -> Cropper:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- pictures ----

    def exact_offset(self, window: Window) -> tuple[int, int] | None:
        """Top left of a window that needs no resampling, else None."""
        return self._opened().exact_offset(_to_core(window))

    def render(self, frame: Frame, window: Window) -> Any:
        """Cut the window out of its frame and scale it to the output size; or its panes.

        Returns
        -------
        array, tuple of arrays or av.VideoFrame
            As the frame came, with its type of samples. Samples are copied as they are wherever
            the window falls on whole pixels.
        """
        return render_frame(self, frame, window, self._format)

    def render_planes(
        self, picture: Picture, window: Window, target: Sequence[tuple[int, int]]
    ) -> None:
        """Render into planes of the output size at the given addresses and strides."""
        self.require_kind(picture.width, picture.height, picture.format)
        self._opened().render(_to_core(window), picture.planes, target, picture.flags)

    def require_kind(self, width: int, height: int, format: PixelFormat) -> None:
        """Refuse a frame of another size than the cropper's or another format than the first.

        The core reads every frame as the first one was described to it, so that any other would be
        read beyond its end.
        """
        if (width, height) != (self.width, self.height):
            raise OptionError(
                f"a frame of {width}x{height} came into a cropper for {self.width}x{self.height}",
                "format",
            )
        if self._kind is not None and format != self._kind:
            raise OptionError(
                f"a frame of {format} came into a cropper whose first frame was {self._kind}; "
                "give it frames of one format",
                "format",
            )

    # ---- inside ----

    def _opened(self) -> _core.Context:
        if self._context is None:
            raise OptionError("no frame was pushed yet", "argument")
        return self._context

    def _open(self, picture: Picture) -> None:
        if self._time_base is None:
            self._time_base = picture.time_base or 1 / (self._fps or Fraction(30))
        if self._fps is None and picture.time_base is None:
            self._fps = 1 / self._time_base
        stream = picture.core_stream()
        stream.time_base_num, stream.time_base_den = self._time_base.as_integer_ratio()
        stream.frame_rate_num, stream.frame_rate_den = (self._fps or Fraction(0)).as_integer_ratio()
        if self._sar:
            stream.sar_num, stream.sar_den = self._sar.as_integer_ratio()
        options = core_options(self._options)
        if self._holds_frames and (note := options.fit_lookahead(stream)):
            _log.warning(note)
            self._options |= {key: options.get(key) for key in ("lookahead", "whole_shots")}
        self._context = _core.Context(options, stream, write_log)
        self._geometry = self._context.geometry()
        self._kind = picture.format

    def _step(self) -> int:
        """One frame in steps of pts."""
        assert self._time_base is not None
        return max(1, round(1 / ((self._fps or 30) * self._time_base)))

    def _exchange(
        self, picture: Picture | None, pts: int, boxes: list[_core.Box] | None = None
    ) -> list[Window]:
        context = self._opened()
        assert self._time_base is not None
        planes = picture.planes if picture else None
        flags = picture.flags if picture else 0
        vectors = picture.vectors if picture else None
        windows = []
        read = False
        while not read:
            read = context.send(planes, pts, flags, boxes, vectors)
            while (decision := context.receive()) is not None:
                window = Window.from_core(decision, self._time_base)
                if self._keeps_evidence:
                    # Now, for the core knows that of the decision received last alone.
                    window = replace(window, evidence=self._evidence())
                windows.append(window)
        return windows

    def _evidence(self) -> Evidence | None:
        values = self.last_map()
        return None if values is None else Evidence(values, tuple(self.last_boxes()))


def _to_core(window: Window) -> _core.Decision:
    if not isinstance(window, Window):
        arguments.refuse("window", window, "a Window")
    return window.to_core()
