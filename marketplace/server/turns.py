"""Whose request is next: addresses in turn, however many requests each of them sends."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from marketplace.server.room import Full


class Turns:
    """So many at once; of the others so many wait, each address in a line of its own.

    The first of each line comes in turn, so that somebody with one request waits for one of
    every other address and not for all that they have sent.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free, self._room = at_once, waiting
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Wait for a turn and hold it; raises ``Full`` where there is no place to wait."""
        if self._free:
            self._free -= 1
        else:
            await self._in_line(address)
        try:
            yield
        finally:
            self._next()

    async def _in_line(self, address: str) -> None:
        own = self._lines.get(address, ())
        if sum(map(len, self._lines.values())) >= self._room:
            self._make_place(len(own) + 1)
        mine = asyncio.get_running_loop().create_future()
        self._lines.setdefault(address, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled() and not mine.exception():
                self._next()
            raise

    def _make_place(self, mine: int) -> None:
        """The last of the longest line goes, if that is longer than the asker's would be."""
        longest = max(self._lines.values(), key=len)
        if len(longest) <= mine:
            raise Full
        last = longest.pop()
        if not last.done():
            last.set_exception(Full())

    def _next(self) -> None:
        while self._lines:
            address = next(iter(self._lines))
            line = self._lines.pop(address)
            first = line.popleft()
            if line:
                self._lines[address] = line  # behind all others
            if not first.done():
                first.set_result(None)
                return
        self._free += 1
