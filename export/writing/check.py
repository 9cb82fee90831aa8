# SPDX-License-Identifier: MIT
"""Whether an ONNX file answers what the network that it was made from answers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import onnxruntime

from export.writing.contract import ExportError, Tensors


@dataclass(frozen=True)
class Difference:
    """How far two sequences of probability maps lie apart, each the largest over all frames.

    Parameters
    ----------
    peak : float
        Largest absolute difference of a cell, as a share of the reference map's peak.
    divergence : float
        Kullback-Leibler divergence of the map from the reference, nats.
    """

    peak: float
    divergence: float

    def within(self, tolerance: Difference) -> bool:
        """Whether neither number lies above that of the tolerance."""
        return self.peak <= tolerance.peak and self.divergence <= tolerance.divergence

    def __str__(self) -> str:
        return f"{100 * self.peak:.2g} % of the peak, KL {self.divergence:.1e}"


# By the storage of the weights.
TOLERANCES = {
    "float": Difference(peak=1e-3, divergence=1e-6),
    "half": Difference(peak=0.05, divergence=1e-3),
    "int8": Difference(peak=0.2, divergence=0.02),
}


def probabilities(logits: np.ndarray) -> np.ndarray:
    """Softmax over all cells, in double precision."""
    raised = np.exp(logits.astype(np.float64) - logits.max())
    return raised / raised.sum()


def compare(reference: Sequence[np.ndarray], logits: Sequence[np.ndarray]) -> Difference:
    """Compare two sequences of maps of logits frame by frame."""
    peak = divergence = 0.0
    for wanted, got in zip(reference, logits, strict=True):
        if wanted.shape != got.shape:
            raise ExportError(f"its map is {got.shape}, and the network's {wanted.shape}")
        if not np.isfinite(got).all():
            raise ExportError("its map has values that are not finite")
        p, q = probabilities(wanted), probabilities(got)
        peak = max(peak, float(np.abs(p - q).max() / p.max()))
        # Cells that are all but empty in p weigh nothing, however small they are in q.
        ratio = np.log(np.maximum(p, 1e-30)) - np.log(np.maximum(q, 1e-30))
        divergence = max(divergence, float((p * ratio).sum()))
    return Difference(peak, divergence)


class Session:
    """An ONNX file in ONNX Runtime on one thread of the CPU, run frame by frame.

    Parameters
    ----------
    model : str or bytes
        Path or content of the file.
    tensors : Tensors
        Names of its inputs and outputs.
    """

    def __init__(self, model: str | bytes, tensors: Tensors) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                model, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the runtime's exceptions have no base of their own
            raise ExportError(f"ONNX Runtime cannot load it: {first_line(error)}") from error
        self._tensors = tensors
        self._shapes = {each.name: each.shape for each in self._session.get_inputs()}

    def feeds(self, images: Sequence[np.ndarray]) -> Iterator[dict[str, np.ndarray]]:
        """Inputs of one step after the other; the state starts at zero."""
        for feed, _ in self._steps(images):
            yield feed

    def maps(self, images: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Maps of logits, one for each picture tensor, the state carried from one to the next."""
        return [logits for _, logits in self._steps(images)]

    def milliseconds(self, image: np.ndarray, runs: int = 20) -> float:
        """Median time of a frame."""
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            self.maps([image])
            times.append(time.perf_counter() - start)
        return 1000 * statistics.median(times)

    def _steps(
        self, images: Sequence[np.ndarray]
    ) -> Iterator[tuple[dict[str, np.ndarray], np.ndarray]]:
        names = [name for name, _ in self._tensors.state]
        state = [np.zeros(_closed(self._shapes[name]), np.float32) for name in names]
        for image in images:
            feed = {self._tensors.image: image, **dict(zip(names, state, strict=True))}
            try:
                logits, *state = self._session.run(self._tensors.outputs, feed)
            except Exception as error:
                raise ExportError(f"ONNX Runtime cannot run it: {first_line(error)}") from error
            yield feed, logits


def _closed(shape: Sequence[int | str | None]) -> list[int]:
    """A shape whose open sides are 1."""
    return [side if isinstance(side, int) else 1 for side in shape]


def first_line(error: BaseException) -> str:
    """The start of a message, fit for one line."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200]
