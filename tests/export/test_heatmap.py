# SPDX-License-Identifier: MIT
"""Running heatmap files by their description."""

import numpy as np
import onnx
import pytest
from tiny_models import BLOCK, GRID, HEIGHT, WIDTH, write_model

from export.heatmap import Heatmap, ModelError


def spot(width, height, x, y, colour=(255, 255, 255)):
    """A dark picture with a square of 8 pixels about (x, y)."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[y - 4 : y + 4, x - 4 : x + 4] = colour
    return picture


def peak(values):
    return np.unravel_index(values.argmax(), values.shape)


def test_a_map_has_the_wanted_size_the_sum_one_and_its_peak_on_the_spot(tmp_path):
    network = Heatmap(write_model(tmp_path / "a.onnx", std=[20, 20, 20]))
    picture = spot(128, 96, 96, 24)
    values = network(picture)
    assert values.shape == (96, 128)
    assert values.sum() == pytest.approx(1, abs=1e-4)
    assert np.abs(np.array(peak(values)) - (24, 96)).max() <= BLOCK
    small = network(picture, (24, 32))
    assert small.shape == (24, 32)
    assert np.abs(np.array(peak(small)) - (6, 24)).max() <= 1


@pytest.mark.parametrize(
    ("order", "expected"), [("RGB", (200 / 255 - 0.5) / 0.25), ("BGR", (40 / 255 - 0.5) / 0.25)]
)
def test_samples_are_put_in_order_scaled_and_normalised(tmp_path, order, expected):
    path = write_model(
        tmp_path / "a.onnx", order=order, range=1, mean=[0.5, 0.1, 0.2], std=[0.25, 1, 1]
    )
    picture = np.broadcast_to(np.array([200, 90, 40], np.uint8), (HEIGHT, WIDTH, 3))
    logits = Heatmap(path).logits(picture)
    assert logits.shape == GRID
    assert logits == pytest.approx(np.full(GRID, expected), rel=1e-5)


def test_padding_is_filled_as_described_and_cut_off_the_map(tmp_path):
    path = write_model(tmp_path / "a.onnx", fit="pad", pad_value=255, std=[20, 20, 20])
    network = Heatmap(path)
    picture = spot(48, 96, 12, 72)  # tall: padded left and right with white
    logits = network.logits(picture)
    assert logits[:, :4] == pytest.approx(np.full((GRID[0], 4), 255 / 20))
    values = network(picture)
    # 48 x 96 becomes 24 x 48 in the middle, cells 5 to 11; the white padding would win otherwise.
    assert np.abs(np.array(peak(values[:, 6:-6])) - (72, 6)).max() <= 2 * BLOCK


def test_state_is_carried_until_reset(tmp_path):
    path = write_model(tmp_path / "a.onnx", recurrent=True)
    network = Heatmap(path)
    first, second = spot(WIDTH, HEIGHT, 16, 16), spot(WIDTH, HEIGHT, 48, 32)
    alone = network.logits(second)
    network.reset()
    after_first = network.logits(first)
    both = network.logits(second)
    assert both == pytest.approx(alone + after_first)
    network.reset()
    assert network.logits(second) == pytest.approx(alone)


def test_a_stateless_reader_forgets_before_every_picture(tmp_path):
    path = write_model(tmp_path / "a.onnx", recurrent=True)
    network = Heatmap(path, stateless=True)
    assert network.recurrent
    second = spot(WIDTH, HEIGHT, 48, 32)
    network.logits(spot(WIDTH, HEIGHT, 16, 16))
    assert network.logits(second) == pytest.approx(Heatmap(path).logits(second))


def test_blur_widens_a_map_and_a_prior_pulls_it_to_the_middle(tmp_path):
    path = write_model(tmp_path / "a.onnx", std=[20, 20, 20])
    picture = spot(WIDTH, HEIGHT, 56, 24)

    def columns(values):
        share = values.sum(0)
        x = (np.arange(WIDTH) + 0.5) / WIDTH
        mean = (share * x).sum()
        return mean, (share * (x - mean) ** 2).sum()

    _, spread = columns(Heatmap(path)(picture))
    assert columns(Heatmap(path, blur=0.1)(picture))[1] > spread + 0.005
    soft = write_model(tmp_path / "soft.onnx", std=[80, 80, 80])
    mean, _ = columns(Heatmap(soft)(picture))
    assert abs(columns(Heatmap(soft, prior=0.1)(picture))[0] - 0.5) < 0.5 * abs(mean - 0.5)


def test_a_file_without_description_takes_one_and_else_says_what_is_missing(tmp_path):
    path = write_model(tmp_path / "a.onnx")
    model = onnx.load(str(path))
    del model.metadata_props[:]
    onnx.save(model, str(path))
    with pytest.raises(ModelError, match="does not describe itself"):
        Heatmap(path)
    described = Heatmap(path, {"width": WIDTH, "height": HEIGHT})
    assert described.logits(np.zeros((9, 9, 3), np.uint8)).shape == GRID


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ({"size": 3}, "no 'size'"),
        ({"order": "GBR"}, "order is RGB or BGR"),
        ({"std": [1, 0, 1]}, "std takes numbers above 0"),
        ({"name": "picture"}, "names picture"),
    ],
)
def test_a_slip_in_the_description_is_an_error_that_names_it(tmp_path, description, message):
    with pytest.raises(ModelError, match=message):
        Heatmap(write_model(tmp_path / "a.onnx", **description))


def test_a_state_that_is_not_described_is_an_error(tmp_path):
    with pytest.raises(ModelError, match="before"):
        Heatmap(write_model(tmp_path / "a.onnx", recurrent=True, state=False))


def test_a_missing_or_broken_file_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"none\.onnx: no such file"):
        Heatmap(tmp_path / "none.onnx")
    (tmp_path / "b.onnx").write_bytes(b"no network")
    with pytest.raises(ModelError, match=r"b\.onnx: ONNX Runtime cannot open it"):
        Heatmap(tmp_path / "b.onnx")
