# SPDX-License-Identifier: MIT
"""A film of moving squares, and a network that finds them by their colour."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

WIDTH, HEIGHT, RATE = 160, 96, 25
SIDE, SMALL = 30, 20
SHOT_FRAMES = 40
# The numbers of the detector's classes, and what it calls them.
RED, BLUE = 0, 1
NAMES = ["red", "blue"]
_COLOURS = ((230, 30, 30), (30, 30, 230))


def red_at(index: int) -> tuple[int, int]:
    """Left and top of the red square, which is in both shots."""
    return 4 + 2 * (index % SHOT_FRAMES), 40 - 30 * (index // SHOT_FRAMES)


def blue_at(index: int) -> tuple[int, int] | None:
    """Left and top of the blue one, which comes late in the first shot, and leaves."""
    return (120, 8 + index) if 10 <= index < 30 else None


def picture_of(index: int) -> np.ndarray:
    """A frame: grey, lighter in the second shot."""
    picture = np.full((HEIGHT, WIDTH, 3), 40 + 120 * (index // SHOT_FRAMES), np.uint8)
    left, top = red_at(index)
    picture[top : top + SIDE, left : left + SIDE] = _COLOURS[RED]
    if place := blue_at(index):
        left, top = place
        picture[top : top + SMALL, left : left + SMALL] = _COLOURS[BLUE]
    return picture


def film_of_squares(path: Path) -> Path:
    """Encode two shots without loss."""
    return film_of(path, (picture_of(index) for index in range(2 * SHOT_FRAMES)))


# Of the film in which squares are hidden: seconds at which the red one is, the cut away and back.
HIDDEN_S, BACK_S, AWAY_S, AGAIN_S, END_S = 2, 5, 7, 8, 9


def film_of_hidden_squares(path: Path) -> Path:
    """Encode a red square that is hidden for 3 s beside a blue one, and a cut away and back.

    Both squares come back in other places.
    """
    return film_of(path, (_hiding_picture(index / RATE) for index in range(END_S * RATE)))


def _hiding_picture(time_s: float) -> np.ndarray:
    away = AWAY_S <= time_s < AGAIN_S
    picture = np.full((HEIGHT, WIDTH, 3), 50, np.uint8)
    if away:
        picture[:] = np.linspace(250, 90, WIDTH, dtype=np.uint8)[None, :, None]
        return picture
    again = time_s >= AGAIN_S
    blue_left, red_left = (20, 110) if again else (100, 10 if time_s < HIDDEN_S else 55)
    picture[30 : 30 + SMALL, blue_left : blue_left + SMALL] = _COLOURS[BLUE]
    if not HIDDEN_S <= time_s < BACK_S:
        picture[40 : 40 + SIDE, red_left : red_left + SIDE] = _COLOURS[RED]
    return picture


def film_of(path: Path, pictures: Iterable[np.ndarray]) -> Path:
    """Encode pictures without loss."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("ffv1", RATE)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "bgr0"
        for index, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="bgr0")
            frame.pts, frame.time_base = index, Fraction(1, RATE)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path


def detector_of_squares(path: Path) -> Path:
    """Write a network whose first row is the red square and whose second is the blue one."""
    onnx = pytest.importorskip("onnx")
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    constants = {
        "columns": np.arange(WIDTH, dtype=np.float32).reshape(1, 1, WIDTH),
        "rows": np.arange(HEIGHT, dtype=np.float32).reshape(1, HEIGHT, 1),
        "far": np.array(1000, np.float32),
        "one": np.array([[1]], np.float32),
        "none": np.array(0, np.float32),
        "high": np.array(150, np.float32),
        "sure": np.array([[0.9]], np.float32),
    }
    nodes = []

    def add(kind: str, inputs: list[str], output: str, **settings: object) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], **settings))
        return output

    found = []
    for name, (own, other) in {"red": (0, 2), "blue": (2, 0)}.items():
        constants |= {f"{name}_own": np.array([own]), f"{name}_other": np.array([other])}
        constants[f"{name}_class"] = np.array([[RED if name == "red" else BLUE]], np.float32)
        for part in ("own", "other"):
            channel = add("Gather", ["image", f"{name}_{part}"], f"{name}_{part}_4", axis=1)
            add("Squeeze", [channel, "axis"], f"{name}_{part}_plane")
        strength = add("Sub", [f"{name}_own_plane", f"{name}_other_plane"], f"{name}_strength")
        mask = add("Greater", [strength, "high"], f"{name}_mask")
        sides = []
        for axis in ("columns", "rows"):
            low = add("Where", [mask, axis, "far"], f"{name}_{axis}_low")
            high = add("Where", [mask, axis, "none"], f"{name}_{axis}_high")
            least = add("ReduceMin", [low], f"{name}_{axis}_least", axes=[1, 2], keepdims=0)
            most = add("ReduceMax", [high], f"{name}_{axis}_most", axes=[1, 2], keepdims=0)
            sides.append((least, most))
        flat = []
        for corner in (0, 1):
            for least_and_most in sides:
                value = add("Reshape", [least_and_most[corner], "cell"], f"{name}_{len(nodes)}")
                flat.append(add("Add", [value, "one"], f"{value}_end") if corner else value)
        seen = add("Cast", [mask], f"{name}_seen", to=floats)
        any_seen = add("ReduceMax", [seen], f"{name}_any", axes=[1, 2], keepdims=0)
        share = add("Reshape", [any_seen, "cell"], f"{name}_share")
        score = add("Mul", [share, "sure"], f"{name}_score")
        found.append(add("Concat", [*flat, score, f"{name}_class"], f"{name}_row", axis=1))
    add("Concat", found, "found", axis=0)
    constants |= {"axis": np.array([1]), "cell": np.array([1, 1])}
    graph = helper.make_graph(
        nodes,
        "squares",
        [helper.make_tensor_value_info("image", floats, [1, 3, HEIGHT, WIDTH])],
        [helper.make_tensor_value_info("found", floats, [2, 6])],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    properties = {
        "smartcrop.kind": "boxes",
        "smartcrop.input": json.dumps({"width": WIDTH, "height": HEIGHT}),
        "smartcrop.boxes": json.dumps({"layout": "xyxy", "threshold": 0.5, "names": NAMES}),
    }
    helper.set_model_props(model, properties)
    onnx.save(model, path)
    return path
