# SPDX-License-Identifier: MIT
"""Links lead somewhere, paths exist, sentences are short, and what is generated is fresh."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pages import MANUAL, ROOT, name_of, pages, samples, without_code

from tests.bench import manual_tables as benchmarks

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FOLDERS = r"(?:csrc|python|tests|export|ffmpeg_patch|\.ci)"
_PATH = re.compile(rf"`({_FOLDERS}/[\w./*-]+)`")
_PROSE = [ROOT / "README.md", ROOT / "HACKING.md", *sorted(MANUAL.glob("*.md"))]
MOST_WORDS = 30


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts and mkdocs make them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    found = set()
    for heading in _HEADING.findall(text):
        plain = re.sub(r"[^\w\s-]", "", heading.replace("`", "")).strip().lower()
        found.add(re.sub(r"\s", "-", plain))
    return found


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in _LINK.findall(re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), f"{link}: there is no such file"
        if anchor:
            assert anchor in anchors(target), f"{link}: there is no such heading"


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    for path in _PATH.findall(page.read_text(encoding="utf-8")):
        assert list(ROOT.glob(path.rstrip("/"))), f"{path}: there is no such file"


@pytest.mark.parametrize("page", _PROSE, ids=name_of)
def test_no_sentence_is_longer_than_thirty_words(page: Path) -> None:
    text = re.sub(r"<!--.*?-->", "", page.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"^(?:\||#|:::|!\[).*$", "\n", without_code(text), flags=re.M)
    text = re.sub(r"^ *(?:[-*]|\d+\.) ", "\n", text, flags=re.M)
    for part in re.split(r"\n\s*\n|[.!?:;](?=\s)", text):
        words = re.findall(r"[\w'-]+", part)
        assert len(words) <= MOST_WORDS, f"{len(words)} words: {' '.join(words)}"


def test_the_readme_fits_on_a_few_screens() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 140


def test_every_page_of_the_manual_is_in_its_menu() -> None:
    menu = (ROOT / "python" / "mkdocs.yml").read_text()
    for page in MANUAL.glob("*.md"):
        assert f" {page.name}\n" in menu, f"{page.name} is not in python/mkdocs.yml"


def test_the_tables_of_the_benchmarks_are_those_of_the_recorded_results() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.manual_tables", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_check_of_the_tables_sees_a_changed_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, page = tmp_path / "benchmarks.json", tmp_path / "page.md"
    recorded = benchmarks.DATA.read_text()
    data.write_text(recorded)
    page.write_text("<!-- table:short_framing -->\n<!-- table:end -->\n")
    monkeypatch.setattr(benchmarks, "DATA", data)
    monkeypatch.setattr(benchmarks, "PAGES", (page,))
    monkeypatch.setattr(benchmarks, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["manual_tables"])
    assert benchmarks.main() == 0
    assert "centre crop" in page.read_text()
    monkeypatch.setattr(sys, "argv", ["manual_tables", "--check"])
    assert benchmarks.main() == 0
    clip = next(iter(benchmarks.json.loads(recorded)["framing"]))
    changed = benchmarks.json.loads(recorded)
    changed["framing"][clip]["smartcrop"][0] -= 0.1
    data.write_text(benchmarks.json.dumps(changed))
    assert benchmarks.main() == 1


def test_a_recorded_run_of_the_benchmarks_is_read_as_it_was_printed() -> None:
    clips: dict[str, dict[str, list[float | None]]] = {}
    printed = (
        "walker                    IoU   kept  still  turns    p99\n"
        "  centre                0.500  0.600  1.000  0.000  0.000\n"
        "  smartcrop             0.700  0.800      -  1.500  0.100\n"
        "tracking (1 clips, mean)  IoU   kept  still  turns    p99\n"
        "  smartcrop             0.100  0.100  0.100  0.100  0.100\n"
    )
    benchmarks.read_quality(printed.splitlines(), "model=none", clips)
    assert clips == {
        "walker": {"centre": [0.5, 0.6, 1, 0, 0], "model=none": [0.7, 0.8, None, 1.5, 0.1]}
    }
    printed = (
        "ratios; CPU unless it says wall   filter/middle    filter/middle wall\n"
        "dance                                     1.200                 1.300\n"
        "lowest                                    1.200                 1.300\n"
    )
    cost = benchmarks.read_cost(printed.splitlines())
    assert cost == {"dance": {"filter/middle": 1.2, "filter/middle wall": 1.3}}


def test_commands_that_are_not_run_name_files_that_exist() -> None:
    for page in pages():
        for sample in samples(page, "console"):
            for path in re.findall(rf"(?:^|\s)({_FOLDERS}/[\w./-]+)", sample.text, re.M):
                assert (ROOT / path).exists(), f"{sample}: {path}"
