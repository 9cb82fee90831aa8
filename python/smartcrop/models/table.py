# SPDX-License-Identifier: MIT
"""The networks of the zoo: where each lies, and how the library has to use it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

# How the description of a file of the zoo begins to say its version.
VERSION_MARK = "smartcrop zoo, sha256 "


@dataclass(frozen=True, eq=False)
class Network:
    """A network of others.

    Attributes
    ----------
    name, kind : str
        How it is called here, and what it answers: ``boxes``, ``tracker``, ``mask``, ``embedding``.
    about, licence, trained_on : str
        What it finds; the licence of the weights; what its authors trained it on.
    size : int
        Bytes of the file at the address; 0 where that is unknown.
    address, sha256 : str
        Where its publisher keeps it, and the digest of what lies there.
    picture, boxes : mapping
        What ``smartcrop.input`` and ``smartcrop.boxes`` say in the file's metadata.
    refusal : str
        Why it cannot be fetched; empty where it can.
    """

    name: str
    kind: str
    about: str
    licence: str
    size: int
    address: str = ""
    sha256: str = ""
    trained_on: str = ""
    picture: Mapping[str, object] = field(default_factory=dict)
    boxes: Mapping[str, object] = field(default_factory=dict)
    refusal: str = ""

    @property
    def properties(self) -> dict[str, str]:
        """What the metadata of its file has to say; python/docs/models.md tells what each means."""
        return {
            "smartcrop.kind": self.kind,
            "smartcrop.input": json.dumps(self.picture),
            "smartcrop.boxes": json.dumps(self.boxes),
            "smartcrop.licence": self.licence,
            "smartcrop.trained_on": self.trained_on,
            "smartcrop.version": f"{VERSION_MARK}{self.sha256}",
        }


_OPENCV = (
    "https://media.githubusercontent.com/media/opencv/opencv_zoo/"
    "47534e27c9851bb1128ccc0102f1145e27f23f98/models/"
)
_LIBFACEDETECTION = (
    "https://raw.githubusercontent.com/ShiqiYu/libfacedetection.train/"
    "0047ac24afb1a50a0c6105001c89d1b5b805dbf1/onnx/"
)
_YOLOX = "https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/"

# The classes of COCO's detection task, in its order.
_COCO = (
    *("person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat"),
    *("traffic light", "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog"),
    *("horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "backpack", "umbrella"),
    *("handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball", "kite"),
    *("baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle"),
    *("wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich"),
    *("orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch"),
    *("potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote"),
    *("keyboard", "cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "book"),
    *("clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush"),
)

# YOLOX wants BGR samples as they are, in a square that is filled with grey.
_SQUARE = {"width": 416, "height": 416, "order": "BGR", "fit": "pad", "pad_value": 114}
# The numbers of person, and of bird to giraffe.
_PERSONS_AND_ANIMALS = {
    **{"layout": "yolox", "classes": [0, *range(14, 24)]},
    **{"threshold": 0.35, "overlap": 0.45, "finds": "subject", "names": _COCO},
}
# YuNet takes any size of whole cells of its coarsest grid, 32 pixels a side.
_WIDE = {"width": 320, "height": 192, "order": "BGR", "fit": "pad"}
_FACES = {
    **{"layout": "yunet", "threshold": 0.6, "overlap": 0.45},
    **{"finds": "face", "names": ["face"]},
}

NETWORKS = (
    Network(
        "yolox-nano",
        "boxes",
        "persons and animals; small and fast",
        "Apache-2.0",
        3_659_407,
        f"{_YOLOX}yolox_nano.onnx",
        "c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d",
        "COCO 2017",
        _SQUARE,
        _PERSONS_AND_ANIMALS,
    ),
    Network(
        "yolox-tiny",
        "boxes",
        "persons and animals; finds more, slower",
        "Apache-2.0",
        20_219_662,
        f"{_YOLOX}yolox_tiny.onnx",
        "427cc366d34e27ff7a03e2899b5e3671425c262ea2291f88bb942bc1cc70b0f7",
        "COCO 2017",
        _SQUARE,
        _PERSONS_AND_ANIMALS,
    ),
    Network(
        "yunet",
        "boxes",
        "faces; the version of May 2026",
        "MIT",
        229_738,
        f"{_OPENCV}face_detection_yunet/face_detection_yunet_2026may.onnx",
        "ebafce4e3c118d6554634be5c27ab333b4c047a9a8c3faf1d7cf93101c22f0f0",
        "WIDER FACE",
        _WIDE,
        _FACES,
    ),
    Network(
        "yunet-n",
        "boxes",
        "faces; the version of YuNet's authors",
        "Apache-2.0",
        322_906,
        f"{_LIBFACEDETECTION}yunet_n_dynamic.onnx",
        "104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12",
        "WIDER FACE",
        _WIDE,
        _FACES,
    ),
    Network(
        "yolox-s",
        "boxes",
        "persons and animals",
        "Apache-2.0",
        0,
        f"{_YOLOX}yolox_s.onnx",
        refusal="its publisher gives no digest",
    ),
    Network(
        "nanotrack",
        "tracker",
        "follows what is clicked",
        "Apache-2.0",
        1_056_849 + 726_198,  # two files
        refusal="trackers are not fetched yet",
    ),
    Network(
        "vittrack",
        "tracker",
        "follows what is clicked",
        "Apache-2.0",
        714_726,
        refusal="trackers are not fetched yet",
    ),
    Network(
        "pphumanseg",
        "mask",
        "cuts a person out",
        "Apache-2.0",
        6_163_938,
        refusal="no option takes a mask yet",
    ),
    Network(
        "u2netp",
        "mask",
        "cuts the main object out",
        "Apache-2.0",
        4_574_861,
        refusal="no option takes a mask yet",
    ),
    Network(
        "youtu-reid",
        "embedding",
        "knows a person again",
        "Apache-2.0",
        106_878_407,
        refusal="no option takes an embedding yet",
    ),
)
