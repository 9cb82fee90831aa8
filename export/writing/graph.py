# SPDX-License-Identifier: MIT
"""ONNX graphs made plain: no open sizes, nothing that is computed from constants alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnx
import onnxruntime
from onnx import ModelProto, TensorProto, ValueInfoProto

from export.writing.contract import ExportError, Picture, Tensors

# ONNX Runtime 1.16, the oldest that the library opens, reads these and older ones.
NEWEST_IR_VERSION = 9
NEWEST_OPSET = 19


def shape_of(value: ValueInfoProto) -> list[int | None]:
    """Sides of a tensor, None where one is open."""
    sides = value.type.tensor_type.shape.dim
    return [side.dim_value if side.HasField("dim_value") else None for side in sides]


def set_shape(value: ValueInfoProto, shape: list[int]) -> None:
    """Give a tensor fixed sides."""
    sides = value.type.tensor_type.shape
    del sides.dim[:]
    for side in shape:
        sides.dim.add().dim_value = side


def opset_of(model: ModelProto) -> int:
    """Version of the standard operators that the model uses."""
    return max((entry.version for entry in model.opset_import if not entry.domain), default=1)


def graph_inputs(model: ModelProto) -> list[ValueInfoProto]:
    """Inputs that a caller gives; old files list their weights among them."""
    weights = {each.name for each in model.graph.initializer}
    return [each for each in model.graph.input if each.name not in weights]


def simplify(model: ModelProto) -> ModelProto:
    """Fold what is constant, and padding with zeros into the convolution after it.

    ONNX Runtime does it, at the level whose result is standard ONNX again. It overlooks a Pad that
    names an empty third input, as PyTorch writes it.
    """
    for node in model.graph.node:
        while node.input and not node.input[-1]:
            node.input.pop()
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 4
    with tempfile.TemporaryDirectory() as folder:
        options.optimized_model_filepath = str(Path(folder) / "simple.onnx")
        onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        simple = onnx.load(options.optimized_model_filepath)
    if any(node.domain for node in simple.graph.node):
        return model
    del simple.opset_import[:]
    simple.opset_import.extend([onnx.helper.make_opsetid("", opset_of(model))])
    simple.ir_version = model.ir_version
    return simple


def freeze(model: ModelProto, picture: Picture, tensors: Tensors) -> None:
    """Fix the open sizes of the inputs; those of the outputs are left to whoever runs it."""
    for value in graph_inputs(model):
        shape = shape_of(value)
        if value.name == tensors.image:
            wanted = picture.shape
            fits = len(shape) == 4 and all(
                side in (None, size) for side, size in zip(shape, wanted, strict=True)
            )
            if not fits:
                raise ExportError(
                    f'input "{value.name}" is {text_of(shape)}, not {text_of(list(wanted))}: one '
                    "picture, three channels, rows, columns; set --width and --height to fit it"
                )
            set_shape(value, list(wanted))
        elif shape and shape[0] is None and None not in shape[1:]:
            set_shape(value, [1, *(side for side in shape[1:] if side is not None)])
        elif None in shape:
            raise ExportError(
                f'state input "{value.name}" is {text_of(shape)}: it needs a fixed size'
            )
    # What was noted of the tensors between speaks of open sizes.
    del model.graph.value_info[:]


def text_of(shape: list[int] | list[int | None]) -> str:
    """A shape in words."""
    return "[" + " x ".join("?" if side is None else str(side) for side in shape) + "]"


def check_types(model: ModelProto, tensors: Tensors) -> None:
    """Refuse tensors that are not float32."""
    wanted = {tensors.image, *tensors.outputs, *(name for name, _ in tensors.state)}
    for value in [*graph_inputs(model), *model.graph.output]:
        kind = value.type.tensor_type.elem_type
        if value.name in wanted and kind != TensorProto.FLOAT:
            name = TensorProto.DataType.Name(kind).lower()
            raise ExportError(
                f'"{value.name}" is {name}, not float32; export it with float32 inputs and outputs'
            )


def limit_versions(model: ModelProto) -> None:
    """Make the file readable for the oldest supported ONNX Runtime, or say that it is not."""
    # Newer versions of the container only add fields, which older readers skip.
    model.ir_version = min(model.ir_version, NEWEST_IR_VERSION)
    if opset_of(model) > NEWEST_OPSET:
        raise ExportError(
            f"it uses opset {opset_of(model)}, and ONNX Runtime 1.16 reads up to {NEWEST_OPSET}; "
            "export it with opset_version=17"
        )
