# SPDX-License-Identifier: MIT
"""When frames and the packets of other streams are: as ffmpeg has it, in every container."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import FAST, PLAIN
from made_files import PICTURE, SOUND, ffmpeg, times_by_ffmpeg

import smartcrop
from smartcrop import motion
from smartcrop.video.reader import Reader

H264 = (
    "-c:v",
    "libx264",
    "-bf",
    "3",
    "-g",
    "10",
    "-preset",
    "ultrafast",
    "-x264-params",
    "b-adapt=0",
)
TICK = 0.0021  # a millisecond on either side


def times_by_reader(path: Path) -> list[list[float]]:
    """The same as ``times_by_ffmpeg``."""
    others: dict[int, list[float]] = {}
    with Reader(path) as reader:

        def note(packet: object) -> None:
            time = float(packet.pts * packet.time_base - reader.offset)  # type: ignore[attr-defined]
            others.setdefault(packet.stream.index, []).append(time)  # type: ignore[attr-defined]

        frames = [float(each.pts * each.time_base - reader.offset) for each in reader.frames(note)]
    return [frames, *(others[index] for index in sorted(others))]


def assert_same_times(path: Path) -> list[list[float]]:
    ours, wanted = times_by_reader(path), times_by_ffmpeg(path)
    assert [len(each) for each in ours] == [len(each) for each in wanted]
    # Versions of FFmpeg differ in whether the start is that of the sound that is heard.
    later = wanted[0][0] - ours[0][0]
    assert abs(later) < 0.05
    for mine, theirs in zip(ours, wanted, strict=True):
        assert [each + later for each in mine] == pytest.approx(theirs, abs=TICK)
    assert all(a < b for a, b in itertools.pairwise(ours[0]))
    return ours


def even(times: list[float]) -> bool:
    steps = [b - a for a, b in itertools.pairwise(times)]
    return max(steps) - min(steps) <= TICK


# ---- clocks that do not begin at 0 ----


@pytest.mark.parametrize(
    ("name", "codecs", "seconds"),
    [
        ("a.ts", (*H264, "-c:a", "aac"), 70000),
        ("a.ts", ("-c:v", "mpeg2video", "-bf", "2", "-c:a", "mp2"), 95443.2),  # wraps after 0.5 s
        ("a.m2ts", (*H264, "-c:a", "ac3"), 95442),
        ("a.mpg", ("-c:v", "mpeg2video", "-bf", "2", "-c:a", "mp2"), 400),
        ("a.mkv", (*H264, "-c:a", "libopus"), 1000),
        ("a.flv", ("-c:v", "flv", "-c:a", "libmp3lame", "-ar", "44100"), 30),
        ("a.nut", ("-c:v", "mpeg4", "-bf", "2", "-c:a", "pcm_s16le"), 9000),
    ],
)
def test_a_clock_may_begin_anywhere_or_wrap(
    name: str, codecs: tuple[str, ...], seconds: float, tmp_path: Path
) -> None:
    path = tmp_path / name
    ffmpeg(*PICTURE, *SOUND, *codecs, "-output_ts_offset", seconds, path)
    frames, _ = assert_same_times(path)
    assert even(frames)


@pytest.mark.parametrize(
    ("name", "delayed"), [("a.mp4", "sound"), ("b.mkv", "sound"), ("c.mov", "picture")]
)
def test_a_stream_that_begins_later_keeps_its_distance(
    name: str, delayed: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    delay = ("-itsoffset", "0.7")
    first, second = (delay, ()) if delayed == "picture" else ((), delay)
    ffmpeg(*first, *PICTURE, *second, *SOUND, *H264, "-c:a", "aac", path)
    frames, sound = assert_same_times(path)
    apart = frames[0] - sound[0]
    assert apart == pytest.approx(0.7 if delayed == "picture" else -0.7, abs=0.1)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov"])
def test_an_edit_that_begins_between_key_frames_is_read_as_ffmpeg_does(
    name: str, tmp_path: Path
) -> None:
    whole = tmp_path / f"whole{name[1:]}"
    ffmpeg(*PICTURE, *SOUND, *H264, "-c:a", "aac", whole)
    ffmpeg("-ss", "0.53", "-i", whole, "-c", "copy", tmp_path / name)
    assert_same_times(tmp_path / name)


# ---- frames without a time of their own ----


@pytest.mark.parametrize(
    ("name", "codecs"),
    [
        ("a.avi", H264),
        ("b.avi", ("-c:v", "mpeg4", "-bf", "2")),
        ("c.h264", H264),
        ("d.hevc", ("-c:v", "libx265", "-x265-params", "log-level=none")),
        ("e.m2v", ("-c:v", "mpeg2video", "-bf", "2")),
        ("f.mjpeg", ("-c:v", "mjpeg")),
        ("g.m4v", ("-c:v", "mpeg4", "-bf", "2")),
    ],
)
def test_frames_without_a_time_of_their_own_come_in_even_steps(
    name: str, codecs: tuple[str, ...], tmp_path: Path
) -> None:
    ffmpeg(*PICTURE, *codecs, tmp_path / name)
    (frames,) = assert_same_times(tmp_path / name)
    assert len(frames) == 25
    assert even(frames)


@pytest.mark.parametrize("codecs", [H264, ("-c:v", "mpeg4", "-bf", "2")], ids=["h264", "mpeg4"])
def test_an_mp4_file_that_lost_its_composition_times_is_read_in_order(
    codecs: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "a.mp4"
    ffmpeg(*PICTURE, *codecs, path)
    data = bytearray(path.read_bytes())
    for box in (b"ctts", b"edts"):
        at = data.find(box)
        assert at > 0
        data[at : at + 4] = b"free"
    path.write_bytes(data)
    frames = times_by_reader(path)[0]
    assert frames == pytest.approx(times_by_ffmpeg(path)[0], abs=TICK)
    assert len(frames) == 25
    assert even(frames[1:-2])


# ---- joined recordings ----


def joined(folder: Path, suffix: str, codecs: tuple[str, ...], offsets: tuple[float, ...]) -> Path:
    path = folder / f"joined.{suffix}"
    with path.open("wb") as file:
        for offset in offsets:
            part = folder / f"part.{suffix}"
            ffmpeg(*PICTURE, *SOUND, *codecs, "-output_ts_offset", offset, part)
            file.write(part.read_bytes())
    return path


@pytest.mark.parametrize(
    ("suffix", "codecs", "offsets"),
    [
        ("ts", (*H264, "-c:a", "aac"), (0, 0, 0)),
        ("ts", (*H264, "-c:a", "mp2"), (0, 5000)),
        ("ts", (*H264, "-c:a", "aac"), (5000, 100)),
        ("ts", ("-c:v", "mpeg2video", "-bf", "2", "-c:a", "mp2"), (95443.2, 95443.2)),
        ("mpg", ("-c:v", "mpeg2video", "-bf", "2", "-c:a", "mp2"), (0, 60, 30)),
    ],
)
def test_a_joined_recording_goes_on_as_in_ffmpeg(
    suffix: str,
    codecs: tuple[str, ...],
    offsets: tuple[float, ...],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = joined(tmp_path, suffix, codecs, offsets)
    frames, _ = assert_same_times(path)
    assert len(frames) >= 25 * len(offsets)
    assert frames[-1] < len(offsets) + 0.5
    leaps = [each for each in caplog.messages if "leap" in each]
    assert len(leaps) == len(caplog.messages) == 1


@pytest.mark.parametrize("suffix", ["mkv", "webm"])
def test_joined_files_of_a_format_not_made_for_it_keep_sound_and_picture_together(
    suffix: str, tmp_path: Path
) -> None:
    codecs = ("-c:v", "libvpx", "-c:a", "libopus", "-g", "10")
    path = joined(tmp_path, suffix, codecs, (0, 0))
    if suffix == "mkv":  # ffmpeg itself reads the first part only where the second has a new clock
        path = joined(tmp_path, suffix, codecs, (3, 0))
    frames, sound = times_by_reader(path)
    assert len(frames) == 50
    half = len(sound) // 2
    apart = (frames[25] - sound[half]) - (frames[0] - sound[0])
    assert abs(apart) < 0.05
    assert frames[25] - frames[24] < 0.1


def test_a_list_of_files_is_read_as_one(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ffmpeg(*PICTURE, *SOUND, *H264, "-c:a", "aac", tmp_path / "a.mp4")
    ffmpeg("-ss", "0.53", "-i", tmp_path / "a.mp4", "-c", "copy", tmp_path / "b.mp4")
    for name, files in (("twice", "aa"), ("edited", "ab"), ("edited first", "ba")):
        path = tmp_path / f"{name}.ffconcat"
        lines = [f"file {each}.mp4" for each in files]
        path.write_text("\n".join(["ffconcat version 1.0", *lines, ""]))
        assert_same_times(path)
    assert caplog.messages == []


def test_sound_of_a_list_stays_where_it_is_when_a_later_picture_has_another_clock(
    tmp_path: Path,
) -> None:
    # FFmpeg reads the second picture by the clock of the first; players then show it too early.
    rates = ("-video_track_timescale", "90000"), ("-video_track_timescale", "12800")
    for name, rate in zip("ab", rates, strict=True):
        ffmpeg(*PICTURE, *SOUND, *H264, "-c:a", "aac", *rate, tmp_path / f"{name}.mp4")
    path = tmp_path / "list.ffconcat"
    path.write_text("ffconcat version 1.0\nfile a.mp4\nfile b.mp4\n")
    (frames, sound), (_, wanted) = times_by_reader(path), times_by_ffmpeg(path)
    assert len(frames) == 50
    assert sound == pytest.approx(wanted, abs=TICK)


def test_a_list_that_names_files_elsewhere_is_refused_with_the_rule(tmp_path: Path) -> None:
    path = tmp_path / "list.ffconcat"
    path.write_text(f"ffconcat version 1.0\nfile {tmp_path}/a.mp4\n")
    with pytest.raises(smartcrop.Error, match="may name only files beside it"):
        smartcrop.analyze(path, **PLAIN)


def test_every_host_reads_a_joined_recording_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = joined(tmp_path, "ts", (*H264, "-c:a", "aac"), (10, 10, 3000))
    hosts: list[Callable[[], object]] = [
        lambda: smartcrop.analyze(path, **PLAIN),
        lambda: smartcrop.reframe(path, tmp_path / "out.mkv", **FAST),
    ]
    for host in hosts:
        caplog.clear()
        host()
        assert [each.levelno for each in caplog.records] == [logging.WARNING]
    assert motion.clip_box(path).frames == 75
