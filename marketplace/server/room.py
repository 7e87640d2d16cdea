"""How much of everybody's bodies a web process keeps, and how long it waits for one of them."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

#: Bytes of one body or answer that stay in memory; what goes beyond lies in a nameless file.
IN_MEMORY = 1024 * 1024


#: Seconds after which a body may be called slow.
GRACE = 3.0


class Full(Exception):
    """There is no room for more now; somebody else's bodies, or the same sender's, fill it."""


class Body:
    """What has come of a body, the room that it fills, and how fast it comes."""

    def __init__(self, address: str, room: Room, now: float) -> None:
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed by who made the body
        self.address, self.size = address, 0
        #: Whether bytes are still to come, and whether it had to give way to others.
        self.coming, self.ended = True, False
        #: The time limit under which its next bytes are waited for now.
        self.waits: asyncio.Timeout | None = None
        self._room, self._began, self._last, self._lately = room, now, now, 0.0

    def add(self, piece: bytes, now: float) -> None:
        """Keep some more bytes; ``Full`` where there is no room."""
        self._room.take(self, len(piece), now)
        self.size += len(piece)
        self._lately, self._last = self.flow(now) + len(piece), now
        self.file.write(piece)

    def move_to(self, room: Room, now: float) -> None:
        """Fill that room instead; ``Full`` where it has none."""
        room.take(self, self.size, now)
        self._room.forget(self)
        self._room = room

    def slow(self, now: float, pace: int) -> bool:
        """Whether so many bytes a second do not come any more."""
        return now > self._began + GRACE and self.flow(now) < pace

    def flow(self, now: float) -> float:
        """The bytes of late: those of a second ago count half."""
        return self._lately * 0.5 ** (now - self._last)

    def finish(self) -> None:
        """All of it has come; it gives way to nobody any more."""
        self.coming = False
        self.file.seek(0)

    def end(self) -> None:
        """Give way to others: who waits for its next bytes is told at once."""
        self.ended = True
        self.close()
        if self.waits and not self.waits.expired():
            self.waits.reschedule(asyncio.get_running_loop().time())

    def close(self) -> None:
        """Forget it and free its room."""
        self.coming = False
        self._room.forget(self)
        self.file.close()


class Room:
    """Bytes for bodies that are kept at once, of which one address may fill a part.

    Where none is left, a body gives way whose bytes have stopped coming or trickle. Where the
    whole is full of others, one of the address that fills most does, if that is more than
    whoever asks would fill.
    """

    def __init__(self, whole: int, of_one: int, pace: int) -> None:
        self._whole, self._of_one, self._pace = whole, of_one, pace
        self._sizes: dict[Body, int] = {}
        self._by: Counter[str] = Counter()

    def take(self, body: Body, size: int, now: float) -> None:
        """Set ``size`` bytes aside for a body; raises ``Full``, and then sets nothing aside."""
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
        return [
            size
            for size in self._sizes
            if size is not but and size.coming and size.address in addresses and size.slow(now, self._pace)
        ]

    def _of_greediest(self, asking: Body, size: int) -> list[Body]:
        ((address, most),) = self._by.most_common(1)
        if most <= self._by[asking.address] + size:
            return []
        return [each for each in self._sizes if each.coming and each.address == address]

    def forget(self, body: Body) -> None:
        """Free what the body fills."""
        size = self._sizes.pop(body, 0)
        self._by[body.address] -= size
        if not self._by[body.address]:
            del self._by[body.address]


def _end_one(bodies: Iterable[Body], now: float) -> None:
    """End the one that comes most slowly; ``Full`` where there is none."""
    slowest = min(bodies, key=lambda each: each.flow(now), default=None)
    if slowest is None:
        raise Full
    slowest.end()


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
