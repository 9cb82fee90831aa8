# SPDX-License-Identifier: MIT
"""Naming actions: the whole way from clips drawn here to a table, with a network of ours."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest
import torch
from torch import nn

from export.action import compare, evaluate, make_lists, train
from export.action.backbones import PUBLISHED, Backbone, import_timm, make_backbone
from export.action.crop import Box, CropToBox, find_boxes
from export.action.dataset import ClipFrames, resize, vary
from export.action.flops import giga_flops
from export.action.learning import learn_head
from export.action.lists import Clip, read_split
from export.action.recogniser import Head, Recogniser
from export.action.settings import ActionError, Settings, View

try:
    from smartcrop import motion
except ImportError:
    motion = None
ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT.parent / "shared" / "models"
FAST = ["--backbone", "small", "--segments", "2", "--test-segments", "2", "--workers", "0"]


def draw_clip(path: Path, *, rising: bool, scene: int, frames: int = 10) -> None:
    """A square on grey stripes: yellow it goes up, blue it stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(scene)
    stripes = random.integers(60, 120, (1, 8, 1), np.uint8)
    ground = stripes.repeat(12, 1).repeat(64, 0).repeat(3, 2)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.gop_size = 4
        for index in range(frames):
            picture = ground.copy()
            top = 44 - 4 * index if rising else 40
            picture[top : top + 16, 60:76] = (250, 250, 40) if rising else (30, 30, 250)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        file.mux(stream.encode(None))


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight clips of two classes in four scenes, each scene with both."""
    root = tmp_path_factory.mktemp("clips")
    for scene in range(4):
        draw_clip(root / "rise" / f"r{scene}.mp4", rising=True, scene=scene)
        draw_clip(root / "stay" / f"s{scene}.mp4", rising=False, scene=scene)
    return root


@pytest.fixture(scope="module")
def lists(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    assert make_lists.main([str(clips), "--out", str(folder), "--folds", "2"]) == 0
    return folder


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package has no motion yet, boxes of a quarter of the picture on the right."""
    if motion is not None:
        return

    def clip_boxes(paths: list[str], **settings: object) -> object:
        for path in paths:
            yield (
                path,
                SimpleNamespace(x=48, y=0, width=48, height=64, picture=(96, 64), fallback=False),
            )

    stand_in = SimpleNamespace(clip_boxes=clip_boxes)
    monkeypatch.setitem(sys.modules, "smartcrop.motion", stand_in)
    import smartcrop

    monkeypatch.setattr(smartcrop, "motion", stand_in, raising=False)


def test_lists_split_by_scene_and_test_each_clip_once(lists: Path, clips: Path) -> None:
    splits = [read_split(lists, number, clips) for number in (1, 2)]
    assert splits[0].classes == ("rise", "stay")
    assert {c.name for c in splits[0].test} == {c.name for c in splits[1].train}
    tested = sorted(clip.name for split in splits for clip in split.test)
    assert tested == sorted(path.relative_to(clips).as_posix() for path in clips.rglob("*.mp4"))
    for split in splits:
        assert {c.name[-5] for c in split.train}.isdisjoint(c.name[-5] for c in split.test)


def test_lists_of_ucf101_are_read(tmp_path: Path) -> None:
    for name in ("Archery/v_Archery_g08_c01.avi", "Bowling/v_Bowling_g01_c01.mp4"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    (tmp_path / "classInd.txt").write_text("1 Archery\n2 Bowling\n")
    (tmp_path / "trainlist01.txt").write_text("Archery/v_Archery_g08_c01.avi 1\n")
    # Encoded anew, it is found under the name that the list has.
    (tmp_path / "testlist01.txt").write_text("Bowling/v_Bowling_g01_c01.avi\n")
    split = read_split(tmp_path, 1, tmp_path)
    assert [clip.label for clip in (*split.train, *split.test)] == [0, 1]
    assert split.test[0].path.suffix == ".mp4"


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("classInd.txt", "1 rise\nstay 2\n", "classInd.txt:2"),
        ("classInd.txt", "1 rise\n3 stay\n", "are not 1 to 2"),
        ("trainlist01.txt", "rise/r0.mp4 2\n", "class 2 for rise, which is 1"),
        ("trainlist01.txt", "fall/f0.mp4 1\n", "folder of no known class"),
        ("trainlist01.txt", "rise/gone.mp4 1\n", "see --root"),
        ("testlist01.txt", "\n", "no clip in it"),
        ("testlist01.txt", "rise/r0.mp4\n", "in both lists"),
    ],
)
def test_what_is_wrong_in_a_list_is_named(  # noqa: PLR0917
    file: str, text: str, says: str, lists: Path, clips: Path, tmp_path: Path
) -> None:
    for path in lists.iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "trainlist01.txt").write_text("rise/r0.mp4 1\n")
    (tmp_path / file).write_text(text)
    with pytest.raises(ActionError, match=says):
        read_split(tmp_path, 1, clips)


