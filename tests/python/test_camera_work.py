# SPDX-License-Identifier: MIT
"""What the camera does in scenes that every reframing tool is asked about."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
import scenes
from scenes import Array

import smartcrop
from smartcrop import Window

SHARE = 9 / 16 * scenes.HEIGHT / scenes.WIDTH  # of the width that the window has


def decide(frames: Iterable[Array], **options: object) -> list[Window]:
    """The windows of a made clip, each shot seen whole, by what moves alone."""
    chosen = {"model": "none", "whole_shots": True, "aspect": "9:16", **options}
    cropper = smartcrop.Cropper(scenes.WIDTH, scenes.HEIGHT, fps=scenes.FPS, **chosen)
    with cropper:
        windows = [window for frame in frames for window in cropper.push(frame)]
        return windows + cropper.flush()


def middles(windows: list[Window]) -> np.ndarray:
    """Centres along x, as shares of the picture."""
    return np.array([window.x + window.width / 2 for window in windows]) / scenes.WIDTH


def shows(window: Window, place: float) -> bool:
    return window.x <= place * scenes.WIDTH <= window.x + window.width


def reversals(windows: list[Window]) -> int:
    steps = np.diff(middles(windows))
    signs = np.sign(steps[np.abs(steps) > 1e-9])
    return int(np.sum(signs[1:] != signs[:-1]))


def test_one_speaker_then_the_other_is_one_move_and_never_the_gap_between_them() -> None:
    windows = decide(scenes.scene(10, scenes.talking(5)))
    assert all(shows(window, 0.14) for window in windows[: 4 * scenes.FPS])
    assert all(shows(window, 0.86) for window in windows[-3 * scenes.FPS :])
    between = [not shows(w, 0.14) and not shows(w, 0.86) for w in windows]
    assert sum(between) < 1.5 * scenes.FPS, "on its way, no longer"
    assert reversals(windows) <= 1


def test_a_switch_can_be_a_cut() -> None:
    windows = decide(scenes.scene(10, scenes.talking(5)), switch="cut")
    steps = np.abs(np.diff(middles(windows)))
    assert np.sum(steps > 0.3) == 1
    assert np.sum((steps > 0.02) & (steps <= 0.3)) == 0
    assert {window.shot for window in windows} == {0}


def test_a_subject_that_leaves_is_followed_to_the_edge_and_not_beyond() -> None:
    windows = decide(scenes.scene(6, scenes.walking(0.3, 0.2)))
    there = [w for w in windows if 0.3 + 0.2 * w.time < 0.97]
    assert np.mean([shows(w, 0.3 + 0.2 * w.time) for w in there]) > 0.95
    assert all(w.x >= 0 and w.x + w.width <= scenes.WIDTH for w in windows)
    assert reversals(windows) <= 1


def test_a_tiny_ball_is_kept() -> None:
    windows = decide(scenes.scene(5, scenes.bouncing))
    kept = [shows(window, scenes.ball_at(window.time)[0]) for window in windows]
    assert np.mean(kept) > 0.9
    assert reversals(windows) <= 2


def test_a_page_of_text_is_fitted() -> None:
    windows = decide(scenes.scene(4, scenes.title))
    assert {window.strategy for window in windows} == {"fit"}
    assert min(window.width for window in windows) > 0.85 * scenes.WIDTH
    assert "text" in windows[0].reason


def test_black_bars_are_left_out() -> None:
    paint = scenes.letterboxed(scenes.walking(0.3, 0.05))
    windows = decide(scenes.scene(4, paint))
    for window in windows:
        assert window.y >= 46
        assert window.y + window.height <= scenes.HEIGHT - 46
        assert window.height > scenes.HEIGHT - 2 * 46 - 8
        assert window.width / window.height == pytest.approx(9 / 16, rel=0.02)
    kept = decide(scenes.scene(4, paint), borders="keep")
    assert {window.height for window in kept} == {scenes.HEIGHT}


def test_a_camera_that_pans_with_its_subject_needs_no_window_that_moves() -> None:
    windows = decide(scenes.scene(5, scenes.walking(0.6, 0.0), pan=0.15))
    assert np.mean([shows(window, 0.6) for window in windows]) > 0.95
    assert np.ptp(middles(windows)) < 0.1


def test_fast_cuts_are_jumps_and_between_them_the_window_stays_with_its_shot() -> None:
    places = (0.2, 0.8, 0.3, 0.7, 0.5, 0.2)
    frames = [
        frame
        for number, place in enumerate(places)
        for frame in scenes.scene(
            0.4, scenes.walking(place, 0.1, seed=number), seed=30 + 7 * number
        )
    ]
    windows = decide(frames)
    starts = [window.frame for window in windows if window.start]
    assert starts == [10 * n for n in range(6)]
    steps = np.abs(np.diff(middles(windows)))
    jumps = [frame for frame in range(1, 60) if steps[frame - 1] > 0.05]
    assert set(jumps) <= set(starts)


def test_a_dissolve_is_glided_through() -> None:
    first = list(scenes.scene(3, scenes.walking(0.2, 0.02), seed=3))
    second = list(scenes.scene(3, scenes.walking(0.8, 0.02, seed=9), seed=77))
    windows = decide(scenes.dissolve(first, second, 20))
    assert [window.frame for window in windows if window.start] == [0]
    assert windows[-1].shot == 1
    assert shows(windows[10], 0.2)
    assert shows(windows[-10], 0.84)
    assert np.abs(np.diff(middles(windows))).max() < 0.05


def test_a_flash_is_no_cut() -> None:
    frames = list(scenes.scene(4, scenes.walking(0.3, 0.03)))
    frames[50] = np.full_like(frames[50], 250)
    windows = decide(frames)
    assert {window.shot for window in windows} == {0}
    assert np.abs(np.diff(middles(windows))).max() < 0.02


def test_a_still_photo_is_held_without_a_move() -> None:
    windows = decide(scenes.scene(4, scenes.nothing))
    assert {window.strategy for window in windows} == {"hold"}
    assert len({(window.x, window.y, window.width) for window in windows}) == 1


def test_a_required_box_is_whole_in_every_frame_while_the_window_moves() -> None:
    cropper = smartcrop.Cropper(
        scenes.WIDTH, scenes.HEIGHT, fps=scenes.FPS, model="none", aspect="9:16"
    )
    boxes, windows = [], []
    with cropper:
        for index, frame in enumerate(scenes.scene(6, scenes.walking(0.9, 0.0))):
            left = 60 + 2.0 * index
            boxes.append((left, left + 120))
            box = smartcrop.Box(left, 120, 120, 160, required=True)
            windows += cropper.push(frame, boxes=[box])
        windows += cropper.flush()
    for (left, right), window in zip(boxes, windows, strict=True):
        assert window.x <= left + 4, window.frame
        assert window.x + window.width >= right - 4, window.frame
    assert np.abs(np.diff([w.x for w in windows])).max() < 8, "and it glides"


def test_required_boxes_far_apart_are_fitted() -> None:
    cropper = smartcrop.Cropper(
        scenes.WIDTH, scenes.HEIGHT, fps=scenes.FPS, model="none", aspect="9:16"
    )
    boxes = [
        smartcrop.Box(40, 100, 80, 100, required=True),
        smartcrop.Box(500, 100, 80, 100, required=True),
    ]
    with cropper:
        windows = [
            window
            for frame in scenes.scene(3, scenes.talking(5))
            for window in cropper.push(frame, boxes=boxes)
        ] + cropper.flush()
    assert {window.strategy for window in windows} == {"fit"}
    for window in windows:
        assert window.x <= 40
        assert window.x + window.width >= 580


def test_zoom_comes_nearer_to_what_is_small_and_keeps_the_output() -> None:
    frames = list(scenes.scene(4, scenes.walking(0.5, 0.01, size=0.2)))
    plain, near = decide(frames), decide(frames, zoom=3)
    assert near[50].height < 0.7 * plain[50].height
    assert near[50].height >= scenes.HEIGHT / 3 - 1
    assert len({window.height for window in near}) == 1
    assert all(shows(window, 0.5 + 0.01 * window.time) for window in near)
