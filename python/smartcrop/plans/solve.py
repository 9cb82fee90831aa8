# SPDX-License-Identifier: MIT
"""The windows of one shot of a plan as a person asks for them.

What was decided stays in the plan (``Plan.decided`` and the targets of the frames), so that the
same wishes give the same windows however often they are carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .. import _core
from ..errors import OptionError
from ..frames.window import Strategy, Window
from ..keywords import to_text
from .parts import Key, Place, Shot
from .plan import Plan

Numbers = npt.NDArray[np.float64]

_PATH_OPTIONS = ("smoother", "dead_zone", "max_speed", "max_accel", "ema_time")
_EVIDENCE_WEIGHT = 0.286  # of sure targets: kSureWeight of csrc/stage4_crop/camera.h
_LEAST_EASE_S = 0.8
_EASED_PEAK = 1.875  # highest speed of an eased move, over its mean speed
_END_SHARE = 0.15  # of a shot: what a pan is from and to is the middle of its targets here
_SAME_SHAPE = 0.02
# Steps that suit the picture formats of video: whole chroma samples, and rows of both fields.
_STEP_X, _STEP_Y = 2, 4


@dataclass(frozen=True, slots=True)
class _Axis:
    """One axis of a shot, in pixels of the source.

    Attributes
    ----------
    length : float
        Of the picture.
    times, targets, sizes : array
        Of each frame: seconds, the wanted centre, the window's size.
    keys : list of (int, float)
        Number of a frame in the shot, and the centre that a person wants there.
    place : float, optional
        The centre that a person wants for a still window.
    decided : array, optional
        The centres that the analysis came to, where it tracked too.
    """

    length: float
    times: Numbers
    targets: Numbers
    sizes: Numbers
    keys: list[tuple[int, float]]
    place: float | None
    decided: Numbers | None


def solved(plan: Plan, shot: Shot) -> Plan:
    """Give the plan with the windows of one shot as its rows ask."""
    inside = [window for window in plan.frames if window.shot == shot.n]
    if not inside:
        return plan
    before = [plan.decided.get(each.frame, _place(each)) for each in inside]
    numbers = {window.frame for window in inside}
    if not plan.is_edited(shot):
        places, kept = before, {}
    else:
        shot = _moving(plan, shot)
        places = _places(plan, shot, inside, before)
        kept = {window.frame: place for window, place in zip(inside, before, strict=True)}
    new = {window.frame: place for window, place in zip(inside, places, strict=True)}
    decided = {number: each for number, each in plan.decided.items() if number not in numbers}
    return replace(
        plan,
        shots=[shot if each.n == shot.n else each for each in plan.shots],
        frames=[_moved(each, new.get(each.frame)) for each in plan.frames],
        decided={**decided, **kept},
    )


def _moving(plan: Plan, shot: Shot) -> Shot:
    """Turn a hold with key frames at several places into a pan; refuse what cannot move."""
    keys = plan.keys_of(shot)
    if keys and shot.strategy == "fit":
        raise OptionError(
            f"shot {shot.n} shows the whole picture (fit), so a key frame has no effect; "
            f"give it another strategy (--shot {shot.n} --strategy follow)",
        )
    if shot.strategy == "hold" and len({(key.x, key.y) for key in keys}) > 1:
        return replace(shot, strategy="pan")
    return shot


def _place(window: Window) -> Place:
    return window.x, window.y, window.width, window.height


def _moved(window: Window, place: Place | None) -> Window:
    if place is None or place == _place(window):
        return window
    x, y, width, height = place
    return replace(window, x=x, y=y, width=width, height=height)


# ---- windows ----


def _places(
    plan: Plan, shot: Shot, windows: Sequence[Window], before: Sequence[Place]
) -> list[Place]:
    """Place the windows of a shot."""
    source = plan.source
    if shot.strategy == "fit":
        whole = (0.0, 0.0, float(source.width), float(source.height))
        return list(before) if shot.decided == "fit" else [whole] * len(windows)
    width, height = _sizes(plan, shot, before)
    times = np.array([window.time for window in windows])
    keys = plan.keys_of(shot)
    at = [int(np.abs(times - key.time).argmin()) for key in keys]
    tracked = np.array(before) if shot.decided == shot.strategy == "follow" else None
    across = _Axis(
        source.width,
        times,
        np.array([window.target_x for window in windows]),
        width,
        [(frame, key.x * source.width) for frame, key in zip(at, keys, strict=True)],
        None if shot.x is None else shot.x * source.width,
        None if tracked is None else tracked[:, 0] + tracked[:, 2] / 2,
    )
    down = _Axis(
        source.height,
        times,
        np.array([window.target_y for window in windows]),
        height,
        _keys_down(keys, at, source.height),
        None if shot.y is None else shot.y * source.height,
        None if tracked is None else tracked[:, 1] + tracked[:, 3] / 2,
    )
    step_x, step_y = _steps(plan, width, height)
    left = _edges(_centres(across, shot.strategy, plan), across, step_x)
    top = _edges(_centres(down, shot.strategy, plan), down, step_y)
    columns = (each.tolist() for each in (left, top, width, height))
    return [(x, y, w, h) for x, y, w, h in zip(*columns, strict=True)]


def _keys_down(keys: Sequence[Key], at: Sequence[int], height: int) -> list[tuple[int, float]]:
    pairs = zip(at, keys, strict=True)
    return [(frame, key.y * height) for frame, key in pairs if key.y is not None]


def _sizes(plan: Plan, shot: Shot, before: Sequence[Place]) -> tuple[Numbers, Numbers]:
    """Size of each window: as decided, or the largest where that had another shape."""
    sizes = np.array([(width, height) for _, _, width, height in before], dtype=float)
    source, output = plan.source, plan.output
    shape = float(output.width * output.sar / output.height / source.sar)
    other = np.abs(sizes[:, 0] / sizes[:, 1] / shape - 1) > _SAME_SHAPE
    if other.any():
        sizes[:] = _largest(plan, shape)
    elif shot.strategy == "hold":
        sizes[:] = sizes[np.argsort(sizes[:, 0])[len(sizes) // 2]]
    return sizes[:, 0], sizes[:, 1]


def _largest(plan: Plan, shape: float) -> tuple[float, float]:
    """Largest window of the output's shape, its very size where the output is not scaled."""
    source, output = plan.source, plan.output
    width = min(source.width, source.height * shape)
    height = width / shape
    if abs(width - output.width) < 2 and abs(height - output.height) < 2:
        return output.width, output.height
    return width, height


