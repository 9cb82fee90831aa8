# SPDX-License-Identifier: MIT
"""Hosts that were built with the header of another version run against this library.

Each struct that may grow is cut by a member or two, or gets one more, in a copy of the header.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from pages import ROOT, installed_core

INCLUDE = ROOT / "csrc" / "include" / "smartcrop"
HEADERS = ("smartcrop.h", "clip_motion.h")
HOST = Path(__file__).parent / "other_version_host.c"
_STRUCT = re.compile(r"typedef struct (\w+) \{\n(.*?)\n\} \1;", re.DOTALL)

# How many members an earlier version lacks at the end of each struct that may grow.
CUT = {
    "smartcrop_option_row": 2,
    "smartcrop_stream": 2,
    "smartcrop_motion_vector": 1,
    "smartcrop_box": 5,
    "smartcrop_frame": 2,
    "smartcrop_pane": 1,
    "smartcrop_decision": 7,
    "smartcrop_geometry": 2,
    "smartcrop_picture": 2,
    "smartcrop_path_point": 1,
    "smartcrop_density_settings": 1,
    "smartcrop_point": 2,
    "smartcrop_point_list": 1,
    "smartcrop_shot_wish": 2,
    "smartcrop_key_wish": 2,
}
# It lies inside smartcrop_stream, so it keeps its size and has reserved members.
FIXED = {"smartcrop_pixel_format"}


def members(body: str) -> list[str]:
    """Return the members of a struct, a declaration each."""
    found = []
    for declaration in re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL).split(";"):
        kind, _, names = " ".join(declaration.split()).partition(" ")
        if names.count(",") == 0:
            found += [f"{kind} {names}"] if kind else []
        else:
            found += [f"{kind} {name.strip()}" for name in names.split(",")]
    return found


def earlier(found: re.Match[str]) -> str:
    name, body = found.groups()
    if name in FIXED:
        return found[0]
    kept = members(body)[: -CUT[name]]
    return f"typedef struct {name} {{ {'; '.join(kept)}; }} {name};"


def later(found: re.Match[str]) -> str:
    name, body = found.groups()
    if name in FIXED:
        return found[0]
    return f"typedef struct {name} {{\n{body}\nuint64_t added[3];\n}} {name};"


VERSIONS = {"this": lambda found: found[0], "earlier": earlier, "later": later}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, list[int]]]:
    """Return what the host of each version prints, and how large its structs are."""
    folder = tmp_path_factory.mktemp("versions")
    library = installed_core(folder / "core") / "lib"
    answers = {}
    for version, change in VERSIONS.items():
        include = folder / version / "smartcrop"
        include.mkdir(parents=True)
        for header in HEADERS:
            text = (INCLUDE / header).read_text(encoding="utf-8")
            (include / header).write_text(_STRUCT.sub(change, text), encoding="utf-8")
        program = folder / f"host_{version}"
        command = ["cc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"]
        command += ["-Wno-missing-field-initializers", f"-I{include.parent}", str(HOST)]
        command += [f"-L{library}", "-lsmartcrop", f"-Wl,-rpath,{library}", "-o", str(program)]
        command += ["-DLATER"] if version == "later" else []
        built = subprocess.run(command, capture_output=True, text=True, check=False)
        assert built.returncode == 0, built.stderr
        done = subprocess.run([program], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{version}: {done.stderr}"
        answers[version] = (done.stdout, [int(size) for size in done.stderr.split()])
    return answers


def test_every_struct_of_the_headers_may_grow_or_is_known_not_to() -> None:
    texts = [(INCLUDE / header).read_text(encoding="utf-8") for header in HEADERS]
    names = {found[1] for text in texts for found in _STRUCT.finditer(text)}
    assert names == {*CUT, *FIXED}


def test_an_earlier_header_is_shorter_and_a_later_one_longer(
    told: dict[str, tuple[str, list[int]]],
) -> None:
    sizes = zip(*(told[version][1] for version in ("earlier", "this", "later")), strict=True)
    for shorter, own, longer in sizes:
        assert shorter < own < longer


@pytest.mark.parametrize("version", ["earlier", "later"])
def test_a_host_of_another_version_gets_the_same_decisions(
    version: str, told: dict[str, tuple[str, list[int]]]
) -> None:
    own = told["this"][0].splitlines()
    assert sum(" window " in line for line in own) == 40
    assert sum(" box " in line for line in own) > 40
    assert sum(line.startswith("point ") for line in own) == 40
    assert told[version][0].splitlines() == own
