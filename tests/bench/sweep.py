# SPDX-License-Identifier: MIT
"""One constant of the camera at several values, beside the value that is built in.

    python -m tests.bench.sweep kMovePrice 0.02 0.05 0.1 ../shared/data [--option key=value ...]

The constants are those of csrc/stage4_crop/camera.h and csrc/stage5_path/movement.h. The library is
built once, in build/sweep, so that it takes them from the environment; the installed package runs
with it. IoU and ``kept`` are those of quality.py, and clips count alike. ``train`` are the labelled
clips of subjects_train.txt, which a value may be chosen by. ``held`` are those of
subjects_test.txt, which are only reported.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from export.judging.windows import SETS, Array, find_clips, read_list
from tests.python.tuned import read_constants

from .quality import mean_row, measure_all, read_arguments

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


def rows(
    name: str, values: list[float], clips: dict[str, list[Path]], options: dict[str, str], jobs: int
) -> Iterator[dict[str, Array]]:
    """Yield the row of each half, for each value."""
    for value in values:
        os.environ[f"SMARTCROP_CAMERA_{name}"] = f"{value:.17g}"
        results, _ = measure_all([path for half in clips.values() for path in half], options, jobs)
        ours = iter([result["smartcrop"] for result in results])
        yield {half: mean_row([next(ours) for _ in paths]) for half, paths in clips.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("values", nargs="+", type=float, metavar="VALUE")
    arguments, options = read_arguments(parser)
    name, constants = arguments.name, read_constants()
    if name not in constants:
        parser.error(f"there is no constant {name}; there are {', '.join(constants)}")
    clips = {half: labelled(arguments.root, SPLITS / file) for half, file in HALVES.items()}
    build()
    values = [constants[name], *(each for each in arguments.values if each != constants[name])]
    print(f"{name:<18}" + "".join(f"{f'{half} ({len(clips[half])})':>9}  kept " for half in clips))
    for value, row in zip(values, rows(name, values, clips, options, arguments.jobs), strict=True):
        numbers = "".join(f"{each[0]:9.4f}{each[1]:7.4f}" for each in row.values())
        mark = "  built in" if value == constants[name] else ""
        print(f"{value:<18g}{numbers}{mark}", flush=True)
    return 0


def labelled(root: Path, split: Path) -> list[Path]:
    """The clips of a list whose subject is labelled."""
    return [path for each in SETS for path in find_clips(root, each, read_list(split))]


if __name__ == "__main__":
    # Each process of the bench loads the library anew, with the value of the moment.
    multiprocessing.set_start_method("spawn")
    sys.exit(main())
