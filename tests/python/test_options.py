# SPDX-License-Identifier: MIT
from __future__ import annotations

import importlib.util
import logging
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest
from conftest import PLAIN, ROOT, times

import smartcrop
from smartcrop import Options, _core
from smartcrop._options import (
    AnalyseKeywords,
    OptionKeywords,
    RenderKeywords,
    SolveKeywords,
    Strategy,
)
from smartcrop.frames.window import STRATEGIES
from smartcrop.options import ROWS, OptionRow, check_roles, of_roles

Maker = Callable[..., Path]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """The script beside the package that writes what is generated."""
    path = ROOT / ".ci" / "generate_options.py"
    spec = importlib.util.spec_from_file_location("generate_options", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate_options"] = module
    spec.loader.exec_module(module)
    return module


# ---- what is generated ----


def test_generated_files_are_those_of_the_table(generator: ModuleType) -> None:
    assert generator.main(["--check"]) == 0


def test_a_stale_file_fails_the_check_and_is_written_anew(
    generator: ModuleType, tmp_path: Path
) -> None:
    package, docs = tmp_path / "python" / "smartcrop", tmp_path / "python" / "docs"
    package.mkdir(parents=True)
    docs.mkdir()
    readme, page = tmp_path / "README.md", docs / "options.md"
    for path in (readme, page):
        path.write_text("Before\n<!-- options:begin -->\nold\n<!-- options:end -->\nAfter\n")
    root = ["--root", str(tmp_path)]
    assert generator.main(["--check", *root]) == 1
    assert generator.main(root) == 0
    assert generator.main(["--check", *root]) == 0
    for path, begin in ((readme, "| option"), (page, "## Shape")):
        text = path.read_text()
        assert text.startswith(f"Before\n<!-- options:begin -->\n{begin}")
        assert text.endswith("<!-- options:end -->\nAfter\n")
        assert all(f"| `{row.name}` |" in text for row in ROWS)
    assert set(generator.generated(tmp_path)) == {package / "_options.py", readme, page}


def test_a_page_without_markers_is_left_alone(generator: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "python" / "smartcrop").mkdir(parents=True)
    readme = tmp_path / "README.md"
    readme.write_text("No table here.\n")
    assert generator.main(["--root", str(tmp_path)]) == 0
    assert readme.read_text() == "No table here.\n"


def test_the_manual_has_a_part_for_each_section(generator: ModuleType) -> None:
    table = generator.sectioned_table(ROWS)
    titles = [line[3:] for line in table.splitlines() if line.startswith("## ")]
    assert titles == list(dict.fromkeys(row.section for row in ROWS))


# ---- types ----


def test_the_dataclass_has_the_names_and_defaults_of_the_library() -> None:
    core = _core.Options([])
    assert [field.name for field in fields(Options)] == [row.name for row in ROWS]
    for field in fields(Options):
        text = core.get(field.name)
        if isinstance(field.default, bool):
            assert text == str(int(field.default))
        elif isinstance(field.default, (int, float)):
            assert float(text) == pytest.approx(field.default)
        else:
            assert text == field.default


def test_the_keywords_of_a_function_are_the_options_of_its_role() -> None:
    def names(role: str) -> list[str]:
        return [row.name for row in ROWS if role in row.roles]

    assert list(OptionKeywords.__annotations__) == [row.name for row in ROWS]
    assert list(AnalyseKeywords.__annotations__) == names("analyse")
    assert list(SolveKeywords.__annotations__) == names("solve")
    assert list(RenderKeywords.__annotations__) == names("render")


def test_files_are_taken_as_text_and_as_a_path(tmp_path: Path) -> None:
    hints = get_type_hints(OptionKeywords)
    files = [row for row in ROWS if row.kind in ("path", "model")]
    assert {row.name for row in files} >= {"plan", "hints", "model", "subjects"}
    for row in files:
        kinds = {getattr(each, "__origin__", each).__name__ for each in get_args(hints[row.name])}
        assert kinds == {"str", "PathLike"}, row.name
        for value in (tmp_path / "a file", str(tmp_path / "a file")):
            chosen = smartcrop.Cropper(160, 90, **{row.name: value}).options
            assert getattr(chosen, row.name) == str(tmp_path / "a file")


@pytest.mark.parametrize("name", ["model", "subjects"])
def test_a_path_with_the_name_of_a_network_is_a_file(name: str) -> None:
    chosen = smartcrop.Cropper(160, 90, **{name: Path("saliency")}).options  # type: ignore[arg-type]
    assert getattr(chosen, name) == "./saliency"


def test_names_are_taken_as_text_and_as_a_list() -> None:
    for value in ("person+ball", ["person", "ball"], ("person", "ball")):
        assert smartcrop.Cropper(160, 90, prefer=value).options.prefer == "person+ball"
    assert smartcrop.Cropper(160, 90, prefer=[]).options.prefer == ""
    for wrong in (3, ["person", 3], 1.5):
        with pytest.raises(smartcrop.Error, match=r"option prefer: .* list of names"):
            smartcrop.Cropper(160, 90, prefer=wrong)  # type: ignore[arg-type]


def test_choices_have_the_type_of_their_names() -> None:
    hints = get_type_hints(OptionKeywords)
    chosen = [row for row in ROWS if row.kind == "choice"]
    assert len(chosen) > 4
    for row in chosen:
        assert get_args(hints[row.name]) == tuple(row.choices), row.name


def test_there_is_one_list_of_strategies() -> None:
    (row,) = (row for row in ROWS if row.name == "strategy")
    assert STRATEGIES == tuple(row.choices)[1:] == get_args(Strategy)
    assert next(iter(row.choices)) == "auto"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_help_is_a_plain_sentence(row: OptionRow) -> None:
    assert row.help[0].isupper()
    assert not row.help.endswith(".")
    assert len(row.help.split()) <= 30
    assert not any(part in row.help for part in ("what counts", ", as ", "  "))
    assert row.section
    assert row.roles & {"analyse", "render", "host"}
    assert "solve" not in row.roles or "analyse" in row.roles


# ---- an option of another role ----

WRONG = [
    ("analyse", "pad", "rendering"),
    ("analyse", "scaler", "rendering"),
    ("analyse", "plan", "rendering"),
    ("analyse", "buffer", "hold frames"),
    ("render", "zoom", "analysis"),
    ("render", "aspect", "analysis"),
    ("render", "subjects", "analysis"),
    ("render", "buffer", "hold frames"),
]


@pytest.mark.parametrize(("role", "name", "belongs"), WRONG)
def test_an_option_of_another_role_is_refused_with_where_it_belongs(
    role: Any, name: str, belongs: str
) -> None:
    with pytest.raises(smartcrop.Error, match=f"option {name} has no effect in.*{belongs}") as got:
        check_roles({name: "anything"}, "this", role)
    assert got.value.status == "option"
    assert "\n" not in str(got.value)
    check_roles({name: None}, "this", role)  # not set


def test_options_of_a_role_are_picked_out() -> None:
    given = {"zoom": 2, "pad": "edge", "size": "90x160", "codec": "ffv1", "buffer": 8}
    assert set(of_roles(given, "render")) == {"pad", "size", "codec"}
    assert set(of_roles(given, "analyse", "host")) == {"zoom", "size", "codec", "buffer"}


@pytest.mark.parametrize(
    ("name", "value"), [("pad", "blur"), ("pad_colour", "white"), ("plan", "a"), ("buffer", 1)]
)
def test_analyze_refuses_what_only_rendering_reads(clip: Maker, name: str, value: object) -> None:
    with pytest.raises(smartcrop.Error, match=f"option {name} has no effect in analyze"):
        smartcrop.analyze(clip(frames=2), **{name: value})


@pytest.mark.parametrize(
    ("name", "value"), [("zoom", 4), ("aspect", "1:1"), ("model", "none"), ("lookahead", 0)]
)
def test_a_plan_refuses_to_be_rendered_with_what_it_has_decided(
    clip: Maker, tmp_path: Path, name: str, value: object
) -> None:
    source, output = clip(frames=4), tmp_path / "out.mp4"
    plan = smartcrop.analyze(source, **PLAIN)
    with pytest.raises(smartcrop.Error, match=f"option {name} has no effect in Plan.render"):
        plan.render(source, output, **{name: value})
    assert not output.exists()
    with pytest.raises(smartcrop.Error, match="leave plan out"):
        plan.render(source, output, plan="other.plan")


def test_a_plan_is_rendered_with_the_options_of_rendering(clip: Maker, tmp_path: Path) -> None:
    source, output = clip(frames=4), tmp_path / "out.mkv"
    plan = smartcrop.analyze(source, **PLAIN)
    plan.render(source, output, codec="ffv1", size=(90, 160), pad="edge", scaler="lanczos")
    assert len(times(output)) == 4


# ---- a plan beside an option of the analysis ----


@pytest.fixture
def plan_of(clip: Maker, tmp_path: Path) -> tuple[Path, Path]:
    source, path = clip(frames=4), tmp_path / "a.plan"
    smartcrop.analyze(source, **PLAIN).save(path)
    return source, path


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.message for each in caplog.records if "have no effect" in each.message]


