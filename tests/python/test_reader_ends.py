# SPDX-License-Identifier: MIT
"""Which files are whole: streams may end when they like, but a file may not break off."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from conftest import FAST, PLAIN, leftovers
from made_files import ffmpeg
from test_cli import line_of, run

import smartcrop
from smartcrop.preview import preview
from smartcrop.video.reader import Reader

STILL = ("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=0.04")
SHORT = ("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=0.6")
MUSIC = ("-f", "lavfi", "-i", "sine=d=5")
CODECS = {
    "mp4": ("-c:v", "libx264", "-c:a", "aac"),
    "mov": ("-c:v", "mpeg4", "-c:a", "pcm_s16le"),
    "mkv": ("-c:v", "ffv1", "-c:a", "flac"),
    "webm": ("-c:v", "libvpx", "-c:a", "libopus"),
    "avi": ("-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "flv": ("-c:v", "flv", "-c:a", "libmp3lame", "-ar", "44100"),
    "wmv": ("-c:v", "wmv2", "-c:a", "wmav2"),
    "ts": ("-c:v", "mpeg2video", "-c:a", "mp2"),
}


def read(path: Path) -> tuple[int, int]:
    """Count the frames, and the packets of other streams."""
    others = []
    with Reader(path) as reader:
        return sum(1 for _ in reader.frames(others.append)), len(others)


def packets_of_others(path: Path) -> int:
    with av.open(str(path)) as container:
        found = [each.stream.type for each in container.demux() if each.size]
        return len(found) - found.count("video")


@pytest.mark.parametrize("suffix", CODECS)
@pytest.mark.parametrize("picture", [STILL, SHORT], ids=["one picture", "a short clip"])
def test_sound_may_go_on_after_the_picture(
    suffix: str, picture: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / f"a.{suffix}"
    ffmpeg(*picture, *MUSIC, *CODECS[suffix], path)
    frames, others = read(path)
    assert frames == (1 if picture == STILL else 15)
    assert others == packets_of_others(path) > 30


# AVI lists these by their bytes: samples of several bytes, of several channels, and in blocks.
BY_BYTES = [("pcm_s16le", 2), ("pcm_s24le", 1), ("pcm_u8", 6), ("adpcm_ms", 2), ("wmav2", 1)]


@pytest.mark.parametrize(("codec", "channels"), BY_BYTES)
def test_sound_that_avi_lists_by_its_bytes_is_whole(
    codec: str, channels: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.avi"
    ffmpeg(*SHORT, *MUSIC, "-c:v", "mpeg4", "-c:a", codec, "-ac", channels, path)
    frames, others = read(path)
    assert frames == 15
    assert others == packets_of_others(path)


@pytest.mark.parametrize(("codec", "channels"), [("pcm_s16le", 2), ("adpcm_ms", 1)])
def test_sound_that_avi_lists_by_its_bytes_may_not_break_off(
    codec: str, channels: int, tmp_path: Path
) -> None:
    path, listed = tmp_path / "a.avi", ("-c:v", "mpeg4", "-c:a", codec, "-ac", channels)
    ffmpeg(*SHORT, *MUSIC, *listed, path)
    data = path.read_bytes()
    index = data.rindex(b"idx1")
    # The chunks of the second half lose their names, so that no reader finds them.
    half = index // 2
    path.write_bytes(data[:half] + data[half:index].replace(b"01wb", b"JUNK") + data[index:])
    with pytest.raises(smartcrop.Error, match="cut off or damaged"):
        read(path)


@pytest.mark.parametrize(("suffix", "codec"), [("mp4", "mov_text"), ("mkv", "subrip")])
def test_subtitles_may_come_after_the_picture(suffix: str, codec: str, tmp_path: Path) -> None:
    words, path = tmp_path / "a.srt", tmp_path / f"a.{suffix}"
    words.write_text("1\n00:00:06,000 --> 00:00:09,000\nLate\n")
    ffmpeg(*SHORT, "-i", words, "-map", 0, "-map", 1, "-c:s", codec, path)
    frames, others = read(path)
    assert frames == 15
    assert others >= 1


@pytest.mark.parametrize("suffix", ["mkv", "avi", "webm"])
def test_the_last_picture_may_be_shown_for_long(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    slides = ("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=9", "-vf", "select='not(mod(n,75))'")
    ffmpeg(*slides, "-fps_mode", "vfr", *CODECS[suffix][:2], path)
    assert read(path) == (3, 0)


def test_every_host_takes_a_picture_with_music(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    ffmpeg(*STILL, *MUSIC, *CODECS["mkv"], path)
    assert smartcrop.reframe(path, tmp_path / "o.mkv", **FAST).frames == 1
    assert packets_of_others(tmp_path / "o.mkv") == packets_of_others(path)
    assert len(smartcrop.analyze(path, **PLAIN).frames) == 1
    preview(path, tmp_path / "o.png", **PLAIN)
    assert run("reframe", path, tmp_path / "p.mkv", "-c", "ffv1").returncode == 0


def cut(folder: Path, suffix: str, *options: object, share: float = 0.6) -> Path:
    whole, path = folder / f"whole.{suffix}", folder / f"cut.{suffix}"
    clip = ("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=5", *MUSIC)
    ffmpeg(*clip, *CODECS[suffix], *options, whole)
    data = whole.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    whole.unlink()
    return path


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("mp4", ("-movflags", "+faststart")),
        ("mov", ("-movflags", "+faststart")),
        ("mkv", ()),
        ("webm", ()),
        ("avi", ()),
        ("flv", ()),
    ],
)
@pytest.mark.parametrize("share", [0.3, 0.7])
def test_a_file_that_breaks_off_is_refused(
    suffix: str, options: tuple[str, ...], share: float, tmp_path: Path
) -> None:
    path = cut(tmp_path, suffix, *options, share=share)
    with pytest.raises(smartcrop.Error, match="cut off or damaged"):
        read(path)


def test_sound_that_breaks_off_is_missed_only_where_it_is_kept(tmp_path: Path) -> None:
    # All of the picture lies before the sound that broke off.
    path = tmp_path / "a.mp4"
    ffmpeg(*SHORT, *MUSIC, *CODECS["mp4"], "-movflags", "+faststart", path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 8 // 10])
    assert len(smartcrop.analyze(path, **PLAIN).frames) == 15
    with pytest.raises(smartcrop.Error, match="cut off or damaged"):
        smartcrop.reframe(path, tmp_path / "o.mp4", **FAST)
    assert leftovers(tmp_path, path) == []


def test_every_command_refuses_a_file_that_breaks_off(tmp_path: Path) -> None:
    path = cut(tmp_path, "mkv")
    for words in (("reframe", "o.mp4"), ("analyze", "-o", "a.plan"), ("preview", "o.png")):
        done = run(words[0], path, *words[1:], cwd=tmp_path)
        assert done.returncode == 1
        assert "cut off or damaged" in line_of(done)
    assert leftovers(tmp_path, path) == []
