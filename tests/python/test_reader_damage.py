# SPDX-License-Identifier: MIT
"""What is wrong with a packet is counted; nothing ends in a traceback, nothing is said twice."""

from __future__ import annotations

import random
import re
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from conftest import FAST, PLAIN, times
from made_files import PICTURE, ffmpeg
from test_cli import line_of, run

import smartcrop
from smartcrop import motion
from smartcrop.video.decoding import Decoder
from smartcrop.video.reader import Reader


def encode(path: Path, codec: str, pixel_format: str, spoil: dict[int, bytes | None]) -> Path:
    """Write 12 frames; some packets have another content, or none."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, Fraction(25))
        stream.width, stream.height, stream.pix_fmt = 160, 90, pixel_format
        number = 0
        for index in range(13):
            frame = None
            if index < 12:
                grey = np.full((90, 160, 3), 20 * index, np.uint8)
                frame = av.VideoFrame.from_ndarray(grey, "rgb24").reformat(format=pixel_format)
                frame.pts = index
            for packet in stream.encode(frame):
                other = _with_content(packet, spoil[number]) if number in spoil else packet
                other.stream = stream
                container.mux(other)
                number += 1
    return path


def _with_content(packet: av.Packet, content: bytes | None) -> av.Packet:
    other = av.Packet(content or b"")
    other.pts, other.dts = packet.pts, packet.dts
    other.duration, other.time_base = packet.duration, packet.time_base
    return other


def count(path: Path) -> int:
    with Reader(path) as reader:
        return sum(1 for _ in reader.frames())


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"),
    [
        ("a.nut", "mpeg4", "yuv420p"),
        ("a.nut", "mjpeg", "yuvj420p"),
        ("a.nut", "ffv1", "yuv420p"),
        ("a.nut", "libvpx", "yuv420p"),
    ],
)
def test_a_packet_without_content_repeats_the_frame_before_it(
    name: str, codec: str, pixel_format: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = encode(tmp_path / name, codec, pixel_format, {3: None, 4: None, 8: None})
    with av.open(str(path)) as container:
        assert [each.size == 0 for each in container.demux()].count(True) == 4  # one is PyAV's end
    with Reader(path) as reader:
        shown = [round(each.time * 25) for each in reader.frames()]
    assert shown == [0, 1, 2, 5, 6, 7, 9, 10, 11]
    assert caplog.messages == []
    assert motion.clip_box(path).frames == 9
    assert smartcrop.reframe(path, tmp_path / "o.mkv", **FAST).frames == 9
    assert [round(each * 25) for each in times(tmp_path / "o.mkv")] == shown


BROKEN_PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


@pytest.mark.parametrize(
    ("file", "broken"),
    [
        (("a.mov", "png", "rgb24"), BROKEN_PNG),
        (("a.avi", "mjpeg", "yuvj420p"), b"\xff\xd8\xff\xc3" + bytes(40)),  # lossless, with nothing
        (("a.mkv", "ffv1", "yuv420p"), bytes(3)),
        (("a.mov", "prores_ks", "yuv422p10le"), b"\0\0\0\x40icpf" + bytes(90)),
        (("a.mkv", "libvpx-vp9", "yuv420p"), b"\xff" * 30),
    ],
)
def test_what_cannot_be_decoded_is_counted_and_passed_over(
    file: tuple[str, str, str], broken: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name, codec, pixel_format = file
    path = encode(tmp_path / name, codec, pixel_format, {4: broken, 6: broken})
    assert count(path) in range(9, 12)
    assert len(caplog.messages) == 1
    assert "could not be decoded" in caplog.messages[0]


@pytest.mark.parametrize(
    "error",
    [
        av.error.PatchWelcomeError(1, "not written yet"),
        av.error.ArgumentError(22, "Invalid argument"),
        av.error.InvalidDataError(1, "Invalid data"),
        av.error.BugError(1, "Internal bug"),
        av.error.MemoryError(12, "Cannot allocate memory"),
        av.error.ExternalError(1, "Generic error in an external library"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_error_of_a_decoder_is_a_damaged_packet(error: Exception) -> None:
    class Context:
        def decode(self, _: object) -> list[object]:
            raise error

    class Stream:
        codec_context = Context()

    decoder = Decoder(Stream())  # type: ignore[arg-type]
    assert decoder(av.Packet(b"x")) == []
    assert decoder.damaged == 1
    assert decoder.reason


@pytest.mark.parametrize("threads", [1, 3, 16])
@pytest.mark.parametrize("bad", [(10,), (4, 10), (6, 7), (11,), (2,), (0,)])
def test_frames_after_a_damaged_one_are_read_whatever_the_threads(
    threads: int, bad: tuple[int, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = encode(tmp_path / "a.mov", "png", "rgb24", dict.fromkeys(bad, BROKEN_PNG))
    with Reader(path) as reader:
        reader.video.codec_context.thread_count = threads
        shown = [round(each.time * 25) for each in reader.frames()]
    assert shown == [each for each in range(12) if each not in bad]
    count_of_damaged = f": {len(bad)} packet"
    assert [count_of_damaged in each for each in caplog.messages] == [True]


def test_readers_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mov", "png", "rgb24", {9: BROKEN_PNG})
    wanted = [each for each in range(12) if each != 9]

    def read(_: int) -> list[int]:
        with Reader(path) as reader:
            reader.video.codec_context.thread_count = 8
            return [round(each.time * 25) for each in reader.frames()]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(24))) == [wanted] * 24


def test_every_host_says_once_that_packets_are_damaged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = encode(tmp_path / "a.mov", "png", "rgb24", {4: BROKEN_PNG, 6: BROKEN_PNG, 7: BROKEN_PNG})
    for host in (
        lambda: smartcrop.analyze(path, **PLAIN),
        lambda: smartcrop.reframe(path, tmp_path / "o.mkv", codec="ffv1", **PLAIN),
    ):
        caplog.clear()
        host()
        damage = [each for each in caplog.messages if "could not be decoded" in each]
        assert len(damage) == 1
        assert ": 3 packets" in damage[0]


def test_a_file_of_which_nothing_can_be_decoded_is_an_error_with_the_reason(
    tmp_path: Path,
) -> None:
    path = encode(tmp_path / "a.mov", "png", "rgb24", dict.fromkeys(range(12), BROKEN_PNG))
    done = run("reframe", path, tmp_path / "o.mp4")
    assert done.returncode == 1
    assert "holds no picture that can be decoded: " in line_of(done)
    assert not (tmp_path / "o.mp4").exists()


def test_the_terminal_gets_each_warning_about_a_much_damaged_file_once(tmp_path: Path) -> None:
    path = tmp_path / "a.ts"
    ffmpeg(*PICTURE, "-c:v", "libx264", "-g", "5", path)
    data = bytearray(path.read_bytes())
    noise = random.Random(5)
    for _ in range(60):
        data[noise.randrange(2000, len(data))] = noise.randrange(256)
    path.write_bytes(data)
    done = run("reframe", path, tmp_path / "o.mp4", "--preset", "ultrafast")
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 0
    kinds = [re.sub(r"[\d.]+", "0", each.removeprefix("smartcrop: warning: ")) for each in lines]
    assert len(set(kinds)) == len(kinds) >= 1
    assert all(each.startswith("smartcrop: warning: ") for each in lines)
