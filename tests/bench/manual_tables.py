# SPDX-License-Identifier: MIT
"""Writes the tables of the benchmarks, in the manual and in README.md, from recorded results.

    python -m tests.bench.manual_tables            # write the tables
    python -m tests.bench.manual_tables --check    # fail where a page differs
    python -m tests.bench.quality DATA --clips --list export/data/splits/subjects_test.txt |
        python -m tests.bench.manual_tables --record framing smartcrop      # then write the tables
    python -m tests.bench.speed_clips CLIP ... | python -m tests.bench.manual_tables --record cost
    python -m tests.bench.cuts DATA --only ... | python -m tests.bench.manual_tables --record cuts

``python/docs/benchmarks.json`` holds the results: ``framing`` and ``gaze`` by clip, set of options
and column, ``cost`` by clip, ``cuts`` by set and detector, and ``tables`` that other programs of
``tests/bench`` printed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import mean, median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "python" / "docs" / "benchmarks.json"
PAGES = (ROOT / "README.md", ROOT / "python" / "docs" / "benchmarks.md")
HELD_OUT = ROOT / "export" / "data" / "splits" / "subjects_test.txt"
_TABLE = re.compile(
    r"(<!-- table:([a-z_]+) -->\n).*?(<!-- table:end -->)", re.MULTILINE | re.DOTALL
)
_COLUMNS = ("IoU", "kept", "still", "turns", "p99")
_OPTIONS_FOR = {
    "networks": ("model=none", "model=center", "smartcrop"),
    "motion": ("motion=none", "motion=codec", "motion=proxy", "smartcrop"),
    "lookahead": ("lookahead=0", "lookahead=0.5", "lookahead=1.5", "smartcrop", "smoother=ema"),
}
# What a set of options is called on a page, where that is not its own name.
_NAMES = {
    "centre": "centre crop",
    "fixed": "best fixed window",
    "smartcrop": "the defaults",
    "lookahead=1.5": "`lookahead=1.5`, one pass",
    "smoother=ema": "whole shots, `smoother=ema`",
}
_COST = {
    "filter/middle": "`-vf smartcrop`, CPU, beside a crop of the middle",
    "filter/same": "the same, beside a crop of the same windows",
    "one pass/middle": "`reframe --one-pass`, CPU, beside a crop of the middle",
    "reframe/middle": "`reframe`, CPU, beside a crop of the middle",
    "filter/middle wall": "`-vf smartcrop`, time, beside a crop of the middle",
    "reframe/middle wall": "`reframe`, time, beside a crop of the middle",
}

# How the names of detectors begin that cuts.py prints, and what they are called on a page.
_DETECTORS = {
    "smartcrop, 1.5 s": "smartcrop",
    "smartcrop, live": "the same without look-ahead",
    "AdaptiveDetector": "AdaptiveDetector",
    "ContentDetector": "ContentDetector",
    "scdet": "scdet",
}

Results = dict[str, Any]
Clips = dict[str, dict[str, list[float | None]]]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Write a table."""
    lines = [tuple(head), *(tuple(row) for row in rows)]
    lines.insert(1, ("---",) * len(lines[0]))
    return "".join(f"| {' | '.join(line)} |\n".replace("|  |", "| |") for line in lines)


def share(value: float | None) -> str:
    """Write a share as pages do: .687."""
    return "" if value is None else f"{value:.3f}".replace("0.", ".", 1)


def named(way: str, default: str = "the defaults") -> str:
    """Write what a set of options is called."""
    return default if way == "smartcrop" else _NAMES.get(way, f"`{way}`")


def averages(clips: Clips, way: str, names: Iterable[str] | None = None) -> list[float]:
    """Give the mean of each column over the clips, which count alike."""
    chosen = [clips[name][way] for name in names or clips]
    columns = ([value for value in each if value is not None] for each in zip(*chosen, strict=True))
    return [mean(values) if values else float("nan") for values in columns]


def sets_of(clips: Clips) -> dict[str, list[str]]:
    """Give the held-out clips of each set, as the list names them."""
    sets: dict[str, list[str]] = {}
    for line in HELD_OUT.read_text(encoding="utf-8").split():
        name, _, clip = line.partition("/")
        if clip in clips:
            sets.setdefault(name, []).append(clip)
    missing = set(clips) - {clip for names in sets.values() for clip in names}
    if missing:
        raise SystemExit(f"{HELD_OUT.name} does not name {', '.join(sorted(missing))}")
    return sets


