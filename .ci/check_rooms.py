# SPDX-License-Identifier: MIT
"""The script that checks what the rooms of the house know of each other.

    python .ci/check_rooms.py csrc export            # the C++ core and the PyTorch side
    python .ci/check_rooms.py --top FOLDER csrc      # of other sources

It prints a line for each include or import that is not allowed, and fails where there is one.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# The rooms of csrc. A room includes those of the rows above, never one beside it. "base" and "run"
# are the files of csrc itself: "run" wires the stages, and all others are "base".
ROWS = (
    ("include",),
    ("base",),
    ("picture", "plan", "inference"),
    ("stage1_proxy",),
    ("stage2_evidence",),
    ("stage3_shots",),
    ("stage4_crop",),
    ("stage5_path",),
    ("stage6_render",),
    ("run", "clip_motion"),
    ("capi",),
)
RUN = ("delay", "director", "observer", "pipeline", "points", "session")
# The bytes that the assembler puts into the library have C names, and are no door of it.
NO_DOOR = "inference/model_source.cc"
# The rooms that may read or write samples of a full-size frame, and those that only pass it on.
SAMPLES = ("include", "picture", "stage1_proxy", "stage6_render", "capi")
FRAMES = (*SAMPLES, "run")

Graph = dict[str, set[str]]

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
# smartcrop_frame::data and ::stride are arrays, which those of a plane are not.
_SAMPLES = re.compile(r"(?:\.|->)\s*(?:data|stride)\s*\[|\bplane_of\s*\(")
_INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Find the groups of nodes that reach each other (Tarjan's strong components)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_nodes: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        order[node] = lowest[node] = len(order)
        open_nodes.append(node)
        for after in sorted(graph.get(node, ())):
            if after not in order:
                visit(after)
            if after in open_nodes:
                lowest[node] = min(lowest[node], lowest[after])
        if lowest[node] == order[node]:
            group = open_nodes[open_nodes.index(node) :]
            del open_nodes[-len(group) :]
            if len(group) > 1 or node in graph.get(node, ()):
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in order:
            visit(node)
    return found


# ---- C++ ----------------------------------------------------------------------------------------


def room_of(file: str) -> str:
    """Name the room of a file of csrc; the folders inside a stage are rooms of their own."""
    folder = Path(file).parent.as_posix()
    if folder == ".":
        return "run" if Path(file).stem in RUN else "base"
    return "include" if folder.startswith("include") else folder


def row_of(room: str) -> int | None:
    """Tell where a room stands in the table; None where it is not in it."""
    outer = room.partition("/")[0]
    return next((i for i, row in enumerate(ROWS) if outer in row), None)


def wrong_include(file: str, included: str) -> str | None:
    """Say what is wrong with an include, if anything is."""
    own, other = room_of(file), room_of(included)
    row, below = row_of(own), row_of(other)
    same = own.partition("/")[0] == other.partition("/")[0]
    if same or (row is not None and below is not None and below < row):
        return None
    return f"{file} includes {included}: {own} may not know {other}"


def wrong_frames(file: str, room: str, text: str) -> Iterator[str]:
    """Check that a file leaves full-size frames to the rooms that read them."""
    outer = room.partition("/")[0]
    if outer not in SAMPLES and _SAMPLES.search(text):
        yield f"{file} reads data or stride of a frame: ask stage1_proxy/pictures.h"
    if outer not in FRAMES and re.search(r"\bsmartcrop_frame\b", text):
        yield f"{file} names smartcrop_frame: ask stage1_proxy/pictures.h"


def check_core(top: Path) -> Iterator[str]:
    """Check the includes of csrc and who uses C names and ONNX Runtime."""
    core = top / "csrc"
    rooms: Graph = {}
    for path in sorted([*core.rglob("*.cc"), *core.rglob("*.h")]):
        file = path.relative_to(core).as_posix()
        room, text = room_of(file), _COMMENT.sub("", path.read_text(encoding="utf-8"))
        if row_of(room) is None:
            yield f"{file}: the room {room} is not in the table of .ci/check_rooms.py"
        for name in _INCLUDE.findall(text):
            included = f"include/{name}" if name.startswith("smartcrop/") else name
            if not (core / included).is_file():
                yield f"{file} includes {name}, which is no path from csrc"
                continue
            if wrong := wrong_include(file, included):
                yield wrong
            if room_of(included) != room:
                rooms.setdefault(room, set()).add(room_of(included))
        if re.search(r"<onnxruntime", text) and room != "inference":
            yield f"{file} uses ONNX Runtime's header: only inference/ may"
        if 'extern "C"' in text and room not in ("capi", "include") and file != NO_DOOR:
            yield f'{file} has extern "C": only capi/ may'
        yield from wrong_frames(file, room, text)
    yield from (f"the rooms {', '.join(group)} include each other" for group in circles(rooms))


# ---- Python -------------------------------------------------------------------------------------


def modules_of(folder: Path) -> dict[str, Path]:
    """Name the modules of a package, and of the packages in it, with their files."""
    named = {}
    for path in folder.rglob("*.py"):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def imports_of(path: Path, package: str, *, types: bool = False) -> Iterator[tuple[str, str]]:
    """Yield each imported module with the name taken from it, "" for the module itself.

    Imports inside functions count; those for type checkers count where types is set.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) and not types
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            module = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            yield from ((module, alias.name) for alias in node.names)


