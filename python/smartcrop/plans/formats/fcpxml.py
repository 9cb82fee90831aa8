# SPDX-License-Identifier: MIT
"""A project for Final Cut Pro."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from .keyframes import key_frames

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from ...frames.window import Window
    from ..data import PlanData
    from ..parts import Shot
    from .media import Media

_VERSION = "1.10"


def fcpxml(plan: PlanData, media: Media) -> str:
    """Write a project with a clip for each shot, whose transform is key-framed.

    How a window becomes a transform: Final Cut Pro first fits the whole picture into the frame of
    the sequence (``adjust-conform``), then scales it about its middle, then moves it by percent of
    the frame's height, right and up. So the scale is how much larger than fitted the picture has to
    be for the window to fill the frame, and the position is how far the window's centre lies from
    the picture's, the other way round. Lengths are counted as displayed, which takes in pixels that
    are not square. A window of another shape than the frame's is shown whole.

    Key frames lie on the clock of the media, as the ``start`` of a clip does. Their X and Y are
    parameters of their own with straight lines between them, as Final Cut Pro writes them itself.
    All times are multiples of the frame duration as fractions, so 23.976 is exact; those of a
    variable rate are rounded to frames of the nearest usual one, and a note says so.
    """
    root = ElementTree.Element("fcpxml", version=_VERSION)
    _add_resources(root, plan, media)
    library = ElementTree.SubElement(root, "library")
    event = ElementTree.SubElement(library, "event", name="smartcrop")
    project = ElementTree.SubElement(event, "project", name=f"{media.name} reframed")
    length = _time(media.seconds(media.frames))
    sequence = ElementTree.SubElement(
        project, "sequence", format="r2", duration=length, tcStart="0s", tcFormat="NDF"
    )
    if media.variable:
        note = ElementTree.SubElement(sequence, "note")
        note.text = (
            "The media has a variable frame rate; times are rounded to frames of "
            f"{float(media.rate):.3f} per second."
        )
    spine = ElementTree.SubElement(sequence, "spine")
    for shot in plan.shots:
        _add_clip(spine, plan, shot, media)
    ElementTree.indent(root, " ")
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n\n{body}\n'


def _add_resources(root: Element, plan: PlanData, media: Media) -> None:
    resources = ElementTree.SubElement(root, "resources")
    frame = _time(1 / media.rate)
    sizes = (("r1", plan.source), ("r2", plan.output))
    for name, picture in sizes:
        shape = {"width": str(picture.width), "height": str(picture.height)}
        if picture.sar != 1:
            shape |= {"paspH": str(picture.sar.numerator), "paspV": str(picture.sar.denominator)}
        ElementTree.SubElement(resources, "format", {"id": name, "frameDuration": frame, **shape})
    sound = {"hasAudio": "1", "audioSources": "1"} if plan.source.sound else {}
    asset = ElementTree.SubElement(
        resources,
        "asset",
        {
            "id": "r3",
            "name": media.name,
            "start": "0s",
            "duration": _time(media.seconds(media.frames)),
            "hasVideo": "1",
            "format": "r1",
            **sound,
        },
    )
    ElementTree.SubElement(asset, "media-rep", kind="original-media", src=media.url)


def _add_clip(spine: Element, plan: PlanData, shot: Shot, media: Media) -> None:
    begin, end = media.span(plan, shot)
    clip = ElementTree.SubElement(
        spine,
        "asset-clip",
        ref="r3",
        name=f"shot {shot.n} {shot.strategy}",
        offset=_time(media.seconds(begin)),
        start=_time(media.seconds(begin)),
        duration=_time(media.seconds(end - begin)),
        format="r1",
        tcFormat="NDF",
    )
    ElementTree.SubElement(clip, "adjust-conform", type="fit")
    keys = key_frames(plan, shot, media)
    times = [_time(media.seconds(count)) for count, _ in keys]
    moves = [_transform(plan, window) for _, window in keys]
    first = moves[0]
    transform = ElementTree.SubElement(
        clip,
        "adjust-transform",
        position=f"{_number(first[0])} {_number(first[1])}",
        scale=f"{_number(first[2])} {_number(first[2])}",
    )
    if len(keys) > 1:
        right, up, scale = ([move[index] for move in moves] for index in range(3))
        _animate(transform, "position", times, (right, up))
        if max(scale) - min(scale) > 1e-6:
            _animate(transform, "scale", times, (scale, scale))


def _animate(
    transform: Element, name: str, times: list[str], values: tuple[list[float], list[float]]
) -> None:
    parameter = ElementTree.SubElement(transform, "param", name=name)
    for key, (axis, column) in enumerate(zip("XY", values, strict=True), 1):
        one = ElementTree.SubElement(parameter, "param", name=axis, key=str(key))
        animation = ElementTree.SubElement(one, "keyframeAnimation")
        for time, value in zip(times, column, strict=True):
            ElementTree.SubElement(
                animation, "keyframe", time=time, value=_number(value), curve="linear"
            )


def _transform(plan: PlanData, window: Window) -> tuple[float, float, float]:
    """Give position (percent of the frame's height, right and up) and scale for a window."""
    source, output = plan.source, plan.output
    wide, across = float(source.sar), float(output.sar) * output.width
    fitted = min(across / (source.width * wide), output.height / source.height)
    shown = min(across / (window.width * wide), output.height / window.height)
    right = (source.width / 2 - window.x - window.width / 2) * wide * shown
    up = (window.y + window.height / 2 - source.height / 2) * shown
    return 100 * right / output.height, 100 * up / output.height, shown / fitted


def _time(seconds: Fraction) -> str:
    return f"{seconds}s"


def _number(value: float) -> str:
    return f"{round(value, 5) + 0.0:g}" if abs(value) < 1e-4 else f"{value:.6g}"
