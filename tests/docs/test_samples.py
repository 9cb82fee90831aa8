# SPDX-License-Identifier: MIT
"""The samples of README and of the manual run, on clips made for them.

A block of ``sh`` is run as a script, a block of ``python`` as a program, each in a folder with the
files that the pages speak of. Blocks of ``console`` are not run: they build or install.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pages import MANUAL, ROOT, Sample, installed_core, samples

PAGES = [ROOT / "README.md", *sorted(MANUAL.glob("*.md"))]
SHELL = [each for page in PAGES for each in samples(page, "sh")]
PYTHON = [each for page in PAGES for each in samples(page, "python")]
HINT = '{"type":"hint","t":[0,0.5],"box":[10,10,60,60],"required":true}\n'


def programs() -> list[str]:
    """Return the ffmpeg with the filter that the tests were given, or that was built."""
    named = [path for path in os.environ.get("SMARTCROP_FFMPEG", "").split(":") if path]
    built = sorted(map(str, ROOT.glob("build/ffmpeg/*/bin/ffmpeg")))
    return [path for path in named or built if Path(path).is_file()]


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what the pages call in.mp4, talk.mp4 and in.ts."""
    import av
    import numpy as np

    folder = tmp_path_factory.mktemp("videos")
    for name in ("in.mp4", "talk.mp4", "in.ts"):
        with av.open(str(folder / name), "w") as container:
            video = container.add_stream("libx264", 25, options={"preset": "ultrafast"})
            video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
            sound = container.add_stream("aac", 48000)
            for number in range(15):
                picture = np.random.default_rng(3).integers(40, 60, (180, 320, 3)).astype(np.uint8)
                picture[60:120, 30 + 6 * number : 80 + 6 * number] = (220, 200, 40)
                container.mux(video.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
                tone = np.sin(np.arange(1920) * 0.06).astype(np.float32)[None]
                chunk = av.AudioFrame.from_ndarray(np.repeat(tone, 2, 0), "fltp", "stereo")
                chunk.sample_rate, chunk.pts = 48000, number * 1920
                container.mux(sound.encode(chunk))
            container.mux(video.encode(None))
            container.mux(sound.encode(None))
    return folder


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def place(videos: Path, tmp_path: Path) -> Path:
    """Return a folder in which the samples find what they name, and the commands that they call."""
    for each in videos.iterdir():
        shutil.copy(each, tmp_path)
    shutil.copy(ROOT / "export" / "weights" / "center.onnx", tmp_path / "mine.onnx")
    (tmp_path / "in.hints").write_text(HINT)
    (tmp_path / "tests" / "examples").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "examples" / "host.c", tmp_path / "tests" / "examples")
    commands = tmp_path / "commands"
    commands.mkdir()
    script(commands / "smartcrop", f'exec "{sys.executable}" -m smartcrop "$@"')
    script(commands / "make", f'exec "{shutil.which("make")}" -n -C "{ROOT}" "$@"')
    return tmp_path


def sh(sample: Sample, place: Path) -> subprocess.CompletedProcess[str]:
    path = f"{place / 'commands'}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", sample.text],
        cwd=place,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def results_of(sample: Sample) -> set[str]:
    """Return the videos, pictures and plans that a sample says it makes."""
    kinds = "mp4|mkv|png|plan|cmd|csv|edl|fcpxml|txt|jsonl"
    names = set(re.findall(rf"(?<![\w./*])[\w-]+\.(?:{kinds})\b", sample.text))
    return names - {"in.mp4", "talk.mp4"}


@pytest.mark.parametrize("sample", SHELL, ids=str)
def test_the_commands_of_a_page_run_and_leave_what_they_name(sample: Sample, place: Path) -> None:
    if "ffmpeg " in sample.text:
        if not programs():
            pytest.skip("no ffmpeg with the smartcrop filter: build one or set SMARTCROP_FFMPEG")
        script(place / "commands" / "ffmpeg", f'exec "{programs()[0]}" -y -nostdin -v error "$@"')
    if "pkg-config" in sample.text:
        installed_core(place / ".venv")
    if re.search(r"^make ", sample.text, re.M) and shutil.which("make") is None:
        pytest.skip("there is no make here")
    if "in.plan" in sample.text and "-o in.plan" not in sample.text:
        import smartcrop

        smartcrop.analyze(place / "in.mp4", model="none").save(place / "in.plan")
    done = sh(sample, place)
    assert done.returncode == 0, f"{sample}\n{done.stdout[-500:]}{done.stderr[-1500:]}"
    assert "Traceback" not in done.stderr
    for name in results_of(sample):
        assert (place / name).is_file() and (place / name).stat().st_size, f"{sample}: {name}"


@pytest.mark.parametrize("sample", PYTHON, ids=str)
def test_the_python_of_a_page_runs(sample: Sample, place: Path) -> None:
    (place / "sample.py").write_text(sample.text)
    done = subprocess.run(
        [sys.executable, "sample.py"],
        cwd=place,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{sample}\n{done.stderr[-1500:]}"


def test_the_pages_have_samples_of_every_host() -> None:
    readme = [each for each in SHELL if each.page.name == "README.md"]
    for command in ("ffmpeg ", "smartcrop ", "make ", "cc "):
        assert any(command in each.text for each in readme), command
    assert any(each.page.name == "README.md" for each in PYTHON)
