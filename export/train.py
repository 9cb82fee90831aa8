# SPDX-License-Identifier: MIT
"""Train a network from a configuration file, from its start to the ONNX file.

    python -m export.train export/config/saliency.toml --data ../shared/data \\
        --backbone ../shared/models/mobilenet_v2_1.0_224_imagenet.pth --out build/saliency

A run that was interrupted goes on from its last epoch with ``--resume``. The folder gets
checkpoints, TensorBoard event files, a table of the curves (``curves/metrics.csv``) and the ONNX
file.
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

from export.config import Config, read_config
from export.data.loaders import Batches
from export.tasks import make_task


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


def train(config: Config, arguments: argparse.Namespace) -> Path:
    """Run it; gives the last checkpoint."""
    out: Path = arguments.out
    seed_everything(config.seed, workers=True, verbose=False)
    task = make_task(config, arguments.backbone)
    network = task.network
    with torch.no_grad():
        shape = (1, 3, *network.size)
        logits = network.eval()(torch.zeros(shape), *network.initial_state(1))[0]
    network.train()
    batches = Batches(arguments.data, config, network.size, (logits.shape[2], logits.shape[3]))
    last = ModelCheckpoint(out / "checkpoints", filename="last", enable_version_counter=False)
    callbacks = [last, EMAWeightAveraging(decay=config.average), LearningRateMonitor("step")]
    if sys.stderr.isatty():
        callbacks.append(RichProgressBar())
    trainer = Trainer(
        max_epochs=config.epochs,
        precision=config.precision,
        logger=make_loggers(arguments.logger, out),
        callbacks=callbacks,
        enable_progress_bar=sys.stderr.isatty(),
        gradient_clip_val=1.0,
        log_every_n_steps=20,
        deterministic=True,
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )
    kept = out / "checkpoints" / "last.ckpt"
    trainer.fit(task, batches, ckpt_path=kept if arguments.resume and kept.exists() else None)
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="data root")
    parser.add_argument("--backbone", type=Path, help="ImageNet MobileNetV2 to start from")
    parser.add_argument("--out", type=Path, required=True, help="folder for what comes of it")
    parser.add_argument("--resume", action="store_true", help="go on from the last epoch")
    parser.add_argument("--logger", choices=["tensorboard", "wandb"], default="tensorboard")
    arguments = parser.parse_args()
    config = read_config(arguments.config)
    print(train(config, arguments))
    return 0


if __name__ == "__main__":
    sys.exit(main())
