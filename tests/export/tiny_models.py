# SPDX-License-Identifier: MIT
"""Networks small enough to know their answers: the logits are a channel's means over blocks."""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WIDTH, HEIGHT, BLOCK = 64, 48, 4
GRID = (HEIGHT // BLOCK, WIDTH // BLOCK)


def write_model(
    path: Path,
    *,
    weights: tuple[float, float, float] = (1, 0, 0),
    recurrent: bool = False,
    state: bool = True,
    **description: object,
) -> Path:
    """Logits: the weighted channels, averaged over blocks; a recurrent one adds the last logits."""
    shape = [1, 1, *GRID]
    kernel = np.array(weights, np.float32).reshape(1, 3, 1, 1)
    nodes = [
        helper.make_node("Conv", ["image", "kernel"], ["mixed"]),
        helper.make_node(
            "AveragePool",
            ["mixed"],
            ["means"],
            kernel_shape=[BLOCK, BLOCK],
            strides=[BLOCK, BLOCK],
        ),
    ]
    inputs = [("image", [1, 3, HEIGHT, WIDTH])]
    outputs = [("map", shape)]
    if recurrent:
        nodes.append(helper.make_node("Add", ["means", "before"], ["map"]))
        nodes.append(helper.make_node("Identity", ["means"], ["after"]))
        inputs.append(("before", shape))
        outputs.append(("after", shape))
    else:
        nodes.append(helper.make_node("Identity", ["means"], ["map"]))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, s) for name, s in inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, s) for name, s in outputs],
        [numpy_helper.from_array(kernel, "kernel")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    wanted = {"width": WIDTH, "height": HEIGHT, **description}
    metadata = {"smartcrop.kind": "heatmap", "smartcrop.input": json.dumps(wanted)}
    if recurrent and state:
        metadata["smartcrop.state"] = json.dumps([["before", "after"]])
    helper.set_model_props(model, metadata)
    onnx.save(model, str(path))
    return path
