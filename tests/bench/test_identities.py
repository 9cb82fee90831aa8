# SPDX-License-Identifier: MIT
"""The core's tracker beside ByteTrack of the package ``trackers``, and the scores of both."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from .identity_scores import Array, Tracked, overlaps, score
from .track_tool import Look, build_tracks, look_of, run_reference, run_tracks

SIZE = (1280, 720)
FPS = 25
FRAMES = 200
STRONG = 0.6

pytestmark = pytest.mark.skipif(shutil.which("c++") is None, reason="there is no compiler")


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tracks(tmp_path_factory.mktemp("tracks"))


def people_at(frame: int) -> Array:
    """Six people: two pairs that cross, one who walks in a wave, one who stands."""
    time_s = frame / FPS
    lefts = [0.05 + 0.09 * time_s, 0.85 - 0.09 * time_s, 0.10 + 0.06 * time_s, 0.7 - 0.06 * time_s]
    tops = [0.30, 0.36, 0.62, 0.66]
    lefts += [0.45 + 0.05 * float(np.sin(time_s)), 0.92]
    tops += [0.05, 0.1]
    return np.array([[left, top, 0.06, 0.28] for left, top in zip(lefts, tops, strict=True)])


def covered(boxes: Array) -> Array:
    """Whether another person, who is nearer the camera, hides most of each."""
    hidden = np.zeros(len(boxes), bool)
    for i, box in enumerate(boxes):
        nearer = boxes[boxes[:, 1] > box[1]]
        hidden[i] = len(nearer) > 0 and overlaps(box[None], nearer).max() > 0.35
    return hidden


def scene(dips: bool = True) -> tuple[list[Look], list[Tracked]]:
    """Looks at the people at a constant rate, and who they are.

    Who is hidden is not found; for a second each their scores dip, so that only the second round
    of a tracker can hold them.
    """
    random = np.random.default_rng(3)
    looks, true = [], []
    for frame in range(FRAMES):
        boxes = people_at(frame)
        seen = ~covered(boxes)
        scores = np.full(len(boxes), 0.9)
        for person in range(len(boxes)):
            if dips and 20 + 25 * person <= frame < 45 + 25 * person:
                scores[person] = 0.3
        shaken = boxes + random.normal(0, 0.02, boxes.shape) * np.tile(boxes[:, 2:], 2)
        order = random.permutation(np.flatnonzero(seen))
        looks.append(look_of(frame / FPS, shaken[order], scores[order]))
        true.append(Tracked(np.flatnonzero(seen), boxes[seen]))
    return looks, true


def names_of(true: list[Tracked], found: list[Tracked]) -> list[list[int]]:
    """Tell for each person the identities that they are given, in order, without repeats."""
    names: list[list[int]] = [[] for _ in people_at(0)]
    for wanted, had in zip(true, found, strict=True):
        if not len(had.ids):
            continue
        shares = overlaps(wanted.boxes, had.boxes)
        for person, row in zip(wanted.ids, shares, strict=True):
            given = int(had.ids[row.argmax()])
            if row.max() >= 0.5 and names[person][-1:] != [given]:
                names[person].append(given)
    return names


def core(tool: Path, looks: list[Look]) -> list[Tracked]:
    return run_tracks(tool, SIZE[0] / SIZE[1], STRONG, looks, [look.time_s for look in looks])


def test_the_core_and_the_reference_give_the_same_identities(tool: Path) -> None:
    pytest.importorskip("trackers", reason="the package trackers is not installed")
    looks, true = scene()
    assert min(look.scores.min() for look in looks) < STRONG, "there are dips"
    assert any(len(look.scores) < len(people_at(0)) for look in looks), "there are occlusions"
    ours, theirs = core(tool, looks), run_reference(STRONG, looks, SIZE)
    for found in (ours, theirs):
        names = names_of(true, found)
        assert [len(each) for each in names] == [1] * len(names), "each has one name throughout"
        assert len({each[0] for each in names}) == len(names), "and it is nobody else's"
    # From the second look on, where both are sure of what they saw, each box has a partner.
    pairs = set()
    for mine, other in list(zip(ours, theirs, strict=True))[2:]:
        shares = overlaps(other.boxes, mine.boxes)
        pairs |= {
            (int(name), int(mine.ids[row.argmax()]))
            for name, row in zip(other.ids, shares, strict=True)
            if row.max() >= 0.5
        }
    assert len(pairs) == len(people_at(0)), "one identity there is one identity here"


def test_without_weak_boxes_who_dips_is_lost(tool: Path) -> None:
    looks, true = scene()
    strong = [
        look_of(look.time_s, look.boxes[look.scores >= STRONG], look.scores[look.scores >= STRONG])
        for look in looks
    ]
    with_weak, without = score(true, core(tool, looks)), score(true, core(tool, strong))
    assert with_weak.missed + 40 < without.missed
    assert with_weak.idf1 > without.idf1 + 2
    assert with_weak.switches == 0


def test_five_looks_a_second_hold_the_identities_too(tool: Path) -> None:
    looks, true = scene(dips=False)
    found = core(tool, looks[::5])
    assert score(true[::5], found).switches == 0
    names = names_of(true[::5], found)
    assert [len(each) for each in names] == [1] * len(names)


def rows(*boxes: tuple[int, float]) -> Tracked:
    """Boxes of a tenth of the picture, by id and left side."""
    return Tracked(
        np.array([name for name, _ in boxes], int),
        np.array([[left, 0.4, 0.1, 0.1] for _, left in boxes], float).reshape(-1, 4),
    )


Change = Callable[[list[Tracked]], list[Tracked]]


@pytest.mark.parametrize(
    ("change", "mota", "idf1", "switches"),
    [
        (lambda found: found, 100, 100, 0),
        (lambda found: [*found[:5], *(rows((9, 0.1), (2, 0.6)) for _ in found[5:])], 95, 75, 1),
        (lambda found: [rows((1, 0.1)) for _ in found], 50, 100 * 20 / 30, 0),
        (lambda found: [rows((1, 0.1), (2, 0.6), (3, 0.8)) for _ in found], 50, 80, 0),
        (lambda found: [rows() for _ in found], 0, 0, 0),
    ],
    ids=["right", "renamed", "missed", "extra", "nothing"],
)
def test_the_scores_are_those_that_can_be_counted_by_hand(
    change: Change, mota: float, idf1: float, switches: int
) -> None:
    true = [rows((1, 0.1), (2, 0.6)) for _ in range(10)]
    had = score(true, change(true))
    assert had.mota == pytest.approx(mota)
    assert had.idf1 == pytest.approx(idf1)
    assert had.switches == switches
