# SPDX-License-Identifier: MIT
"""The judge on data drawn here: bright discs that every viewer looks at, off the middle."""

import csv
import gzip
import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from tiny_models import HEIGHT, WIDTH, write_model

from export import visualize
from export.data.repair import repaired
from export.evaluate import main
from export.heatmap import Heatmap
from export.judging import windows
from export.judging.cost import size_of
from export.judging.fixated import View, choose, load_set, shifted

SIZE = (160, 120)


def disc(width, height, x, y, radius=9):
    """A grey picture with a white disc."""
    rows, columns = np.mgrid[:height, :width]
    picture = np.full((height, width, 3), 60, np.uint8)
    picture[(columns - x) ** 2 + (rows - y) ** 2 < radius**2] = 250
    return picture


def draw_set(folder: Path, pictures=6, viewers=4):
    """Stills with fixations about their discs; seeded."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(5)
    lines = ["image,viewer,order,x,y"]
    for i in range(pictures):
        centre = (random.choice([42, 118]), random.integers(30, 90))
        Image.fromarray(disc(*SIZE, *centre)).save(folder / f"{i}.jpg", quality=95)
        for viewer in range(viewers):
            points = random.normal(centre, 4, (5, 2)) / SIZE
            lines += [f"{i}.jpg,{viewer},{k},{x:.4f},{y:.4f}" for k, (x, y) in enumerate(points)]
    with gzip.open(folder / "fixations.csv.gz", "wt") as file:
        file.write("\n".join(lines) + "\n")


def draw_maps(folder: Path):
    """Stills with density maps in place of fixations."""
    folder.mkdir(parents=True)
    for i, x in enumerate((30, 120)):
        Image.fromarray(disc(*SIZE, x, 60)).save(folder / f"m{i}.jpg", quality=95)
        density = np.zeros(SIZE[::-1], np.uint8)
        density[54:66, x - 6 : x + 6] = 200
        Image.fromarray(density).save(folder / f"m{i}_map.png")


def draw_clip(folder: Path, name: str, frames=50):
    """A disc that goes from left to right over noise, with its boxes, at 25 frames a second."""
    folder.mkdir(parents=True, exist_ok=True)
    width, height = 320, 180
    noise = np.random.default_rng(1).integers(0, 12, (height, width, 3), np.uint8)
    boxes = [["frame", "x", "y", "w", "h"]]
    with av.open(str(folder / f"{name}.mp4"), "w") as file:
        stream = file.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, 25)
        for i in range(frames):
            x = round(40 + 240 * i / (frames - 1))
            picture = disc(width, height, x, 90, 16) + noise // 3
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")):
                file.mux(packet)
            boxes.append([i, x - 16, 74, 32, 32])
        for packet in stream.encode():
            file.mux(packet)
    with (folder / f"{name}.csv").open("w") as table:
        csv.writer(table).writerows(boxes)


def run(arguments, tmp_path):
    """Tables by title, each row a dict of columns."""
    answer = tmp_path / "answer.json"
    assert main([*map(str, arguments), "--json", str(answer)]) == 0
    return {
        table["title"]: {
            label: dict(zip(table["columns"], row, strict=True))
            for label, row in table["rows"].items()
        }
        for table in json.loads(answer.read_text())
    }


@pytest.fixture
def bright(tmp_path):
    """A network that finds what is bright."""
    return write_model(tmp_path / "bright.onnx", std=[12, 12, 12])


def test_stills_table_ranks_finder_above_prior_and_below_viewers(tmp_path, bright, capsys):
    draw_set(tmp_path / "data/fixations/drawn")
    tables = run(["--data", tmp_path / "data", "--model", bright, "stills"], tmp_path)
    assert [title.split("(")[0] for title in tables] == [
        "stills, drawn ",
        "shifted crops of stills, drawn ",
    ]
    rows = tables["stills, drawn (6, all of them)"]
    assert next(iter(rows)) == "centre crop"
    for better, worse in (("other viewers", "bright"), ("bright", "centre prior")):
        assert rows[better]["NSS"] > rows[worse]["NSS"]
        assert rows[better]["CC"] > rows[worse]["CC"]
    assert rows["bright"]["sAUC"] > 0.8
    assert rows["centre crop"]["kept"] < 0.3
    assert rows["bright"]["kept"] > 0.95
    assert rows["centre crop"]["way"] == 0
    assert rows["other viewers"]["way"] == pytest.approx(1)
    assert rows["other viewers"]["kept"] <= rows["best possible window"]["kept"]
    assert rows["centre crop"]["NSS"] is None
    assert "  bright" in capsys.readouterr().out


def test_a_set_with_maps_only_is_judged_without_areas_under_curves(tmp_path, bright):
    draw_maps(tmp_path / "data/fixations/maps")
    tables = run(["--data", tmp_path / "data", "--model", bright, "stills"], tmp_path)
    row = tables["stills, maps (2, all of them)"]["bright"]
    assert row["AUC-J"] is None and row["sAUC"] is None and row["way"] is None
    assert row["NSS"] > 3
    assert row["kept"] > 0.95


def test_a_peer_stands_alone_and_times_the_centre_prior(tmp_path, bright):
    draw_set(tmp_path / "data/fixations/drawn", pictures=2)
    wanted = json.dumps({"width": WIDTH, "height": HEIGHT, "std": [12, 12, 12]})
    arguments = ["--data", tmp_path / "data", "--model", bright]
    rows = run(
        [*arguments, "--peer", bright, "--peer-input", wanted, "stills"],
        tmp_path,
    )["stills, drawn (2, all of them)"]
    assert {"bright", "bright x centre"} <= set(rows)
    # The discs stand off the middle, where the centre prior takes shares away.
    assert rows["bright x centre"]["NSS"] < rows["bright"]["NSS"] - 0.1


def test_moving_subjects_show_what_state_is_worth(tmp_path):
    draw_clip(tmp_path / "data/tracking", "ball")
    # What it adds is the picture before: worse than the newest alone on what moves.
    model = write_model(tmp_path / "late.onnx", recurrent=True, std=[12, 12, 12])
    tables = run(["--data", tmp_path / "data", "--model", model, "temporal"], tmp_path)
    (rows,) = tables.values()
    alone, carried = rows["late, spatial stream alone"], rows["late, with state"]
    assert alone["IoU"] > rows["centre crop"]["IoU"] + 0.2
    assert alone["IoU"] > carried["IoU"] + 0.02
    assert alone["map at subject"] > carried["map at subject"] > 0
    assert alone["kept"] > 0.9
    assert alone["IoU moving"] > rows["centre crop"]["IoU moving"] + 0.2
    assert rows["centre crop"]["gain %"] == 0


def test_the_pipeline_table_has_its_rows_for_listed_models(tmp_path):
    pytest.importorskip("smartcrop", reason="the smartcrop package is not built")
    draw_clip(tmp_path / "data/tracking", "ball")
    arguments = ["--data", tmp_path / "data", "--model", "none", "video", "--jobs", "1"]
    rows = run(arguments, tmp_path)["pipeline, tracking (1 clips, all of them)"]
    assert set(rows) == {"centre crop", "best fixed window", "model=none"}
    assert rows["best fixed window"]["IoU"] >= rows["centre crop"]["IoU"]
    assert rows["model=none"]["IoU"] > rows["best fixed window"]["IoU"]
    assert rows["centre crop"]["gain %"] == 0 and rows["centre crop"]["still"] == 1


def test_cost_counts_parameters_and_multiplications(tmp_path, bright):
    size = size_of(bright, {})
    assert size.parameters == 3
    assert size.macs == 3 * WIDTH * HEIGHT
    assert size.bytes == bright.stat().st_size
    (tmp_path / "empty").mkdir()
    tables = run(["--data", tmp_path / "empty", "--model", bright, "cost", "--runs", "5"], tmp_path)
    (row,) = next(iter(tables.values())).values()
    assert 0 < row["ms best"] <= row["ms median"]


def test_bad_input_is_one_line_that_names_it(tmp_path, capsys):
    assert main(["--data", str(tmp_path), "--model", str(tmp_path / "no.onnx")]) == 2
    assert capsys.readouterr().err.strip().endswith("no.onnx: no such file; name an ONNX file")
    assert main(["--data", str(tmp_path), "--model", "none"]) == 1
    assert "nothing in it to judge by" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--data", str(tmp_path / "nowhere")])
    assert "nowhere: no such folder" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--data", str(tmp_path), "sound"])
    assert "there is no part sound" in capsys.readouterr().err


def test_items_that_no_list_knows_are_all_used_and_listed_ones_are_split():
    assert choose(["new/1.jpg", "new/2.jpg"], "fixations", "test") == (
        ["new/1.jpg", "new/2.jpg"],
        False,
    )
    items = [f"osie/{n}.jpg" for n in range(1001, 1701)]
    test, by_list = choose(items, "fixations", "test")
    train, _ = choose(items, "fixations", "train")
    assert by_list and 0 < len(test) < len(train)
    assert not set(test) & set(train)


def test_shifted_crops_are_seeded_lie_at_a_side_and_keep_what_is_inside(tmp_path):
    draw_set(tmp_path / "fixations/drawn")
    stills, _ = load_set(tmp_path, "drawn", "test")
    crops = shifted(stills, seed=2)
    assert [crop.view for crop in crops] == [crop.view for crop in shifted(stills, seed=2)]
    assert {crop.view.left for crop in crops} <= {0, 0.25}
    assert all(((crop.points[:, 1:] >= 0) & (crop.points[:, 1:] < 1)).all() for crop in crops)
    assert crops[0].picture().shape == (90, 120, 3)
    inside = View(0.25, 0.25, 0.75).points(np.array([[0, 0.25, 0.25], [1, 0.1, 0.5], [2, 1, 0.4]]))
    assert inside.tolist() == [[0, 0, 0]]


def test_a_transposed_table_is_turned_and_its_cut_pictures_are_dropped(tmp_path):
    folder = tmp_path / "scene"
    folder.mkdir()
    Image.new("RGB", (40, 40)).save(folder / "square.jpg")
    Image.new("RGB", (60, 40)).save(folder / "wide.jpg")
    points = {name: np.array([[3, 0.1, 0.9]]) for name in ("square.jpg", "wide.jpg")}
    turned = repaired(folder, points)
    assert turned["square.jpg"].tolist() == [[3, 0.9, 0.1]]
    assert len(turned["wide.jpg"]) == 0
    assert repaired(tmp_path / "osie", points) is points


def test_a_list_narrows_the_clips_of_a_set(tmp_path):
    for name in ("a", "b"):
        draw_clip(tmp_path / "tracking", name, frames=2)
    names = tmp_path / "list.txt"
    names.write_text("# held out\ntracking/b\nmasks/a\n")
    listed = windows.read_list(names)
    assert [path.stem for path in windows.find_clips(tmp_path, "tracking", listed)] == ["b"]
    assert [path.stem for path in windows.find_clips(tmp_path, "tracking")] == ["a", "b"]
    with pytest.raises(FileNotFoundError, match="no such list"):
        windows.read_list(tmp_path / "none.txt")


def test_a_window_on_the_subject_is_ideal_and_keeps_it():
    clip = windows.Clip((320, 180), np.array([[200.0, 60, 40, 50], [0, 60, 40, 50]]))
    ideal = windows.ideal_windows(clip, (100, 180))
    assert ideal.tolist() == [[170, 0, 100, 180], [0, 0, 100, 180]]
    assert windows.window_iou(ideal, ideal).tolist() == [1, 1]
    assert windows.share_kept(clip, ideal).tolist() == [1, 1]
    half = ideal + np.array([50, 0, 0, 0])
    assert windows.window_iou(half, ideal) == pytest.approx([1 / 3, 1 / 3])
    assert windows.share_kept(clip, half).tolist() == [0.5, 0]


def test_a_sheet_has_a_row_a_picture_and_a_column_a_model(tmp_path, bright):
    draw_set(tmp_path / "set", pictures=1)
    draw_clip(tmp_path / "clips", "ball", frames=30)
    sheet = tmp_path / "sheet.png"
    sources = [str(tmp_path / "set/0.jpg"), str(tmp_path / "clips/ball.mp4")]
    answer = visualize.main([*sources, "--model", str(bright), "--frames", "2", "-o", str(sheet)])
    assert answer == 0
    with Image.open(sheet) as image:
        assert image.size == (2 * 320 + 6, 20 + 240 + 2 * 180 + 3 * 6)
        # The map's peak is drawn bright over the disc of the still.
        points = load_set_points(tmp_path / "set")
        x, y = int(326 + points[0] * 320), int(20 + points[1] * 240)
        assert image.getpixel((x, y))[0] > 200
    assert visualize.main([str(tmp_path / "no.png"), "--model", str(bright), "-o", "x.png"]) == 2


def load_set_points(folder):
    """Mean fixation of the only picture, in shares."""
    with gzip.open(folder / "fixations.csv.gz", "rt") as file:
        rows = [(float(row["x"]), float(row["y"])) for row in csv.DictReader(file)]
    return np.mean(rows, 0)


def test_the_map_of_a_grid_is_placed_on_the_picture_without_a_shift(tmp_path):
    model = write_model(tmp_path / "a.onnx", std=[12, 12, 12])
    picture = np.full((120, 160, 3), 60, np.uint8)
    picture[50:70, 30:50] = 250
    values = Heatmap(model)(picture)
    mirrored = Heatmap(model)(np.ascontiguousarray(picture[:, ::-1]))
    assert values == pytest.approx(mirrored[:, ::-1], abs=1e-6)
    x = (np.arange(160) + 0.5) / 160
    assert (values.sum(0) * x).sum() == pytest.approx(0.25, abs=0.01)
