# SPDX-License-Identifier: MIT
"""What the temporal stream is told of motion, on pictures whose motion is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter, map_coordinates

from export.judging.moving import LEAST_SPEED, speeds
from export.judging.windows import Clip
from export.networks import SaliencyNetwork
from export.networks.base import double
from export.networks.motion import Motion, grey

SIZE, CELLS = (64, 112), (16, 28)
FINE = ((3, 4), (2, 4), (1, 4), (0, 2))


@pytest.fixture
def texture() -> np.ndarray:
    """Smooth levels about 0 with a deviation of 40, larger than the pictures."""
    noise = gaussian_filter(np.random.default_rng(5).normal(size=(128, 224)), 3)
    return 40 * noise / noise.std()


def view(texture: np.ndarray, x: float = 0, y: float = 0, zoom: float = 0) -> torch.Tensor:
    """A picture from the texture's middle, x and y in samples off it, (1, 1, *SIZE)."""
    rows, columns = np.indices(SIZE) + 0.5
    rows = (rows - SIZE[0] / 2) * (1 + zoom) + y + texture.shape[0] / 2 - 0.5
    columns = (columns - SIZE[1] / 2) * (1 + zoom) + x + texture.shape[1] / 2 - 0.5
    picture = map_coordinates(texture, [rows, columns], order=1)
    return torch.from_numpy(picture).float()[None, None]


def with_patch(picture: torch.Tensor, texture: np.ndarray, left: int) -> torch.Tensor:
    """The picture with a piece of another texture on it, 16 samples wide and high."""
    picture = picture.clone()
    picture[0, 0, 24:40, left : left + 16] = torch.from_numpy(texture[:16, :16] + 30)
    return picture


@pytest.mark.parametrize(("x", "y", "zoom"), [(0, 0, 0), (6, -3, 0), (-2, 1, 0.03)])
def test_the_camera_is_found(texture: np.ndarray, x: float, y: float, zoom: float) -> None:
    motion = Motion(SIZE, CELLS, FINE)
    # The newer frame's samples come from where the older one has them: at shift and zoom.
    frames = motion.about_one_level(view(texture), view(texture, x, y, zoom))
    found = motion.camera(frames)[0, :, 0].numpy()
    assert found == pytest.approx([x / 56, y / 32, zoom], abs=0.004)


def test_a_moving_subject_does_not_pull_the_camera_along(texture: np.ndarray) -> None:
    motion = Motion(SIZE, CELLS, FINE)
    before = with_patch(view(texture), texture, 40)
    now = with_patch(view(texture, 3), texture, 46)
    found = motion.camera(motion.about_one_level(before, now))[0, :, 0].numpy()
    assert found == pytest.approx([3 / 56, 0, 0], abs=0.006)


def test_what_moves_against_a_panning_camera_stands_out(texture: np.ndarray) -> None:
    motion = Motion(SIZE, CELLS, FINE)
    before = with_patch(view(texture), texture, 40)
    speed = motion(before, with_patch(view(texture, 3), texture, 46))[0, 0]
    there = torch.zeros(CELLS, dtype=torch.bool)
    there[6:10, 10:16] = True
    assert speed[there].mean() > 4 * speed[~there].mean()


def test_a_change_of_exposure_is_no_motion(texture: np.ndarray) -> None:
    motion = Motion(SIZE, CELLS, FINE)
    picture = view(texture)
    assert motion(picture, picture + 20)[0, 0].max() < 0.01


def test_grey_is_brightness_in_levels_about_the_middle() -> None:
    white = torch.ones(1, 3, 8, 8)
    assert grey(white).shape == (1, 1, 4, 4)
    assert grey(white).mean().item() == pytest.approx(127.5)
    assert grey(-white).mean().item() == pytest.approx(-127.5)


def test_a_first_frame_gets_the_spatial_streams_map_alone() -> None:
    network = SaliencyNetwork().eval()
    torch.nn.init.constant_(network.temporal.hint[1].bias, 1.0)
    picture = torch.randn(1, 3, *network.size)
    with torch.no_grad():
        logits, *state = network(picture, *network.initial_state(1))
        alone = network.decode(*network.encode(picture))
        second, *_ = network(picture, *state)
    assert torch.equal(logits, alone)
    assert (second - alone).min() > 0.7  # half of 2 tanh(1) everywhere


def test_pictures_without_structure_leave_numbers() -> None:
    network = SaliencyNetwork().eval()
    state = network.initial_state(1)
    with torch.no_grad():
        for level in (0.0, 0.0, 1.0, -1.0):
            logits, *state = network(torch.full((1, 3, *network.size), level), *state)
            assert all(torch.isfinite(each).all() for each in (logits, *state))


def test_the_hint_is_bounded() -> None:
    network = SaliencyNetwork().eval()
    torch.nn.init.constant_(network.temporal.hint[1].bias, 1e6)
    state = network.initial_state(1)
    with torch.no_grad():
        hint, _ = network.temporal(state[0], state[0], state[1], torch.ones(1, 1, 1, 1))
    assert double(hint).abs().max() <= 2


def test_a_subjects_speed_is_that_against_the_camera(texture: np.ndarray) -> None:
    def picture(x: float) -> np.ndarray:
        levels = np.clip(view(texture, x)[0, 0].numpy() + 128, 0, 255).astype(np.uint8)
        return np.repeat(levels.repeat(2, 0).repeat(2, 1)[:, :, None], 3, 2)

    # The camera pans by 3 of 112 samples. One subject stands in the scene, one goes with it.
    pictures = [picture(0), picture(3)]
    stands = np.array([[50.0, 20, 8, 8], [47.0, 20, 8, 8]]) * 2
    goes = np.array([[50.0, 20, 8, 8], [50.0, 20, 8, 8]]) * 2
    still, moving = (speeds(pictures, Clip((224, 128), boxes), 4.0) for boxes in (stands, goes))
    assert np.isnan(still[0])
    assert still[1] < LEAST_SPEED / 4
    assert moving[1] == pytest.approx(4 * 3 / 112, rel=0.1)
