# SPDX-License-Identifier: MIT
"""Tables of numbers as text and as JSON, and progress where somebody watches."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import track

ItemT = TypeVar("ItemT")


@dataclass
class Table:
    """Rows of numbers under a title; NaN where there is nothing to say.

    ``columns`` maps a heading to its number of decimals.
    """

    title: str
    columns: dict[str, int]
    rows: dict[str, list[float]] = field(default_factory=dict)

    def __str__(self) -> str:
        heads = list(self.columns)
        lines = [["", *heads]]
        for label, row in self.rows.items():
            pairs = zip(row, self.columns.values(), strict=True)
            lines.append([label, *("-" if math.isnan(v) else f"{v:.{d}f}" for v, d in pairs)])
        widths = [max(len(line[i]) for line in lines) for i in range(len(heads) + 1)]
        text = [
            "  ".join(
                cell.ljust(width) if i == 0 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.title, *(f"  {line}" for line in text)])

    def as_json(self) -> dict[str, Any]:
        """Give the table as plain values; None for NaN."""
        return {
            "title": self.title,
            "columns": list(self.columns),
            "rows": {
                label: [None if math.isnan(v) else float(v) for v in row]
                for label, row in self.rows.items()
            },
        }


def watched(items: Iterable[ItemT], label: str, total: int) -> Iterator[ItemT]:
    """Go through items with a bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    yield from track(items, label, total, console=Console(stderr=True), transient=True)
