# SPDX-License-Identifier: MIT
"""One box a clip where it moves, from the codec's motion vectors."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from conftest import DATA, Clip, leftovers, make_clip
from PIL import Image
from test_cli import line_of, run

from smartcrop import Error, motion
from smartcrop.motion import ClipBox, clip_box, clip_boxes

Maker = Callable[..., Path]
WIDTH, HEIGHT, SIDE = 320, 240, 64
X264 = {"preset": "medium", "g": "60"}


def picture(index: int, place: tuple[int, int], pan: int = 0) -> np.ndarray:
    """A textured square that goes to and fro near a place, over a textured ground."""
    ground = np.random.default_rng(3).integers(60, 120, (HEIGHT // 8, WIDTH // 4, 3))
    ground = ground.astype(np.uint8).repeat(8, 0).repeat(8, 1)[:, 64 + pan * index :][:, :WIDTH]
    square = np.random.default_rng(5).integers(120, 250, (SIDE // 8, SIDE // 8, 3))
    shift = round(12 * np.sin(index / 4))
    left, top = place[0] + shift, place[1] + shift // 2
    shown = ground.copy()
    shown[top : top + SIDE, left : left + SIDE] = square.astype(np.uint8).repeat(8, 0).repeat(8, 1)
    return shown


def made(
    path: Path,
    place: tuple[int, int] = (220, 150),
    *,
    frames: int = 40,
    codec: str = "libx264",
    pan: int = 0,
    options: dict[str, str] | None = None,
    rotation: int = 0,
) -> Path:
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, 25)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.codec_context.options = X264 if options is None else options
        if rotation:
            video.set_display_rotation(rotation)
        for index in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(index, place, pan), "rgb24")
            container.mux(video.encode(frame.reformat(format="yuv420p")))
        container.mux(video.encode(None))
    return path


def holds(box: ClipBox, place: tuple[int, int], side: int = SIDE) -> bool:
    """The middle three quarters of the square are inside."""
    margin = side // 8
    return (
        box.x <= place[0] + margin
        and box.y <= place[1] + margin
        and box.x + box.width >= place[0] + side - margin
        and box.y + box.height >= place[1] + side - margin
    )


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


# ---- where nothing is known ----


def one_frame(folder: Path) -> Path:
    return made(folder / "in.mp4", frames=1)


def intra_only(folder: Path) -> Path:
    return made(folder / "in.mp4", options={"g": "1", "preset": "ultrafast"})


def hevc(folder: Path) -> Path:
    return made(folder / "in.mp4", codec="libx265", options={"x265-params": "log-level=none"})


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


# ---- many clips ----


@pytest.fixture
def three(tmp_path: Path) -> list[Path]:
    """A clip, a file that is no video, and another clip."""
    text = tmp_path / "text.mp4"
    text.write_text("no video")
    return [made(tmp_path / "a.mp4", (24, 20)), text, made(tmp_path / "b.mp4", (230, 150))]


@pytest.mark.parametrize("jobs", [None, 1, 3])
def test_a_batch_goes_on_after_an_error_and_keeps_the_order(
    three: list[Path], jobs: int | None
) -> None:
    told: list[tuple[int, int]] = []
    found = list(clip_boxes(iter(three), 0.3, jobs=jobs, progress=lambda *done: told.append(done)))
    assert [path for path, _ in found] == three
    first, error, last = (box for _, box in found)
    assert isinstance(first, ClipBox) and holds(first, (24, 20))
    assert isinstance(error, Error) and "text.mp4" in str(error)
    assert isinstance(last, ClipBox) and holds(last, (230, 150))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert first == clip_box(three[0], 0.3)


def test_a_batch_may_be_left_before_its_end(three: list[Path]) -> None:
    found: Iterator[tuple[Path, ClipBox | Error]] = clip_boxes(three * 20, jobs=2)
    next(found)
    found.close()  # type: ignore[attr-defined]


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


# ---- the command ----


def test_the_command_writes_a_line_of_json_for_each_clip(three: list[Path]) -> None:
    done = run("motion-box", three[0], three[2], "--area", "0.3", "--grid", "6x8")
    assert (done.returncode, done.stderr) == (0, b"")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    box = clip_box(three[0], 0.3)
    assert rows[0] == {
        "file": str(three[0]),
        "x": box.x,
        "y": box.y,
        "width": box.width,
        "height": box.height,
        "picture": [WIDTH, HEIGHT],
        "frames": 40,
        "vectors": box.vectors,
        "fallback": False,
    }
    assert rows[1]["file"] == str(three[2])


def test_the_command_reports_bad_files_and_goes_on(three: list[Path], tmp_path: Path) -> None:
    names = tmp_path / "list.txt"
    names.write_text("# clips\n\n" + "\n".join(str(path) for path in three[1:]) + "\n")
    output, folder = tmp_path / "boxes.jsonl", tmp_path / "densities" / "6x8"
    done = run("motion-box", three[0], "--list", names, "-o", output, "--npy", folder)
    assert (done.returncode, done.stdout) == (1, b"")
    assert "text.mp4" in line_of(done)
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert [Path(row["file"]).name for row in rows] == ["a.mp4", "b.mp4"]
    assert sorted(each.name for each in folder.iterdir()) == ["a.npy", "b.npy"]
    assert (np.load(folder / "a.npy") == clip_box(three[0]).density).all()


def test_a_list_may_come_through_a_pipe(three: list[Path]) -> None:
    done = run("motion-box", "--list", "-", input=f"{three[0]}\n".encode())
    assert json.loads(done.stdout)["file"] == str(three[0])


def test_the_command_says_what_is_wrong_in_one_line(three: list[Path], tmp_path: Path) -> None:
    a, _, b = three
    twin = tmp_path / "other"
    twin.mkdir()
    made(twin / "a.mp4", frames=2)
    wrong = {
        "--list FILE": [],
        "--grid 6": [a, "--grid", "6"],
        "grid 0x8": [a, "--grid", "0x8"],
        "area 2": [a, "--area", "2"],
        "jobs 0": [a, "--jobs", "0"],
        "--picture both.png": [a, b, "--picture", "both.png"],
        "a.npy": [a, twin / "a.mp4", "--npy", tmp_path / "npy"],
    }
    for words, arguments in wrong.items():
        done = run("motion-box", *arguments)
        assert (done.returncode, done.stdout) == (2, b""), words
        assert words in line_of(done)
    done = run("motion-box", "--list", tmp_path / "none.txt")
    assert done.returncode == 1
    assert "none.txt" in line_of(done)
    done = run("motion-box", a, "-o", tmp_path / "missing" / "boxes.jsonl")
    assert done.returncode == 1
    assert "missing" in line_of(done)
    assert leftovers(tmp_path, *three, twin) == []


def test_the_command_warns_once_where_nothing_moves(tmp_path: Path) -> None:
    done = run("motion-box", intra_only(tmp_path))
    assert done.returncode == 0
    assert json.loads(done.stdout)["fallback"]
    assert "whole picture" in line_of(done)


# ---- pictures ----


@pytest.mark.parametrize("compat", [False, True])
def test_a_picture_shows_vectors_density_and_box(tmp_path: Path, compat: bool) -> None:
    path, output = made(tmp_path / "in.mp4", (220, 150), pan=2), tmp_path / "box.png"
    flags = ["--compat"] if compat else []
    done = run("motion-box", path, "--area", "0.3", "--picture", output, *flags)
    assert (done.returncode, done.stderr) == (0, b"")
    shown = np.asarray(Image.open(output).convert("RGB")).astype(int)
    assert shown.shape[1] > 2 * 800

    def share_of(colour: tuple[int, int, int], part: np.ndarray) -> float:
        return float((np.abs(part - colour).max(axis=2) < 12).mean())

    left = shown[54:-44, 18 : 18 + 860]
    assert share_of((255, 214, 64), left[500:, 560:]) > 0.01  # arrows of the square ...
    assert share_of((255, 214, 64), left[:300, :400]) < 0.001  # ... and not of the ground
    assert share_of((98, 190, 255), left) > 0.001  # the camera
    assert share_of((130, 226, 142), left) > 0.001  # our box
    assert (share_of((255, 105, 180), left) > 0.001) == compat


def test_a_picture_of_a_clip_without_motion_says_so(tmp_path: Path) -> None:
    output = tmp_path / "box.png"
    done = run("motion-box", hevc(tmp_path), "--picture", output)
    assert done.returncode == 0
    assert Image.open(output).size[0] > 1600
    done = run("motion-box", tmp_path / "in.mp4", "--picture", tmp_path / "box.jpg")
    assert done.returncode == 2
    assert leftovers(tmp_path, output, tmp_path / "in.mp4") == []


def test_real_clips_have_boxes_or_a_reason() -> None:
    clips = sorted((DATA / "clips").glob("*.mp4"))
    if not clips:
        pytest.skip(f"no clips in {DATA / 'clips'}")
    for path, box in clip_boxes(clips):
        assert isinstance(box, ClipBox), path
        assert not box.fallback, path
        assert box.frames > 50
        assert Fraction(box.width * box.height, box.picture[0] * box.picture[1]) < 1
