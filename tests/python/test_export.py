# SPDX-License-Identifier: MIT
"""Plans for editing programs, read back with the libraries for their formats."""

from __future__ import annotations

import builtins
import importlib.util
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from conftest import PLAIN
from plans import made_plan
from test_cli import line_of, run
from test_plan import FFMPEG, picture_hashes

import smartcrop
from smartcrop.plans.formats.keyframes import key_frames, simplified
from smartcrop.plans.formats.media import Media

Maker = Callable[..., Path]
FILM = Fraction(24000, 1001)
# Fits no constant rate: each third frame comes late.
UNEVEN = [index * 512 + (index % 3 == 2) * 200 for index in range(120)]


# ---- key frames ----


def test_key_frames_lie_within_the_tolerance_and_are_few() -> None:
    seed = 7
    random = np.random.default_rng(seed)
    at = np.cumsum(random.uniform(0.5, 2, 400))
    values = np.stack([np.cumsum(random.normal(0, 0.3, 400)), 100 * np.sin(at / 90)], axis=1)
    kept = simplified(at, values, 0.5)
    for column in values.T:
        line = np.interp(at, at[kept], column[kept])
        assert np.abs(line - column).max() <= 0.5 + 1e-9, f"seed {seed}"
    assert kept[0] == 0
    assert kept[-1] == 399
    assert len(kept) < 120


def test_a_straight_line_needs_its_ends_only() -> None:
    at = np.array([0.0, 1, 4, 5, 9])
    assert simplified(at, np.stack([3 * at, -at], axis=1), 0.5) == [0, 4]


def test_a_straight_move_on_whole_samples_needs_few_key_frames() -> None:
    plan = made_plan()
    media = Media.of(plan)
    counts = [len(key_frames(plan, shot, media)) for shot in plan.shots]
    assert counts == [1, 3, 2]


# ---- time ----


@pytest.mark.parametrize(
    ("time_base", "rate"),
    [
        (Fraction(1, 24000), FILM),
        (Fraction(1, 1000), FILM),
        (Fraction(1, 90000), Fraction(60000, 1001)),
        (Fraction(1, 1000), Fraction(30)),
        (Fraction(1, 12800), Fraction(25)),
        (Fraction(1, 600), Fraction(15)),
        (Fraction(1, 10000), Fraction(1000, 77)),
    ],
)
def test_the_rate_is_found_behind_rounded_time_stamps(time_base: Fraction, rate: Fraction) -> None:
    media = Media.of(made_plan(rate, time_base))
    assert (media.rate, media.variable) == (rate, False)
    assert media.counts == tuple(range(120))


def test_uneven_time_stamps_are_counted_by_time() -> None:
    media = Media.of(made_plan(pts=UNEVEN))
    assert media.variable
    assert media.rate == 25
    times = np.array(UNEVEN) / 12800
    assert np.abs(np.array(media.counts) / 25 - times).max() <= 0.5 / 25


# ---- EDL ----


def test_an_edl_has_an_event_for_each_shot() -> None:
    lines = made_plan(FILM, Fraction(1, 24000)).export("edl").splitlines()
    events = [line.split() for line in lines if re.match(r"\d{3} ", line)]
    assert [event[0] for event in events] == ["001", "002", "003"]
    assert events[1][4:] == ["00:00:01:16", "00:00:03:08"] * 2
    assert "* SMARTCROP HOLD: X 100 Y 0 W 202 H 360" in lines
    assert any(line.startswith("* SMARTCROP PAN FROM: X 48") for line in lines)
    assert lines.count("* FROM CLIP NAME: a film.mp4") == 3


def test_an_edl_of_a_variable_rate_says_so() -> None:
    assert "* VARIABLE FRAME RATE" in made_plan(pts=UNEVEN).export("edl")


def test_an_edl_is_read_by_opentimelineio() -> None:
    otio = pytest.importorskip("opentimelineio")
    pytest.importorskip("otio_cmx3600_adapter")
    text = made_plan().export("edl")
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=25)
    ranges = [clip.source_range for clip in timeline.find_clips()]
    assert [(each.start_time.value, each.duration.value) for each in ranges] == [
        (0, 40),
        (40, 40),
        (80, 40),
    ]


