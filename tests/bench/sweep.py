# SPDX-License-Identifier: MIT
"""Constants of the camera at several values, beside the value that is built in.

    python -m tests.bench.sweep kMovePrice 0.02 0.05 0.1 ../shared/data [--option key=value ...]
    python -m tests.bench.sweep kLead_s,kKeeps ../shared/data    # each halved and doubled
    python -m tests.bench.sweep all ../shared/data               # so are all of them

The constants are those of csrc/stage4_crop/camera.h and csrc/stage5_path/movement.h. The library is
built once, in build/sweep, so that it takes them from the environment; the installed package runs
with it. Each clip is seen once, and its analysis file is solved again for each value. IoU and
``kept`` are those of quality.py, and clips count alike. ``train`` are the labelled clips of
subjects_train.txt, which a value may be chosen by. ``held`` are those of subjects_test.txt, which
are only reported.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from export.judging.windows import SETS, Array, find_clips, measure_plan, read_list
from tests.python.tuned import read_constants

from .quality import mean_row, read_arguments

TOP = Path(__file__).resolve().parents[2]
BUILD = TOP / "build" / "sweep"
SPLITS = TOP / "export" / "data" / "splits"
HALVES = {"train": "subjects_train.txt", "held": "subjects_test.txt"}


def build() -> None:
    """Build the library that asks the environment, and have the package use it."""
    headers = subprocess.check_output([TOP / "csrc/inference/fetch_onnxruntime_headers"], text=True)
    configure = ["cmake", "-S", TOP, "-B", BUILD, "-DSMARTCROP_SWEEP=ON"]
    configure += [f"-DSMARTCROP_ONNXRUNTIME_INCLUDE={headers.strip()}"]
    configure += ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    for command in (configure, ["cmake", "--build", BUILD, "--target", "smartcrop", "-j2"]):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    os.environ["LD_LIBRARY_PATH"] = str(BUILD)
    ask = [sys.executable, "-c", "import smartcrop; print(smartcrop.version())"]
    version = subprocess.check_output(ask, text=True).strip()
    if not version.endswith("+sweep"):
        raise SystemExit(f"the package runs with the library {version}, not with {BUILD}")


@dataclass(frozen=True)
class Seen:
    """A clip, the analysis file of what was seen of it, and the options to solve it with."""

    clip: Path
    analysis: Path
    options: dict[str, str]


def see(clip: Path, analysis: Path, options: dict[str, str]) -> Seen:
    """Keep what is seen of a clip."""
    import smartcrop
    from smartcrop.options import of_roles

    smartcrop.analyze(clip, keep=analysis, **options)  # type: ignore[arg-type]
    return Seen(clip, analysis, of_roles(options, "solve"))


def judged(seen: Seen) -> list[float]:
    """The row of a clip with the constants of the moment."""
    import smartcrop

    plan = smartcrop.solve(seen.analysis, **seen.options)  # type: ignore[arg-type]
    return measure_plan(seen.clip, plan)["smartcrop"]


class Sweep:
    """Every clip, seen."""

    def __init__(
        self, clips: dict[str, list[Path]], options: dict[str, str], jobs: int, folder: Path
    ) -> None:
        self._jobs = jobs
        with ProcessPoolExecutor(jobs) as pool:
            self._seen = {
                half: [
                    pool.submit(see, path, folder / f"{half}{i}.analysis", options)
                    for i, path in enumerate(paths)
                ]
                for half, paths in clips.items()
            }

    def row(self, name: str, value: float) -> dict[str, Array]:
        """The means of each half with a value of a constant."""
        os.environ[f"SMARTCROP_CAMERA_{name}"] = f"{value:.17g}"
        # Each process loads the library anew, with the value of the moment.
        with ProcessPoolExecutor(self._jobs) as pool:
            rows = {
                half: list(pool.map(judged, [each.result() for each in seen]))
                for half, seen in self._seen.items()
            }
        del os.environ[f"SMARTCROP_CAMERA_{name}"]
        return {half: mean_row(each) for half, each in rows.items()}


def values_of(name: str, built: float, given: list[float]) -> list[float]:
    """The value that is built in, and the others: those given, or half and twice as much."""
    whole = built == int(built) and abs(built) >= 2
    others = given or [built / 2, built * 2]
    return [built, *((round(each) if whole and not given else each) for each in others)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", metavar="NAME[,NAME...]", help="of constants, or all")
    parser.add_argument("values", nargs="*", type=float, metavar="VALUE")
    arguments, options = read_arguments(parser)
    constants = read_constants()
    names = list(constants) if arguments.names == "all" else arguments.names.split(",")
    if unknown := [name for name in names if name not in constants]:
        parser.error(f"there is no constant {unknown[0]}; there are {', '.join(constants)}")
    clips = {half: labelled(arguments.root, SPLITS / file) for half, file in HALVES.items()}
    build()
    heads = "".join(f"{f'{half} ({len(clips[half])})':>10}  kept " for half in clips)
    print(f"{'constant':<20}{'value':>10}{heads}", flush=True)
    with tempfile.TemporaryDirectory(prefix="smartcrop-sweep-") as folder:
        sweep = Sweep(clips, options, arguments.jobs, Path(folder))
        for each in names:
            for value in values_of(each, constants[each], arguments.values):
                row = sweep.row(each, value)
                numbers = "".join(f"{half[0]:10.4f}{half[1]:7.4f}" for half in row.values())
                mark = "  built in" if value == constants[each] else ""
                print(f"{each:<20}{value:>10.5g}{numbers}{mark}", flush=True)
    return 0


def labelled(root: Path, split: Path) -> list[Path]:
    """The clips of a list whose subject is labelled."""
    return [path for each in SETS for path in find_clips(root, each, read_list(split))]


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    sys.exit(main())
