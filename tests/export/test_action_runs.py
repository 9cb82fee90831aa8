# SPDX-License-Identifier: MIT
"""Naming actions: from clips drawn here to networks and a table, with a network of ours."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
import torch
from conftest import ROOT
from drawn_actions import FAST, draw_clips
from torch import nn

from export.action import compare, evaluate, make_lists, train
from export.action.backbones import PUBLISHED, Backbone, import_timm, make_backbone
from export.action.crop import Box
from export.action.features import Features
from export.action.flops import giga_flops
from export.action.learning import learn_head
from export.action.lists import Clip
from export.action.recogniser import Head, Recogniser
from export.action.settings import ActionError, Settings, View

MODELS = ROOT.parent / "shared" / "models"


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_clips(tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="module")
def lists(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    assert make_lists.main([str(clips), "--out", str(folder), "--folds", "2"]) == 0
    return folder


@pytest.mark.parametrize("learn", ["all", "head"])
def test_a_run_learns_and_is_tested_in_another_mode(
    learn: str, lists: Path, clips: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "run"
    words = [str(lists), "--root", str(clips), "--out", str(out), *FAST, "--learn", learn]
    words += ["--epochs", "12", "--batch", "4", "--head-rate", "0.01", "--backbone-rate", "0.01"]
    assert train.main(words) == 0
    result = json.loads((out / "result.json").read_text())
    assert result["top1"] == 1  # the square's colour tells
    assert len(result["clips"]) == 4 and result["view"] == "plain 224"
    assert list((out / "tensorboard").glob("events.out.*"))
    with (out / "curves" / "metrics.csv").open() as file:
        losses = [float(row["loss"]) for row in csv.DictReader(file) if row.get("loss")]
    assert losses[-1] < losses[0]
    capsys.readouterr()
    words = [str(out / "network.pt"), str(lists), "--root", str(clips), "--mode", "mocrop"]
    answer = tmp_path / "answer.json"
    assert evaluate.main([*words, "--setting", "efficiency", "--json", str(answer)]) == 0
    assert "4 clips right" in capsys.readouterr().out
    assert json.loads(answer.read_text())["view"] == "mocrop 192"


def test_key_frames_alone_will_do(lists: Path, clips: Path, tmp_path: Path) -> None:
    words = [str(lists), "--root", str(clips), "--out", str(tmp_path), *FAST, "--learn", "head"]
    assert train.main([*words, "--epochs", "1", "--frames", "iframe"]) == 0


def test_the_same_seed_gives_the_same_network(lists: Path, clips: Path, tmp_path: Path) -> None:
    states = []
    for name in ("a", "b"):
        words = [str(lists), "--root", str(clips), "--out", str(tmp_path / name), *FAST]
        assert train.main([*words, "--epochs", "2", "--setting", "efficiency"]) == 0
        states.append(torch.load(tmp_path / name / "network.pt", weights_only=True)["state"])
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])


def test_the_table_compares_modes_and_sizes_and_repeats_no_run(
    lists: Path, clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = tmp_path / "tables.json"
    words = [str(lists), "--root", str(clips), "--out", str(tmp_path), "--json", str(answer)]
    words += [*FAST, "--learn", "head", "--epochs", "3", "--seeds", "2"]
    assert compare.main(words) == 0
    own, pairs, plain, _ = json.loads(answer.read_text())
    assert list(pairs["rows"]) == [
        f"mocrop {size} - {mode} {size}" for size in (192, 224) for mode in ("plain", "center")
    ]
    assert list(own["rows"]) == [
        f"{mode} {size}" for mode in ("plain", "center", "mocrop") for size in (192, 224)
    ]
    for table in (own, plain):
        rows = {
            label: dict(zip(table["columns"], row, strict=True))
            for label, row in table["rows"].items()
        }
        assert rows["plain 224"]["delta"] is None
        assert rows["mocrop 224"]["delta FLOPs %"] == 0
        assert rows["mocrop 192"]["delta FLOPs %"] == pytest.approx(-26.5, abs=0.5)
        row = rows["mocrop 192"]
        assert row["delta"] == pytest.approx(row["top-1"] - rows["plain 224"]["top-1"])
        assert row["low"] <= row["delta"] <= row["high"]
    runs = (tmp_path / "results.jsonl").read_text()
    assert len(runs.splitlines()) == 2 * 2 * 12  # splits, seeds, rows of the two tables
    monkeypatch.setattr(compare, "learn", None)
    assert compare.main(words) == 0
    assert (tmp_path / "results.jsonl").read_text() == runs


def test_kept_features_give_the_network_that_new_ones_give(
    lists: Path, clips: Path, tmp_path: Path
) -> None:
    words = [str(lists), "--root", str(clips), "--out", str(tmp_path), *FAST, "--learn", "head"]
    states = []
    for _ in range(2):
        assert train.main([*words, "--epochs", "2"]) == 0
        states.append(torch.load(tmp_path / "network.pt", weights_only=True)["state"])
    assert list(tmp_path.glob("features-*.pt"))
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])


def test_features_of_another_box_are_computed_anew(clips: Path, tmp_path: Path) -> None:
    items = [Clip("r", clips / "rise/r0.mp4", 0)]
    settings = Settings(backbone="small", test_segments=2, workers=0)
    features = Features(make_backbone(settings), settings, tmp_path)
    left, right = (
        features.of(items, View("mocrop", 32), {"r": Box(x, 0, 0.5, 1)}) for x in (0, 0.5)
    )
    assert left.shape == right.shape == (1, 2, 2, 64)
    assert not torch.equal(left, right)


def test_a_head_learns_what_features_tell_and_the_rest_stays() -> None:
    random = torch.Generator().manual_seed(0)
    labels = [0, 1] * 10
    features = torch.randn(20, 2, 4, 6, generator=random)
    features[..., 2] += 4 * torch.tensor(labels)[:, None, None]
    head = Head(6, 2)
    learn_head(head, features, labels, Settings(epochs=30, head_rate=0.02), seed=1)
    assert (head(features).mean((1, 2)).argmax(1) == torch.tensor(labels)).all()
    assert head.answer.weight.abs().mean(0).argmax() == 2


def test_any_module_is_a_backbone() -> None:
    module = nn.Sequential(nn.Conv2d(3, 7, 3, 8), nn.ReLU())
    backbone = Backbone(module, mean=(0, 0, 0), std=(255, 255, 255))
    assert backbone.width == 7
    logits = Recogniser(backbone, 5)(torch.zeros(2, 3, 3, 64, 64, dtype=torch.uint8))
    assert logits.shape == (2, 5)
    assert giga_flops(backbone, 64) == pytest.approx(8 * 8 * 7 * 27 / 1e9)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("mobilenet_v2", "mobilenet_v2_1.0_224_imagenet.pth"),
        ("mcunet", "mcunet-320kb-1mb_imagenet.pth"),
    ],
)
def test_published_weights_fit_our_networks(name: str, file: str) -> None:
    if not (MODELS / file).is_file():
        pytest.skip(f"{MODELS / file} is not there")
    backbone = make_backbone(Settings(backbone=name, weights=str(MODELS / file))).eval()
    with torch.no_grad():
        features = backbone(torch.randint(0, 256, (2, 3, 96, 96), dtype=torch.uint8))
    assert features.shape == (2, backbone.width) and torch.isfinite(features).all()
    assert features.std() > 0.01


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_backbones_take_both_sizes(name: str) -> None:
    try:
        import_timm()
    except ActionError as error:
        pytest.skip(str(error))
    backbone = make_backbone(Settings(backbone=name))
    small, large = giga_flops(backbone, 192), giga_flops(backbone, 224)
    assert 0.7 < small / large < 0.83
    recogniser = Recogniser(backbone, 3)
    for size in (192, 224):
        frames = torch.randint(0, 256, (1, 2, 3, size, size), dtype=torch.uint8)
        nn.functional.cross_entropy(recogniser(frames), torch.tensor([1])).backward()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--weights", "gone.pth"], "gone.pth: no such file"),
        (["--weights", str(Path(__file__))], "not a file of weights"),
        (["--pretrained"], "--pretrained: small is not timm's"),
        (["--area", "1.5"], "--area 1.5"),
        (["--split", "7"], "there are the splits 1, 2"),
        (["--device", "tpu9"], "--device tpu9"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(  # noqa: PLR0917
    words: list[str],
    says: str,
    lists: Path,
    clips: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
) -> None:
    common = [str(lists), "--root", str(clips), "--out", str(tmp_path), *FAST, "--learn", "head"]
    assert train.main([*common, *words]) == 1
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1


def test_every_command_and_flag_on_the_page_exists() -> None:
    page = (ROOT / "export" / "action" / "README.md").read_text()
    text = page.replace("\\\n", " ")
    commands = re.findall(r"python -m (export\.action\.\w+)(.*)", text)
    parsers = {each.__name__: each.parser() for each in (compare, evaluate, make_lists, train)}
    assert {name for name, _ in commands} == set(parsers)
    for name, words in commands:
        known = parsers[name].format_help()
        for flag in re.findall(r" (--[a-z-]+)", words):
            assert flag in known, f"{name} {flag}"
