# SPDX-License-Identifier: MIT
"""A person's hand: changes what a plan asks for, and solves anew the shots that it concerns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np

from .. import arguments
from ..cropper import write_log
from ..errors import OptionError
from ..frames.window import STRATEGIES, Strategy
from ..keywords import core_options
from . import solve
from .parts import Key, Shot
from .plan import Plan, marked

_SAME_TIME_S = 0.001


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to change.

    Attributes
    ----------
    shots : tuple of int
        Numbers of the shots that the rest is for.
    strategy : str, optional
        How to crop them.
    x, y : float, optional
        Where the centre of a still window is, as shares of the picture.
    keys : tuple of Key
        Key frames to add; each is for the shot that it lies in.
    clear : bool
        Go back to what was decided, in these shots or, without any, in all.
    follow : str, optional
        Whom to follow in these shots or, without any, in all; as the option ``follow`` says it.
    """

    shots: tuple[int, ...] = ()
    strategy: Strategy | None = None
    x: float | None = None
    y: float | None = None
    keys: tuple[Key, ...] = ()
    clear: bool = False
    follow: str | None = None

    @property
    def empty(self) -> bool:
        """True where nothing is to change, so that what the rows ask for is carried out."""
        return not (self.shots or self.keys or self.clear or self.follow)


def edit(
    plan: Plan | str | os.PathLike[str],
    *,
    shot: int | Iterable[int] | None = None,
    strategy: Strategy | None = None,
    x: float | None = None,
    y: float | None = None,
    keys: Iterable[Key | tuple[float, ...]] = (),
    clear: bool = False,
    follow: str | None = None,
    analysis: str | os.PathLike[str] | None = None,
) -> Plan:
    """Change how shots of a plan are cropped; the frames of all other shots stay as they are.

    Without any wish, what the plan's own rows ask for is carried out, as after a strategy was
    changed or a key frame was written in a text editor.

    An edited shot is decided with the plan's own options, from what the analysis saw. Where no
    analysis is left, the targets of the plan's frames stand in.

    Parameters
    ----------
    plan : Plan, str or path
        A plan, or a file with one.
    shot : int or several, optional
        Numbers of the shots that ``strategy``, ``x`` and ``y`` are for.
    strategy : str, optional
        ``hold``: one still window. ``pan``: one move. ``follow``: a smooth path along what is
        wanted. ``fit``: the whole picture. Each is what the option ``strategy`` makes of the shot.
    x, y : float, optional
        The centre of a still window, as shares of the picture's width and height.
    keys : iterable of Key or tuple
        Key frames, ``(seconds, x)`` or ``(seconds, x, y)``: the window's centre is there at that
        time. A ``pan`` moves through them; ``follow`` stays on what is wanted between them; a
        ``hold`` rests at its key frame and becomes a pan with a second one.
    clear : bool
        Go back to what was decided, in ``shot`` or, without one, everywhere.
    follow : str, optional
        Whom to follow in ``shot`` or, without one, everywhere, in the words of the option
        ``follow``; it needs the analysis. A point without a time is one in the shot's first frame.
        ``auto`` leaves it to the camera again.
    analysis : str or path, optional
        The file that the option ``keep`` wrote for this video. By default the one that the plan
        notes, if it lies beside the plan's file, or here where the plan was not read from one.

    Returns
    -------
    Plan
        The edited plan.

    Raises
    ------
    Error
        For a shot or a time that the plan does not have, a place outside the picture, or an
        analysis of another video.

    Examples
    --------
    >>> plan = smartcrop.edit("in.plan", shot=3, strategy="hold", x=0.4)    # doctest: +SKIP
    >>> smartcrop.edit(plan, keys=[(12.5, 0.7)]).save("in.plan")            # doctest: +SKIP
    """
    wish = Wish(
        _numbers(shot),
        strategy,
        arguments.optional(arguments.number, "x", x),
        arguments.optional(arguments.number, "y", y),
        _keys(keys),
        arguments.flag("clear", clear),
        arguments.optional(arguments.text, "follow", follow),
    )
    scenes = arguments.optional(arguments.path, "analysis", analysis)
    if isinstance(plan, Plan):
        return carried_out(plan, wish, scenes)
    return carried_out(Plan.load(plan), wish, scenes, Path(plan).parent)


