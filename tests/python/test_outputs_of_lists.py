# SPDX-License-Identifier: MIT
"""What a list or a playlist names is read too, so it is not written over."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PLAIN
from made_files import PICTURE, ffmpeg

import smartcrop
from smartcrop.cli import main
from smartcrop.named_files import named_in

Maker = Callable[..., Path]
COMMANDS = [
    ["reframe", "IN", "OUT", "--model", "none"],
    ["analyze", "IN", "-o", "OUT", "--model", "none"],
    ["preview", "IN", "-o", "OUT", "--model", "none"],
    ["motion-box", "IN", "-o", "OUT"],
]


@pytest.fixture(params=["ffconcat", "m3u8"])
def listed(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, str]:
    """Make a list, and give its name and that of a file that it names."""
    monkeypatch.chdir(tmp_path)
    if request.param == "m3u8":
        ffmpeg(*PICTURE, "-c:v", "libx264", "-f", "hls", "a.m3u8")
        return "a.m3u8", "a0.ts"
    ffmpeg(*PICTURE, "-c:v", "libx264", "it_is.mp4")
    Path("a.ffconcat").write_text("ffconcat version 1.0\n# two\nfile 'it_'is.mp4\nfile it_is.mp4\n")
    return "a.ffconcat", "it_is.mp4"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_no_command_writes_over_what_a_list_names(
    command: list[str], listed: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    source, part = listed
    os.link(part, "hard.mkv")
    before = Path(part).read_bytes()
    for name in (part, "hard.mkv"):
        words = [{"IN": source, "OUT": name}.get(each, each) for each in command]
        assert main(words) == 1
        line = f"smartcrop: {name}: is part of the input {source}; choose another name\n"
        assert capfd.readouterr().err == line
    assert Path(part).read_bytes() == before


def test_a_list_beside_its_output_is_read(listed: tuple[str, str]) -> None:
    source, _ = listed
    smartcrop.analyze(source, **PLAIN).save("a.plan")
    with pytest.raises(smartcrop.Error, match="is part of the input"):
        smartcrop.reframe(source, listed[1], **PLAIN)
    assert main(["export", "a.plan", "-o", listed[1]]) == 1
    assert main(["export", "a.plan", "-o", "a.cmd"]) == 0


def test_lists_may_name_lists_and_each_other(tmp_path: Path) -> None:
    (tmp_path / "all.m3u8").write_text(
        '#EXTM3U\n#EXT-X-MAP:URI="head.mp4"\n#EXT-X-STREAM-INF:BANDWIDTH=1\nsub/low.m3u8\n'
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "low.m3u8").write_text("#EXTM3U\nlow 0.ts\n../all.m3u8\n")
    wanted = ("head.mp4", "sub/low.m3u8", "sub/low 0.ts", "all.m3u8")
    assert named_in(tmp_path / "all.m3u8") == {tmp_path.resolve() / each for each in wanted}


@pytest.mark.parametrize(
    "content",
    [b"", b"#EXTM3U", b"ffconcat version 1.0\nfile 'x\nfile\nfile a\0b\n", b"\x00\xff" * 99],
)
def test_what_names_nothing_has_no_parts(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    assert named_in(path) == set()
