# SPDX-License-Identifier: MIT
"""Detectors of others are described, or refused with a reason."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from export.writing.command import main

MODELS = Path(os.environ.get("SMARTCROP_TEST_MODELS", "../shared/models"))
BASE = ["--kind", "boxes", "--width", "48", "--height", "32", "--count", "3"]


def write(path: Path, columns: int, stride: int = 8) -> Path:
    """Write a file of open sizes: a row of numbers for each cell, and a spare output."""
    weights = np.random.default_rng(3).normal(size=(columns, 3, stride, stride)) / 1000
    shape = np.array([1, columns, -1])
    nodes = [
        helper.make_node("Conv", ["image", "weights"], ["cells"], strides=[stride, stride]),
        helper.make_node("Reshape", ["cells", "shape"], ["flat"]),
        helper.make_node("Transpose", ["flat"], ["rows"], perm=[0, 2, 1]),
        helper.make_node("Neg", ["rows"], ["spare"]),
    ]
    graph = helper.make_graph(
        nodes,
        "detector",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in ("rows", "spare")],
        [
            numpy_helper.from_array(weights.astype(np.float32), "weights"),
            numpy_helper.from_array(shape, "shape"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=9)
    onnx.save(model, path)
    return path


@pytest.fixture(autouse=True)
def _made_up_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTCROP_DATA", str(tmp_path))


def test_a_detector_gets_fixed_sizes_and_a_description(tmp_path: Path) -> None:
    source, path = write(tmp_path / "foreign.onnx", 7), tmp_path / "net.onnx"
    flags = ["--layout", "yolox", "--strides", "8", "--outputs", "rows", "--classes", "0", "1"]
    more = ["--threshold", "0.3", "--required", "--fit", "pad", "--licence", "CC0"]
    more += ["--finds", "face", "subject", "--names", "face", "sports ball", "--weight", "0"]
    assert main(["--onnx", str(source), "-o", str(path), *BASE, *flags, *more]) == 0
    model = onnx.load(path)
    assert [each.name for each in model.graph.output] == ["rows"]
    sides = [
        [side.dim_value for side in value.type.tensor_type.shape.dim]
        for value in (model.graph.input[0], model.graph.output[0])
    ]
    assert sides == [[1, 3, 32, 48], [1, 24, 7]]
    properties = {entry.key: entry.value for entry in model.metadata_props}
    assert properties["smartcrop.kind"] == "boxes" and properties["smartcrop.licence"] == "CC0"
    assert json.loads(properties["smartcrop.input"])["fit"] == "pad"
    boxes = json.loads(properties["smartcrop.boxes"])
    assert boxes["layout"] == "yolox" and boxes["outputs"] == ["rows"] and boxes["strides"] == [8]
    assert boxes["classes"] == [0, 1] and boxes["threshold"] == 0.3 and boxes["required"] is True
    assert boxes["finds"] == ["face", "subject"] and boxes["names"] == ["face", "sports ball"]
    assert boxes["weight"] == 0


REFUSED = {
    "no layout": ([], "--kind boxes needs --layout"),
    "two outputs": (["--layout", "xyxy"], "2 outputs (rows, spare); choose by --output"),
    "no such output": (["--layout", "xyxy", "--outputs", "a"], 'no output "a"; outputs: rows'),
    "a stride too many": (
        ["--layout", "yolox", "--outputs", "rows"],
        "[1 x 24 x 7]; yolox needs 31 rows",
    ),
    "yunet's names": (["--layout", "yunet"], 'no output "cls_8"'),
    "yunet's number": (["--layout", "yunet", "--outputs", "rows"], "reads 9 outputs, not 1"),
    "a map's flag": (["--layout", "xyxy", "--answers", "logits"], "--answers does not go with"),
    "a storage": (["--layout", "xyxy", "--half"], "--half does not go with --kind boxes"),
    "threshold": (["--layout", "xyxy", "--threshold", "2"], "threshold 2 is not 0 to 1"),
    "strides": (["--layout", "yolox", "--strides", "0"], "strides are whole numbers"),
    "names": (
        ["--layout", "xyxy", "--finds", "face", "subject", "--names", "face"],
        "there are 1 names for 2 classes",
    ),
    "a class": (["--layout", "xyxy", "--names", "face", "--classes", "1"], "class 1 is not among"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_such_a_detector_is_refused_in_one_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    flags, words = REFUSED[case]
    source = write(tmp_path / "foreign.onnx", 7)
    assert main(["--onnx", str(source), "-o", str(tmp_path / "net.onnx"), *BASE, *flags]) == 1
    lines = [each for each in capsys.readouterr().err.splitlines() if "made-up" not in each]
    assert len(lines) == 1 and lines[0].startswith("to_onnx: ") and words in lines[0]
    assert [each.name for each in tmp_path.iterdir()] == ["foreign.onnx"]


def test_flags_of_boxes_do_not_go_with_a_heatmap(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    source = write(tmp_path / "foreign.onnx", 7)
    command = ["--onnx", str(source), "-o", str(tmp_path / "net.onnx"), *BASE, "--layout", "xyxy"]
    assert main(["heatmap" if word == "boxes" else word for word in command]) == 1
    assert "--layout does not go with --kind heatmap" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("yunet_n_dynamic", ["--layout", "yunet", "--width", "320", "--height", "192"]),
        ("yolox_nano", ["--layout", "yolox", "--width", "416", "--height", "416"]),
    ],
)
def test_published_detectors_are_described_as_they_are(
    name: str, flags: list[str], tmp_path: Path
) -> None:
    source, path = MODELS / f"{name}.onnx", tmp_path / "net.onnx"
    if not source.is_file():
        pytest.skip(f"{source} is not there")
    command = ["--onnx", str(source), "-o", str(path), *BASE, "--order", "BGR", *flags]
    assert main(command) == 0
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    described = json.loads(session.get_modelmeta().custom_metadata_map["smartcrop.boxes"])
    assert set(described["outputs"]) == {each.name for each in session.get_outputs()}