def test_a_box_cuts_frames_of_any_size_and_leaves_a_pixel_at_least() -> None:
    frames = torch.arange(2 * 3 * 60 * 80).view(2, 3, 60, 80)
    cut = CropToBox(Box(0.25, 0.5, 0.5, 0.25))
    assert torch.equal(cut(frames), frames[..., 30:45, 20:60])
    assert cut(frames[..., ::5, ::5]).shape == (2, 3, 3, 8)
    assert CropToBox(Box(1.0, 1.0, 0.0, 0.0))(frames).shape == (2, 3, 1, 1)
    assert Box(0.0, 0.5, 0.5, 0.25).centred == Box(0.25, 0.375, 0.5, 0.25)


def test_items_are_the_same_each_time_and_vary_with_the_turn(clips: Path) -> None:
    items = [Clip("r", clips / "rise/r0.mp4", 0)]
    settings = Settings(segments=3, test_segments=4)
    still = ClipFrames(items, View("mocrop", 32), settings, {"r": Box(0.5, 0, 0.5, 1)})
    frames, label = still[0]
    assert frames.shape == (4, 3, 32, 32) and frames.dtype == torch.uint8 and label == 0
    assert torch.equal(frames, still[0][0])
    # The square fills more of the right half than of the whole, and is on all frames.
    whole = ClipFrames(items, View("normal", 32), settings, {})[0][0]
    assert (frames[:, 0] > 200).float().mean() > 1.7 * (whole[:, 0] > 200).float().mean()
    varied = ClipFrames(items, View("normal", 32), settings, {}, varied=True, seed=1)
    assert torch.equal(varied[0, 3][0], varied[0, 3][0])
    assert not torch.equal(varied[0, 3][0], varied[0, 4][0])


def test_all_segments_of_a_clip_are_varied_alike() -> None:
    frame = torch.randint(0, 256, (1, 3, 40, 60), dtype=torch.uint8)
    both = vary(frame.repeat(2, 1, 1, 1), np.random.default_rng(2))
    assert torch.equal(both[0], both[1])
    assert resize(both, 24).shape == (2, 3, 24, 24)


@pytest.mark.parametrize("learn", ["all", "head"])
def test_a_run_learns_and_is_tested_in_another_mode(  # noqa: PLR0917
    learn: str, lists: Path, clips: Path, tmp_path: Path, boxes: None, capsys: pytest.CaptureFixture
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
    lists: Path, clips: Path, tmp_path: Path, boxes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = tmp_path / "tables.json"
    words = [str(lists), "--root", str(clips), "--out", str(tmp_path), "--json", str(answer)]
    words += [*FAST, "--learn", "head", "--epochs", "3", "--seeds", "2"]
    assert compare.main(words) == 0
    own, plain = json.loads(answer.read_text())
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


def test_boxes_are_looked_for_once(clips: Path, tmp_path: Path, boxes: None) -> None:
    items = [Clip("rise/r0.mp4", clips / "rise/r0.mp4", 0)]
    first = find_boxes(items, Settings(), tmp_path)
    sys.modules.pop("smartcrop.motion", None)
    assert find_boxes(items, Settings(), tmp_path) == first
    assert first["rise/r0.mp4"].width <= 1


@pytest.mark.skipif(motion is None, reason="smartcrop.motion is not built")
def test_the_box_of_a_clip_holds_what_moves(clips: Path, tmp_path: Path) -> None:
    items = [Clip("rise/r0.mp4", clips / "rise/r0.mp4", 0)]
    box = find_boxes(items, Settings(area=0.5), tmp_path)["rise/r0.mp4"]
    assert box.x <= 60 / 96 and box.x + box.width >= 80 / 96
    assert box.width * box.height < 0.7


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


def test_a_clip_without_pictures_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"nothing")
    dataset = ClipFrames([Clip("b", broken, 0)], View(), Settings(), {})
    with pytest.raises(ActionError, match=r"broken\.mp4: not a clip that can be read"):
        dataset[0]


def test_a_folder_without_classes_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    draw_clip(tmp_path / "clip.mp4", rising=True, scene=1)
    assert make_lists.main([str(tmp_path), "--out", str(tmp_path / "lists")]) == 1
    assert "a folder of its own" in capsys.readouterr().err
