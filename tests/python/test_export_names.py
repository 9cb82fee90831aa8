# SPDX-License-Identifier: MIT
"""Exports of plans whose video has a name that a format could trip over."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import pytest
from plans import made_plan

import smartcrop
from smartcrop.plans.formats import FORMATS, Format

TEXTS: tuple[Format, ...] = tuple(each for each in FORMATS if each != "otio")
HOSTILE = (
    "two\nlines.mp4",
    "return\r.mp4",
    "separator\u2028.mp4",
    "bell\x07.mp4",
    "\udce9t\udce9.mp4",
    "\"quotes'<&>]]>.mp4",
    "a b:c;d,e=[f]%03d.mp4",
    "\u9577" * 80 + ".mp4",
    "\n",
)


def named(name: str, rate: Fraction = Fraction(25)) -> smartcrop.Plan:
    plan = made_plan(rate)
    return replace(plan, source=replace(plan.source, name=name))


def project(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.partition("<!DOCTYPE fcpxml>")[2])


@pytest.mark.parametrize("to", TEXTS)
@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_exported_as_text_that_can_be_saved(name: str, to: Format) -> None:
    assert named(name).export(to).encode("utf-8")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_adds_a_row_to_an_edl(name: str) -> None:
    rows = named(name).export("edl").splitlines()
    known = re.compile(r"TITLE: .+|FCM: .+|\* .+|00[123]  AX .+|")
    assert [row for row in rows if not known.fullmatch(row)] == []
    assert len(rows) == len(named("plain.mp4").export("edl").splitlines())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_project_is_well_formed_and_its_address_keeps_the_bytes_of_the_name(name: str) -> None:
    root = project(named(name).export("fcpxml"))
    media = root.find(".//media-rep")
    assert media is not None
    assert unquote_to_bytes(media.attrib["src"]) == os.fsencode(name)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_timeline_is_written_for_any_name(name: str) -> None:
    library = pytest.importorskip("opentimelineio")
    text = named(name).export("otio")
    timeline = library.adapters.read_from_string(text, "otio_json")
    assert timeline.name.isprintable()


@pytest.mark.parametrize("name", ["caf\udce9.mp4", "a\nb.mp4", "9:16 50%.mp4"])
def test_named_media_has_a_whole_address_with_the_bytes_of_its_name(
    name: str, tmp_path: Path
) -> None:
    root = project(named("other.mp4").export("fcpxml", tmp_path / name))
    media = root.find(".//media-rep")
    assert media is not None
    assert media.attrib["src"].startswith("file:///")
    assert unquote_to_bytes(media.attrib["src"]).endswith(b"/" + os.fsencode(name))


@pytest.mark.parametrize("address", ["https://example.org/a/b.mp4", "s3://films/one.mov"])
def test_media_with_an_address_keeps_it(address: str) -> None:
    root = project(named("other.mp4").export("fcpxml", address))
    media, asset = root.find(".//media-rep"), root.find(".//asset")
    assert media is not None
    assert asset is not None
    assert media.attrib["src"] == address
    assert asset.attrib["name"] == address.rpartition("/")[2]


def test_media_that_is_no_name_is_an_error_that_says_so() -> None:
    with pytest.raises(smartcrop.Error, match="not the name of a file"):
        named("a.mp4").export("fcpxml", "nul\0.mp4")


@pytest.mark.parametrize("rate", [Fraction(1, 10), Fraction(2, 5)])
def test_a_video_with_less_than_a_frame_a_second_has_an_edl(rate: Fraction) -> None:
    first = next(row for row in named("slow.mp4", rate).export("edl").splitlines() if "AX" in row)
    assert first.split()[4:6] == ["00:00:00:00", "00:00:40:00"]
