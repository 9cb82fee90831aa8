# SPDX-License-Identifier: MIT
"""What smartcrop costs beside a plain crop: CPU time, wall time and memory, in one run.

    python -m tests.bench.speed [--ffmpeg build/ffmpeg/7.1/bin/ffmpeg] [--video FILE] [--repeat 5]

The commands of a comparison take turns, ``--repeat`` rounds of them, and the median of the rounds'
ratios counts, so that a noisy machine disturbs all alike; only the ratios mean anything. An encoder
works harder on a window that moves than on one that rests, so each comparison has two plain crops:
of the middle, and of the very windows that smartcrop chooses, by FFmpeg's crop and sendcmd. Without
``--video`` a 1080p clip of twenty seconds is made with ffmpeg. Memory is the peak resident size of
ffmpeg over ten seconds and over ten minutes of the same clip, looped. The time of each stage comes
from the program bench_stages where it is built (``cmake --build DIR --target
bench``).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median

ENCODE = ["-c:v", "libx264", "-preset", "veryfast", "-f", "null", "-"]
ENCODE_MEDIUM = ["-c:v", "libx264", "-f", "null", "-"]  # what ffmpeg does unless told otherwise
NO_ENCODE = ["-f", "null", "-"]


@dataclass
class Cost:
    """CPU and wall seconds, peak memory."""

    cpu: float
    wall: float
    peak_mib: float


def run(command: list[str]) -> Cost:
    """Run a command to its end and read what the system says it used."""
    start = os.times()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    wall = os.times().elapsed - start.elapsed
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


class Race:
    """The costs of several commands that took turns, round after round."""

    def __init__(self, commands: dict[str, list[str]], repeat: int) -> None:
        self.rounds = [
            {name: run(command) for name, command in commands.items()} for _ in range(repeat)
        ]

    def ratio(self, one: str, other: str, what: str = "cpu") -> float:
        """Of two costs, the median over the rounds."""
        return median(
            getattr(costs[one], what) / getattr(costs[other], what) for costs in self.rounds
        )

    def added_ms(self, one: str, other: str) -> float:
        """Milliseconds of CPU that one command needs beyond another, the median over the rounds."""
        return 1000 * median(costs[one].cpu - costs[other].cpu for costs in self.rounds)


def make_video(ffmpeg: str, path: Path) -> None:
    """Twenty seconds of 1080p with something that moves on a textured ground, as people film it."""
    source = "mandelbrot=size=2560x1440:rate=30:maxiter=200,crop=1920:1080:'320+200*sin(t)':180"
    ball = "color=orange:size=200x200:rate=30"
    graph = f"{source}[a];{ball}[b];[a][b]overlay=x='860+700*sin(t*0.7)':y=500,format=yuv420p"
    encode = ["-t", "20", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", str(path)]
    command = [ffmpeg, "-v", "error", "-filter_complex", graph, *encode]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def chosen_windows(ffmpeg: str, video: Path, options: str, path: Path) -> str:
    """A chain that crops the windows that smartcrop chooses, with its commands in a file."""
    printed = path.with_suffix(".txt")
    graph = f"smartcrop=9/16{options},metadata=print:file={printed}"
    source = [ffmpeg, "-v", "error", "-i", str(video), "-map", "0:v:0"]
    subprocess.run([*source, "-vf", graph, *NO_ENCODE], check=True, stdin=subprocess.DEVNULL)
    text = printed.read_text()
    times = [float(each) for each in re.findall(r"pts_time:([-0-9.]+)", text)]
    lefts = [int(float(each)) for each in re.findall(r"lavfi.smartcrop.x=([-0-9.]+)", text)]
    # A command holds from its time on; a millisecond early is surely before its frame.
    rows = [f"{max(0, t - 0.001):.4f} crop x {x};" for t, x in zip(times, lefts, strict=True)]
    path.write_text("\n".join(rows))
    return f"sendcmd=f={path},crop=608:1080:{lefts[0]}:0"


def comparisons() -> dict[str, tuple[str, list[str]]]:
    """Title: the size to scale to, and what follows."""
    return {
        "decode + crop": ("", NO_ENCODE),
        "decode + crop + x264 veryfast": ("", ENCODE),
        "decode + crop + x264 medium": ("", ENCODE_MEDIUM),
        "decode + crop + scale to 1080x1920 + x264": ("1080:1920", ENCODE),
    }


def print_speed(ffmpeg: str, video: Path, repeat: int, options: str, folder: Path) -> None:
    """The table of ratios."""
    head = f"{'smartcrop over a plain crop':<44}{'threads':>8}"
    print(f"{head}{'CPU':>8}{'wall':>8}{'ms/frame':>10}{'CPU, same windows':>19}")
    frames = count_frames(ffmpeg, video)
    same = chosen_windows(ffmpeg, video, options, folder / "windows.cmd")
    for title, (size, after) in comparisons().items():
        scale = f",scale={size}" if size else ""
        inside = f":size={size.replace(':', 'x')}" if size else ""
        graphs = {
            "middle": f"crop=608:1080{scale}",
            "same": f"{same}{scale}",
            "ours": f"smartcrop=9/16{options}{inside}",
        }
        for threads in ("1", "default"):
            limit = [] if threads == "default" else ["-threads", "1", "-filter_threads", "1"]
            out = [] if threads == "default" else ["-threads", "1"]
            base = [ffmpeg, "-v", "error", *limit, "-i", str(video), "-map", "0:v:0"]
            commands = {name: [*base, "-vf", graph, *out, *after] for name, graph in graphs.items()}
            costs = Race(commands, repeat)
            row = (
                f"{costs.ratio('ours', 'middle'):8.3f}{costs.ratio('ours', 'middle', 'wall'):8.3f}"
            )
            row += f"{costs.added_ms('ours', 'middle') / frames:+10.2f}"
            row += f"{costs.ratio('ours', 'same'):19.3f}"
            print(f"  {title:<42}{threads:>8}{row}", flush=True)


def print_opening(ffmpeg: str, video: Path, repeat: int, options: str) -> None:
    """What a run costs before its first frames, mostly the network's opening."""
    base = [ffmpeg, "-v", "error", "-i", str(video), "-map", "0:v:0", "-vf"]
    first = ["-frames:v", "1", *NO_ENCODE]
    graphs = {"plain": "crop=608:1080", "ours": f"smartcrop=9/16{options}:lookahead=0"}
    costs = Race({name: [*base, graph, *first] for name, graph in graphs.items()}, repeat)
    added = costs.added_ms("ours", "plain")
    print(f"once a run, before the first frame: {added:.0f} ms of CPU", flush=True)


