# SPDX-License-Identifier: MIT
"""Generated from the table of options by ``python -m smartcrop.options``."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple, TypedDict


class OptionRow(NamedTuple):
    """One option."""

    name: str
    kind: Literal["number", "integer", "bool", "string", "choice"]
    default: str | float | bool
    choices: tuple[str, ...]
    live: bool
    help: str


ROWS = (
    OptionRow(
        "aspect",
        "string",
        "auto",
        (),
        False,
        "Shape of the output picture: W/H, WxH, W:H or a number; auto: that of size, or 9/16 without a size",
    ),
    OptionRow(
        "size",
        "string",
        "",
        (),
        False,
        "Output size in pixels, WxH; empty: the size of the window, which keeps every pixel as it is",
    ),
    OptionRow(
        "plan",
        "string",
        "",
        (),
        False,
        "Plan file to render instead of analysing the video",
    ),
    OptionRow(
        "model",
        "string",
        "saliency",
        (),
        False,
        "Network that says where viewers look: saliency or center (built in), path of an ONNX file, or none: the training-free map alone",
    ),
    OptionRow(
        "device",
        "choice",
        "auto",
        ("auto", "cpu", "cuda"),
        False,
        "Where the network runs (auto, cpu, cuda)",
    ),
    OptionRow(
        "threads",
        "integer",
        1,
        (),
        False,
        "Threads that the network may use (1 to 64 threads)",
    ),
    OptionRow(
        "strict",
        "bool",
        False,
        (),
        False,
        "Make a missing ONNX Runtime or a failed inference an error instead of falling back to the training-free map",
    ),
    OptionRow(
        "analysis_fps",
        "number",
        8.0,
        (),
        False,
        "How often the evidence map is computed; it is interpolated between (0.5 to 120 1/s)",
    ),
    OptionRow(
        "lookahead",
        "number",
        1.5,
        (),
        False,
        "How much of the future a decision may use; 0 is live (0 to 60 s)",
    ),
    OptionRow(
        "buffer",
        "integer",
        256,
        (),
        False,
        "Most memory for frames that wait; the look-ahead shrinks to fit (1 to 65536 MiB)",
    ),
    OptionRow(
        "cut_threshold",
        "number",
        1.0,
        (),
        False,
        "How strong a change must be to count as a cut, relative to the built-in level (0.1 to 10)",
    ),
    OptionRow(
        "min_shot",
        "number",
        0.25,
        (),
        False,
        "Shortest shot; a cut that would end a shorter one is not taken (0 to 60 s)",
    ),
    OptionRow(
        "strategy",
        "choice",
        "auto",
        ("auto", "hold", "pan", "follow"),
        False,
        "How a shot is cropped: one window, one eased move, or a track of the subject (auto, hold, pan, follow)",
    ),
    OptionRow(
        "center_bias",
        "number",
        0.5,
        (),
        True,
        "How much weak evidence is drawn to the centre of the picture (0 to 1; live)",
    ),
    OptionRow(
        "smoother",
        "choice",
        "glide",
        ("glide", "ema"),
        False,
        "Camera: glide rests, eases and stops; ema is an exponential moving average (glide, ema)",
    ),
    OptionRow(
        "dead_zone",
        "number",
        0.15,
        (),
        True,
        "How far the target may leave the middle of the window before it moves (0 to 1 share of the window; live)",
    ),
    OptionRow(
        "max_speed",
        "number",
        0.35,
        (),
        True,
        "Highest speed of the window (0.01 to 10 share of the picture/s; live)",
    ),
    OptionRow(
        "max_accel",
        "number",
        0.7,
        (),
        True,
        "Highest acceleration of the window (0.01 to 100 share of the picture/s2; live)",
    ),
    OptionRow(
        "ema_time",
        "number",
        0.6,
        (),
        True,
        "Time constant of smoother=ema (0.01 to 60 s; live)",
    ),
    OptionRow(
        "subpixel",
        "bool",
        False,
        (),
        False,
        "Move the window in fractions of a pixel, at the price of resampling it",
    ),
    OptionRow(
        "scaler",
        "choice",
        "spline36",
        ("bilinear", "bicubic", "lanczos", "spline36"),
        False,
        "Filter for a window that has to be resampled (bilinear, bicubic, lanczos, spline36)",
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """Every option with its value.

    Attributes
    ----------
    aspect : str
        Shape of the output picture: W/H, WxH, W:H or a number; auto: that of size, or 9/16 without
        a size.
    size : str
        Output size in pixels, WxH; empty: the size of the window, which keeps every pixel as it
        is.
    plan : str
        Plan file to render instead of analysing the video.
    model : str
        Network that says where viewers look: saliency or center (built in), path of an ONNX file,
        or none: the training-free map alone.
    device : str
        Where the network runs (auto, cpu, cuda).
    threads : int
        Threads that the network may use (1 to 64 threads).
    strict : bool
        Make a missing ONNX Runtime or a failed inference an error instead of falling back to the
        training-free map.
    analysis_fps : float
        How often the evidence map is computed; it is interpolated between (0.5 to 120 1/s).
    lookahead : float
        How much of the future a decision may use; 0 is live (0 to 60 s).
    buffer : int
        Most memory for frames that wait; the look-ahead shrinks to fit (1 to 65536 MiB).
    cut_threshold : float
        How strong a change must be to count as a cut, relative to the built-in level (0.1 to 10).
    min_shot : float
        Shortest shot; a cut that would end a shorter one is not taken (0 to 60 s).
    strategy : str
        How a shot is cropped: one window, one eased move, or a track of the subject (auto, hold,
        pan, follow).
    center_bias : float
        How much weak evidence is drawn to the centre of the picture (0 to 1; live).
    smoother : str
        Camera: glide rests, eases and stops; ema is an exponential moving average (glide, ema).
    dead_zone : float
        How far the target may leave the middle of the window before it moves (0 to 1 share of the
        window; live).
    max_speed : float
        Highest speed of the window (0.01 to 10 share of the picture/s; live).
    max_accel : float
        Highest acceleration of the window (0.01 to 100 share of the picture/s2; live).
    ema_time : float
        Time constant of smoother=ema (0.01 to 60 s; live).
    subpixel : bool
        Move the window in fractions of a pixel, at the price of resampling it.
    scaler : str
        Filter for a window that has to be resampled (bilinear, bicubic, lanczos, spline36).
    """

    aspect: str = "auto"
    size: str = ""
    plan: str = ""
    model: str = "saliency"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int = 1
    strict: bool = False
    analysis_fps: float = 8.0
    lookahead: float = 1.5
    buffer: int = 256
    cut_threshold: float = 1.0
    min_shot: float = 0.25
    strategy: Literal["auto", "hold", "pan", "follow"] = "auto"
    center_bias: float = 0.5
    smoother: Literal["glide", "ema"] = "glide"
    dead_zone: float = 0.15
    max_speed: float = 0.35
    max_accel: float = 0.7
    ema_time: float = 0.6
    subpixel: bool = False
    scaler: Literal["bilinear", "bicubic", "lanczos", "spline36"] = "spline36"


class OptionKeywords(TypedDict, total=False):
    """The options as keywords of ``Cropper``, ``reframe`` and ``analyze``."""

    aspect: str | float | Fraction | tuple[int, int]
    size: str | tuple[int, int]
    plan: str | os.PathLike[str]
    model: str | os.PathLike[str]
    device: Literal["auto", "cpu", "cuda"]
    threads: int
    strict: bool
    analysis_fps: float
    lookahead: float
    buffer: int
    cut_threshold: float
    min_shot: float
    strategy: Literal["auto", "hold", "pan", "follow"]
    center_bias: float
    smoother: Literal["glide", "ema"]
    dead_zone: float
    max_speed: float
    max_accel: float
    ema_time: float
    subpixel: bool
    scaler: Literal["bilinear", "bicubic", "lanczos", "spline36"]
