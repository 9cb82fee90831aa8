# SPDX-License-Identifier: MIT
"""What HACKING.md says of the code's order is so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import ROOT

CORE = ROOT / "csrc"
SOURCES = [path for path in CORE.rglob("*") if path.suffix in (".cc", ".h")]
PACKAGE = ROOT / "python" / "smartcrop"
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def code_of(path: Path) -> str:
    """Return a file without comments and without what is in quotes, but for its includes."""
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    return re.sub(r'(?<!#include )"(?:\\.|[^"\\\n])*"', '""', text)


def files_with(pattern: str) -> set[str]:
    found = (path for path in SOURCES if re.search(pattern, code_of(path)))
    return {path.relative_to(CORE).as_posix() for path in found}


def test_no_stage_includes_a_later_one() -> None:
    for path in SOURCES:
        own = re.match(r"stage(\d)", path.relative_to(CORE).parts[0])
        for later in re.findall(r'#include "stage(\d)_', code_of(path)):
            assert own is None or later <= own[1], path


def test_only_the_files_called_onnx_use_onnx_runtime() -> None:
    users = files_with(r"\bOrt[A-Z]\w*|\bort_runtime\b|#include <onnxruntime")
    assert users, "nothing does"
    assert all(re.search(r"_onnx\.(cc|h)$", path) for path in users), users


def test_only_the_door_of_the_library_is_extern_c() -> None:
    doors = files_with(r'extern ""')  # code_of() empties what is in quotes
    doors -= {"inference/model_source.cc"}  # the bytes that builtin_models.S holds
    assert all(re.match(r"capi\w*\.cc$|capi/|include/", path) for path in doors), doors


@pytest.mark.parametrize(
    "word", [r"std::cerr", r"std::cout", r"\bprintf\(", r"\babort\(", r"\bexit\("]
)
def test_the_core_never_prints_and_never_aborts(word: str) -> None:
    assert not files_with(word)


def imports(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports when it runs, not those for type checkers alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def test_only_the_folder_video_imports_pyav() -> None:
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(name.split(".")[0] == "av" for name in imports(path))
    }
    assert users, "nothing does"
    assert all(path.startswith("video/") for path in users), users
