# SPDX-License-Identifier: MIT
"""Lists of clips with their classes, in the form of UCF-101.

``classInd.txt`` has a line ``3 Archery`` for each class, counted from 1; ``trainlist01.txt`` a line
``Archery/clip.avi 3`` for each clip; ``testlist01.txt`` the same without the number. A clip's class
is the folder that it lies in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from export.action.settings import ActionError


@dataclass(frozen=True)
class Clip:
    """A clip: its name in the lists, its file, its class counted from 0."""

    name: str
    path: Path
    label: int


@dataclass(frozen=True)
class Split:
    """What is learned from and what is tested on."""

    number: int
    classes: tuple[str, ...]
    train: tuple[Clip, ...]
    test: tuple[Clip, ...]


def read_classes(folder: Path) -> tuple[str, ...]:
    """Names of the classes, in the order of their numbers."""
    path = folder / "classInd.txt"
    if not path.is_file():
        raise ActionError(
            f"{path}: no such file; name the folder of classInd.txt, or write lists with "
            "python -m export.action.make_lists"
        )
    classes: dict[int, str] = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        words = line.split(maxsplit=1)
        if not words:
            continue
        if len(words) != 2 or not words[0].isdigit():
            raise ActionError(f"{path}:{number}: '{line}' is not a number and a class")
        classes[int(words[0])] = words[1].strip()
    if sorted(classes) != list(range(1, len(classes) + 1)):
        raise ActionError(f"{path}: the numbers of the classes are not 1 to {len(classes)}")
    return tuple(classes[number] for number in sorted(classes))


def split_numbers(folder: Path) -> list[int]:
    """Numbers of the splits whose lists are there."""
    names = (re.fullmatch(r"trainlist(\d+)\.txt", path.name) for path in folder.glob("trainlist*"))
    return sorted(int(match[1]) for match in names if match)


def read_split(folder: Path, number: int, root: Path) -> Split:
    """Read the two lists of a split; the names in them begin in ``root``."""
    classes = read_classes(folder)
    if not root.is_dir():
        raise ActionError(
            f"{root}: no such folder; --root names the one that clips' names begin in"
        )
    parts = []
    for part in ("train", "test"):
        path = folder / f"{part}list{number:02}.txt"
        if not path.is_file():
            known = ", ".join(map(str, split_numbers(folder)))
            raise ActionError(f"{path}: no such file; there are the splits {known or 'none'}")
        parts.append(_read(path, classes, root))
    common = {clip.name for clip in parts[0]} & {clip.name for clip in parts[1]}
    if common:
        raise ActionError(f"{folder}: {min(common)} is in both lists of split {number}")
    return Split(number, classes, *parts)


def _read(path: Path, classes: tuple[str, ...], root: Path) -> tuple[Clip, ...]:
    labels = {name: label for label, name in enumerate(classes)}
    clips = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip():
            continue
        match = re.fullmatch(r"(.+?\.\w+)(?:\s+(\d+))?", line.strip())
        name = match[1] if match else ""
        folder = name.rpartition("/")[0]
        if folder not in labels:
            raise ActionError(f"{path}:{number}: '{line}' lies in the folder of no known class")
        if match and match[2] and int(match[2]) != labels[folder] + 1:
            raise ActionError(
                f"{path}:{number}: class {match[2]} for {folder}, which is {labels[folder] + 1}"
            )
        clips.append(Clip(name, _find(root, name, path), labels[folder]))
    if not clips:
        raise ActionError(f"{path}: there is no clip in it")
    return tuple(clips)


def _find(root: Path, name: str, path: Path) -> Path:
    """The file of a clip; one that was encoded anew as .mp4 will do."""
    file = root / name
    for choice in (file, file.with_suffix(".mp4")):
        if choice.is_file():
            return choice
    raise ActionError(f"{file}: no such clip, though {path.name} names it; see --root")


def read_scenes(folder: Path) -> dict[str, str]:
    """Scene of each clip by its name, where the lists tell; ``scenes.txt`` has ``clip.avi 12``."""
    path = folder / "scenes.txt"
    lines = path.read_text().splitlines() if path.is_file() else []
    pairs = (line.rpartition(" ") for line in lines)
    return {name: scene for name, _, scene in pairs if name}


def write_lists(
    folder: Path,
    classes: list[str],
    folds: list[list[tuple[str, int]]],
    scenes: Mapping[str, int],
) -> None:
    """Write a split for each fold: it is tested on, the others are learned from.

    Parameters
    ----------
    folds : list
        Of each: name and class (from 0) of its clips.
    scenes : mapping
        Number of each clip's scene.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{number} {name}\n" for number, name in enumerate(classes, 1)]
    (folder / "classInd.txt").write_text("".join(lines))
    lines = [f"{name} {scene}\n" for name, scene in sorted(scenes.items())]
    (folder / "scenes.txt").write_text("".join(lines))
    for number, fold in enumerate(folds, 1):
        rest = sorted(clip for other in folds if other is not fold for clip in other)
        train = "".join(f"{name} {label + 1}\n" for name, label in rest)
        (folder / f"trainlist{number:02}.txt").write_text(train)
        test = "".join(f"{name}\n" for name, _ in sorted(fold))
        (folder / f"testlist{number:02}.txt").write_text(test)