# ---- OpenTimelineIO ----


def test_a_timeline_has_clips_with_key_frames_of_their_windows() -> None:
    otio = pytest.importorskip("opentimelineio")
    plan = made_plan(FILM, Fraction(1, 24000))
    text = plan.export("otio", media="/films/a film.mp4")
    timeline = otio.adapters.read_from_string(text, "otio_json")
    clips = list(timeline.find_clips())
    assert [clip.source_range.start_time.value for clip in clips] == [0, 40, 80]
    assert {clip.source_range.duration.rate for clip in clips} == {float(FILM)}
    assert clips[0].media_reference.target_url == "file:///films/a%20film.mp4"
    assert timeline.duration().value == 120
    for shot, clip in zip(plan.shots, clips, strict=True):
        assert dict(clip.metadata["smartcrop"]) == {"strategy": shot.strategy, "why": shot.why}
        keys = list(clip.effects[0].metadata["smartcrop"]["keyframes"])
        inside = range(shot.start_frame, shot.end_frame)
        line = np.interp(inside, [key["frame"] for key in keys], [key["x"] for key in keys])
        wanted = [plan.frames[frame].x for frame in inside]
        assert np.abs(line - wanted).max() <= 2.5  # half a pixel and a step


def test_a_timeline_of_a_variable_rate_counts_ticks() -> None:
    otio = pytest.importorskip("opentimelineio")
    timeline = otio.adapters.read_from_string(made_plan(pts=UNEVEN).export("otio"), "otio_json")
    starts = [clip.source_range.start_time for clip in timeline.find_clips()]
    assert [start.value for start in starts] == [UNEVEN[0], UNEVEN[40], UNEVEN[80]]
    assert {start.rate for start in starts} == {12800}


