# SPDX-License-Identifier: MIT
"""What the benchmark of clicks asks for, and how it judges a tracker by itself."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from . import click

Array = np.ndarray
SIZE = (320, 180)
FRAMES = 12


def boxes() -> Array:
    """A square that walks to the right, not seen in the first two frames."""
    rows = [[20 + 10 * index, 60, 40, 40] for index in range(FRAMES)]
    return np.array([*[[np.nan] * 4] * 2, *rows[2:]], float)


def times() -> Array:
    return np.arange(FRAMES) / 25


def numbers(wish: str) -> tuple[list[float], float]:
    place, at = wish.split("@")
    return [float(each) for each in place.split("x")], float(at)


def test_a_wish_is_told_of_the_first_frame_that_has_a_box() -> None:
    wishes = click.wishes_of("walker", boxes(), SIZE, times())
    assert {numbers(wish)[1] for wish in wishes.values()} == {0.08}
    (x, y), _ = numbers(wishes["point"])
    assert (x * SIZE[0], y * SIZE[1]) == (pytest.approx(60, abs=0.1), pytest.approx(80, abs=0.1))
    box, _ = numbers(wishes["box"])
    assert np.array(box) * np.tile(SIZE, 2) == pytest.approx([40, 60, 40, 40], abs=0.1)


def test_a_point_off_the_middle_is_a_fifth_of_the_sides_away_and_each_clip_has_its_own() -> None:
    places = []
    for name in ("one", "two"):
        (x, y), _ = numbers(click.wishes_of(name, boxes(), SIZE, times())["point, 20 % off"])
        places.append((x, y))
        assert np.hypot(x * SIZE[0] - 60, y * SIZE[1] - 80) == pytest.approx(8, abs=0.1)
    assert places[0] != places[1]
    again = click.wishes_of("one", boxes(), SIZE, times())
    assert numbers(again["point, 20 % off"])[0] == list(places[0])


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    """A film of grey pictures, for a peer that looks at none."""
    av = pytest.importorskip("av")
    path = tmp_path / "walker.mkv"
    with av.open(str(path), "w") as container:
        video = container.add_stream("ffv1", 25)
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        for index in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(np.full((180, 320, 3), 90, np.uint8), "rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 25)
            container.mux(video.encode(frame.reformat(format="yuv420p")))
        container.mux(video.encode(None))
    return path


def plan() -> Any:
    frames = [SimpleNamespace(time=at, width=101, height=180) for at in times()]
    return SimpleNamespace(source=SimpleNamespace(width=320, height=180), frames=frames)


def peer(shift: float) -> click.Peer:
    """Who knows where the box goes, but for so many pixels."""

    def start(_: Array, box: Array) -> Any:
        count = 0

        def follow(_: Array) -> Array:
            nonlocal count
            count += 1
            return np.add(box, [10 * count + shift, 0, 0, 0])

        return follow

    return start


def test_a_peer_is_judged_from_its_first_box_on(walk: Path) -> None:
    right = click.peer_row(walk, peer(0), boxes(), plan())
    wrong = click.peer_row(walk, peer(80), boxes(), plan())
    assert right[:2] == [pytest.approx(1), pytest.approx(1)]
    assert wrong[0] < 0.6
    assert wrong[1] < 0.4


def test_a_peer_that_cannot_run_is_left_out_with_a_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    peers = click.peers_of([f"mine={tmp_path}/none.onnx"])
    assert "mine" not in peers
    assert "left out" in capsys.readouterr().out
