# SPDX-License-Identifier: MIT
"""The command line, run as people run it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from conftest import DATA, PLAIN, leftovers, times

import smartcrop

Maker = Callable[..., Path]


def run(*arguments: object, **more: object) -> subprocess.CompletedProcess[bytes]:
    """Run the command; without a network, unless the arguments name one."""
    words = [str(each) for each in arguments]
    if words[0] in ("reframe", "analyze", "preview") and "--model" not in words:
        words += ["--model", "none"]
    command = [sys.executable, "-m", "smartcrop", *words]
    return subprocess.run(command, capture_output=True, check=False, timeout=120, **more)  # type: ignore[call-overload, no-any-return]


def line_of(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line of an error."""
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1, done.stderr.decode()
    assert lines[0].startswith("smartcrop: ")
    return lines[0]


def test_reframe_is_quiet_in_a_pipe(clip: Maker, tmp_path: Path) -> None:
    output = tmp_path / "out.mp4"
    done = run("reframe", clip(), output, "--aspect", "1:1", "--preset", "ultrafast")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    with av.open(str(output)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (90, 90)


def test_analyze_export_and_render_work_on_each_others_files(clip: Maker, tmp_path: Path) -> None:
    source, plan, output = clip(), tmp_path / "a.plan", tmp_path / "out.mkv"
    assert run("analyze", source, "-o", plan).returncode == 0
    assert run("render", source, plan, output, "-c", "ffv1").returncode == 0
    assert times(output) == pytest.approx([float(each) for each in times(source)], abs=0.001)
    table = run("export", plan, "--to", "csv").stdout.decode()
    assert table == smartcrop.Plan.load(plan).export("csv")
    commands = tmp_path / "commands"
    assert run("export", plan, "-o", commands).returncode == 0
    assert commands.read_text() == smartcrop.Plan.load(plan).export("sendcmd")


def test_pipes_carry_videos_and_plans(clip: Maker, tmp_path: Path) -> None:
    source = clip("in.mkv")
    done = run("reframe", "-", "-", "--preset", "ultrafast", input=source.read_bytes())
    assert done.returncode == 0
    with av.open(io.BytesIO(done.stdout)) as container:
        assert len(list(container.decode(video=0))) == 30
    plan = run("analyze", source).stdout
    assert run("export", "-", input=plan).stdout.startswith(b"# ")


def test_a_flag_reaches_the_library(clip: Maker, tmp_path: Path) -> None:
    plan = tmp_path / "a.plan"
    flags = ["--strategy", "hold", "--analysis-fps", "4", "--strict", "--smoother", "ema"]
    assert run("analyze", clip(), "-o", plan, *flags).returncode == 0
    options = smartcrop.Plan.load(plan).options
    wanted = {"strategy": "hold", "analysis_fps": 4.0, "strict": True, "smoother": "ema"}
    assert {key: options[key] for key in wanted} == wanted


def test_version_and_info_answer() -> None:
    assert run("--version").stdout.decode().strip() == f"smartcrop {smartcrop.__version__}"
    text = run("info").stdout.decode()
    for name in ("smartcrop", "Python", "PyAV", "ONNX Runtime", "models", "ffmpeg"):
        assert any(line.startswith(name) for line in text.splitlines())


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["reframe", "IN", "OUT", "--no-such-flag"], "--no-such-flag"),
        (["reframe", "IN"], "OUT"),
        (["reframe", "IN", "OUT", "--aspect", "0:1"], "aspect"),
        (["reframe", "IN", "OUT", "--lookahead", "nan"], "lookahead"),
        (["reframe", "IN", "OUT", "--lookahead", "soon"], "lookahead"),
        (["reframe", "IN", "OUT", "--strategy", "zoom"], "strategy"),
        (["reframe", "IN", "OUT", "--size", "0x0"], "size"),
        (["reframe", "IN", "OUT", "--codec", "no_such_codec"], "no_such_codec"),
        (["reframe", "IN", "OUT", "--pixel-format", "yuv9"], "yuv9"),
        (["reframe", "IN", "OUT", "--encoder-option", "novalue"], "KEY=VALUE"),
        (["reframe", "IN", "OUT", "--encoder-option", "no_such=1"], "no_such"),
        (["reframe", "IN", "OUT", "--video-stream", "3"], "3"),
        (["reframe", "IN", "OUT.unknown"], "OUT.unknown"),
        (["reframe", "IN", "OUT", "--container", "no_such"], "no_such"),
        (["frobnicate"], "frobnicate"),
        (["export", "PLAN", "--to", "poem"], "poem"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_code_2(
    clip: Maker, tmp_path: Path, arguments: list[str], word: str
) -> None:
    source, plan = clip(), tmp_path / "a.plan"
    if "PLAN" in arguments:
        smartcrop.analyze(source, **PLAIN).save(plan)
    names = {"IN": source, "OUT": tmp_path / "out.mp4", "PLAN": plan}
    names["OUT.unknown"] = tmp_path / "OUT.unknown"
    done = run(*(names.get(each, each) for each in arguments))
    assert done.returncode == 2
    assert word in line_of(done)
    assert leftovers(tmp_path, source, plan) == []


def copy_streams(source: Path, target: Path, kind: str) -> None:
    """Copy the streams of one kind into an MP4 file whose header comes first."""
    options = {"movflags": "faststart"}
    with (
        av.open(str(source)) as before,
        av.open(str(target), "w", container_options=options) as after,
    ):
        chosen = [stream for stream in before.streams if stream.type == kind]
        copies = {each.index: after.add_stream_from_template(each, opaque=True) for each in chosen}
        for packet in before.demux(chosen):
            if packet.size:
                packet.stream = copies[packet.stream.index]
                after.mux(packet)


def bad_inputs(folder: Path, clip: Maker) -> dict[str, Path]:
    whole = clip("whole.mp4", frames=60, options={"preset": "ultrafast", "g": "10"})
    data = whole.read_bytes()
    faststart = folder / "fast.mp4"
    copy_streams(whole, faststart, "video")
    files = {name: folder / f"{name}.mp4" for name in ("text", "empty", "cut", "cut_fast", "sound")}
    files["text"].write_text("this is no video\n" * 100)
    files["empty"].write_bytes(b"")
    files["cut"].write_bytes(data[: len(data) // 2])
    content = faststart.read_bytes()
    files["cut_fast"].write_bytes(content[: len(content) // 2])
    copy_streams(clip("tone.mp4", sound=True), files["sound"], "audio")
    files["missing"] = folder / "missing.mp4"
    files["folder"] = folder
    return files


@pytest.mark.parametrize(
    "kind", ["missing", "text", "empty", "cut", "cut_fast", "sound", "folder", "zero"]
)
def test_a_bad_input_is_one_line_exit_code_1_and_no_output(
    clip: Maker, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    files = bad_inputs(tmp_path, clip)
    files["zero"] = zero_frames(tmp_path, clip)
    for command in (["reframe", files[kind], folder / "out.mp4"], ["analyze", files[kind]]):
        done = run(*command)
        assert done.returncode == 1
        assert done.stdout == b""
        assert str(files[kind]) in line_of(done)
    assert leftovers(folder) == []


def zero_frames(folder: Path, clip: Maker) -> Path:
    path = folder / "zero.mkv"
    with av.open(str(clip("z.mp4"))) as source, av.open(str(path), "w") as container:
        container.add_stream_from_template(source.streams.video[0], opaque=True)
        container.start_encoding()
    return path


def test_a_model_that_is_none_is_one_line(clip: Maker, tmp_path: Path) -> None:
    source, model = clip(), tmp_path / "model.onnx"
    model.write_text("no model")
    for path in (model, tmp_path / "missing.onnx"):
        done = run("reframe", source, tmp_path / "out.mp4", "--model", path)
        assert done.returncode == 1
        assert "model" in line_of(done)
    assert leftovers(tmp_path, source, model) == []


def test_an_output_that_cannot_be_is_one_line(clip: Maker, tmp_path: Path) -> None:
    source = clip()
    outputs = [
        tmp_path / "nowhere" / "out.mp4",
        Path("/proc/out.mp4"),
        source / "out.mp4",
        tmp_path,
    ]
    for output in outputs:
        done = run("reframe", source, output)
        assert done.returncode == 1
        assert str(output) in line_of(done)
    assert leftovers(tmp_path, source) == []


def test_the_input_is_never_overwritten(clip: Maker, tmp_path: Path) -> None:
    source = clip()
    link = tmp_path / "link.mp4"
    link.hardlink_to(source)
    content = source.read_bytes()
    for target in (source, link):
        done = run("reframe", source, target)
        assert done.returncode == 1
        assert "the input itself" in line_of(done)
    assert source.read_bytes() == content


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk can be mounted only by root")
def test_a_full_disk_is_one_line_and_leaves_nothing(clip: Maker, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    source = clip(frames=120, width=640, height=360)
    command = ["mount", "-t", "tmpfs", "-o", "size=100k", "none", str(disk)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        for arguments in (
            ["reframe", source, disk / "out.mkv", "-c", "ffv1"],
            ["preview", source, "-o", disk / "out.png"],
        ):
            done = run(*arguments)
            assert done.returncode == 1
            assert "space" in line_of(done)
            assert leftovers(disk) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_closed_pipe_ends_without_a_traceback(clip: Maker) -> None:
    command = [sys.executable, "-m", "smartcrop", "analyze", str(clip(frames=200))]
    command += ["--model", "none"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        errors = process.stderr.read()
    assert b"Traceback" not in errors


@pytest.mark.skipif(not (DATA / "clips").is_dir(), reason=f"no real clips below {DATA}")
def test_a_preview_of_a_real_clip_is_a_sheet_or_a_video(tmp_path: Path) -> None:
    from PIL import Image

    sheet, video = tmp_path / "sheet.png", tmp_path / "preview.mp4"
    source = DATA / "clips" / "bikes.mp4"
    assert run("preview", source, "-o", sheet, "--cells", "9").returncode == 0
    with Image.open(sheet) as image:
        assert image.width > 800
    assert run("preview", source, "-o", video).returncode == 0
    assert len(times(video)) == len(times(source))
    assert leftovers(tmp_path, sheet, video) == []
