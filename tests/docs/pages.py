# SPDX-License-Identifier: MIT
"""The pages that people read: their text, links, headings and code samples."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MANUAL = ROOT / "python" / "docs"
_FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Return every page: those beside the code, and the manual."""
    folders = (ROOT, ROOT / "export", ROOT / "export" / "action", ROOT / "export" / "weights")
    found = [path for folder in folders for path in folder.glob("*.md")]
    return sorted([*found, ROOT / "ffmpeg_patch" / "README.md", *MANUAL.rglob("*.md")])


def name_of(path: Path) -> str:
    """Return a page's path from the top of the sources."""
    return str(path.relative_to(ROOT))


@dataclass(frozen=True)
class Sample:
    """A block of code on a page."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{name_of(self.page)}:{self.line}"


def samples(page: Path, *languages: str) -> list[Sample]:
    """Return the blocks of code of a page in these languages."""
    text = page.read_text(encoding="utf-8")
    found = []
    for each in _FENCE.finditer(text):
        indent, language, code = each.groups()
        if language in languages:
            line = text.count("\n", 0, each.start()) + 1
            code = re.sub(rf"^{indent}", "", code, flags=re.MULTILINE)
            found.append(Sample(page, line, language, code))
    return found


def without_code(text: str) -> str:
    """Return a page's prose: without blocks of code, and without code within lines."""
    text = _FENCE.sub("", text)
    text = re.sub(r"^(?: {4}|\t).*$", "", text, flags=re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "", text)


def installed_core(prefix: Path) -> Path:
    """Install the library, its header and its pkg-config file as a package of it would."""
    # One with sanitizers asks more of a program than users link.
    built = [path.parent for path in ROOT.glob("build/*/libsmartcrop.so")]
    built = [folder for folder in built if folder.name != "sanitize"]
    if not built or shutil.which("cmake") is None:
        pytest.skip("no libsmartcrop.so in build/: cmake -S . -B build/release, and build it")
    newest = max(built, key=lambda folder: (folder / "libsmartcrop.so").stat().st_mtime)
    command = ["cmake", "--install", str(newest), "--component", "core", "--prefix", str(prefix)]
    subprocess.run(command, check=True, capture_output=True)
    return prefix
