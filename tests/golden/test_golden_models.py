# SPDX-License-Identifier: MIT
"""The option ``model`` in every host: what it takes, and what it does without ONNX Runtime."""

from __future__ import annotations

import logging
from itertools import combinations
from pathlib import Path

import pytest
from hosts import (
    FRAMES,
    HEIGHT,
    PROGRAMS,
    ROOT,
    WIDTH,
    by_cpp,
    by_filter,
    by_python,
    name_of,
    run_cpp,
    run_filter,
)

pytest_plugins = ["shared_fixtures"]
NAMES = ["none", "saliency", "center"]


@pytest.fixture
def no_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Hide every ONNX Runtime behind an empty folder."""
    folder = tmp_path / "no runtime here"
    folder.mkdir()
    monkeypatch.setenv("SMARTCROP_ONNXRUNTIME", str(folder))
    return folder


def only_line(text: str) -> str:
    """Return what was said, which is one line."""
    lines = text.splitlines()
    assert len(lines) == 1, text
    return lines[0]


def in_filter(text: str) -> list[str]:
    """Return the lines that the filter wrote."""
    return [line for line in text.splitlines() if "smartcrop" in line.partition("]")[0]]


def test_models_give_plans_of_their_own(clip: Path, runtime: str) -> None:
    import smartcrop

    plans = {}
    for name in NAMES:
        frames = smartcrop.analyze(clip, model=name).frames
        assert len(frames) == FRAMES
        for frame in frames:
            assert 0 <= frame.x <= WIDTH - frame.width
            assert 0 <= frame.y <= HEIGHT - frame.height
            assert 0 <= frame.confidence <= 1
        plans[name] = [(frame.x, frame.confidence) for frame in frames]
    for one, other in combinations(NAMES, 2):
        assert plans[one] != plans[other], f"{one} and {other}"


def test_a_file_gives_the_plan_of_the_model_that_it_is(
    raw: bytes, runtime: str, tmp_path: Path
) -> None:
    # Under another name, so that it is a file and nothing else.
    path = tmp_path / "mine.onnx"
    path.write_bytes((ROOT / "export" / "weights" / "center.onnx").read_bytes())
    stale = "the weights in export/weights are not those in the library: build it again"
    assert by_cpp(raw, {"model": str(path)}) == by_cpp(raw, {"model": "center"}), stale


def test_a_path_that_has_the_name_of_a_model_is_a_file(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    smartcrop = pytest.importorskip("smartcrop")
    monkeypatch.chdir(tmp_path)
    Path("saliency").write_bytes(b"")
    for name in (Path("saliency"), "./saliency"):
        with pytest.raises(smartcrop.Error, match=r"model \./saliency: the file is empty"):
            smartcrop.analyze(clip, model=name)


@pytest.mark.parametrize("model", ["saliency", "center"])
def test_without_a_runtime_cpp_warns_once_and_goes_on(
    raw: bytes, no_runtime: Path, model: str
) -> None:
    done = run_cpp(raw, {"model": model})
    assert done.returncode == 0
    line = only_line(done.stderr)
    for part in (f"model={model}", str(no_runtime), "onnxruntime", "model=none", "strict=1"):
        assert part in line
    assert done.stdout == by_cpp(raw, {"model": "none"})


def test_without_a_runtime_python_warns_once_and_goes_on(
    clip: Path, no_runtime: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "smartcrop"):
        windows = by_python(clip, {})
    line = only_line(caplog.text)
    assert "model=saliency" in line
    assert str(no_runtime) in line
    caplog.clear()
    assert windows == by_python(clip, {"model": "none"})
    assert caplog.text == ""


@pytest.mark.parametrize("ffmpeg", PROGRAMS, ids=name_of)
def test_without_a_runtime_the_filter_warns_once_and_goes_on(
    raw: bytes, clip: Path, no_runtime: Path, ffmpeg: Path | None, tmp_path: Path
) -> None:
    if ffmpeg is None:
        pytest.skip("no ffmpeg with the smartcrop filter: run ffmpeg_patch/build")
    done = run_filter(ffmpeg, clip, {}, tmp_path)
    assert done.returncode == 0, done.stderr
    lines = in_filter(done.stderr)
    assert len(lines) == 1, done.stderr
    assert "model=saliency" in lines[0]
    assert str(no_runtime) in lines[0]
    windows = by_filter(ffmpeg, clip, {}, tmp_path)
    assert windows == by_cpp(raw, {"model": "none"})


BAD = {
    "foo": ({"model": "foo"}, ["model foo: there is no such file", "saliency, center"]),
    "strict": ({"strict": "1"}, ["no ONNX Runtime at SMARTCROP_ONNXRUNTIME="]),
}


@pytest.mark.parametrize("case", BAD)
def test_an_unknown_name_and_a_missing_runtime_where_strict_are_errors_in_every_host(
    raw: bytes, clip: Path, no_runtime: Path, tmp_path: Path, case: str
) -> None:
    options, parts = BAD[case]
    done = run_cpp(raw, options)
    said = {"C++": only_line(done.stderr)}
    assert done.returncode == 1
    assert done.stdout == ""
    for program in filter(None, PROGRAMS):
        done = run_filter(program, clip, options, tmp_path)
        assert done.returncode != 0
        said[str(program)] = in_filter(done.stderr)[0]
    smartcrop = pytest.importorskip("smartcrop")
    with pytest.raises(smartcrop.Error) as caught:
        smartcrop.analyze(clip, **options)
    assert caught.value.status == "model"
    said["Python"] = only_line(str(caught.value))
    for host, line in said.items():
        assert all(part in line for part in parts), f"{host}: {line}"
