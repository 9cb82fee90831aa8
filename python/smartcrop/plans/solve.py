# SPDX-License-Identifier: MIT
"""The windows of a plan's shots as a person asks for them: rows to wishes, and the core decides.

The core decides from the scenes of an analysis file or, without one, from points: where the rows
say that the window was wanted. What was decided before stays in the plan (``Plan.decided`` and the
targets of the frames), so that the same wishes give the same windows however often they are
carried out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from fractions import Fraction
from typing import Any

from .. import _core
from ..cropper import write_log
from ..errors import FileError, OptionError
from ..frames.window import STRATEGIES, Window
from ..kept_analysis import read_header
from ..keywords import core_options
from ..options import ROWS
from .parts import Place, Shot
from .plan import Plan, output_of

_SAME_SHAPE = 0.02
_FURTHEST_ZOOM = next(row.maximum for row in ROWS if row.name == "zoom")


def solved(plan: Plan, numbers: Set[int], analysis: str | None = None) -> Plan:
    """Give the plan with the windows of these shots as its rows ask.

    Raises
    ------
    Error
        For a wish that cannot be, and for an analysis that is not of the plan's video.
    """
    asked = {
        shot.n: _moving(plan, shot)
        for shot in plan.shots
        if shot.n in numbers and plan.is_edited(shot)
    }
    places = _places(plan, asked, analysis) if asked else {}
    frames, decided = [], {}
    for window in plan.frames:
        before = plan.decided.get(window.frame)
        place = places.get(window.frame)
        if window.shot in numbers:
            own = before or _place(window)
            frames.append(_moved(window, place or own))
            before = own if place else None
        else:
            frames.append(window)
        if before:
            decided[window.frame] = before
    shots = [asked.get(shot.n, shot) for shot in plan.shots]
    return replace(plan, shots=shots, frames=frames, decided=decided)


def _moving(plan: Plan, shot: Shot) -> Shot:
    """Turn a hold with key frames at several places into a pan; refuse what cannot move."""
    keys = plan.keys_of(shot)
    if keys and shot.strategy == "fit":
        raise OptionError(
            f"shot {shot.n} shows the whole picture (fit), so a key frame has no effect; "
            f"give it another strategy (--shot {shot.n} --strategy follow)",
        )
    if shot.strategy == "hold" and len({(key.x, key.y) for key in keys}) > 1:
        return replace(shot, strategy="pan", asked=False)
    return shot


def _place(window: Window) -> Place:
    return window.x, window.y, window.width, window.height


def _moved(window: Window, place: Place) -> Window:
    if place == _place(window):
        return window
    x, y, width, height = place
    return replace(window, x=x, y=y, width=width, height=height)


# ---- the run ----


def _places(plan: Plan, asked: dict[int, Shot], analysis: str | None) -> dict[int, Place]:
    """Decide where the windows of some shots are, by number of the frame."""
    places: dict[int, Place] = {}
    # Shots in which another subject is followed are decided in a run of their own.
    for follow in sorted({_follow_of(plan, shot) for shot in asked.values()}):
        chosen = {n: shot for n, shot in asked.items() if _follow_of(plan, shot) == follow}
        places |= _places_in_one_run(plan, chosen, analysis, follow)
    return places


def _follow_of(plan: Plan, shot: Shot) -> str:
    """Say whom the shot follows; a point without a time is one in its first frame."""
    if not shot.follow or shot.follow[0] in "#a" or "@" in shot.follow:
        return shot.follow
    return f"{shot.follow}@{max(0.0, shot.start - plan.frames[0].time):.6f}"


def _places_in_one_run(
    plan: Plan, asked: dict[int, Shot], analysis: str | None, follow: str
) -> dict[int, Place]:
    if analysis is None:
        if follow:
            raise OptionError(
                f"follow={follow} needs what was seen of the video: analyze it with --keep, or "
                "name the file (--analysis FILE)"
            )
        frames = [window for window in plan.frames if window.shot in asked]
        run, first = _run_over_points(plan, frames), 0.0
    else:
        frames = plan.frames
        run, first = _run_over_analysis(plan, analysis, follow), frames[0].time
    try:
        for shot in asked.values():
            _ask(run, plan, shot, first, has_scenes=analysis is not None)
        decisions = list(_decisions(run))
    finally:
        run.close()
    if analysis is not None:
        _check_frames(frames, decisions, analysis)
        _check_followed(follow, asked, decisions, analysis)
    return {
        window.frame: (each.x, each.y, each.width, each.height)
        for window, each in zip(frames, decisions, strict=True)
        if window.shot in asked
    }


def _check_followed(
    follow: str, asked: dict[int, Shot], decisions: list[_core.Decision], analysis: str
) -> None:
    """Refuse a subject that is in none of the shots."""
    if not follow or follow.startswith("auto"):
        return
    seen = {each.subject for each in decisions if each.has_subject and each.shot in asked}
    numbers = set(map(int, re.findall(r"#(\d+)", follow)))
    if seen & numbers or (seen and not numbers):
        return
    shots = ", ".join(str(number) for number in sorted(asked))
    raise OptionError(
        f"follow={follow}: {analysis} has no such subject in shot {shots}; smartcrop subjects "
        "lists them, and an analysis made with subjects=subjects has them"
    )


def _decisions(run: _core.Context) -> Iterator[_core.Decision]:
    while (decision := run.receive()) is not None:
        yield decision


def _run_over_analysis(plan: Plan, path: str, follow: str) -> _core.Context:
    instead = {"follow": follow} if follow else {}
    run = _core.Context(_options(plan, **instead), path, write_log)
    source = read_header(path)["source"]
    base = Fraction(*source["time_base"])
    of, own = (source["width"], source["height"], base), plan.source
    if of != (own.width, own.height, own.time_base):
        run.close()
        raise FileError(
            f"analysis {path} is of another video: {of[0]}x{of[1]} with a time base of {base}; "
            f"the plan is for {own.width}x{own.height} with {own.time_base}"
        )
    output = output_of(run.geometry())
    if (output.width, output.height) != (plan.output.width, plan.output.height):
        run.close()
        raise FileError(
            f"the plan's options make windows for {output.width}x{output.height}, and its output "
            f"is {plan.output.width}x{plan.output.height}; analyze again",
        )
    return run


def _check_frames(frames: Sequence[Window], decisions: Sequence[_core.Decision], path: str) -> None:
    if len(frames) != len(decisions):
        raise FileError(
            f"analysis {path} is of another video: it has {len(decisions)} frames, and the plan "
            f"has {len(frames)}",
        )
    for window, decision in zip(frames, decisions, strict=True):
        if window.shot != decision.shot:
            raise FileError(
                f"analysis {path} has other shots than the plan: frame {window.frame} is in "
                f"shot {decision.shot} there, and in shot {window.shot} here; analyze again",
            )


def _run_over_points(plan: Plan, frames: Sequence[Window]) -> _core.Context:
    """Open a run over what the rows say; a shot begins with a jump, as it does where rendered."""
    source, output = plan.source, plan.output
    shape = Fraction(output.width, output.height) * output.sar
    points = []
    shot = None
    for window in frames:
        target = (window.target_x, window.target_y, window.confidence)
        size = _size(plan.decided.get(window.frame, _place(window)), shape / source.sar)
        points.append((window.time, *target, window.shot, window.shot != shot, *size))
        shot = window.shot
    # Any format of video: whole chroma samples, and rows of both fields.
    stream = _core.Stream(source.width, source.height, _core.PixelFormat(1, 8, 1, 1, False))
    stream.time_base_num, stream.time_base_den = 1, 1000
    stream.sar_num, stream.sar_den = source.sar.numerator, source.sar.denominator
    options = _options(
        plan, "analysis_fps", aspect=shape, size=(output.width, output.height), zoom=_FURTHEST_ZOOM
    )
    return _core.Context(options, stream, points, write_log)


def _size(place: Place, shape: Fraction) -> tuple[float, float]:
    """Give the size of a window of the plan's shape; one of another shape was fitted: no zoom."""
    _, _, width, height = place
    fitted = abs(width / height / float(shape) - 1) > _SAME_SHAPE
    return (0.0, 0.0) if fitted else (width, height)