def short_framing(results: Results) -> str:
    """Write the table of README.md."""
    clips: Clips = results["framing"]
    ways = {
        "centre crop": "centre",
        "smartcrop": "smartcrop",
        "smartcrop, `model=none`": "model=none",
        "best fixed window": "fixed",
    }
    rows = [(name, *map(share, averages(clips, way)[:2])) for name, way in ways.items()]
    return table(("", "overlap with the ideal window (IoU)", "share of the subject kept"), rows)


def worse_in_words(results: Results) -> str:
    """Write on which clips the centre crop is better."""
    clips: Clips = results["framing"]
    worse = [
        name for name, of in clips.items() if (of["smartcrop"][0] or 0) < (of["centre"][0] or 0)
    ]
    listed = ", ".join(f"`{name}`" for name in worse) or "none"
    return (
        f"On {len(worse)} of the {len(clips)} clips it is worse than the centre crop: {listed}.\n"
    )


def by_set(results: Results) -> str:
    """Write the framing of each set of held-out clips."""
    rows = []
    for name, clips in sets_of(results["framing"]).items():
        for way in ("centre", "smartcrop", "fixed"):
            iou, kept, still, turns, _ = averages(results["framing"], way, clips)
            moves = (share(still), f"{turns:.1f}") if way == "smartcrop" else ("", "")
            count = f"`{name}` ({len(clips)} clips)"
            rows.append((count, named(way, "smartcrop"), share(iou), share(kept), *moves))
    return table(("set", "window", "IoU", "kept", "still", "reversals in 100 frames"), rows)


def by_clip(results: Results) -> str:
    """Write the IoU of each held-out clip."""
    clips: Clips = results["framing"]
    ways = ("centre", "smartcrop", "fixed")
    rows = [
        (f"`{name}`", *(share(ways_of[way][0]) for way in ways)) for name, ways_of in clips.items()
    ]
    return table(("IoU", *(named(way, "smartcrop") for way in ways)), rows)


def with_options(kind: str) -> Callable[[Results], str]:
    """Give what writes the framing under some options."""

    def written(results: Results) -> str:
        rows = []
        for way in ("centre", *_OPTIONS_FOR[kind], "fixed"):
            iou, kept, still, turns, _ = averages(results["framing"], way)
            moves = ("", "") if way in ("centre", "fixed") else (share(still), f"{turns:.1f}")
            rows.append((named(way), share(iou), share(kept), *moves))
        return table(("", "IoU", "kept", "still", "reversals in 100 frames"), rows)

    return written


def gaze(results: Results) -> str:
    """Write how much of the viewers' gaze is kept."""
    ways = ("centre", "model=none", "model=center", "smartcrop", "fixed")
    rows = [(named(way), share(averages(results["gaze"], way)[1])) for way in ways]
    return table(("", "gaze kept"), rows)


def cost(results: Results) -> str:
    """Write the cost as ranges over the clips."""
    clips: dict[str, dict[str, float]] = results["cost"]
    rows = []
    for key, name in _COST.items():
        values = [clip[key] for clip in clips.values() if key in clip]
        if values:
            rows.append((name, *(f"{of(values):.2f}" for of in (min, median, max))))
    counted = f"{len(clips)} clip{'s' if len(clips) > 1 else ''}"
    return table((counted, "lowest", "median", "highest"), rows)


def cost_in_words(results: Results) -> str:
    """Write the cost as sentences, for README.md."""
    clips: dict[str, dict[str, float]] = results["cost"]

    def span(key: str) -> str:
        values = [clip[key] for clip in clips.values() if key in clip]
        low, high = (f"{of(values):.2f}" for of in (min, max))
        return low if low == high else f"{low} to {high}"

    names = f"{len(clips)} clips" if len(clips) > 1 else f"`{next(iter(clips))}`"
    lines = [
        f"On {names}, with x264 veryfast behind it, the filter takes {span('filter/middle')} times",
        "the CPU time of a crop of the middle. Beside a crop of the very same windows it is",
        f"{span('filter/same')} times, since a window that moves is harder to encode.",
    ]
    key = "reframe/middle wall"
    if any(key in clip for clip in clips.values()):
        lines.append(
            f"`smartcrop reframe` takes {span(key)} times as long as a crop of the middle."
        )
    return "\n".join(lines) + "\n"


def cuts(results: Results) -> str:
    """Write F1 and false cuts of each detector on each set; of settings the best by F1."""
    rows = []
    for name, detectors in results["cuts"].items():
        row = [f"`{name.removesuffix('-test')}`"]
        for start in _DETECTORS:
            settings = [of for title, of in detectors.items() if title.startswith(start)]
            f1, false = max(settings, key=lambda of: (of[0], -of[1]))
            row.append(f"{share(f1) if f1 < 1 else '1.000'} ({false:.1f})")
        rows.append(tuple(row))
    return table(("F1 (false cuts in 1000 frames)", *_DETECTORS.values()), rows)


