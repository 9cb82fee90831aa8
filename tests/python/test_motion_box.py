# SPDX-License-Identifier: MIT
"""One box a clip where it moves, from the codec's motion vectors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from conftest import Clip, leftovers, make_clip
from motion_clips import HEIGHT, SIDE, WIDTH, X264, hevc, holds, intra_only, made

from smartcrop import Error, motion
from smartcrop.motion import ClipBox, clip_box, clip_boxes


def warnings_of(records: list[logging.LogRecord]) -> list[str]:
    return [each.getMessage() for each in records if each.levelno >= logging.WARNING]


def is_whole(box: ClipBox) -> bool:
    return (box.x, box.y, box.width, box.height) == (0, 0, *box.picture)


# ---- the box ----


@pytest.mark.parametrize("place", [(24, 20), (230, 150), (128, 88), (230, 20)])
@pytest.mark.parametrize("pan", [0, 2])
def test_what_moves_against_the_ground_is_in_the_box(
    tmp_path: Path, place: tuple[int, int], pan: int
) -> None:
    box = clip_box(made(tmp_path / "in.mp4", place, pan=pan), area=0.3)
    assert holds(box, place)
    assert (box.picture, box.frames, box.fallback) == ((WIDTH, HEIGHT), 40, False)
    assert box.vectors > 1000
    assert 0.27 <= box.width * box.height / (WIDTH * HEIGHT) <= 0.33


@pytest.mark.parametrize("codec", ["libx264", "mpeg4", "mpeg2video"])
def test_the_codecs_that_tell_vectors_find_it(tmp_path: Path, codec: str) -> None:
    options = {"g": "60"} if codec != "libx264" else X264
    box = clip_box(made(tmp_path / "in.mkv", codec=codec, options=options), area=0.3)
    assert holds(box, (220, 150))


@pytest.mark.parametrize("area", [0.1, 0.5, 0.75, 0.9])
@pytest.mark.parametrize("grid", [(6, 8), (3, 4), (12, 16), (7, 5)])
def test_the_box_has_the_area_of_the_nearest_cells(
    tmp_path: Path, area: float, grid: tuple[int, int]
) -> None:
    path = tmp_path.parent / "shared_clip.mp4"
    if not path.exists():
        made(path)
    box = clip_box(path, area, grid)
    cell = 1 / (grid[0] * grid[1])
    assert abs(box.width * box.height / (WIDTH * HEIGHT) - area) <= max(0.1 * area, cell) + 0.01
    assert box.density.shape == grid


def test_a_seed_reproduces_its_box_and_density(tmp_path: Path) -> None:
    path = made(tmp_path / "in.mp4")
    first, again, other = (clip_box(path, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert (first.density == again.density).all()
    assert (first.density != other.density).any()


def test_the_density_is_shares_of_the_motion(tmp_path: Path) -> None:
    path = made(tmp_path / "in.mp4")
    exact = motion.density(path, samples=0)
    assert (exact.shape, exact.dtype) == ((6, 8), np.float32)
    assert exact.sum() == pytest.approx(1, abs=1e-5)
    # The square goes to and fro in columns 5 to 7 and rows 3 to 5.
    assert exact[3:6, 5:8].sum() > 0.95
    drawn = motion.density(path, samples=100_000)
    assert np.abs(drawn - exact).max() < 0.01


def published_search(density: np.ndarray, area: float) -> tuple[int, int, int, int]:
    """Left, top, width and height in cells of the first rectangle with the largest sum."""
    rows, columns = density.shape
    wanted, most, best = area * rows * columns, -1.0, (0, 0, 0, 0)
    for high in range(1, rows + 1):
        for wide in range(1, columns + 1):
            if not wanted * 0.9 <= high * wide <= wanted * 1.1:
                continue
            for top in range(rows - high + 1):
                for left in range(columns - wide + 1):
                    held = density[top : top + high, left : left + wide].sum(dtype=np.float64)
                    if held > most + 1e-6:
                        most, best = held, (left, top, wide, high)
    return best


@pytest.mark.parametrize("area", [0.25, 0.5, 0.75])
def test_compat_counts_the_camera_and_searches_as_published(tmp_path: Path, area: float) -> None:
    path = made(tmp_path / "in.mp4", (220, 150), pan=2)
    theirs, ours = (clip_box(path, area, compat=compat) for compat in (True, False))
    assert theirs.density.max() < 3 * np.median(theirs.density)
    assert ours.density.max() > 10 * np.median(ours.density)
    left, top, wide, high = published_search(theirs.density, area)
    found = (theirs.x / 40, theirs.y / 40, theirs.width / 40, theirs.height / 40)
    assert found == (left, top, wide, high)
    assert theirs == clip_box(path, area, compat=True, seed=5, samples=7)


@pytest.mark.parametrize("rotation", [90, 180, -90])
def test_the_box_of_a_turned_clip_is_that_of_the_upright_picture(
    tmp_path: Path, rotation: int
) -> None:
    place = (230, 20)
    box = clip_box(made(tmp_path / "in.mp4", place, rotation=rotation), area=0.3)
    mark = np.zeros((HEIGHT, WIDTH))
    mark[place[1] : place[1] + SIDE, place[0] : place[0] + SIDE] = 1
    upright = np.rot90(mark, rotation // 90)
    rows, columns = np.nonzero(upright)
    assert box.picture == upright.shape[::-1]
    assert holds(box, (int(columns.min()), int(rows.min())))


def test_a_picture_smaller_than_the_grid_still_has_a_box(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "in.mp4", Clip(width=16, height=16, options=dict(X264)))
    box = clip_box(path, 0.5, (64, 64))
    assert 0 <= box.x < box.x + box.width <= 16
    assert 0 <= box.y < box.y + box.height <= 16


def test_progress_of_a_clip_ends_at_its_length(tmp_path: Path) -> None:
    told: list[tuple[int, float, float | None]] = []
    clip_box(made(tmp_path / "in.mp4"), progress=lambda *done: told.append(done))
    assert [each[0] for each in told] == list(range(1, 41))
    assert told[-1][1] == pytest.approx(39 / 25)
    assert told[-1][2] == pytest.approx(1.6, abs=0.05)


def test_a_density_is_saved_whole_or_not_at_all(tmp_path: Path) -> None:
    box = clip_box(made(tmp_path / "in.mp4"))
    path = tmp_path / "motion_vectors_denoised_all_mc_6_8.npy"
    box.save(path)
    assert (np.load(path) == box.density).all()
    box.save(tmp_path / "without_suffix")
    assert (np.load(tmp_path / "without_suffix") == box.density).all()
    with pytest.raises(Error, match="missing"):
        box.save(tmp_path / "missing" / "a.npy")
    kept = (path, tmp_path / "in.mp4", tmp_path / "without_suffix")
    assert leftovers(tmp_path, *kept) == []


# ---- where nothing is known ----


def one_frame(folder: Path) -> Path:
    return made(folder / "in.mp4", frames=1)


def motionless(folder: Path) -> Path:
    with av.open(str(folder / "in.mp4"), "w") as container:
        video = container.add_stream("libx264", 25)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        grey = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
        for _ in range(10):
            container.mux(video.encode(av.VideoFrame.from_ndarray(grey, "rgb24")))
        container.mux(video.encode(None))
    return folder / "in.mp4"


@pytest.mark.parametrize("make", [one_frame, intra_only, hevc, motionless])
@pytest.mark.parametrize("compat", [False, True])
def test_the_whole_picture_is_the_box_where_no_motion_is_known(
    tmp_path: Path,
    make: Callable[[Path], Path],
    compat: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = make(tmp_path)
    box = clip_box(path, compat=compat)
    assert is_whole(box) and box.fallback
    assert box.picture == (WIDTH, HEIGHT)
    assert box.density.sum() == pytest.approx(1)
    assert np.ptp(box.density) == 0
    [warning] = warnings_of(caplog.records)
    assert warning.startswith(f"{path}: ") and "whole picture" in warning


def test_a_clip_that_was_cut_off_counts_as_far_as_it_goes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = made(tmp_path / "in.ts", frames=80).read_bytes()
    cut = tmp_path / "cut.ts"
    cut.write_bytes(whole[: len(whole) // 2])
    box = clip_box(cut, area=0.3)
    assert 10 < box.frames < 80
    assert holds(box, (220, 150))
    assert not warnings_of(caplog.records)


def test_a_damaged_clip_has_a_box_or_an_error_and_never_ends_the_process(tmp_path: Path) -> None:
    seed = int(np.random.default_rng().integers(2**32))
    random = np.random.default_rng(seed)
    source = {name: made(tmp_path / name).read_bytes() for name in ("in.mp4", "in.mkv", "in.ts")}
    found = 0
    for number in range(30):
        name = list(source)[number % 3]
        data = bytearray(source[name])
        for _ in range(int(random.integers(1, 40))):
            data[int(random.integers(len(data)))] = int(random.integers(256))
        damaged = tmp_path / f"damaged_{name}"
        damaged.write_bytes(bytes(data))
        try:
            box = clip_box(damaged)
        except Error as error:
            assert "\n" not in str(error), f"seed {seed}"
            continue
        found += 1
        width, height = box.picture
        assert 0 <= box.x < box.x + box.width <= width, f"seed {seed}, {number}"
        assert 0 <= box.y < box.y + box.height <= height, f"seed {seed}, {number}"
    assert found > 0, f"seed {seed}"


def test_a_picture_that_changes_its_size_is_read_in_its_first_size(tmp_path: Path) -> None:
    small = make_clip(tmp_path / "small.ts", Clip(width=160, height=96, options=dict(X264)))
    joined = tmp_path / "joined.ts"
    joined.write_bytes(made(tmp_path / "large.ts").read_bytes() + small.read_bytes())
    box = clip_box(joined, area=0.3)
    assert box.picture == (WIDTH, HEIGHT)
    assert box.frames > 60
    assert holds(box, (220, 150))


# ---- wrong calls ----


@pytest.mark.parametrize(
    "wrong",
    [
        {"area": 0},
        {"area": 1.5},
        {"area": float("nan")},
        {"grid": (0, 8)},
        {"grid": (6, 300)},
        {"grid": (6, 8, 2)},
        {"samples": -1},
        {"seed": -1},
        {"seed": 2**64},
    ],
)
def test_a_value_out_of_range_is_named_before_anything_is_read(wrong: dict[str, object]) -> None:
    [name] = wrong
    with pytest.raises(Error, match=rf"^{name} "):
        clip_box("no such file.mp4", **wrong)  # type: ignore[arg-type]
    with pytest.raises(Error, match=rf"^{name} "):
        clip_boxes([], **wrong)  # type: ignore[arg-type]


def test_what_is_no_video_is_an_error_of_one_line(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("no video\n" * 100)
    for path in (text, tmp_path, tmp_path / "missing.mp4"):
        with pytest.raises(Error, match=path.name) as caught:
            clip_box(path)
        assert "\n" not in str(caught.value)
    with pytest.raises(Error, match="no number 3"):
        clip_box(made(tmp_path / "in.mp4", frames=2), video_stream=3)
