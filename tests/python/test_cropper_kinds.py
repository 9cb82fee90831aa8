# SPDX-License-Identifier: MIT
"""Frames of another kind than the first, and arrays however they lie in memory."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from conftest import PLAIN, ROOT

import smartcrop
from smartcrop.frames.pixels import PixelFormat
from tests.fuzz.guarded import Array, guarded

WIDTH, HEIGHT = 48, 30
FUZZ = ROOT / "tests" / "fuzz" / "frames_fuzz.py"


def cropper(**given: Any) -> smartcrop.Cropper:
    return smartcrop.Cropper(WIDTH, HEIGHT, fps=25, **{**PLAIN, "lookahead": 0, **given})


def rgb(dtype: str = "uint8") -> Array:
    return np.random.default_rng(5).integers(0, 120, (HEIGHT, WIDTH, 3)).astype(dtype)


def planes(name: str, dtype: str = "uint8") -> tuple[Array, ...]:
    format = PixelFormat.named(name)
    shapes = [format.plane_shape(index, WIDTH, HEIGHT) for index in range(format.planes)]
    return tuple(np.full(shape, 60, dtype) for shape in shapes)


def frame(name: str) -> av.VideoFrame:
    made = av.VideoFrame.from_ndarray(rgb(), "rgb24").reformat(format=name)
    made.pts, made.time_base = 0, Fraction(1, 25)
    return made


KINDS: dict[str, Any] = {
    "RGB of 8 bits": rgb(),
    "RGB of 16 bits": rgb("uint16"),
    "RGB of floats": rgb("float32"),
    "grey of 8 bits": planes("gray")[0],
    "YUV 4:2:0 of 8 bits": planes("yuv420p"),
    "YUV 4:4:4 of 16 bits": planes("yuv444p", "uint16"),
    "YUV 4:2:0 with alpha of 8 bits": planes("yuva420p"),
    "YUV 4:2:2 of 10 bits": frame("yuv422p10le"),
    "YUV 4:1:1 of 8 bits": frame("yuv411p"),
}


@pytest.mark.parametrize("first", KINDS)
def test_frames_of_another_kind_than_the_first_are_neither_read_nor_rendered(first: str) -> None:
    one = cropper()
    (window,) = one.push(KINDS[first])
    for kind, given in KINDS.items():
        if kind == first:
            continue
        for call in (lambda g=given: one.push(g), lambda g=given: one.render(g, window)):
            with pytest.raises(smartcrop.Error) as caught:
                call()
            assert str(caught.value) == (
                f"a frame of {kind} came into a cropper whose first frame was {first}; give it "
                "frames of one format"
            )
            assert caught.value.status == "format"
    (second,) = one.push(KINDS[first])
    assert second.frame == 1
    one.render(KINDS[first], second)


def test_a_closed_cropper_takes_frames_of_another_kind() -> None:
    one = cropper()
    one.push(KINDS["RGB of 8 bits"])
    one.close()
    assert one.push(KINDS["YUV 4:2:0 of 8 bits"])[0].frame == 0


@pytest.mark.parametrize("size", ["", "20x40"])
@pytest.mark.parametrize("shape", [(15, 24), (30, 47), (31, 48), (60, 96)])
def test_a_frame_of_another_size_is_not_rendered(size: str, shape: tuple[int, int]) -> None:
    one = cropper(size=size)
    (window,) = one.push(rgb())
    for given in (np.zeros((*shape, 3), np.uint8), av.VideoFrame(shape[1], shape[0], "gbrp")):
        with pytest.raises(smartcrop.Error, match=f"{shape[1]}x{shape[0]} came .* 48x30"):
            one.render(given, window)


@pytest.mark.parametrize(
    "dtype",
    ["bool", "int8", ">u2", ">f4", "float16", "float64", "complex64", "object", "S1", "M8[s]"],
)
def test_samples_of_other_types_are_refused(dtype: str) -> None:
    for given in (np.zeros((HEIGHT, WIDTH, 3), dtype), (np.zeros((HEIGHT, WIDTH), dtype),)):
        with pytest.raises(smartcrop.Error, match="uint8, uint16 or float32"):
            cropper().push(given)


def test_a_structured_array_is_refused_and_its_fields_are_read() -> None:
    records = np.zeros((HEIGHT, WIDTH), [("y", np.uint8), ("u", np.uint16)])
    with pytest.raises(smartcrop.Error, match="cannot be read"):
        cropper().push(records)
    assert cropper().push((records["y"],))  # every third byte
    assert cropper().push((records["u"],))  # at odd addresses


@pytest.mark.parametrize(
    "given",
    [
        (),
        [],
        (np.zeros((0, 0), np.uint8),),
        np.zeros((0, 48, 3), np.uint8),
        np.zeros((30, 0), np.uint8),
        np.zeros((30, 48, 4), np.uint8),
        np.zeros((1, 30, 48, 3), np.uint8),
        np.uint8(5),
        (np.zeros((30, 48), np.uint8),) * 2,
        (np.zeros((30, 48), np.uint8),) * 5,
        (np.zeros((30, 48), np.uint8), np.zeros((15, 24), np.uint8), np.zeros((15, 23), np.uint8)),
        (np.zeros((30, 48), np.uint8), np.zeros((15, 24), np.uint8), np.zeros((15, 24), np.uint16)),
        (np.zeros((30, 48), np.uint8), np.zeros((10, 24), np.uint8), np.zeros((10, 24), np.uint8)),
        ([[1, 2], [3]],),
        (None, None, None),
        None,
        b"bytes",
        {"planes": 3},
        av.AudioFrame("s16", "stereo", 64),
        av.VideoFrame(0, 0, "yuv420p"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_frame_is_refused_for_reading_and_rendering(given: Any) -> None:
    with pytest.raises(smartcrop.Error, match="frame"):
        cropper().push(given)
    one = cropper()
    (window,) = one.push(rgb())
    with pytest.raises(smartcrop.Error, match="frame"):
        one.render(given, window)


def layouts(values: Array) -> dict[str, Array]:
    """The same values, in other places."""
    size, (height, width) = values.dtype.itemsize, values.shape[:2]
    rest = values.shape[2:]
    inner = size * int(np.prod(rest))
    tail = (size,) * len(rest)
    found = {
        "tight at the end": guarded(values),
        "tight at the beginning": guarded(values, at_end=False),
        "upwards": guarded(values, (-width * inner, inner, *tail)),
        "mirrored": guarded(values, (width * inner, -inner, *tail)),
        "transposed": guarded(values, (inner, height * inner, *tail)),
        "every second column": guarded(values, (2 * width * inner, 2 * inner, *tail)),
        "odd rows": guarded(values, (width * inner + 1, inner, *tail)),
    }
    locked = guarded(values)
    locked.flags.writeable = False
    return {**found, "read only": locked}


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("size", ["", "20x40"])
def test_an_array_is_read_the_same_wherever_it_lies_in_memory(dtype: str, size: str) -> None:
    values = rgb(dtype)
    for plain in (values, values[:, :, 0].copy()):
        wanted: tuple[Any, Any] | None = None
        for name, given in layouts(plain).items():
            assert np.array_equal(given, plain), name
            one = cropper(size=size)
            (window,) = one.push(given)
            got = (window, one.render(given, window).tobytes())
            wanted = wanted or got
            assert got == wanted, name


def test_a_row_that_is_repeated_without_memory_of_its_own_is_read() -> None:
    row = np.arange(WIDTH, dtype=np.uint8)
    given = np.broadcast_to(guarded(row[None]), (HEIGHT, WIDTH))
    assert given.strides[0] == 0
    one, other = cropper(size="20x40"), cropper(size="20x40")
    (window,), (same,) = one.push(given), other.push(given.copy())
    assert window == same
    assert np.array_equal(one.render(given, window), other.render(given.copy(), window))


def test_an_array_in_a_file_is_read(tmp_path: Path) -> None:
    values = rgb()
    values.tofile(tmp_path / "frame.raw")
    mapped = np.memmap(tmp_path / "frame.raw", np.uint8, "r", shape=values.shape)
    one = cropper()
    (window,) = one.push(mapped)
    x, y, (width, height) = int(window.x), int(window.y), one.output_size
    assert np.array_equal(one.render(mapped, window), values[y : y + height, x : x + width])


@pytest.mark.parametrize("size", ["", "20x40"])
def test_a_window_that_is_not_inside_the_picture_is_refused(size: str) -> None:
    one = cropper(size=size)
    (window,) = one.push(rgb())
    nan, infinity = float("nan"), float("inf")
    for name in ("x", "y", "width", "height"):
        for value in (nan, infinity, -infinity, -3.0, 500.0, 1e300, "a", None):
            with pytest.raises(smartcrop.Error, match="window"):
                one.render(rgb(), replace(window, **{name: value}))
    for other in (None, (0, 0, 10, 10), 5, "window"):
        with pytest.raises(smartcrop.Error, match="window is"):
            one.render(rgb(), other)  # type: ignore[arg-type]
    wide = smartcrop.Cropper(640, 360, **PLAIN, lookahead=0)
    (far,) = wide.push(np.zeros((360, 640, 3), np.uint8))
    with pytest.raises(smartcrop.Error, match="not inside the picture of 48x30"):
        one.render(rgb(), far)


def formats_of_pyav() -> list[str]:
    """Every pixel format that this FFmpeg makes frames of."""
    names = {
        each.name
        for codec in ("rawvideo", "ffv1", "png", "v210", "huffyuv", "tiff", "exr")
        for each in av.Codec(codec, "w").video_formats or []
    }
    names |= {
        "pal8",
        "monow",
        "monob",
        "bayer_rggb8",
        "vaapi",
        "cuda",
        "xyz12le",
        "xv30le",
        "y210le",
    }
    names |= {"gray16be", "yuv420p10be", "gbrpf32be", "grayf32be", "rgbf32le", "grayf16le", "vuyx"}
    return sorted(names)


def test_frames_of_pyav_of_any_format_are_cropped_or_refused() -> None:
    cropped = 0
    for name in formats_of_pyav():
        try:
            given = av.VideoFrame(WIDTH, HEIGHT, name)
        except (av.error.FFmpegError, ValueError, MemoryError):
            continue
        for size in ("", "20x40"):
            one = cropper(size=size)
            try:
                (window,) = one.push(given)
                picture = one.render(given, window)
            except smartcrop.Error as error:
                assert name in str(error) or "format" in str(error), name
                continue
            assert (picture.width, picture.height) == one.output_size, name
            cropped += 1
    assert cropped > 40


def test_a_frame_that_lies_upside_down_is_read() -> None:
    graph = av.filter.Graph()
    source = graph.add_buffer(
        width=WIDTH, height=HEIGHT, format=av.VideoFormat("yuv420p"), time_base=Fraction(1, 25)
    )
    graph.link_nodes(source, graph.add("vflip"), graph.add("buffersink")).configure()
    graph.push(frame("yuv420p"))
    flipped = graph.pull()
    assert isinstance(flipped, av.VideoFrame)
    assert flipped.planes[0].line_size < 0
    one, other = cropper(size="20x40"), cropper(size="20x40")
    plain = av.VideoFrame.from_ndarray(flipped.to_ndarray(), "yuv420p")
    plain.pts, plain.time_base = flipped.pts, flipped.time_base
    (window,), (same,) = one.push(flipped), other.push(plain)
    assert window == same
    got, wanted = one.render(flipped, window), other.render(plain, window)
    assert np.array_equal(got.to_ndarray(), wanted.to_ndarray())


def test_random_frames_are_cropped_right_or_refused() -> None:
    seed = int(np.random.default_rng().integers(10**6))
    done = subprocess.run(
        [sys.executable, FUZZ, "--seed", str(seed), "--runs", "900", "--seconds", "8"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"--seed {seed}: {done.stderr[-2000:]}"
    taken, refused = (int(word) for word in done.stdout.split() if word.isdigit())
    assert taken > 100
    assert refused > 100
