# SPDX-License-Identifier: MIT
"""Time code, covers, languages and what streams are for, from container to container."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from av.stream import Disposition
from conftest import FAST, PLAIN
from made_files import ffmpeg
from writer_files import QUICK, moving, pts_of

import smartcrop
from smartcrop.cli import main


def two_languages(folder: Path, suffix: str) -> Path:
    """A clip with two sound tracks, the second for those who do not see."""
    path = folder / f"in{suffix}"
    tones = ("-f", "lavfi", "-i", "sine=d=0.6", "-f", "lavfi", "-i", "sine=900:d=0.6")
    first = ("-metadata:s:a:0", "language=eng", "-disposition:a:0", "default")
    second = ("-metadata:s:a:1", "language=spa", "-disposition:a:1", "visual_impaired")
    maps = ("-map", "0:v", "-map", "1:a", "-map", "2:a")
    ffmpeg(*moving(), *tones, *maps, *QUICK, "-c:a", "aac", *first, *second, path)
    return path


@pytest.mark.parametrize("output", [".mkv", ".mp4", ".mov", ".ts"])
@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".ts"])
def test_languages_are_kept(tmp_path: Path, suffix: str, output: str) -> None:
    source = two_languages(tmp_path, suffix)
    smartcrop.reframe(source, tmp_path / f"out{output}", **FAST)
    with av.open(str(tmp_path / f"out{output}")) as container:
        assert [each.language for each in container.streams.audio] == ["eng", "spa"]
        second = container.streams.audio[1].disposition
        if suffix != ".ts" and output in (".mkv", ".mp4"):
            assert second & Disposition.visual_impaired


@pytest.mark.parametrize(
    ("suffix", "output"), [(".mp4", ".mp4"), (".mov", ".mp4"), (".mp4", ".mov")]
)
def test_time_code_is_kept(
    tmp_path: Path, suffix: str, output: str, caplog: pytest.LogCaptureFixture
) -> None:
    source = tmp_path / f"in{suffix}"
    ffmpeg(*moving(), *QUICK, "-timecode", "01:02:03:04", source)
    smartcrop.reframe(source, tmp_path / f"out{output}", **FAST)
    with av.open(str(tmp_path / f"out{output}")) as container:
        assert container.streams.video[0].metadata["timecode"] == "01:02:03:04"
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("suffix", "output"),
    [(".mp4", ".mp4"), (".mp4", ".mkv"), (".mkv", ".mp4"), (".mkv", ".mkv")],
)
def test_covers_are_kept(tmp_path: Path, suffix: str, output: str) -> None:
    source, cover = tmp_path / f"in{suffix}", tmp_path / "cover.jpg"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", 1, cover)
    ffmpeg(*moving(), *QUICK, tmp_path / "v.mkv")
    if suffix == ".mkv":
        attach = ("-attach", cover, "-metadata:s:t", "mimetype=image/jpeg")
        ffmpeg("-i", tmp_path / "v.mkv", "-c", "copy", *attach, source)
    else:
        maps = ("-map", 0, "-map", 1, "-c", "copy", "-disposition:v:1", "attached_pic")
        ffmpeg("-i", tmp_path / "v.mkv", "-i", cover, *maps, source)
    done = smartcrop.reframe(source, tmp_path / f"out{output}", **FAST)
    with av.open(str(tmp_path / f"out{output}")) as container:
        covers = [
            each for each in container.streams.video if each.disposition & Disposition.attached_pic
        ]
        assert len(covers) == 1
        packets = [bytes(each) for each in container.demux(covers[0]) if each.size]
    assert packets == [cover.read_bytes()]
    assert done.frames == 15


@pytest.mark.parametrize("codec", ["mpeg4", "mpeg2video", "mjpeg", "libvpx-vp9"])
@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
def test_uneven_times_are_kept_by_encoders_with_a_clock_of_their_own(
    tmp_path: Path, codec: str, suffix: str
) -> None:
    source = tmp_path / "vfr.ts"
    uneven = ",select='not(eq(mod(n,7),3))',setpts=PTS+0.007/TB*mod(N\\,3)"
    ffmpeg(*moving(1), "-vf", uneven[1:], *QUICK, "-fps_mode", "passthrough", source)
    smartcrop.reframe(source, tmp_path / f"out{suffix}", codec=codec, **PLAIN)
    first = pts_of(source)[0]
    wanted = [float(each - first) for each in pts_of(source)]
    assert [float(each) for each in pts_of(tmp_path / f"out{suffix}")] == pytest.approx(
        wanted, abs=0.0011
    )


def counted_only(path: Path, codec: str, channels: int) -> Path:
    """A clip whose container says how many channels there are, but not which."""
    video = "mpeg2video" if path.suffix == ".mxf" else "mjpeg"
    tone = ("-f", "lavfi", "-i", "sine=d=0.6:r=48000")
    ffmpeg(*moving(), *tone, "-c:v", video, "-c:a", codec, "-ac", channels, path)
    return path


def sound_of(path: Path) -> bytes:
    with av.open(str(path)) as container:
        return b"".join(bytes(each) for each in container.demux(audio=0))


@pytest.mark.parametrize(
    ("name", "codec", "channels", "layout"),
    [
        ("in.avi", "pcm_s16le", 2, "stereo"),
        ("in.avi", "pcm_s24le", 6, "5.1"),
        ("in.mxf", "pcm_s16le", 2, "stereo"),
        ("in.mkv", "pcm_f32le", 4, "4.0"),
    ],
)
def test_channels_that_are_only_counted_are_the_usual_ones(
    tmp_path: Path, name: str, codec: str, channels: int, layout: str
) -> None:
    source = counted_only(tmp_path / name, codec, channels)
    for output in (tmp_path / "out.mp4", tmp_path / "out.mov"):
        smartcrop.reframe(source, output, **FAST)
        with av.open(str(output)) as container:
            assert container.streams.audio[0].layout.name == layout
        assert sound_of(output) == sound_of(source)


@pytest.mark.parametrize(("suffix", "channels"), [(".avi", 9), (".mkv", 11)])
def test_channels_that_nobody_can_name_are_left_out_of_mp4_in_one_line(
    tmp_path: Path, suffix: str, channels: int, caplog: pytest.LogCaptureFixture
) -> None:
    source = tmp_path / f"in{suffix}"
    tones = "|".join(["sin(2765*t)"] * channels)
    sound = ("-f", "lavfi", "-i", f"aevalsrc={tones}:d=0.6:s=48000")
    ffmpeg(*moving(), *sound, "-c:v", "mjpeg", "-c:a", "pcm_s16le", source)
    assert smartcrop.reframe(source, tmp_path / "out.mp4", **FAST).frames == 15
    assert caplog.messages == [
        "stream 1 (audio pcm_s16le) is left out: it cannot be copied into mp4; "
        ".mov, .mkv or .avi would keep it"
    ]
    smartcrop.reframe(source, tmp_path / "out.mkv", **FAST)
    assert sound_of(tmp_path / "out.mkv") == sound_of(source)


@pytest.mark.parametrize(
    ("codec", "output", "keeps"), [("pcm_mulaw", ".mkv", ".mov"), ("wmav2", ".mp4", ".avi")]
)
def test_the_line_about_sound_that_is_left_out_names_where_it_is_kept(
    tmp_path: Path, codec: str, output: str, keeps: str, caplog: pytest.LogCaptureFixture
) -> None:
    source = counted_only(tmp_path / "in.avi", codec, 1)
    smartcrop.reframe(source, tmp_path / f"out{output}", **FAST)
    (line,) = caplog.messages
    assert keeps in line.partition(";")[2]
    smartcrop.reframe(source, tmp_path / f"out{keeps}", codec="mpeg4", **PLAIN)
    assert sound_of(tmp_path / f"out{keeps}") == sound_of(source)


@pytest.mark.parametrize("command", ["reframe", "analyze"])
def test_a_program_that_runs_commands_one_after_the_other_shows_each_warning_once(
    tmp_path: Path, command: str, capfd: pytest.CaptureFixture[str]
) -> None:
    source, output = tmp_path / "in.mkv", str(tmp_path / "out.mkv")
    ffmpeg(*moving(0.2), "-c:v", "ffv1", tmp_path / "a.mkv")
    ffmpeg(*moving(0.2), "-c:v", "ffv1", "-pix_fmt", "yuv422p10le", tmp_path / "b.mkv")
    lists = "ffconcat version 1.0\nfile a.mkv\nfile b.mkv\n"
    source.with_suffix(".ffconcat").write_text(lists)
    words = [command, str(source.with_suffix(".ffconcat")), "--model", "none"]
    words += [output] if command == "reframe" else ["-o", str(tmp_path / "out.plan")]
    said = []
    for _ in range(3):
        assert main(words) == 0
        said.append(capfd.readouterr().err.splitlines())
    assert len(said[0]) == len(set(said[0])) > 0
    assert said[0] == said[1] == said[2]
