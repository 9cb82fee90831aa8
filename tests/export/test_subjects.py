# SPDX-License-Identifier: MIT
"""The detector from pictures with boxes to a file that is read, judged and timed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from PIL import Image, ImageDraw

from export import evaluate, train
from export.data import splits
from export.data.drawn import FACE, PERSON, Drawn, Label
from export.detector import Detector, Found, best_boxes
from export.heatmap import ModelError
from export.judging.boxes import Tally, empty, row_of
from export.networks.subjects import SubjectsNetwork
from export.writing import detectors
from export.writing.command import main
from export.writing.contract import ExportError
from export.writing.detectors import differ, export_detector, picture_of
from export.writing.frames import sample_frames

CONFIG = """
network = "subjects"
epochs = {epochs}
spatial_epochs = {epochs}
steps = 2
boxes = 2
whole = 0.3
joined = 0.3
pasted = 0.5
frozen = 2
warm_up = 1
average = 0.5
workers = 0
precision = "32-true"
"""
NOTES = {"licence": "MIT", "trained_on": "made-up pictures", "version": "1"}


def draw(folder: Path, count: int) -> list[str]:
    """Pictures of a disc under the name of faces."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(3)
    with (folder / "boxes.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", "label", "x", "y", "w", "h"])
        for index in range(count):
            x, y = random.uniform(20, 100, 2)
            picture = Image.new("RGB", (192, 144), (70, 80, 90))
            ImageDraw.Draw(picture).ellipse((x, y, x + 40, y + 40), fill=(230, 60, 30))
            picture.save(folder / f"{index}.jpg")
            table.writerow([f"{index}.jpg", "face", x, y, 40, 40])
    return [f"boxes/wider_val/{index}.jpg" for index in range(count)]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root, lists = tmp_path / "data", tmp_path / "splits"
    lists.mkdir()
    items = draw(root / "boxes" / "wider_val", 6)
    for name, part in (("train", items[:4]), ("val", items[4:5]), ("test", items[5:])):
        (lists / f"boxes_{name}.txt").write_text("".join(f"{item}\n" for item in part))
    monkeypatch.setattr(splits, "FOLDER", lists)
    monkeypatch.setenv("SMARTCROP_DATA", str(root))
    return root


def run(data: Path, out: Path, epochs: int, *flags: str) -> None:
    file = out.with_suffix(".toml")
    file.write_text(CONFIG.format(epochs=epochs))
    assert train.main([str(file), "--data", str(data), "--out", str(out), *flags]) == 0


@pytest.fixture
def network() -> SubjectsNetwork:
    """One that proposes something, as a fresh one does not."""
    torch.manual_seed(2)
    network = SubjectsNetwork().eval()
    with torch.no_grad():
        for head in network.heads:
            head.answer.weight.mul_(20)
            head.answer.bias[[0, 1, 6]] = -1.0
    return network


def write(network: SubjectsNetwork, path: Path, **flags: bool) -> detectors.DetectorReport:
    frames = sample_frames(None, picture_of(network), 3)
    return export_detector(network, path, NOTES, frames, **flags)


