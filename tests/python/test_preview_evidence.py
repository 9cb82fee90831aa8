# SPDX-License-Identifier: MIT
"""The glow of a preview is the evidence of the very frame that it is drawn on."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from conftest import PLAIN

import smartcrop
from smartcrop import cropper as cropper_module
from smartcrop.frames.window import Evidence
from smartcrop.preview import preview
from smartcrop.previews import preview as preview_module
from smartcrop.previews.kept_evidence import KeptEvidence
from smartcrop.previews.overlay import Why

WIDTH, HEIGHT, RATE, FRAMES = 192, 108, 25, 50
# Maps of motion lag: the square passes three frames' way, 0.13 of the width, between two looks. The
# map of another moment would be up to 0.7 away.
NEAR = 0.14


def place(index: int) -> float:
    """Where the square's middle is in a frame, as a share of the width: there and back again."""
    return 0.5 - 0.35 * np.cos(2 * np.pi * index / FRAMES)


def film(path: Path) -> Path:
    """Two seconds of a bright square that moves over a dark, even background."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", RATE, options={"crf": "12", "preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for index in range(FRAMES):
            picture = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
            left = round(place(index) * WIDTH) - 12
            picture[42:66, left : left + 24] = (235, 220, 60)
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = index, Fraction(1, RATE)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("glow") / "film.mp4")


@pytest.fixture
def glows(monkeypatch: pytest.MonkeyPatch) -> dict[int, Why]:
    """What is drawn on each frame."""
    drawn: dict[int, Why] = {}
    draw = preview_module.draw

    def watched(picture: Any, window: smartcrop.Window, size: Any, why: Why) -> Any:
        drawn[window.frame] = why
        return draw(picture, window, size, why)

    monkeypatch.setattr(preview_module, "draw", watched)
    return drawn


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """One entry for each frame that is analysed: a plan that is rendered looks at nothing."""
    seen: list[int] = []
    push = cropper_module.Cropper.push

    def counted(self: smartcrop.Cropper, *given: Any, **named: Any) -> Any:
        if not self.options.plan:
            seen.append(1)
        return push(self, *given, **named)

    monkeypatch.setattr(cropper_module.Cropper, "push", counted)
    yield seen


def middle_of(evidence: np.ndarray) -> float:
    """Where a map's upper half of values lies, as a share of the width."""
    weights = np.maximum(evidence - 0.5 * evidence.max(), 0).sum(axis=0)
    return float((weights * (np.arange(len(weights)) + 0.5)).sum() / weights.sum() / len(weights))


CASES: dict[str, dict[str, Any]] = {
    "whole shots": {},
    "a look-ahead": {"lookahead": 0.5},
    "no look-ahead": {"lookahead": 0.0},
    "whole shots in one pass": {"whole_shots": True},
}


@pytest.mark.parametrize("options", CASES.values(), ids=CASES)
def test_the_glow_of_each_frame_lies_on_the_square_where_it_is_then(
    source: Path, tmp_path: Path, glows: dict[int, Why], options: dict[str, Any]
) -> None:
    preview(source, tmp_path / "out.mp4", **PLAIN, **options)
    assert sorted(glows) == list(range(FRAMES))
    for index in (4, 8, 13, 20, 25, 30, 37, 42, 46, 49):
        evidence = glows[index].evidence
        assert evidence is not None
        assert middle_of(evidence) == pytest.approx(place(index), abs=NEAR), index


def test_the_glow_on_a_sheet_lies_on_the_square_too(
    source: Path, tmp_path: Path, glows: dict[int, Why]
) -> None:
    preview(source, tmp_path / "out.png", cells=50, **PLAIN)
    assert len(glows) >= 40
    for index, why in glows.items():
        if index >= 4:
            assert why.evidence is not None
            assert middle_of(why.evidence) == pytest.approx(place(index), abs=NEAR), index


@pytest.mark.parametrize("name", ["out.mp4", "out.png"])
def test_a_preview_looks_at_a_video_as_often_as_an_analysis(
    source: Path, tmp_path: Path, looks: list[int], name: str
) -> None:
    smartcrop.analyze(source, **PLAIN)
    analysed = len(looks)
    assert analysed == FRAMES
    looks.clear()
    preview(source, tmp_path / name, **PLAIN)
    # One more than that may be a look at the first frame, for the size of the output.
    assert analysed <= len(looks) <= analysed + 1