def _numbers(shot: object) -> tuple[int, ...]:
    if shot is None:
        return ()
    several = isinstance(shot, Iterable) and not isinstance(shot, (str, bytes))
    given = cast("Iterable[object]", shot) if several else (shot,)
    return tuple(arguments.natural("shot", each) for each in given)


def _keys(keys: object) -> tuple[Key, ...]:
    if not isinstance(keys, Iterable) or isinstance(keys, (str, bytes)):
        arguments.refuse("keys", keys, "a list of key frames")
    return tuple(_key(each) for each in keys)


def _key(given: object) -> Key:
    place: tuple[object, ...] = ()
    if isinstance(given, Key):
        place = (given.time, given.x) if given.y is None else (given.time, given.x, given.y)
    elif isinstance(given, Iterable) and not isinstance(given, (str, bytes)):
        place = tuple(given)
    if len(place) not in (2, 3):
        arguments.refuse("a key frame", given, "(seconds, x) or (seconds, x, y)")
    return Key(*(arguments.number("a key frame's number", each) for each in place))


def carried_out(plan: Plan, wish: Wish, analysis: str | None = None, folder: Path = Path()) -> Plan:
    """Give the plan with a wish carried out; ``folder`` is where its file lies."""
    _check(plan, wish)
    if wish.follow and not wish.shots:
        wish = replace(wish, shots=tuple(shot.n for shot in plan.shots))
    key_shots = [_shot_at(plan, key) for key in wish.keys]
    if wish.empty or (wish.clear and not wish.shots):
        touched = [shot.n for shot in plan.shots]
    else:
        touched = sorted({*wish.shots, *(shot.n for shot in key_shots)})
    if wish.clear:
        plan = _cleared(plan, touched)
    plan = _with_keys(plan, wish.keys, {shot.n for shot in key_shots})
    shots = [_asked(plan, each, wish) if each.n in wish.shots else each for each in plan.shots]
    plan = replace(plan, shots=shots)
    if analysis is None and any(plan.is_edited(shot) for shot in plan.shots if shot.n in touched):
        analysis = _noted(plan, folder)
    return marked(solve.solved(plan, set(touched), analysis))


def _noted(plan: Plan, folder: Path) -> str | None:
    """Find the analysis that a plan notes; one line says so where it is gone."""
    name = Path(plan.analysis).name
    if not name:
        return None
    path = folder / name
    if path.is_file():
        return str(path)
    write_log(1, f"analysis {path} is gone: edits go by the targets that the plan has")
    return None


# ---- what is asked ----


def _check(plan: Plan, wish: Wish) -> None:
    numbers = [shot.n for shot in plan.shots]
    for number in wish.shots:
        if number not in numbers:
            have = f"{numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else f"only {numbers[0]}"
            raise OptionError(f"shot {number}: the plan has {have} (--list shows them)")
    if wish.strategy is not None and wish.strategy not in STRATEGIES:
        names = ", ".join(STRATEGIES)
        raise OptionError(f"strategy {wish.strategy!r} is none of {names}")
    placed = wish.x is not None or wish.y is not None
    if (wish.strategy or placed) and not wish.shots:
        raise OptionError("strategy, x and y need the shot that they are for (--shot N)")
    if placed and wish.strategy not in (None, "hold"):
        raise OptionError(
            f"x and y place a still window, so strategy {wish.strategy} does not take them; "
            "use --strategy hold, or --key for a window that moves",
        )
    if wish.follow is not None:
        core_options({"follow": wish.follow})
    for name, value in (("x", wish.x), ("y", wish.y)):
        _check_share(name, value)
    for key in wish.keys:
        _check_share(f"key {key.time:g}s: x", key.x)
        _check_share(f"key {key.time:g}s: y", key.y)


