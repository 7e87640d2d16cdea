"""Tabs: links beside each other that lead to another list, or filter one."""

from __future__ import annotations

from typing import NamedTuple

from foundation.refusals import Words


class Tab(NamedTuple):
    """One tab: its address, its words, and whether it is the present page."""

    address: str
    words: Words
    current: bool
