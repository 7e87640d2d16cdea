"""Whoever sends much or slowly leaves room and turns to those who come from elsewhere."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from marketplace.server.gateway import Gateway, Limits
from marketplace.server.room import Body, Full, Room

SMALL = Limits(small=1000, large=4000, kept=8000, kept_small=4000)


class Visit:
    """One request with a body, of which as much has come as was told."""

    def __init__(self, gateway: Gateway, address: str, length: int, kind: str = "text/plain") -> None:
        path = "/api/x"
        self._coming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.status = 0
        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "http_version": "1.1",
            "client": (address, 1),
            "headers": [(b"content-length", str(length).encode()), (b"content-type", kind.encode("latin-1"))],
        }
        self.task = asyncio.create_task(gateway(scope, self._coming.get, self._send))

    async def _send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)

    def come(self, size: int, *, last: bool = False) -> None:
        self._coming.put_nowait({"type": "http.request", "body": b"x" * size, "more_body": not last})


async def settle() -> None:
    """Everything that can happen without a thread or a clock has happened."""
    for _ in range(50):
        await asyncio.sleep(0)


def answering(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [b""]


def run(story: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: a browser's loop may hold this one."""

    async def timed() -> None:
        async with asyncio.timeout(20):
            await story

    with ThreadPoolExecutor(1) as own:
        own.submit(asyncio.run, timed()).result()


async def full_gateway() -> tuple[Gateway, list[Visit]]:
    """A gateway whose room four visits fill, each a byte short of its end."""
    gateway = Gateway(answering, SMALL, lambda headers: False)
    greedy = [Visit(gateway, f"203.0.113.{n}", 1000) for n in range(4)]
    for visit in greedy:
        visit.come(999)
    await settle()
    return gateway, greedy


def test_four_addresses_that_fill_the_room_leave_some_to_a_fifth():
    async def story() -> None:
        gateway, greedy = await full_gateway()
        form = Visit(gateway, "203.0.113.9", 300)
        form.come(300, last=True)
        await form.task
        assert form.status == 200
        (ended,) = [each for each in greedy if each.task.done() or each.status]
        ended.come(0, last=True)  # whatever it still sends
        await ended.task
        assert ended.status == 503
        for each in greedy:
            if each is not ended:
                each.come(1, last=True)
                await each.task
                assert each.status == 200

    run(story())


def test_whoever_would_fill_as_much_as_anybody_waits_for_room():
    async def story() -> None:
        gateway, greedy = await full_gateway()
        fifth = Visit(gateway, "203.0.113.9", 1000)
        fifth.come(1000, last=True)
        await fifth.task
        assert fifth.status == 503
        for each in greedy:
            each.come(1, last=True)
            await each.task
        assert {each.status for each in greedy} == {200}

    run(story())


@pytest.fixture
def kept() -> Iterator[Callable[..., Body]]:
    """Makes a body of which so many bytes have come."""
    with ExitStack() as made:

        def one(room: Room, address: str, size: int, now: float) -> Body:
            body = Body(address, room, now)
            made.callback(body.close)
            body.add(b"x" * size, now)
            return body

        yield one


def test_behind_one_address_a_body_that_stands_still_gives_way_and_one_that_comes_does_not(kept):
    room = Room(4000, 1000, 10)
    still, steady = kept(room, "a", 600, 0), kept(room, "a", 100, 0)
    for second in range(1, 30):
        steady.add(b"x" * 10, second)
    young = kept(room, "a", 5, 29)
    form = kept(room, "a", 300, 30)
    assert (still.ended, steady.ended, young.ended) == (True, False, False)
    with pytest.raises(Full):
        form.add(b"x" * 400, 30)
    assert not (steady.ended or young.ended or form.ended)


def test_what_has_come_whole_gives_way_to_nobody(kept):
    room = Room(1000, 1000, 10)
    whole = kept(room, "a", 900, 0)
    whole.finish()
    with pytest.raises(Full):
        kept(room, "b", 200, 60)
    whole.close()
    assert kept(room, "b", 900, 60).size == 900


def test_every_address_has_its_turn_however_much_another_asks():
    served: list[str] = []
    go = threading.Event()

    def noting(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        go.wait(10)
        served.append(environ["REMOTE_ADDR"])
        return answering(environ, start)

    async def story() -> None:
        gateway = Gateway(noting, Limits(threads=1, waiting=10), lambda headers: False)
        many = [Visit(gateway, "203.0.113.1", 0) for _ in range(30)]
        await settle()
        one = Visit(gateway, "203.0.113.2", 0)
        await settle()
        other = Visit(gateway, "203.0.113.3", 0)
        await settle()
        go.set()
        await asyncio.gather(*(each.task for each in (*many, one, other)))
        assert (one.status, other.status) == (200, 200)
        assert {each.status for each in many} == {200, 503}

    run(story())
    assert served.index("203.0.113.2") <= 3
    assert served.index("203.0.113.3") <= 4


def test_a_body_that_breaks_off_is_answered_as_bad_and_frees_its_room():
    async def story() -> None:
        gateway = Gateway(answering, SMALL, lambda headers: False)
        for _ in range(8):
            broken = Visit(gateway, "203.0.113.1", 1000)
            broken.come(900)
            broken._coming.put_nowait({"type": "http.disconnect"})
            await broken.task
            assert broken.status == 400

    run(story())


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=a", "application/x-www-form-urlencoded", "application/json"]
)
@pytest.mark.parametrize(
    ("charset", "status"),
    [
        *(
            (each, 400)
            for each in (
                "zlib",
                "bz2",
                "base64",
                "hex",
                "rot13",
                "quopri",
                "uu",
                "idna",
                "punycode",
                "undefined",
                "utf-7",
                "unicode_escape",
                "utf-16",
                "cp037",
                "gb18030",
                "latin-1",
                "utf_8_sig",
                '"ZLIB"',
            )
        ),
        *((each, 200) for each in ("utf-8", '"UTF-8"', "utf8", "nonsense", "mbcs", "", "\xff")),
    ],
)
def test_nothing_is_read_in_another_encoding_than_utf_8(kind, charset, status):
    async def story() -> None:
        gateway = Gateway(answering, SMALL, lambda headers: False)
        for length in (0, 3):
            visit = Visit(gateway, "203.0.113.1", length, f"{kind}; charset={charset}")
            visit.come(length, last=True)
            await visit.task
            assert visit.status == status

    run(story())
