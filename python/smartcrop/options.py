# SPDX-License-Identifier: MIT
"""The script that writes what is generated from the table of options.

The table is ``csrc/include/smartcrop/options.def``, compiled into the library. From it come
``_options.py`` and the tables between the markers ``<!-- options:begin -->`` and
``<!-- options:end -->`` of the README files::

    python -m smartcrop.options            # write them
    python -m smartcrop.options --check    # fail where they differ
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from . import _core

NUMBER, INTEGER, BOOL, STRING, CHOICE = range(5)
LIVE = 1

_TABLE = re.compile(r"(<!-- options:begin -->\n).*?(<!-- options:end -->)", re.DOTALL)
_TYPES = {NUMBER: "float", INTEGER: "int", BOOL: "bool", STRING: "str"}
# What a keyword may be besides text.
_KEYWORD_TYPES = {
    "aspect": "str | float | Fraction | tuple[int, int]",
    "size": "str | tuple[int, int]",
    "plan": "str | os.PathLike[str]",
    "model": "str | os.PathLike[str]",
}


def _value(row: _core.OptionEntry, text: str) -> object:
    if row["kind"] == BOOL:
        return text == "1"
    if row["kind"] == INTEGER:
        return int(text)
    return float(text) if row["kind"] == NUMBER else text


def _annotation(row: _core.OptionEntry) -> str:
    if row["kind"] == CHOICE:
        return f"Literal[{', '.join(_quoted(choice) for choice in row['choices'].split('|'))}]"
    return _TYPES[row["kind"]]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _literal(value: object) -> str:
    return _quoted(value) if isinstance(value, str) else repr(value)


def _describe(row: _core.OptionEntry) -> str:
    """Write what an option does, with its range and unit."""
    notes = []
    if row["kind"] in (NUMBER, INTEGER):
        notes.append(f"{row['minimum']:g} to {row['maximum']:g} {row['unit']}".strip())
    if row["kind"] == CHOICE:
        notes.append(row["choices"].replace("|", ", "))
    if row["flags"] & LIVE:
        notes.append("live")
    return row["help"] + (f" ({'; '.join(notes)})" if notes else "")


def python_source(rows: Sequence[_core.OptionEntry]) -> str:
    """Write ``_options.py``."""
    lines = [
        "# SPDX-License-Identifier: MIT",
        '"""Generated from the table of options by ``python -m smartcrop.options``."""',
        "",
        "from __future__ import annotations",
        "",
        "import os",
        "from dataclasses import dataclass",
        "from fractions import Fraction",
        "from typing import Literal, NamedTuple, TypedDict",
        "",
        "",
        "class OptionRow(NamedTuple):",
        '    """One option."""',
        "",
        "    name: str",
        "    kind: Literal[" + ", ".join(f'"{kind}"' for kind in _KINDS) + "]",
        "    default: str | float | bool",
        "    choices: tuple[str, ...]",
        "    live: bool",
        "    help: str",
        "",
        "",
        "ROWS = (",
    ]
    for row in rows:
        choices = [choice for choice in row["choices"].split("|") if choice]
        listed = ", ".join(_quoted(choice) for choice in choices)
        lines += [
            "    OptionRow(",
            f"        {_quoted(row['name'])},",
            f'        "{_KINDS[row["kind"]]}",',
            f"        {_literal(_value(row, row['default']))},",
            f"        ({listed}{',' if len(choices) == 1 else ''}),",
            f"        {bool(row['flags'] & LIVE)},",
            f"        {_quoted(_describe(row))},",
            "    ),",
        ]
    lines += [")", "", "", "@dataclass(frozen=True, kw_only=True, slots=True)", "class Options:"]
    lines += ['    """Every option with its value.', "", "    Attributes", "    ----------"]
    for row in rows:
        lines.append(f"    {row['name']} : {_TYPES.get(row['kind'], 'str')}")
        lines += textwrap.wrap(
            _describe(row) + ".", 99, initial_indent=" " * 8, subsequent_indent=" " * 8
        )
    lines += ['    """', ""]
    for row in rows:
        default = _literal(_value(row, row["default"]))
        lines.append(f"    {row['name']}: {_annotation(row)} = {default}")
    lines += ["", "", "class OptionKeywords(TypedDict, total=False):"]
    lines += ['    """The options as keywords of ``Cropper``, ``reframe`` and ``analyze``."""', ""]
    for row in rows:
        lines.append(f"    {row['name']}: {_KEYWORD_TYPES.get(row['name'], _annotation(row))}")
    return "\n".join(lines) + "\n"


_KINDS = ("number", "integer", "bool", "string", "choice")


def markdown_table(rows: Sequence[_core.OptionEntry]) -> str:
    """Write the table of the README files."""
    lines = ["| option | default | what it does |", "|---|---|---|"]
    for row in rows:
        default = f"`{row['default']}`" if row["default"] else "empty"
        lines.append(f"| `{row['name']}` | {default} | {_describe(row)} |")
    return "\n".join(lines) + "\n"


def generated(root: Path) -> dict[Path, str]:
    """Give each generated file with the text that it should have."""
    rows = _core.option_rows()
    table = markdown_table(rows)
    files = {root / "python" / "smartcrop" / "_options.py": python_source(rows)}
    for path in (root / "README.md", root / "ffmpeg_patch" / "README.md"):
        if path.is_file() and _TABLE.search(text := path.read_text(encoding="utf-8")):
            files[path] = _TABLE.sub(lambda found: found[1] + table + found[2], text)
    return files


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the generated files; 1 where a check fails."""
    parser = argparse.ArgumentParser(prog="python -m smartcrop.options")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--root", type=Path, default=Path(), help="folder of the source tree")
    chosen = parser.parse_args(arguments)
    stale = []
    for path, text in generated(chosen.root).items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path)
        if not chosen.check:
            path.write_text(text, encoding="utf-8")
    for path in stale:
        problem = "is stale; run: python -m smartcrop.options" if chosen.check else "written"
        print(f"{path} {problem}", file=sys.stderr)
    return 1 if chosen.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
