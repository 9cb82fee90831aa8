# SPDX-License-Identifier: MIT
"""The filter's options are the table's options, and each way to write them is understood."""

from __future__ import annotations

import pathlib
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from ffmpeg_runner import Ffmpeg, lavfi, mover

SOURCE = lavfi("testsrc2=s=320x180:r=25:d=0.4")
OPTION = re.compile(r"^   (\w+) +<(\w+)> +([A-Z.]{8,}) (.*)$")
VALUE = re.compile(r"^     (\w+) +[A-Z.]{8,} (.*)$")
TYPES = {"number": "double", "integer": "int", "bool": "boolean"}


@dataclass
class Shown:
    """An option as FFmpeg shows it."""

    name: str
    kind: str
    flags: str
    help: str
    values: dict[str, str] = field(default_factory=dict)


def shown_by(ffmpeg: Ffmpeg) -> list[Shown]:
    options: list[Shown] = []
    for line in ffmpeg.run("-h", "filter=smartcrop").stdout.splitlines():
        if found := OPTION.match(line):
            options.append(Shown(*found.groups()))
        elif found := VALUE.match(line):
            options[-1].values[found[1]] = found[2]
    return options


def table() -> list[Any]:
    """Return the rows of the table, as the installed library has them."""
    return list(pytest.importorskip("smartcrop.options").ROWS)


def test_the_help_shows_every_option_of_the_table_in_its_order_and_no_other(ffmpeg: Ffmpeg) -> None:
    shown, rows = shown_by(ffmpeg), table()
    assert len(rows) > 10
    assert [each.name for each in shown] == [row.name for row in rows]
    for each, row in zip(shown, rows, strict=True):
        stale = f"{row.name}: if options.def has changed, run ffmpeg_patch/build again"
        assert each.kind == TYPES.get(row.kind, "string"), stale
        # Whom to follow is changed by a command of its own, in words.
        live = "live" in row.roles or row.kind == "follow"
        assert ("T" in each.flags) == live, stale
        assert each.help.startswith(row.help), stale
        default = {"on": "true", "off": "false"}.get(row.default_text, row.default_text)
        assert re.search(rf'\(default "?{re.escape(default)}"?\)$', each.help), stale


def test_the_help_shows_what_each_choice_means(ffmpeg: Ffmpeg) -> None:
    for each, row in zip(shown_by(ffmpeg), table(), strict=True):
        assert each.values == row.choices, row.name


def test_the_help_shows_the_range_of_each_number(ffmpeg: Ffmpeg) -> None:
    for each, row in zip(shown_by(ffmpeg), table(), strict=True):
        if row.kind in ("number", "integer"):
            assert f"(from {row.minimum:g} to {row.maximum:g})" in each.help
            assert not row.unit or f"[{row.unit}]" in each.help


def test_every_value_of_every_choice_is_taken(ffmpeg: Ffmpeg) -> None:
    chosen = [row for row in table() if row.kind == "choice" and row.name != "device"]
    most = max(len(row.choices) for row in chosen)
    for index in range(most):
        values = [f"{row.name}={list(row.choices)[index % len(row.choices)]}" for row in chosen]
        assert len(ffmpeg.frames(SOURCE, f"smartcrop=1:model=none:{':'.join(values)}")) == 10


@pytest.mark.parametrize("colour", ["navy", "0x000080", "#000080", "#000080@1.0"])
def test_a_colour_may_be_one_of_ffmpegs_names(ffmpeg: Ffmpeg, colour: str) -> None:
    chain = "smartcrop=1/1:strategy=fit:pad=colour:model=none:pad_colour="
    wanted = ffmpeg.frames(SOURCE, f"{chain}#000080")
    if "@" not in colour:
        assert ffmpeg.frames(SOURCE, f"{chain}{colour}") == wanted
        return
    result = ffmpeg.try_run(*SOURCE, "-vf", f"{chain}{colour}", "-f", "null", "-")
    assert result.returncode != 0
    assert "pad_colour" in result.stderr


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


