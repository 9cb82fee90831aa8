# SPDX-License-Identifier: MIT
"""A stream that changes its size in mid-stream, and plans that are rendered."""

from __future__ import annotations

import json
import pathlib

import pytest
from ffmpeg_runner import Ffmpeg, lavfi, mover

PARTS = [f"s={size},format=yuvj420p" for size in ("320x240", "480x270", "320x240")]
COUNT = 40
PIPE = ["-f", "image2pipe", "-framerate", "25", "-c:v", "mjpeg", "-i"]


def write_parts(ffmpeg: Ffmpeg, path: pathlib.Path, sources: list[str]) -> None:
    """Write the sources one behind the other as one stream of pictures."""
    part = path.with_suffix(".part")
    with path.open("wb") as stream:
        for source in sources:
            chain = f"testsrc2={source}"
            encoder = ["-frames:v", str(COUNT), "-c:v", "mjpeg", "-q:v", "3", "-f", "image2pipe"]
            ffmpeg.run(*lavfi(chain), *encoder, str(part))
            stream.write(part.read_bytes())


@pytest.fixture
def changing(ffmpeg: Ffmpeg, tmp_path: pathlib.Path) -> pathlib.Path:
    """Return a stream whose picture changes its size twice."""
    path = tmp_path / "changing.mjpeg"
    write_parts(ffmpeg, path, PARTS)
    return path


def test_nothing_is_lost_where_the_size_changes_and_the_filters_stay(
    ffmpeg: Ffmpeg, changing: pathlib.Path
) -> None:
    source = ["-reinit_filter", "0", *PIPE, str(changing)]
    plain = ffmpeg.frames(source, "null", "-copyts")
    frames = ffmpeg.frames(source, "smartcrop=9/16", "-copyts")
    assert len(plain) == 120
    assert [frame.pts for frame in frames] == [frame.pts for frame in plain]
    assert len({frame.size for frame in frames}) == 1, "the output keeps its size"
    first = changing.with_name("first.mjpeg")
    write_parts(ffmpeg, first, PARTS[:1])
    assert frames[:COUNT] == ffmpeg.frames([*PIPE, str(first)], "smartcrop=9/16")
    windows = ffmpeg.metadata(source, "smartcrop=9/16")
    assert [window["h"] for window in windows[:40]] == ["240"] * 40
    assert all(abs(float(window["h"]) - 270) < 2 for window in windows[40:80])
    assert windows[80:] == windows[:40]


def test_frames_lost_with_the_filter_graph_are_reported(
    ffmpeg: Ffmpeg, changing: pathlib.Path
) -> None:
    arguments = [*PIPE, str(changing), "-vf", "smartcrop=9/16", "-fps_mode", "passthrough"]
    result = ffmpeg.run(*arguments, "-c:v", "rawvideo", "-f", "framecrc", "-", level="warning")
    passed = sum(not line.startswith("#") for line in result.stdout.splitlines())
    lines = [line for line in result.stderr.splitlines() if "were lost" in line]
    lost = sum(int(line.partition("] ")[2].split()[0]) for line in lines)
    assert passed + lost == 120
    assert len(lines) == 2 and all("-reinit_filter 0" in line for line in lines)


def test_no_frame_is_lost_with_the_filter_graph_when_live(
    ffmpeg: Ffmpeg, changing: pathlib.Path
) -> None:
    arguments = [*PIPE, str(changing), "-vf", "smartcrop=9/16:size=90x160:lookahead=0"]
    output = ["-fps_mode", "passthrough", "-c:v", "rawvideo", "-f", "framecrc", "-"]
    result = ffmpeg.run(*arguments, *output, level="warning")
    passed = sum(not line.startswith("#") for line in result.stdout.splitlines())
    lost = 120 - passed
    assert lost <= 4, "no more than the evidence's own delay"


def test_a_missing_runtime_is_said_once_also_where_the_size_changes(
    ffmpeg: Ffmpeg, changing: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = ["-reinit_filter", "0", *PIPE, str(changing)]
    without = ffmpeg.metadata(source, "smartcrop=9/16:model=none")
    ffmpeg.network = True
    monkeypatch.setenv("SMARTCROP_ONNXRUNTIME", str(changing.parent))
    result = ffmpeg.run(*source, "-vf", "smartcrop=9/16", "-f", "null", "-", level="warning")
    lines = [line for line in result.stderr.splitlines() if "smartcrop" in line.partition("]")[0]]
    assert len(lines) == 1, result.stderr
    assert "model=saliency is left out" in lines[0]
    assert ffmpeg.metadata(source, "smartcrop=9/16") == without


def test_the_built_in_network_leads_by_default(ffmpeg: Ffmpeg) -> None:
    smartcrop = pytest.importorskip("smartcrop", reason="the package tells where the runtime is")
    if not smartcrop.runtime_info().startswith("ONNX Runtime"):
        pytest.skip(smartcrop.runtime_info())
    ffmpeg.network = True
    arguments = ["-f", "null", "-"]
    result = ffmpeg.run(*mover(0.4), "-vf", "smartcrop=9/16", *arguments, level="info")
    lines = [line for line in result.stderr.splitlines() if "built-in model saliency" in line]
    assert len(lines) == 1, result.stderr
    plans = {
        chain: [
            (window["x"], window["confidence"])
            for window in ffmpeg.metadata(mover(2), f"smartcrop=9/16{chain}")
        ]
        for chain in ("", ":model=saliency", ":model=center", ":model=none")
    }
    assert plans[""] == plans[":model=saliency"]
    assert len(plans[""]) == 50
    assert len({tuple(plan) for plan in plans.values()}) == 3


def test_two_passes_render_the_plan_with_the_windows_it_names(
    ffmpeg: Ffmpeg, tmp_path: pathlib.Path
) -> None:
    windows = ffmpeg.metadata(mover(2), "smartcrop=9/16")
    width, height = int(windows[0]["w"]), int(windows[0]["h"])
    source = {"width": 320, "height": 180, "time_base": "1/25", "frames": len(windows)}
    output = {"width": width, "height": height}
    lines: list[dict[str, object]] = [
        {"type": "header", "format": "smartcrop-plan", "version": 1, "source": source}
        | {"output": output, "options": {"aspect": "9/16"}},
        {"type": "shot", "n": 0, "start_frame": 0, "end_frame": len(windows) - 1}
        | {"start": 0.0, "end": len(windows) / 25, "strategy": "follow"},
    ]
    for n in range(len(windows)):
        place = {"x": float(2 * n), "y": 0.0, "width": width, "height": height}
        frame = {"type": "frame", "n": n, "pts": n, "t": n / 25, **place}
        lines.append(frame | {"shot": 0, "confidence": 1.0})
    path = tmp_path / "a.plan"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    rendered = ffmpeg.metadata(mover(2), f"smartcrop=9/16:plan={path}")
    assert [float(window["x"]) for window in rendered] == [2.0 * n for n in range(len(windows))]
