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

from export.action.crop import Box, box_of
from export.action.flops import giga_flops
from export.action.lists import Split, read_scenes, read_split, split_numbers
from export.action.results import PLAIN, Record, Results, make_tables
from export.action.runs import Workplace, answer, boxes_for, learn
from export.action.scores import score
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


def _digest(split: Split, views: list[View], boxes: Mapping[str, Box]) -> str:
    """Of what is learned from and tested on."""
    clips = [
        [(clip.name, [str(box_of(view, boxes, clip.name)) for view in views]) for clip in part]
        for part in (split.train, split.test)
    ]
    return hashlib.sha256(json.dumps(clips).encode()).hexdigest()[:12]


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
    boxes = boxes_for(split, views, place.settings, place.folder)
    done = []
    for trained_on, view, tested in plan(arguments.trained, views):
        keys = {
            each: {
                "trained": trained_on,
                "view": asdict(each),
                "split": split.number,
                "seed": seed,
                "clips_seen": _digest(split, [view, each], boxes),
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
        network = learn(place, split, view, boxes, seed=seed, out=place.folder / "training")
        features = place.features if place.settings.learn == "head" else None
        for each, key in keys.items():
            result = score(answer(network, split.test, each, boxes, features), split)
            record = {**key, **result.plain()}
            results.add(record)
            done.append(record)
    return done


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
