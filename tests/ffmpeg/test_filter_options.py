# SPDX-License-Identifier: MIT
"""The filter's options are the table's options, and each way to write them is understood."""

from __future__ import annotations

import pathlib
import re

import pytest
from ffmpeg_runner import ROOT, Ffmpeg, lavfi, mover

SOURCE = lavfi("testsrc2=s=320x180:r=25:d=0.4")
ROW = re.compile(
    r"^SC_(NUMBER|INTEGER|BOOL|STRING|CHOICE)(?:_AS\(\w+, )?\s*\(?"
    r'"?(\w+)"?, *("[^"]*"|[^,]*), *(.*)\)$'
)


def table() -> list[tuple[str, str, str, str]]:
    """Return kind, name, default and the rest of every row of options.def."""
    lines = (ROOT / "csrc/include/smartcrop/options.def").read_text().splitlines()
    matches = [match for line in lines if (match := ROW.match(line.strip()))]
    return [(match[1], match[2], match[3].strip('"'), match[4]) for match in matches]


def test_the_help_shows_every_option_of_the_table_in_its_order_and_no_other(ffmpeg: Ffmpeg) -> None:
    shown = re.findall(
        r"^   (\w+) +<(\w+)> +([A-Z.]{8,}) (.*)$", ffmpeg.run("-h", "filter=smartcrop").stdout, re.M
    )
    rows = table()
    assert len(rows) > 10
    assert [name for name, *_ in shown] == [name for _, name, *_ in rows]
    types = {"NUMBER": "double", "INTEGER": "int", "BOOL": "boolean"}
    for (name, kind, flags, help_text), (row_kind, _, default, rest) in zip(
        shown, rows, strict=True
    ):
        assert kind == types.get(row_kind, "string"), name
        assert ("T" in flags) == ("SMARTCROP_OPTION_LIVE" in rest), name
        if row_kind != "BOOL":
            stale = f"{name}: if options.def has changed, run ffmpeg_patch/build again"
            assert re.search(rf"\(default \"?{re.escape(default)}\"?\)$", help_text), stale
        sentence = re.findall(r'"([^"]*)"', rest)[-1]
        assert help_text.startswith(sentence), name


@pytest.mark.parametrize(
    "form", ["9/16", "9x16", "9:16", r"9\:16", r"9\\:16", "0.5625", "aspect=9/16", "aspect=9x16"]
)
def test_every_form_of_an_aspect_gives_the_same_picture(ffmpeg: Ffmpeg, form: str) -> None:
    wanted = ffmpeg.frames(SOURCE, "smartcrop=aspect=0.5625")
    assert len(wanted) == 10
    assert ffmpeg.frames(SOURCE, f"smartcrop={form}") == wanted


def test_options_may_follow_the_aspect(ffmpeg: Ffmpeg) -> None:
    assert len(ffmpeg.frames(SOURCE, "smartcrop=1:lookahead=0:strategy=hold")) == 10


@pytest.mark.parametrize(
    ("size", "width", "height"), [("90x160", 90, 160), ("hd720", 1280, 720), ("qcif", 176, 144)]
)
def test_size_takes_numbers_and_the_names_of_ffmpeg(
    ffmpeg: Ffmpeg, size: str, width: int, height: int
) -> None:
    frames = ffmpeg.frames(SOURCE, f"smartcrop=size={size},format=gray")
    assert {frame.size for frame in frames} == {width * height}


def test_a_live_option_changes_windows_from_its_command_on(ffmpeg: Ffmpeg) -> None:
    plain = ffmpeg.metadata(mover(6), "smartcrop=9/16:lookahead=0.2")
    command = "sendcmd=c='2 smartcrop max_speed 0.01'"
    slowed = ffmpeg.metadata(mover(6), f"{command},smartcrop=9/16:lookahead=0.2")
    assert len(plain) == len(slowed) == 150
    assert [w["x"] for w in plain[:40]] == [w["x"] for w in slowed[:40]]
    assert float(plain[-1]["x"]) > float(plain[50]["x"]) + 20, "the window follows the square"
    assert float(slowed[-1]["x"]) < float(plain[-1]["x"]) - 10


@pytest.mark.parametrize(
    ("command", "complaint"),
    [("max_speed 1000", "out of range"), ("lookahead 3", ""), ("nonsense 3", "")],
)
def test_a_bad_command_is_refused_and_changes_nothing(
    ffmpeg: Ffmpeg, command: str, complaint: str
) -> None:
    plain = ffmpeg.metadata(mover(2), "smartcrop=9/16")
    chain = f"sendcmd=c='0.5 smartcrop {command}',smartcrop=9/16"
    assert ffmpeg.metadata(mover(2), chain) == plain
    result = ffmpeg.run(*mover(2), "-vf", chain, "-f", "null", "-", level="verbose")
    assert complaint in result.stderr
    assert not re.search(r"ret:Success", result.stderr)


