# SPDX-License-Identifier: MIT
"""The command line of ``python -m export.to_onnx``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from export.networks.base import BoxNetwork
from export.writing.boxes import FINDS, LAYOUTS, Boxes, BoxesReport, adopt_boxes
from export.writing.check import first_line
from export.writing.contract import ExportError, Picture
from export.writing.detectors import DetectorReport, export_detector, picture_of
from export.writing.foreign import Foreign, adopt
from export.writing.frames import default_source, sample_frames
from export.writing.pytorch import export_network
from export.writing.write import Report, check_target

_PICTURE = ("width", "height", "order", "range", "mean", "std", "fit", "pad_value")
_HEATMAP = ("input", "output", "state", "answers")
_BOXES = (
    *("layout", "outputs", "strides", "decoded", "normalised", "classes"),
    *("threshold", "overlap", "finds", "names", "weight", "required"),
)
_FOREIGN_ONLY = ("kind", *_PICTURE, *_HEATMAP, *_BOXES)


def _pair(text: str) -> tuple[str, str]:
    before, equals, after = text.partition("=")
    if not (before and equals and after):
        raise argparse.ArgumentTypeError(f"{text} is not INPUT=OUTPUT")
    return before, after


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least one frame is needed")
    return count


def parser() -> argparse.ArgumentParser:
    """Every flag once."""
    top = argparse.ArgumentParser(
        prog="python -m export.to_onnx",
        description="Write a network to an ONNX file that the library runs, and prove it.",
    )
    top.add_argument("checkpoint", nargs="?", type=Path, help="what training left behind")
    top.add_argument("--onnx", type=Path, help="an ONNX file of others, in place of a checkpoint")
    top.add_argument("-o", "--out", type=Path, required=True, metavar="FILE", help="to write")
    weights = top.add_mutually_exclusive_group()
    for name, help_text in (
        ("float", "store weights as they are (the default for --onnx)"),
        ("half", "in half precision, computed in float32 (the default for a checkpoint)"),
        ("int8", "compute in 8-bit integers, calibrated on the frames"),
    ):
        weights.add_argument(
            f"--{name}", dest="storage", action="store_const", const=name, help=help_text
        )
    top.add_argument(
        "--frames",
        type=Path,
        metavar="PATH",
        help="clip or folder of pictures to compare on (default: a clip of ../shared/data, else "
        "made-up pictures)",
    )
    top.add_argument("--count", type=_count, default=16, help="number of frames (default: 16)")
    for name in ("licence", "trained-on", "version"):
        top.add_argument(f"--{name}", metavar="TEXT", help="noted in the file")
    _add_foreign(top.add_argument_group("with --onnx"))
    _add_boxes(top.add_argument_group("with --kind boxes"))
    return top


def _add_foreign(group: argparse._ArgumentGroup) -> None:
    three: dict[str, Any] = {"type": float, "nargs": 3, "metavar": ("A", "B", "C")}
    group.add_argument("--kind", choices=["heatmap", "boxes"], help="what it answers")
    group.add_argument("--width", type=int, help="of the picture it takes, pixels")
    group.add_argument("--height", type=int, help="of the picture it takes, pixels")
    group.add_argument("--order", choices=["RGB", "BGR"], help="of the channels (default: RGB)")
    group.add_argument("--range", type=float, help="a full sample, 255 (default) or 1")
    group.add_argument("--mean", **three, help="taken off, in the tensor's order (default: 0)")
    group.add_argument("--std", **three, help="divided by, in the tensor's order (default: 1)")
    group.add_argument("--fit", choices=["stretch", "pad"], help="default: stretch")
    group.add_argument("--pad-value", type=int, help="sample that pad fills with (default: 0)")
    group.add_argument("--input", metavar="NAME", help="tensor of the picture")
    group.add_argument("--output", metavar="NAME", help="tensor of the map")
    group.add_argument("--state", type=_pair, action="append", metavar="INPUT=OUTPUT")
    group.add_argument("--answers", choices=["logits", "probability"], help="default: logits")


def _add_boxes(group: argparse._ArgumentGroup) -> None:
    many: dict[str, Any] = {"nargs": "+", "type": int, "metavar": "N"}
    yes: dict[str, Any] = {"action": "store_const", "const": True}
    group.add_argument(
        "--layout", choices=LAYOUTS, help="how boxes are written (the manual, models.md)"
    )
    group.add_argument("--outputs", nargs="+", metavar="NAME", help="tensors of the boxes")
    group.add_argument("--strides", **many, help="of the grids (default: 8 16 32)")
    group.add_argument("--decoded", **yes, help="yolox in pixels, not relative to a grid")
    group.add_argument("--normalised", **yes, help="xyxy in shares of the picture")
    group.add_argument("--classes", **many, help="wanted (default: all)")
    group.add_argument("--threshold", type=float, help="least score (default: 0.5)")
    group.add_argument("--overlap", type=float, help="of the union, from which one goes (0.45)")
    group.add_argument(
        "--finds", nargs="+", choices=FINDS, help="one for all classes (default: subject) or each"
    )
    group.add_argument("--names", nargs="+", metavar="NAME", help="of the classes, from 0")
    group.add_argument("--weight", type=float, help="what seeing one whole counts (default: 1)")
    group.add_argument("--required", **yes, help="each has to be seen whole")


def _export_checkpoint(given: dict[str, Any], notes: dict[str, str]) -> Report | DetectorReport:
    from export.tasks import load_checkpoint

    checkpoint = given["checkpoint"]
    if not checkpoint.is_file():
        raise ExportError(f"{checkpoint}: no such file; training writes checkpoints")
    try:
        network = load_checkpoint(checkpoint)
    except ExportError:
        raise
    except Exception as error:  # unpickling runs into whatever the file holds
        raise ExportError(
            f"{checkpoint}: not a checkpoint of export.train: {first_line(error)}"
        ) from error
    storage = given.get("storage", "half")
    if isinstance(network, BoxNetwork):
        if storage == "int8":
            raise ExportError(f"{checkpoint}: --int8 does not go with a detector")
        frames = _frames(given, picture_of(network))
        return export_detector(network, given["out"], notes, frames, half=storage == "half")
    height, width = network.size
    frames = _frames(given, Picture(width, height))
    return export_network(
        network, given["out"], notes, frames, half=storage == "half", int8=storage == "int8"
    )


def _adopt_boxes(given: dict[str, Any], notes: dict[str, str]) -> BoxesReport:
    if "layout" not in given:
        raise ExportError("--kind boxes needs --layout")
    if given.get("storage", "float") != "float":
        raise ExportError(f"--{given['storage']} does not go with --kind boxes")
    picture = Picture(**{name: given[name] for name in _PICTURE if name in given})
    values = {name: given[name] for name in _BOXES if name in given}
    if len(values.get("finds", ())) == 1:
        values["finds"] = values["finds"][0]
    boxes = Boxes(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
    frames = _frames(given, picture)
    return adopt_boxes(given["onnx"], given["out"], picture, boxes, notes=notes, frames=frames)


def _adopt(given: dict[str, Any], notes: dict[str, str]) -> Report | BoxesReport:
    for name in ("kind", "width", "height"):
        if name not in given:
            raise ExportError(f"--onnx needs --{name}")
    kind, others = given["kind"], _HEATMAP if given["kind"] == "boxes" else _BOXES
    if extra := [name for name in others if name in given]:
        raise ExportError(f"--{extra[0]} does not go with --kind {kind}")
    if kind == "boxes":
        return _named(given["onnx"], _adopt_boxes, given, notes)
    return _named(given["onnx"], _adopt_heatmap, given, notes)


def _named(source: Path, adopt_kind: Any, *arguments: dict[str, Any]) -> Report | BoxesReport:
    """Put the file's name before what is wrong with it."""
    try:
        return adopt_kind(*arguments)
    except ExportError as error:
        raise ExportError(f"{source}: {error}") from error


