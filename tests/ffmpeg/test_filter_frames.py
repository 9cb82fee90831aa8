# SPDX-License-Identifier: MIT
"""Every frame passes once, with its time, its properties and the samples of its window."""

from __future__ import annotations

import itertools
import pathlib
import re

import pytest
from ffmpeg_runner import Ffmpeg, crop_of, lavfi, mover

FORMATS = [
    *(f"gray{depth}" for depth in ("", "9le", "10le", "12le", "14le", "16le", "f32le")),
    *(f"yuv{kind}p" for kind in ("410", "411", "420", "422", "440", "444")),
    *(f"yuvj{kind}p" for kind in ("420", "422", "440", "444")),
    *(f"yuv{k}p{d}le" for k in ("420", "422", "444") for d in (9, 10, 12, 14, 16)),
    *(f"yuv440p{d}le" for d in (10, 12)),
    *(f"yuva{k}p" for k in ("420", "422", "444")),
    *(f"yuva{k}p{d}le" for k in ("420", "422", "444") for d in (9, 10, 16)),
    *(f"gbrp{depth}" for depth in ("", "9le", "10le", "12le", "14le", "16le", "f32le")),
    *(f"gbrap{depth}" for depth in ("", "10le", "12le", "16le", "f32le")),
]


def windows_of(ffmpeg: Ffmpeg, source: list[str], filters: str) -> list[dict[str, str]]:
    """Return the windows and require what is true of all of them."""
    windows = ffmpeg.metadata(source, filters)
    keys = {"x", "y", "w", "h", "shot", "confidence", "strategy", "subject"}
    assert all(set(window) == keys for window in windows)
    assert all(0 <= float(window["confidence"]) <= 1 for window in windows)
    assert {window["strategy"] for window in windows} <= {"hold", "pan", "follow"}
    assert len({(window["w"], window["h"]) for window in windows}) <= 1
    return windows


@pytest.mark.parametrize("size", ["160x120", "161x121"])
@pytest.mark.parametrize("pixel_format", FORMATS)
def test_a_window_is_the_crop_of_its_place_in_every_format(
    ffmpeg: Ffmpeg, pixel_format: str, size: str
) -> None:
    source = lavfi(f"testsrc2=s={size}:r=25:d=0.3,format={pixel_format}")
    frames = ffmpeg.frames(source, "smartcrop=1:lookahead=0.1")
    windows = windows_of(ffmpeg, source, "smartcrop=1:lookahead=0.1")
    assert len(windows) == len(frames) == 8
    assert frames == ffmpeg.frames(source, crop_of(windows))


def test_a_moving_window_is_the_crop_of_its_places(ffmpeg: Ffmpeg) -> None:
    source = mover(6)
    windows = windows_of(ffmpeg, source, "smartcrop=9/16")
    assert len({window["x"] for window in windows}) > 10, "the window follows the square"
    assert ffmpeg.frames(source, "smartcrop=9/16") == ffmpeg.frames(source, crop_of(windows))


@pytest.mark.parametrize("pixel_format", ["rgb24", "bgra", "nv12", "p010le", "yuyv422", "pal8"])
def test_a_packed_format_is_converted_by_ffmpeg(ffmpeg: Ffmpeg, pixel_format: str) -> None:
    source = lavfi(f"testsrc2=s=160x120:r=25:d=0.2,format={pixel_format}")
    assert len(ffmpeg.frames(source, "smartcrop=1")) == 5


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv422p10le", "gbrp", "gray", "yuva444p"])
@pytest.mark.parametrize("option", ["subpixel=1", "size=90x160"])
def test_a_resampled_window_has_the_size_and_time_of_its_frame(
    ffmpeg: Ffmpeg, pixel_format: str, option: str
) -> None:
    source = [*mover(2), "-pix_fmt", pixel_format]
    chain = f"format={pixel_format},smartcrop=9/16:{option}"
    frames = ffmpeg.frames(mover(2), chain)
    plain = ffmpeg.frames(mover(2), f"format={pixel_format}")
    assert [(frame.pts, frame.duration) for frame in frames] == [
        (frame.pts, frame.duration) for frame in plain
    ]
    assert len({frame.size for frame in frames}) == 1
    assert len({frame.digest for frame in frames}) > 10, source


