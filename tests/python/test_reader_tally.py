# SPDX-License-Identifier: MIT
"""A warning is said once, with a count."""

from __future__ import annotations

import pytest

from smartcrop.video.tally import Tally


def test_each_kind_is_said_once_with_its_count(caplog: pytest.LogCaptureFixture) -> None:
    tally = Tally()
    for name in ("a{b}.mp4", "other", "other"):
        tally.note("late", f"{name}: {{count}} frames come late")
    tally.note("odd", "an odd thing")
    assert caplog.messages == []
    tally.say()
    assert caplog.messages == ["a{b}.mp4: 3 frames come late", "an odd thing"]


def test_a_second_pass_says_only_what_is_new(caplog: pytest.LogCaptureFixture) -> None:
    tally = Tally()
    tally.note("late", "{count} late")
    tally.say()
    tally.note("late", "{count} late")
    tally.note("new", "{count} new")
    tally.say()
    assert caplog.messages == ["1 late", "1 new"]
