# SPDX-License-Identifier: MIT
"""What a network costs: bytes, parameters, multiplications, milliseconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import nan
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper, shape_inference

from export.detector import Detector
from export.heatmap import Heatmap, open_session
from export.judging.table import Table

COLUMNS = {"KiB": 0, "M parameters": 3, "M MAC": 1, "ms median": 2, "ms best": 2}
ON_CUDA = {"CUDA ms median": 2, "CUDA ms best": 2}
_CUDA = "CUDAExecutionProvider"
_WARM_UP = 5
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Size:
    """Static cost of a file; ``macs`` is NaN where a layer's shape cannot be inferred."""

    bytes: int
    parameters: int
    macs: float


def _convolution(data: Shape, weight: Shape, answer: Shape) -> int:
    return int(np.prod(answer)) * int(np.prod(weight[1:]))


def _transposed(data: Shape, weight: Shape, answer: Shape) -> int:
    return int(np.prod(data)) * int(np.prod(weight[1:]))


def _product(data: Shape, weight: Shape, answer: Shape) -> int:
    return int(np.prod(answer)) * data[-1]


# Kind of layer to its cost and the positions of data and weight among its inputs.
_LAYERS: dict[str, tuple[Callable[[Shape, Shape, Shape], int], int, int]] = {
    "Conv": (_convolution, 0, 1),
    "ConvInteger": (_convolution, 0, 1),
    "QLinearConv": (_convolution, 0, 3),
    "ConvTranspose": (_transposed, 0, 1),
    "MatMul": (_product, 0, 1),
    "MatMulInteger": (_product, 0, 1),
    "QLinearMatMul": (_product, 0, 3),
    "Gemm": (_product, 0, 1),
}


def size_of(path: Path, inputs: Mapping[str, Shape]) -> Size:
    """Count parameters and multiply-accumulates of one frame.

    Parameters
    ----------
    inputs : mapping
        Shape of each input, for files that leave it open.
    """
    model = onnx.load(str(path))
    for value in model.graph.input:
        if value.name in inputs:
            kind = value.type.tensor_type.elem_type
            value.CopyFrom(helper.make_tensor_value_info(value.name, kind, inputs[value.name]))
    del model.graph.value_info[:]
    for value in model.graph.output:
        value.type.tensor_type.ClearField("shape")
    inferred = shape_inference.infer_shapes(model, data_prop=True)
    shapes = {each.name: tuple(each.dims) for each in model.graph.initializer}
    for value in [*inferred.graph.value_info, *inferred.graph.input, *inferred.graph.output]:
        sizes = [each.dim_value for each in value.type.tensor_type.shape.dim]
        if sizes and all(sizes):
            shapes[value.name] = tuple(sizes)
    macs = sum(_macs(node, shapes) for node in model.graph.node)
    parameters = sum(int(np.prod(each.dims)) for each in model.graph.initializer)
    parameters += sum(_constants(node) for node in model.graph.node)
    return Size(path.stat().st_size, parameters, macs)


def _macs(node: onnx.NodeProto, shapes: Mapping[str, Shape]) -> float:
    if node.op_type not in _LAYERS:
        return 0
    cost, data, weight = _LAYERS[node.op_type]
    names = (node.input[data], node.input[weight], node.output[0])
    if any(name not in shapes for name in names):
        return np.nan
    a, b, answer = (shapes[name] for name in names)
    transposed = any(each.name == "transA" and each.i for each in node.attribute)
    return cost(a[::-1] if transposed else a, b, answer)


def _constants(node: onnx.NodeProto) -> int:
    """Weights that a node of its own holds; scalars are settings, not weights."""
    if node.op_type != "Constant":
        return 0
    values = [numpy_helper.to_array(each.t) for each in node.attribute if each.name == "value"]
    return sum(value.size for value in values if value.size > 1 and value.dtype.kind == "f")


def milliseconds(
    session: onnxruntime.InferenceSession, feeds: Mapping[str, np.ndarray], runs: int
) -> tuple[float, float]:
    """Median and best time of one pass, inputs and outputs in the processor's memory."""
    times = []
    for _ in range(_WARM_UP + runs):
        start = time.perf_counter()
        session.run(None, feeds)
        times.append(1000 * (time.perf_counter() - start))
    return float(np.median(times[_WARM_UP:])), min(times[_WARM_UP:])


def _on_cuda(path: Path, feeds: Mapping[str, np.ndarray], runs: int) -> tuple[float, float]:
    """As `milliseconds`; NaN where the runtime has CUDA and the machine has not."""
    session = open_session(path, _CUDA)
    return milliseconds(session, feeds, runs) if _CUDA in session.get_providers() else (nan, nan)


def cost_table(networks: Mapping[str, Heatmap | Detector], runs: int = 100) -> Table:
    """One row for each network, at its own input size; times on CUDA where the runtime has it."""
    cuda = _CUDA in onnxruntime.get_available_providers()
    columns = COLUMNS | ON_CUDA if cuda else COLUMNS
    table = Table(f"cost of a frame (one CPU thread, {runs} runs, scaling not included)", columns)
    random = np.random.default_rng(0)
    for label, network in networks.items():
        wanted = network.description
        picture = random.integers(0, 256, (wanted.height, wanted.width, 3), dtype=np.uint8)
        feeds = network.feeds(picture)
        size = size_of(network.path, {name: tensor.shape for name, tensor in feeds.items()})
        row = [size.bytes / 1024, size.parameters / 1e6, size.macs / 1e6]
        row += milliseconds(network.session, feeds, runs)
        row += _on_cuda(network.path, feeds, runs) if cuda else ()
        table.rows[f"{label} {wanted.width}x{wanted.height}"] = row
    return table