def as_recorded(kind: str) -> Callable[[Results], str]:
    """Give what writes a table that is recorded as it is."""

    def written(results: Results) -> str:
        recorded = results["tables"][kind]
        return table(recorded["columns"], recorded["rows"])

    return written


WRITERS: dict[str, Callable[[Results], str]] = {
    "short_framing": short_framing,
    "worse_in_words": worse_in_words,
    "by_set": by_set,
    "by_clip": by_clip,
    "networks": with_options("networks"),
    "motion": with_options("motion"),
    "lookahead": with_options("lookahead"),
    "gaze": gaze,
    "cost": cost,
    "cost_in_words": cost_in_words,
    "cuts": cuts,
    "people": as_recorded("people"),
    "motion_box": as_recorded("motion_box"),
}


def rendered(text: str, results: Results) -> str:
    """Fill in the tables of a page."""
    return _TABLE.sub(lambda found: found[1] + WRITERS[found[2]](results) + found[3], text)


def read_quality(lines: Iterable[str], way: str, into: Clips) -> None:
    """Read what quality.py --clips prints; its own row is recorded under the name given."""
    clip = ""
    for line in lines:
        words = line.split()
        if words[-len(_COLUMNS) :] == list(_COLUMNS):
            clip = "" if "mean)" in line else words[0]
        elif clip and words:
            values = [None if word == "-" else float(word) for word in words[1:]]
            name = way if words[0] == "smartcrop" else words[0]
            into.setdefault(clip, {})[name] = values


def read_cost(lines: Iterable[str]) -> dict[str, dict[str, float]]:
    """Read what speed_clips.py prints."""
    titles: list[str] = []
    clips = {}
    for line in lines:
        name, *words = re.split(r" {2,}", line.strip())
        if name.startswith("ratios"):
            titles = words
        elif titles and len(words) == len(titles) and name not in ("lowest", "median", "highest"):
            clips[name] = dict(zip(titles, map(float, words), strict=True))
    return clips


def read_cuts(lines: Iterable[str]) -> dict[str, dict[str, tuple[float, float]]]:
    """Read what cuts.py prints: F1 and false cuts in 1000 frames, by set and detector."""
    sets: dict[str, dict[str, tuple[float, float]]] = {}
    for line in lines:
        if head := re.match(r"([\w-]+) \(\d+ clips\)", line):
            sets[head[1]] = {}
        elif sets and (row := re.match(r"(\S.*?) {2,}(\S.*)", line)):
            numbers = row[2].split()
            sets[list(sets)[-1]][row[1]] = float(numbers[6]), float(numbers[2])
    return sets


def record(kind: str, way: str, lines: list[str]) -> None:
    """Put what a program of tests/bench printed into the results."""
    results = json.loads(DATA.read_text(encoding="utf-8"))
    if kind == "cost":
        results["cost"] = read_cost(lines) or results["cost"]
    elif kind == "cuts":
        results["cuts"] = read_cuts(lines) or results["cuts"]
    else:
        read_quality(lines, way, results[kind])
    text = json.dumps(results, indent=1)
    text = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda at: f"[{' '.join(at[1].split())}]", text)
    DATA.write_text(text + "\n", encoding="utf-8")


def main() -> int:
    """Write or check the tables, or record a result; 1 where a check fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument(
        "--record",
        nargs="+",
        metavar=("KIND", "OPTIONS"),
        help="read results from standard input: framing or gaze with the name of a row; cost; cuts",
    )
    chosen = parser.parse_args()
    if chosen.record:
        kind, way = (*chosen.record, "smartcrop")[:2]
        if kind not in ("framing", "gaze", "cost", "cuts"):
            parser.error(f"--record {kind}: it is framing, gaze, cost or cuts")
        record(kind, way, sys.stdin.readlines())
        return 0
    results = json.loads(DATA.read_text(encoding="utf-8"))
    stale = False
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        fresh = rendered(text, results)
        if fresh == text:
            continue
        stale = True
        if not chosen.check:
            page.write_text(fresh, encoding="utf-8")
        remedy = "is stale; run: python -m tests.bench.manual_tables"
        problem = remedy if chosen.check else "written"
        print(f"{page.relative_to(ROOT)} {problem}", file=sys.stderr)
    return 1 if chosen.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
