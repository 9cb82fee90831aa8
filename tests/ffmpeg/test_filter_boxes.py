# SPDX-License-Identifier: MIT
"""Regions that earlier filters attach to frames are boxes of those frames."""

from __future__ import annotations

import pytest
from ffmpeg_runner import Ffmpeg, lavfi

# Nothing in it draws the window to a side.
SOURCE = lavfi("color=c=gray:s=160x90:r=25:d=2,noise=alls=20:allf=t:all_seed=1")


def places(ffmpeg: Ffmpeg, before: str) -> set[float]:
    """Return where the windows are, with these filters before smartcrop."""
    return {float(each["x"]) for each in ffmpeg.metadata(SOURCE, f"{before}smartcrop=9/16")}


@pytest.mark.parametrize("left", [5, 120])
def test_the_window_goes_to_a_region_of_interest(ffmpeg: Ffmpeg, left: int) -> None:
    found = places(ffmpeg, f"addroi=x={left}:y=10:w=30:h=50:qoffset=-0.2,")
    # All but a column or two of the region lie inside the window of 50; without it they do not.
    assert left - 22 <= min(found) and max(found) <= left + 2
    assert all(not left - 22 <= x <= left + 2 for x in places(ffmpeg, ""))


def test_a_region_to_be_coded_worse_is_of_no_interest(ffmpeg: Ffmpeg) -> None:
    region = "addroi=x=120:y=10:w=30:h=50:qoffset=0.2,"
    assert places(ffmpeg, region) == places(ffmpeg, "")


def test_many_regions_do_no_harm(ffmpeg: Ffmpeg) -> None:
    regions = "".join(f"addroi=x={index}:y=0:w=9:h=9:qoffset=-0.1," for index in range(80))
    assert all(0 <= x <= 110 for x in places(ffmpeg, regions))
