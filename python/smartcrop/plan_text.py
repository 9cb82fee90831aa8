# SPDX-License-Identifier: MIT
"""A plan that is at hand, as the value of the option ``plan``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanText:
    """Stands where the name of a plan's file may stand.

    Attributes
    ----------
    name : str
        What messages call it.
    content : bytes
        The plan, as a file holds it.
    """

    name: str
    content: bytes

    def __fspath__(self) -> str:
        """Give the name."""
        return self.name
