# SPDX-License-Identifier: MIT
"""What a run is told, and how it says that it cannot."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MODES = ("normal", "center", "mocrop")
SIZES = {"efficiency": 192, "attention": 224}
FRAMES = ("iframe", "sampled")


class ActionError(Exception):
    """The text is one line that names the file or the option, and the remedy."""


@dataclass(frozen=True)
class View:
    """What of a clip's frames the network sees: whole frames or a box of them, and how large."""

    mode: str = "normal"
    size: int = SIZES["attention"]

    @property
    def label(self) -> str:
        """Such as ``plain 224`` and ``mocrop 192``."""
        return f"{'plain' if self.mode == 'normal' else self.mode} {self.size}"


@dataclass(frozen=True)
class Settings:
    """Settings of a run; times are in epochs, rates are AdamW's.

    Attributes
    ----------
    area, grid : float, (rows, columns)
        Of the box, see ``smartcrop.motion.clip_box``; ``compat`` searches it as the paper's code.
    learn : str
        ``"all"`` fine-tunes the network, ``"head"`` keeps its features as they are.
    segments, test_segments : int
        Parts of a clip, one frame of each is seen (TSN): at training, and when it is tested.
    """

    backbone: str = "mobilenet_v2"
    weights: str | None = None
    pretrained: bool = False
    frames: str = "sampled"
    segments: int = 3
    test_segments: int = 8
    area: float = 0.75
    grid: tuple[int, int] = (6, 8)
    compat: bool = False
    learn: str = "all"
    epochs: int = 20
    batch: int = 16
    head_rate: float = 1e-3
    backbone_rate: float = 1e-4
    weight_decay: float = 1e-4
    workers: int = 2
    precision: str = "32-true"
    device: str = "auto"

    def plain(self) -> dict[str, object]:
        """Values as JSON has them."""
        return {**dataclasses.asdict(self), "grid": list(self.grid)}


def from_plain(values: dict[str, object]) -> Settings:
    """Undo ``Settings.plain``."""
    return Settings(**{**values, "grid": tuple(values["grid"])})  # type: ignore[arg-type]


def _at_least(low: float, kind: type) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = kind(text)
        if not value >= low:
            raise argparse.ArgumentTypeError(f"{text} is less than {low:g}")
        return float(value) if kind is float else int(value)

    read.__name__ = "whole number" if kind is int else "number"
    return read


def add_view(parser: argparse.ArgumentParser) -> None:
    """Options that say what of the frames is seen."""
    parser.add_argument("--mode", choices=MODES, default="normal", help="whole frames, or a box")
    parser.add_argument(
        "--setting",
        choices=tuple(SIZES),
        default="attention",
        help="size that it is brought to: 192 pixels (efficiency) or 224 (attention)",
    )


def add_data(parser: argparse.ArgumentParser) -> None:
    """Options that say where clips and boxes come from."""
    parser.add_argument(
        "--root", type=Path, required=True, help="folder that the names of the lists begin in"
    )


def add_settings(parser: argparse.ArgumentParser) -> None:
    """An option for each field of ``Settings``."""
    one, some = _at_least(1, int), _at_least(0, float)
    default = Settings()
    parser.add_argument(
        "--backbone",
        metavar="NAME",
        default=default.backbone,
        help="mobilenet_v2, mcunet, small, or any of timm's networks",
    )
    parser.add_argument("--weights", metavar="FILE", help="weights to start from")
    parser.add_argument("--pretrained", action="store_true", help="fetch timm's weights")
    parser.add_argument("--frames", choices=FRAMES, default=default.frames)
    parser.add_argument("--area", type=float, default=default.area, help="share of the picture")
    parser.add_argument("--grid", type=one, nargs=2, default=default.grid, metavar=("ROWS", "COLS"))
    parser.add_argument("--compat", action="store_true", help="search as the paper's code does")
    parser.add_argument("--learn", choices=("all", "head"), default=default.learn)
    parser.add_argument("--precision", default=default.precision, help="as in Lightning's Trainer")
    parser.add_argument("--device", default=default.device, help="auto, cpu, cuda, mps")
    for name in ("segments", "test_segments", "epochs", "batch"):
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, type=one, default=getattr(default, name))
    for name in ("head_rate", "backbone_rate", "weight_decay"):
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, type=some, default=getattr(default, name))
    parser.add_argument("--workers", type=_at_least(0, int), default=default.workers)


def read_settings(arguments: argparse.Namespace) -> Settings:
    """The settings of a command line."""
    names = [field.name for field in dataclasses.fields(Settings)]
    values = {name: getattr(arguments, name) for name in names}
    values["grid"] = tuple(arguments.grid)
    if not 0 < arguments.area <= 1:
        raise ActionError(f"--area {arguments.area:g}: a share of the picture, above 0, at most 1")
    return Settings(**values)
