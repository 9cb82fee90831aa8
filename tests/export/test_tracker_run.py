# SPDX-License-Identifier: MIT
"""The tracker from labelled clips to two files that describe themselves and follow a target."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import av
import numpy as np
import onnx
import pytest
import torch
from PIL import Image, ImageDraw
from torch import nn

from export import train
from export.data import splits
from export.heatmap import ModelError
from export.judging.tracking import follow
from export.networks.tracker import SEARCH, TEMPLATE, TrackerNetwork, renormalise
from export.tracker import Pair
from export.writing import trackers
from export.writing.contract import ExportError, Picture
from export.writing.frames import sample_frames
from export.writing.trackers import Pairing, TrackerReport, export_tracker, read_tracker

CONFIG = """
network = "tracker"
epochs = {epochs}
spatial_epochs = {epochs}
steps = 2
pairs = 3
frozen = 2
warm_up = 1
average = 0.5
workers = 0
precision = "32-true"
"""
NOTES = {"licence": "MIT", "trained_on": "made-up pictures", "version": "1"}


def draw_clip(path: Path, shift: float) -> None:
    """A disc that crosses the picture, and its boxes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows: list[list[object]] = []
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=16)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for index in range(8):
            x = 40 + shift + 6 * index
            picture = Image.new("RGB", (160, 96), (70, 80, 90))
            ImageDraw.Draw(picture).ellipse((x - 12, 36, x + 12, 60), fill=(230, 60, 30))
            file.mux(stream.encode(av.VideoFrame.from_image(picture)))
            # Of one frame nothing is known.
            rows.append([index, *(["", "", "", ""] if index == 3 else [x - 12, 36, 24, 24])])
        file.mux(stream.encode(None))
    with path.with_suffix(".csv").open("w", newline="") as file:
        csv.writer(file).writerows([["frame", "x", "y", "w", "h"], *rows])


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root, lists = tmp_path / "data", tmp_path / "splits"
    lists.mkdir()
    for number, (name, split) in enumerate((("one", "train"), ("two", "train"), ("three", "val"))):
        draw_clip(root / "tracking" / f"{name}.mp4", 5 * number)
        with (lists / f"tracks_{split}.txt").open("a") as file:
            file.write(f"tracking/{name}\n")
    monkeypatch.setattr(splits, "FOLDER", lists)
    return root


def run(data: Path, out: Path, epochs: int, *flags: str) -> None:
    file = out.with_suffix(".toml")
    file.write_text(CONFIG.format(epochs=epochs))
    assert train.main([str(file), "--data", str(data), "--out", str(out), *flags]) == 0


def weights(out: Path) -> dict[str, torch.Tensor]:
    return torch.load(out / "checkpoints" / "last.ckpt", weights_only=True)["state_dict"]


@pytest.fixture
def network() -> TrackerNetwork:
    """One whose answers differ from cell to cell, as a fresh one's hardly do."""
    torch.manual_seed(2)
    network = TrackerNetwork()
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.momentum = 1.0  # so that a single look sets what it normalises by
    with torch.no_grad():
        for answer in (network.head.score[-1], network.head.sides[-1]):
            answer.weight.mul_(4)
        sides = (TEMPLATE, SEARCH)
        network.train()(*(torch.rand(2, 3, side, side) * 2 - 1 for side in sides))
    return network.eval()


def write(network: TrackerNetwork, path: Path, **flags: bool) -> TrackerReport:
    frames = sample_frames(None, Picture(SEARCH, SEARCH), 3)
    return export_tracker(network, path, NOTES, frames, **flags)


def said(path: Path) -> dict[str, str]:
    return {entry.key: entry.value for entry in onnx.load(path).metadata_props}


