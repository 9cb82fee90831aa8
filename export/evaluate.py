# SPDX-License-Identifier: MIT
"""Judges networks: on stills with fixations, on clips with subjects and gaze, on boxes, by cost.

    python -m export.evaluate --data ../shared/data
        [stills] [temporal] [video] [boxes] [tracks] [cost]
        [--model saliency|center|subjects|tracker|none|PATH ...] [--peer fastgaze.onnx]
        [--teachers ../shared/models] [--split test]

Detectors are judged by the parts boxes and cost alone, trackers by tracks and cost, and heatmaps by
all others. Without a part named all are done. Items are those of the lists in
``export/data/splits`` that were held out from training; of a set that no list knows all are used. A
peer is a network that does not describe itself; the default description is that of fastgaze
(twitter-research/image-crop-analysis).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from PIL import Image

from export.data.followed import HEAD, adopt_nanotrack
from export.detector import Detector
from export.heatmap import Heatmap, ModelError, open_session
from export.judging.boxes import box_tables, ours, teachers
from export.judging.cost import cost_table
from export.judging.fixated import Still, find_sets, load_set, shifted
from export.judging.maps import CentrePrior, MapSource, Network, TimesPrior, TrainingFree
from export.judging.stills import Scores, judge_stills
from export.judging.table import Table
from export.judging.temporal import FPS, temporal_table
from export.judging.tracking import NANOTRACK, Following
from export.judging.tracks import Peer, track_tables, tracker_costs
from export.judging.video import labelled_clips, video_tables
from export.tracker import Pair

WEIGHTS = Path(__file__).parent / "weights"
PARTS = ("stills", "temporal", "video", "boxes", "tracks", "cost")
BUILT_IN = {"heatmap": ("center", "saliency"), "boxes": ("subjects",), "tracker": ("tracker",)}
PEER_INPUT = '{"width":320,"height":240,"order":"BGR","mean":[103.94,116.78,123.68]}'


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m export.evaluate", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--data", type=Path, required=True, help="root of the labelled data")
    parser.add_argument(
        "--model",
        action="append",
        help="saliency, center, subjects or tracker (in export/weights), none, or a file; may be "
        "repeated; default: every file in export/weights",
    )
    parser.add_argument("--peer", type=Path, help="a network to compare with")
    parser.add_argument("--peer-input", default=PEER_INPUT, metavar="JSON", help="its description")
    parser.add_argument(
        "--teachers",
        type=Path,
        metavar="FOLDER",
        help="of YOLOX-nano, YuNet and NanoTrack, to compare with",
    )
    parser.add_argument("--split", default="test", choices=("train", "val", "test", "all"))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables there too")
    parser.add_argument("--jobs", type=int, default=2, help="clips at a time")
    parser.add_argument("--runs", type=int, default=100, help="passes that are timed")
    chosen = parser.parse_args(arguments)
    if wrong := set(chosen.parts) - set(PARTS):
        parser.error(f"there is no part {sorted(wrong)[0]}; choose of {', '.join(PARTS)}")
    if not chosen.data.is_dir():
        parser.error(f"{chosen.data}: no such folder; name the root of the labelled data")
    return chosen


def find_models(names: list[str] | None, kind: str = "heatmap") -> dict[str, str]:
    """Give label to file, of the networks of a kind; ``none`` stays as it is, and is a heatmap."""
    known = [name for each in BUILT_IN.values() for name in each]
    chosen = BUILT_IN[kind] if names is None else names
    files = {Path(n).stem: str(WEIGHTS / f"{n}.onnx") if n in known else n for n in chosen}
    return {label: file for label, file in files.items() if _kind_of(file) == kind}


def _kind_of(file: str) -> str:
    """What a file says that it is; of one that says nothing the reader of heatmaps says why."""
    if file == "none":
        return "heatmap"
    metadata = open_session(Path(file)).get_modelmeta().custom_metadata_map
    kind = metadata.get("smartcrop.kind", "")
    return kind if kind in BUILT_IN else "heatmap"


class Judge:
    """What every part needs: the networks, the peer, the lists."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.root, self.split = arguments.data, arguments.split
        self.jobs, self.runs = arguments.jobs, arguments.runs
        self.models = find_models(arguments.model)
        paths = {label: path for label, path in self.models.items() if path != "none"}
        self.heatmaps = {label: Heatmap(path) for label, path in paths.items()}
        self.detectors = {
            label: ours(path) for label, path in find_models(arguments.model, "boxes").items()
        }
        self.teachers = teachers(arguments.teachers) if arguments.teachers else {}
        self.trackers = {
            label: Peer(Pair(path), Following())
            for label, path in find_models(arguments.model, "tracker").items()
        }
        if self.trackers and arguments.teachers and (arguments.teachers / HEAD).exists():
            self._described = tempfile.TemporaryDirectory()  # for as long as it is judged
            pair = adopt_nanotrack(arguments.teachers, Path(self._described.name))
            self.trackers["NanoTrack"] = Peer(pair, NANOTRACK)
        self.peer: Heatmap | None = None
        if arguments.peer:
            description = json.loads(arguments.peer_input)
            # Scaled by areas, which this peer takes better than what our networks are trained on.
            self.peer = Heatmap(arguments.peer, description, filter=Image.Resampling.BOX)

    def sources(self, prior: CentrePrior) -> dict[str, MapSource]:
        """Rows of the tables of stills."""
        rows: dict[str, MapSource] = {"centre prior": prior, "training-free": TrainingFree()}
        rows.update({label: Network(heatmap) for label, heatmap in self.heatmaps.items()})
        if self.peer:
            network = Network(self.peer)
            rows[self.peer.path.stem] = network
            rows[f"{self.peer.path.stem} x centre"] = TimesPrior(network, prior)
        return rows

    def stills(self) -> list[Table]:
        """Each set as it is and in shifted crops, then all sets together."""
        names = find_sets(self.root)
        training = [still for name in names for still in load_set(self.root, name, "train")[0]]
        sources = self.sources(_fitted(training) if self.split != "all" else CentrePrior())
        tables = []
        for title, crop in (("stills", None), ("shifted crops of stills", shifted)):
            together, total = Scores(), 0
            for name in names:
                chosen, by_list = load_set(self.root, name, self.split)
                pool, _ = load_set(self.root, name, "all")
                chosen, pool = (crop(chosen), crop(pool)) if crop else (chosen, pool)
                if not chosen:
                    continue
                scores = judge_stills(chosen, sources, name, pool)
                which = f"list: {self.split}" if by_list else "all of them"
                tables.append(scores.table(f"{title}, {name} ({len(chosen)}, {which})"))
                together.extend(scores)
                total += len(chosen)
            if len(names) > 1 and total:
                tables.append(together.table(f"{title}, all sets ({total})"))
        return tables

    def temporal(self) -> list[Table]:
        """Maps of moving subjects, read without the pipeline."""
        sets, _ = labelled_clips(self.root, self.split)
        clips = [*sets["tracking"], *sets["masks"]]
        rows: dict[str, MapSource] = {"training-free": TrainingFree(FPS)}
        for label, heatmap in self.heatmaps.items():
            if heatmap.recurrent:
                alone = Heatmap(heatmap.path, stateless=True)
                rows[f"{label}, spatial stream alone"] = Network(alone)
            rows[f"{label}, with state" if heatmap.recurrent else label] = Network(heatmap)
        if self.peer:
            rows[self.peer.path.stem] = Network(self.peer)
        title = f"maps read at {FPS:g} frames a second ({len(clips)} clips, {self.split})"
        return [temporal_table(clips, rows, title)] if clips else []

    def video(self) -> list[Table]:
        """The whole pipeline."""
        models = {"model=none": "none"}
        models.update({f"model={label}": path for label, path in self.models.items()})
        return video_tables(self.root, self.split, models, self.jobs)

    def boxes(self) -> list[Table]:
        """Faces, people and things in pictures."""
        peers = {**self.detectors, **self.teachers}
        return box_tables(self.root, self.split, peers) if self.detectors else []

    def tracks(self) -> list[Table]:
        """Targets of clips, from their box and from a point."""
        if not self.trackers:
            return []
        detector = Detector(WEIGHTS / "subjects.onnx")
        return track_tables(self.root, self.split, self.trackers, detector)

    def cost(self) -> list[Table]:
        """Size and time of each network."""
        networks: dict[str, Heatmap | Detector] = {**self.heatmaps}
        peers = {**self.detectors, **self.teachers}
        networks |= {label: peer.detector for label, peer in peers.items()}
        if self.peer:
            networks[self.peer.path.stem] = self.peer
        tables = [cost_table(networks, self.runs)] if networks else []
        return [*tables, *([tracker_costs(self.trackers, self.runs)] if self.trackers else [])]


def _fitted(training: list[Still]) -> CentrePrior:
    """Fit the prior to the training list."""
    return CentrePrior(still.points[:, 1:] for still in training if still.points is not None)


def main(arguments: list[str] | None = None) -> int:
    """Print the tables that were asked for."""
    chosen = parse(arguments)
    tables: list[Table] = []
    try:
        judge = Judge(chosen)
        for part in chosen.parts or PARTS:
            for table in getattr(judge, part)():
                print(table, end="\n\n", flush=True)
                tables.append(table)
    except (ModelError, OSError, json.JSONDecodeError) as error:
        print(f"export.evaluate: {error}", file=sys.stderr)
        return 2
    if not tables:
        print(f"{chosen.data}: nothing in it to judge by", file=sys.stderr)
        return 1
    if chosen.json:
        chosen.json.write_text(json.dumps([table.as_json() for table in tables], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
