# SPDX-License-Identifier: MIT
"""Arrays between pages that nothing may touch: a read beyond one ends the process."""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
_NO_ACCESS = 0


def guarded(values: Array, strides: Sequence[int] | None = None, *, at_end: bool = True) -> Array:
    """Copy an array to where its memory ends (or begins) with a page that cannot be read.

    Parameters
    ----------
    values : array
        What to copy.
    strides : sequence of int, optional
        Bytes from an element to the next along each axis, none of them 0; by default rows without
        gaps. Elements may lie at addresses that are no multiple of their size.
    at_end : bool
        The last byte of the array is the last one before the page, else the first one behind it.
    """
    size = values.dtype.itemsize
    if strides is None:
        strides = np.empty(values.shape, values.dtype).strides
    spans = [(length - 1) * step for length, step in zip(values.shape, strides, strict=True)]
    first = -sum(span for span in spans if span < 0)
    needed = first + sum(span for span in spans if span > 0) + size
    page = mmap.PAGESIZE
    room = -(-needed // page) * page
    memory = mmap.mmap(-1, room + 2 * page)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    libc = ctypes.CDLL(None, use_errno=True)
    for start in (address, address + page + room):
        if libc.mprotect(ctypes.c_void_p(start), ctypes.c_size_t(page), _NO_ACCESS):
            raise OSError(ctypes.get_errno(), "mprotect")
    begin = page + (room - needed if at_end else 0)
    placed: Array = np.ndarray(values.shape, values.dtype, memory, begin + first, tuple(strides))
    placed[...] = values
    return placed