def _adopt_heatmap(given: dict[str, Any], notes: dict[str, str]) -> Report:
    picture = Picture(**{name: given[name] for name in _PICTURE if name in given})
    foreign = Foreign(
        picture,
        input=given.get("input"),
        output=given.get("output"),
        state=tuple(given.get("state", ())),
        answers=given.get("answers", "logits"),
    )
    frames = _frames(given, picture)
    storage = given.get("storage", "float")
    return adopt(given["onnx"], given["out"], foreign, notes, frames, storage=storage)


def _frames(given: dict[str, Any], picture: Picture) -> np.ndarray:
    source = given.get("frames", default_source())
    if source is None:
        print("no labelled data here, comparing on made-up pictures (--frames)", file=sys.stderr)
    return sample_frames(source, picture, given["count"])


def run(given: dict[str, Any]) -> Report | BoxesReport | DetectorReport:
    """Do what the flags say."""
    if ("checkpoint" in given) == ("onnx" in given):
        raise ExportError("give a checkpoint, or --onnx and a file")
    if "checkpoint" in given and (extra := [name for name in _FOREIGN_ONLY if name in given]):
        raise ExportError(f"--{extra[0].replace('_', '-')} goes with --onnx")
    check_target(given["out"])
    names = ("licence", "trained_on", "version")
    notes = {name: given[name] for name in names if name in given}
    return _export_checkpoint(given, notes) if "checkpoint" in given else _adopt(given, notes)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 where the file was written."""
    try:
        flags = vars(parser().parse_args(arguments))
        print(run({name: value for name, value in flags.items() if value is not None}))
    except ExportError as error:
        print(f"to_onnx: {error}", file=sys.stderr)
        return 1
    return 0
