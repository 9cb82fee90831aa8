# SPDX-License-Identifier: MIT
"""Generated from the table of options by ``.ci/generate_options.py``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypedDict

Strategy = Literal["hold", "pan", "follow", "fit"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """Every option with its value.

    Attributes
    ----------
    aspect : str
        Shape of the output, such as 9/16, 9:16 or 0.5625; auto takes the shape of size, or 9/16
        where no size is given.
    size : str
        Size of the output in pixels, such as 1080x1920; without it the window is not scaled.
    strategy : str
        How each shot is cropped (auto: chosen for each shot, fit included; hold: one still window;
        pan: one eased move; follow: a window that follows the subject; fit: the whole picture,
        padded).
    zoom : float
        Largest zoom on a small, steady subject; 2 halves the sides of the window, 1 never zooms (1
        to 8).
    switch : str
        How the window goes from one subject to another within a shot (glide: by an eased move;
        cut: at once).
    lead_room : float
        How far the window may run ahead of a moving subject (0 to 0.5 shares of the window).
    center_bias : float
        How strongly the window is drawn to the middle of the picture where the evidence is weak (0
        to 1; may change in mid-run).
    model : str
        Network that says where viewers look: saliency or center (built in), the path of an ONNX
        file, or none.
    subjects : str
        Network that finds faces, people and things: subjects (built in), auto (the same, where
        follow is set), the path of an ONNX file, or none.
    subjects_required : bool
        Show every subject that is found whole; a shot whose window cannot hold them all is fitted.
    prefer : str
        Classes of the network of subjects that come before others, such as person+thing: the names
        in its file, or numbers where it has none.
    follow : str
        Subject that the window follows: a point XxY or a box XxYxWxH in shares of the picture, or
        #ID; @SECONDS says from when on, + joins several.
    tracker : str
        Network that finds a subject again in every frame: tracker (built in), or the path of an
        ONNX file of kind tracker.
    hints : str
        File with hint rows like those of a plan: boxes that a person drew, and the times in which
        they hold.
    borders : str
        What happens to the source's own borders, such as letterbox bars (auto: found, and left out
        of the window; keep: kept as picture).
    text_weight : float
        How much captions, logos and titles weigh against all other evidence; 0 does not look for
        them (0 to 10).
    motion : str
        Where motion is read (auto: from small pictures, and from the codec's motion vectors where
        frames bring them; codec: from the codec's motion vectors alone; proxy: from small pictures
        alone; none: nowhere).
    analysis_fps : float
        How often the evidence is measured; it is interpolated in between (0.5 to 120 times a
        second).
    plan_out : str
        Plan file to write with the windows as they are decided.
    keep : str
        Analysis file to write, from which windows can be decided again without the video.
    smoother : str
        How the path of the window is smoothed (l1: the calmest path that stays near the subject;
        ema: an exponential moving average).
    dead_zone : float
        How far the subject may leave the middle of the window before the window moves (0 to 1
        shares of the window; may change in mid-run).
    max_speed : float
        Highest speed of the window (0.01 to 10 pictures/s; may change in mid-run).
    max_accel : float
        Highest acceleration of the window (0.01 to 100 pictures/s^2; may change in mid-run).
    ema_time : float
        Time constant of smoother=ema (0.01 to 60 s; may change in mid-run).
    cut_threshold : float
        How strong a change must be to be a cut; 1 is the built-in level (0.1 to 10).
    min_shot : float
        Length of the shortest shot; a cut that comes sooner is ignored (0 to 60 s).
    lookahead : float
        How much of the future a decision may use; 0 is live (0 to 60 s).
    whole_shots : bool
        Decide a shot only when its end is known; one longer than 60 s is decided in parts.
    plan : str
        Plan file to render instead of analysing the video.
    pad : str
        What fills the output beside a window of another shape (blur: the window's picture,
        blurred; colour: the colour of pad_colour; edge: the edge of the window, drawn out).
    pad_colour : str
        Colour of pad=colour: black, white, grey or #RRGGBB.
    scaler : str
        Filter for a window that has to be resampled (bilinear: soft; bicubic: between soft and
        sharp; lanczos: sharp, with ringing at edges; spline36: sharp, with less ringing).
    subpixel : bool
        Move the window in fractions of a pixel, at the price of resampling it.
    device : str
        Where the networks run (auto: built-in networks on the CPU, files on CUDA where ONNX
        Runtime has it; cpu: on the CPU; cuda: on an NVIDIA GPU).
    threads : int
        Threads that a network may use (1 to 64).
    strict : bool
        Stop with an error where a network cannot run, instead of going on without it.
    buffer : int
        Most memory for frames that wait for their decision; the look-ahead shrinks to fit (1 to
        65536 MiB).
    """

    aspect: str = "auto"
    size: str = ""
    strategy: Literal["auto", "hold", "pan", "follow", "fit"] = "auto"
    zoom: float = 1.0
    switch: Literal["glide", "cut"] = "glide"
    lead_room: float = 0.05
    center_bias: float = 0.08
    model: str = "saliency"
    subjects: str = "auto"
    subjects_required: bool = False
    prefer: str = ""
    follow: str = ""
    tracker: str = "tracker"
    hints: str = ""
    borders: Literal["auto", "keep"] = "auto"
    text_weight: float = 0.5
    motion: Literal["auto", "codec", "proxy", "none"] = "auto"
    analysis_fps: float = 8.0
    plan_out: str = ""
    keep: str = ""
    smoother: Literal["l1", "ema"] = "l1"
    dead_zone: float = 0.06
    max_speed: float = 0.8
    max_accel: float = 2.0
    ema_time: float = 0.6
    cut_threshold: float = 1.0
    min_shot: float = 0.25
    lookahead: float = 1.5
    whole_shots: bool = False
    plan: str = ""
    pad: Literal["blur", "colour", "edge"] = "blur"
    pad_colour: str = "black"
    scaler: Literal["bilinear", "bicubic", "lanczos", "spline36"] = "spline36"
    subpixel: bool = False
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int = 1
    strict: bool = False
    buffer: int = 256


class OptionKeywords(TypedDict, total=False):
    """Every option, as keywords of ``Cropper`` and ``reframe``."""

    aspect: str | float | Fraction | tuple[int, int]
    size: str | tuple[int, int]
    strategy: Literal["auto", "hold", "pan", "follow", "fit"]
    zoom: float
    switch: Literal["glide", "cut"]
    lead_room: float
    center_bias: float
    model: str | os.PathLike[str]
    subjects: str | os.PathLike[str]
    subjects_required: bool
    prefer: str | Sequence[str]
    follow: str
    tracker: str | os.PathLike[str]
    hints: str | os.PathLike[str]
    borders: Literal["auto", "keep"]
    text_weight: float
    motion: Literal["auto", "codec", "proxy", "none"]
    analysis_fps: float
    plan_out: str | os.PathLike[str]
    keep: str | os.PathLike[str]
    smoother: Literal["l1", "ema"]
    dead_zone: float
    max_speed: float
    max_accel: float
    ema_time: float
    cut_threshold: float
    min_shot: float
    lookahead: float
    whole_shots: bool
    plan: str | os.PathLike[str]
    pad: Literal["blur", "colour", "edge"]
    pad_colour: str
    scaler: Literal["bilinear", "bicubic", "lanczos", "spline36"]
    subpixel: bool
    device: Literal["auto", "cpu", "cuda"]
    threads: int
    strict: bool
    buffer: int


class AnalyseKeywords(TypedDict, total=False):
    """What ``analyze`` takes."""

    aspect: str | float | Fraction | tuple[int, int]
    size: str | tuple[int, int]
    strategy: Literal["auto", "hold", "pan", "follow", "fit"]
    zoom: float
    switch: Literal["glide", "cut"]
    lead_room: float
    center_bias: float
    model: str | os.PathLike[str]
    subjects: str | os.PathLike[str]
    subjects_required: bool
    prefer: str | Sequence[str]
    follow: str
    tracker: str | os.PathLike[str]
    hints: str | os.PathLike[str]
    borders: Literal["auto", "keep"]
    text_weight: float
    motion: Literal["auto", "codec", "proxy", "none"]
    analysis_fps: float
    plan_out: str | os.PathLike[str]
    keep: str | os.PathLike[str]
    smoother: Literal["l1", "ema"]
    dead_zone: float
    max_speed: float
    max_accel: float
    ema_time: float
    cut_threshold: float
    min_shot: float
    lookahead: float
    whole_shots: bool
    subpixel: bool
    device: Literal["auto", "cpu", "cuda"]
    threads: int
    strict: bool


class SolveKeywords(TypedDict, total=False):
    """What ``solve`` takes."""

    aspect: str | float | Fraction | tuple[int, int]
    size: str | tuple[int, int]
    strategy: Literal["auto", "hold", "pan", "follow", "fit"]
    zoom: float
    switch: Literal["glide", "cut"]
    lead_room: float
    center_bias: float
    follow: str
    smoother: Literal["l1", "ema"]
    dead_zone: float
    max_speed: float
    max_accel: float
    ema_time: float
    lookahead: float
    whole_shots: bool
    subpixel: bool


class RenderKeywords(TypedDict, total=False):
    """What rendering a plan takes."""

    size: str | tuple[int, int]
    plan: str | os.PathLike[str]
    pad: Literal["blur", "colour", "edge"]
    pad_colour: str
    scaler: Literal["bilinear", "bicubic", "lanczos", "spline36"]
    subpixel: bool