def test_the_windows_that_are_shown_are_those_of_the_analysis(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[smartcrop.Window] = []
    caption = preview_module.caption
    monkeypatch.setattr(
        preview_module,
        "caption",
        lambda window, *more: (shown.append(window), caption(window, *more))[1],
    )
    preview(source, tmp_path / "out.mp4", **PLAIN)
    assert shown == smartcrop.analyze(source, **PLAIN).frames


def test_motion_is_drawn_over_the_same_glow(
    source: Path, tmp_path: Path, glows: dict[int, Why]
) -> None:
    preview(source, tmp_path / "plain.mp4", **PLAIN)
    plain = dict(glows)
    preview(source, tmp_path / "motion.mp4", show="motion", **PLAIN)
    for index in (0, 20, 49):
        assert np.array_equal(plain[index].evidence, glows[index].evidence)  # type: ignore[arg-type]


def test_a_plan_that_is_shown_has_no_glow(
    source: Path, tmp_path: Path, glows: dict[int, Why]
) -> None:
    plan = tmp_path / "a.plan"
    smartcrop.analyze(source, dead_zone=0.37, **PLAIN).save(plan)
    preview(source, tmp_path / "out.mp4", plan=plan)
    assert {why.evidence is None for why in glows.values()} == {True}
    assert {why.dead_zone for why in glows.values()} == {0.37}


# ---- the evidence of windows ----


def frames(count: int) -> list[np.ndarray]:
    pictures = []
    for index in range(count):
        picture = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
        left = round(place(index) * WIDTH) - 12
        picture[42:66, left : left + 24] = (235, 220, 60)
        pictures.append(picture)
    return pictures


@pytest.mark.parametrize("options", [{"whole_shots": True}, {"lookahead": 0.4}], ids=str)
def test_each_window_has_its_own_evidence_where_many_are_decided_at_once(
    options: dict[str, Any],
) -> None:
    cropper = smartcrop.Cropper(WIDTH, HEIGHT, fps=RATE, evidence=True, **PLAIN, **options)
    windows = [window for frame in frames(FRAMES) for window in cropper.push(frame)]
    windows += cropper.flush()
    for index in (5, 20, 30, 49):
        evidence = windows[index].evidence
        assert evidence is not None
        assert evidence.map.sum() == pytest.approx(1, abs=1e-3)
        assert middle_of(evidence.map) == pytest.approx(place(index), abs=NEAR)


def test_windows_have_no_evidence_unless_it_is_asked_for() -> None:
    plain = smartcrop.Cropper(WIDTH, HEIGHT, fps=RATE, **PLAIN)
    asked = smartcrop.Cropper(WIDTH, HEIGHT, fps=RATE, evidence=True, **PLAIN)
    one = [window for _, window in plain.run(frames(5))]
    two = [window for _, window in asked.run(frames(5))]
    assert one == two
    assert {window.evidence for window in one} == {None}
    assert None not in {window.evidence for window in two}


def test_boxes_are_those_of_the_window_s_own_frame() -> None:
    cropper = smartcrop.Cropper(WIDTH, HEIGHT, fps=RATE, evidence=True, whole_shots=True, **PLAIN)
    windows = []
    for index, frame in enumerate(frames(40)):
        box = (20, 30, 40, 40) if index < 20 else (120, 30, 40, 40)
        windows += cropper.push(frame, boxes=[box])
    windows += cropper.flush()
    for index, left in ((2, 20), (10, 20), (30, 120), (39, 120)):
        evidence = windows[index].evidence
        assert evidence is not None
        assert [box.x for box in evidence.boxes if box.kind == "caller"] == [left]


def test_kept_evidence_is_given_back_as_it_was() -> None:
    random = np.random.default_rng(3)
    plan = smartcrop.Cropper(WIDTH, HEIGHT, fps=RATE, evidence=True, **PLAIN)
    windows = [window for _, window in plan.run(frames(8))]
    with KeptEvidence() as kept:
        for window in windows:
            assert kept.take(window).evidence is None
        for index in random.permutation(8):
            given, had = kept.of(int(index)), windows[index].evidence
            assert isinstance(given, Evidence)
            assert isinstance(had, Evidence)
            assert given.map.sum() == pytest.approx(1)
            shape, wanted = given.map / given.map.max(), had.map / had.map.max()
            assert np.abs(shape - wanted).max() <= 0.5 / 255 + 1e-6
            assert given.boxes == had.boxes
        assert kept.of(8) is None
