# SPDX-License-Identifier: MIT
"""The description of a network, as bytes to add to the end of its ONNX file.

An ONNX file is one protobuf message. Messages that stand one after another are read as one, and a
repeated field gets the entries of both. So a description needs no reader of the file.
"""

from __future__ import annotations

from collections.abc import Mapping

# Field numbers of ModelProto.metadata_props and of its StringStringEntryProto (onnx.proto).
_METADATA_PROPS, _KEY, _VALUE = 14, 1, 2
_LENGTH_DELIMITED = 2  # the wire type of texts and of messages in messages


def appended(properties: Mapping[str, str]) -> bytes:
    """Write properties as the part of an ONNX file that holds them and nothing else."""
    return b"".join(
        _field(_METADATA_PROPS, _field(_KEY, key.encode()) + _field(_VALUE, value.encode()))
        for key, value in properties.items()
    )


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH_DELIMITED) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """Write a number in groups of seven bits, the lowest first; all but the last are marked."""
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)
