# SPDX-License-Identifier: MIT
"""What a reframed file keeps of its input."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest
from conftest import DATA, FAST, PLAIN, leftovers, packets, times

import smartcrop

Maker = Callable[..., Path]
CLIPS = sorted((DATA / "clips").glob("*.mp4")) + sorted((DATA / "gaze_video").glob("find_*.mp4"))


@pytest.mark.skipif(not CLIPS, reason=f"no real clips below {DATA}; set SMARTCROP_DATA")
@pytest.mark.parametrize("path", CLIPS, ids=lambda path: path.stem)
def test_real_clips_keep_frames_time_stamps_sound_and_length(path: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    result = smartcrop.reframe(path, output, **FAST)
    shown = times(path)
    assert result.frames == len(shown)
    with av.open(str(path)) as before:
        start = Fraction(before.start_time, 1_000_000)
    moved = [abs(new - (old - start)) for new, old in zip(times(output), shown, strict=True)]
    assert max(moved) <= Fraction(1, 12800)
    assert packets(output, "subtitle") == packets(path, "subtitle")
    for old, new in zip(packets(path, "audio"), packets(output, "audio"), strict=True):
        assert [content for _, content in new] == [content for _, content in old]
        # (an MP4 file counts sound in samples, which find_022 does not do)
        apart = [abs(a - start - b) for (a, _), (b, _) in zip(old, new, strict=True)]
        assert max(apart) <= Fraction(1, 44100)
    with av.open(str(path)) as before, av.open(str(output)) as after:
        assert abs(after.duration - before.duration) <= 1000  # microseconds
        assert abs(after.start_time) <= 1000
    assert leftovers(tmp_path, output) == []


def test_uneven_time_stamps_survive(clip: Maker, tmp_path: Path) -> None:
    pts = [0, 512, 700, 2500, 2501, 9000, 9512, 20000, 20001, 30000]
    source = clip(frames=10, pts=pts)
    output = tmp_path / "out.mp4"
    smartcrop.reframe(source, output, **PLAIN)
    assert times(output) == [Fraction(each, 12800) for each in pts] == times(source)


def make_rich_file(folder: Path, video: Path) -> Path:
    """A Matroska file with two languages, subtitles, a font, chapters and tags."""
    (folder / "s.srt").write_text("1\n00:00:00,100 --> 00:00:00,600\nHello\n")
    (folder / "font.ttf").write_bytes(b"not really a font")
    (folder / "m.txt").write_text(
        ";FFMETADATA1\ntitle=A title\nmood=glad\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\n"
        "title=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=1200\ntitle=Two\n"
    )
    output = folder / "rich.mkv"
    with av.open(str(video)) as source, av.open(str(output), "w") as container:
        container.metadata.update({"title": "A title", "mood": "glad"})
        copies = {}
        for stream in source.streams:
            copies[stream.index] = container.add_stream_from_template(stream, opaque=True)
        second = container.add_stream_from_template(source.streams.audio[0], opaque=True)
        second.metadata["language"] = "fra"
        second.disposition = av.stream.Disposition.forced
        subtitles = container.add_mux_stream("subrip")
        container.add_attachment("font.ttf", "application/x-truetype-font", b"a font")
        one = {"id": 1, "start": 0, "end": 500, "time_base": Fraction(1, 1000)}
        two = {"id": 2, "start": 500, "end": 1200, "time_base": Fraction(1, 1000)}
        container.set_chapters(
            [{**one, "metadata": {"title": "One"}}, {**two, "metadata": {"title": "Two"}}]
        )
        container.start_encoding()
        line = av.Packet(b"Hello")
        line.stream, line.time_base = subtitles, Fraction(1, 1000)
        line.pts = line.dts = 100
        line.duration = 500
        container.mux(line)
        for packet in source.demux():
            if not packet.size:
                continue
            audio = packet.stream.type == "audio"
            data, pts, dts = bytes(packet), packet.pts, packet.dts
            length, base = packet.duration, packet.time_base
            packet.stream = copies[packet.stream.index]
            container.mux(packet)
            if audio:
                copy = av.Packet(data)
                copy.pts, copy.dts, copy.duration, copy.time_base = pts, dts, length, base
                copy.stream = second
                container.mux(copy)
    return output


def test_every_other_stream_chapter_and_tag_is_copied(clip: Maker, tmp_path: Path) -> None:
    source = make_rich_file(tmp_path, clip(sound=True))
    output = tmp_path / "out.mkv"
    smartcrop.reframe(source, output, **FAST)
    with av.open(str(source)) as before, av.open(str(output)) as after:
        kinds = [stream.type for stream in before.streams]
        assert kinds == ["video", "audio", "audio", "subtitle", "attachment"]
        assert [stream.type for stream in after.streams] == kinds
        for old, new in zip(before.streams, after.streams, strict=True):
            assert new.disposition == old.disposition
            assert new.language == old.language
        assert after.streams.attachments[0].data == b"a font"
        titles = [chapter["metadata"]["title"] for chapter in after.chapters()]
        assert titles == ["One", "Two"]
        assert after.metadata["title"] == "A title"
        assert after.metadata["MOOD"] == "glad"
    for kind in ("audio", "subtitle"):
        assert packets(output, kind) == packets(source, kind)


def test_a_stream_that_the_container_does_not_take_is_named_in_a_warning(
    clip: Maker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = make_rich_file(tmp_path, clip(sound=True))
    smartcrop.reframe(source, tmp_path / "out.mp4", **FAST)
    warnings = [record.getMessage() for record in caplog.records]
    assert len(warnings) == 1
    assert "stream 4 (attachment font.ttf" in warnings[0]


def test_one_frame_is_enough(clip: Maker, tmp_path: Path) -> None:
    source, output = clip(frames=1), tmp_path / "out.mp4"
    assert smartcrop.reframe(source, output, **PLAIN).frames == 1
    assert times(output) == times(source)


def test_progress_is_told_for_every_frame(clip: Maker, tmp_path: Path) -> None:
    told: list[tuple[int, float, float | None]] = []
    source = clip(frames=30)
    output, options = tmp_path / "o.mp4", {**FAST, "passes": 1}
    smartcrop.reframe(source, output, progress=lambda *each: told.append(each), **options)
    assert [frames for frames, _, _ in told] == list(range(1, 31))
    assert told[-1][1] == pytest.approx(29 / 25)
    assert told[-1][2] == pytest.approx(30 / 25, abs=0.05)


def test_an_interrupt_leaves_nothing(clip: Maker, tmp_path: Path) -> None:
    source = clip(frames=60)

    def interrupt(frames: int, *_: object) -> None:
        if frames == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        smartcrop.reframe(source, tmp_path / "out.mp4", progress=interrupt, **FAST)
    assert leftovers(tmp_path, source) == []


def test_an_output_that_exists_is_replaced_only_by_a_whole_one(clip: Maker, tmp_path: Path) -> None:
    source, output = clip(), tmp_path / "out.mp4"
    output.write_text("precious")
    with pytest.raises(smartcrop.Error):
        smartcrop.reframe(source, output, codec="libx264", preset="no-such-preset")
    assert output.read_text() == "precious"
    smartcrop.reframe(source, output, **FAST)
    assert len(times(output)) == 30


def test_permissions_follow_the_umask(clip: Maker, tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    smartcrop.reframe(clip(), output, **FAST)
    plain = tmp_path / "plain"
    plain.touch()
    assert output.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("rotation", [0, 90])
def test_memory_does_not_grow_with_the_length(clip: Maker, tmp_path: Path, rotation: int) -> None:
    code = (
        "import resource, sys, smartcrop;"
        "options = {'preset': 'ultrafast', 'lookahead': 0.2, 'model': 'none'};"
        "smartcrop.reframe(sys.argv[1], sys.argv[2], **options);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    peaks = []
    for frames in (100, 600):
        source = clip(f"{frames}.mp4", frames=frames, width=640, height=360, rotation=rotation)
        command = [sys.executable, "-c", code, str(source), str(tmp_path / "out.mp4")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < 40, "MiB; 500 frames of 0.33 MiB each went by"
