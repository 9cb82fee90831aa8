# SPDX-License-Identifier: MIT
"""A network keeps its answers on the way into a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from conftest import NOTES, Still, Trail
from onnx import numpy_helper

from export.heatmap import Heatmap
from export.to_onnx import AnyNetwork, export_network
from export.writing.check import TOLERANCES, Session, compare, probabilities
from export.writing.contract import ExportError, Picture, Tensors
from export.writing.pytorch import torch_maps

TRAIL = Tensors("image", "map", Trail.state_names)


def operators(model: onnx.ModelProto) -> set[str]:
    return {node.op_type for node in model.graph.node}


def images(frames: np.ndarray) -> list[np.ndarray]:
    picture = Picture(48, 32, mean=Still.mean, std=Still.std)
    return [picture.tensor(frame) for frame in frames]


def test_a_file_answers_what_the_network_answers(
    still: Still, frames: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "net.onnx"
    report = export_network(still, path, NOTES, frames, half=False)
    wanted = torch_maps(still.eval(), frames)
    got = Session(str(path), Tensors("image", "map")).maps(images(frames))
    for a, b in zip(wanted, got, strict=True):
        np.testing.assert_allclose(b, a, atol=1e-4)
    assert report.difference.within(TOLERANCES["float"])
    assert str(path) in str(report) and "float weights" in str(report)
    assert report.size == path.stat().st_size and report.milliseconds > 0


def test_the_state_goes_from_frame_to_frame_through_the_file(
    trail: Trail, frames: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "net.onnx"
    export_network(trail, path, NOTES, frames)
    session = Session(str(path), TRAIL)
    in_a_row = session.maps(images(frames))[-1]
    alone = session.maps(images(frames[-1:]))[0]
    assert compare([torch_maps(trail.eval(), frames)[-1]], [in_a_row]).peak < 0.03
    assert compare([in_a_row], [alone]).peak > 0.1


def test_the_file_describes_the_network(trail: Trail, frames: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    export_network(trail, path, NOTES, frames)
    model = onnx.load(path)
    properties = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(properties["smartcrop.input"]) == {
        "name": "image",
        "width": 48,
        "height": 32,
        "order": "RGB",
        "range": 255,
        "mean": [127.5, 127.5, 127.5],
        "std": [127.5, 127.5, 127.5],
        "fit": "stretch",
        "pad_value": 0,
    }
    assert json.loads(properties["smartcrop.state"]) == [["trail_before", "trail"]]
    assert properties["smartcrop.kind"] == "heatmap"
    assert properties["smartcrop.output"] == "map"
    for name, text in NOTES.items():
        assert properties[f"smartcrop.{name}"] == text
    assert model.ir_version <= 9 and [entry.version for entry in model.opset_import] == [17]


def test_what_reads_such_files_gets_the_same_maps(
    trail: Trail, frames: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "net.onnx"
    export_network(trail, path, NOTES, frames, half=False)
    heatmap = Heatmap(path)
    got = [heatmap.logits(frame) for frame in frames]
    wanted = [each[0, 0] for each in torch_maps(trail.eval(), frames)]
    for a, b in zip(wanted, got, strict=True):
        np.testing.assert_allclose(np.squeeze(b), a, atol=1e-4)


def test_padding_is_part_of_the_convolution_after_it(
    still: Still, frames: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "net.onnx"
    export_network(still, path, NOTES, frames, half=False)
    assert operators(onnx.load(path)) == {"Conv", "Clip"}


def test_half_precision_halves_the_file_and_costs_nothing_at_run_time(
    trail: Trail, frames: np.ndarray, tmp_path: Path
) -> None:
    trail.answer = torch.nn.Sequential(torch.nn.Conv2d(8, 2000, 1), torch.nn.Conv2d(2000, 1, 1))
    whole = export_network(trail, tmp_path / "whole.onnx", NOTES, frames, half=False)
    half = export_network(trail, tmp_path / "half.onnx", NOTES, frames)
    assert half.size < 0.6 * whole.size
    assert whole.difference.peak < half.difference.peak < TOLERANCES["half"].peak
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "loaded.onnx")
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    onnxruntime.InferenceSession(half.path, options, providers=["CPUExecutionProvider"])
    assert "Cast" in operators(onnx.load(half.path))
    loaded = operators(onnx.load(tmp_path / "loaded.onnx"))
    assert "Cast" not in loaded and "Clip" not in loaded and "FusedConv" in loaded


def test_weights_beyond_half_precision_stay_whole(
    still: Still, frames: np.ndarray, tmp_path: Path
) -> None:
    with torch.no_grad():
        still.features[3].weight.mul_(1e6)
        still.features[3].bias.mul_(1e6)
        still.answer.weight.mul_(0.1)
    report = export_network(still, tmp_path / "net.onnx", NOTES, frames)
    kinds = {
        numpy_helper.to_array(each).dtype.name for each in onnx.load(report.path).graph.initializer
    }
    assert "float32" in kinds and "float16" in kinds


def test_integers_carry_the_state_and_say_what_they_cost(
    trail: Trail, frames: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "net.onnx"
    trail.features = torch.nn.Sequential(
        trail.features, *(torch.nn.Conv2d(8, 8, 3, padding=1) for _ in range(6))
    )
    with torch.no_grad():
        for layer in trail.features[1:]:
            layer.bias.zero_()
    report = export_network(trail, path, NOTES, frames, int8=True)
    graph = onnx.load(path).graph
    assert "QuantizeLinear" in operators(onnx.load(path))
    weights = {each.name for each in graph.initializer}
    widened = [
        node.output[0]
        for node in graph.node
        if node.op_type == "DequantizeLinear" and node.input[0] in weights
    ]
    used = [name for node in graph.node for name in node.input if name in widened]
    assert len(used) == len(set(used))  # ONNX Runtime 1.16 fails where two share one
    assert 0 < report.difference.peak <= TOLERANCES["int8"].peak
    assert json.loads(Heatmap(path).session.get_modelmeta().custom_metadata_map["smartcrop.state"])


def test_a_network_in_training_stays_as_it_is(
    still: Still, frames: np.ndarray, tmp_path: Path
) -> None:
    before = {name: value.clone() for name, value in still.state_dict().items()}
    still.train().to(memory_format=torch.channels_last)
    export_network(still, tmp_path / "net.onnx", NOTES, frames)
    assert still.training
    for name, value in still.state_dict().items():
        torch.testing.assert_close(value, before[name], rtol=0, atol=0)


def test_any_module_can_be_a_network(frames: np.ndarray, tmp_path: Path) -> None:
    torch.manual_seed(2)
    module = torch.nn.Conv2d(3, 1, 4, 4)
    network = AnyNetwork(module, (32, 48), mean=(123.7, 116.3, 103.5), std=(58.4, 57.1, 57.4))
    report = export_network(network, tmp_path / "net.onnx", {}, frames)
    assert report.difference.peak < 0.03
    assert Heatmap(report.path).description.std == (58.4, 57.1, 57.4)


def test_the_difference_is_what_the_formulas_say() -> None:
    flat = np.zeros((1, 1, 2, 2), np.float32)
    other = np.log(np.array([[[[0.4, 0.2], [0.2, 0.2]]]], np.float32))
    np.testing.assert_allclose(probabilities(other), [[[[0.4, 0.2], [0.2, 0.2]]]], rtol=1e-6)
    assert compare([flat], [flat + 5]).peak == pytest.approx(0)
    difference = compare([flat, flat], [flat, other])
    assert difference.peak == pytest.approx(0.15 / 0.25)
    assert difference.divergence == pytest.approx(
        0.25 * (np.log(0.25 / 0.4) + 3 * np.log(0.25 / 0.2)), rel=1e-5
    )
    with pytest.raises(ExportError, match="its map is"):
        compare([flat], [flat[..., :1]])