def test_a_run_ends_in_a_file_that_is_judged(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "subjects"
    run(data, out, 1)
    file = out / "subjects.onnx"
    assert file.stat().st_size < 3 * 2**20
    with (out / "curves" / "metrics.csv").open() as rows:
        losses = [float(row["loss"]) for row in csv.DictReader(rows) if row["loss"]]
    assert losses and np.isfinite(losses).all()
    words = ["--data", str(data), "--model", str(file), "--runs", "1", "boxes", "cost"]
    capsys.readouterr()
    assert evaluate.main(words) == 0
    printed = capsys.readouterr().out
    assert "faces of boxes/wider_val (1 in 1 pictures, test)" in printed
    assert "subjects 288x160" in printed


def test_a_run_that_is_resumed_ends_as_one_that_was_not(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(data, tmp_path / "whole", 2)
    original = train.make_trainer

    def cut_short(*arguments: object) -> train.Trainer:
        trainer = original(*arguments)  # type: ignore[arg-type]
        trainer.fit_loop.max_epochs = 1
        return trainer

    with monkeypatch.context() as patch:
        patch.setattr(train, "make_trainer", cut_short)
        run(data, tmp_path / "cut", 2)
    run(data, tmp_path / "cut", 2, "--resume")
    first, second = (
        torch.load(tmp_path / name / "checkpoints" / "last.ckpt", weights_only=True)["state_dict"]
        for name in ("whole", "cut")
    )
    assert all(torch.allclose(first[name], second[name], atol=1e-5) for name in first)


def test_the_first_blocks_do_not_learn(data: Path, tmp_path: Path) -> None:
    starts = {}
    original = train.make_task

    def kept(*arguments: object) -> train.Task:
        task = original(*arguments)  # type: ignore[arg-type]
        starts.update({name: value.clone() for name, value in task.state_dict().items()})
        return task

    train.make_task = kept
    try:
        run(data, tmp_path / "o", 1)
    finally:
        train.make_task = original
    ends = torch.load(tmp_path / "o" / "checkpoints" / "last.ckpt", weights_only=True)["state_dict"]
    same = {name: torch.allclose(value, ends[name], atol=1e-6) for name, value in starts.items()}
    frozen = ("network.backbone.stem.", "network.backbone.blocks.0.", "network.backbone.blocks.1.")
    assert all(value for name, value in same.items() if name.startswith(frozen))
    assert not any(same[f"network.backbone.blocks.{n}.body.0.weight"] for n in (2, 8, 15))


def test_the_file_describes_itself_and_finds_what_the_network_finds(
    network: SubjectsNetwork, tmp_path: Path
) -> None:
    report = write(network, tmp_path / "net.onnx")
    assert report.boxes > 0 and report.storage == "half"
    properties = {
        entry.key: entry.value for entry in onnx.load(tmp_path / "net.onnx").metadata_props
    }
    assert properties["smartcrop.kind"] == "boxes" and properties["smartcrop.licence"] == "MIT"
    said = json.loads(properties["smartcrop.boxes"])
    assert said["layout"] == "yolox" and said["decoded"] and said["outputs"] == ["boxes"]
    assert json.loads(properties["smartcrop.input"])["fit"] == "pad"
    picture = np.random.default_rng(0).integers(0, 255, (160, 288, 3), dtype=np.uint8)
    corners, scores = Detector(tmp_path / "net.onnx").look(picture)
    with torch.no_grad():
        image = torch.from_numpy(picture.transpose(2, 0, 1).copy())[None]
        (rows,) = network(network.normalise(image))
    seen = rows[0][rows[0, :, 5:].max(1).values >= 0.05].numpy()
    low = (seen[:, :2] - seen[:, 2:4] / 2) / [288, 160]
    assert len(corners) == pytest.approx(len(seen), abs=0.02 * len(seen))
    if len(corners) == len(seen):
        assert np.abs(corners[:, :2] - low.clip(0, 1)).max() < 0.02
        assert np.abs(scores - seen[:, 5:]).max() < 0.05


def test_a_file_that_would_answer_otherwise_is_not_written(
    network: SubjectsNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(detectors.TOLERANCES, "half", (0.0, 0.0))
    with pytest.raises(ExportError, match="nothing was written"):
        write(network, tmp_path / "net.onnx")
    assert not list(tmp_path.iterdir())


def test_differences_are_those_of_scores_and_of_corners() -> None:
    rows = np.array([[50, 50, 20, 40, 1, 0.9, 0, 0], [90, 50, 20, 40, 1, 0.01, 0, 0]], np.float32)
    other = rows.copy()
    other[0, 5] = 0.8
    other[1, 0] = 300  # of a box that nobody is handed
    assert differ(rows, other) == (pytest.approx(0.1), 0, 1)
    other = rows.copy()
    other[0, 2] = 28  # four pixels further at each side, of forty
    assert differ(rows, other) == (0, pytest.approx(0.1), 1)
    assert differ(rows, rows * np.nan)[0] == np.inf


def test_checkpoints_of_a_detector_are_exported_by_the_command(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    run(data, tmp_path / "o", 1)
    last, file = str(tmp_path / "o" / "checkpoints" / "last.ckpt"), tmp_path / "net.onnx"
    words = [last, "-o", str(file), "--count", "2", "--licence", "MIT"]
    assert main([*words, "--int8"]) == 1
    assert "--int8 does not go with a detector" in capsys.readouterr().err
    assert main([*words, "--float"]) == 0
    assert "float weights" in capsys.readouterr().out
    assert Detector(file).format.decoded


def test_boxes_are_given_in_shares_of_a_picture_of_any_shape(
    network: SubjectsNetwork, tmp_path: Path
) -> None:
    write(network, tmp_path / "net.onnx")
    detector = Detector(tmp_path / "net.onnx")
    tall = np.full((320, 100, 3), 40, np.uint8)
    tall[100:200, 20:80] = (240, 80, 40)
    wide = np.full((160, 288, 3), detector.description.pad_value, np.uint8)
    wide[:, 119:169] = np.asarray(
        Image.fromarray(tall).resize((50, 160), Image.Resampling.BILINEAR)
    )
    (a,), (b,) = (detector.find(each, [(0, 1, 2)]) for each in (tall, wide))
    best = a.boxes[0] * [50, 160, 50, 160] + [119, 0, 119, 0]
    cut = np.clip(b.boxes[0] * [288, 160, 288, 160], [119, 0, 119, 0], [169, 160, 169, 160])
    assert a.scores[0] == pytest.approx(b.scores[0], abs=1e-4)
    assert np.allclose(best, cut, atol=0.1)


def test_a_heatmap_is_refused_as_a_detector() -> None:
    file = Path(evaluate.WEIGHTS) / "center.onnx"
    with pytest.raises(ModelError, match="does not describe itself"):
        Detector(file)


def test_of_boxes_in_one_place_the_best_stays() -> None:
    corners = np.array(
        [[0, 0, 0.5, 0.5], [0.02, 0, 0.5, 0.5], [0.6, 0.6, 0.9, 0.9], [0.2, 0.2, 0.2, 0.4]],
        np.float32,
    )
    found = best_boxes(corners, np.array([0.6, 0.7, 0.2, 0.9], np.float32), 0.45)
    assert found.scores.tolist() == pytest.approx([0.7, 0.2])


def found(*rows: tuple[tuple[float, ...], float]) -> Found:
    boxes = np.array([box for box, _ in rows], np.float32).reshape(-1, 4)
    return Found(boxes, np.array([score for _, score in rows], np.float32))


ONE, TWO, FAR = (0.0, 0.0, 0.2, 0.4), (0.5, 0.0, 0.7, 0.4), (0.8, 0.8, 0.9, 0.9)


def tally(each: Found, wanted: list[tuple[float, ...]], passed: list[tuple[float, ...]]) -> Tally:
    counted = empty()
    counted.add(each, *(np.array(boxes, np.float32).reshape(-1, 4) for boxes in (wanted, passed)))
    return counted


def test_average_precision_is_that_of_the_textbook() -> None:
    perfect = tally(found((ONE, 0.9), (TWO, 0.8)), [ONE, TWO], [])
    assert perfect.precision_area == 1 == perfect.recall
    # Right, wrong, right: half of the area at 1, half at 2/3.
    mixed = tally(found((ONE, 0.9), (FAR, 0.8), (TWO, 0.7)), [ONE, TWO], [])
    assert mixed.precision_area == pytest.approx(0.5 + 0.5 * 2 / 3)
    assert mixed.recall_at(0.7) == 0.5 and mixed.recall_at(0.6) == 1
    twice = tally(found((ONE, 0.9), (ONE, 0.8)), [ONE], [])
    assert twice.recall == 1 and twice.right == [True, False]
    assert tally(found((FAR, 0.9)), [ONE], [FAR]).scores == []
    assert tally(found(), [ONE], []).precision_area == 0


def test_large_boxes_are_judged_by_themselves() -> None:
    small = (0.5, 0.5, 0.55, 0.6)
    label = Label.of([(PERSON, ONE, True), (PERSON, small, True), (FACE, TWO, True)])
    drawn = Drawn("a", np.zeros((4, 4, 3), np.uint8), label)
    area, recall, large_area, large_recall, _ = row_of([drawn], [found((ONE, 0.9))], PERSON)
    assert (area, recall, large_area, large_recall) == (0.5, 0.5, 1, 1)
