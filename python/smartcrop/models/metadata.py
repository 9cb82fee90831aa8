# SPDX-License-Identifier: MIT
"""The description of a network: as bytes to add to the end of its ONNX file, and read from one.

An ONNX file is one protobuf message. Messages that stand one after another are read as one, and a
repeated field gets the entries of both. So to add a description needs no reader of the file, and to
read one passes over all else, weights included.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from typing import BinaryIO

# Field numbers of ModelProto.metadata_props and of its StringStringEntryProto (onnx.proto).
_METADATA_PROPS, _KEY, _VALUE = 14, 1, 2
# The wire types: one number, texts and messages in messages, and numbers of so many bytes.
_VARINT, _LENGTH_DELIMITED = 0, 2
_FIXED = {1: 8, 5: 4}


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


def entries(file: BinaryIO) -> Iterator[tuple[str, str]]:
    """Read the properties of an ONNX file from its beginning, up to where it is none.

    Raises
    ------
    ValueError
        For a file that is no ONNX file.
    """
    while tag := _read_varint(file):
        number, kind = divmod(tag, 8)
        if kind == _LENGTH_DELIMITED:
            size = _read_varint(file)
            if number == _METADATA_PROPS:
                yield _entry(file.read(size))
            else:
                file.seek(size, os.SEEK_CUR)
        elif kind == _VARINT:
            _read_varint(file)
        elif kind in _FIXED:
            file.seek(_FIXED[kind], os.SEEK_CUR)
        else:
            raise ValueError(f"a field of type {kind}, which ONNX has not")


def _entry(content: bytes) -> tuple[str, str]:
    """Read a key and its value."""
    texts = {_KEY: "", _VALUE: ""}
    file = io.BytesIO(content)
    while tag := _read_varint(file):
        texts[tag >> 3] = file.read(_read_varint(file)).decode()
    return texts[_KEY], texts[_VALUE]


def _read_varint(file: BinaryIO) -> int:
    """Read a number as ``_varint`` writes it; 0 at the end of the file."""
    value = shift = 0
    while byte := file.read(1):
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            break
        shift += 7
        if shift > 63:
            raise ValueError("a number of more than 64 bits")
    return value
