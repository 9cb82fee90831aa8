# SPDX-License-Identifier: MIT
"""The command that finds one box a clip."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from ..errors import Error, FileError, OptionError
from ..outputs import check_output, whole_or_nothing
from .terminal import count_bar

if TYPE_CHECKING:
    from ..motion.search import ClipBox

_GRID = re.compile(r"(\d{1,4})[x:](\d{1,4})")
_log = logging.getLogger("smartcrop")


Clips = Annotated[
    list[str] | None, typer.Argument(metavar="IN ...", help="Videos.", show_default=False)
]
ListFile = Annotated[
    str | None,
    typer.Option("--list", metavar="FILE", help="More videos, one a line; - is standard input."),
]
Output = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE", help="Where the lines go; - is the output.")
]
Area = Annotated[
    float, typer.Option("--area", help="Share of the picture that a box takes, above 0 to 1.")
]
Grid = Annotated[
    str, typer.Option("--grid", metavar="ROWSxCOLUMNS", help="Cells that boxes are made of.")
]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same boxes.")]
Samples = Annotated[
    int, typer.Option("--samples", help="Places drawn where it moves; 0: exact shares.")
]
Compat = Annotated[
    bool,
    typer.Option("--compat", help="Search as the published code of MoCrop does, to compare."),
]
Npy = Annotated[
    str | None,
    typer.Option("--npy", metavar="FOLDER", help="Write each clip's density to CLIP.npy there."),
]
Picture = Annotated[
    str | None,
    typer.Option("--picture", metavar="FILE.png", help="Draw vectors, density and box of IN."),
]
VideoStream = Annotated[
    int | None,
    typer.Option("--video-stream", help="Which video stream, from 0. Default: the best."),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", help="Clips read at a time. Default: one for each processor."),
]


def motion_box_command(
    clips: Clips = None,
    *,
    list_file: ListFile = None,
    output: Output = "-",
    area: Area = 0.75,
    grid: Grid = "6x8",
    seed: Seed = 0,
    samples: Samples = 4096,
    compat: Compat = False,
    npy: Npy = None,
    picture: Picture = None,
    video_stream: VideoStream = None,
    jobs: Jobs = None,
) -> None:
    """Find the part of the picture where a clip moves, from its codec's motion vectors.

    Each clip gives a line of JSON: file, x, y, width and height of the box in pixels of the upright
    picture, picture (width and height), frames, vectors, and fallback: true where no motion is
    known, so that the box is the whole picture. One that cannot be read gives a line on standard
    error, and the exit status is 1 at the end.
    """
    from ..motion import clip_boxes
    from ..motion.search import Search

    paths = [*(clips or []), *(_listed(list_file) if list_file else [])]
    if not paths:
        raise OptionError("name a video, or a list of them with --list FILE", "argument")
    if picture is not None and len(paths) > 1:
        raise OptionError(f"--picture {picture}: is of one clip, but {len(paths)} are named")
    for made in (output, picture):
        if made is not None:
            check_output(made, list_file, *paths)
    search = Search(area, _grid(grid), seed, samples, compat)
    densities = _density_files(paths, npy) if npy is not None else {}
    failed = False
    with count_bar("motion-box", "clips") as progress, _lines_to(output) as lines:
        found = clip_boxes(
            paths,
            **asdict(search),
            video_stream=video_stream,
            jobs=jobs,
            progress=progress,
        )
        for path, box in found:
            if isinstance(box, Error):
                failed = True
                _log.error("%s", " ".join(str(box).split()))
                continue
            if path in densities:
                box.save(densities[path])
            if picture is not None:
                from ..previews.motion_picture import save_picture

                save_picture(path, box, search, picture, video_stream)
            lines.write(_line(path, box))
            lines.flush()
    if failed:
        raise typer.Exit(1)


def _line(path: str, box: ClipBox) -> str:
    values = {
        "file": path,
        "x": box.x,
        "y": box.y,
        "width": box.width,
        "height": box.height,
        "picture": box.picture,
        "frames": box.frames,
        "vectors": box.vectors,
        "fallback": box.fallback,
    }
    return json.dumps(values) + "\n"


def _grid(given: str) -> tuple[int, int]:
    found = _GRID.fullmatch(given.strip())
    if found is None:
        raise OptionError(f"--grid {given}: write it as ROWSxCOLUMNS, as in 6x8")
    return int(found[1]), int(found[2])


def _listed(name: str) -> list[str]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise FileError(f"--list {name}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise FileError(f"--list {name}: is no text; write one path a line in UTF-8") from error
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _density_files(paths: list[str], folder: str) -> dict[str, Path]:
    """Name the density of each clip; refuse what would overwrite each other."""
    taken: dict[str, str] = {}
    for path in dict.fromkeys(paths):
        other = taken.setdefault(Path(path).stem, path)
        if other != path:
            raise OptionError(
                f"--npy {folder}: {other} and {path} would both be {Path(path).stem}.npy; "
                "give them folders of their own",
            )
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"--npy {folder}: cannot be made: {error.strerror or error}") from error
    return {path: Path(folder) / f"{stem}.npy" for stem, path in taken.items()}


@contextmanager
def _lines_to(output: str) -> Iterator[TextIO]:
    if output == "-":
        yield sys.stdout
        return
    with whole_or_nothing(output) as name, Path(name).open("w", encoding="utf-8") as file:
        yield file
