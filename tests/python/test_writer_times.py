# SPDX-License-Identifier: MIT
"""When the output's streams begin, and how long it lasts: as ffmpeg's own."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest
from conftest import FAST, PLAIN
from made_files import ffmpeg
from writer_files import QUICK, moving, pts_of, starts, steps, with_sound

import smartcrop
from smartcrop.video.reader import Reader

Maker = Callable[[Path], Path]
NEAR = Fraction(2, 1000)  # seconds
# By default ffmpeg moves frames to the grid of the frame rate.
AS_THEY_COME = ("-fps_mode", "passthrough", "-enc_time_base", "demux")


def far(folder: Path) -> Path:
    """A transport stream of a broadcast, hours after 0."""
    whole = with_sound(folder / "a.mp4")
    ffmpeg("-i", whole, "-c", "copy", "-output_ts_offset", 30000, folder / "far.ts")
    return folder / "far.ts"


def wrapping(folder: Path) -> Path:
    """A transport stream whose 33 bits wrap in the middle: its first times are below 0."""
    whole = with_sound(folder / "a.mp4")
    ffmpeg("-i", whole, "-c", "copy", "-output_ts_offset", 95441.9, folder / "wrap.ts")
    return folder / "wrap.ts"


def late(folder: Path) -> Path:
    """A Matroska file that begins late, as a cut out of a recording does."""
    whole = with_sound(folder / "a.mp4")
    ffmpeg("-i", whole, "-c", "copy", "-output_ts_offset", 2.52, folder / "late.mkv")
    return folder / "late.mkv"


def late_sound(folder: Path) -> Path:
    """A file whose sound begins after its picture."""
    whole = with_sound(folder / "a.mp4")
    second = ("-itsoffset", 0.2, "-i", whole)
    ffmpeg("-i", whole, *second, "-map", "0:v", "-map", "1:a", "-c", "copy", folder / "s.mkv")
    return folder / "s.mkv"


def late_picture(folder: Path) -> Path:
    """A file whose picture begins after its sound, by an edit list."""
    whole = with_sound(folder / "a.mp4")
    second = ("-itsoffset", 0.24, "-i", whole)
    ffmpeg("-i", whole, *second, "-map", "1:v", "-map", "0:a", "-c", "copy", folder / "p.mp4")
    return folder / "p.mp4"


def own(folder: Path) -> Path:
    """A transport stream that smartcrop itself wrote."""
    smartcrop.reframe(with_sound(folder / "a.mp4"), folder / "own.ts", aspect="1:1", **FAST)
    return folder / "own.ts"


MAKERS: list[Maker] = [far, wrapping, late, late_sound, late_picture, own]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov", ".ts"])
@pytest.mark.parametrize("make", MAKERS, ids=lambda each: each.__name__)
def test_streams_begin_as_far_apart_as_ffmpeg_writes_them(
    tmp_path: Path, make: Maker, suffix: str
) -> None:
    source = make(tmp_path)
    output, reference = tmp_path / f"out{suffix}", tmp_path / f"ref{suffix}"
    smartcrop.reframe(source, output, **FAST)
    crop = ("-vf", "crop=50:90", *QUICK, *AS_THEY_COME, "-c:a", "copy")
    ffmpeg("-i", source, *crop, reference)
    assert len(pts_of(output)) == len(pts_of(reference)) == len(pts_of(source))
    given, wanted = starts(output), starts(reference)
    apart = given["video"] - given["audio"]
    assert abs(apart - (wanted["video"] - wanted["audio"])) <= NEAR
    assert max(abs(step - Fraction(1, 25)) for step in steps(output)) <= Fraction(1, 1000)
    with av.open(str(output)) as new, av.open(str(reference)) as old:
        assert abs(new.duration - old.duration) <= 25_000
        assert abs(new.start_time - old.start_time) <= 25_000


def test_a_render_of_a_plan_begins_at_0_too(tmp_path: Path) -> None:
    source = far(tmp_path)
    plan = tmp_path / "a.plan"
    smartcrop.analyze(source, **PLAIN).save(plan)
    smartcrop.reframe(source, tmp_path / "out.mp4", plan=str(plan), preset="ultrafast")
    assert pts_of(tmp_path / "out.mp4")[0] < Fraction(1, 10)
    assert len(pts_of(tmp_path / "out.mp4")) == len(pts_of(source))


def test_chapters_move_with_the_streams(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=300\ntitle=One\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=300\nEND=600\ntitle=Two\n"
    )
    plain = tmp_path / "plain.mkv"
    ffmpeg(*moving(), "-i", tmp_path / "c.txt", "-map_chapters", 1, *QUICK, plain)
    source = tmp_path / "late.mkv"
    with av.open(str(plain)) as old, av.open(str(source), "w") as new:
        stream = new.add_stream_from_template(old.streams.video[0], opaque=True)
        later = int(2 / old.chapters()[0]["time_base"])
        new.set_chapters(
            [
                {**each, "start": each["start"] + later, "end": each["end"] + later}
                for each in old.chapters()
            ]
        )
        for packet in old.demux():
            if packet.size:
                packet.pts, packet.dts = packet.pts + 2000, packet.dts + 2000
                packet.stream = stream
                new.mux(packet)
    smartcrop.reframe(source, tmp_path / "out.mkv", **FAST)
    with av.open(str(tmp_path / "out.mkv")) as container:
        spans = [(each["start"], each["end"]) for each in container.chapters()]
        base = container.chapters()[0]["time_base"]
    assert [float(start * base) for start, _ in spans] == pytest.approx([0, 0.3], abs=0.002)


def test_frames_of_an_avi_lie_on_its_grid(tmp_path: Path) -> None:
    source = tmp_path / "vfr.mkv"
    ffmpeg(*moving(1, ",select='not(eq(mod(n,7),3))'"), *QUICK, "-fps_mode", "vfr", source)
    smartcrop.reframe(source, tmp_path / "out.avi", **FAST)
    with Reader(tmp_path / "out.avi") as reader:
        times = [frame.pts * frame.time_base for frame in reader.frames()]
    assert times == pts_of(source)
    with av.open(str(tmp_path / "out.avi")) as container:
        assert container.streams.video[0].average_rate == 25
