# SPDX-License-Identifier: MIT
"""Runs an ffmpeg that has the smartcrop filter and reads what it says about each frame."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def binaries() -> list[pathlib.Path]:
    """Return the programs to test: those in SMARTCROP_FFMPEG, else those built in build/ffmpeg."""
    named = os.environ.get("SMARTCROP_FFMPEG")
    if named:
        return [pathlib.Path(path) for path in named.split(":") if path]
    return sorted(ROOT.glob("build/ffmpeg/*/bin/ffmpeg"))


def name_of(binary: pathlib.Path) -> str:
    """Return the name of the folder that holds bin/ffmpeg, such as 7.1."""
    return binary.parent.parent.name


@dataclasses.dataclass(frozen=True)
class Frame:
    """What framemd5 and the metadata filter say of one frame that came out."""

    pts: int
    duration: int
    size: int
    digest: str


def without_network(argument: str) -> str:
    """Give each smartcrop filter of a chain that names no model the option model=none."""
    return re.sub(
        r"(^|[,;\]])smartcrop=(?!(?:[^,;\[]*:)?model=)([^,;\[]*)",
        r"\1smartcrop=\2:model=none",
        argument,
    )


class Ffmpeg:
    """One ffmpeg program; its filter runs without a network, unless a test wants one."""

    network = False

    def __init__(self, binary: pathlib.Path, folder: pathlib.Path) -> None:
        self.binary = binary
        self.probe_binary = binary.with_name("ffprobe")
        self.folder = folder

    def try_run(self, *arguments: str, level: str = "error") -> subprocess.CompletedProcess[str]:
        """Run the program and return what it printed and its exit code."""
        if not self.network:
            arguments = tuple(without_network(each) for each in arguments)
        command = [str(self.binary), "-nostdin", "-hide_banner", "-y", "-v", level, *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=300, check=False
        )

    def run(self, *arguments: str, level: str = "error") -> subprocess.CompletedProcess[str]:
        """Run the program and require that it succeeds."""
        result = self.try_run(*arguments, level=level)
        assert result.returncode == 0, f"{arguments}: {result.stderr[-2000:]}"
        return result

    def probe(self, path: pathlib.Path, entries: str) -> dict[str, str]:
        """Return entries of the first video stream by name."""
        command = [str(self.probe_binary), "-v", "error", "-select_streams", "v:0"]
        command += ["-show_entries", f"stream={entries}", "-of", "default=noprint_wrappers=1"]
        output = subprocess.run(
            [*command, str(path)], capture_output=True, text=True, check=True
        ).stdout
        return dict(line.split("=", 1) for line in output.splitlines() if "=" in line)

    def frames(self, source: list[str], filters: str, *output: str) -> list[Frame]:
        """Return every frame that leaves the filters, with its time and a digest of its pixels."""
        arguments = [*source, "-map", "0:v:0", "-vf", filters, "-fps_mode", "passthrough"]
        text = self.run(*arguments, *output, "-c:v", "rawvideo", "-f", "framemd5", "-").stdout
        frames = []
        for line in text.splitlines():
            if not line.startswith("#") and line.count(",") >= 5:
                _, _, pts, duration, size, digest = line.split(",")[:6]
                frames.append(Frame(int(pts), int(duration), int(size), digest.strip()))
        return frames

    def metadata(self, source: list[str], filters: str, *output: str) -> list[dict[str, str]]:
        """Return the filter's metadata of every frame, without the common beginning of the keys."""
        path = self.folder / "metadata.txt"
        path.unlink(missing_ok=True)
        chain = f"{filters},metadata=mode=print:file={path}"
        passthrough = ["-fps_mode", "passthrough", *output]
        self.run(*source, "-map", "0:v:0", "-vf", chain, *passthrough, "-f", "null", "-")
        frames: list[dict[str, str]] = []
        for line in path.read_text().splitlines() if path.exists() else []:
            if line.startswith("frame:"):
                frames.append({})
            elif match := re.match(r"lavfi\.smartcrop\.(\w+)=(.*)", line):
                frames[-1][match[1]] = match[2]
        return frames


def lavfi(graph: str) -> list[str]:
    """Return the input arguments for a synthetic video."""
    return ["-f", "lavfi", "-i", graph]


def mover(seconds: float, size: str = "320x180", rate: int = 25) -> list[str]:
    """Return the input arguments for a textured square that crosses a grey picture."""
    background = f"color=c=gray:s={size}:r={rate}:d={seconds}[b]"
    square = f"testsrc2=s=48x48:r={rate}:d={seconds}[o]"
    return lavfi(f"{background};{square};[b][o]overlay=x='10+40*t':y=60")


def by_frame(values: list[str], start: int = 0) -> str:
    """Return an expression of n, the number of the frame, that gives these values."""
    if len(set(values)) == 1:
        return values[0]
    middle = len(values) // 2
    left = by_frame(values[:middle], start)
    right = by_frame(values[middle:], start + middle)
    return f"if(lt(n\\,{start + middle})\\,{left}\\,{right})"


def crop_of(windows: list[dict[str, str]]) -> str:
    """Return the crop filter that cuts the same whole-sample windows."""
    for window in windows:
        assert float(window["x"]).is_integer() and float(window["y"]).is_integer(), window
    x, y = (by_frame([window[key] for window in windows]) for key in "xy")
    return f"crop=w={windows[0]['w']}:h={windows[0]['h']}:x='{x}':y='{y}':exact=1"
