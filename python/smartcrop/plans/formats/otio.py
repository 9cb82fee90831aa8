# SPDX-License-Identifier: MIT
"""An OpenTimelineIO timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import OptionError
from .keyframes import key_frames

if TYPE_CHECKING:
    from ..data import PlanData
    from ..parts import Shot
    from .media import Media

_NAMESPACE = "smartcrop"


def otio(plan: PlanData, media: Media) -> str:
    """Write a timeline with a clip for each shot, as JSON.

    OpenTimelineIO has no crop of its own, so each clip carries an effect ``Crop`` whose metadata
    holds the key frames: frame of the media, and the window in pixels of the source. Between them
    the window moves in straight lines. Times are counts of frames at the media's rate; those of a
    variable rate are counts of its clock, so that they are exact too.

    Raises
    ------
    Error
        Where the library is not installed.
    """
    try:
        import opentimelineio
    except ImportError as error:
        raise OptionError(
            "export to otio needs the library OpenTimelineIO; install it with: "
            "pip install 'smartcrop[otio]'",
        ) from error
    return str(opentimelineio.adapters.write_to_string(_timeline(plan, media), "otio_json"))


def _timeline(plan: PlanData, media: Media) -> Any:
    from opentimelineio import opentime, schema

    clock = _Clock(plan, media)
    timeline = schema.Timeline(name=media.name)
    timeline.metadata[_NAMESPACE] = {
        "source": {"width": plan.source.width, "height": plan.source.height},
        "output": {"width": plan.output.width, "height": plan.output.height},
        "variable_frame_rate": media.variable,
    }
    track = schema.Track(name="V1", kind=schema.TrackKind.Video)
    timeline.tracks.append(track)
    whole = opentime.TimeRange(clock.time(0), clock.time(media.frames))
    for shot in plan.shots:
        begin, end = media.span(plan, shot)
        start, stop = clock.time(begin), clock.time(end)
        reference = schema.ExternalReference(target_url=media.url, available_range=whole)
        clip = schema.Clip(
            name=f"{media.name} shot {shot.n}",
            media_reference=reference,
            source_range=opentime.TimeRange(start, stop - start),
        )
        clip.metadata[_NAMESPACE] = {"strategy": shot.strategy, "why": shot.why}
        clip.effects.append(_effect(plan, shot, media, clock))
        track.append(clip)
    return timeline


def _effect(plan: PlanData, shot: Shot, media: Media, clock: _Clock) -> Any:
    from opentimelineio import schema

    keys = [
        {
            "frame": clock.value(count),
            "x": window.x,
            "y": window.y,
            "width": window.width,
            "height": window.height,
        }
        for count, window in key_frames(plan, shot, media)
    ]
    effect = schema.Effect(name="smartcrop", effect_name="Crop")
    effect.metadata[_NAMESPACE] = {"interpolation": "linear", "keyframes": keys}
    return effect


class _Clock:
    """Counts as a timeline does: frames, or ticks of the time base for a variable rate."""

    def __init__(self, plan: PlanData, media: Media) -> None:
        self._rate = 1 / plan.source.time_base if media.variable else media.rate
        self._ticks: dict[int, int] = {}
        if media.variable:
            first = plan.frames[0].pts
            pairs = zip(media.counts, plan.frames, strict=True)
            self._ticks = {count: window.pts - first for count, window in pairs}
            last = plan.frames[-1].pts - first
            self._ticks[media.frames] = last + round(self._rate / media.rate)

    def value(self, count: int) -> int:
        return self._ticks.get(count, count)

    def time(self, count: int) -> Any:
        from opentimelineio import opentime

        return opentime.RationalTime(self.value(count), float(self._rate))
