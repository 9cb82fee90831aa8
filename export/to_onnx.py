# SPDX-License-Identifier: MIT
"""Write a network to an ONNX file that the library runs, after proving that it is the same network.

    python -m export.to_onnx CHECKPOINT -o net.onnx
    python -m export.to_onnx --onnx foreign.onnx -o net.onnx --kind heatmap --width 320 --height 240
    python -m export.to_onnx --onnx faces.onnx -o net.onnx --kind boxes --layout yunet ...

The file appears under its name only once ONNX Runtime answered the same maps as PyTorch (or as the
foreign file), frame after frame with the state carried along, within the tolerances of
``export.writing.check``.
"""

from __future__ import annotations

import sys

from export.writing.command import main
from export.writing.pytorch import AnyNetwork, export_network

__all__ = ["AnyNetwork", "export_network", "main"]

if __name__ == "__main__":
    sys.exit(main())
