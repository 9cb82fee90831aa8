# SPDX-License-Identifier: MIT
"""Runs that were done, and what they say side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from export.action.scores import interval
from export.action.settings import SIZES, View
from export.judging.table import Table

PLAIN = View("normal", SIZES["attention"])
_COLUMNS = {
    "top-1": 1,
    "spread": 1,
    "delta": 1,
    "low": 1,
    "high": 1,
    "GFLOPs": 3,
    "delta FLOPs %": 1,
}
_PAIRS = {"delta": 1, "low": 1, "high": 1}
_TRAINED = {
    "own": "each trained and tested in its own view",
    "plain": "trained on whole frames of 224, tested in the view",
}
Record = dict[str, Any]


class Results:
    """Runs that were done, a JSON line for each, in a file that grows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text().splitlines() if path.is_file() else []
        self.records: list[Record] = [json.loads(line) for line in lines]

    def find(self, key: Record) -> Record | None:
        """The run with these values."""
        return next((each for each in self.records if key.items() <= each.items()), None)

    def add(self, record: Record) -> None:
        """Keep a run."""
        self.records.append(record)
        with self.path.open("a") as file:
            file.write(json.dumps(record) + "\n")


def _accuracies(records: list[Record]) -> tuple[np.ndarray, dict[str, float]]:
    """Per cent for each seed, over the clips of all splits; and for each clip, over the seeds."""
    clips: dict[str, list[int]] = {}
    seeds: dict[int, list[int]] = {}
    for record in records:
        seeds.setdefault(record["seed"], []).extend(record["clips"].values())
        for name, right in record["clips"].items():
            clips.setdefault(name, []).append(right)
    each = {name: 100 * float(np.mean(clips[name])) for name in sorted(clips)}
    return 100 * np.array([np.mean(seeds[seed]) for seed in sorted(seeds)]), each


def _gain(
    rows: Mapping[View, list[Record]], view: View, other: View, scenes: Mapping[str, str]
) -> list[float]:
    """Points by which a view is better than another, and the 95 % interval of it."""
    _, right = _accuracies(rows[view])
    _, before = _accuracies(rows[other])
    gains = np.array([right[name] - before[name] for name in right])
    return [float(gains.mean()), *interval(gains, [scenes.get(name, name) for name in right])]


def make_tables(
    records: list[Record], costs: Mapping[int, float], scenes: Mapping[str, str], title: str
) -> list[Table]:
    """For what was trained a table of mean, deviation over seeds and gain over ``plain 224``.

    Another one tells what the motion is worth: boxes against whole frames, and against boxes in the
    middle, of the same size. Intervals are over scenes, or over clips where the lists tell of none:
    seeds say nothing about other clips.
    """
    tables = []
    for trained, words in _TRAINED.items():
        rows: dict[View, list[Record]] = {}
        for record in records:
            if record["trained"] == trained:
                rows.setdefault(View(**record["view"]), []).append(record)
        if not rows:
            continue
        table = Table(f"{title}, {words}", _COLUMNS)
        for view, part in rows.items():
            seeds, _ = _accuracies(part)
            spread = float(np.std(seeds, ddof=1)) if len(seeds) > 1 else float("nan")
            gain = [float("nan")] * 3 if view == PLAIN else _gain(rows, view, PLAIN, scenes)
            saved = 100 * (costs[view.size] / costs[PLAIN.size] - 1)
            table.rows[view.label] = [seeds.mean(), spread, *gain, costs[view.size], saved]
        pairs = Table(f"{title}, {words}: boxes at the same cost", _PAIRS)
        for view in rows:
            for mode in ("normal", "center"):
                other = View(mode, view.size)
                if view.mode == "mocrop" and other in rows:
                    pairs.rows[f"{view.label} - {other.label}"] = _gain(rows, view, other, scenes)
        tables += [table, pairs] if pairs.rows else [table]
    return tables
