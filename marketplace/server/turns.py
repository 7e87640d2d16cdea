"""The order in which requests are worked on: address by address, however many each of them sends."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from marketplace.server.room import Full


class Turns:
    """``at_once`` turns at the same time, and up to ``waiting`` in queues, one for each address.

    The first of each queue comes in turn, so that somebody with one request waits for one request of
    every other address, and not for all of them.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free, self._room = at_once, waiting
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Wait for a turn and keep it for the block; raises ``Full`` if there is no place to wait."""
        if self._free:
            self._free -= 1
        else:
            await self._wait_in_queue(address)
        try:
            yield
        finally:
            self._next()

    async def _wait_in_queue(self, address: str) -> None:
        """Wait in the queue of the address; raises ``Full``."""
        own = self._lines.get(address, ())
        if sum(map(len, self._lines.values())) >= self._room:
            self._make_place(len(own) + 1)
        turn = asyncio.get_running_loop().create_future()
        self._lines.setdefault(address, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and not turn.exception():
                self._next()
            raise

    def _make_place(self, mine: int) -> None:
        """Drop the last of the longest queue, if it is longer than ``mine`` would be; else raise ``Full``."""
        longest = max(self._lines.values(), key=len)
        if len(longest) <= mine:
            raise Full
        last = longest.pop()
        if not last.done():
            last.set_exception(Full())

    def _next(self) -> None:
        """Give the turn to the first of the next queue, or free it."""
        while self._lines:
            address = next(iter(self._lines))
            line = self._lines.pop(address)
            first = line.popleft()
            if line:
                self._lines[address] = line  # to the end of the order
            if not first.done():
                first.set_result(None)
                return
        self._free += 1
