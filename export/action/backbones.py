# SPDX-License-Identifier: MIT
"""Networks that turn a picture into features: ours, timm's, or any torch module."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from export.action.mcunet import MCUNet
from export.action.settings import ActionError, Settings
from export.networks import load_backbone
from export.networks.mobilenet import MobileNetV2

_HALF = (127.5,) * 3
# Names of the networks that MoCrop was published with, in timm.
TIMM_NAMES = {
    "mobilenet_v3_large": "mobilenetv3_large_100",
    "swin_b": "swin_base_patch4_window7_224",
}
PUBLISHED = ("resnet50", "resnet152", "mobilenet_v3_large", "efficientnet_b1", "swin_b")


class Backbone(nn.Module):
    """From RGB samples 0..255, (N, 3, H, W), to features (N, width).

    Parameters
    ----------
    network : Module
        Answers features (N, width), or maps (N, width, h, w), whose mean is taken.
    width : int or None
        Number of features; None: it is tried out.
    mean, std : three numbers
        Of the samples, as the network was trained.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        network: nn.Module,
        width: int | None = None,
        mean: Sequence[float] = _HALF,
        std: Sequence[float] = _HALF,
    ) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1), persistent=False)
        self.width = width or self._try_out()

    def _try_out(self) -> int:
        training = self.network.training
        self.network.eval()
        with torch.no_grad():
            width = self(torch.zeros(1, 3, 224, 224)).shape[1]
        self.network.train(training)
        return int(width)

    def forward(self, pictures: Tensor) -> Tensor:
        features: Tensor = self.network((pictures.float() - self.mean) / self.std)
        return features.mean((2, 3)) if features.ndim == 4 else features


class MobileNetV2Features(nn.Module):
    """From (N, 3, H, W) in -1..1 to maps (N, 1280, H/32, W/32): MobileNetV2 and its last layer."""

    width = 1280

    def __init__(self) -> None:
        super().__init__()
        self.backbone = MobileNetV2()
        self.last = nn.Conv2d(self.backbone.widths[-1], self.width, 1)

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.relu6(self.last(self.backbone(x)[-1]))


class Small(nn.Module):
    """Four convolutions: to try clips and lists out without weights, in seconds."""

    width = 64

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in ((3, 16), (16, 32), (32, 64), (64, self.width)):
            layers += [
                nn.Conv2d(inputs, outputs, 3, 2, 1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
            ]
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        maps: Tensor = self.layers(x)
        return maps


def _read(path: Path) -> dict[str, Tensor]:
    if not path.is_file():
        raise ActionError(f"{path}: no such file; --weights names the one to start from")
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises all sorts of them
        raise ActionError(f"{path}: not a file of weights ({_line(error)})") from error
    return dict(saved.get("state_dict", saved))


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]


def _load(network: nn.Module, path: Path) -> None:
    """Take the weights by their names; those of a classifier are left over."""
    saved = _read(path)
    missing = [name for name in network.state_dict() if name not in saved]
    if missing:
        raise ActionError(f"{path}: weights of another network, {missing[0]} is missing")
    try:
        network.load_state_dict({name: saved[name] for name in network.state_dict()})
    except RuntimeError as error:
        raise ActionError(f"{path}: weights of another network ({_line(error)})") from error


def _load_mobilenet(network: nn.Module, path: Path) -> None:
    saved = _read(path)
    if "last.weight" not in saved:
        raise ActionError(f"{path}: weights of another network, last.weight is missing")
    assert isinstance(network, MobileNetV2Features)
    try:
        load_backbone(network, path)  # type: ignore[arg-type]
    except SystemExit as error:
        raise ActionError(str(error)) from error
    network.last.load_state_dict(
        {name: saved[f"last.{name}"].float() for name in ("weight", "bias")}
    )


_OURS: dict[str, tuple[Callable[[], nn.Module], Callable[[nn.Module, Path], None]]] = {
    "mobilenet_v2": (MobileNetV2Features, _load_mobilenet),
    "mcunet": (MCUNet, _load),
    "small": (Small, _load),
}


def import_timm() -> ModuleType:
    """The library of networks, or an error that says how to get it."""
    try:
        import timm
    except (ImportError, RuntimeError) as error:
        raise ActionError(
            f"timm does not import ({_line(error)}); install it with pip install '.[action]' and a "
            f"torchvision that fits torch {torch.__version__}, or take {', '.join(_OURS)}"
        ) from error
    module: ModuleType = timm
    return module


def _timm_backbone(settings: Settings) -> Backbone:
    timm = import_timm()
    name = TIMM_NAMES.get(settings.backbone, settings.backbone)
    if not timm.is_model(name):
        raise ActionError(
            f"--backbone {settings.backbone}: neither {', '.join(_OURS)} nor a network of timm "
            f"{timm.__version__}"
        )
    options: dict[str, Any] = {"num_classes": 0, "pretrained": settings.pretrained}
    if name.startswith("swin_"):  # of any size, with windows as they were trained
        options |= {"strict_img_size": False, "always_partition": True}
    if settings.weights:
        if not Path(settings.weights).is_file():
            raise ActionError(f"{settings.weights}: no such file; see --weights")
        options |= {"pretrained": True, "pretrained_cfg_overlay": {"file": settings.weights}}
    try:
        network = timm.create_model(name, **options)
    except Exception as error:  # of the network, of files, of a hub
        what = f"{settings.weights}: not the weights of {name}"
        if not settings.weights:
            what = f"the weights of {name} cannot be fetched; name a file of them with --weights"
        raise ActionError(f"{what} ({_line(error)})") from error
    wanted = network.pretrained_cfg
    mean, std = ([255 * value for value in wanted[key]] for key in ("mean", "std"))
    return Backbone(network, None, mean, std)


def make_backbone(settings: Settings) -> Backbone:
    """The network of a name, from its weights, or from chance where there are none.

    Raises
    ------
    ActionError
        If there is no such network, timm is missing, or the weights do not fit.
    """
    if settings.backbone not in _OURS:
        return _timm_backbone(settings)
    if settings.pretrained:
        raise ActionError(f"--pretrained: {settings.backbone} is not timm's; give --weights FILE")
    kind, load = _OURS[settings.backbone]
    network = kind()
    if settings.weights:
        load(network, Path(settings.weights))
    return Backbone(network, int(network.width))  # type: ignore[arg-type]
