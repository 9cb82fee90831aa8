# SPDX-License-Identifier: MIT
"""Windows that are divided into panes, as croppers render them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
from conftest import PLAIN

import smartcrop

WIDTH, HEIGHT = 192, 108
# Off the samples, and of the shape of half the output.
UPPER = (10.3125, 5.75, 72.0, 64.0)
LOWER = (101.0, 31.5, 72.0, 64.0)


def noise(*shape: int, seed: int = 7, dtype: Any = np.uint8) -> npt.NDArray[Any]:
    most = np.iinfo(dtype).max
    return np.random.default_rng(seed).integers(0, most, shape, dtype, endpoint=True)


def rendered(
    frame: Any, size: str, boxes: tuple[tuple[float, ...], ...], **changes: object
) -> tuple[smartcrop.Cropper, smartcrop.Window, Any]:
    """Render the frame's window after it was moved, or divided into panes one above the other."""
    options: dict[str, Any] = {**PLAIN, "lookahead": 0, "size": size}
    cropper = smartcrop.Cropper(WIDTH, HEIGHT, fps=25, **options)
    (window,) = cropper.push(frame)
    width, height = cropper.output_size
    if len(boxes) == 1:
        x, y, w, h = boxes[0]
        window = replace(window, x=x, y=y, width=w, height=h)
    else:
        each = height / len(boxes)
        panes = (smartcrop.Pane(*box, 0, i * each, width, each) for i, box in enumerate(boxes))
        window = replace(window, panes=tuple(panes))
    return cropper, window, cropper.render(frame, replace(window, **changes))  # type: ignore[arg-type]


def halves(frame: Any) -> list[Any]:
    return [rendered(frame, "90x80", (box,))[2] for box in (UPPER, LOWER)]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_each_pane_is_its_window_rendered_alone(dtype: Any) -> None:
    frame = noise(HEIGHT, WIDTH, 3, dtype=dtype)
    _, _, picture = rendered(frame, "90x160", (UPPER, LOWER))
    upper, lower = halves(frame)
    assert picture.shape == (160, 90, 3)
    np.testing.assert_array_equal(picture[:80], upper)
    np.testing.assert_array_equal(picture[80:], lower)
    assert not np.array_equal(upper, lower)


def test_planes_and_frames_of_pyav_are_divided_too() -> None:
    planes = (noise(108, 192), noise(54, 96, seed=8), noise(54, 96, seed=9))
    _, _, picture = rendered(planes, "90x160", (UPPER, LOWER))
    upper, lower = halves(planes)
    for got, above, below in zip(picture, upper, lower, strict=True):
        np.testing.assert_array_equal(got, np.concatenate([above, below]))
    frame = av.VideoFrame.from_ndarray(
        np.concatenate([p.ravel() for p in planes]).reshape(HEIGHT * 3 // 2, WIDTH),
        format="yuv420p",
    )
    _, _, shown = rendered(frame, "90x160", (UPPER, LOWER))
    assert (shown.width, shown.height) == (90, 160)
    for plane, got in zip(shown.planes, picture, strict=True):
        rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        np.testing.assert_array_equal(rows[: got.shape[0], : got.shape[1]], got)


def test_only_one_pane_that_fills_the_output_is_exact() -> None:
    frame = noise(HEIGHT, WIDTH, 3)
    cropper, window, _ = rendered(frame, "90x160", (UPPER, LOWER))
    assert cropper.exact_offset(window) is None
    cropper, window, _ = rendered(frame, "54x96", (UPPER, LOWER))
    full = smartcrop.Pane(8, 4, 54, 96, 0, 0, 54, 96)
    assert cropper.exact_offset(replace(window, panes=(full,))) == (8, 4)
    assert cropper.exact_offset(replace(window, panes=(replace(full, to_height=90.0),))) is None
    picture = cropper.render(frame, replace(window, panes=(full,)))
    np.testing.assert_array_equal(picture, frame[4:100, 8:62])


def test_a_pane_that_cannot_be_is_refused_with_its_number() -> None:
    frame = noise(HEIGHT, WIDTH, 3)
    cropper, window, _ = rendered(frame, "90x160", (UPPER, LOWER))
    good, bad = window.panes
    for wrong, words in (
        (replace(bad, x=121.0), "window of pane 1, 72x64 at 121,31.5 is not inside the picture"),
        (replace(bad, to_y=81.0), "pane 1 goes to 90x80 at 0,81, which is not inside the output"),
        (replace(bad, to_width=float("nan")), "pane 1 goes to nanx80"),
        (replace(bad, width="wide"), "not one of numbers"),  # type: ignore[arg-type]
        (None, "a pane is None, not a Pane"),
    ):
        with pytest.raises(smartcrop.OptionError, match=words):
            cropper.render(frame, replace(window, panes=(good, wrong)))  # type: ignore[arg-type]


def test_a_decided_window_has_no_panes() -> None:
    cropper = smartcrop.Cropper(WIDTH, HEIGHT, **{**PLAIN, "lookahead": 0})
    (window,) = cropper.push(noise(HEIGHT, WIDTH, 3))
    assert window.panes == ()