def test_a_plan_beside_options_that_it_has_decided_warns_once_and_names_them(
    plan_of: tuple[Path, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source, path = plan_of
    with caplog.at_level(logging.WARNING, logger="smartcrop"):
        output = tmp_path / "out.mkv"
        smartcrop.reframe(source, output, codec="ffv1", plan=path, zoom=3, strategy="pan")
    (line,) = warnings_of(caplog)
    assert str(path) in line
    assert "strategy, zoom" in line


def test_a_cropper_with_a_plan_warns_as_every_host_does(
    plan_of: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    frames = [np.zeros((90, 160, 3), np.uint8)] * 3
    with caplog.at_level(logging.WARNING, logger="smartcrop"):
        with smartcrop.Cropper(160, 90, plan=plan_of[1], aspect="1:1", buffer=1) as cropper:
            assert len(list(cropper.run(frames))) == 3
        (line,) = warnings_of(caplog)
        assert "aspect, buffer" in line
        caplog.clear()
        with smartcrop.Cropper(160, 90, plan=plan_of[1], size="90x160", pad="edge") as cropper:
            assert len(list(cropper.run(frames))) == 3
    assert warnings_of(caplog) == []


def test_two_passes_do_not_warn_of_the_options_of_the_first(
    clip: Maker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="smartcrop"):
        smartcrop.reframe(
            clip(frames=6), tmp_path / "out.mkv", codec="ffv1", aspect="1:1", zoom=2, **PLAIN
        )
    assert warnings_of(caplog) == []
