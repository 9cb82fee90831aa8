# SPDX-License-Identifier: MIT
"""The small program that turns proxies into evidence maps (maps.cc): built, run and read."""

from __future__ import annotations

import dataclasses
import math
import subprocess
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    *("evidence", "concentration", "maps/contrast_map", "maps/training_free", "motion/motion"),
    *("motion/camera_motion", "motion/proxy_motion", "motion/speed_map", "motion/motion_vectors"),
    *("motion/vector_camera", "motion/object_motion", "motion/codec_motion"),
]
KINDS = ["contrast", "motion", "fused"]
Array = np.ndarray


@dataclasses.dataclass
class Maps:
    """Maps of the analysed frames of one clip (or of stills of one size).

    ``frames`` (T,), ``confidence`` and ``maps`` by kind: (T,) and (T, height, width).
    """

    frames: Array
    confidence: dict[str, Array]
    maps: dict[str, Array]


def build_tool(folder: Path) -> Path:
    """Compile the small program that turns proxies into maps."""
    folder.mkdir(parents=True, exist_ok=True)
    tool = folder / "maps"
    sources = [ROOT / "tests/bench/maps.cc"]
    sources += [ROOT / f"csrc/stage2_evidence/{name}.cc" for name in SOURCES]
    includes = [f"-I{ROOT}/csrc", f"-I{ROOT}/csrc/include"]
    subprocess.run(["c++", "-std=c++17", "-O3", *includes, *sources, "-o", tool], check=True)
    return tool


def proxy_size(width: int, height: int) -> tuple[int, int]:
    """About 256 x 144 samples of the picture's shape, even sides."""
    scale = math.sqrt(256 * 144 / (width * height))
    return max(2, 2 * round(width * scale / 2)), max(2, 2 * round(height * scale / 2))


def run_tool(tool: Path, size: tuple[int, int], arguments: list[str], proxies: bytes) -> Maps:
    """Feed yuv444p proxies to the tool and take its answer apart."""
    command = [str(tool), str(size[0]), str(size[1]), *arguments]
    raw = subprocess.run(command, input=proxies, capture_output=True, check=True).stdout
    width, height = ((side + 3) // 4 for side in size)
    rows = np.frombuffer(raw, np.float32).reshape(-1, 4 + 3 * width * height)
    grids = rows[:, 4:].reshape(-1, 3, height, width)
    return Maps(
        frames=rows[:, 0].astype(int),
        confidence={kind: rows[:, 1 + i] for i, kind in enumerate(KINDS)},
        maps={kind: grids[:, i] for i, kind in enumerate(KINDS)},
    )
