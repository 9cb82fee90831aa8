# SPDX-License-Identifier: MIT
"""A network that loses its answers on the way into a file, or its contract, gets no file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from conftest import NOTES, Still, Trail
from onnx import numpy_helper

from export.writing import pytorch
from export.writing.contract import ExportError
from export.writing.pytorch import export_network


@pytest.mark.parametrize("name", ["features", "answer"])
def test_a_file_that_answers_something_else_is_not_written(
    still: Still, frames: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "net.onnx"
    path.write_text("what was here before")
    honest = pytorch.trace

    def tampered(*arguments: object) -> onnx.ModelProto:
        model = honest(*arguments)
        weights = [each for each in model.graph.initializer if len(each.dims) == 4]
        weight = weights[0 if name == "features" else -1]
        changed = numpy_helper.to_array(weight) * 1.02
        weight.CopyFrom(numpy_helper.from_array(changed.astype(np.float32), weight.name))
        return model

    monkeypatch.setattr(pytorch, "trace", tampered)
    with pytest.raises(ExportError, match=r"differs by .* % of the peak.*nothing was written"):
        export_network(still, path, NOTES, frames, half=False)
    assert path.read_text() == "what was here before"
    assert [each.name for each in tmp_path.iterdir()] == ["net.onnx"]


def test_a_state_that_goes_astray_is_found_out(
    trail: Trail, frames: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = pytorch.trace

    def forgetful(*arguments: object) -> onnx.ModelProto:
        model = honest(*arguments)
        for node in model.graph.node:
            if "trail" in node.output:
                node.output[0] = "remembered"
        for node in model.graph.node:
            for index, name in enumerate(node.input):
                if name == "trail":
                    node.input[index] = "remembered"
        zero = numpy_helper.from_array(np.zeros(1, np.float32), "zero")
        model.graph.initializer.append(zero)
        model.graph.node.append(onnx.helper.make_node("Mul", ["remembered", "zero"], ["trail"]))
        return model

    monkeypatch.setattr(pytorch, "trace", forgetful)
    with pytest.raises(ExportError, match="nothing was written"):
        export_network(trail, tmp_path / "net.onnx", NOTES, frames)
    export_network(trail, tmp_path / "net.onnx", NOTES, frames[:1])  # one frame does not show it


def test_a_map_too_fine_for_half_precision_is_refused(
    still: Still, frames: np.ndarray, tmp_path: Path
) -> None:
    # Large weights whose small differences are what counts.
    fourfold, last = torch.nn.Conv2d(8, 32, 1, bias=False), torch.nn.Conv2d(32, 1, 1)
    with torch.no_grad():
        fourfold.weight.copy_(torch.eye(8).repeat(4, 1)[..., None, None])
        shares = torch.tensor([1001.0, -1000.0, 700.0, -700.0])
        last.weight.copy_(torch.kron(shares[None, :, None, None], still.answer.weight))
    still.answer = torch.nn.Sequential(fourfold, last)
    with pytest.raises(ExportError, match="with half weights"):
        export_network(still, tmp_path / "net.onnx", NOTES, frames)
    assert not list(tmp_path.iterdir())
    export_network(still, tmp_path / "net.onnx", NOTES, frames, half=False)


def test_a_mean_that_is_not_the_one_trained_with_is_refused(
    still: Still, frames: np.ndarray, tmp_path: Path
) -> None:
    still.normalise = lambda pictures: pictures.float() / 255  # type: ignore[method-assign]
    with pytest.raises(ExportError, match="nothing was written"):
        export_network(still, tmp_path / "net.onnx", NOTES, frames)


def broken(network: Trail, how: str) -> Trail:
    if how == "state":
        network.initial_state = lambda batch: (torch.ones(batch, 8, 8, 12),)
    elif how == "names":
        network.state_names = ()
    elif how == "size":
        network.size = (64, 96)
    elif how == "nan":
        with torch.no_grad():
            network.answer.bias.fill_(float("nan"))
    return network


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("state", "initial_state is not zero"),
        ("names", "1 initial states and 0 state_names"),
        ("size", r"a frame of shape \(32, 48, 3\) for a network that takes \(64, 96, 3\)"),
        ("nan", "not finite"),
    ],
)
def test_a_network_that_breaks_the_contract_is_refused(
    trail: Trail, frames: np.ndarray, tmp_path: Path, how: str, words: str
) -> None:
    with pytest.raises(ExportError, match=words):
        export_network(broken(trail, how), tmp_path / "net.onnx", NOTES, frames)
    assert not list(tmp_path.iterdir())


def test_bad_arguments_are_refused_in_words(
    still: Still, frames: np.ndarray, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match="no such property: license"):
        export_network(still, tmp_path / "net.onnx", {"license": "MIT"}, frames)
    with pytest.raises(ExportError, match="does not exist"):
        export_network(still, tmp_path / "none" / "net.onnx", NOTES, frames)
    with pytest.raises(ExportError, match="is a folder"):
        export_network(still, tmp_path, NOTES, frames)
    with pytest.raises(ExportError, match="no frames"):
        export_network(still, tmp_path / "net.onnx", NOTES, frames[:0])
