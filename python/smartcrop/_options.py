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
        "boxes",
        "string",
        "",
        (),
        False,
        "Network that finds what should be seen whole, such as faces or persons: path of an ONNX file of kind boxes; empty: none",
    ),
    OptionRow(
        "boxes_required",
        "bool",
        False,
        (),
        False,
        "What boxes finds has to be in the window whole, or the shot is fitted",
    ),
    OptionRow(
        "hints",
        "string",
        "",
        (),
        False,
        "File with hint rows, as in a plan: boxes that a person wrote, with the times in which they hold",
    ),
    OptionRow(
        "device",
        "choice",
        "auto",
        ("auto", "cpu", "cuda"),
        False,
        "Where the networks run; auto: files on CUDA where ONNX Runtime has it, the built-in ones on the CPU (auto, cpu, cuda)",
    ),
    OptionRow(
        "threads",
        "integer",
        1,
        (),
        False,
        "Threads that a network may use (1 to 64 threads)",
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
        "motion",
        "choice",
        "auto",
        ("auto", "codec", "proxy", "none"),
        False,
        "Where motion is read: from the codec's motion vectors, by comparing small pictures, or nowhere; auto: from vectors where frames bring them (ffmpeg: -thread_type slice -flags2 +export_mvs before -i) (auto, codec, proxy, none)",
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
        "borders",
        "choice",
        "auto",
        ("auto", "keep"),
        False,
        "The source's own borders, as letterbox and pillarbox: found and left out of the window, or kept as picture (auto, keep)",
    ),
    OptionRow(
        "text_weight",
        "number",
        0.5,
        (),
        False,
        "What seeing burnt-in captions, logos and titles whole counts, beside 1 for all that viewers look at; 0: they are not looked for (0 to 10)",
    ),
    OptionRow(
        "whole_shots",
        "bool",
        False,
        (),
        False,
        "Decide each shot when all of it was seen, at most 60 s at a time: for runs that keep no frames, as analyze, or have the memory",
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
        ("auto", "hold", "pan", "follow", "fit"),
        False,
        "How a shot is cropped: one window, one eased move, a track of the subject, or the whole picture, padded; auto also fits what may not be cut (auto, hold, pan, follow, fit)",
    ),
    OptionRow(
        "switch",
        "choice",
        "glide",
        ("glide", "cut"),
        False,
        "How the window goes from one subject to another within a shot: by an eased move, or at once (glide, cut)",
    ),
    OptionRow(
        "zoom",
        "number",
        1.0,
        (),
        False,
        "How many times smaller than the largest window one may be where what counts is small and steady; 1: never (1 to 8)",
    ),
    OptionRow(
        "lead_room",
        "number",
        0.05,
        (),
        False,
        "How far the window may run ahead of a subject that moves (0 to 0.5 share of the window)",
    ),
    OptionRow(
        "center_bias",
        "number",
        0.08,
        (),
        True,
        "How much weak evidence is drawn to the centre of the picture (0 to 1; live)",
    ),
    OptionRow(
        "smoother",
        "choice",
        "l1",
        ("l1", "ema"),
        False,
        "Camera: l1 plans the calmest path that keeps near the targets; ema is an exponential moving average (l1, ema)",
    ),
    OptionRow(
        "dead_zone",
        "number",
        0.06,
        (),
        True,
        "How far the target may leave the middle of the window before it moves (0 to 1 share of the window; live)",
    ),
    OptionRow(
        "max_speed",
        "number",
        0.8,
        (),
        True,
        "Highest speed of the window (0.01 to 10 share of the picture/s; live)",
    ),
    OptionRow(
        "max_accel",
        "number",
        2.0,
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
        "pad",
        "choice",
        "blur",
        ("blur", "colour", "edge"),
        False,
        "What fills the output beside a window of another shape: the picture blurred, pad_colour, or the window's edge drawn out (blur, colour, edge)",
    ),
    OptionRow(
        "pad_colour",
        "string",
        "black",
        (),
        False,
        "Colour of pad=colour: black, white, grey or #RRGGBB",
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
    boxes : str
        Network that finds what should be seen whole, such as faces or persons: path of an ONNX
        file of kind boxes; empty: none.
    boxes_required : bool
        What boxes finds has to be in the window whole, or the shot is fitted.
    hints : str
        File with hint rows, as in a plan: boxes that a person wrote, with the times in which they
        hold.
    device : str
        Where the networks run; auto: files on CUDA where ONNX Runtime has it, the built-in ones on
        the CPU (auto, cpu, cuda).
    threads : int
        Threads that a network may use (1 to 64 threads).
    strict : bool
        Make a missing ONNX Runtime or a failed inference an error instead of falling back to the
        training-free map.
    motion : str
        Where motion is read: from the codec's motion vectors, by comparing small pictures, or
        nowhere; auto: from vectors where frames bring them (ffmpeg: -thread_type slice -flags2
        +export_mvs before -i) (auto, codec, proxy, none).
    analysis_fps : float
        How often the evidence map is computed; it is interpolated between (0.5 to 120 1/s).
    lookahead : float
        How much of the future a decision may use; 0 is live (0 to 60 s).
    buffer : int
        Most memory for frames that wait; the look-ahead shrinks to fit (1 to 65536 MiB).
    borders : str
        The source's own borders, as letterbox and pillarbox: found and left out of the window, or
        kept as picture (auto, keep).
    text_weight : float
        What seeing burnt-in captions, logos and titles whole counts, beside 1 for all that viewers
        look at; 0: they are not looked for (0 to 10).
    whole_shots : bool
        Decide each shot when all of it was seen, at most 60 s at a time: for runs that keep no
        frames, as analyze, or have the memory.
    cut_threshold : float
        How strong a change must be to count as a cut, relative to the built-in level (0.1 to 10).
    min_shot : float
        Shortest shot; a cut that would end a shorter one is not taken (0 to 60 s).
    strategy : str
        How a shot is cropped: one window, one eased move, a track of the subject, or the whole
        picture, padded; auto also fits what may not be cut (auto, hold, pan, follow, fit).
    switch : str
        How the window goes from one subject to another within a shot: by an eased move, or at once
        (glide, cut).
    zoom : float
        How many times smaller than the largest window one may be where what counts is small and
        steady; 1: never (1 to 8).
    lead_room : float
        How far the window may run ahead of a subject that moves (0 to 0.5 share of the window).
    center_bias : float
        How much weak evidence is drawn to the centre of the picture (0 to 1; live).
    smoother : str
        Camera: l1 plans the calmest path that keeps near the targets; ema is an exponential moving
        average (l1, ema).
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
    pad : str
        What fills the output beside a window of another shape: the picture blurred, pad_colour, or
        the window's edge drawn out (blur, colour, edge).
    pad_colour : str
        Colour of pad=colour: black, white, grey or #RRGGBB.
    scaler : str
        Filter for a window that has to be resampled (bilinear, bicubic, lanczos, spline36).
    """

    aspect: str = "auto"
    size: str = ""
    plan: str = ""
    model: str = "saliency"
    boxes: str = ""
    boxes_required: bool = False
    hints: str = ""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int = 1
    strict: bool = False
    motion: Literal["auto", "codec", "proxy", "none"] = "auto"
    analysis_fps: float = 8.0
    lookahead: float = 1.5
    buffer: int = 256
    borders: Literal["auto", "keep"] = "auto"
    text_weight: float = 0.5
    whole_shots: bool = False
    cut_threshold: float = 1.0
    min_shot: float = 0.25
    strategy: Literal["auto", "hold", "pan", "follow", "fit"] = "auto"
    switch: Literal["glide", "cut"] = "glide"
    zoom: float = 1.0
    lead_room: float = 0.05
    center_bias: float = 0.08
    smoother: Literal["l1", "ema"] = "l1"
    dead_zone: float = 0.06
    max_speed: float = 0.8
    max_accel: float = 2.0
    ema_time: float = 0.6
    subpixel: bool = False
    pad: Literal["blur", "colour", "edge"] = "blur"
    pad_colour: str = "black"
    scaler: Literal["bilinear", "bicubic", "lanczos", "spline36"] = "spline36"


class OptionKeywords(TypedDict, total=False):
    """The options as keywords of ``Cropper``, ``reframe`` and ``analyze``."""

    aspect: str | float | Fraction | tuple[int, int]
    size: str | tuple[int, int]
    plan: str | os.PathLike[str]
    model: str | os.PathLike[str]
    boxes: str
    boxes_required: bool
    hints: str
    device: Literal["auto", "cpu", "cuda"]
    threads: int
    strict: bool
    motion: Literal["auto", "codec", "proxy", "none"]
    analysis_fps: float
    lookahead: float
    buffer: int
    borders: Literal["auto", "keep"]
    text_weight: float
    whole_shots: bool
    cut_threshold: float
    min_shot: float
    strategy: Literal["auto", "hold", "pan", "follow", "fit"]
    switch: Literal["glide", "cut"]
    zoom: float
    lead_room: float
    center_bias: float
    smoother: Literal["l1", "ema"]
    dead_zone: float
    max_speed: float
    max_accel: float
    ema_time: float
    subpixel: bool
    pad: Literal["blur", "colour", "edge"]
    pad_colour: str
    scaler: Literal["bilinear", "bicubic", "lanczos", "spline36"]
