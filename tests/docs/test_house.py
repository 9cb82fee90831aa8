# SPDX-License-Identifier: MIT
"""What HACKING.md says of the code's order is so, and what would break it is found."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pages import ROOT

CORE = ROOT / "csrc"
SOURCES = [path for path in CORE.rglob("*") if path.suffix in (".cc", ".h")]
CHECK = ROOT / ".ci" / "check_rooms.py"
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def code_of(path: Path) -> str:
    """Return a file without comments and without what is in quotes, but for its includes."""
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    return re.sub(r'(?<!#include )"(?:\\.|[^"\\\n])*"', '""', text)


def files_with(pattern: str) -> set[str]:
    found = (path for path in SOURCES if re.search(pattern, code_of(path)))
    return {path.relative_to(CORE).as_posix() for path in found}


def test_only_the_files_called_onnx_use_onnx_runtime() -> None:
    users = files_with(r"\bOrt[A-Z]\w*|\bort_runtime\b|#include <onnxruntime")
    assert users, "nothing does"
    assert all(re.search(r"^inference/\w+_onnx\.(cc|h)$", path) for path in users), users


@pytest.mark.parametrize(
    "word", [r"std::cerr", r"std::cout", r"\bprintf\(", r"\babort\(", r"\bexit\("]
)
def test_the_core_never_prints_and_never_aborts(word: str) -> None:
    assert not files_with(word)


# ---- .ci/check_rooms.py: what may know what -----------------------------------------------------


def check(part: str, top: Path = ROOT) -> list[str]:
    """Return the lines of the check of one part."""
    command = [sys.executable, str(CHECK), "--top", str(top), part]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert done.returncode == (1 if lines else 0), done.stderr
    return lines


def plant(top: Path, files: dict[str, str]) -> Path:
    """Write sources into a folder."""
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return top


@pytest.mark.parametrize("part", ["csrc", "export"])
def test_the_rooms_know_only_what_they_may(part: str) -> None:
    assert check(part) == []


@pytest.mark.parametrize(
    ("file", "included"),
    [
        ("stage2_evidence/maps/a.h", "stage3_shots/b.h"),
        ("stage1_proxy/a.cc", "stage2_evidence/maps/b.h"),
        ("picture/a.h", "stage1_proxy/b.h"),
        ("inference/a.h", "plan/b.h"),
        ("types.h", "picture/b.h"),
        ("stage6_render/a.cc", "session.h"),
        ("stage4_crop/a.cc", "clip_motion/b.h"),
        ("session.cc", "capi/b.h"),
    ],
)
def test_an_include_of_a_later_room_is_refused(tmp_path: Path, file: str, included: str) -> None:
    plant(tmp_path, {f"csrc/{file}": f'#include "{included}"\n', f"csrc/{included}": "\n"})
    (line,) = check("csrc", tmp_path)
    assert line.startswith(f"{file} includes {included}: ")


def test_an_include_of_an_earlier_room_is_allowed(tmp_path: Path) -> None:
    both = '#include "stage1_proxy/b.h"\n// #include "stage3_shots/c.h"\n#include "picture/d.h"\n'
    names = ("stage1_proxy/b.h", "stage3_shots/c.h", "picture/d.h")
    plant(tmp_path, {f"csrc/{name}": "\n" for name in names})
    plant(tmp_path, {"csrc/stage2_evidence/maps/a.h": both})
    assert check("csrc", tmp_path) == []


def test_a_circle_of_rooms_within_a_stage_is_refused(tmp_path: Path) -> None:
    maps, motion = "stage2_evidence/maps", "stage2_evidence/motion"
    plant(tmp_path, {f"csrc/{maps}/a.h": f'#include "{motion}/b.h"\n'})
    plant(tmp_path, {f"csrc/{motion}/b.h": "\n", f"csrc/{maps}/d.h": "\n"})
    assert check("csrc", tmp_path) == []
    plant(tmp_path, {f"csrc/{motion}/c.h": f'#include "{maps}/d.h"\n'})
    assert check("csrc", tmp_path) == [f"the rooms {maps}, {motion} include each other"]


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("stage2_evidence/a.cc", "#include <onnxruntime_c_api.h>\n", "ONNX Runtime's header"),
        ("session.cc", 'extern "C" int door(void) { return 0; }\n', 'has extern "C"'),
        ("attic/a.cc", "\n", "the room attic is not in the table"),
        (
            "stage2_evidence/text/a.cc",
            "void f(const smartcrop_frame& frame);\n",
            "names smartcrop_frame: ask stage1_proxy/pictures.h",
        ),
        (
            "stage2_evidence/text/a.cc",
            "int f(F* frame) { return *frame->data[0]; }\n",
            "reads data or stride of a frame: ask stage1_proxy/pictures.h",
        ),
        (
            "observer.cc",
            "long f(const smartcrop_frame& frame) { return frame.stride[1]; }\n",
            "reads data or stride of a frame: ask stage1_proxy/pictures.h",
        ),
        ("session.cc", '#include "nowhere.h"\n', "no path from csrc"),
    ],
)
def test_what_belongs_to_one_room_is_refused_elsewhere(
    tmp_path: Path, file: str, text: str, words: str
) -> None:
    (line,) = check("csrc", plant(tmp_path, {f"csrc/{file}": text}))
    assert line.startswith(file)
    assert words in line


def test_stage_1_and_6_read_frames_and_the_observer_passes_them_on(tmp_path: Path) -> None:
    reads = "int f(const smartcrop_frame& frame) { return frame.stride[0]; }\n"
    rooms = ("stage1_proxy", "stage6_render", "picture", "capi")
    plant(tmp_path, {f"csrc/{room}/a.cc": reads for room in rooms})
    passes_on = "void f(const smartcrop_frame& frame) { g(frame, plane.data, v.data()[0]); }\n"
    assert check("csrc", plant(tmp_path, {"csrc/observer.cc": passes_on})) == []


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "from export import b\n", "b.py": "import export.a\n"},
        {
            "a.py": "def late():\n    from export.b import f\n",
            "b.py": "from export.a import late\n",
        },
        {"a.py": "from . import b\n", "b.py": "from .c import f\n", "c.py": "from .a import g\n"},
        # Through what a package takes from its modules, at once or late.
        {"a.py": "from export.p import f\n", "p/__init__.py": "from .b import f\n"}
        | {"p/b.py": "from export.a import g\n"},
        {"a.py": "from export.p import f\n", "p/b.py": "from export.a import g\n"}
        | {"p/__init__.py": "if TYPE_CHECKING:\n    from .b import f\n"},
    ],
)
def test_a_circle_of_imports_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    plant(tmp_path, {"export/__init__.py": ""})
    (line,) = check("export", plant(tmp_path, {f"export/{k}": v for k, v in files.items()}))
    assert line.startswith("export.a, export.")
    assert line.endswith(" import each other")


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "from export.b import f\n", "b.py": "import numpy\n"},
        {"a.py": "from export.b import f\n"}
        | {"b.py": "if TYPE_CHECKING:\n    from export.a import g\n"},
        # A module may use another of its own package, whose __init__ takes names from both.
        {"p/__init__.py": "from .a import f\nfrom .b import g\n"}
        | {"p/a.py": "from .b import g\n", "p/b.py": "\n"},
    ],
)
def test_imports_in_one_direction_are_allowed(tmp_path: Path, files: dict[str, str]) -> None:
    plant(tmp_path, {"export/__init__.py": ""})
    assert check("export", plant(tmp_path, {f"export/{k}": v for k, v in files.items()})) == []


def test_only_the_folder_video_imports_pyav() -> None:
    assert not [line for line in check("python") if "imports av" in line]


def test_an_import_of_pyav_elsewhere_is_refused(tmp_path: Path) -> None:
    package = "python/smartcrop"
    plant(tmp_path, {f"{package}/__init__.py": "", f"{package}/video/__init__.py": "import av\n"})
    assert check("python", tmp_path) == []
    plant(tmp_path, {f"{package}/cli.py": "def run():\n    from av.video import frame\n"})
    assert check("python", tmp_path) == ["cli.py imports av: only video/ may"]