def _check_share(name: str, value: float | None) -> None:
    if value is not None and not 0 <= value <= 1:
        raise OptionError(
            f"{name} is {value:g}, but is a share of the picture: "
            "from 0 (left or top) to 1 (right or bottom)",
        )


def _shot_at(plan: Plan, key: Key) -> Shot:
    """Find the shot that a key frame lies in."""
    for shot in plan.shots:
        if key in replace(plan, keys=[key]).keys_of(shot):
            return shot
    first, last = plan.shots[0].start, plan.shots[-1].end
    raise OptionError(
        f"key {key.time:g}s: the plan goes from {first:.2f} s to {last:.2f} s; "
        "give a time between them",
    )


def _with_keys(plan: Plan, keys: Sequence[Key], in_shots: set[int]) -> Plan:
    """Add key frames; the newest wish counts, so they replace older ones and still places."""
    times = [key.time for key in keys]
    kept = [key for key in plan.keys if all(abs(key.time - t) > _SAME_TIME_S for t in times)]
    shots = [replace(shot, x=None, y=None) if shot.n in in_shots else shot for shot in plan.shots]
    return replace(plan, keys=sorted([*kept, *keys], key=lambda key: key.time), shots=shots)


def _asked(plan: Plan, shot: Shot, wish: Wish) -> Shot:
    """Note in a shot what is asked of it."""
    placed = wish.x is not None or wish.y is not None
    if placed and plan.keys_of(shot):
        raise OptionError(
            f"shot {shot.n} has key frames, which say where its window is; "
            "take them away first (--clear)",
        )
    strategy = wish.strategy or ("hold" if placed else shot.strategy)
    asked = strategy == shot.decided and (wish.strategy is not None or shot.asked)
    if not placed:
        keep = strategy == "hold"
        x, y = (shot.x, shot.y) if keep else (None, None)
    else:
        x = shot.x if wish.x is None else wish.x
        y = shot.y if wish.y is None else wish.y
    follow = shot.follow if wish.follow is None else wish.follow
    return replace(shot, strategy=strategy, x=x, y=y, asked=asked, follow=follow)


def _cleared(plan: Plan, numbers: Sequence[int]) -> Plan:
    """Take back what a person asked of some shots."""
    chosen = [shot for shot in plan.shots if shot.n in numbers]
    gone = {key for shot in chosen for key in plan.keys_of(shot)}
    shots = [_as_decided(shot) if shot.n in numbers else shot for shot in plan.shots]
    return replace(plan, shots=shots, keys=[key for key in plan.keys if key not in gone])


def _as_decided(shot: Shot) -> Shot:
    decided = shot.decided or shot.strategy
    return replace(shot, strategy=decided, x=None, y=None, asked=False, follow="")


# ---- what to show a person ----


def table(plan: Plan) -> list[tuple[str, ...]]:
    """Describe each shot: number, start, end, strategy, centre of the window, why."""
    found: list[tuple[str, ...]] = [("shot", "start", "end", "strategy", "x", "y", "why")]
    for shot in plan.shots:
        windows = [window for window in plan.frames if window.shot == shot.n]
        if not windows:
            continue
        across = [(each.x + each.width / 2) / plan.source.width for each in windows]
        down = [(each.y + each.height / 2) / plan.source.height for each in windows]
        strategy = shot.strategy if not plan.is_edited(shot) else f"{shot.strategy} (by hand)"
        row = (f"{shot.n}", f"{shot.start:.2f}", f"{shot.end:.2f}", strategy)
        found.append((*row, _range(across), _range(down), shot.why))
    return found


def _range(shares: Sequence[float]) -> str:
    low, high = float(np.min(shares)), float(np.max(shares))
    return f"{low:.2f}" if high - low < 0.005 else f"{low:.2f} to {high:.2f}"
