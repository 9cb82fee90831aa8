# SPDX-License-Identifier: MIT
"""Compare whole frames and boxes, at 192 and at 224 pixels, over splits and seeds, as a table.

    python -m export.action.compare build/actions/lists --learn head --seeds 5 \\
        --root ../shared/data/actions/surveillance --out build/actions/mcunet \\
        --backbone mcunet --weights ../shared/models/mcunet-320kb-1mb_imagenet.pth

``plain 224``, whole frames, is what the others are measured against. ``mocrop`` are boxes where the
motion is, ``center`` boxes of the same sizes in the middle. Each row is trained in its own view
(``own``), or all are tests of the networks that learned from whole frames of 224 pixels
(``plain``), as a crop without training is meant. Runs that are in ``results.jsonl`` of the folder
are not repeated. Several folders of lists take turns, one seed after the other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from export.action.flops import giga_flops
from export.action.lists import Split, read_scenes, read_split, split_numbers
from export.action.runs import Workplace, answer, boxes_for, learn
from export.action.scores import interval, score
from export.action.settings import (
    MODES,
    SIZES,
    ActionError,
    View,
    add_data,
    add_settings,
    read_settings,
)
from export.judging.table import Table, watched

PLAIN = View("normal", SIZES["attention"])
COLUMNS = {
    "top-1": 1,
    "spread": 1,
    "delta": 1,
    "low": 1,
    "high": 1,
    "GFLOPs": 3,
    "delta FLOPs %": 1,
}
Record = dict[str, Any]


def _digest(split: Split) -> str:
    """Of what is learned from and tested on."""
    names = [[clip.name for clip in part] for part in (split.train, split.test)]
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()[:12]


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


def plan(trained_on: list[str], views: list[View]) -> Iterator[tuple[str, View, list[View]]]:
    """What is trained, and the views that it is tested in."""
    if "plain" in trained_on:
        yield "plain", PLAIN, views
    if "own" in trained_on:
        for view in views:
            yield "own", view, [view]


def run(
    place: Workplace, split: Split, arguments: argparse.Namespace, seed: int, results: Results
) -> list[Record]:
    """All rows of one split and seed."""
    views = [View(mode, size) for mode in arguments.modes for size in sorted(SIZES.values())]
    settings = {**place.settings.plain(), "workers": 0, "device": ""}  # these change no result
    done = []
    for trained_on, view, tested in plan(arguments.trained, views):
        keys = {
            each: {
                "trained": trained_on,
                "view": asdict(each),
                "split": split.number,
                "seed": seed,
                "lists": _digest(split),
                "settings": settings,
            }
            for each in tested
        }
        found = [results.find(key) for key in keys.values()]
        if found == [None] and view == PLAIN:  # the networks of the other table are the same
            same = results.find({**keys[view], "trained": "plain"})
            if same:
                results.add({**same, **keys[view]})
                found = [results.records[-1]]
        if None not in found:
            done += [record for record in found if record]
            continue
        boxes = boxes_for(split, [view, *tested], place.settings, place.folder)
        network = learn(place, split, view, boxes, seed=seed, out=place.folder / "training")
        features = place.features if place.settings.learn == "head" else None
        for each, key in keys.items():
            result = score(answer(network, split.test, each, boxes, features), split)
            record = {**key, **result.plain()}
            results.add(record)
            done.append(record)
    return done


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


def make_tables(
    records: list[Record], costs: dict[int, float], scenes: Mapping[str, str], title: str
) -> list[Table]:
    """A table for what was trained: mean and deviation over seeds, differences to ``plain 224``.

    The interval is over scenes, or over clips where the lists tell of none: seeds say nothing about
    other clips.
    """
    tables = []
    for trained_on, words in (
        ("own", "each trained and tested in its own view"),
        ("plain", "trained on whole frames of 224, tested in the view"),
    ):
        chosen = [record for record in records if record["trained"] == trained_on]
        if not chosen:
            continue
        table = Table(f"{title}, {words}", COLUMNS)
        rows: dict[View, list[Record]] = {}
        for record in chosen:
            rows.setdefault(View(**record["view"]), []).append(record)
        _, reference = _accuracies(rows[PLAIN])
        for view, part in rows.items():
            seeds, clips = _accuracies(part)
            spread = float(np.std(seeds, ddof=1)) if len(seeds) > 1 else float("nan")
            gains = np.array([right - reference[name] for name, right in clips.items()])
            low, high = interval(gains, [scenes.get(name, name) for name in clips])
            delta = float(gains.mean())
            if view == PLAIN:
                delta = low = high = float("nan")
            cost = costs[view.size]
            saved = 100 * (cost / costs[PLAIN.size] - 1)
            table.rows[view.label] = [seeds.mean(), spread, delta, low, high, cost, saved]
        tables.append(table)
    return tables


def compare(arguments: argparse.Namespace) -> list[Table]:
    """Do what is not done yet, and sum up."""
    settings = read_settings(arguments)
    arguments.out.mkdir(parents=True, exist_ok=True)
    place = Workplace(settings, arguments.out)
    backbone = place.backbone()
    costs = {size: giga_flops(backbone, size) for size in SIZES.values()}
    results = Results(arguments.out / "results.jsonl")
    jobs = []
    for seed in range(1, arguments.seeds + 1):
        lists = arguments.lists[(seed - 1) % len(arguments.lists)]
        numbers = arguments.splits or split_numbers(lists)
        if not numbers:
            raise ActionError(f"{lists}: no trainlist01.txt there; name a folder of lists")
        jobs += [(seed, read_split(lists, number, arguments.root)) for number in numbers]
    records: list[Record] = []
    for seed, split in watched(jobs, "splits and seeds", len(jobs)):
        records += run(place, split, arguments, seed, results)
    clips = len({name for record in records for name in record["clips"]})
    title = f"{settings.backbone}, {clips} clips, {arguments.seeds} seeds"
    return make_tables(records, costs, read_scenes(arguments.lists[0]), title)


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(
        prog="python -m export.action.compare",
        description=(__doc__ or "").splitlines()[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    made.add_argument("lists", type=Path, nargs="+", help="folders of classInd.txt and lists")
    add_data(made)
    made.add_argument("--splits", type=int, nargs="+", help="their numbers; all that are there")
    made.add_argument("--seeds", type=int, default=5, help="how many")
    made.add_argument("--trained", nargs="+", choices=("own", "plain"), default=["own", "plain"])
    made.add_argument("--modes", nargs="+", choices=MODES, default=list(MODES))
    made.add_argument("--out", type=Path, required=True, help="folder for what comes of it")
    made.add_argument("--json", type=Path, metavar="FILE", help="write the tables there too")
    add_settings(made)
    return made


def main(words: list[str] | None = None) -> int:
    """Print the tables."""
    try:
        arguments = parser().parse_args(words)
        if "normal" not in arguments.modes:
            raise ActionError("--modes: normal is what the others are measured against")
        tables = compare(arguments)
    except ActionError as error:
        print(f"compare: {error}", file=sys.stderr)
        return 1
    print("\n\n".join(map(str, tables)))
    if arguments.json:
        arguments.json.write_text(json.dumps([each.as_json() for each in tables], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
