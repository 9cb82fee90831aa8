# SPDX-License-Identifier: MIT
"""What an ONNX file says about itself, so that the library runs it: python/docs/models.md.

Only what writing a file needs lies here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import onnx

NOTES = ("licence", "trained_on", "version")
_SIDES = (8, 4096)


class ExportError(Exception):
    """Nothing was written; the text is one line that names the cause and the remedy."""


@dataclass(frozen=True)
class Tensors:
    """Names of what goes in and out; state as (input, output) pairs."""

    image: str
    map: str
    state: tuple[tuple[str, str], ...] = ()

    @property
    def outputs(self) -> list[str]:
        """The map, then the state."""
        return [self.map, *(output for _, output in self.state)]


@dataclass(frozen=True)
class Picture:
    """The picture that a network takes.

    A value of its tensor is ``(sample * range / 255 - mean) / std``, the sample from 0 to 255.

    Parameters
    ----------
    width, height : int
        Size in pixels.
    order : str
        ``"RGB"`` or ``"BGR"``; mean and std follow it.
    range : float
        What a full sample counts before mean and std.
    mean, std : tuple of float
        Three of each.
    fit : str
        ``"stretch"``, or ``"pad"`` to keep the shape.
    pad_value : int
        Sample that ``pad`` fills with.
    """

    width: int
    height: int
    order: str = "RGB"
    range: float = 255.0
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    std: tuple[float, ...] = (1.0, 1.0, 1.0)
    fit: str = "stretch"
    pad_value: int = 0

    def __post_init__(self) -> None:
        """Refuse what the library would refuse."""
        smallest, largest = _SIDES
        for name in ("width", "height"):
            if not smallest <= getattr(self, name) <= largest:
                raise ExportError(f"{name} {getattr(self, name)} is not {smallest} to {largest}")
        for name in ("mean", "std"):
            values = getattr(self, name)
            if len(values) != 3 or not all(math.isfinite(value) for value in values):
                raise ExportError(f"{name} takes three numbers, one for each channel")
        if min(self.std) <= 0:
            raise ExportError("std takes numbers above 0")
        if not 1e-3 <= self.range <= 65535:
            raise ExportError(f"range {self.range:g} is not 0.001 to 65535; usual are 255 and 1")
        if not 0 <= self.pad_value <= 255:
            raise ExportError(f"pad-value {self.pad_value} is not a sample, 0 to 255")
        for name, known in (("order", ("RGB", "BGR")), ("fit", ("stretch", "pad"))):
            if getattr(self, name) not in known:
                raise ExportError(f"{name} is {' or '.join(known)}, not {getattr(self, name)}")

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Of the tensor."""
        return (1, 3, self.height, self.width)

    def tensor(self, frame: np.ndarray) -> np.ndarray:
        """From RGB samples 0..255, (height, width, 3), to the float32 tensor of ``shape``."""
        if frame.shape != (self.height, self.width, 3):
            raise ExportError(
                f"a frame of shape {frame.shape} for a network that takes "
                f"({self.height}, {self.width}, 3); scale the frames first"
            )
        samples = frame[..., :: -1 if self.order == "BGR" else 1].astype(np.float64)
        values = (samples * (self.range / 255) - np.array(self.mean)) / np.array(self.std)
        return np.ascontiguousarray(values.transpose(2, 0, 1)[None], dtype=np.float32)


def describe(
    model: onnx.ModelProto, picture: Picture, tensors: Tensors, notes: Mapping[str, str]
) -> None:
    """Write the description into the model's metadata; what else it holds there stays.

    Parameters
    ----------
    notes : mapping
        ``licence``, ``trained_on``, ``version``: free text, each where it is known.
    """
    if unknown := sorted(set(notes) - set(NOTES)):
        raise ExportError(f"no such property: {', '.join(unknown)}; there are {', '.join(NOTES)}")
    properties = {entry.key: entry.value for entry in model.metadata_props}
    properties = {
        key: value for key, value in properties.items() if not key.startswith("smartcrop.")
    }
    properties["smartcrop.kind"] = "heatmap"
    properties["smartcrop.input"] = json.dumps({"name": tensors.image, **asdict(picture)})
    properties["smartcrop.output"] = tensors.map
    if tensors.state:
        properties["smartcrop.state"] = json.dumps(tensors.state)
    for name, text in notes.items():
        if text:
            properties[f"smartcrop.{name}"] = text
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, properties)
