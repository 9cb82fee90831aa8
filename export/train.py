# SPDX-License-Identifier: MIT
"""Train a network from a configuration file, from its start to the ONNX file.

    python -m export.train export/config/saliency.toml --data ../shared/data \\
        --models ../shared/models --out build/saliency

A run that was interrupted goes on from its last epoch with ``--resume``. The folder gets the last
checkpoint, TensorBoard event files, a table of the curves (``curves/metrics.csv``) and the ONNX
file, which is named after the network.

A tracker may go on from one that there is, with ``--start export/weights/tracker.onnx``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from lightning.pytorch import Trainer, seed_everything
from lightning.pytorch.callbacks import (
    EMAWeightAveraging,
    LearningRateMonitor,
    ModelCheckpoint,
    RichProgressBar,
)
from lightning.pytorch.loggers import CSVLogger, Logger, TensorBoardLogger
from torch.utils.data import DataLoader

from export.config import Config, read_config
from export.data.loaders import Batches, BoxBatches, MapBatches, PairBatches
from export.networks.base import BoxNetwork, Network
from export.networks.tracker import TrackerNetwork, renormalise
from export.tasks import Task, load_checkpoint, make_task
from export.writing.contract import ExportError, Picture
from export.writing.detectors import DetectorReport, export_detector, picture_of
from export.writing.frames import sample_frames
from export.writing.pytorch import export_network
from export.writing.trackers import TrackerReport, export_tracker, read_tracker
from export.writing.write import Report

BACKBONE = "mobilenet_v2_1.0_224_imagenet.pth"
DETECTOR = "yolox_nano.onnx"
_START_PAIRS = 64  # that a network is normalised by which starts from files
_PROOF_FRAMES = 16  # consecutive ones that the ONNX file is compared on
_GAZE = (
    "fixations of OSIE, Saliency in Crowd, Scene and EMOd pictures; subjects of 35 short clips and "
    "650 sports frames; people in 349 action clips; feature network from ImageNet"
)
TRAINED_ON = {
    "saliency": _GAZE,
    "center": _GAZE,
    "subjects": "boxes and masks of COCO, WIDER FACE, DUTS, clothing and human segmentation "
    "pictures; what YOLOX-nano and YuNet see in them, in 1,700 other pictures and in 240 clips; "
    "feature network from ImageNet",
    "tracker": "targets of 24 short clips, faces of 3 talks, balls of 9 sports sources; 4,010 "
    "objects, people and faces of stills; what NanoTrack follows in 181 clips; feature network "
    "from ImageNet",
}


def make_loggers(name: str, out: Path) -> list[Logger]:
    """Curves: TensorBoard's event files and a CSV table, or with ``wandb`` that one too."""
    loggers: list[Logger] = [
        TensorBoardLogger(out, name="tensorboard", version=""),
        CSVLogger(out, name="curves", version=""),
    ]
    if name == "wandb":
        from lightning.pytorch.loggers import WandbLogger

        loggers.append(WandbLogger(project="smartcrop", save_dir=out))
    return loggers


def grid_of(network: Network) -> tuple[int, int]:
    """Height and width of a network's map."""
    network.eval()
    with torch.no_grad():
        logits = network(torch.zeros(1, 3, *network.size), *network.initial_state(1))[0]
    network.train()
    return logits.shape[2], logits.shape[3]


def make_trainer(config: Config, logger: str, out: Path) -> Trainer:
    """A trainer that keeps the last epoch and the mean of the weights, and draws curves."""
    last = ModelCheckpoint(out / "checkpoints", filename="last", enable_version_counter=False)
    callbacks = [last, EMAWeightAveraging(decay=config.average), LearningRateMonitor("step")]
    on_terminal = sys.stderr.isatty()
    if on_terminal:
        callbacks.append(RichProgressBar())
    return Trainer(
        max_epochs=config.epochs,
        precision=config.precision,
        logger=make_loggers(logger, out),
        callbacks=callbacks,
        enable_progress_bar=on_terminal,
        gradient_clip_val=1.0,
        log_every_n_steps=min(20, config.steps),
        deterministic=True,
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )


def make_batches(config: Config, task: Task, arguments: argparse.Namespace) -> Batches:
    """The data of a run, for the sizes of its network."""
    if isinstance(task.network, BoxNetwork):
        size = task.network.size
        return BoxBatches(arguments.data, arguments.models, arguments.out, config, size)
    if isinstance(task.network, TrackerNetwork):
        return PairBatches(arguments.data, arguments.models, arguments.out, config)
    shape = (task.network.size, grid_of(task.network))
    detector = arguments.models / DETECTOR if arguments.models else None
    return MapBatches(arguments.data, detector, arguments.out, config, shape)


def start_from(path: Path, task: Task, batches: Batches) -> None:
    """Give a task the weights of a tracker's files, normalised by some of the batches."""
    if not isinstance(task.network, TrackerNetwork):
        raise SystemExit(f"--start: network '{task.network.name}' starts from no file")
    task.network.load_state_dict(read_tracker(path).state_dict())
    batches.setup("fit")
    seen = next(iter(DataLoader(batches.training["pairs"], _START_PAIRS)))
    renormalise(task.network, *(task.pictures(seen[name]) for name in ("template", "search")))


def write_network(checkpoint: Path, data: Path) -> Report | DetectorReport | TrackerReport:
    """The checkpoint's network as an ONNX file beside the curves; a tracker as two."""
    network = load_checkpoint(checkpoint)
    height, width = network.size
    clip = next(iter(sorted(data.glob("masks/*.mp4"))), None)
    properties = {"licence": "MIT", "trained_on": TRAINED_ON[network.name], "version": "1"}
    target = checkpoint.parents[1] / f"{network.name}.onnx"
    if isinstance(network, BoxNetwork):
        frames = sample_frames(clip, picture_of(network), _PROOF_FRAMES)
        return export_detector(network, target, properties, frames)
    frames = sample_frames(clip, Picture(width, height), _PROOF_FRAMES)
    if isinstance(network, TrackerNetwork):
        return export_tracker(network, target, properties, frames)
    return export_network(network, target, properties, frames)


def train(arguments: argparse.Namespace) -> Report | DetectorReport | TrackerReport:
    """Run it from its start, or from where it stopped, to the ONNX file."""
    config = read_config(arguments.config)
    seed_everything(config.seed, workers=True, verbose=False)
    arguments.out.mkdir(parents=True, exist_ok=True)
    if not arguments.data.is_dir():
        raise SystemExit(f"{arguments.data}: no such folder; --data names the labelled data")
    task = make_task(config, arguments.models / BACKBONE if arguments.models else None)
    batches = make_batches(config, task, arguments)
    if arguments.start:
        start_from(arguments.start, task, batches)
    trainer = make_trainer(config, arguments.logger, arguments.out)
    kept = arguments.out / "checkpoints" / "last.ckpt"
    resumed = kept if arguments.resume and kept.exists() else None
    trainer.fit(task, batches, ckpt_path=resumed, weights_only=True)
    return write_network(kept, arguments.data)


def main(words: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Train a network and write its ONNX file.")
    parser.add_argument("config", type=Path, help="TOML file, see export/config/")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="data root")
    parser.add_argument(
        "--models",
        type=Path,
        help="folder of the ImageNet weights to start from and of the detector; without it the "
        "network starts from chance",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for what comes of it")
    parser.add_argument("--start", type=Path, help="a tracker's file whose weights to go on from")
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch")
    parser.add_argument("--logger", choices=["tensorboard", "wandb"], default="tensorboard")
    try:
        print(train(parser.parse_args(words)))
    except ExportError as error:
        print(f"train: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
