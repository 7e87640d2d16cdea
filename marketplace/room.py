"""How much of everybody's bodies a web process keeps, and how long it waits for one of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass


class Full(Exception):
    """There is no room for more now; somebody else's bodies, or the same sender's, fill it."""


class Room:
    """Bytes for bodies that are kept at once, of which one address may fill a part."""

    def __init__(self, whole: int, of_one: int) -> None:
        self._whole, self._of_one = whole, of_one
        self._taken = 0
        self._by: Counter[str] = Counter()

    def take(self, address: str, size: int) -> None:
        """Set ``size`` bytes aside for a sender; raises ``Full``, and then sets nothing aside."""
        if self._taken + size > self._whole or self._by[address] + size > self._of_one:
            raise Full
        self._taken += size
        self._by[address] += size

    def give_back(self, address: str, size: int) -> None:
        """Free what was taken."""
        self._taken -= size
        self._by[address] -= size
        if not self._by[address]:
            del self._by[address]


@dataclass
class Patience:
    """Until when the next bytes of one body are waited for, in seconds of the event loop.

    Every ``window`` seconds have to bring ``least`` bytes, and none of them earns time for later; half
    a window without a byte ends it, and so do fifteen windows in all.
    """

    window: float
    least: int
    began: float

    def __post_init__(self) -> None:
        self._last = self._from = self.began
        self._came = 0

    def came(self, now: float, size: int) -> None:
        """So many bytes have come."""
        if size:
            self._last = now
            self._came += size
        if now >= self._from + self.window and self._came >= self.least:
            self._from, self._came = now, 0

    def until(self) -> float:
        """When it ends, if nothing comes before."""
        end = min(self._last + self.window / 2, self.began + 15 * self.window)
        return end if self._came >= self.least else min(end, self._from + self.window)
