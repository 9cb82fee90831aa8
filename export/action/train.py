# SPDX-License-Identifier: MIT
"""Train a network to name the actions of clips, and test it.

    python -m export.action.train build/actions/lists \\
        --root ../shared/data/actions/surveillance --backbone mcunet \\
        --weights ../shared/models/mcunet-320kb-1mb_imagenet.pth \\
        --mode mocrop --setting efficiency --out build/actions/run

The folder of ``--out`` gets ``network.pt``, which export.action.evaluate tests in any other mode,
``result.json``, TensorBoard event files and a table of the curves. A run that was interrupted goes
on from its last epoch with ``--resume``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from export.action.flops import giga_flops
from export.action.lists import read_split
from export.action.runs import Workplace, answer, boxes_for, learn
from export.action.scores import Score, score
from export.action.settings import (
    SIZES,
    ActionError,
    View,
    add_data,
    add_settings,
    add_view,
    read_settings,
)
from export.train import make_loggers


def train(arguments: argparse.Namespace) -> Score:
    """Run it to its result."""
    settings = read_settings(arguments)
    view = View(arguments.mode, SIZES[arguments.setting])
    split = read_split(arguments.lists, arguments.split, arguments.root)
    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    place = Workplace(settings, out)
    backbone = place.backbone()  # first of all, since its file may be missing
    boxes = boxes_for(split, [view], settings, out)
    trained = learn(
        place,
        split,
        view,
        boxes,
        seed=arguments.seed,
        out=out,
        loggers=make_loggers(arguments.logger, out),
        resume=arguments.resume,
    )
    trained.save(out / "network.pt")
    features = place.features if settings.learn == "head" else None
    result = score(answer(trained, split.test, view, boxes, features), split)
    values = {
        "view": view.label,
        "split": split.number,
        "seed": arguments.seed,
        "settings": settings.plain(),
        "giga_flops": giga_flops(backbone, view.size),
        **result.plain(),
    }
    (out / "result.json").write_text(json.dumps(values, indent=1) + "\n")
    return result


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(
        prog="python -m export.action.train",
        description=(__doc__ or "").splitlines()[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    made.add_argument("lists", type=Path, help="folder of classInd.txt, trainlist01.txt, ...")
    add_data(made)
    made.add_argument("--split", type=int, default=1, help="number of the lists")
    made.add_argument("--out", type=Path, required=True, help="folder for what comes of it")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--resume", action="store_true", help="go on from the last epoch")
    made.add_argument("--logger", choices=("tensorboard", "wandb"), default="tensorboard")
    add_view(made)
    add_settings(made)
    return made


def main(words: list[str] | None = None) -> int:
    """Run the command."""
    try:
        print(train(parser().parse_args(words)))
    except ActionError as error:
        print(f"train: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
