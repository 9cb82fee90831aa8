# SPDX-License-Identifier: MIT
"""The core's tracker as a program (tracks.cc), and the reference: boxes in, identities out."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from .identity_scores import Array, Tracked

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    *(f"stage2_evidence/subjects/{name}" for name in ("box_tracker", "box_filter", "assignment")),
    "inference/box_decoder",
    "box_shares",
]


@dataclasses.dataclass(frozen=True)
class Look:
    """What a detector found: left, top, width and height as shares (N, 4), scores and classes."""

    time_s: float
    boxes: Array
    scores: Array
    labels: Array


def look_of(time_s: float, boxes: Array, scores: Array, labels: Array | None = None) -> Look:
    """Make a look; without labels all boxes are of one class."""
    labels = np.zeros(len(scores), int) if labels is None else labels
    return Look(time_s, np.asarray(boxes, float).reshape(-1, 4), np.asarray(scores, float), labels)


def build(folder: Path, name: str, sources: Sequence[str], flags: Sequence[str] = ()) -> Path:
    """Compile a program of this folder with these files of the core."""
    folder.mkdir(parents=True, exist_ok=True)
    tool = folder / name
    files = [ROOT / f"tests/bench/{name}.cc", *(ROOT / f"csrc/{each}.cc" for each in sources)]
    includes = [f"-I{ROOT}/csrc", f"-I{ROOT}/csrc/include"]
    subprocess.run(["c++", "-std=c++17", "-O2", *flags, *includes, *files, "-o", tool], check=True)
    return tool


def build_tracks(folder: Path) -> Path:
    """Compile the tracker, as it is shipped."""
    return build(folder, "tracks", SOURCES)


def build_swept_tracks(folder: Path) -> Path:
    """Compile one that asks the environment for its constants (csrc/tuned.h)."""
    return build(folder, "tracks", [*SOURCES, "option_kinds"], ["-DSMARTCROP_SWEEP"])


def commands_of(
    looks: Sequence[Look], times: Sequence[float], steps: Sequence[tuple[float, str]] = ()
) -> str:
    """Write the looks and steps of the camera, and ask for the boxes at these times.

    Times grow; where they are equal, the camera comes before the look, and the answer last.
    """
    events = [(time_s, 0, text) for time_s, text in steps]
    events += [(time_s, 2, f"at {time_s:.6f}") for time_s in times]
    for look in looks:
        lines = [f"look {look.time_s:.6f} {len(look.scores)}"]
        for box, score, label in zip(look.boxes, look.scores, look.labels, strict=True):
            lines.append(" ".join(f"{value:.6f}" for value in (*box, score)) + f" {int(label)}")
        events.append((look.time_s, 1, "\n".join(lines)))
    return "\n".join(text for _, _, text in sorted(events, key=lambda event: event[:2])) + "\n"


def run_commands(
    tool: Path, aspect: float, strong: float, commands: str, constants: Mapping[str, float] = {}
) -> list[Tracked]:
    """Run the tracker; answers what each ``at`` asked for. Only a swept build reads constants."""
    swept = {f"SMARTCROP_CAMERA_{name}": str(value) for name, value in constants.items()}
    done = subprocess.run(
        [str(tool), str(aspect), str(strong)],
        input=commands,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **swept},
    )
    lines = done.stdout.splitlines()
    answers, at = [], 0
    while at < len(lines):
        count = int(lines[at].split()[1])
        rows = np.array([line.split() for line in lines[at + 1 : at + 1 + count]], float)
        rows = rows.reshape(-1, 7)
        answers.append(Tracked(rows[:, 0].astype(int), rows[:, 1:5]))
        at += 1 + count
    return answers


def run_tracks(
    tool: Path, aspect: float, strong: float, looks: Sequence[Look], times: Sequence[float]
) -> list[Tracked]:
    """Follow the boxes with the core; answers those at each of the times."""
    return run_commands(tool, aspect, strong, commands_of(looks, times))


def run_reference(strong: float, looks: Sequence[Look], size: tuple[int, int]) -> list[Tracked]:
    """Follow the boxes with ByteTrack of the package ``trackers``; answers those of each look.

    It is told the times of the looks. Its other settings are its own, but for the thresholds of
    scores: a box that is strong here is strong there, and may begin a track.
    """
    import supervision
    from trackers import ByteTrackTracker

    step_s = float(np.median(np.diff([look.time_s for look in looks])))
    tracker = ByteTrackTracker(
        frame_rate=1 / step_s, track_activation_threshold=strong, high_conf_det_threshold=strong
    )
    scale = np.array([*size, *size], float)
    answers = []
    for look in looks:
        corners = np.concatenate([look.boxes[:, :2], look.boxes[:, :2] + look.boxes[:, 2:]], axis=1)
        found = supervision.Detections(xyxy=corners * scale, confidence=look.scores)
        known = tracker.update(found, timestamp=look.time_s)
        corners = known.xyxy / scale
        boxes = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
        kept = known.tracker_id >= 0
        answers.append(Tracked(known.tracker_id[kept], boxes[kept]))
    return answers