def test_uneven_times_pass_as_they_are(ffmpeg: Ffmpeg) -> None:
    times = "settb=1/1000,setpts='N*40+mod(N,3)*9+gt(N,30)*700'"
    source = lavfi(f"testsrc2=s=160x120:r=25:d=2,{times}")
    milliseconds = ["-enc_time_base", "1:1000"]
    plain = ffmpeg.frames(source, "null", *milliseconds)
    frames = ffmpeg.frames(source, "smartcrop=9/16", *milliseconds)
    assert [(frame.pts, frame.duration) for frame in frames] == [
        (frame.pts, frame.duration) for frame in plain
    ]
    assert len({b.pts - a.pts for a, b in itertools.pairwise(frames)}) > 2


def test_frames_without_times_all_pass(ffmpeg: Ffmpeg) -> None:
    chain = "setpts=NAN,smartcrop=9/16,showinfo"
    output = ["-fps_mode", "passthrough", "-f", "null", "-"]
    source = lavfi("testsrc2=s=160x120:r=25:d=1")
    text = ffmpeg.try_run(*source, "-vf", chain, *output, level="info").stderr
    assert len(re.findall(r"\] n: *\d+ pts: *NOPTS", text)) == 25, text[-2000:]


def test_times_that_jump_back_all_pass(ffmpeg: Ffmpeg) -> None:
    chain = "setpts='if(lt(N,20),N,N-10)',smartcrop=9/16,showinfo"
    output = ["-fps_mode", "passthrough", "-f", "null", "-"]
    source = lavfi("testsrc2=s=160x120:r=25:d=2")
    text = ffmpeg.try_run(*source, "-vf", chain, *output, level="info").stderr
    pts = [int(value) for value in re.findall(r"\] n: *\d+ pts: *(-?\d+)", text)]
    assert pts == [n if n < 20 else n - 10 for n in range(50)]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_an_input_of_few_frames_passes_whole(ffmpeg: Ffmpeg, count: int) -> None:
    source = lavfi(f"testsrc2=s=160x120:r=25:d=1,trim=end_frame={count}")
    result = ffmpeg.try_run(*source, "-vf", "smartcrop=9/16", "-f", "framecrc", "-")
    lines = [line for line in result.stdout.splitlines() if not line.startswith("#")]
    assert len(lines) == count
    assert "martcrop" not in result.stderr


@pytest.mark.parametrize("stop", [["-frames:v", "5"], ["-t", "0.2"]])
def test_an_early_stop_gives_the_first_frames_and_no_complaint(
    ffmpeg: Ffmpeg, stop: list[str]
) -> None:
    source = lavfi("testsrc2=s=160x120:r=25:d=20")
    whole = ffmpeg.frames(source, "smartcrop=9/16")
    assert ffmpeg.frames(source, "smartcrop=9/16", *stop) == whole[:5]
    arguments = ["-vf", "smartcrop=9/16", *stop, "-f", "null", "-"]
    assert "martcrop" not in ffmpeg.run(*source, *arguments, level="info").stderr.split("Output")[1]


def test_one_branch_may_end_before_the_other(ffmpeg: Ffmpeg) -> None:
    graph = "[0:v]split[a][b];[a]smartcrop=9/16,trim=end_frame=3[c];[b]smartcrop=1[d]"
    arguments = [*lavfi("testsrc2=s=160x120:r=25:d=2"), "-filter_complex", graph]
    first = ["-map", "[c]", "-c:v", "rawvideo", "-f", "framecrc", str(ffmpeg.folder / "c")]
    second = ["-map", "[d]", "-c:v", "rawvideo", "-f", "framecrc", str(ffmpeg.folder / "d")]
    ffmpeg.run(*arguments, *first, *second)

    def count(name: str) -> int:
        lines = (ffmpeg.folder / name).read_text().splitlines()
        return sum(not line.startswith("#") for line in lines)

    assert (count("c"), count("d")) == (3, 50)