def import_graph(folder: Path) -> Graph:
    """Tell which module of a package imports which.

    A name that a package's __init__ takes from a module stands for both, even where __init__ takes
    it late and shows it to type checkers alone. To import from a package runs its __init__, apart
    from the packages that the importing module lies in.
    """
    modules = modules_of(folder)
    packages = {name for name, path in modules.items() if path.stem == "__init__"}

    def package_of(module: str) -> str:
        return module if module in packages else module.rpartition(".")[0]

    homes = {
        (package, name): source
        for package in packages
        for source, name in imports_of(modules[package], package, types=True)
        if name and package not in (source, f"{source}.{name}")
    }

    def targets(module: str, name: str) -> Iterator[str]:
        if f"{module}.{name}" in modules:
            yield f"{module}.{name}"
            return
        yield module
        if (module, name) in homes:
            yield from targets(homes[module, name], name)

    graph: Graph = {name: set() for name in modules}
    for own, path in modules.items():
        for module, name in imports_of(path, package_of(own)):
            for target in targets(module, name):
                parts = target.split(".")
                outer = {".".join(parts[:i]) for i in range(1, len(parts))}
                run = {package for package in outer if not f"{own}.".startswith(f"{package}.")}
                graph[own] |= ({target} | run) & modules.keys()
    return graph


def check_package(folder: Path) -> Iterator[str]:
    """Check that the modules of a package import each other in no circle."""
    for group in circles(import_graph(folder)):
        yield f"{', '.join(group)} import each other"


def check_pyav(folder: Path) -> Iterator[str]:
    """Check that video/ alone knows PyAV."""
    for path in sorted(folder.rglob("*.py")):
        file = path.relative_to(folder).as_posix()
        known = {module.split(".")[0] for module, _ in imports_of(path, "")}
        if "av" in known and not file.startswith("video/"):
            yield f"{file} imports av: only video/ may"


def check_python(top: Path) -> Iterator[str]:
    """Check the package smartcrop."""
    yield from check_package(top / "python" / "smartcrop")
    yield from check_pyav(top / "python" / "smartcrop")


def check_export(top: Path) -> Iterator[str]:
    """Check the PyTorch side."""
    yield from check_package(top / "export")


CHECKS = {"csrc": check_core, "export": check_export, "python": check_python}


def main(arguments: list[str] | None = None) -> int:
    """Print what is wrong with the parts that are named; 1 where something is."""
    parser = argparse.ArgumentParser(description="Check which rooms know which.")
    parser.add_argument("parts", nargs="+", choices=sorted(CHECKS))
    parser.add_argument("--top", type=Path, default=ROOT, help="folder of the sources")
    given = parser.parse_args(arguments)
    wrong = [line for part in given.parts for line in CHECKS[part](given.top)]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
