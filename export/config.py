# SPDX-License-Identifier: MIT
"""What a training run is told: a TOML file with these keys."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib


@dataclass(frozen=True)
class Config:
    """Settings of a run; the defaults are the saliency network's."""

    network: str
    seed: int = 1
    epochs: int = 10
    spatial_epochs: int = 7  # of them; then the temporal stream learns beside a frozen spatial one
    steps: int = 200  # optimiser steps in an epoch
    stills: int = 20  # pictures in a batch
    clips: int = 4  # sequences of labelled video in a batch
    movers: int = 3  # made-up sequences in a batch
    people: bool = True  # label the people of unlabelled clips by a detector
    clips_weight: float = 0.5  # of their loss: there are few, soon known by heart
    frames: int = 4  # frames of a sequence
    whole: float = 0.5  # share of pictures that are not cropped
    head_rate: float = 1e-3  # learning rates
    backbone_rate: float = 1e-4
    weight_decay: float = 1e-4
    warm_up: int = 100  # steps until the full learning rate
    average: float = 0.99  # decay of the mean of the weights
    boxes: int = 0  # pictures with boxes in a batch, for a detector
    pairs: int = 0  # of template and search picture in a batch, for a tracker
    joined: float = 0.4  # share of its views that are four pictures
    pasted: float = 0.4  # share of its views into which subjects are pasted
    frozen: int = 0  # first blocks of the feature network that learn nothing
    sigma_start: float = 3.0  # of the centre's target, in cells
    sigma_end: float = 1.5
    precision: str = "bf16-mixed"
    workers: int = 1


def read_config(path: Path) -> Config:
    """Read a run's file; a key that is not known is an error."""
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text())
    except FileNotFoundError:
        raise SystemExit(f"{path}: there is no such file; see export/config/") from None
    except tomllib.TOMLDecodeError as error:
        raise SystemExit(f"{path}: {error}") from None
    known = {field.name: field for field in dataclasses.fields(Config)}
    for key in values:
        if key not in known:
            raise SystemExit(f"{path}: unknown key '{key}'; there are {', '.join(known)}")
    if "network" not in values:
        raise SystemExit(f"{path}: the key 'network' is missing")
    return Config(**values)