def test_a_run_ends_in_two_files_that_follow(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "tracker"
    run(data, out, 1)
    sizes = [(out / name).stat().st_size for name in ("tracker.onnx", "tracker_trunk.onnx")]
    assert sum(sizes) < 3 * 2**20
    with (out / "curves" / "metrics.csv").open() as rows:
        losses = [float(row["loss"]) for row in csv.DictReader(rows) if row["loss"]]
    assert losses and np.isfinite(losses).all()
    cuts = np.load(out / "crops" / "train.npz")
    assert len(cuts["boxes"]) == 2 * 7  # a frame of each clip has no label
    assert cuts["names"].tolist() == ["tracking/one", "tracking/two"]
    frames = [np.full((96, 160, 3), 80, np.uint8)] * 3
    looks = follow(Pair(out / "tracker.onnx"), frames, (40, 30, 24, 24))
    assert len(looks) == 3 and np.isfinite([look.box for look in looks]).all()


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
    half = weights(tmp_path / "cut")
    run(data, tmp_path / "cut", 2, "--resume")
    first, second = weights(tmp_path / "whole"), weights(tmp_path / "cut")
    assert all(torch.allclose(first[name], second[name], atol=1e-5) for name in first)
    assert not all(torch.allclose(half[name], second[name], atol=1e-5) for name in half)
    stem = "network.trunk.backbone.stem.0.weight"
    assert torch.allclose(half[stem], second[stem])  # it is frozen


def test_a_run_without_a_target_says_what_is_missing(data: Path, tmp_path: Path) -> None:
    (splits.FOLDER / "tracks_train.txt").write_text("")
    with pytest.raises(SystemExit, match="no target was found"):
        run(data, tmp_path / "o", 1)


def test_a_run_may_start_from_files_and_answers_as_they_do(
    data: Path, tmp_path: Path, network: TrackerNetwork
) -> None:
    write(network, tmp_path / "net.onnx")
    again = read_tracker(tmp_path / "net.onnx")
    pictures = [torch.rand(2, 3, side, side) * 2 - 1 for side in (TEMPLATE, SEARCH)]
    with torch.no_grad():
        wanted, answers = network(*pictures), again(*pictures)
        renormalise(again, *(torch.rand(4, 3, side, side) for side in (TEMPLATE, SEARCH)))
        later = again(*pictures)
    for one, other, third in zip(wanted, answers, later, strict=True):
        assert (one - other).abs().max() < 2e-3
        assert (one - third).abs().max() < 2e-2
    run(data, tmp_path / "further", 1, "--start", str(tmp_path / "net.onnx"))
    stem = "network.trunk.backbone.stem.0.weight"  # it is frozen
    assert torch.equal(weights(tmp_path / "further")[stem], network.trunk.backbone.stem[0].weight)


def test_files_that_hold_another_network_are_refused(
    network: TrackerNetwork, tmp_path: Path
) -> None:
    write(network, tmp_path / "net.onnx")
    model = onnx.load(tmp_path / "net.onnx")
    for each in model.graph.initializer:
        if each.name == "head.gate.0.bias":
            each.name = "other"
    onnx.save(model, str(tmp_path / "net.onnx"))
    with pytest.raises(ExportError, match=r"without head\.gate\.0\.bias"):
        read_tracker(tmp_path / "net.onnx")
    with pytest.raises(ExportError, match=r"absent_trunk\.onnx"):
        read_tracker(tmp_path / "absent.onnx")


def test_the_head_describes_both_files(network: TrackerNetwork, tmp_path: Path) -> None:
    report = write(network, tmp_path / "net.onnx")
    assert report.score < 1e-3 and report.distance < 1e-3
    properties = said(tmp_path / "net.onnx")
    assert properties["smartcrop.kind"] == "tracker" and properties["smartcrop.licence"] == "MIT"
    assert json.loads(properties["smartcrop.tracker"]) == {
        "trunk": "net_trunk.onnx",
        "template": TEMPLATE,
        "context": 0.5,
        "cells": [4, 8],
        "score": "plain",
        "inputs": ["template", "search"],
        "outputs": ["score", "box"],
    }
    wanted = json.loads(properties["smartcrop.input"])
    assert wanted["width"] == wanted["height"] == SEARCH and wanted["order"] == "RGB"
    assert wanted["mean"] == wanted["std"] == [127.5] * 3


@pytest.mark.parametrize("half", [False, True])
def test_the_files_answer_what_the_network_answers(
    network: TrackerNetwork, tmp_path: Path, half: bool
) -> None:
    write(network, tmp_path / "net.onnx", half=half)
    pair, random = Pair(tmp_path / "net.onnx"), np.random.default_rng(0)
    small, large = (
        random.integers(0, 255, (side, side, 3), dtype=np.uint8) for side in (TEMPLATE, SEARCH)
    )
    features = [pair.features(each) for each in (small, large)]
    assert [each.shape for each in features] == [(1, 64, 10, 10), (1, 64, 20, 20)]
    score, boxes = pair.compare(*features)
    with torch.no_grad():
        images = [torch.from_numpy(each.transpose(2, 0, 1).copy())[None] for each in (small, large)]
        logits, sides = network(*(network.normalise(image) for image in images))
    assert np.ptp(score) > 0.005
    assert np.abs(score - logits[0, 0].sigmoid().numpy()).max() < (0.05 if half else 1e-3)
    left, top, right, bottom = sides[0, :, 3, 7].tolist()
    x, y = 4 + 8 * 7, 4 + 8 * 3
    expected = [x - left, y - top, x + right, y + bottom]
    assert boxes[3, 7] == pytest.approx(expected, abs=3 if half else 0.1)


def test_a_pair_that_would_answer_otherwise_is_not_written(
    network: TrackerNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(trackers.TOLERANCES, "float", (-1.0, 0.0))
    with pytest.raises(ExportError, match="nothing was written"):
        write(network, tmp_path / "net.onnx")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["sigmoid", "softmax"])
def test_scores_become_probabilities_whatever_the_head_answers(
    kind: str, network: TrackerNetwork, tmp_path: Path
) -> None:
    write(network, tmp_path / "net.onnx")
    path = tmp_path / "net.onnx"
    plain = Pair(path)
    template, search = (
        plain.features(np.random.default_rng(1).integers(0, 255, (k, k, 3), dtype=np.uint8))
        for k in (TEMPLATE, SEARCH)
    )
    wanted = plain.compare(template, search)[0]
    model = onnx.load(path)
    last = next(node for node in model.graph.node if node.output[0] == "score")
    assert last.op_type == "Sigmoid"
    if kind == "sigmoid":
        last.op_type = "Identity"
    else:  # two channels: nothing, and the logit
        logit = last.input[0]
        nothing = onnx.helper.make_node("Sub", [logit, logit], ["nothing"])
        both = onnx.helper.make_node("Concat", ["nothing", logit], ["score"], axis=1)
        model.graph.node.remove(last)
        model.graph.node.extend([nothing, both])
        model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 2
    for entry in model.metadata_props:
        if entry.key == "smartcrop.tracker":
            entry.value = entry.value.replace("plain", kind)
    onnx.save(model, str(path))
    assert np.allclose(Pair(path).compare(template, search)[0], wanted, atol=1e-5)


def changed(path: Path, key: str, value: str | None) -> Path:
    model = onnx.load(path)
    properties = said(path)
    properties.pop(key)
    if value is not None:
        properties[key] = value
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, properties)
    other = path.with_name("other.onnx")
    onnx.save(model, str(other))
    return other


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("smartcrop.kind", "heatmap"),
        ("smartcrop.tracker", None),
        ("smartcrop.tracker", "{}"),
        ("smartcrop.tracker", '{"trunk": "net_trunk.onnx", "side": 3}'),
    ],
)
def test_a_file_that_describes_no_tracker_is_refused(
    key: str, value: str | None, network: TrackerNetwork, tmp_path: Path
) -> None:
    write(network, tmp_path / "net.onnx")
    with pytest.raises(ModelError, match=r"other\.onnx"):
        Pair(changed(tmp_path / "net.onnx", key, value))


def test_a_score_of_an_unknown_kind_and_a_trunk_elsewhere_are_refused() -> None:
    with pytest.raises(ExportError, match="plain, sigmoid, softmax"):
        Pairing("a.onnx", 80, 0.5, (4, 8), "none")
    with pytest.raises(ExportError, match="beside the head"):
        Pairing("b/a.onnx", 80, 0.5, (4, 8), "plain")
