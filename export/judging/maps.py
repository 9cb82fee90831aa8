# SPDX-License-Identifier: MIT
"""What is judged: things that turn a picture into a map of where viewers look."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from export.heatmap import Heatmap, Picture

Array = npt.NDArray[Any]

# Mean x, y and deviations of the training list's fixations, for data that brings no such list.
_USUAL_PRIOR = (0.508, 0.458, 0.221, 0.182)


class MapSource(Protocol):
    """A row: ``look`` at the next picture, ``reset`` where it has nothing to do with the last."""

    def look(self, picture: Picture, size: tuple[int, int]) -> Array:
        """Shares of shape (height, width) = size for an RGB picture (H, W, 3)."""
        ...

    def reset(self) -> None:
        """Forget what was seen."""
        ...


class CentrePrior:
    """A Gaussian fitted to the fixations of other pictures, whatever the picture shows."""

    def __init__(self, points: Iterable[Array] = ()) -> None:
        every = [each for each in points if len(each)]
        if every:
            joined = np.concatenate(every)
            self.numbers = (*joined.mean(0).tolist(), *joined.std(0).tolist())
        else:
            self.numbers = _USUAL_PRIOR

    def look(self, picture: Picture, size: tuple[int, int]) -> Array:
        del picture
        x, y, across, down = self.numbers
        rows = np.exp(-0.5 * (((np.arange(size[0]) + 0.5) / size[0] - y) / down) ** 2)
        columns = np.exp(-0.5 * (((np.arange(size[1]) + 0.5) / size[1] - x) / across) ** 2)
        values = rows[:, None] * columns
        return np.asarray(values / values.sum())

    def reset(self) -> None:
        pass


class Network:
    """A network with what it carries."""

    def __init__(self, heatmap: Heatmap) -> None:
        self.heatmap = heatmap
        self._last: tuple[Picture, tuple[int, int], Array] | None = None

    def look(self, picture: Picture, size: tuple[int, int]) -> Array:
        values = self.heatmap(picture, size)
        self._last = (picture, size, values)
        return values

    def seen(self, picture: Picture, size: tuple[int, int]) -> Array:
        """Give the last map again where it was of this very picture, else look."""
        if self._last and self._last[0] is picture and self._last[1] == size:
            return self._last[2]
        return self.look(picture, size)

    def reset(self) -> None:
        self.heatmap.reset()


class TimesPrior:
    """The map of a network times a prior; the network is not run twice for a picture."""

    def __init__(self, network: Network, prior: CentrePrior) -> None:
        self.network, self.prior = network, prior

    def look(self, picture: Picture, size: tuple[int, int]) -> Array:
        values = self.network.seen(picture, size) * self.prior.look(picture, size)
        return np.asarray(values / values.sum())

    def reset(self) -> None:
        pass  # the network's own row resets it


class TrainingFree:
    """The map of the built library without a model: contrast and motion about the middle."""

    def __init__(self, fps: float = 30.0) -> None:
        import smartcrop

        self._make, self._fps = smartcrop.Cropper, fps
        self._cropper: Any = None

    def look(self, picture: Picture, size: tuple[int, int]) -> Array:
        height, width = picture.shape[:2]
        if self._cropper is None:
            # Without look-ahead the newest decision, and so its map, is that of the newest frame.
            self._cropper = self._make(
                width, height, fps=self._fps, aspect="9:16", model="none", lookahead=0
            )
        self._cropper.push(picture)
        image = Image.fromarray(np.asarray(self._cropper.last_map(), np.float32))
        values = np.asarray(image.resize((size[1], size[0]), Image.Resampling.BILINEAR), np.float64)
        return np.asarray(values / values.sum())

    def reset(self) -> None:
        if self._cropper is not None:
            self._cropper.close()
        self._cropper = None
