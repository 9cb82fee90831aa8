# SPDX-License-Identifier: MIT
"""What `smartcrop reframe` keeps of a file, beside what `ffmpeg -vf crop` keeps of it.

    python -m tests.bench.kept [CLIP ...] [--ffmpeg FFMPEG] [--only WORD]

Both crop to the same size and copy every other stream; ffmpeg runs with -fps_mode passthrough and
the clock of its input. Generated clips come after the CLIPs. The table says of each clip:

frames      how many frames both have
steps       the largest difference of a step from one frame to the next, in milliseconds
distance    the largest difference of the time from the video to a packet of another stream
packets     whether the packets of all other streams are the same
tags        which tags differ, ours / ffmpeg's: colours, pixel shape, dispositions, languages,
            chapters, metadata
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

import smartcrop

from .kept_clips import CASES, CannotMake, Case, Maker

# Matroska counts milliseconds, and ffmpeg the edits of MP4: half of one at each of two ends, and a
# sample of the sound.
TOLERANCE_MS = 1.1
NOT_COMPARED = {"encoder", "major_brand", "minor_version", "compatible_brands", "vendor_id"}
NOT_COMPARED |= {"duration", "creation_time", "handler_name", "timecode"}


@dataclass
class Kept:
    """What a file holds, as far as it is compared."""

    times: list[Fraction]
    # Of each other stream: its time and content of each packet.
    packets: list[list[tuple[Fraction, bytes]]]
    tags: dict[str, object] = field(default_factory=dict)


def read(path: Path) -> Kept:
    """Read a file with PyAV, all streams."""
    with av.open(str(path), metadata_errors="replace") as container:
        video = next(each for each in container.streams.video if not _is_cover(each))
        # (a cover has no time of its own; ffmpeg may make it a video stream)
        others = [each for each in container.streams if each.type != "video"]
        packets: dict[int, list[tuple[Fraction, bytes]]] = {each.index: [] for each in others}
        frames: list[av.VideoFrame] = []
        for packet in container.demux():
            if packet.stream.index == video.index:
                frames += packet.decode()
            elif packet.size and packet.stream.type != "video":
                stamp = packet.pts if packet.pts is not None else packet.dts
                packets[packet.stream.index].append((stamp * packet.time_base, bytes(packet)))
        times = [frame.pts * video.time_base for frame in frames]
        rows = list(packets.values())
        return Kept(times, rows, _tags(container, video, frames[0]))


def _is_cover(stream: av.stream.Stream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _tags(container: Any, video: av.VideoStream, frame: av.VideoFrame) -> dict[str, object]:
    sar = video.sample_aspect_ratio or video.codec_context.sample_aspect_ratio
    first = frame.pts * video.time_base
    found: dict[str, object] = {
        "size": (frame.width, frame.height),
        "pixel shape": sar or Fraction(1),
        "matrix": int(frame.colorspace),
        # (ffmpeg names the range of YUV where the input leaves it out)
        "range": int(frame.color_range) or int(not frame.format.is_rgb),
        "primaries": int(frame.color_primaries),
        "transfer": int(frame.color_trc),
        "interlaced": frame.interlaced_frame,
        "format": frame.format.name,
        "rotation": frame.rotation,
        "HDR": sorted(
            each.type.name
            for each in frame.side_data
            if each.type.name in ("MASTERING_DISPLAY_METADATA", "CONTENT_LIGHT_LEVEL")
        ),
        "metadata": _kept(container.metadata),
        "chapters": [
            (_from(first, each, "start"), _from(first, each, "end"), each["metadata"])
            for each in container.chapters()
        ],
    }
    for number, stream in enumerate(container.streams):
        codec = stream.codec_context.name if stream.codec_context else ""
        found[f"stream {number}"] = (stream.type, "" if stream.index == video.index else codec)
        found[f"language {number}"] = stream.language
        found[f"disposition {number}"] = int(stream.disposition)
        found[f"metadata {number}"] = _kept(stream.metadata)
    return found


def _from(first: Fraction, chapter: Any, end: str) -> int:
    """Milliseconds from the first frame to an end of a chapter."""
    return round((chapter[end] * chapter["time_base"] - first) * 1000)


def _kept(tags: dict[str, str]) -> dict[str, str]:
    return {
        key.lower(): value
        for key, value in tags.items()
        if key.split("-")[0].lower() not in NOT_COMPARED
    }


def cropped_by_ffmpeg(ffmpeg: str, source: Path, output: Path, codec: str, like: Kept) -> None:
    """Crop with ffmpeg, to the same size and with the same streams as reframe."""
    with av.open(str(source)) as container:
        best = container.streams.best("video").index
        chosen = [
            each.index
            for each in container.streams
            if each.type != "video" or each.index == best or _is_cover(each)
        ]
        kinds = {each.index: each.type for each in container.streams}
    chosen = [index for index in chosen if kinds[index] != "data"]
    maps = [part for index in chosen for part in ("-map", f"0:{index}")]
    width, height = like.tags["size"]  # type: ignore[misc]
    at = chosen.index(best)
    encoder = [f"-c:{at}", codec]
    encoder += ["-preset", "ultrafast"] if codec in ("libx264", "libx265") else []
    encoder += ["-x265-params", "log-level=error"] if codec == "libx265" else []
    encoder += ["-pix_fmt", str(like.tags["format"])]
    head = (
        [ffmpeg, "-v", "error", "-nostdin", "-y", "-safe", "0"]
        if source.suffix == ".ffconcat"
        else [ffmpeg, "-v", "error", "-nostdin", "-y"]
    )
    command = [*head, "-i", str(source), *maps, "-c", "copy", *encoder]
    command += [f"-filter:{at}", f"crop={width}:{height}", "-fps_mode", "passthrough"]
    subprocess.run([*command, "-enc_time_base", "demux", str(output)], check=True)


@dataclass
class Row:
    """One clip in the table."""

    frames: tuple[int, int]
    steps_ms: float
    distance_ms: float
    same_packets: bool
    tags: dict[str, tuple[object, object]]
    case: Case

    @property
    def is_equal(self) -> bool:
        return self.is_right and not self.tags

    @property
    def is_right(self) -> bool:
        """Whether all is equal but what ffmpeg itself keeps less well, as the case says."""
        same = self.frames[0] == self.frames[1] and self.same_packets
        within = max(self.steps_ms, self.distance_ms) <= TOLERANCE_MS
        return same and within and set(self.tags) <= self.case.differs

    def __str__(self) -> str:
        ours, theirs = self.frames
        frames = str(ours) if ours == theirs else f"{ours} / {theirs}"
        packets = "same" if self.same_packets else "differ"
        verdict = "equal" if self.is_equal else "differs"
        tags = ", ".join(self.tags) or "same"
        reason = self.case.reason if self.tags else ""
        parts = (
            self.case.name,
            frames,
            f"{self.steps_ms:.1f}",
            f"{self.distance_ms:.1f}",
            packets,
            tags,
        )
        return "| " + " | ".join((*parts, verdict, reason)) + " |"


HEAD = """| clip | frames | steps, ms | distance, ms | packets | tags | in all | why |
|---|---|---|---|---|---|---|---|"""


def compare(case: Case, ours: Kept, theirs: Kept) -> Row:
    """Compare two results of one clip."""
    steps = [_milliseconds(a - b) for a, b in zip(_steps(ours), _steps(theirs), strict=False)]
    distance = [
        _milliseconds((a - ours.times[0]) - (b - theirs.times[0]))
        for mine, other in zip(ours.packets, theirs.packets, strict=False)
        for (a, _), (b, _) in zip(mine, other, strict=False)
    ]
    same = [[data for _, data in each] for each in ours.packets] == [
        [data for _, data in each] for each in theirs.packets
    ]
    tags = {
        key: (ours.tags.get(key), theirs.tags.get(key))
        for key in {**ours.tags, **theirs.tags}
        if ours.tags.get(key) != theirs.tags.get(key)
    }
    frames = (len(ours.times), len(theirs.times))
    return Row(frames, max(steps, default=0), max(distance, default=0), same, tags, case)


def _steps(kept: Kept) -> list[Fraction]:
    return [b - a for a, b in zip(kept.times, kept.times[1:], strict=False)]


def _milliseconds(seconds: Fraction) -> float:
    return abs(float(seconds * 1000))


def row_of(case: Case, source: Path, ffmpeg: str, folder: Path) -> Row:
    """Reframe a clip, crop it with ffmpeg, and compare."""
    ours, theirs = (folder / f"{who}{case.output}" for who in ("ours", "theirs"))
    preset = "ultrafast" if case.codec in ("libx264", "libx265") else None
    smartcrop.reframe(
        source, ours, codec=case.codec, preset=preset, aspect="9/16", model="none", passes=1
    )
    kept = read(ours)
    cropped_by_ffmpeg(ffmpeg, source, theirs, case.codec, kept)
    return compare(case, kept, read(theirs))


def generated(ffmpeg: str, cases: list[Case]) -> Iterator[tuple[Case, Row | str]]:
    """Make each clip and compare; gives a line where this ffmpeg cannot make it."""
    for case in cases:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            try:
                source = case.make(Maker(ffmpeg, folder))
            except CannotMake as error:
                yield case, f"cannot be made: {error}"
                continue
            try:
                yield case, row_of(case, source, ffmpeg, folder)
            except (smartcrop.Error, subprocess.CalledProcessError) as error:
                yield case, f"failed: {error}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--ffmpeg", default=shutil.which("ffmpeg"))
    parser.add_argument("--only", default="", help="generated clips with this in their name")
    arguments = parser.parse_args()
    print(HEAD)
    bad = 0
    for clip in arguments.clips:
        with tempfile.TemporaryDirectory() as name:
            case = Case(clip.name, lambda _: clip, ".mp4")  # noqa: B023 (called at once)
            row = row_of(case, clip, arguments.ffmpeg, Path(name))
            bad += not row.is_right
            print(row, flush=True)
    cases = [case for case in CASES if arguments.only in case.name]
    for case, found in generated(arguments.ffmpeg, cases):
        bad += isinstance(found, str) or not found.is_right
        print(found if isinstance(found, Row) else f"| {case.name} | {found} |||||||", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
