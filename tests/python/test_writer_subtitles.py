# SPDX-License-Identifier: MIT
"""Text subtitles in a container of another kind."""

from __future__ import annotations

import re
from pathlib import Path

import av
import pytest
from conftest import FAST
from made_files import ffmpeg
from writer_files import QUICK, moving

import smartcrop

LINES = """1
00:00:00,100 --> 00:00:00,400
Hello <i>you</i>

2
00:00:00,440 --> 00:00:00,900
Zwei Zeilen
äöü 字幕
"""


def with_text(folder: Path, codec: str, suffix: str, *options: object) -> Path:
    """A clip with two subtitles of text, in French."""
    (folder / "s.srt").write_text(LINES, encoding="utf-8")
    path = folder / f"in{suffix}"
    text = ("-c:s", codec, "-metadata:s:s:0", "language=fra", "-disposition:s:0", "default")
    ffmpeg(*moving(1), "-i", folder / "s.srt", *QUICK, *text, *options, path)
    return path


def subtitles(path: Path) -> list[tuple[float, float, str]]:
    """Start, length and words of each subtitle."""
    found = []
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[0]
        for packet in container.demux(stream):
            texts = [each.dialogue.decode() for each in packet.decode()] if packet.size else []
            words = re.sub(r"\{[^}]*\}|</?i>", "", "".join(texts)).split()
            if words:
                start = float(packet.pts * packet.time_base)
                found.append((start, float(packet.duration * packet.time_base), " ".join(words)))
    return found


WORDS = ["Hello you", "Zwei Zeilen äöü 字幕"]


WAYS = [
    ("subrip", ".mkv", ".mp4", "mov_text"),
    ("subrip", ".mkv", ".mov", "mov_text"),
    ("ass", ".mkv", ".mp4", "mov_text"),
    ("webvtt", ".mkv", ".mp4", "mov_text"),
    ("mov_text", ".mp4", ".mkv", "subrip"),
    ("mov_text", ".mov", ".mkv", "subrip"),
    ("ass", ".mkv", ".mkv", "ass"),
    ("subrip", ".mkv", ".mkv", "subrip"),
    ("webvtt", ".mkv", ".mkv", "webvtt"),
    ("mov_text", ".mp4", ".mov", "mov_text"),
]


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_text_is_kept_with_its_times(
    tmp_path: Path, way: tuple[str, str, str, str], caplog: pytest.LogCaptureFixture
) -> None:
    codec, suffix, output, becomes = way
    source = with_text(tmp_path, codec, suffix)
    written = tmp_path / f"out{output}"
    smartcrop.reframe(source, written, **FAST)
    with av.open(str(written)) as container:
        stream = container.streams.subtitles[0]
        assert stream.codec_context.codec.canonical_name == becomes
        assert stream.language == "fra"
    got = subtitles(written)
    assert [words for _, _, words in got] == WORDS
    assert [start for start, _, _ in got] == pytest.approx([0.1, 0.44], abs=0.002)
    assert [length for _, length, _ in got] == pytest.approx([0.3, 0.46], abs=0.011)
    assert caplog.messages == []


def test_text_becomes_webvtt_in_a_webm(tmp_path: Path) -> None:
    source = with_text(tmp_path, "subrip", ".mkv")
    smartcrop.reframe(source, tmp_path / "out.webm", codec="libvpx-vp9", model="none")
    assert [words for _, _, words in subtitles(tmp_path / "out.webm")] == WORDS


def test_slanted_words_stay_slanted(tmp_path: Path) -> None:
    source = with_text(tmp_path, "subrip", ".mkv")
    smartcrop.reframe(source, tmp_path / "a.mp4", **FAST)
    smartcrop.reframe(tmp_path / "a.mp4", tmp_path / "b.mkv", aspect="1:2", **FAST)
    with av.open(str(tmp_path / "b.mkv")) as container:
        first = next(each for each in container.demux(subtitles=0) if each.size)
        assert bytes(first) == b"Hello <i>you</i>"


def test_text_moves_with_the_other_streams(tmp_path: Path) -> None:
    source = with_text(tmp_path, "subrip", ".mkv", "-output_ts_offset", 5)
    smartcrop.reframe(source, tmp_path / "out.mp4", **FAST)
    starts = [start for start, _, _ in subtitles(tmp_path / "out.mp4")]
    assert starts == pytest.approx([0.1, 0.44], abs=0.05)


@pytest.mark.parametrize("suffix", [".ts", ".avi"])
def test_text_that_the_container_has_no_place_for_is_named(
    tmp_path: Path, suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    source = with_text(tmp_path, "subrip", ".mkv")
    smartcrop.reframe(source, tmp_path / f"out{suffix}", **FAST)
    assert len(caplog.messages) == 1
    assert "subtitle" in caplog.messages[0]
    assert "left out" in caplog.messages[0]


def test_pictures_of_text_are_not_converted_but_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = with_text(tmp_path, "subrip", ".mkv")
    source = tmp_path / "pictures.mkv"
    blank = ("-f", "lavfi", "-i", "color=black@0:s=160x90:r=5:d=1,format=rgba")
    ffmpeg("-i", text, *blank, "-map", "0:v", "-c:v", "copy", tmp_path / "v.mkv")
    made = tmp_path / "pictures.sup"
    made.write_bytes(_blank_pictures())
    ffmpeg("-i", tmp_path / "v.mkv", "-i", made, "-map", 0, "-map", "1:s", "-c", "copy", source)
    smartcrop.reframe(source, tmp_path / "out.mp4", **FAST)
    assert len(caplog.messages) == 1
    assert "hdmv_pgs_subtitle" in caplog.messages[0] or "pgssub" in caplog.messages[0]


def _blank_pictures() -> bytes:
    """Two display sets of Blu-ray subtitles that show nothing."""
    sets = b""
    for number in range(2):
        times = (9000 + 45000 * number).to_bytes(4, "big") * 2
        screen = bytes([0, 160, 0, 90, 0x10, 0, number, 0x80, 0, 0, 0])
        windows = bytes([1, 0, 0, 0, 0, 0, 0, 8, 0, 8])
        for kind, body in ((0x16, screen), (0x17, windows), (0x80, b"")):
            sets += b"PG" + times + bytes([kind]) + len(body).to_bytes(2, "big") + body
    return sets
