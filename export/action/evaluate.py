# SPDX-License-Identifier: MIT
"""Test a trained network, also in a mode that it was not trained in.

    python -m export.action.evaluate build/actions/run/network.pt build/actions/lists \\
        --root ../shared/data/actions/surveillance --mode mocrop --setting efficiency

A network that learned from whole frames and is tested on boxes shows what the boxes are worth
without any training.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from export.action.flops import giga_flops
from export.action.lists import read_split
from export.action.recogniser import load
from export.action.runs import answer, boxes_for
from export.action.scores import Score, score
from export.action.settings import FRAMES, SIZES, ActionError, View, add_data, add_view


def evaluate(arguments: argparse.Namespace) -> Score:
    """Test it in the wanted view."""
    trained = load(arguments.checkpoint)
    names = ("frames", "test_segments", "device", "workers")
    wanted = {name: getattr(arguments, name) for name in names}
    given = {name: value for name, value in wanted.items() if value is not None}
    settings = dataclasses.replace(trained.settings, **given)
    trained = dataclasses.replace(trained, settings=settings)
    split = read_split(arguments.lists, arguments.split, arguments.root)
    if split.classes != trained.classes:
        raise ActionError(
            f"{arguments.checkpoint}: trained on {len(trained.classes)} classes that are not those "
            f"of {arguments.lists / 'classInd.txt'}"
        )
    view = View(arguments.mode, SIZES[arguments.setting])
    tested = dataclasses.replace(split, train=())
    boxes = boxes_for(tested, [view], settings, arguments.checkpoint.parent)
    result = score(answer(trained, split.test, view, boxes), split)
    if arguments.json:
        cost = giga_flops(trained.recogniser.backbone, view.size)
        values = {"view": view.label, "giga_flops": cost, **result.plain()}
        arguments.json.write_text(json.dumps(values, indent=1) + "\n")
    return result


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(
        prog="python -m export.action.evaluate", description=(__doc__ or "").splitlines()[0]
    )
    made.add_argument("checkpoint", type=Path, help="network.pt of a run")
    made.add_argument("lists", type=Path, help="folder of classInd.txt, testlist01.txt, ...")
    add_data(made)
    made.add_argument("--split", type=int, default=1, help="number of the lists")
    add_view(made)
    made.add_argument("--frames", choices=FRAMES, help="default: as trained; so all the others")
    made.add_argument("--test-segments", type=int)
    made.add_argument("--device")
    made.add_argument("--workers", type=int)
    made.add_argument("--json", type=Path, metavar="FILE", help="write the result there too")
    return made


def main(words: list[str] | None = None) -> int:
    """Run the command."""
    try:
        print(evaluate(parser().parse_args(words)))
    except ActionError as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