def print_motion(ffmpeg: str, video: Path, repeat: int) -> None:
    """What motion costs, by where it is read, without a network."""
    export = ["-thread_type", "slice", "-flags2", "+export_mvs"]
    ways = {
        "plain crop": ([], "crop=608:1080"),
        "plain crop, vectors exported": (export, "crop=608:1080"),
        **{
            f"motion={way}": (export if way in ("codec", "auto") else [], way)
            for way in ("none", "proxy", "codec", "auto")
        },
    }
    commands = {}
    for name, (flags, way) in ways.items():
        chain = way if "=" in way else f"smartcrop=9/16:model=none:motion={way}"
        source = [ffmpeg, "-v", "error", "-threads", "1", "-filter_threads", "1", *flags]
        source += ["-i", str(video), "-map", "0:v:0"]
        commands[name] = [*source, "-vf", chain, "-threads", "1", *ENCODE]
    costs, frames = Race(commands, repeat), count_frames(ffmpeg, video)
    print(f"{'decode + crop + x264 veryfast, 1 thread':<44}{'CPU':>8}{'ms/frame':>10}")
    for name in commands:
        added = costs.added_ms(name, "plain crop") / frames
        print(f"  {name:<42}{costs.ratio(name, 'plain crop'):8.3f}{added:+10.2f}")


def count_frames(ffmpeg: str, video: Path) -> int:
    """Video packets of a file, by the ffprobe beside an ffmpeg."""
    probe = Path(shutil.which(ffmpeg) or ffmpeg).with_name("ffprobe")
    ask = ["-count_packets", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0"]
    command = [str(probe), "-v", "error", "-select_streams", "v:0", *ask, str(video)]
    return int(subprocess.check_output(command, text=True).strip().strip(","))


def print_memory(ffmpeg: str, video: Path, options: str) -> None:
    """Peak memory at two lengths."""
    print(f"{'peak memory, MiB':<44}{'10 s':>10}{'10 min':>10}")
    for title, graph in (
        ("plain crop", "crop=608:1080"),
        ("smartcrop", f"smartcrop=9/16{options}"),
    ):
        peaks = []
        for seconds in ("10", "600"):
            command = [
                ffmpeg,
                "-v",
                "error",
                "-stream_loop",
                "-1",
                "-i",
                str(video),
                "-map",
                "0:v:0",
            ]
            peaks.append(run([*command, "-t", seconds, "-vf", graph, *NO_ENCODE]).peak_mib)
        print(f"  {title:<42}" + "".join(f"{peak:10.1f}" for peak in peaks), flush=True)


def print_stages(ffmpeg: str, video: Path, tool: Path) -> None:
    """The table of bench_stages, on the video's decoded frames."""
    probe = Path(shutil.which(ffmpeg) or ffmpeg).with_name("ffprobe")
    ask = ["-show_entries", "stream=width,height,avg_frame_rate", "-of", "csv=p=0"]
    command = [str(probe), "-v", "error", "-select_streams", "v:0", *ask, str(video)]
    width, height, rate = subprocess.check_output(command, text=True).strip().split(",")[:3]
    fps = round(Fraction(rate))
    raw = ["-t", "20", "-pix_fmt", "yuv420p", "-f", "rawvideo", "-"]
    decode = subprocess.Popen(
        [ffmpeg, "-v", "error", "-i", str(video), "-map", "0:v:0", *raw], stdout=subprocess.PIPE
    )
    subprocess.run([str(tool), width, height, str(fps)], stdin=decode.stdout, check=True)
    decode.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    built = sorted(Path("build/ffmpeg").glob("*/bin/ffmpeg"))
    parser.add_argument("--ffmpeg", default=str(built[-1]) if built else "ffmpeg")
    parser.add_argument("--video", type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument(
        "--options", default="", help="more filter options, such as :model=net.onnx"
    )
    parser.add_argument("--no-memory", action="store_true")
    tools = sorted(Path("build").glob("*/bench_stages"))
    parser.add_argument("--stages", type=Path, default=tools[-1] if tools else None)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        video = arguments.video or Path(folder) / "made.mp4"
        if arguments.video is None:
            make_video(arguments.ffmpeg, video)
        print_speed(arguments.ffmpeg, video, arguments.repeat, arguments.options, Path(folder))
        print_opening(arguments.ffmpeg, video, arguments.repeat, arguments.options)
        print_motion(arguments.ffmpeg, video, arguments.repeat)
        if arguments.stages is not None:
            print_stages(arguments.ffmpeg, video, arguments.stages)
        if not arguments.no_memory:
            print_memory(arguments.ffmpeg, video, arguments.options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