def _steps(plan: Plan, width: Numbers, height: Numbers) -> tuple[int, int]:
    """Choose steps to move by, so that windows are copied and not resampled; 0: none."""
    scaled = (width != plan.output.width).any() or (height != plan.output.height).any()
    return (0, 0) if scaled or plan.options.get("subpixel") else (_STEP_X, _STEP_Y)


def _edges(centres: Numbers, axis: _Axis, step: int) -> Numbers:
    """Left or top edges: inside the picture and on the steps, as the library places windows."""
    slack = np.maximum(0.0, axis.length - axis.sizes)
    at = np.clip(centres - axis.sizes / 2, 0, slack)
    if not step:
        return at
    nearest = np.floor(at / step + 0.5) * step
    return np.where(nearest > slack, np.floor(slack / step) * step, nearest)


# ---- centres ----


def _centres(axis: _Axis, strategy: Strategy, plan: Plan) -> Numbers:
    count = len(axis.times)
    if strategy == "hold":
        still = axis.keys[0][1] if axis.keys else axis.place
        return np.full(count, np.median(axis.targets) if still is None else still)
    if (axis.sizes >= axis.length).all():
        return np.full(count, axis.length / 2)
    return _panned(axis) if strategy == "pan" else _followed(axis, plan)


def _panned(axis: _Axis) -> Numbers:
    """Eased moves from the first to the last wanted place, or through the key frames.

    A single key frame is the end of the move that it is nearer to.
    """
    last = len(axis.times) - 1
    near_end = max(1, round(_END_SHARE * len(axis.times)))
    stops = [
        (0, float(np.median(axis.targets[:near_end]))),
        (last, float(np.median(axis.targets[-near_end:]))),
    ]
    if len(axis.keys) == 1:
        key = axis.keys[0]
        stops = [key, stops[1]] if key[0] <= last / 2 else [stops[0], key]
    elif axis.keys:
        stops = axis.keys
    centres = np.full(last + 1, stops[0][1])
    for (begin, start), (end, stop) in pairwise(stops):
        if end == begin:
            continue
        span = axis.times[end] - axis.times[begin]
        passed = np.clip((axis.times[begin:] - axis.times[begin]) / span, 0, 1)
        centres[begin:] = start + (stop - start) * _eased(passed)
    return centres


def _eased(share: Numbers) -> Numbers:
    """Rise from 0 to 1 with neither speed nor acceleration at the ends (the quintic of Perlin)."""
    return share**3 * (10 - 15 * share + 6 * share**2)


def _followed(axis: _Axis, plan: Plan) -> Numbers:
    """Go along what was decided or, where that was no track, along the targets; meet the keys.

    A bend is eased, and takes as long as it has to for its own speed to stay below the highest; so
    a key frame changes its surroundings and nothing beyond.
    """
    given = {name: plan.options[name] for name in _PATH_OPTIONS if name in plan.options}
    options = _core.Options(to_text(given))
    path = _smoothed(axis, options) if axis.decided is None else axis.decided
    max_speed = float(options.get("max_speed")) * axis.length
    bends = [(frame, centre - float(path[frame])) for frame, centre in axis.keys]
    return path + _bent(axis.times, bends, max_speed)


def _smoothed(axis: _Axis, options: _core.Options) -> Numbers:
    """Solve the path along the targets."""
    half = axis.sizes / 2 / axis.length
    targets = np.clip(axis.targets / axis.length, half, 1 - half)
    window = float(2 * half.mean())
    weights = np.full_like(targets, _EVIDENCE_WEIGHT)
    path = _core.smooth_path(options, axis.times, targets, half, 1 - half, weights, window)
    return path * axis.length


def _bent(times: Numbers, bends: Sequence[tuple[int, float]], max_speed: float) -> Numbers:
    """Give an offset that is as long as asked at some frames and eases to nothing around them."""
    stops: list[tuple[float, float]] = []
    for frame, offset in bends:
        at = float(times[frame])
        reach = max(_LEAST_EASE_S, _EASED_PEAK * abs(offset) / max_speed)
        # Where two bends meet, one eases into the other.
        if stops and stops[-1][0] >= at - reach:
            stops.pop()
        else:
            stops.append((at - reach, 0.0))
        stops += [(at, offset), (at + reach, 0.0)]
    offsets = np.zeros_like(times)
    for (begin, start), (end, stop) in pairwise(stops):
        inside = (times >= begin) & (times <= end)
        share = (times[inside] - begin) / max(end - begin, 1e-6)
        offsets[inside] = start + (stop - start) * _eased(share)
    return offsets
