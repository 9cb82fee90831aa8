# SPDX-License-Identifier: MIT
"""Errors are the package's and, where one fits, of Python's own kinds too."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import PLAIN

import smartcrop
from smartcrop import FileError, ModelError, OptionError, errors
from smartcrop.outputs import whole_or_nothing

Call = Callable[[], object]


def raised(call: Call) -> smartcrop.Error:
    with pytest.raises(smartcrop.Error) as caught:
        call()
    return caught.value


def cropper(**options: object) -> smartcrop.Cropper:
    return smartcrop.Cropper(160, 90, **{**PLAIN, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (lambda: cropper(lookahead=-1), "option"),  # the core's
        (lambda: cropper(sharpness=2), "option"),
        (lambda: cropper().push(np.zeros((90, 160), np.int32)), "format"),
        (lambda: cropper().push(np.zeros((91, 160, 3), np.uint8)), "format"),
        (lambda: cropper(fps="fast"), "argument"),
        (lambda: smartcrop.motion.clip_box("in.mp4", area=2), "option"),
    ],
)
def test_a_wrong_value_is_a_value_error(call: Call, status: str) -> None:
    error = raised(call)
    assert isinstance(error, OptionError)
    assert isinstance(error, ValueError)
    assert not isinstance(error, OSError)
    assert error.status == status


def damaged_plan(folder: Path) -> Path:
    path = folder / "damaged.plan"
    path.write_text("no plan\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "call",
    [
        lambda folder: smartcrop.analyze(folder / "none.mp4", **PLAIN),
        lambda folder: smartcrop.analyze(damaged_plan(folder), **PLAIN),
        lambda folder: smartcrop.Plan.load(folder / "none.plan"),
        lambda folder: smartcrop.Plan.load(damaged_plan(folder)),  # the core's
        lambda folder: smartcrop.motion.clip_box(folder / "none.mp4"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_os_error(
    call: Callable[[Path], object], tmp_path: Path
) -> None:
    error = raised(lambda: call(tmp_path))
    assert isinstance(error, FileError)
    assert isinstance(error, OSError)
    assert not isinstance(error, ValueError)
    assert error.status == "file"


def test_a_file_that_cannot_be_written_is_an_os_error(
    clip: Callable[..., Path], tmp_path: Path
) -> None:
    source = clip(frames=3)
    for name in ("no folder/out.mp4", str(source)):
        error = raised(lambda name=name: smartcrop.reframe(source, tmp_path / name, **PLAIN))
        assert isinstance(error, FileError)


def test_a_model_that_cannot_be_read_is_a_model_error() -> None:
    asks = smartcrop.Cropper(160, 90, model="/nonexistent/model.onnx")
    error = raised(lambda: asks.push(np.zeros((90, 160, 3), np.uint8)))
    assert isinstance(error, ModelError)
    assert not isinstance(error, (ValueError, OSError))
    assert error.status == "model"


def test_what_goes_wrong_while_a_file_is_written_keeps_its_own_sentence(tmp_path: Path) -> None:
    for error in (FileError("in.mp4: is damaged at 2.00 s"), OptionError("crf is 99")):
        with pytest.raises(type(error)) as caught, whole_or_nothing(tmp_path / "out.mp4"):
            raise error
        assert caught.value is error
    full = r"out\.mp4: cannot be written: the disk is full"
    with pytest.raises(FileError, match=full), whole_or_nothing(tmp_path / "out.mp4"):
        raise OSError("the disk is full")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [smartcrop.Error, OptionError, FileError, ModelError])
def test_an_error_says_its_sentence_and_passes_between_processes(
    kind: type[smartcrop.Error],
) -> None:
    error = kind("one sentence", "format error")
    again = pickle.loads(pickle.dumps(error))
    for each in (error, again):
        assert (type(each), str(each), each.status) == (kind, "one sentence", "format")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("argument error", OptionError),
        ("option error", OptionError),
        ("format error", OptionError),
        ("model error", ModelError),
        ("file error", FileError),
        ("out of memory", smartcrop.Error),
        ("internal error", smartcrop.Error),
    ],
)
def test_each_status_of_the_core_has_its_kind(status: str, kind: type[smartcrop.Error]) -> None:
    error = errors.of_core("one sentence", status)
    assert type(error) is kind
    assert error.status == status.removesuffix(" error").removeprefix("out of ")