def test_every_live_option_and_no_other_takes_a_command(ffmpeg: Ffmpeg) -> None:
    for row in table():
        value = f"{row.maximum:g}" if row.kind in ("number", "integer") else row.default_text or "0"
        chain = f"sendcmd=c='0.1 smartcrop {row.name} {value}',smartcrop=9/16"
        result = ffmpeg.run(*SOURCE, "-vf", chain, "-f", "null", "-", level="verbose")
        taken = re.search(r"Command reply for command #\d+: ret:Success", result.stderr)
        assert bool(taken) == ("live" in row.roles), f"{row.name}: {result.stderr}"


def test_a_live_option_changes_windows_from_its_command_on(ffmpeg: Ffmpeg) -> None:
    plain = ffmpeg.metadata(mover(6), "smartcrop=9/16:lookahead=0.2")
    command = "sendcmd=c='2 smartcrop max_speed 0.01'"
    slowed = ffmpeg.metadata(mover(6), f"{command},smartcrop=9/16:lookahead=0.2")
    assert len(plain) == len(slowed) == 150
    assert [w["x"] for w in plain[:40]] == [w["x"] for w in slowed[:40]]
    assert float(plain[-1]["x"]) > float(plain[50]["x"]) + 20, "the window follows the square"
    assert float(slowed[-1]["x"]) < float(plain[-1]["x"]) - 10


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("max_speed 1000", "Numerical result out of range"),
        ("lookahead 3", "Function not implemented"),
        ("nonsense 3", "Function not implemented"),
    ],
)
def test_a_bad_command_is_refused_and_changes_nothing(
    ffmpeg: Ffmpeg, command: str, reply: str
) -> None:
    plain = ffmpeg.metadata(mover(2), "smartcrop=9/16")
    chain = f"sendcmd=c='0.5 smartcrop {command}',smartcrop=9/16"
    assert ffmpeg.metadata(mover(2), chain) == plain
    result = ffmpeg.run(*mover(2), "-vf", chain, "-f", "null", "-", level="verbose")
    assert f"Command reply for command #0: ret:{reply}" in result.stderr
    assert "ret:Success" not in result.stderr


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
    "lookahead=nan": "lookahead",
    "lookahead=-1": "lookahead",
    "lookahead=1e9": "lookahead",
    "strategy=best": "strategy: 'best' is not one of auto, hold, pan, follow, fit",
    "switch=hop": "switch: 'hop' is not one of glide, cut",
    "pad_colour=nice": "pad_colour: 'nice' is not a colour",
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
    # These are the lines that FFmpeg adds in the name of the filter.
    added = "configure output pad|Unable to parse|Value .* out of range|Cannot find color"
    lines = [
        line
        for line in result.stderr.splitlines()
        if "martcrop" in line and not re.search(added, line)
    ]
    assert len(lines) == 1, result.stderr
    assert re.search(BAD[option], lines[0])
    assert not output.exists() or output.stat().st_size < 2000


def test_a_file_that_is_no_model_fails_with_its_name(
    ffmpeg: Ffmpeg, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "picture.onnx"
    path.write_bytes(b"not a network")
    result = ffmpeg.try_run(*SOURCE, "-vf", f"smartcrop=model={path}", "-f", "null", "-")
    assert result.returncode != 0
    assert str(path) in result.stderr or "ONNX Runtime" in result.stderr


def test_a_plan_beside_options_that_it_has_decided_warns_once(
    ffmpeg: Ffmpeg, tmp_path: pathlib.Path
) -> None:
    smartcrop = pytest.importorskip("smartcrop")
    clip, plan = tmp_path / "in.mkv", tmp_path / "in.plan"
    ffmpeg.run(*SOURCE, "-c:v", "ffv1", str(clip))
    smartcrop.analyze(clip, model="none").save(plan)
    for options, named in (("zoom=3:strategy=pan", "strategy, zoom"), ("pad=edge", "")):
        chain = f"smartcrop=plan={plan}:model=saliency:{options}"
        result = ffmpeg.run("-i", str(clip), "-vf", chain, "-f", "null", "-", level="warning")
        lines = [line for line in result.stderr.splitlines() if "no effect" in line]
        assert len(lines) == bool(named), result.stderr
        assert not named or f"no effect: {named};" in lines[0]
