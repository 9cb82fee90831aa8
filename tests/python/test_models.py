# SPDX-License-Identifier: MIT
"""The built-in models on the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import smartcrop

Maker = Callable[..., Path]


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "smartcrop", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )


def test_a_plan_says_which_model_led(clip: Maker, tmp_path: Path) -> None:
    plan, source = tmp_path / "a.plan", clip()
    for flags, model in (([], "saliency"), (["--model", "center"], "center")):
        done = run("analyze", source, "-o", plan, *flags)
        assert (done.returncode, done.stdout) == (0, "")
        assert smartcrop.Plan.load(plan).options["model"] == model


def test_a_missing_runtime_is_one_line_and_the_plan_that_none_gives(
    clip: Maker, tmp_path: Path
) -> None:
    source = clip(frames=40)
    done = run("analyze", source, SMARTCROP_ONNXRUNTIME=str(tmp_path))
    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("smartcrop: warning: model=saliency is left out")
    plain = run("analyze", source, "--model", "none", SMARTCROP_ONNXRUNTIME=str(tmp_path))
    assert plain.stderr == ""
    assert done.stdout.splitlines()[1:] == plain.stdout.splitlines()[1:], "all but the options"


def test_a_missing_runtime_is_an_error_where_strict(clip: Maker, tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    done = run("reframe", clip(), output, "--strict", SMARTCROP_ONNXRUNTIME=str(tmp_path))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "no ONNX Runtime" in done.stderr
    assert not output.exists()


def test_an_unknown_name_is_told_which_there_are(clip: Maker, tmp_path: Path) -> None:
    done = run("reframe", clip(), tmp_path / "out.mp4", "--model", "foo")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "model foo: there is no such file" in done.stderr
    assert "saliency, center" in done.stderr


def test_info_names_the_built_in_models() -> None:
    lines = run("info").stdout.splitlines()
    assert next(line for line in lines if line.startswith("models")).split(maxsplit=1)[1] == (
        "saliency, center, subjects, tracker (built in)"
    )
