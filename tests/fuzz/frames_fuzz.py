# SPDX-License-Identifier: MIT
"""Frames of random kinds through Cropper: each is cropped right, or refused in one sentence.

Every frame lies between pages that cannot be read, so that a read beyond it ends the process. Where
a frame is taken, what is rendered from it equals what is rendered from a plain copy.

    python tests/fuzz/frames_fuzz.py --seconds 60 --seed 7
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import av
import numpy as np
from guarded import Array, guarded

import smartcrop
from smartcrop.frames.pixels import PixelFormat

SAMPLES = ("uint8", "uint16", "float32")
OTHER_SAMPLES = ("bool", "int8", ">u2", ">f4", "float64", "int32", "float16", "complex64", "object")
LAYOUTS = {"grey": "gray", "444": "yuv444p", "422": "yuv422p", "420": "yuv420p", "411": "yuv411p"}
NUMBERS = (float("nan"), float("inf"), -float("inf"), -1.0, 0.0, 1e-9, 1e9, 1e300, 0.5)
PACKED = ("rgb24", "bgra", "nv12", "gray", "yuv420p", "yuv444p10le", "gbrp", "pal8", "p010le")
PACKED += ("gray16be", "yuyv422", "ya8", "rgb48be", "monow", "yuva420p", "yuv411p", "gbrpf32le")
FIXED = {"model": "none", "lookahead": 0.0}


class Fuzz:
    """A random order of random calls."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.taken = self.refused = 0

    def pick(self, choices: Sequence[Any]) -> Any:
        """Give one of these."""
        return choices[int(self.random.integers(len(choices)))]

    def chance(self, share: float) -> bool:
        """Say yes so often."""
        return bool(self.random.random() < share)

    # ---- frames ----

    def samples(self, shape: tuple[int, ...], dtype: str) -> Array:
        """Random samples; floats are now and then no numbers."""
        kind = np.dtype(dtype)
        if kind.kind == "f":
            values = self.random.random(shape)
            if self.chance(0.1):
                values[..., 0] = self.pick(NUMBERS)
            with np.errstate(over="ignore"):
                return values.astype(kind)
        return self.random.integers(0, 2 if kind.kind == "b" else 120, shape).astype(kind)

    def placed(self, values: Array) -> Array:
        """Place an array in memory somehow; its values stay."""
        if values.dtype == object or not values.size:
            return values
        size, at_end = values.dtype.itemsize, self.chance(0.7)
        order = (
            list(range(values.ndim)) if self.chance(0.6) else self.random.permutation(values.ndim)
        )
        strides, step = [0] * values.ndim, size * (self.pick((2, 3)) if self.chance(0.2) else 1)
        odd = self.pick((1, 3)) if self.chance(0.1) else 0
        for axis in reversed(list(order)):
            strides[axis] = -step if self.chance(0.2) else step
            step *= values.shape[axis]
            step += odd + (size * int(self.random.integers(0, 70)) if self.chance(0.3) else 0)
        placed = guarded(values, strides, at_end=at_end)
        if self.chance(0.2):
            placed.flags.writeable = False
        if self.chance(0.05):
            placed = np.broadcast_to(placed[:1], values.shape)
        return placed

    def planes(self, kind: str, dtype: str, width: int, height: int) -> Any:
        """A frame: an array, or a tuple or list of planes."""
        if kind == "rgb":
            return self.placed(self.samples((height, width, 3), dtype))
        format = PixelFormat.named(LAYOUTS[kind])
        planes = [
            self.placed(self.samples(format.plane_shape(index, width, height), dtype))
            for index in range(format.planes)
        ]
        if kind == "grey" and self.chance(0.5):
            return planes[0]
        return planes if self.chance(0.3) else tuple(planes)

    def spoilt(self, frame: Any) -> Any:
        """Make something of a frame that is none."""
        if isinstance(frame, np.ndarray):
            cut = tuple(slice(0, max(0, n - int(self.random.integers(0, 3)))) for n in frame.shape)
            other = self.samples(frame.shape, self.pick(OTHER_SAMPLES))
            return self.pick(
                (frame[cut], frame[None], frame[0], other, frame[:0], frame.T, [frame])
            )
        planes = list(frame)
        choice = int(self.random.integers(5))
        at = int(self.random.integers(len(planes)))
        if choice == 0:
            planes[at] = planes[at][: max(0, len(planes[at]) - 1)]
        elif choice == 1:
            planes[at] = self.samples(planes[at].shape, self.pick((*SAMPLES, *OTHER_SAMPLES)))
        elif choice == 2:
            planes.pop(at)
        elif choice == 3:
            planes.append(planes[at])
        else:
            planes[at] = self.pick(
                (None, 5, "plane", [[1, 2], [3]], planes[at].T, planes[at][None])
            )
        return planes

    def av_frame(self, width: int, height: int) -> Any:
        """A frame of PyAV."""
        picture = self.samples((height, width, 3), "uint8")
        frame = av.VideoFrame.from_ndarray(picture, "rgb24")
        name = self.pick(PACKED)
        if name == "pal8":  # swscale does not write it
            return av.VideoFrame(width, height, name)
        return frame if name == "rgb24" else frame.reformat(format=name)

    # ---- calls ----

    def refuses(self, call: Any) -> Any:
        """Call; nothing but the package's own error may come."""
        try:
            result = call()
        except smartcrop.Error as error:
            assert "\n" not in str(error), error
            self.refused += 1
            return None
        self.taken += 1
        return result

    def cropper(self, width: int, height: int) -> smartcrop.Cropper:
        """A cropper with random options."""
        options: dict[str, Any] = dict(FIXED, aspect=self.pick(("9:16", "1:1", "16:9")))
        if self.chance(0.5):
            options.pop("aspect")
            options["size"] = tuple(int(each) for each in self.random.integers(1, 90, 2))
        options["strategy"] = self.pick(("auto", "hold", "follow", "fit"))
        options["pad"] = self.pick(("blur", "edge", "color"))
        options["subpixel"] = self.chance(0.3)
        options["zoom"] = self.pick((1.0, 1.5))
        return smartcrop.Cropper(width, height, fps=25, **options)

    def window(self, window: smartcrop.Window) -> smartcrop.Window:
        """A window that is not the cropper's."""
        names = ("x", "y", "width", "height")
        return replace(window, **{self.pick(names): self.pick(NUMBERS)})

    def once(self) -> None:
        """One cropper and a few frames of it, most of one kind."""
        width, height = (int(each) for each in self.random.integers(1, 97, 2))
        kinds = [(self.pick(("rgb", *LAYOUTS)), self.pick(SAMPLES)) for _ in range(2)]
        try:
            cropper = self.cropper(width, height)
        except smartcrop.Error:
            return
        windows: list[smartcrop.Window] = []
        for _ in range(int(self.random.integers(1, 5))):
            kind, dtype = kinds[int(self.chance(0.2))]
            size = (width + 1, height) if self.chance(0.05) else (width, height)
            frame = self.planes(kind, dtype, *size)
            if self.chance(0.15):
                frame = self.av_frame(*size)
            elif self.chance(0.2):
                frame = self.spoilt(frame)
            boxes = [(self.pick(NUMBERS), 1, 5, 5)] if self.chance(0.1) else None
            windows += self.refuses(lambda f=frame, b=boxes: cropper.push(f, boxes=b)) or []
            if windows:
                self.render(cropper, frame, windows[-1])
        cropper.close()

    def render(self, cropper: smartcrop.Cropper, frame: Any, window: smartcrop.Window) -> None:
        """Render a frame, and a plain copy of it."""
        if self.chance(0.3):
            window = self.window(window)
        given = self.refuses(lambda: cropper.render(frame, window))
        if given is None or isinstance(frame, av.VideoFrame):
            return
        arrays = isinstance(frame, np.ndarray)
        plain = frame.copy(order="C") if arrays else [each.copy(order="C") for each in frame]
        wanted = cropper.render(plain, window)
        pairs = [(given, wanted)] if arrays else zip(given, wanted, strict=True)
        for got, want in pairs:
            assert got.dtype == want.dtype
            assert np.array_equal(got, want, equal_nan=got.dtype.kind == "f"), window


def main() -> None:
    """Run for so long, or so often."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=int(Fraction(time.time()) % 10**6))
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--runs", type=int, default=10**9)
    given = parser.parse_args()
    end, seed, taken, refused = time.monotonic() + given.seconds, given.seed, 0, 0
    for run in range(given.runs):
        if time.monotonic() > end:
            break
        # Over the last one, so that what is left after a crash is the seed to run again with.
        print(f"\rseed {seed + run}", end="", file=sys.stderr, flush=True)
        fuzz = Fuzz(seed + run)
        fuzz.once()
        taken, refused = taken + fuzz.taken, refused + fuzz.refused
    print(f"\n{taken} calls taken, {refused} refused")


if __name__ == "__main__":
    main()
