# SPDX-License-Identifier: MIT
"""The networks, by the name that ``model=`` and the configuration files use."""

from __future__ import annotations

from pathlib import Path

import torch

from export.networks.base import Network
from export.networks.center import CenterNetwork
from export.networks.saliency import SaliencyNetwork
from export.networks.subjects import SubjectsNetwork
from export.networks.tracker import TrackerNetwork

NETWORKS: dict[str, type[Network]] = {
    network.name: network
    for network in (SaliencyNetwork, CenterNetwork, SubjectsNetwork, TrackerNetwork)
}


def load_backbone(network: Network, path: Path) -> None:
    """Start the feature network from ImageNet weights: a state dict with ``stem`` and ``blocks``.

    Blocks are numbered as in MobileNetV2's table, each a sequence ``c`` of convolutions with the
    batch normalisation folded in. What lies beyond the network's last stage is left out.
    """
    if not path.exists():
        raise SystemExit(f"{path}: the weights to start from are missing; see --models")
    saved = torch.load(path, map_location="cpu", weights_only=True)
    backbone: torch.nn.Module = network.backbone
    own = backbone.state_dict()
    renamed = {
        name.replace(".c.", ".body.").replace("stem.", "stem.0."): value.float()
        for name, value in saved.items()
    }
    missing = [name for name in own if name not in renamed]
    if missing:
        raise SystemExit(f"{path}: no MobileNetV2 weights there: {missing[0]} is missing")
    backbone.load_state_dict({name: renamed[name] for name in own})
