# SPDX-License-Identifier: MIT
"""A plan as a diagram: where the window was wanted, where it is, and how fast it moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ..frames.window import STRATEGIES, Window
from ..plans.plan import Plan, marked
from .overlay import COLOURS, font

Numbers = npt.NDArray[np.float64]
Colour = tuple[int, int, int]

_FINE = 2  # drawn this much larger, then scaled down, so that lines are smooth
_WIDTH, _LEFT, _RIGHT = 1600, 74, 26
_HEAD, _GAP, _FOOT = 84, 34, 46
_TALL, _LOW = 300, 130
_PAPER, _GRID, _INK = (16, 17, 20), (48, 50, 58), (222, 224, 230)
_FAINT, _CUT = (150, 153, 163), (120, 124, 138)
_TARGET, _KEY, _LIMIT = (245, 245, 245), (255, 235, 110), (236, 96, 96)
_LEAST_SLACK = 0.01  # of the side: less than this is no room to move
_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200)
_LEAST_TOP_SPEED = 0.1


@dataclass(frozen=True, slots=True)
class _Panel:
    """A part of the drawing, with times across and values down.

    Attributes
    ----------
    top, height : float
        In pixels.
    first, last : float
        Seconds at its left and right.
    low, high : float
        Values at its top and bottom.
    """

    top: float
    height: float
    first: float
    last: float
    low: float
    high: float

    def x(self, time: float) -> float:
        share = (time - self.first) / max(self.last - self.first, 1e-9)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return self.top + (value - self.low) / (self.high - self.low) * self.height

    @property
    def bottom(self) -> float:
        return self.top + self.height


class _Pen:
    """Draws in pixels of the result."""

    def __init__(self, height: float) -> None:
        size = (_WIDTH * _FINE, round(height * _FINE))
        self.image = Image.new("RGB", size, _PAPER)
        self._draw = ImageDraw.Draw(self.image, "RGBA")

    def line(
        self, points: Sequence[tuple[float, float]], colour: tuple[int, ...], width: float
    ) -> None:
        if len(points) > 1:
            scaled = [(x * _FINE, y * _FINE) for x, y in points]
            self._draw.line(scaled, fill=colour, width=round(width * _FINE), joint="curve")

    def polygon(self, points: Sequence[tuple[float, float]], colour: tuple[int, ...]) -> None:
        if len(points) > 2:
            self._draw.polygon([(x * _FINE, y * _FINE) for x, y in points], fill=colour)

    def text(
        self, at: tuple[float, float], text: str, size: int, colour: Colour, anchor: str = "la"
    ) -> float:
        """Write, and give the width of what was written."""
        own = font(size * _FINE)
        self._draw.text((at[0] * _FINE, at[1] * _FINE), text, font=own, fill=colour, anchor=anchor)
        return own.getlength(text) / _FINE

    def finished(self) -> Image.Image:
        size = (self.image.width // _FINE, self.image.height // _FINE)
        return self.image.resize(size, Image.Resampling.LANCZOS)


def path_plot(plan: Plan, title: str) -> Image.Image:
    """Draw the path of a plan's window over time.

    The band is the window, in the colour of its shot's strategy; the line in it is its centre,
    strong where it moves; the thin white line is the target. Upright lines are cuts, diamonds key
    frames. Below is the speed of the centre in shares of the picture's width a second.
    """
    plan = marked(plan)
    windows = plan.frames
    times = np.array([window.time for window in windows])
    sides = [("x", 0)]
    if any(
        plan.source.height - each.height > _LEAST_SLACK * plan.source.height for each in windows
    ):
        sides.append(("y", 1))
    height = _HEAD + len(sides) * (_TALL + _GAP) + _LOW + _FOOT
    pen = _Pen(height)
    top: float = _HEAD
    _draw_head(pen, plan, title)
    for name, axis in sides:
        length = (plan.source.width, plan.source.height)[axis]
        panel = _Panel(top, _TALL, times[0], _end(plan), 0, length)
        _draw_frame(pen, plan, panel, numbered=axis == 0)
        _draw_scale(pen, panel, name, ("left", "right") if axis == 0 else ("top", "bottom"))
        _draw_path(pen, plan, panel, axis)
        top = panel.bottom + _GAP
    _draw_speed(pen, plan, times, top)
    return pen.finished()


def _end(plan: Plan) -> float:
    return max(plan.frames[-1].time, plan.shots[-1].end)


# ---- head, frame and scales ----


def _draw_head(pen: _Pen, plan: Plan, title: str) -> None:
    pen.text((_LEFT, 16), title, 18, _INK)
    x: float = _LEFT
    used = {window.strategy for window in plan.frames}
    for strategy in STRATEGIES:
        if strategy in used:
            pen.polygon([(x, 52), (x + 22, 52), (x + 22, 64), (x, 64)], COLOURS[strategy])
            x += 28 + pen.text((x + 28, 50), strategy, 14, _INK) + 22
    pen.line([(x, 58), (x + 22, 58)], _TARGET, 1.4)
    x += 28 + pen.text((x + 28, 50), "target", 14, _INK) + 22
    pen.line([(x + 6, 49), (x + 6, 67)], _CUT, 1.4)
    x += 18 + pen.text((x + 18, 50), "start of a shot", 14, _INK) + 22
    if plan.keys:
        _diamond(pen, x + 6, 58)
        pen.text((x + 18, 50), "key frame", 14, _INK)


def _draw_frame(pen: _Pen, plan: Plan, panel: _Panel, numbered: bool) -> None:
    left, right = panel.x(panel.first), panel.x(panel.last)
    for time in _ticks(panel):
        pen.line([(panel.x(time), panel.top), (panel.x(time), panel.bottom)], _GRID, 1)
    for y in (panel.top, panel.bottom):
        pen.line([(left, y), (right, y)], _GRID, 1)
    free: float = 0
    for shot in plan.shots:
        x = panel.x(shot.start)
        pen.line([(x, panel.top - 12 * numbered), (x, panel.bottom)], _CUT, 1.2)
        if numbered and x + 4 >= free:
            free = x + 12 + pen.text((x + 4, panel.top - 16), f"{shot.n}", 12, _FAINT)


def _ticks(panel: _Panel) -> Iterator[float]:
    length = panel.last - panel.first
    step = next((each for each in _TICKS if length / each <= 16), _TICKS[-1])
    count = int(np.ceil(panel.first / step))
    while count * step <= panel.last + 1e-9:
        yield count * step
        count += 1


def _draw_scale(pen: _Pen, panel: _Panel, name: str, ends: tuple[str, str]) -> None:
    middle = (panel.low + panel.high) / 2
    for value, text in ((panel.low, ends[0]), (middle, name), (panel.high, ends[1])):
        pen.text((_LEFT - 10, panel.y(value)), text, 13, _FAINT, "rm")


# ---- the path ----


def _draw_path(pen: _Pen, plan: Plan, panel: _Panel, axis: int) -> None:
    for windows, colour in _runs(plan):
        near = [each.x if axis == 0 else each.y for each in windows]
        size = [each.width if axis == 0 else each.height for each in windows]
        times = [panel.x(each.time) for each in windows]
        upper = [(x, panel.y(each)) for x, each in zip(times, near, strict=True)]
        lower = [
            (x, panel.y(each + extent)) for x, each, extent in zip(times, near, size, strict=True)
        ]
        pen.polygon(upper + lower[::-1], (*colour, 44))
        pen.line(upper, (*colour, 110), 1)
        pen.line(lower, (*colour, 110), 1)
        targets = [each.target_x if axis == 0 else each.target_y for each in windows]
        wanted = [(x, panel.y(each)) for x, each in zip(times, targets, strict=True)]
        pen.line(wanted, _TARGET, 1.2)
        centre = np.array(near) + np.array(size) / 2
        points = [(x, panel.y(each)) for x, each in zip(times, centre, strict=True)]
        for first, last in _moves(centre):
            pen.line(points[first : last + 1], colour, 4)
        pen.line(points, colour, 1.6)
    length = (plan.source.width, plan.source.height)[axis]
    for key in plan.keys:
        share = key.x if axis == 0 else key.y
        if share is not None:
            _diamond(pen, panel.x(key.time), panel.y(share * length))


def _runs(plan: Plan) -> Iterator[tuple[list[Window], Colour]]:
    """Give the frames of each shot, up to where the next one begins, and their colour."""
    runs = [list(group) for _, group in groupby(plan.frames, key=lambda window: window.shot)]
    ends = [*(run[0].time for run in runs[1:]), _end(plan)]
    for run, end in zip(runs, ends, strict=True):
        yield [*run, replace(run[-1], time=end)], COLOURS[run[-1].strategy]


def _moves(centre: Numbers) -> Iterator[tuple[int, int]]:
    """Give the first and the last frame of each move."""
    moving = np.flatnonzero(np.abs(np.diff(centre)) > 1e-6)
    if not len(moving):
        return
    # A path on steps of whole samples rests for a few frames within a slow move.
    breaks = np.flatnonzero(np.diff(moving) > 8)
    for part in np.split(moving, breaks + 1):
        yield int(part[0]), int(part[-1]) + 1


def _diamond(pen: _Pen, x: float, y: float) -> None:
    pen.polygon([(x - 6, y), (x, y - 6), (x + 6, y), (x, y + 6)], _KEY)


# ---- speed ----


def _draw_speed(pen: _Pen, plan: Plan, times: Numbers, top: float) -> None:
    limit = plan.options.get("max_speed")
    limit = float(limit) if isinstance(limit, (int, float)) else None
    runs = [_speed(windows, plan) for windows, _ in _runs(plan)]
    fastest = max((float(speed.max()) for _, speed in runs if len(speed)), default=0.0)
    highest = 1.15 * max(fastest, _LEAST_TOP_SPEED)
    panel = _Panel(top, _LOW, times[0], _end(plan), highest, 0)
    _draw_frame(pen, plan, panel, numbered=False)
    pen.text((_LEFT - 10, panel.y(0)), "0", 13, _FAINT, "rm")
    pen.text((_LEFT - 10, panel.y(highest)), f"{highest:.2f}", 13, _FAINT, "rm")
    middle = panel.y(highest / 2)
    pen.text((_LEFT - 10, middle - 8), "widths", 13, _FAINT, "rm")
    pen.text((_LEFT - 10, middle + 8), "a second", 13, _FAINT, "rm")
    if limit is not None and limit < highest:
        y = panel.y(limit)
        for x in range(_LEFT, _WIDTH - _RIGHT, 12):
            pen.line([(x, y), (x + 6, y)], _LIMIT, 1.2)
        pen.text((_WIDTH - _RIGHT, y - 3), "max_speed", 12, _LIMIT, "rd")
    for (windows, colour), (at, speed) in zip(_runs(plan), runs, strict=True):
        if len(windows) > 1:
            points = [(panel.x(t), panel.y(v)) for t, v in zip(at, speed, strict=True)]
            ground = [(points[-1][0], panel.y(0)), (points[0][0], panel.y(0))]
            pen.polygon(points + ground, (*colour, 90))
            pen.line(points, colour, 1.6)
    for time in _ticks(panel):
        pen.text((panel.x(time), panel.bottom + 8), _clock(time), 13, _FAINT, "ma")


def _speed(windows: Sequence[Window], plan: Plan) -> tuple[Numbers, Numbers]:
    """Give times and speeds of a run, over a span that evens out steps of whole samples."""
    times = np.array([each.time for each in windows])
    if len(windows) < 2:
        return times, np.zeros_like(times)
    x = np.array([each.x + each.width / 2 for each in windows])
    y = np.array([each.y + each.height / 2 for each in windows])
    reach = max(1, round(0.12 / max(float(np.median(np.diff(times))), 1e-6)))
    index = np.arange(len(times))
    before, after = np.maximum(index - reach, 0), np.minimum(index + reach, len(times) - 1)
    span = np.maximum(times[after] - times[before], 1e-9)
    moved = np.hypot(x[after] - x[before], y[after] - y[before])
    return times, moved / span / plan.source.width


def _clock(time: float) -> str:
    minutes, seconds = divmod(time, 60)
    return f"{int(minutes)}:{seconds:04.1f}" if time % 1 else f"{int(minutes)}:{int(seconds):02d}"
