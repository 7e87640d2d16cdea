"""The links beside each other by which one goes from a list to another, or narrows one."""

from __future__ import annotations

from typing import NamedTuple

from foundation.refusals import Words


class Tab(NamedTuple):
    """One of them: where it leads, its word, and whether it is where one stands."""

    address: str
    words: Words
    current: bool
