# SPDX-License-Identifier: MIT
"""Builds the library and the Python module with CMake and puts both into the package.

Environment: SMARTCROP_CMAKE_ARGS holds further arguments for CMake.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).parent.resolve()


def version() -> str:
    """Read the version where it is kept, in CMakeLists.txt."""
    found = re.search(r"project\(smartcrop VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())
    assert found is not None
    return found[1]


def onnxruntime_headers() -> list[str]:
    """Find the header that models need; without it the library works, but reads no models."""
    script = ROOT / "csrc" / "inference" / "fetch_onnxruntime_headers"
    target = ROOT / "build" / "onnxruntime-headers"
    done = subprocess.run([script, target], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print("smartcrop: building without support for models", file=sys.stderr)
        return []
    return [f"-DSMARTCROP_ONNXRUNTIME_INCLUDE={done.stdout.strip()}"]


class CMakeBuild(build_ext):
    """Runs CMake in place of a compiler."""

    def build_extension(self, ext: Extension) -> None:
        """Configure, build, and copy the module and the library next to each other."""
        import pybind11

        module = (Path.cwd() / self.get_ext_fullpath(ext.name)).resolve()
        build = Path(self.build_temp).resolve()
        build.mkdir(parents=True, exist_ok=True)
        arguments = [
            "-DSMARTCROP_PYTHON=ON",
            f"-DPython_EXECUTABLE={sys.executable}",
            f"-Dpybind11_DIR={pybind11.get_cmake_dir()}",
            *onnxruntime_headers(),
            *shlex.split(os.environ.get("SMARTCROP_CMAKE_ARGS", "")),
        ]
        if ninja := shutil.which("ninja"):
            # Named each time: pip's build environment lies elsewhere at each run.
            arguments += ["-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={ninja}"]
        if shutil.which("ccache"):
            arguments += ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"]
        subprocess.run(["cmake", "-S", ROOT, "-B", build, *arguments], check=True)
        jobs = str(self.parallel or os.cpu_count() or 1)
        subprocess.run(
            ["cmake", "--build", build, "--target", "_core", "--parallel", jobs], check=True
        )
        module.parent.mkdir(parents=True, exist_ok=True)
        (built,) = build.glob("_core*.so")
        shutil.copy2(built, module)
        # A wheel holds no links, so the file takes the name by which the module asks for it.
        library = (build / "libsmartcrop.so").resolve()
        shutil.copy2(library, module.parent / "libsmartcrop.so.0")


setup(
    version=version(),
    ext_modules=[Extension("smartcrop._core", sources=[])],
    cmdclass={"build_ext": CMakeBuild},
)
