# SPDX-License-Identifier: MIT
"""Motion vectors drawn on frames."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from conftest import times
from motion_clips import X264, made
from PIL import Image, ImageDraw
from test_cli import line_of, run

from smartcrop import _core
from smartcrop.previews.motion_overlay import CAMERA, MOVING, Moves, arrows, legend

STILL = (0.0,) * 6


def moves(
    blocks: list[tuple[float, float, float, float]], camera: tuple[float, ...] = STILL
) -> Moves:
    """Blocks of 16 x 16 at x, y that move by dx, dy, in a picture of 640 x 360."""
    records = np.zeros(len(blocks), _core.MOTION_VECTOR)
    for record, (x, y, dx, dy) in zip(records, blocks, strict=True):
        record["x"], record["y"], record["dx"], record["dy"] = x, y, dx, dy
        record["width"] = record["height"] = 16
    return Moves(records, camera, 640, 360)


def places(drawn: Image.Image, colour: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows that have a colour."""
    rows, columns = np.nonzero((np.asarray(drawn)[:, :, :3] == colour).all(axis=2))
    return columns, rows


def test_an_arrow_ends_at_its_block_and_is_five_frames_long() -> None:
    columns, rows = places(arrows(moves([(320, 180, 8, 0)]), (640, 360)), MOVING)
    assert columns.min() == pytest.approx(280, abs=2)
    assert columns.max() == pytest.approx(320, abs=2)
    assert rows.mean() == pytest.approx(180, abs=2)


def test_arrows_scale_with_the_picture_and_have_a_longest() -> None:
    columns, _ = places(arrows(moves([(320, 180, 0, 8)]), (320, 180)), MOVING)
    assert columns.mean() == pytest.approx(160, abs=2)
    columns, _ = places(arrows(moves([(320, 180, 200, 0)]), (640, 360)), MOVING)
    assert 0.1 * 640 < columns.max() - columns.min() < 0.15 * 640


def test_noise_is_not_drawn() -> None:
    drawn = arrows(moves([(320, 180, 0.1, 0.1)], (0.1, 0, 0, 0, 0, 0)), (640, 360))
    assert not np.asarray(drawn).any()
    assert moves([], (0.1, 0, 0, 0, 0, 0)).camera_rests


def test_the_camera_has_arrows_of_its_own_that_follow_its_zoom() -> None:
    # It moves what is 320 pixels right of the middle by 4 pixels, and what is left by -4.
    zoom = moves([], (0, 8, 0, 0, 0, 8))
    assert zoom.camera_at(640, 180) == (4, 0)
    assert not zoom.camera_rests
    columns, rows = places(arrows(zoom, (640, 360)), CAMERA)
    assert columns.min() < 100 and columns.max() > 540
    assert len(places(arrows(zoom, (640, 360)), MOVING)[0]) == 0
    assert rows.min() < 90 and rows.max() > 270


def test_the_legend_says_when_the_camera_rests() -> None:
    pen = ImageDraw.Draw(Image.new("RGB", (600, 40)))
    resting = legend(pen, (0, 0), 15, moves([]))
    assert resting > legend(pen, (0, 0), 15, moves([], (3, 0, 0, 0, 0, 0)))


def test_a_preview_with_motion_is_the_preview_with_arrows(tmp_path: Path) -> None:
    source = made(tmp_path / "in.mp4", (128, 88), pan=2)
    plain, moving = tmp_path / "plain.png", tmp_path / "moving.png"
    assert run("preview", source, plain, "--cells", "4").returncode == 0
    done = run("preview", source, moving, "--cells", "4", "--show", "motion")
    assert (done.returncode, done.stderr) == (0, b"")
    before, after = (np.asarray(Image.open(each).convert("RGB")) for each in (plain, moving))
    assert before.shape == after.shape
    assert len(places(Image.fromarray(before), MOVING)[0]) == 0
    assert len(places(Image.fromarray(after), MOVING)[0]) > 200
    assert len(places(Image.fromarray(after), CAMERA)[0]) > 50


def test_a_preview_video_with_motion_keeps_every_frame(tmp_path: Path) -> None:
    source, output = made(tmp_path / "in.mp4", (128, 88)), tmp_path / "out.mp4"
    assert run("preview", source, output, "--show", "motion").returncode == 0
    assert times(output) == times(source)


def test_a_preview_of_a_plan_has_arrows_too(tmp_path: Path) -> None:
    source, plan = made(tmp_path / "in.mp4", (128, 88)), tmp_path / "in.plan"
    assert run("analyze", source, "-o", plan).returncode == 0
    output = tmp_path / "out.png"
    assert run("preview", source, output, "--show", "motion", "--plan", plan).returncode == 0
    assert len(places(Image.open(output).convert("RGB"), MOVING)[0]) > 100


def test_a_preview_without_vectors_says_so_once(tmp_path: Path) -> None:
    params = {"x265-params": "log-level=none"}
    source = made(tmp_path / "in.mp4", codec="libx265", options=params)
    output = tmp_path / "out.png"
    done = run("preview", source, output, "--show", "motion")
    assert done.returncode == 0
    assert "no motion vectors" in line_of(done)
    assert output.exists()


def test_the_same_vectors_are_read_each_time(tmp_path: Path) -> None:
    """FFmpeg's frame threads copy vectors that another thread has yet to write."""
    from smartcrop.video.clip_motion import frames_as_coded, open_for_vectors
    from smartcrop.video.vectors import motion_vectors

    source = made(tmp_path / "in.mp4", options={**X264, "bf": "3"}, pan=2, frames=60)

    def read() -> list[bytes]:
        with open_for_vectors(source) as reader:
            found = (motion_vectors(frame) for frame in frames_as_coded(reader))
            return [b"" if each is None else each.tobytes() for each in found]

    first = read()
    assert sum(map(len, first)) > 0
    for _ in range(5):
        assert read() == first


def test_deblocking_does_not_change_vectors(tmp_path: Path) -> None:
    from smartcrop.video.clip_motion import frames_as_coded, open_for_vectors
    from smartcrop.video.vectors import motion_vectors

    source = made(tmp_path / "in.mp4", options={**X264, "bf": "3"}, pan=2)
    with open_for_vectors(source) as reader:
        quick = [motion_vectors(frame) for frame in frames_as_coded(reader)]
    with av.open(str(source)) as container:
        stream = container.streams.video[0]
        stream.codec_context.options = {"flags2": "+export_mvs"}
        stream.codec_context.thread_type = "SLICE"
        whole = [motion_vectors(frame) for frame in container.decode(stream)]
    for one, other in zip(quick, whole, strict=True):
        assert (one is None and other is None) or (one == other).all()  # type: ignore[union-attr]
