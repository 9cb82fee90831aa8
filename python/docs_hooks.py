# SPDX-License-Identifier: MIT
"""Puts the C headers into the manual, section by section, while mkdocs builds it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

INCLUDE = Path(__file__).resolve().parents[1] / "csrc" / "include" / "smartcrop"
HEADERS = ("smartcrop.h", "clip_motion.h")
MARKER = "<!-- header -->"
_SECTION = re.compile(r"^/\* ---- (.+?) -+ \*/$", re.MULTILINE)
_END = "#ifdef __cplusplus\n}"


def sections(header: str) -> list[tuple[str, str]]:
    """Return each section of the header, as its title and its declarations."""
    parts = _SECTION.split(header.rpartition(_END)[0])
    return [(title, code.strip()) for title, code in zip(parts[1::2], parts[2::2], strict=True)]


def contract(header: str) -> str:
    """Return the comment at the top of the header, the sample and the rules, as text."""
    comment = header[header.index("/*") : header.index("*/")]
    lines = [re.sub(r"^ \* ?", "", line) for line in comment.splitlines()[1:]]
    text = "\n".join(lines).strip()
    return re.sub(r"((?:^ {4}.*\n|^\n)+)", _fenced, text, flags=re.MULTILINE)


def _fenced(found: re.Match[str]) -> str:
    block = found[1].strip("\n")
    if not block:
        return found[1]
    code = re.sub(r"^ {4}", "", block, flags=re.MULTILINE)
    return f"\n```c\n{code}\n```\n\n"


def reference(header: str, *others: str) -> str:
    """Return the whole header as a page, and the sections of others after it."""
    parts = [contract(header)]
    for title, code in (each for text in (header, *others) for each in sections(text)):
        visible = code.replace("SMARTCROP_API ", "")
        parts.append(f"## {title.capitalize()}\n\n```c\n{visible}\n```")
    return "\n\n".join(parts)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Fill in the headers where a page asks for them."""
    if MARKER not in markdown:
        return markdown
    texts = [(INCLUDE / name).read_text(encoding="utf-8") for name in HEADERS]
    return markdown.replace(MARKER, reference(*texts))
