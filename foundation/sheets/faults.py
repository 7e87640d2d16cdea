"""What is wrong with a sheet, as far as people read it at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

#: Faults that are told at once.
MOST = 30


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, by its number in the file."""

    number: int
    words: str


def in_order(faults: Iterable[Fault]) -> list[str]:
    """The faults in the order of their rows, in words."""
    every = sorted(faults, key=lambda fault: fault.number)
    return [_("第 %(n)s 行：%(fault)s") % {"n": fault.number, "fault": fault.words} for fault in every]


def told(faults: Sequence[str]) -> list[str]:
    """The first faults, and how many others there are."""
    if len(faults) <= MOST:
        return list(faults)
    return [*faults[:MOST], _("还有 %(n)s 处不对，先改好上面这些。") % {"n": len(faults) - MOST}]
