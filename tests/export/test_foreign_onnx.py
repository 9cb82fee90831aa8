# SPDX-License-Identifier: MIT
"""Files of others are described, or refused with a reason."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import smartcrop
from export.writing.check import Session, probabilities
from export.writing.command import main
from export.writing.contract import ExportError, Picture, Tensors
from export.writing.foreign import Foreign, adopt

MODELS = Path(os.environ.get("SMARTCROP_TEST_MODELS", "../shared/models"))
PICTURE = Picture(48, 32, range=1)
BASE = ["--kind", "heatmap", "--width", "48", "--height", "32", "--range", "1"]


def write(path: Path, nodes: list[onnx.NodeProto], **changes: object) -> Path:
    """Write a file of open sizes whose ``cells`` are the brightness of 4 x 4 samples."""
    kind = changes.pop("kind", TensorProto.FLOAT)
    outputs = changes.pop("outputs", ["map"])
    opset = changes.pop("opset", 13)
    inputs = changes.pop("inputs", {})
    weights = [
        numpy_helper.from_array(np.full((1, 3, 4, 4), 0.1, np.float32), "weights"),
        numpy_helper.from_array(np.array(2.0, np.float32), "two"),
        numpy_helper.from_array(np.array(0.0, np.float32), "zero"),
        numpy_helper.from_array(np.array([1, 1, 6, 1]), "tiles"),
    ]
    cells = helper.make_node("Conv", ["image", "weights"], ["cells"], strides=[4, 4])
    graph = helper.make_graph(
        [*([cells] if kind == TensorProto.FLOAT else []), *nodes],
        "foreign",
        [
            helper.make_tensor_value_info("image", kind, ["n", 3, "h", "w"]),
            *(
                helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                for name, shape in inputs.items()
            ),
        ],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)
    onnx.save(model, path)
    return path


def node(kind: str, inputs: str, output: str = "map", **attributes: object) -> onnx.NodeProto:
    return helper.make_node(kind, inputs.split(), [output], **attributes)


DOUBLED = [node("Mul", "cells two")]


def test_a_file_of_open_sizes_gets_fixed_ones_and_a_description(
    frames: np.ndarray, tmp_path: Path
) -> None:
    source = write(tmp_path / "foreign.onnx", DOUBLED)
    picture = Picture(48, 32, order="BGR", mean=(103.9, 116.8, 123.7), fit="pad", pad_value=114)
    path = tmp_path / "net.onnx"
    adopt(source, path, Foreign(picture), {"licence": "CC0"}, frames)
    model = onnx.load(path)
    shapes = [
        [side.dim_value for side in value.type.tensor_type.shape.dim]
        for value in (model.graph.input[0], model.graph.output[0])
    ]
    assert shapes == [[1, 3, 32, 48], [1, 1, 8, 12]]
    properties = {entry.key: entry.value for entry in model.metadata_props}
    described = json.loads(properties["smartcrop.input"])
    assert described["order"] == "BGR" and described["mean"] == [103.9, 116.8, 123.7]
    assert described["fit"] == "pad" and described["pad_value"] == 114
    assert properties["smartcrop.licence"] == "CC0"
    assert model.ir_version <= 9


def test_blue_comes_first_where_the_order_says_so() -> None:
    frame = np.zeros((32, 48, 3), np.uint8)
    frame[..., 0] = 255  # red
    picture = Picture(48, 32, order="BGR", range=1, mean=(0, 0, 0.5), std=(1, 1, 0.25))
    assert picture.tensor(frame)[0, :, 0, 0].tolist() == [0, 0, 2]


@pytest.mark.parametrize("storage", ["half", "int8"])
def test_a_foreign_file_can_be_made_smaller(
    frames: np.ndarray, tmp_path: Path, storage: str
) -> None:
    source = write(tmp_path / "foreign.onnx", DOUBLED)
    report = adopt(source, tmp_path / "net.onnx", Foreign(PICTURE), {}, frames, storage=storage)
    assert report.storage == storage
    assert report.difference.peak < 0.3


def test_probabilities_are_turned_into_logits(frames: np.ndarray, tmp_path: Path) -> None:
    source = write(tmp_path / "foreign.onnx", [node("Sigmoid", "cells")])
    path = tmp_path / "net.onnx"
    with pytest.raises(ExportError, match="--answers probability"):
        adopt(source, path, Foreign(PICTURE), {}, frames)
    adopt(source, path, Foreign(PICTURE, answers="probability"), {}, frames)
    image = [PICTURE.tensor(frames[0])]
    shares = Session(str(source), Tensors("image", "map")).maps(image)[0]
    logits = Session(str(path), Tensors("image", "smartcrop_map")).maps(image)[0]
    np.testing.assert_allclose(probabilities(logits), shares / shares.sum(), rtol=1e-4)


def test_a_state_is_carried(frames: np.ndarray, tmp_path: Path) -> None:
    nodes = [node("Add", "cells before", "after"), node("Mul", "after two")]
    source = write(
        tmp_path / "foreign.onnx",
        nodes,
        inputs={"before": ["n", 1, 8, 12]},
        outputs=["map", "after"],
    )
    path = tmp_path / "net.onnx"
    with pytest.raises(ExportError, match="--state INPUT=OUTPUT"):
        adopt(source, path, Foreign(PICTURE, input="image", output="map"), {}, frames)
    adopt(source, path, Foreign(PICTURE, state=(("before", "after"),)), {}, frames)
    model = onnx.load(path)
    properties = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(properties["smartcrop.state"]) == [["before", "after"]]
    shape = model.graph.input[1].type.tensor_type.shape
    assert [side.dim_value for side in shape.dim] == [1, 1, 8, 12]


REFUSED = {
    "two outputs": (
        {"nodes": DOUBLED, "outputs": ["map", "cells"]},
        [],
        "2 outputs (map, cells); choose by --output",
    ),
    "no such output": ({"nodes": DOUBLED}, ["--output", "heat"], 'no output "heat"; outputs: map'),
    "no such input": ({"nodes": DOUBLED}, ["--input", "x"], 'no input "x"; inputs: image'),
    "no such state": ({"nodes": DOUBLED}, ["--state", "a=b"], 'no input "a", which --state names'),
    "shares": ({"nodes": [node("Sigmoid", "cells")]}, [], "say --answers probability"),
    "deaf": (
        {"nodes": [node("Mul", "cells zero", "none"), node("Sub", "none two")]},
        [],
        "the same for a grey picture",
    ),
    "a list": (
        {"nodes": [node("Flatten", "cells")]},
        [],
        "[1 x 96], not a map of one channel",
    ),
    "boxes": (
        {"nodes": [node("Tile", "cells tiles")]},
        [],
        "[1 x 1 x 48 x 12] for a picture of 48 x 32: not a grid that covers it",
    ),
    "a number": (
        {"nodes": [node("GlobalAveragePool", "cells")]},
        [],
        "[1 x 1 x 1 x 1], not a map of one channel",
    ),
    "infinite": ({"nodes": [node("Div", "cells zero")]}, [], "not finite"),
    "bytes": (
        {"nodes": [node("Cast", "image", to=TensorProto.FLOAT)], "kind": TensorProto.UINT8},
        [],
        '"image" is uint8, not float32',
    ),
    "old int8": ({"nodes": DOUBLED, "opset": 12}, ["--int8"], "int8 needs opset 13"),
    "new opset": ({"nodes": DOUBLED, "opset": 21}, [], "export it with opset_version=17"),
    "narrow": ({"nodes": DOUBLED}, ["--width", "4"], "width 4 is not 8 to 4096"),
    "std": ({"nodes": DOUBLED}, ["--std", "1", "0", "1"], "std takes numbers above 0"),
    "range": ({"nodes": DOUBLED}, ["--range", "0"], "range 0 is not"),
    "frames": ({"nodes": DOUBLED}, ["--frames", "none.mp4"], "none.mp4: no such file or folder"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_such_a_network_is_refused_in_one_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTCROP_DATA", str(tmp_path))
    model, flags, words = REFUSED[case]
    source = write(tmp_path / "foreign.onnx", **model)
    command = ["--onnx", str(source), "-o", str(tmp_path / "net.onnx"), *BASE, *flags]
    assert main([*command, "--count", "3"]) == 1
    lines = [each for each in capsys.readouterr().err.splitlines() if "made-up" not in each]
    assert len(lines) == 1 and lines[0].startswith("to_onnx: ") and words in lines[0]
    assert [each.name for each in tmp_path.iterdir()] == ["foreign.onnx"]


def test_files_that_are_no_networks_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    letter = tmp_path / "letter.onnx"
    letter.write_text("This is a letter to the editor.\n")
    for name, words in (("letter.onnx", "not an ONNX file"), ("none.onnx", "no such file")):
        command = ["--onnx", str(tmp_path / name), "-o", str(tmp_path / "net.onnx"), *BASE]
        assert main(command) == 1
        assert words in capsys.readouterr().err
    assert main(["--onnx", str(letter), "-o", str(tmp_path / "net.onnx")]) == 1
    assert "--onnx needs --kind" in capsys.readouterr().err


def test_the_library_moves_its_window_after_a_foreign_network(
    frames: np.ndarray, tmp_path: Path
) -> None:
    source = write(tmp_path / "foreign.onnx", DOUBLED)
    path = tmp_path / "net.onnx"
    adopt(source, path, Foreign(PICTURE), {}, frames)
    film = []
    for index in range(50):
        picture = np.full((90, 160, 3), 20, np.uint8)
        picture[30:60, 120 : 130 + index % 2] = 250
        film.append(picture)
    cropper = smartcrop.Cropper(160, 90, aspect="9:16", fps=25, model=str(path), strict=True)
    last = [window for _, window in cropper.run(film)][-1]
    assert last.x <= 120 and last.x + last.width >= 131


def test_a_published_network_is_described_and_runs_in_the_library(
    frames: np.ndarray, tmp_path: Path
) -> None:
    source = MODELS / "fastgaze.onnx"
    if not source.is_file():
        pytest.skip(f"{source} is not there")
    picture = Picture(160, 96, order="BGR", mean=(103.94, 116.78, 123.68))
    path = tmp_path / "net.onnx"
    large = np.stack([np.kron(frame, np.ones((3, 4, 1), np.uint8))[:, :160] for frame in frames])
    report = adopt(source, path, Foreign(picture), {}, large, storage="half")
    assert report.difference.peak < 0.03
    cropper = smartcrop.Cropper(160, 90, aspect="9:16", fps=25, model=str(path), strict=True)
    assert len(list(cropper.run([np.ascontiguousarray(large[0, :90])] * 10))) == 10
