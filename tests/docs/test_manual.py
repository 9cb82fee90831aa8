# SPDX-License-Identifier: MIT
"""The manual builds without a warning, and holds every name of the C and the Python interface."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pages import MANUAL, ROOT

import smartcrop

HEADERS = sorted((ROOT / "csrc" / "include" / "smartcrop").glob("*.h"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built manual."""
    for package in ("mkdocs", "material", "mkdocstrings"):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed: make docs brings it")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    command += ["--config-file", str(ROOT / "python" / "mkdocs.yml"), "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def text_of(page: Path) -> str:
    return re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))


def test_every_page_is_built(site: Path) -> None:
    assert {page.stem for page in MANUAL.glob("*.md")} <= {
        page.stem for page in site.glob("*.html")
    }


def test_the_c_page_declares_every_function_of_the_headers(site: Path) -> None:
    text = "".join(header.read_text() for header in HEADERS)
    functions = re.findall(r"^SMARTCROP_API [^;]*?(smartcrop_\w+)\(", text, re.M)
    assert len(functions) > 20
    page = text_of(site / "c.html")
    assert [name for name in functions if f"{name}(" not in page] == []
    assert "int main(int count, char **words)" in page


def test_the_python_page_has_every_public_name_with_its_docstring(site: Path) -> None:
    page = (site / "python.html").read_text(encoding="utf-8")
    listed = [name for name in smartcrop.__all__ if f'id="smartcrop.{name}"' not in page]
    # What is defined in a module that the page shows as a whole.
    shown = [name for name in listed if f'.{name}"' not in page]
    assert shown == []
    assert "Crop a video to another shape" in page
