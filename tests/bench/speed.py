# SPDX-License-Identifier: MIT
"""What smartcrop costs beside a plain crop: CPU time, wall time and memory, in one run.

    python tests/bench/speed.py [--ffmpeg build/ffmpeg/7.1/bin/ffmpeg] [--video FILE] [--repeat 5]

The commands of a comparison take turns, and each keeps its best of ``--repeat`` runs, so that a
noisy machine disturbs both alike; only the ratios mean anything. Without ``--video`` a 1080p clip
of ten seconds is made with ffmpeg. Memory is the peak resident size of ffmpeg over ten seconds and
over ten minutes of the same clip, looped. The time of each stage comes from the program
bench_stages where it is built (``cmake --build DIR --target bench``).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

ENCODE = ["-c:v", "libx264", "-preset", "veryfast", "-f", "null", "-"]
ENCODE_MEDIUM = ["-c:v", "libx264", "-f", "null", "-"]  # what ffmpeg does unless told otherwise
NO_ENCODE = ["-f", "null", "-"]


@dataclass
class Cost:
    """Best CPU and wall seconds, greatest peak memory."""

    cpu: float = float("inf")
    wall: float = float("inf")
    peak_mib: float = 0


def run(command: list[str]) -> Cost:
    """Run a command to its end and read what the system says it used."""
    start = os.times()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    wall = os.times().elapsed - start.elapsed
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def race(commands: dict[str, list[str]], repeat: int) -> dict[str, Cost]:
    """The commands in turns, the best of each."""
    best = {name: Cost() for name in commands}
    for _ in range(repeat):
        for name, command in commands.items():
            cost, kept = run(command), best[name]
            kept.cpu, kept.wall = min(kept.cpu, cost.cpu), min(kept.wall, cost.wall)
            kept.peak_mib = max(kept.peak_mib, cost.peak_mib)
    return best


def make_video(ffmpeg: str, path: Path) -> None:
    """Ten seconds of 1080p with something that moves on a textured ground, as people film it."""
    source = "mandelbrot=size=2560x1440:rate=30:maxiter=200,crop=1920:1080:'320+200*sin(t)':180"
    ball = "color=orange:size=200x200:rate=30"
    graph = f"{source}[a];{ball}[b];[a][b]overlay=x='860+700*sin(t*0.7)':y=500,format=yuv420p"
    encode = ["-t", "10", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", str(path)]
    command = [ffmpeg, "-v", "error", "-filter_complex", graph, *encode]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def comparisons(options: str) -> dict[str, tuple[str, str, list[str]]]:
    """Title: the plain filter, ours, what follows."""
    ours = f"smartcrop=9/16{options}"
    plain = "crop=608:1080"
    return {
        "decode + crop": (plain, ours, NO_ENCODE),
        "decode + crop + x264 veryfast": (plain, ours, ENCODE),
        "decode + crop + x264 medium": (plain, ours, ENCODE_MEDIUM),
        "decode + crop + scale to 1080x1920 + x264": (
            f"{plain},scale=1080:1920",
            f"{ours}:size=1080x1920",
            ENCODE,
        ),
    }


def print_speed(ffmpeg: str, video: Path, repeat: int, options: str) -> None:
    """The table of ratios."""
    print(f"{'smartcrop over plain crop':<44}{'threads':>8}{'CPU':>8}{'wall':>8}{'ms/frame':>10}")
    frames = count_frames(ffmpeg, video)
    for title, (plain, ours, after) in comparisons(options).items():
        for threads in ("1", "default"):
            limit = [] if threads == "default" else ["-threads", "1", "-filter_threads", "1"]
            out = [] if threads == "default" else ["-threads", "1"]
            base = [ffmpeg, "-v", "error", *limit, "-i", str(video), "-map", "0:v:0"]
            costs = race(
                {
                    "plain": [*base, "-vf", plain, *out, *after],
                    "ours": [*base, "-vf", ours, *out, *after],
                },
                repeat,
            )
            a, b = costs["plain"], costs["ours"]
            added = 1000 * (b.cpu - a.cpu) / frames
            row = f"{b.cpu / a.cpu:8.3f}{b.wall / a.wall:8.3f}{added:+10.2f}"
            print(f"  {title:<42}{threads:>8}{row}", flush=True)


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
    costs = race(commands, repeat)
    base, frames = costs["plain crop"].cpu, count_frames(ffmpeg, video)
    print(f"{'decode + crop + x264 veryfast, 1 thread':<44}{'CPU':>8}{'ms/frame':>10}")
    for name, cost in costs.items():
        added = 1000 * (cost.cpu - base) / frames
        print(f"  {name:<42}{cost.cpu / base:8.3f}{added:+10.2f}")


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
        print_speed(arguments.ffmpeg, video, arguments.repeat, arguments.options)
        print_motion(arguments.ffmpeg, video, arguments.repeat)
        if arguments.stages is not None:
            print_stages(arguments.ffmpeg, video, arguments.stages)
        if not arguments.no_memory:
            print_memory(arguments.ffmpeg, video, arguments.options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