def test_ten_bit_colour_tags_and_pixel_shape_are_kept(
    ffmpeg: Ffmpeg, tmp_path: pathlib.Path
) -> None:
    tags = "color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv"
    source = lavfi(f"testsrc2=s=320x180:r=25:d=1,format=yuv420p10,setparams={tags},setsar=16/11")
    # FFmpeg 5.1 tags the file by these, later ones by the frames.
    colours = ["-color_primaries", "bt2020", "-color_trc", "smpte2084"]
    colours += ["-colorspace", "bt2020nc", "-color_range", "tv"]
    encoder = ["-c:v", "ffv1"]
    paths = {name: tmp_path / f"{name}.mkv" for name in ("plain", "cropped")}
    ffmpeg.run(*source, *colours, *encoder, str(paths["plain"]))
    ffmpeg.run("-i", str(paths["plain"]), "-vf", "smartcrop=9/16", *encoder, str(paths["cropped"]))
    entries = "pix_fmt,color_range,color_space,color_transfer,color_primaries,sample_aspect_ratio"
    plain = ffmpeg.probe(paths["plain"], entries)
    assert plain["pix_fmt"] == "yuv420p10le"
    assert plain["color_transfer"] == "smpte2084"
    assert plain["sample_aspect_ratio"] == "16:11"
    assert ffmpeg.probe(paths["cropped"], entries) == plain
    size = ffmpeg.probe(paths["cropped"], "width,height")
    shape = int(size["width"]) * 16 / 11 / int(size["height"])
    assert abs(shape - 9 / 16) < 0.02, "the shape is that of the picture as shown"


def test_interlaced_frames_stay_interlaced(ffmpeg: Ffmpeg) -> None:
    source = lavfi("testsrc2=s=160x120:r=25:d=0.4")
    chain = "setfield=bff,smartcrop=9/16,showinfo"
    text = ffmpeg.run(*source, "-vf", chain, "-f", "null", "-", level="info").stderr
    assert len(re.findall(r"\] n: .* i:B ", text)) == 10
    windows = windows_of(ffmpeg, source, "setfield=bff,smartcrop=16/9")
    assert all(int(window["y"]) % 4 == 0 for window in windows), "the chroma's fields stay apart"


def test_side_data_that_names_places_is_dropped_and_other_is_kept(
    ffmpeg: Ffmpeg, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "in.mp4"
    ffmpeg.run(*lavfi("testsrc2=s=320x240:r=25:d=0.4"), "-c:v", "libx264", str(path))
    chain = "addroi=10:10:50:50:-1/10,{}showinfo"
    arguments = ["-f", "null", "-"]
    input_arguments = ["-i", str(path), "-vf"]
    before = ffmpeg.run(*input_arguments, chain.format(""), *arguments, level="info").stderr
    after = ffmpeg.run(
        *input_arguments, chain.format("smartcrop=9/16,"), *arguments, level="info"
    ).stderr
    assert before.lower().count("regions of interest") == 10
    assert after.lower().count("regions of interest") == 0
    unregistered = before.lower().count("unregistered")
    assert unregistered >= 1
    assert after.lower().count("unregistered") == unregistered


def test_every_real_clip_keeps_its_frames_and_times(
    ffmpeg: Ffmpeg, clips: list[pathlib.Path]
) -> None:
    for clip in clips:
        source = ["-i", str(clip)]
        plain = ffmpeg.frames(source, "null", "-copyts")
        frames = ffmpeg.frames(source, "smartcrop=9/16", "-copyts")
        assert len(frames) > 20, clip.name
        assert [(frame.pts, frame.duration) for frame in frames] == [
            (frame.pts, frame.duration) for frame in plain
        ], clip.name