def test_buffer_shrinks_the_lookahead_and_says_so_once(ffmpeg: Ffmpeg) -> None:
    source = lavfi("testsrc2=s=640x360:r=25:d=4")
    chain = "smartcrop=9/16:buffer=4"
    result = ffmpeg.run(*source, "-vf", chain, "-f", "null", "-", level="warning")
    lines = [line for line in result.stderr.splitlines() if "look-ahead" in line]
    assert len(lines) == 1, result.stderr
    match = re.search(r"buffer=4 holds (\d+) frames.* is ([\d.]+) s instead of 1.50 s", lines[0])
    assert match, lines[0]
    assert int(match[1]) == 4 * 2**20 // (640 * 360 * 3 // 2)
    assert 0 <= float(match[2]) < int(match[1]) / 25
    assert len(ffmpeg.frames(source, chain)) == 100
    advised = re.search(r"(\d+) would hold it all", lines[0])
    assert advised
    enough = f"smartcrop=9/16:buffer={advised[1]}"
    result = ffmpeg.run(*source, "-vf", enough, "-f", "null", "-", level="warning")
    assert "look-ahead" not in result.stderr
    assert ffmpeg.frames(source, enough) == ffmpeg.frames(source, "smartcrop=9/16")


def test_a_rate_that_is_a_clock_does_not_shrink_the_lookahead(ffmpeg: Ffmpeg) -> None:
    source = lavfi("testsrc2=s=640x360:r=1000:d=3")
    filters = "select='not(mod(n,40))',smartcrop=9/16:buffer=64"
    chain = ["-vf", filters, "-fps_mode", "passthrough"]
    assert "martcrop" not in ffmpeg.run(*source, *chain, "-f", "null", "-", level="warning").stderr
    assert len(ffmpeg.frames(source, filters)) == 75


def test_a_frame_above_the_buffer_still_passes(ffmpeg: Ffmpeg) -> None:
    source = lavfi("testsrc2=s=1280x720:r=25:d=1")
    assert len(ffmpeg.frames(source, "smartcrop=9/16:buffer=1")) == 25


BAD = {
    "aspect=0/1": "aspect: '0/1'",
    "aspect=nan": "aspect: 'nan'",
    "aspect=-9/16": "aspect: '-9/16'",
    "aspect=tall": "aspect: 'tall'",
    "aspect=1/100000": "has no pixels",
    "size=12": "size: '12'",
    "size=0x0": "size: '0x0'",
    "size=huge": "size: 'huge'",
    "aspect=9/16:size=300x300": "aspect 9/16 and size 300x300 are two different shapes",
    "size=320x180:aspect=1": "aspect 1 and size 320x180 are two different shapes",
    "lookahead=nan": "lookahead|nan",
    "lookahead=-1": "lookahead",
    "lookahead=1e9": "lookahead",
    "strategy=best": "strategy: 'best'",
    "smother=ema": "smother",
    "model=/no/such/model.onnx": "/no/such/model.onnx",
    "model=foo": "model foo: there is no such file, and the built-in models are saliency, center",
    "plan=/no/such/file.plan": "/no/such/file.plan",
}


@pytest.mark.parametrize("option", BAD)
def test_a_bad_option_fails_with_one_line_that_names_it(
    ffmpeg: Ffmpeg, tmp_path: pathlib.Path, option: str
) -> None:
    output = tmp_path / "out.mkv"
    chain = ["-vf", f"smartcrop={option}", "-c:v", "rawvideo"]
    result = ffmpeg.try_run(*SOURCE, *chain, str(output))
    assert result.returncode != 0
    lines = [line for line in result.stderr.splitlines() if re.search(BAD[option], line)]
    own = [line for line in lines if "martcrop" in line.partition("]")[0] or "applying" in line]
    assert len(lines) >= 1, result.stderr
    assert len(own) <= 2, result.stderr
    assert not output.exists() or output.stat().st_size < 2000


def test_a_file_that_is_no_model_fails_with_its_name(
    ffmpeg: Ffmpeg, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "picture.onnx"
    path.write_bytes(b"not a network")
    result = ffmpeg.try_run(*SOURCE, "-vf", f"smartcrop=model={path}", "-f", "null", "-")
    assert result.returncode != 0
    assert str(path) in result.stderr or "ONNX Runtime" in result.stderr
