# SPDX-License-Identifier: MIT
"""How an ONNX file stores its weights: float32, half precision or 8-bit integers."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from export.writing.contract import ExportError
from export.writing.graph import opset_of

STORAGES = ("float", "half", "int8")

# Fewer values are no weights: limits of a Clip, scales of a Resize.
_FEWEST = 32
_PER_CHANNEL_OPSET = 13
# What stays in float32 otherwise is matching, gates and softmax, where a step of 1/256 shows.
_QUANTISED = ("Conv", "Add", "Clip", "Relu", "LeakyRelu", "MaxPool", "Resize", "Concat")
# The first convolutions, whose channels differ most in range, and the last, whose answer is logits,
# stay in float32 too: this halves the difference and costs no time.
_FIRST_KEPT, _LAST_KEPT = 3, 2


def halve(model: ModelProto) -> ModelProto:
    """Store weights in half precision, each with a Cast to float32 behind it.

    ONNX Runtime runs the Casts once, when it loads the file, and computes in float32. A tensor with
    a value beyond the range of half precision stays as it is.
    """
    halved = ModelProto()
    halved.CopyFrom(model)
    inputs = {value.name for value in model.graph.input}
    casts: list[NodeProto] = []
    for weight in halved.graph.initializer:
        if weight.data_type != TensorProto.FLOAT or weight.name in inputs:
            continue
        values = numpy_helper.to_array(weight)
        if values.size < _FEWEST or not np.abs(values).max() <= np.finfo(np.float16).max:
            continue
        name, stored = weight.name, f"{weight.name}_half"
        weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), stored))
        casts.append(helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *halved.graph.node]
    del halved.graph.node[:]
    halved.graph.node.extend(nodes)
    return halved


class _Readings:
    """Hands calibration its inputs one at a time, as the quantiser asks for them."""

    def __init__(self, feeds: Iterable[dict[str, np.ndarray]]) -> None:
        self._feeds: Iterator[dict[str, np.ndarray]] = iter(feeds)

    def get_next(self) -> dict[str, np.ndarray] | None:
        """Inputs of the next step; None at the end."""
        return next(self._feeds, None)


def quantise(model: ModelProto, feeds: Iterable[dict[str, np.ndarray]]) -> ModelProto:
    """Compute in 8-bit integers: static QDQ, a scale for each output channel.

    All bits are used, so that x86 processors without VNNI instructions, which add two products in
    16 bits, saturate where both are large: check the file on the kind of machine that it is for.

    Parameters
    ----------
    feeds : iterable of dict
        Inputs of the float32 model, from which the ranges of all tensors are read.
    """
    from onnxruntime.quantization import (
        CalibrationDataReader,
        QuantFormat,
        QuantType,
        quantize_static,
    )

    if opset_of(model) < _PER_CHANNEL_OPSET:
        raise ExportError(
            f"int8 needs opset {_PER_CHANNEL_OPSET}, and it uses {opset_of(model)}; use --half"
        )
    CalibrationDataReader.register(_Readings)
    convolutions = [node.name for node in model.graph.node if node.op_type == "Conv"]
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.ERROR)  # it advises on the root logger
    try:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "int8.onnx"
            source = Path(folder) / "float.onnx"
            onnx.save(model, source)
            quantize_static(
                str(source),
                str(target),
                _Readings(feeds),
                quant_format=QuantFormat.QDQ,
                per_channel=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                op_types_to_quantize=list(_QUANTISED),
                nodes_to_exclude=[*convolutions[:_FIRST_KEPT], *convolutions[-_LAST_KEPT:]],
            )
            quantised = onnx.load(target)
    finally:
        logging.getLogger().setLevel(level)
    _separate(quantised)
    quantised.ir_version = model.ir_version
    del quantised.metadata_props[:]
    quantised.metadata_props.extend(model.metadata_props)
    return quantised


def _separate(model: ModelProto) -> None:
    """Give each user of a weight a DequantizeLinear of its own.

    ONNX Runtime 1.16 does it when it loads a file, and loses the axis of the scales.
    """
    weights = {each.name for each in model.graph.initializer}
    shared = {
        node.output[0]: node
        for node in model.graph.node
        if node.op_type == "DequantizeLinear" and node.input[0] in weights
    }
    used: dict[str, int] = {}
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        for index, name in enumerate(node.input):
            if name not in shared:
                continue
            used[name] = used.get(name, 0) + 1
            if used[name] > 1:
                copy = NodeProto()
                copy.CopyFrom(shared[name])
                node.input[index] = copy.output[0] = f"{name}_{used[name]}"
                copy.name = f"{copy.name}_{used[name]}"
                nodes.append(copy)
        nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
