# SPDX-License-Identifier: MIT
"""The script that writes what is generated from the table of options.

The table is ``csrc/include/smartcrop/options.def``, compiled into the installed package. From it
come ``smartcrop/_options.py`` and the tables between the markers ``<!-- options:begin -->`` and
``<!-- options:end -->`` of the pages; a page without markers is left alone::

    python .ci/generate_options.py            # write them
    python .ci/generate_options.py --check    # fail where they differ
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from smartcrop import _core
from smartcrop.options import ROWS, OptionRow

ROOT = Path(__file__).resolve().parents[1]

_TABLE = re.compile(r"(<!-- options:begin -->\n).*?(<!-- options:end -->)", re.DOTALL)
_TYPES = {"number": "float", "integer": "int", "bool": "bool"}
# What a keyword may be besides the type of the value.
_KEYWORD_TYPES = {
    "shape": "str | float | Fraction | tuple[int, int]",
    "size": "str | tuple[int, int]",
    "path": "str | os.PathLike[str]",
    "model": "str | os.PathLike[str]",
    "names": "str | Sequence[str]",
}
_PAGES = ("README.md", "python/docs/options.md", "ffmpeg_patch/README.md")
_SECTIONED = "python/docs/options.md"
_HEAD = '''# SPDX-License-Identifier: MIT
"""Generated from the table of options by ``.ci/generate_options.py``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypedDict
'''


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _annotation(row: OptionRow) -> str:
    return _literals(row.choices) if row.choices else _TYPES.get(row.kind, "str")


def _literals(names: Iterable[str]) -> str:
    return f"Literal[{', '.join(map(_quoted, names))}]"


def describe(row: OptionRow) -> str:
    """Write what an option does, with its range or choices."""
    notes = [note for note in (row.range, row.meanings) if note]
    if "live" in row.roles:
        notes.append("may change in mid-run")
    return row.help + (f" ({'; '.join(notes)})" if notes else "")


def python_source(rows: Sequence[OptionRow]) -> str:
    """Write ``_options.py``."""
    lines = [_HEAD, f"Strategy = {_literals(_core.strategy_names())}", ""]
    lines += ["", "@dataclass(frozen=True, kw_only=True, slots=True)", "class Options:"]
    lines += ['    """Every option with its value.', "", "    Attributes", "    ----------"]
    for row in rows:
        lines.append(f"    {row.name} : {_TYPES.get(row.kind, 'str')}")
        indent = " " * 8
        text = describe(row) + "."
        lines += textwrap.wrap(text, 99, initial_indent=indent, subsequent_indent=indent)
    lines += ['    """', ""]
    for row in rows:
        default = _quoted(row.default) if isinstance(row.default, str) else repr(row.default)
        lines.append(f"    {row.name}: {_annotation(row)} = {default}")
    for name, about, taken in (
        ("OptionKeywords", "Every option, as keywords of ``Cropper`` and ``reframe``.", rows),
        ("AnalyseKeywords", "What ``analyze`` takes.", _with_role(rows, "analyse")),
        ("SolveKeywords", "What ``solve`` takes.", _with_role(rows, "solve")),
        ("RenderKeywords", "What rendering a plan takes.", _with_role(rows, "render")),
    ):
        lines += ["", "", f"class {name}(TypedDict, total=False):", f'    """{about}"""', ""]
        for row in taken:
            lines.append(f"    {row.name}: {_KEYWORD_TYPES.get(row.kind, _annotation(row))}")
    return "\n".join(lines) + "\n"


def _with_role(rows: Sequence[OptionRow], role: str) -> list[OptionRow]:
    return [row for row in rows if role in row.roles]


def _default(row: OptionRow) -> str:
    return f"`{row.default_text}`" if row.default_text else ""


def short_table(rows: Sequence[OptionRow]) -> str:
    """Write the table of the README files."""
    lines = ["| option | default | what it does |", "|---|---|---|"]
    lines += [f"| `{row.name}` | {_default(row)} | {describe(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def sectioned_table(rows: Sequence[OptionRow]) -> str:
    """Write the tables of the manual's page, one for each section."""
    lines = []
    for title, section in groupby(rows, key=lambda row: row.section):
        lines += [f"## {title}", "", "| option | default | takes | used by | what it does |"]
        lines.append("|---|---|---|---|---|")
        for row in section:
            takes = row.range or " ".join(f"`{name}`" for name in row.choices) or row.kind
            takes = {"bool": "on or off", "model": "name or path"}.get(takes, takes)
            meanings = f" ({row.meanings})" if row.meanings else ""
            cells = (f"`{row.name}`", _default(row), takes, _used_by(row), row.help + meanings)
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def _used_by(row: OptionRow) -> str:
    names = {
        **{"analyse": "analysis", "solve": "solving", "render": "rendering"},
        **{"host": "runs that hold frames"},
    }
    used = [name for role, name in names.items() if role in row.roles]
    return ", ".join([*used, "live"] if "live" in row.roles else used)


def generated(root: Path) -> dict[Path, str]:
    """Give each generated file with the text that it should have."""
    files = {root / "python" / "smartcrop" / "_options.py": python_source(ROWS)}
    for name in _PAGES:
        path = root / name
        table = sectioned_table(ROWS) if name == _SECTIONED else short_table(ROWS)
        if path.is_file() and _TABLE.search(text := path.read_text(encoding="utf-8")):
            files[path] = _TABLE.sub(lambda found, table=table: found[1] + table + found[2], text)  # type: ignore[misc]
    return files


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the generated files; 1 where a check fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the source tree")
    chosen = parser.parse_args(arguments)
    stale = []
    for path, text in generated(chosen.root).items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path)
        if not chosen.check:
            path.write_text(text, encoding="utf-8")
    for path in stale:
        problem = "is stale; run: python .ci/generate_options.py" if chosen.check else "written"
        print(f"{path} {problem}", file=sys.stderr)
    return 1 if chosen.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
