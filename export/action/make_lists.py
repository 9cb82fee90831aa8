# SPDX-License-Identifier: MIT
"""Write lists for a folder of clips, a sub-folder for each class, split by scene.

    python -m export.action.make_lists ../shared/data/actions/surveillance \\
        --out build/actions/lists --folds 5 --seed 1

Each fold is the test list of one split, so that each clip is tested on once. Clips that look alike
are of one scene and stay together.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from export.action.lists import write_lists
from export.action.scenes import describe, group_scenes, share_out
from export.action.settings import ActionError
from export.judging.table import watched

_CLIPS = {".avi", ".mkv", ".mov", ".mp4", ".webm"}


def find_clips(root: Path) -> tuple[list[str], list[Path], list[int]]:
    """Classes (folders that hold clips), clips, and the class of each."""
    paths = sorted(path for path in root.rglob("*") if path.suffix.lower() in _CLIPS)
    if not paths:
        raise ActionError(f"{root}: no clips in its folders ({', '.join(sorted(_CLIPS))})")
    names = [path.parent.relative_to(root).as_posix() for path in paths]
    classes = sorted(set(names))
    if len(classes) < 2 or "." in classes:
        raise ActionError(f"{root}: give each of two or more classes a folder of its own in it")
    return classes, paths, [classes.index(name) for name in names]


def make_lists(root: Path, out: Path, folds: int, seed: int) -> str:
    """Write them; what came out, in a line for each split."""
    classes, paths, labels = find_clips(root)
    looks = [describe(path) for path in watched(paths, "looking at clips", len(paths))]
    scenes = group_scenes(paths, looks)
    if len(scenes) < folds:
        raise ActionError(f"--folds {folds}: {root} has only {len(scenes)} scenes; ask for fewer")
    dealt = share_out(scenes, labels, folds, seed)
    names = [path.relative_to(root).as_posix() for path in paths]
    folded = [[(names[i], labels[i]) for i in fold] for fold in dealt]
    scene_of = {names[i]: number for number, scene in enumerate(scenes, 1) for i in scene}
    write_lists(out, classes, folded, scene_of)
    both = sum(len({labels[index] for index in scene}) > 1 for scene in scenes)
    lines = [f"{len(paths)} clips, {len(scenes)} scenes, {both} of them in more than one class"]
    for number, fold in enumerate(dealt, 1):
        counts = np.bincount([labels[index] for index in fold], minlength=len(classes))
        parts = ", ".join(f"{count} {name}" for count, name in zip(counts, classes, strict=True))
        lines.append(f"split {number} is tested on {parts}")
    return "\n".join(lines)


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(
        prog="python -m export.action.make_lists", description=(__doc__ or "").splitlines()[0]
    )
    made.add_argument("root", type=Path, help="folder of the classes' folders")
    made.add_argument("--out", type=Path, required=True, help="folder for the lists")
    made.add_argument("--folds", type=int, default=5, help="how many splits")
    made.add_argument("--seed", type=int, default=1, help="of which scenes go together")
    return made


def main(words: list[str] | None = None) -> int:
    """Run the command."""
    arguments = parser().parse_args(words)
    try:
        if arguments.folds < 2:
            raise ActionError(f"--folds {arguments.folds}: two at least")
        print(make_lists(arguments.root, arguments.out, arguments.folds, arguments.seed))
    except ActionError as error:
        print(f"make_lists: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
