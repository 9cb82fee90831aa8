# SPDX-License-Identifier: MIT
"""What is drawn over a picture, and the plot of a path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import DATA, PLAIN, leftovers, times
from PIL import Image
from plans import made_plan
from test_cli import line_of, run

import smartcrop
from smartcrop.frames.window import STRATEGIES
from smartcrop.preview import preview
from smartcrop.previews.overlay import (
    COLOURS,
    Why,
    box_text,
    caption,
    caption_lines,
    draw,
    shortened,
)
from smartcrop.previews.path_plot import path_plot
from smartcrop.previews.sheet import Candidate, arranged

Maker = Callable[..., Path]
GREY = np.full((360, 640, 3), 128, np.uint8)


def window() -> smartcrop.Window:
    """A window of 202x360 at 219, whose middle is that of the picture; its target is at 300."""
    return replace(made_plan().frames[0], x=219, target_x=300, target_y=180)


def pixels(why: Why | None = None, at: smartcrop.Window | None = None) -> np.ndarray:
    return np.asarray(draw(GREY, at or window(), (640, 360), why)).astype(int)


def test_the_window_is_outlined_in_the_colour_of_its_strategy_and_the_rest_is_dark() -> None:
    shown = pixels()
    assert tuple(shown[100, 219]) == COLOURS["hold"]
    assert tuple(shown[100, 420]) == COLOURS["hold"]
    assert (shown[100, 100] < 64).all()
    assert (shown[100, 250] == 128).all()


def test_every_strategy_has_a_colour_of_its_own() -> None:
    shown = {tuple(pixels(at=replace(window(), strategy=each))[100, 219]) for each in COLOURS}
    assert len(shown) == len(STRATEGIES) == 4


def test_the_target_is_a_cross() -> None:
    shown = pixels()
    for y, x in ((180, 293), (180, 307), (173, 300), (187, 300)):
        assert (shown[y, x] > 240).all()
    assert (shown[173, 293] == 128).all()


def test_the_dead_zone_has_four_corners() -> None:
    different = (pixels(Why(dead_zone=0.5)) != pixels()).any(axis=2)
    rows, columns = np.nonzero(different)
    assert abs(columns.min() - (320 - 50.5)) <= 1.5
    assert abs(columns.max() - (320 + 50.5)) <= 1.5
    assert abs(rows.min() - 90) <= 1.5
    assert abs(rows.max() - 270) <= 1.5


def test_required_boxes_differ_from_optional_ones() -> None:
    optional = pixels(Why(boxes=[smartcrop.Box(40, 60, 80, 100, 0.5, False, "face")]))
    required = pixels(Why(boxes=[smartcrop.Box(40, 60, 80, 100, 0.5, True, "face")]))
    plain = pixels()
    for y, x in ((110, 40), (159, 80)):
        assert (plain[y, x] != optional[y, x]).any()
        assert (optional[y, x] != required[y, x]).any()
    assert (optional[110, 80] == plain[110, 80]).all()


def subject(number: int, required: bool = False) -> smartcrop.Box:
    return smartcrop.Box(240, 60, 80, 100, 0.5, required, "subject", number, 0.8, 1)


def test_each_subject_has_a_colour_of_its_own() -> None:
    edges = {number: pixels(Why(boxes=[subject(number)]))[110, 240] for number in range(1, 9)}
    for number, colour in edges.items():
        others = [other for each, other in edges.items() if each != number]
        assert min(np.abs(colour - other).max() for other in others) > 20
    assert (pixels(Why(boxes=[subject(3)])) == pixels(Why(boxes=[subject(3)]))).all()


def test_a_subject_that_stands_out_has_a_wider_outline_in_its_own_colour() -> None:
    plain, strong = (pixels(Why(boxes=[subject(3, required)])) for required in (False, True))
    assert (plain[110, 240] == strong[110, 240]).all()
    assert (plain[110, 241] == pixels()[110, 241]).all()
    assert (strong[110, 241] == strong[110, 240]).all()


def test_a_subject_is_named_by_its_id_and_its_class() -> None:
    assert box_text(subject(3), ("ball",)) == "#3 ball 0.80"
    assert box_text(subject(3), ()) == "#3 class 0 0.80"
    assert box_text(smartcrop.Box(0, 0, 9, 9, 2, kind="text"), ()) == "text 2"


def test_the_subject_that_is_followed_is_drawn_thick_and_in_the_colour_of_the_window() -> None:
    alone = replace(window(), subject=smartcrop.Box(240, 60, 80, 100, id=3, followed=True))
    shown = pixels(at=alone)
    for x in (240, 241, 242):
        assert np.abs(shown[110, x] - COLOURS["hold"]).max() < 30, x
    known = replace(subject(3), followed=True)
    both = pixels(Why(boxes=[known, subject(4)]), alone)
    assert (both[110, 240] == shown[110, 240]).all(), "it is drawn once, over the others"


def test_the_caption_names_whom_the_window_goes_after() -> None:
    boxes = (subject(3), subject(4))
    alone = replace(
        window(),
        reason="it goes after the subject that stands out",
        subject=smartcrop.Box(240, 60, 80, 100, id=3, followed=True),
        evidence=smartcrop.Evidence(np.ones((2, 2), np.float32) / 4, boxes),
    )
    assert caption_lines(alone, ("person",))[1] == (
        "hold: it goes after the subject that stands out · #3, person"
    )
    assert caption_lines(replace(alone, evidence=None))[1].endswith("stands out · #3")
    unknown = replace(alone, subject=smartcrop.Box(1, 2, 3, 4, followed=True))
    assert caption_lines(unknown)[1].endswith("stands out")


def test_boxes_that_reach_out_of_the_picture_are_drawn_as_far_as_it_goes() -> None:
    shown = pixels(Why(boxes=[smartcrop.Box(-50, -40, 90, 100, 1, True, "subject")]))
    assert (shown[20, 39] != pixels()[20, 39]).any()


def test_the_caption_says_why() -> None:
    text = caption(replace(window(), reason="one subject, still"))
    assert "hold: one subject, still" in text
    assert ": " not in caption(replace(window(), reason="")).replace("0:00", "")


def test_a_caption_of_two_lines_says_where_and_then_why() -> None:
    where, why = caption_lines(replace(window(), reason="one subject, still", fallback=True))
    assert why == "hold: one subject, still"
    assert "shot 0 · confidence" in where
    assert where.endswith("fallback")
    assert caption(replace(window(), reason="")).endswith(" · hold")


def test_a_long_caption_is_cut_off() -> None:
    short = shortened("word " * 40, 14, 200)
    assert short.endswith("…")
    assert shortened("word", 14, 200) == "word"
    assert len(short) < 60


# ---- the plot ----


def colours(image: Image.Image) -> set[tuple[int, ...]]:
    return {tuple(colour) for _, colour in image.getcolors(1 << 24) or []}  # type: ignore[misc, arg-type]


def test_a_plot_shows_the_window_where_it_is() -> None:
    plan = smartcrop.edit(made_plan(), shot=0, strategy="hold", x=0.5)
    image = np.asarray(path_plot(plan, "title")).astype(int)
    # A column within the first shot, away from the lines of the scale.
    column = image[90:380, 74 + 1500 // 6 + 20]
    strong = np.flatnonzero(np.abs(column - COLOURS["hold"]).max(axis=1) < 40)
    assert abs(strong.mean() + 6 - 150) <= 2
    tinted = np.flatnonzero((column - image[390, 74 + 1500 // 6 + 20]).max(axis=1) > 8)
    assert tinted.min() + 6 == pytest.approx(200 / 640 * 300, abs=2)  # the target
    band = tinted[np.diff(tinted, prepend=0) > 1][1:] + 6
    assert band.min() == pytest.approx((0.5 - 101 / 640) * 300, abs=2)
    assert tinted.max() + 6 == pytest.approx((0.5 + 101 / 640) * 300, abs=2)


def test_a_plot_uses_the_colours_of_the_strategies_and_marks_key_frames() -> None:
    plan = made_plan()
    plain = colours(path_plot(plan, "title"))
    assert {COLOURS[each] for each in ("hold", "pan", "follow")} <= plain
    assert COLOURS["fit"] not in plain
    assert (255, 235, 110) not in plain
    marked = colours(path_plot(smartcrop.edit(plan, keys=[(0.8, 0.4)]), "title"))
    assert (255, 235, 110) in marked


def test_a_plot_of_one_frame_is_drawn(tmp_path: Path) -> None:
    plan = made_plan()
    one = smartcrop.Plan.of(plan.source, plan.output, plan.options, plan.frames[:1])
    assert path_plot(one, "one").width == 1600


def test_a_window_that_can_move_up_and_down_gets_a_second_panel() -> None:
    plan = made_plan()
    flat = replace(plan, frames=[replace(each, height=180.0) for each in plan.frames])
    assert path_plot(flat, "both").height > path_plot(plan, "one").height + 250


# ---- the command ----


def test_a_plot_is_made_of_a_video_or_of_a_plan_alone(clip: Maker, tmp_path: Path) -> None:
    source, plan = clip(), tmp_path / "a.plan"
    smartcrop.analyze(source, **PLAIN).save(plan)
    first, second, third = (tmp_path / f"{name}.png" for name in ("one", "two", "three"))
    assert run("preview", source, first, "--show", "path").returncode == 0
    assert run("preview", "--plan", plan, "-o", second, "--show", "path").returncode == 0
    assert run("preview", third, "--plan", plan, "--show", "path").returncode == 0
    assert second.read_bytes() == third.read_bytes()
    of_video, of_plan = (np.asarray(Image.open(each)).astype(int) for each in (first, second))
    assert np.abs(of_video - of_plan).mean() < 0.1  # a plan file rounds what it keeps
    assert leftovers(tmp_path, source, plan, first, second, third) == []


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["IN", "OUT.mp4", "--show", "path"], ".png"),
        (["IN", "OUT.png", "--show", "maps"], "frames, motion or path"),
        (["IN"], "--output"),
        (["-o", "OUT.png"], "needs the video"),
        (["-o", "OUT.png", "--show", "path"], "--plan"),
    ],
)
def test_a_preview_that_cannot_be_is_one_line(
    clip: Maker, tmp_path: Path, arguments: list[str], word: str
) -> None:
    source = clip(frames=2)
    names = {"IN": source, "OUT.mp4": tmp_path / "OUT.mp4", "OUT.png": tmp_path / "OUT.png"}
    done = run("preview", *(names.get(each, each) for each in arguments))
    assert done.returncode == 2
    assert word in line_of(done)
    assert leftovers(tmp_path, source) == []


def test_a_preview_of_a_plan_shows_the_targets_that_the_plan_has(
    clip: Maker, tmp_path: Path
) -> None:
    source, plan = clip(frames=8), tmp_path / "a.plan"
    decided = smartcrop.analyze(source, **PLAIN)
    sheets = []
    for target in (40.0, 120.0):
        frames = [replace(each, target_x=target) for each in decided.frames]
        replace(decided, frames=frames).save(plan)
        preview(source, tmp_path / "sheet.png", cells=1, plan=str(plan))
        sheets.append(np.asarray(Image.open(tmp_path / "sheet.png")).astype(int))
    changed = np.abs(sheets[0] - sheets[1]).max(axis=(0, 2))
    assert changed[18 + 40] > 60
    assert changed[18 + 120] > 60


@pytest.mark.skipif(not (DATA / "clips").is_dir(), reason=f"no real clips below {DATA}")
def test_a_sheet_of_a_real_clip_shows_every_shot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Candidate] = []

    def arrange(chosen: list[Candidate], title: str, names: tuple[str, ...]) -> Image.Image:
        shown.extend(chosen)
        return arranged(chosen, title, names)

    monkeypatch.setattr("smartcrop.previews.preview.arranged", arrange)
    source = DATA / "clips" / "bikes.mp4"
    preview(source, tmp_path / "sheet.png", cells=9, **PLAIN)
    shots = [shot.n for shot in smartcrop.analyze(source, **PLAIN).shots]
    assert len(shots) > 3
    assert len(shown) == 9
    assert {each.window.shot for each in shown} == set(shots)


@pytest.mark.skipif(not (DATA / "clips").is_dir(), reason=f"no real clips below {DATA}")
def test_a_preview_of_a_real_clip_has_every_frame(tmp_path: Path) -> None:
    source, video = DATA / "clips" / "bikes.mp4", tmp_path / "why.mp4"
    preview(source, video, **PLAIN)
    assert len(times(video)) == len(times(source))
