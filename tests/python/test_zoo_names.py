# SPDX-License-Identifier: MIT
"""A name of the zoo works wherever the path of a model does, and the library takes its networks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import pytest
from conftest import DATA, PLAIN, ROOT, moving_square
from zoo_server import HASTE, served

import smartcrop
from smartcrop.models.metadata import appended
from smartcrop.models.table import NETWORKS, Network
from smartcrop.models.zoo import Zoo

Maker = Callable[..., Path]

MODELS = Path(os.environ.get("SMARTCROP_TEST_MODELS", ROOT.parent / "shared" / "models"))
FETCHABLE = [each for each in NETWORKS if not each.refusal]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the zoo, which is empty."""
    kept = tmp_path / "zoo"
    kept.mkdir()
    monkeypatch.setenv("SMARTCROP_MODELS", str(kept))
    return kept


def source_of(network: Network) -> Path:
    """The file that lies at a network's address; the test is skipped where it is not here."""
    path = MODELS / Path(network.address).name
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    if not smartcrop.runtime_info().startswith("ONNX Runtime"):
        pytest.skip(smartcrop.runtime_info())
    return path


def put(network: Network, folder: Path) -> Path:
    """Put a network into the zoo as fetching it would."""
    path = folder / f"{network.name}.onnx"
    path.write_bytes(source_of(network).read_bytes() + appended(network.properties))
    return path


def by_name(name: str) -> Network:
    return next(each for each in NETWORKS if each.name == name)


def opened(**options: object) -> smartcrop.Cropper:
    given = {"aspect": "9:16", "lookahead": 0, **PLAIN, **options}
    return smartcrop.Cropper(160, 90, **given)  # type: ignore[arg-type]


def command(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "smartcrop", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("network", FETCHABLE, ids=lambda each: each.name)
def test_the_library_takes_a_network_as_it_is_fetched(network: Network, folder: Path) -> None:
    content = source_of(network).read_bytes()

    def answer(handler: object) -> None:
        handler.say(200, content, Content_Length=len(content))  # type: ignore[attr-defined]

    with served(answer) as log:
        near = replace(network, address=log.address)
        Zoo([near], folder, schemes=("http",), patience=HASTE).get(network.name)
    with opened(subjects=network.name, strict=True) as cropper:
        cropper.push(moving_square(3, 160, 90))
        assert cropper.options.subjects == network.name


def test_networks_of_the_zoo_find_two_people_and_their_faces(folder: Path) -> None:
    clip = DATA / "clips" / "two_people_1080p.mp4"
    if not clip.is_file():
        pytest.skip(f"{clip} is not there")
    found = {}
    for name in ("yunet", "yunet-n", "yolox-nano"):
        put(by_name(name), folder)
        with av.open(str(clip)) as container:
            frame = next(container.decode(video=0))
        with smartcrop.Cropper(frame.width, frame.height, subjects=name, **PLAIN) as cropper:
            cropper.push(frame)
            cropper.flush()
            found[name] = sorted(cropper.last_boxes(), key=lambda box: box.x)
    assert {name: [box.kind for box in boxes] for name, boxes in found.items()} == {
        **{"yunet": ["face"] * 2, "yunet-n": ["face"] * 2, "yolox-nano": ["subject"] * 2}
    }
    for name in ("yunet", "yunet-n"):
        for face, person in zip(found[name], found["yolox-nano"], strict=True):
            assert person.x < face.x + face.width / 2 < person.x + person.width
            assert 5 < person.height / face.height < 12, "a head is a seventh of its body"


def test_a_plan_holds_the_name_and_not_the_folder_of_the_user(
    clip: Maker, folder: Path, tmp_path: Path
) -> None:
    put(by_name("yunet"), folder)
    plan, source = tmp_path / "a.plan", clip()
    done = command(
        "analyze", source, "-o", plan, "--subjects", "yunet", "--model", "none", "--strict"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert smartcrop.Plan.load(plan).options["subjects"] == "yunet"
    assert str(folder) not in plan.read_text()
    out = tmp_path / "out.mp4"
    done = command("reframe", source, out, "--subjects", "yunet", "--model", "none", "--strict")
    assert (done.returncode, done.stderr, out.exists()) == (0, "", True)


def test_a_network_that_is_not_fetched_is_one_line(
    clip: Maker, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    done = command("reframe", clip(), out, "--subjects", "yolox-nano")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "smartcrop: yolox-nano is not fetched; run: smartcrop models get yolox-nano\n"
    )
    assert not out.exists() and not list(folder.iterdir())


def test_a_network_of_another_kind_than_the_option_takes_is_refused(folder: Path) -> None:
    put(by_name("yunet"), folder)
    with pytest.raises(smartcrop.ModelError, match="boxes"):
        opened(model="yunet").push(moving_square(3, 160, 90))


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        (
            "subjects",
            "yolox-nan",
            "subjects yolox-nan: there is no such file.*did you mean yolox-nano?",
        ),
        ("model", "yunett", "model yunett: there is no such file.*did you mean yunet?"),
        ("subjects", "nanotrack", "nanotrack cannot be fetched: trackers are not fetched yet"),
        ("subjects", "xyzzy", "subjects xyzzy: there is no such file"),
        ("subjects", "./yunet", "subjects ./yunet: there is no such file"),
        ("subjects", Path("yunet"), "subjects ./yunet: there is no such file"),
        ("model", "y" * 5000, "no such file|name too long"),
    ],
)
def test_a_name_that_means_nothing_is_an_error(
    folder: Path, option: str, value: object, words: str
) -> None:
    with pytest.raises(smartcrop.ModelError, match=words):
        opened(**{option: value}).push(moving_square(3, 160, 90))


def test_a_file_of_a_name_of_the_zoo_is_written_with_its_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = put(by_name("yunet-n"), folder).rename(tmp_path / "yunet")
    monkeypatch.chdir(tmp_path)
    for value in ("./yunet", Path("yunet"), str(described)):
        with opened(subjects=value, strict=True) as cropper:
            cropper.push(moving_square(3, 160, 90))
            assert cropper.options.subjects == (
                str(value) if value == str(described) else "./yunet"
            )
    with pytest.raises(smartcrop.ModelError, match="yunet is not fetched"):
        opened(subjects="yunet")


def test_a_file_of_nearly_a_name_is_a_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(by_name("yunet-n"), folder).rename(tmp_path / "yunet2")
    monkeypatch.chdir(tmp_path)
    with opened(subjects="yunet2", strict=True) as cropper:
        cropper.push(moving_square(3, 160, 90))
        assert cropper.options.subjects == "yunet2"


def test_built_in_names_are_what_they_were(folder: Path) -> None:
    for name in ("saliency", "center", "none"):
        assert opened(model=name).options.model == name
    for name in ("subjects", "auto", "none"):
        assert opened(subjects=name).options.subjects == name
    assert opened().options.subjects == "auto"


def test_a_file_that_only_looks_like_the_zoos_keeps_its_path(folder: Path) -> None:
    path = str(folder.parent / "yunet.onnx")
    assert opened(subjects=path).options.subjects == path
