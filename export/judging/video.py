# SPDX-License-Identifier: MIT
"""Table of the whole pipeline on labelled clips: ``smartcrop.analyze`` with each model."""

from __future__ import annotations

import multiprocessing
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from export.judging.fixated import choose
from export.judging.maps import Array
from export.judging.table import Table, watched
from export.judging.windows import SETS, find_clips, measure

COLUMNS = {"IoU": 3, "gain %": 1, "kept": 3, "still": 3, "turns": 2, "p99": 3}
GAZE_COLUMNS = {"gaze kept": 3, "still": 3, "turns": 2, "p99": 3}
Clips = dict[str, list[Path]]


def labelled_clips(root: Path, split: str) -> tuple[Clips, list[str]]:
    """Clips of each set, and the sets of which no split list knows any, which are used whole."""
    clips: Clips = {}
    whole = []
    for name in SETS:
        found = find_clips(root, name)
        items, by_list = choose([f"{name}/{path.stem}" for path in found], "subjects", split)
        clips[name] = [path for path in found if f"{name}/{path.stem}" in items]
        if found and not by_list:
            whole.append(name)
    return clips, whole


def judge_clips(clips: Sequence[Path], models: Mapping[str, str], jobs: int) -> dict[str, Array]:
    """Rows ``centre crop``, ``best fixed window`` and one for each model; (clips, 5) each."""
    rows: dict[str, list[list[float]]] = {"centre crop": [], "best fixed window": []}
    # A process that was forked from one in which ONNX Runtime works may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        for label, model in models.items():
            options = {"aspect": "9:16", "model": model}
            futures = [pool.submit(measure, clip, options) for clip in clips]
            answers = [each.result() for each in watched(futures, label, len(futures))]
            rows["centre crop"] = [each["centre"] for each in answers]
            rows["best fixed window"] = [each["fixed"] for each in answers]
            rows[label] = [each["smartcrop"] for each in answers]
    return {label: np.array(each) for label, each in rows.items()}


def subject_table(title: str, rows: Mapping[str, Array]) -> Table:
    """Means over clips with a subject; the gain is that of the IoU over the centre crop."""
    table = Table(title, COLUMNS)
    base = _means(rows["centre crop"])[0]
    for label, each in rows.items():
        iou, kept, *motion = _means(each)
        table.rows[label] = [iou, 100 * (iou / base - 1), kept, *motion]
    return table


def gaze_table(title: str, rows: Mapping[str, Array]) -> Table:
    """Means over clips with gaze."""
    table = Table(title, GAZE_COLUMNS)
    for label, each in rows.items():
        table.rows[label] = _means(each)[1:]
    return table


def video_tables(root: Path, split: str, models: Mapping[str, str], jobs: int) -> list[Table]:
    """A table for each set and one for all clips with a subject."""
    clips, whole = labelled_clips(root, split)
    tables, together = [], []
    for name in (name for name in SETS if clips[name]):
        rows = judge_clips(clips[name], models, jobs)
        count = f"{len(clips[name])} clips"
        which = "all of them" if name in whole else f"list: {split}"
        if name == "gaze_video":
            tables.append(gaze_table(f"pipeline, {name} ({count}, {which})", rows))
            continue
        tables.append(subject_table(f"pipeline, {name} ({count}, {which})", rows))
        together.append(rows)
    if len(together) > 1:
        joined = {key: np.concatenate([rows[key] for rows in together]) for key in together[0]}
        total = len(joined["centre crop"])
        tables.append(subject_table(f"pipeline, tracking + masks ({total} clips)", joined))
    return tables


def _means(rows: Array) -> list[float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a column without a number is NaN
        return [float(value) for value in np.nanmean(rows, 0)]
