# SPDX-License-Identifier: MIT
"""``python -m export.to_onnx``: one line, whatever comes of it."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest
from conftest import Trail

from export.heatmap import Heatmap
from export.writing.command import main


def test_the_command_writes_a_checkpoint_and_prints_one_line(
    trail: Trail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    tasks = types.SimpleNamespace(load_checkpoint=lambda path: trail.eval())
    monkeypatch.setitem(sys.modules, "export.tasks", tasks)
    monkeypatch.setenv("SMARTCROP_DATA", str(tmp_path))
    checkpoint, path = tmp_path / "last.ckpt", tmp_path / "net.onnx"
    checkpoint.write_bytes(b"stands for one")
    command = [str(checkpoint), "-o", str(path), "--count", "3", "--trained-on", "discs"]
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert out.count("\n") == 1 and "half weights" in out and "3 frames" in out
    assert "made-up pictures" in err
    properties = Heatmap(path).session.get_modelmeta().custom_metadata_map
    assert properties["smartcrop.trained_on"] == "discs"
    assert "smartcrop.licence" not in properties


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give a checkpoint, or --onnx"),
        (["missing.ckpt"], "missing.ckpt: no such file"),
        (["missing.ckpt", "--width", "320"], "--width goes with --onnx"),
        ([__file__], "not a checkpoint of export.train"),
        (["missing.ckpt", "--onnx", "net.onnx"], "give a checkpoint, or --onnx"),
    ],
)
def test_a_bad_command_is_one_line_and_writes_nothing(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main([*arguments, "-o", str(tmp_path / "net.onnx")]) == 1
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1
    assert not list(tmp_path.iterdir())
