# SPDX-License-Identifier: MIT
"""Write small ONNX models, good and bad, for tests that run a whole host.

    python make_models.py FOLDER

Needs the ``onnx`` package. (The C++ tests write theirs with onnx_file.h.)
"""

from __future__ import annotations

import sys
from pathlib import Path

import onnx
from onnx import TensorProto, helper

WIDTH, HEIGHT, CELL = 96, 56, 8
INPUT = '{"name":"image","width":96,"height":56,"range":1}'
HEATMAP = {"smartcrop.kind": "heatmap", "smartcrop.input": INPUT, "smartcrop.licence": "MIT"}
IMAGE = [1, 3, HEIGHT, WIDTH]
MAP = [1, 1, HEIGHT // CELL, WIDTH // CELL]


def make(
    nodes: list[onnx.NodeProto],
    properties: dict[str, str],
    image: list[int] | None = None,
    gain: float = 8.0,
) -> onnx.ModelProto:
    """Return a model whose first step ``cells`` is the brightness of each cell times a gain."""
    channels = (image or IMAGE)[1]
    count = channels * CELL * CELL
    weights = helper.make_tensor(
        "weights", TensorProto.FLOAT, [1, channels, CELL, CELL], [gain / count] * count
    )
    limit = helper.make_tensor("limit", TensorProto.FLOAT, [1], [gain / 4])
    cells = helper.make_node("Conv", ["image", "weights"], ["cells"], strides=[CELL, CELL])
    graph = helper.make_graph(
        [cells, *nodes],
        "test",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, image or IMAGE)],
        [helper.make_tensor_value_info("map", TensorProto.FLOAT, MAP)],
        [weights, limit],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
    helper.set_model_props(model, properties)
    onnx.checker.check_model(model)
    return model


def write_models(folder: Path) -> None:
    """Write every model into a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    same = [helper.make_node("Identity", ["cells"], ["map"])]
    # The logarithm of what is negative where a cell is darker than a quarter.
    logarithm = [
        helper.make_node("Sub", ["cells", "limit"], ["less"]),
        helper.make_node("Log", ["less"], ["map"]),
    ]
    models = {
        "bright": make(same, HEATMAP),
        "nan_in_the_dark": make(logarithm, HEATMAP),
        "no_metadata": make(same, {}),
        "boxes": make(same, HEATMAP | {"smartcrop.kind": "boxes"}),
        "one_channel": make(same, HEATMAP, image=[1, 1, HEIGHT, WIDTH]),
        "other_size": make(same, HEATMAP | {"smartcrop.input": INPUT.replace("96", "128")}),
    }
    for name, model in models.items():
        onnx.save(model, folder / f"{name}.onnx")
    whole = (folder / "bright.onnx").read_bytes()
    (folder / "truncated.onnx").write_bytes(whole[: len(whole) // 2])
    (folder / "not_onnx.onnx").write_text("This is a letter to the editor.\n")
    (folder / "empty.onnx").write_bytes(b"")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: make_models.py FOLDER")
    write_models(Path(sys.argv[1]))