def _options(plan: Plan, *also: str, **instead: object) -> _core.Options:
    """Give the plan's own options, with all of each shot in view where it does not say."""
    read = {row.name for row in ROWS if "solve" in row.roles or row.name in also}
    own: dict[str, Any] = {name: plan.options[name] for name in plan.options if name in read}
    return core_options({"whole_shots": True, **own, **instead})


# ---- wishes ----


def _ask(run: _core.Context, plan: Plan, shot: Shot, first: float, *, has_scenes: bool) -> None:
    """Ask the run for what the rows of a shot ask; its clock is at ``first`` when it begins."""
    keys, x, y = plan.keys_of(shot), shot.x, shot.y
    if shot.strategy == "hold" and keys:
        x, y, keys = keys[0].x, keys[0].y, []
    # What was decided to be a track stays one where scenes say it again; points are its targets.
    # Where another subject is followed, scenes say how.
    as_decided = has_scenes and not shot.asked and shot.strategy == shot.decided
    placed = x is not None or y is not None
    if not (as_decided and (shot.strategy == "follow" or (shot.follow and not placed))):
        run.wish_shot(shot.n, STRATEGIES.index(shot.strategy), x, y)
    for key in keys:
        # At a frame, for the window is nowhere between two of them.
        times = [window.time for window in plan.frames if window.shot == shot.n]
        time = min(times, key=lambda at: abs(at - key.time))
        run.wish_key(shot.n, time - first, key.x, key.y)
