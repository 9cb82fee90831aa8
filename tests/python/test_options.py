# SPDX-License-Identifier: MIT
from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from conftest import ROOT

from smartcrop import Options, _core
from smartcrop._options import ROWS
from smartcrop.options import generated, main, markdown_table


def test_generated_files_are_those_of_the_table() -> None:
    assert main(["--check", "--root", str(ROOT)]) == 0


def test_a_stale_file_fails_the_check_and_is_written_anew(tmp_path: Path) -> None:
    package = tmp_path / "python" / "smartcrop"
    package.mkdir(parents=True)
    readme = tmp_path / "README.md"
    readme.write_text("Before\n<!-- options:begin -->\nold\n<!-- options:end -->\nAfter\n")
    assert main(["--check", "--root", str(tmp_path)]) == 1
    assert main(["--root", str(tmp_path)]) == 0
    assert main(["--check", "--root", str(tmp_path)]) == 0
    text = readme.read_text()
    assert text.startswith("Before\n<!-- options:begin -->\n| option")
    assert text.endswith("<!-- options:end -->\nAfter\n")
    assert markdown_table(_core.option_rows()) in text
    assert set(generated(tmp_path)) == {package / "_options.py", readme}


def test_the_dataclass_has_the_names_and_defaults_of_the_library() -> None:
    core = _core.Options([])
    assert [field.name for field in fields(Options)] == [row.name for row in ROWS]
    for field in fields(Options):
        text = core.get(field.name)
        if isinstance(field.default, bool):
            assert text == str(int(field.default))
        elif isinstance(field.default, (int, float)):
            assert float(text) == pytest.approx(field.default)
        else:
            assert text == field.default
