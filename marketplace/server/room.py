"""Limits on request bodies: how many bytes a web process stores, and how long it waits for one body."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

#: Bytes of one body or answer that stay in memory; larger ones go to a temporary file.
IN_MEMORY = 1024 * 1024


#: Seconds before a body can count as slow.
GRACE = 3.0


class Full(Exception):
    """There is no space now: other bodies fill it, or bodies of the same address its share."""


class Body:
    """The bytes of a body so far, the space that it fills, and how fast it comes."""

    def __init__(self, address: str, room: Room, now: float) -> None:
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed by close()
        self.address, self.size = address, 0
        #: Whether bytes are still to come, and whether it was ended for the sake of others.
        self.coming, self.ended = True, False
        #: The timeout of the present wait for its next bytes.
        self.waits: asyncio.Timeout | None = None
        self._room, self._began, self._last, self._lately = room, now, now, 0.0

    def add(self, piece: bytes, now: float) -> None:
        """Store some more bytes; raises ``Full`` if there is no space."""
        self._room.take(self, len(piece), now)
        self.size += len(piece)
        self._lately, self._last = self.flow(now) + len(piece), now
        self.file.write(piece)

    def move_to(self, room: Room, now: float) -> None:
        """Fill another space instead; raises ``Full`` if it has none."""
        room.take(self, self.size, now)
        self._room.forget(self)
        self._room = room

    def slow(self, now: float, pace: int) -> bool:
        """Whether fewer than ``pace`` bytes a second come now."""
        return now > self._began + GRACE and self.flow(now) < pace

    def flow(self, now: float) -> float:
        """The bytes of late: those of a second ago count half."""
        return self._lately * 0.5 ** (now - self._last)

    def finish(self) -> None:
        """Mark it as complete; it cannot be ended any more."""
        self.coming = False
        self.file.seek(0)

    def end(self) -> None:
        """End it for the sake of others; the wait for its next bytes ends at once."""
        self.ended = True
        self.close()
        if self.waits and not self.waits.expired():
            self.waits.reschedule(asyncio.get_running_loop().time())

    def close(self) -> None:
        """Close its file and free its space."""
        self.coming = False
        self._room.forget(self)
        self.file.close()


class Room:
    """Space for bodies, of which one address may fill ``of_one`` bytes.

    If none is left, a body is ended whose bytes have stopped coming or trickle. If there is no slow
    one, one of the address that fills most is ended, if that is more than the asking address would
    fill.
    """

    def __init__(self, whole: int, of_one: int, pace: int) -> None:
        self._whole, self._of_one, self._pace = whole, of_one, pace
        self._sizes: dict[Body, int] = {}
        self._by: Counter[str] = Counter()

    def take(self, body: Body, size: int, now: float) -> None:
        """Reserve ``size`` bytes for a body; raises ``Full``, and then reserves nothing."""
        if body.ended:
            raise Full
        while self._by[body.address] + size > self._of_one:
            _end_one(self._slow(body, now, {body.address}), now)
        while self._by.total() + size > self._whole:
            slow = self._slow(body, now, set(self._by))
            _end_one(slow or self._of_greediest(body, size), now)
        self._sizes[body] = self._sizes.get(body, 0) + size
        self._by[body.address] += size

    def _slow(self, but: Body, now: float, addresses: set[str]) -> list[Body]:
        """The slow bodies of these addresses, other than ``but``."""
        return [
            body
            for body in self._sizes
            if body is not but and body.coming and body.address in addresses and body.slow(now, self._pace)
        ]

    def _of_greediest(self, asking: Body, size: int) -> list[Body]:
        """The incomplete bodies of the address that fills most, if it fills more than ``asking`` would."""
        ((address, most),) = self._by.most_common(1)
        if most <= self._by[asking.address] + size:
            return []
        return [body for body in self._sizes if body.coming and body.address == address]

    def forget(self, body: Body) -> None:
        """Free the space of a body."""
        size = self._sizes.pop(body, 0)
        self._by[body.address] -= size
        if not self._by[body.address]:
            del self._by[body.address]


def _end_one(bodies: Iterable[Body], now: float) -> None:
    """End the slowest of the bodies; raises ``Full`` if there is none."""
    slowest = min(bodies, key=lambda body: body.flow(now), default=None)
    if slowest is None:
        raise Full
    slowest.end()


@dataclass
class Patience:
    """How long to wait for the next bytes of one body, in seconds of the event loop.

    Every ``window`` seconds have to bring ``least`` bytes, and earlier bytes earn no time for later;
    half a window without a byte ends it, and so do fifteen windows in all.
    """

    window: float
    least: int
    began: float

    def __post_init__(self) -> None:
        self._last = self._from = self.began
        self._came = 0

    def came(self, now: float, size: int) -> None:
        """Count bytes that have come."""
        if size:
            self._last = now
            self._came += size
        if now >= self._from + self.window and self._came >= self.least:
            self._from, self._came = now, 0

    def until(self) -> float:
        """When the wait ends, if nothing comes before."""
        end = min(self._last + self.window / 2, self.began + 15 * self.window)
        return end if self._came >= self.least else min(end, self._from + self.window)
