# SPDX-License-Identifier: MIT
from collections.abc import Callable, Sequence
from typing import TypedDict, overload

import numpy as np
import numpy.typing as npt

NO_PTS: int
SHOT_START: int
INTERLACED: int
BIDIRECTIONAL: int
MOTION_VECTOR: np.dtype[np.void]
FALLBACK: int

class OptionEntry(TypedDict):
    name: str
    kind: int
    roles: int
    section: str
    default: str
    minimum: float
    maximum: float
    unit: str
    choices: list[str]
    choice_helps: list[str]
    help: str

def version() -> str: ...
def api_version() -> int: ...
def runtime_info() -> str: ...
def check_plan(name: str, text: bytes) -> None: ...
def model_names() -> list[str]: ...
def option_rows() -> list[OptionEntry]: ...
def strategy_names() -> list[str]: ...

class Options:
    def __init__(
        self, values: Sequence[tuple[str, str]], plan: tuple[str, bytes] | None = None
    ) -> None: ...
    def get(self, key: str) -> str: ...
    def max_delay(self, fps: float) -> int: ...
    def fit_lookahead(self, stream: Stream) -> str | None: ...

class PixelFormat:
    def __init__(
        self, family: int, depth: int, subsampling_w: int, subsampling_h: int, alpha: bool
    ) -> None: ...

class Stream:
    time_base_num: int
    time_base_den: int
    frame_rate_num: int
    frame_rate_den: int
    sar_num: int
    sar_den: int
    matrix: int
    transfer: int
    primaries: int
    full_range: int
    def __init__(self, width: int, height: int, format: PixelFormat) -> None: ...

class Geometry:
    @property
    def window_width(self) -> int: ...
    @property
    def window_height(self) -> int: ...
    @property
    def output_width(self) -> int: ...
    @property
    def output_height(self) -> int: ...
    @property
    def sar_num(self) -> int: ...
    @property
    def sar_den(self) -> int: ...

class Pane:
    x: float
    y: float
    width: float
    height: float
    to_x: float
    to_y: float
    to_width: float
    to_height: float
    subject: int
    def __init__(self) -> None: ...

class Decision:
    frame: int
    pts: int
    x: float
    y: float
    width: float
    height: float
    confidence: float
    shot: int
    strategy: int
    flags: int
    panes: list[Pane]
    @property
    def target_x(self) -> float: ...
    @property
    def target_y(self) -> float: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def has_subject(self) -> bool: ...
    @property
    def subject(self) -> int: ...
    @property
    def subject_x(self) -> float: ...
    @property
    def subject_y(self) -> float: ...
    @property
    def subject_width(self) -> float: ...
    @property
    def subject_height(self) -> float: ...
    def __init__(self) -> None: ...

class Box:
    x: float
    y: float
    width: float
    height: float
    weight: float
    required: int
    kind: int
    id: int
    score: float
    category: int
    followed: int
    owner: int
    def __init__(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        weight: float,
        required: bool,
        id: int,
        score: float,
        category: int,
        followed: bool,
    ) -> None: ...

class Context:
    @overload
    def __init__(
        self, options: Options, stream: Stream, log: Callable[[int, str], None]
    ) -> None: ...
    @overload
    def __init__(
        self, options: Options, analysis: str, log: Callable[[int, str], None]
    ) -> None: ...
    @overload
    def __init__(
        self,
        options: Options,
        stream: Stream,
        points: Sequence[tuple[float, float, float, float, int, bool, float, float]],
        log: Callable[[int, str], None],
    ) -> None: ...
    def close(self) -> None: ...
    def send(
        self,
        planes: Sequence[tuple[int, int]] | None,
        pts: int,
        flags: int,
        boxes: list[Box] | None = None,
        vectors: npt.NDArray[np.void] | None = None,
    ) -> bool: ...
    def receive(self) -> Decision | None: ...
    def reset(self) -> None: ...
    def set_live(self, key: str, value: float) -> None: ...
    def follow(self, subject: str) -> None: ...
    def wish_shot(self, shot: int, strategy: int, x: float | None, y: float | None) -> None: ...
    def wish_key(self, shot: int, time: float, x: float, y: float | None) -> None: ...
    def geometry(self) -> Geometry: ...
    def exact_offset(self, decision: Decision) -> tuple[int, int] | None: ...
    def render(
        self,
        decision: Decision,
        source: Sequence[tuple[int, int]],
        target: Sequence[tuple[int, int]],
        flags: int,
    ) -> None: ...
    def last_map(self) -> npt.NDArray[np.float32] | None: ...
    def last_regions(self) -> list[Box] | None: ...

class ClipMotion:
    def __init__(self, width: int, height: int) -> None: ...
    def add(self, vectors: npt.NDArray[np.void] | None, flags: int) -> None: ...
    def counts(self) -> tuple[int, int]: ...
    def last(self) -> tuple[npt.NDArray[np.void], list[float]]: ...
    def density(
        self, rows: int, columns: int, samples: int, seed: int
    ) -> npt.NDArray[np.float32] | None: ...

def densest_box(density: npt.NDArray[np.float32], area: float) -> list[int]: ...
def smooth_path(
    options: Options,
    times: npt.NDArray[np.float64],
    targets: npt.NDArray[np.float64],
    lowest: npt.NDArray[np.float64],
    highest: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    window: float,
) -> npt.NDArray[np.float64]: ...