def test_without_the_library_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def without(name: str, *more: object) -> object:
        if name.startswith("opentimelineio"):
            raise ImportError(name)
        return real(name, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(smartcrop.Error, match=r"pip install 'smartcrop\[otio\]'"):
        made_plan().export("otio")


# ---- Final Cut Pro ----


def seconds(text: str) -> Fraction:
    assert text.endswith("s")
    return Fraction(text[:-1])


def window_seen(clip: ElementTree.Element, frame: Fraction) -> tuple[float, float]:
    """Left edge and width in source pixels of what a clip of a made plan shows at a time."""
    transform = clip.find("adjust-transform")
    assert transform is not None
    position, scale = transform.attrib["position"], transform.attrib["scale"]
    right, factor = float(position.split()[0]), float(scale.split()[0])
    keys = transform.findall("param[@name='position']/param[@name='X']//keyframe")
    if keys:
        times = [float(seconds(key.attrib["time"])) for key in keys]
        right = np.interp(float(frame), times, [float(key.attrib["value"]) for key in keys])
    # The 640x360 picture fitted into a frame of 202x360 is 202 wide, then scaled.
    shown = 202 / 640 * factor
    middle = 640 / 2 - right * 360 / 100 / shown
    width = 202 / shown
    return middle - width / 2, width


@pytest.mark.parametrize("rate", [FILM, Fraction(25), Fraction(60000, 1001)])
def test_a_project_shows_the_windows(rate: Fraction) -> None:
    time_base = 1 / rate / 100
    plan = made_plan(rate, time_base)
    clips = ElementTree.fromstring(plan.export("fcpxml")).findall(".//asset-clip")
    assert len(clips) == 3
    for window in plan.frames:
        time = window.frame / rate
        left, width = window_seen(clips[window.shot], time)
        assert left == pytest.approx(window.x, abs=2.51)
        assert width == pytest.approx(202, abs=0.01)


def test_the_times_of_a_project_are_whole_frames_and_leave_no_gap() -> None:
    root = ElementTree.fromstring(made_plan(FILM, Fraction(1, 24000)).export("fcpxml"))
    formats = {each.attrib["id"]: each.attrib for each in root.iter("format")}
    frame = seconds(formats["r2"]["frameDuration"])
    assert frame == 1 / FILM
    at = Fraction(0)
    for clip in root.iter("asset-clip"):
        assert seconds(clip.attrib["offset"]) == seconds(clip.attrib["start"]) == at
        at += seconds(clip.attrib["duration"])
    assert at == 120 * frame == seconds(root.find(".//sequence").attrib["duration"])  # type: ignore[union-attr]
    for key in root.iter("keyframe"):
        assert (seconds(key.attrib["time"]) / frame).denominator == 1


def test_a_project_has_the_elements_of_version_1_10_in_order() -> None:
    root = ElementTree.fromstring(made_plan().export("fcpxml", media="/films/a film.mp4"))
    assert root.attrib == {"version": "1.10"}
    assert [each.tag for each in root] == ["resources", "library"]
    resources = root.find("resources")
    assert resources is not None
    identities = {each.attrib["id"] for each in resources}
    for clip in root.iter("asset-clip"):
        assert clip.attrib["ref"] in identities
        assert clip.attrib["format"] in identities
        order = ["adjust-crop", "adjust-conform", "adjust-transform"]
        places = [order.index(each.tag) for each in clip]
        assert places == sorted(places)
    asset = root.find(".//asset")
    assert asset is not None
    assert asset.attrib["hasAudio"] == "1"
    representation = asset.find("media-rep")
    assert representation is not None
    assert representation.attrib["src"] == "file:///films/a%20film.mp4"


def test_a_window_of_another_shape_is_shown_whole() -> None:
    plan = smartcrop.edit(made_plan(), shot=1, strategy="fit")
    clip = ElementTree.fromstring(plan.export("fcpxml")).findall(".//asset-clip")[1]
    transform = clip.find("adjust-transform")
    assert transform is not None
    assert transform.attrib == {"position": "0 0", "scale": "1 1"}


def test_a_project_of_a_variable_rate_says_so() -> None:
    root = ElementTree.fromstring(made_plan(pts=UNEVEN).export("fcpxml"))
    note = root.find(".//sequence/note")
    assert note is not None
    assert "variable" in str(note.text)


def test_a_project_is_read_by_opentimelineio() -> None:
    otio = pytest.importorskip("opentimelineio")
    pytest.importorskip("otio_fcpx_xml_adapter")
    text = made_plan().export("fcpxml")
    found = otio.adapters.read_from_string(text, "fcpx_xml")
    starts = [clip.source_range.start_time.to_seconds() for clip in found.find_clips()]
    assert starts == pytest.approx([0, 1.6, 3.2])


# ---- ffmpeg ----


@pytest.mark.skipif(FFMPEG is None, reason="no ffmpeg on the path")
def test_commands_of_an_edited_plan_crop_as_it_is_rendered(clip: Maker, tmp_path: Path) -> None:
    source, commands, ours = clip(frames=40), tmp_path / "commands", tmp_path / "out.mkv"
    plan = smartcrop.edit(smartcrop.analyze(source, **PLAIN), keys=[(0.2, 0.3), (1.2, 0.7)])
    commands.write_text(plan.export("sendcmd"))
    chain = commands.read_text().splitlines()[1].split('"')[1].replace("FILE", str(commands))
    plan.render(source, ours, codec="ffv1")
    stock = picture_hashes("-i", str(source), "-vf", chain)
    assert stock == picture_hashes("-i", str(ours))
    assert len({window.x for window in plan.frames}) > 10


# ---- the command ----


def test_every_format_is_written_by_the_command(clip: Maker, tmp_path: Path) -> None:
    plan = tmp_path / "a.plan"
    smartcrop.analyze(clip(), **PLAIN).save(plan)
    formats = ["sendcmd", "csv", "edl", "fcpxml"]
    if importlib.util.find_spec("opentimelineio"):
        formats.append("otio")
    for to in formats:
        output = tmp_path / f"out.{to}"
        assert run("export", plan, "--to", to, "-o", output).returncode == 0
        assert output.read_text() == smartcrop.Plan.load(plan).export(to)  # type: ignore[arg-type]
    assert "in.mp4" in (tmp_path / "out.edl").read_text()


def test_crop_commands_for_windows_of_several_sizes_are_refused(tmp_path: Path) -> None:
    plan = tmp_path / "a.plan"
    smartcrop.edit(made_plan(), shot=1, strategy="fit").save(plan)
    done = run("export", plan)
    assert done.returncode == 2
    line = line_of(done)
    assert "shot 1" in line
    assert "smartcrop render" in line
