# SPDX-License-Identifier: MIT
"""What smartcrop costs on real clips, beside plain crops, as ranges over the clips.

    python -m tests.bench.speed_clips CLIP ... [--ffmpeg FFMPEG] [--repeat 5] [--seconds 20]

Each clip is joined with itself until it lasts ``--seconds``. Then five commands take turns:

middle       FFmpeg's crop of the middle
same         FFmpeg's crop of the very windows that smartcrop chose, moved by sendcmd
filter       ``ffmpeg -vf smartcrop=9/16``
reframe      ``smartcrop reframe``: two passes, whole shots in view
one pass     ``smartcrop reframe --one-pass``

All encode with x264 veryfast and write a file. A figure is the median over the rounds of the ratio
to the crop of the middle, or of the same windows; only ratios mean anything. The last rows give the
lowest and the highest over the clips, and the median.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from .speed import NO_ENCODE, Race

WAYS = ("filter", "reframe", "one pass")
COLUMNS = [(way, base, what) for way in WAYS for base in ("middle", "same") for what in ("cpu",)]
COLUMNS += [(way, "middle", "wall") for way in WAYS]
ENCODE = ["-c:v", "libx264", "-preset", "veryfast", "-an"]


def joined(ffmpeg: str, clip: Path, seconds: float, folder: Path) -> Path:
    """The clip's best video stream, again and again, without a new encode."""
    path = folder / "joined.mp4"
    source = [ffmpeg, "-v", "error", "-y", "-stream_loop", "-1", "-i", str(clip), "-an"]
    subprocess.run([*source, "-t", str(seconds), "-c", "copy", str(path)], check=True)
    return path


def same_windows(ffmpeg: str, video: Path, folder: Path) -> tuple[str, str]:
    """Chains of FFmpeg's crop: of the middle, and of the windows that smartcrop chooses."""
    printed, commands = folder / "windows.txt", folder / "windows.cmd"
    graph = f"smartcrop=9/16,metadata=print:file={printed}"
    subprocess.run([ffmpeg, "-v", "error", "-i", str(video), "-vf", graph, *NO_ENCODE], check=True)
    text = printed.read_text()
    times = [float(each) for each in re.findall(r"pts_time:([-0-9.]+)", text)]
    keys = ("x", "y", "w", "h")
    found = {key: re.findall(rf"lavfi.smartcrop.{key}=([-0-9.]+)", text) for key in keys}
    windows = list(zip(*(map(float, found[key]) for key in keys), strict=True))
    _, _, width, height = map(round, windows[0])
    # A command holds from its time on; a millisecond early is surely before its frame.
    rows = [
        f"{max(0, time - 0.001):.4f} crop x {round(x)}, crop y {round(y)};"
        for time, (x, y, _, _) in zip(times, windows, strict=True)
    ]
    commands.write_text("\n".join(rows))
    size = f"crop={width}:{height}"
    return size, f"sendcmd=f={commands},{size}:{round(windows[0][0])}:{round(windows[0][1])}"


def measured(ffmpeg: str, clip: Path, arguments: argparse.Namespace) -> list[float]:
    """The ratios of one clip, in the order of COLUMNS."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        video = joined(ffmpeg, clip, arguments.seconds, folder)
        middle, same = same_windows(ffmpeg, video, folder)
        out = str(folder / "out.mp4")
        base = [ffmpeg, "-v", "error", "-y", "-i", str(video), "-vf"]
        tool = [shutil.which("smartcrop") or "smartcrop", "reframe", str(video), out]
        tool += ["-a", "9/16", "--preset", "veryfast"]
        commands = {
            "middle": [*base, middle, *ENCODE, out],
            "same": [*base, same, *ENCODE, out],
            "filter": [*base, "smartcrop=9/16", *ENCODE, out],
            "reframe": tool,
            "one pass": [*tool, "--one-pass"],
        }
        costs = Race(commands, arguments.repeat)
        return [costs.ratio(way, other, what) for way, other, what in COLUMNS]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--ffmpeg", default=shutil.which("ffmpeg"))
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=20)
    arguments = parser.parse_args()
    titles = [f"{way}/{base}{' wall' if what == 'wall' else ''}" for way, base, what in COLUMNS]
    print(f"{'ratios; CPU unless it says wall':<32}" + "".join(f"{each:>22}" for each in titles))
    rows = []
    for clip in arguments.clips:
        rows.append(measured(arguments.ffmpeg, clip, arguments))
        print(f"{clip.stem:<32}" + "".join(f"{value:22.3f}" for value in rows[-1]), flush=True)
    for title, of in (("lowest", min), ("median", median), ("highest", max)):
        values = [of(column) for column in zip(*rows, strict=True)]
        print(f"{title:<32}" + "".join(f"{value:22.3f}" for value in values))
    return 0


if __name__ == "__main__":
    sys.exit(main())
