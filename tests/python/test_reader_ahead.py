# SPDX-License-Identifier: MIT
"""Reading ahead in a thread changes nothing but the time that it takes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import FAST, PLAIN

import smartcrop
from smartcrop import jobs, rendering
from smartcrop.video.ahead import Ahead
from smartcrop.video.reader import Reader

Maker = Callable[..., Path]


def readers() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "smartcrop reader"]


def test_items_come_in_order_and_an_error_where_it_was() -> None:
    def items() -> Iterator[int]:
        yield from range(50)
        raise ValueError("here")

    taken = []
    ahead = Ahead(items())
    ahead.start()
    with pytest.raises(ValueError, match="here"):
        for item in ahead:
            taken.append(item)
    assert taken == list(range(50))
    ahead.close()
    assert readers() == []


def test_closing_ends_the_work_at_once() -> None:
    made, ended = [], threading.Event()

    def items() -> Iterator[int]:
        try:
            for number in range(10**9):
                made.append(number)
                yield number
        finally:
            ended.set()

    ahead = Ahead(items())
    ahead.start()
    assert next(iter(ahead)) == 0
    ahead.close()
    assert ended.is_set()
    assert len(made) < 100
    assert readers() == []


def test_frames_are_the_same_with_and_without(clip: Maker) -> None:
    source = clip("in.mkv", frames=20, sound=True)

    def read(vectors: bool) -> tuple[list[tuple[int | None, int]], int]:
        others = []
        with Reader(source, vectors=vectors) as reader:
            frames = [
                (each.pts, hash(bytes(each.planes[0]))) for each in reader.frames(others.append)
            ]
        return frames, len(others)

    assert read(True) == read(False)
    assert readers() == []


def test_a_reader_may_be_closed_before_its_frames_are_read(clip: Maker) -> None:
    with Reader(clip(frames=30), vectors=True) as reader:
        frames = reader.frames()
        first = next(frames)
        assert len(readers()) == 1
    assert readers() == []
    assert first.width == 160


@pytest.mark.parametrize("host", ["analyze", "reframe"])
def test_an_interrupt_ends_the_thread(host: str, clip: Maker, tmp_path: Path) -> None:
    source = clip(frames=60)

    def interrupt(frames: int, *_: object) -> None:
        if frames == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        if host == "analyze":
            smartcrop.analyze(source, progress=interrupt, **PLAIN)
        else:
            smartcrop.reframe(source, tmp_path / "o.mp4", passes=1, progress=interrupt, **FAST)
    assert readers() == []


def test_only_the_pass_that_decides_asks_for_vectors(
    clip: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Noted(Reader):
        def __init__(self, source: Path, *arguments: object) -> None:
            super().__init__(source, *arguments)  # type: ignore[arg-type]
            asked.append(str(self.video.codec_context.options.get("flags2", "")))

    for module in (jobs, rendering):
        monkeypatch.setattr(module, "Reader", Noted)
    source = clip(frames=6)
    smartcrop.reframe(source, tmp_path / "o.mp4", **FAST)
    assert sorted(asked) == ["", "+export_mvs"]
    plan = smartcrop.analyze(source, **PLAIN)
    plan.save(tmp_path / "a.plan")
    asked.clear()
    smartcrop.reframe(source, tmp_path / "o.mp4", plan=str(tmp_path / "a.plan"), **FAST)
    smartcrop.reframe(source, tmp_path / "o.mp4", motion="proxy", **FAST)
    assert set(asked) == {""}
