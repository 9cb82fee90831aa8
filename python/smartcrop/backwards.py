# SPDX-License-Identifier: MIT
"""Where a subject was before a person pointed at it: followed back to where its shot begins."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, cast

from .followed import Wish, subject_text, wishes_of
from .frames.boxes import Box
from .frames.window import Window
from .progress import Progress, part_of
from .rendering import cropper_for
from .video.backwards import frames_back
from .video.reader import Reader

if TYPE_CHECKING:
    import av

    from ._options import OptionKeywords

# A click is looked back from for so long; from then on the subject is followed, whatever comes.
LONGEST_S = 20.0
# A subject that was not seen for so long is lost, and heat serves: what is seen again is often
# another. On 20 training clips nothing was seen again after a longer gap.
_LOST_S = 0.4
# As the core has it: containers round times.
_SLACK_S = 0.004
# A click between two frames means the next one, which is no further.
_NEXT_FRAME_S = 2.0
# What a run over these frames takes of the options: whom it finds, and where shots begin.
_TAKEN = ("tracker", "device", "threads", "strict", "cut_threshold", "min_shot")
_RUN = {
    **{"model": "none", "subjects": "none", "text_weight": 0, "borders": "keep"},
    **{"analysis_fps": 120, "lookahead": 0.6, "evidence": True},
}

_log = logging.getLogger("smartcrop")

# The boxes of frames, by their time stamps.
BoxesBefore = dict[int, list[Box]]


def boxes_before(
    reader: Reader, video_stream: int | None, options: OptionKeywords, progress: Progress | None
) -> tuple[BoxesBefore, Progress | None]:
    """Follow the subjects of the option ``follow`` back from their points to their shots' begins.

    A second reader of the same file does it, so that this one stays where it is.

    Returns
    -------
    dict, callable
        The boxes to be given with the frames of these time stamps, and how to tell the progress of
        the work that comes after.
    """
    wishes = wishes_of(options.get("follow"))
    asked = [
        (wish, wishes[k - 1].time if k else None)
        for k, wish in enumerate(wishes)
        if wish.is_place and wish.time > _SLACK_S
    ]
    found: BoxesBefore = {}
    if not asked:
        return found, progress
    if not reader.can_jump:
        times = ", ".join(f"{wish.time:g} s" for wish, _ in asked)
        _log.info("%s: cannot be read backwards; it is followed from %s on", reader.name, times)
        return found, progress
    with Reader(reader.name, video_stream) as again:
        first = cast(int, next(again.frames()).pts)
        walks = [_Walk(again, first, wish, earlier, options) for wish, earlier in asked]
        before, whole = 0.0, sum(walk.longest for walk in walks)
        for walk in walks:
            found |= walk.boxes(part_of(progress, before, whole, reader.duration))
            before += walk.longest
    return found, part_of(progress, whole, whole, reader.duration)


class _Walk:
    """Goes back from where one subject was pointed at."""

    def __init__(
        self,
        reader: Reader,
        first: int,
        wish: Wish,
        earlier: float | None,
        options: OptionKeywords,
    ) -> None:
        self._reader = reader
        self._begin = first  # time stamp of the first frame
        self._wish = wish
        self._earlier = earlier
        self._options = options
        self.longest = min(LONGEST_S, wish.time - (earlier or 0.0))

    def boxes(self, progress: Progress | None) -> BoxesBefore:
        """Give the subject's boxes before it was pointed at.

        Where another was followed until then, only as far as the shot begins later than that.
        """
        pointed = self._pointed_at()
        if pointed is None:
            return {}
        found, reached_cut = self._followed(pointed, progress)
        if not found or (self._earlier is not None and not reached_cut):
            return {}
        tick = float(self._reader.time_base)
        seconds = (cast(int, pointed.pts) - min(found)) * tick
        _log.info("follow=%s: followed back for %.2f s", self._wish.subject, seconds)
        # From then on it is followed by the wish itself.
        return {**found, cast(int, pointed.pts): []}

    def _ticks(self, seconds: float) -> int:
        return self._begin + round(seconds / float(self._reader.time_base))

    def _pointed_at(self) -> av.VideoFrame | None:
        """Find the frame with which the wish begins."""
        from_s = self._wish.time - _SLACK_S
        part = self._reader.part(self._ticks(from_s), self._ticks(from_s + _NEXT_FRAME_S))
        return next(part, None)

    def _run_with(self, follow: str, *more: str) -> OptionKeywords:
        given = cast("dict[str, object]", self._options)
        taken = {name: given[name] for name in (*_TAKEN, *more) if name in given}
        return cast("OptionKeywords", {**_RUN, **taken, "follow": follow})

    def _box_at(self, pointed: av.VideoFrame) -> str:
        """Give the box that is meant, as the run over the whole video will find it.

        It takes the detector. Looking back does without: what the detector takes for the subject
        once the tracker has lost it would be followed on, and nothing comes of that.
        """
        asked = {**self._run_with(self._wish.subject, "subjects"), "lookahead": 0}
        with cropper_for(self._reader, pointed, cast("OptionKeywords", asked)) as cropper:
            for window in cropper.push(pointed):
                if box := _followed_in(window):
                    return subject_text(None, None, box, None, (cropper.width, cropper.height))
        return self._wish.subject

    def _followed(
        self, pointed: av.VideoFrame, progress: Progress | None
    ) -> tuple[BoxesBefore, bool]:
        """Follow the subject back; say too whether that ended where its shot begins."""
        earliest = self._ticks(self._wish.time - self.longest)
        frames = chain([pointed], frames_back(self._reader, pointed, earliest))
        options = self._run_with(self._box_at(pointed))
        found: BoxesBefore = {}
        seen = 0.0
        for pts, seconds, window in _run_back(self._reader, frames, options):
            if window.shot > 0:
                return found, True
            if box := _followed_in(window):
                seen = seconds
                found[pts] = [Box(box.x, box.y, box.width, box.height, followed=True)]
            if seconds - seen > _LOST_S:
                break
            if progress is not None:
                progress(0, min(seconds, self.longest), None)
        found.pop(cast(int, pointed.pts), None)
        return found, False


def _followed_in(window: Window) -> Box | None:
    boxes = window.evidence.boxes if window.evidence else ()
    return next((box for box in boxes if box.followed), None)


def _run_back(
    reader: Reader, frames: Iterator[av.VideoFrame], options: OptionKeywords
) -> Iterator[tuple[int, float, Window]]:
    """Decide frames whose time runs back; gives their time stamps, and how far back they are."""
    first = next(frames)
    last, tick = cast(int, first.pts), float(reader.time_base)

    with cropper_for(reader, first, options) as cropper:
        for frame in chain([first], frames):
            for window in cropper.push(frame, pts=last - cast(int, frame.pts)):
                yield last - window.pts, window.pts * tick, window
        for window in cropper.flush():
            yield last - window.pts, window.pts * tick, window
