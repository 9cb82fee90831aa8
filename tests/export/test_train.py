# SPDX-License-Identifier: MIT
"""The whole of a training run, on tiny data drawn here: from a file to an ONNX file that runs."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from export import config as configs
from export import train
from export.data import splits
from export.heatmap import Heatmap

SALIENCY = """
network = "saliency"
epochs = {epochs}
steps = 2
stills = 3
clips = 2
movers = 2
frames = 3
people = false
warm_up = 1
workers = 0
"""
CENTER = """
network = "center"
epochs = {epochs}
steps = 3
stills = 3
clips = 4
movers = 0
frames = 1
people = false
head_rate = 1e-4
backbone_rate = 1e-5
workers = 0
"""


def draw(width: int, height: int, x: float, y: float) -> Image.Image:
    """A disc on a slope of grey; x and y of its middle as shares."""
    slope = np.linspace(40, 160, width)[None, :, None] + np.zeros((height, 1, 3))
    picture = Image.fromarray(slope.astype(np.uint8))
    radius = 0.12 * height
    corner = (x * width - radius, y * height - radius, x * width + radius, y * height + radius)
    ImageDraw.Draw(picture).ellipse(corner, fill=(230, 60, 30))
    return picture


def draw_stills(folder: Path, names: list[str]) -> None:
    """Pictures of a disc, and ten viewers who look at it."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(3)
    with gzip.open(folder / "fixations.csv.gz", "wt") as file:
        table = csv.writer(file)
        table.writerow(["image", "viewer", "order", "x", "y"])
        for name in names:
            x, y = random.uniform(0.2, 0.8, 2)
            draw(160, 120, x, y).save(folder / name)
            for viewer in range(10):
                at = np.clip(random.normal([x, y], 0.02), 0.01, 0.99)
                table.writerow([name, viewer, 0, *at])


def draw_clip(path: Path) -> None:
    """A disc that crosses the picture in two seconds, and its boxes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = []
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=16)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for index in range(32):
            x = 0.2 + 0.6 * index / 31
            file.mux(stream.encode(av.VideoFrame.from_image(draw(160, 96, x, 0.5))))
            rows.append([index, x * 160 - 12, 36, 24, 24])
        file.mux(stream.encode(None))
    with path.with_suffix(".csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["frame", "x", "y", "w", "h"])
        table.writerows(rows)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data root, with split lists of its own."""
    root = tmp_path / "data"
    stills = [f"{index}.jpg" for index in range(8)]
    draw_stills(root / "fixations" / "discs", stills)
    for name in ("one", "two"):
        draw_clip(root / "tracking" / f"{name}.mp4")
    lists = tmp_path / "splits"
    lists.mkdir()
    for split, pictures in (("train", stills[:6]), ("val", stills[6:])):
        (lists / f"fixations_{split}.txt").write_text(
            "".join(f"discs/{name}\n" for name in pictures)
        )
    (lists / "subjects_train.txt").write_text("tracking/one\n")
    (lists / "subjects_val.txt").write_text("tracking/two\n")
    monkeypatch.setattr(splits, "FOLDER", lists)
    return root


def run(text: str, epochs: int, data: Path, out: Path, *flags: str) -> None:
    file = out.with_suffix(".toml")
    file.write_text(text.format(epochs=epochs))
    assert train.main([str(file), "--data", str(data), "--out", str(out), *flags]) == 0


def weights(out: Path) -> dict[str, torch.Tensor]:
    saved = torch.load(out / "checkpoints" / "last.ckpt", weights_only=True)
    return saved["state_dict"]


def curve(out: Path, name: str) -> list[float]:
    with (out / "curves" / "metrics.csv").open() as file:
        return [float(row[name]) for row in csv.DictReader(file) if row.get(name)]


@pytest.mark.parametrize(("name", "text"), [("saliency", SALIENCY), ("center", CENTER)])
def test_a_run_ends_in_a_file_that_the_library_reads(
    name: str, text: str, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / name
    run(text, 1, data, out)
    model = Heatmap(out / f"{name}.onnx")
    picture = np.asarray(draw(320, 180, 0.3, 0.5))
    heat = model(picture, (18, 32))
    assert heat.shape == (18, 32)
    assert heat.sum() == pytest.approx(1, abs=1e-3)
    assert (out / f"{name}.onnx").stat().st_size < 4 * 2**20
    assert list((out / "tensorboard").glob("events.out.*"))
    assert all(np.isfinite(curve(out, "loss")))


def test_the_same_seed_gives_the_same_weights(data: Path, tmp_path: Path) -> None:
    run(CENTER, 1, data, tmp_path / "a")
    run(CENTER, 1, data, tmp_path / "b")
    first, second = weights(tmp_path / "a"), weights(tmp_path / "b")
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_run_that_is_resumed_ends_as_one_that_was_not(data: Path, tmp_path: Path) -> None:
    run(CENTER, 2, data, tmp_path / "whole")
    # The learning rate's course follows from the epochs in the file, so the run is cut short, not
    # asked for less.
    original = train.make_trainer

    def cut_short(*arguments: object) -> train.Trainer:
        trainer = original(*arguments)  # type: ignore[arg-type]
        trainer.fit_loop.max_epochs = 1
        return trainer

    train.make_trainer = cut_short
    try:
        run(CENTER, 2, data, tmp_path / "cut")
    finally:
        train.make_trainer = original
    run(CENTER, 2, data, tmp_path / "cut", "--resume")
    first, second = weights(tmp_path / "whole"), weights(tmp_path / "cut")
    assert all(torch.allclose(first[name], second[name], atol=1e-6) for name in first)


def test_an_unknown_key_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('network = "center"\nepoch = 3\n')
    with pytest.raises(SystemExit, match="unknown key 'epoch'"):
        configs.read_config(file)


def test_missing_starting_weights_are_named(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "center.toml"
    file.write_text(CENTER.format(epochs=1))
    words = [str(file), "--data", str(data), "--out", str(tmp_path / "o")]
    with pytest.raises(SystemExit, match="weights to start from are missing"):
        train.main([*words, "--models", str(tmp_path)])
