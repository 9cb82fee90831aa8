# SPDX-License-Identifier: MIT
"""Write an ONNX file under its name only once it answers what it should."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

from export.writing.check import TOLERANCES, Difference, Session, compare
from export.writing.contract import ExportError, Tensors
from export.writing.graph import check_types, limit_versions, opset_of, shape_of, simplify
from export.writing.storage import STORAGES, halve, quantise


@dataclass(frozen=True)
class Report:
    """What was written, and how well it agrees with what it was made from."""

    path: Path
    storage: str
    size: int  # bytes
    opset: int
    frames: int
    difference: Difference
    milliseconds: float

    def __str__(self) -> str:
        return (
            f"{self.path}: {self.size / 2**20:.2f} MiB, {self.storage} weights, opset {self.opset};"
            f" {self.frames} frames in a row differ by at most {self.difference};"
            f" {self.milliseconds:.1f} ms a frame on one thread"
        )


@dataclass(frozen=True)
class Trial:
    """What a file has to answer.

    Parameters
    ----------
    tensors : Tensors
        Names of its inputs and outputs.
    images : sequence of ndarray
        Picture tensors, one after another in time.
    reference : sequence of ndarray
        Maps of logits, one for each of them.
    """

    tensors: Tensors
    images: Sequence[np.ndarray]
    reference: Sequence[np.ndarray]


def stored(model: onnx.ModelProto, storage: str, trial: Trial) -> onnx.ModelProto:
    """Give the model in the wanted storage of its weights."""
    if storage == "half":
        return halve(model)
    if storage == "int8":
        session = Session(model.SerializeToString(), trial.tensors)
        return quantise(simplify_described(model), session.feeds(trial.images))
    return model


def simplify_described(model: onnx.ModelProto) -> onnx.ModelProto:
    """Simplify a model and keep its metadata, which ONNX Runtime drops."""
    plain = onnx.ModelProto()
    plain.CopyFrom(model)
    simple = simplify(plain)
    del simple.metadata_props[:]
    simple.metadata_props.extend(model.metadata_props)
    return simple


def write_checked(model: onnx.ModelProto, path: Path, storage: str, trial: Trial) -> Report:
    """Write a described model under a temporary name, prove it, and give it its name.

    Parameters
    ----------
    storage : str
        ``float``, ``half`` or ``int8``.

    Raises
    ------
    ExportError
        What was at the path before stays there.
    """
    assert storage in STORAGES
    check_target(path)
    check_types(model, trial.tensors)
    model = stored(model, storage, trial)
    limit_versions(model)
    if open_sizes := [each.name for each in model.graph.output if None in shape_of(each)]:
        raise ExportError(f"the size of {', '.join(open_sizes)} is open")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        onnx.save(model, temporary)
        difference, milliseconds = prove(temporary, storage, trial)
        size = temporary.stat().st_size
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    frames = len(trial.images)
    return Report(path, storage, size, opset_of(model), frames, difference, milliseconds)


def prove(file: Path, storage: str, trial: Trial) -> tuple[Difference, float]:
    """Run a file and refuse it where it answers something else; also say its time, ms a frame."""
    session = Session(str(file), trial.tensors)
    difference = compare(trial.reference, session.maps(trial.images))
    tolerance = TOLERANCES[storage]
    if not difference.within(tolerance):
        raise ExportError(
            f"with {storage} weights the map differs by {difference}, and at most {tolerance} "
            "would do; nothing was written"
        )
    return difference, session.milliseconds(trial.images[0])


def check_target(path: Path) -> None:
    """Refuse a name that cannot be written before any work is done."""
    if path.is_dir():
        raise ExportError(f"{path} is a folder; --out names a file")
    if not path.absolute().parent.is_dir():
        raise ExportError(f"the folder {path.absolute().parent} does not exist; make it first")
