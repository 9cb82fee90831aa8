# SPDX-License-Identifier: MIT
"""A network of PyTorch, traced, and written once ONNX Runtime answers the same maps."""

from __future__ import annotations

import copy
import inspect
import io
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from export.networks.base import HeatmapNetwork, Network
from export.writing.check import first_line
from export.writing.contract import ExportError, Picture, Tensors, describe
from export.writing.graph import simplify
from export.writing.write import Report, Trial, write_checked

OPSET = 17


class AnyNetwork(HeatmapNetwork):
    """A torch module of any make as a heatmap network without state.

    Parameters
    ----------
    module : Module
        From (N, 3, height, width) float32, normalised, to logits (N, 1, h, w).
    size : tuple of int
        Height and width of the picture.
    mean, std : tuple of float
        Of RGB samples 0..255; the network is given ``(sample - mean) / std``.
    """

    name = "any"

    def __init__(
        self,
        module: nn.Module,
        size: tuple[int, int],
        mean: tuple[float, float, float] = (0.0, 0.0, 0.0),
        std: tuple[float, float, float] = (1.0, 1.0, 1.0),
    ) -> None:
        super().__init__()
        self.module, self.size, self.mean, self.std = module, size, mean, std

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Logits alone."""
        return (self.module(image),)


def export_network(
    network: HeatmapNetwork,
    path: str | Path,
    properties: Mapping[str, str],
    frames: np.ndarray,
    half: bool = True,
    *,
    int8: bool = False,
) -> Report:
    """Write a network to an ONNX file, or raise ExportError and leave what was there.

    Parameters
    ----------
    network : HeatmapNetwork
        It is neither changed nor moved.
    properties : mapping
        ``licence``, ``trained_on`` and ``version``, each where it is known.
    frames : ndarray
        Consecutive RGB samples 0..255 to compare with, (count, height, width, 3) uint8 of the
        network's size; real ones, 8 or more. For ``int8`` the ranges are read off them too.
    half : bool
        Store the weights in half precision; they are computed with as float32 all the same.
    int8 : bool
        Compute in 8-bit integers, in place of half precision.
    """
    network = copy.deepcopy(network).cpu().float().eval()
    network.to(memory_format=torch.contiguous_format)
    height, width = network.size
    picture = Picture(width, height, mean=tuple(network.mean), std=tuple(network.std))
    tensors = Tensors("image", "map", tuple(network.state_names))
    if not len(frames):
        raise ExportError("there are no frames to compare with")
    images = [picture.tensor(frame) for frame in frames]
    model = simplify(trace(network, tensors))
    describe(model, picture, tensors, properties)
    storage = "int8" if int8 else "half" if half else "float"
    reference = torch_maps(network, frames)
    return write_checked(model, Path(path), storage, Trial(tensors, images, reference))


def trace(network: Network, tensors: Tensors) -> onnx.ModelProto:
    """Trace one step of the network, with all sizes fixed."""
    height, width = network.size
    state = network.initial_state(1)
    if len(state) != len(tensors.state):
        raise ExportError(
            f"the network has {len(state)} initial states and {len(tensors.state)} state_names"
        )
    if any(bool(each.any()) for each in state):
        raise ExportError("initial_state is not zero, and zeros are what the library starts with")
    # The exporter by TorchScript: it is in every PyTorch since 2.0, needs no onnxscript and writes
    # opset 17. Until 2.4 it was the only one, without an argument to choose it by.
    chooses = "dynamo" in inspect.signature(torch.onnx.export).parameters
    target = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        # That it is not the newest, and that some constants are left for us to fold.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", "Constant folding", UserWarning)
        try:
            torch.onnx.export(
                network,
                (torch.zeros(1, 3, height, width), *state),
                target,
                opset_version=OPSET,
                input_names=[tensors.image, *(name for name, _ in tensors.state)],
                output_names=tensors.outputs,
                **({"dynamo": False} if chooses else {}),
            )
        except (RuntimeError, TypeError, ValueError) as error:
            raise ExportError(f"PyTorch cannot export it: {first_line(error)}") from error
    return onnx.load_from_string(target.getvalue())


def torch_maps(network: HeatmapNetwork, frames: np.ndarray) -> list[np.ndarray]:
    """Maps of logits by PyTorch, one for each frame, the state carried from one to the next."""
    maps, state = [], network.initial_state(1)
    with torch.no_grad():
        for frame in frames:
            pictures = torch.from_numpy(frame.copy()).permute(2, 0, 1)[None]
            logits, *after = network(network.normalise(pictures), *state)
            state = tuple(after)
            maps.append(logits.numpy())
    return maps
