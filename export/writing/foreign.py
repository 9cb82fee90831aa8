# SPDX-License-Identifier: MIT
"""An ONNX file of others as one that describes itself, so that the library runs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import ModelProto, TensorProto, helper, numpy_helper

from export.writing.check import Session
from export.writing.contract import ExportError, Picture, Tensors, describe
from export.writing.graph import check_types, freeze, graph_inputs, set_shape, shape_of, text_of
from export.writing.write import Report, Trial, write_checked

# The logarithm of less is taken of this.
_LEAST_PROBABILITY = 1e-6
# A map's cell covers about as much of the picture's width as of its height.
_LONGEST_CELL = 4.0


@dataclass(frozen=True)
class Foreign:
    """What the file does not say by itself.

    Parameters
    ----------
    picture : Picture
        What it takes.
    input, output : str or None
        Names of the picture and the map; the only ones where they are None.
    state : tuple of pairs of str
        Tensors carried from frame to frame: input, output.
    answers : str
        ``"logits"``, or ``"probability"`` for a map of shares or of 0..1, whose logarithm is taken.
    """

    picture: Picture
    input: str | None = None
    output: str | None = None
    state: tuple[tuple[str, str], ...] = ()
    answers: str = "logits"


def adopt(
    source: Path,
    target: Path,
    foreign: Foreign,
    notes: Mapping[str, str],
    frames: np.ndarray,
    *,
    storage: str = "float",
) -> Report:
    """Add the description to a file, fix its open sizes, prove it, and write it.

    Parameters
    ----------
    frames : ndarray
        Consecutive RGB samples 0..255, (count, height, width, 3) of the picture's size.

    Raises
    ------
    ExportError
        With one line, where the file cannot be such a network; nothing is written then.
    """
    model = load(source)
    tensors = _tensors(model, foreign)
    check_types(model, tensors)
    grey = np.full_like(frames[0], 128)
    images = [foreign.picture.tensor(frame) for frame in [grey, *frames]]
    reference = Session(model.SerializeToString(), tensors).maps(images)
    _check_maps(reference, tensors.map, foreign)
    if foreign.answers == "probability":
        tensors = _take_logarithm(model, tensors)
        reference = [np.log(np.maximum(each, _LEAST_PROBABILITY)) for each in reference]
    freeze(model, foreign.picture, tensors)
    _fix_outputs(model, tensors, images[0])
    describe(model, foreign.picture, tensors, notes)
    return write_checked(model, target, storage, Trial(tensors, images, reference))


def load(source: Path) -> ModelProto:
    """Read an ONNX file, with the weights that lie beside it."""
    try:
        model = onnx.load(source)
    except FileNotFoundError as error:
        raise ExportError("there is no such file") from error
    except (DecodeError, onnx.checker.ValidationError, OSError, ValueError) as error:
        raise ExportError("it is not an ONNX file that can be read") from error
    return model


def _tensors(model: ModelProto, foreign: Foreign) -> Tensors:
    inputs = [each.name for each in graph_inputs(model)]
    outputs = [each.name for each in model.graph.output]
    for pair in foreign.state:
        for name, names, side in zip(pair, (inputs, outputs), ("input", "output"), strict=True):
            if name not in names:
                raise ExportError(
                    f'it has no {side} "{name}", which --state names; {side}s: {", ".join(names)}'
                )
    carried = [{pair[side] for pair in foreign.state} for side in (0, 1)]
    rest = [
        [name for name in names if name not in state]
        for names, state in zip((inputs, outputs), carried, strict=True)
    ]
    image = chosen(rest[0], foreign.input, "input")
    if len(rest[0]) > 1:
        raise ExportError(
            f"it has {len(rest[0])} inputs ({', '.join(rest[0])}) and the picture is one; "
            "name those that are carried from frame to frame: --state INPUT=OUTPUT"
        )
    return Tensors(image, chosen(rest[1], foreign.output, "output"), foreign.state)


def chosen(names: list[str], wanted: str | None, side: str) -> str:
    """The name that is wanted, or the only one."""
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted is None:
        raise ExportError(f"it has {len(names)} {side}s ({', '.join(names)}); choose by --{side}")
    if wanted not in names:
        raise ExportError(f'it has no {side} "{wanted}"; {side}s: {", ".join(names)}')
    return wanted


def _check_maps(maps: Sequence[np.ndarray], name: str, foreign: Foreign) -> None:
    """Refuse what is no heatmap of the picture; the first map is that of a grey picture."""
    shape, picture = maps[0].shape, foreign.picture
    leading, sides = shape[:-2], shape[-2:]
    if not 2 <= len(shape) <= 4 or any(side != 1 for side in leading) or min(sides) < 2:
        raise ExportError(f'output "{name}" is {text_of(list(shape))}, not a map of one channel')
    cell = (picture.width / sides[1]) / (picture.height / sides[0])
    if not 1 / _LONGEST_CELL <= cell <= _LONGEST_CELL:
        raise ExportError(
            f'output "{name}" is {text_of(list(shape))} for a picture of {picture.width} x '
            f"{picture.height}: not a grid that covers it"
        )
    _check_values(maps, name, foreign.answers)


def _check_values(maps: Sequence[np.ndarray], name: str, answers: str) -> None:
    for each in maps:
        if not np.isfinite(each).all():
            raise ExportError(f'output "{name}" has values that are not finite')
    if all(np.array_equal(each, maps[0]) for each in maps[1:]):
        raise ExportError(f'output "{name}" is the same for a grey picture as for a real one')
    shares = all(each.min() >= 0 and each.max() <= 1 for each in maps)
    if shares and answers == "logits":
        raise ExportError(
            f'output "{name}" lies within 0 and 1, so it is no map of logits: say '
            "--answers probability, or name the tensor before its last softmax or sigmoid"
        )
    if answers == "probability" and min(each.min() for each in maps) < 0:
        raise ExportError(f'output "{name}" has values below 0, so it is no probability')


def _take_logarithm(model: ModelProto, tensors: Tensors) -> Tensors:
    least, bounded, name = (f"smartcrop_{word}" for word in ("least", "bounded", "map"))
    value = np.array(_LEAST_PROBABILITY, np.float32)
    model.graph.initializer.append(numpy_helper.from_array(value, least))
    model.graph.node.append(helper.make_node("Max", [tensors.map, least], [bounded]))
    model.graph.node.append(helper.make_node("Log", [bounded], [name]))
    output = next(each for each in model.graph.output if each.name == tensors.map)
    output.CopyFrom(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    return Tensors(tensors.image, name, tensors.state)


def _fix_outputs(model: ModelProto, tensors: Tensors, image: np.ndarray) -> None:
    """Give the map and the states the sizes that a run shows; outputs of no use go."""
    states = {each.name: shape_of(each) for each in graph_inputs(model)}
    shapes = {output: states[name] for name, output in tensors.state}
    outputs = [each for each in model.graph.output if each.name in tensors.outputs]
    del model.graph.output[:]
    model.graph.output.extend(outputs)
    for value in model.graph.output:
        value.type.tensor_type.ClearField("shape")
    logits = Session(model.SerializeToString(), tensors).maps([image])[0]
    for value in model.graph.output:
        set_shape(value, shapes.get(value.name, list(logits.shape)))
