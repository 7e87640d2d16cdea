"""Opening one address: how long it takes, how many statements it sends, how large the answer is."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from django.test import Client

#: What is a page or an answer for a program; everything else is a file.
PAGES = ("text/html", "application/json", "application/problem+json")
#: Statements that are ours only because each opening is undone.
ASIDE = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
#: Above so many milliseconds an address is timed once, above so many not again after the first time.
SLOW, VERY_SLOW = 500, 2_000
#: Seconds after which a file that comes in pieces is not read further.
LONGEST = 10


@dataclass(frozen=True)
class Opened:
    """One address opened by somebody: ``ms`` is a median, ``apart`` says that it is a file."""

    route: str
    role: str
    path: str
    status: int
    ms: float
    statements: int
    bytes: int
    apart: bool


def opened(client: Client, route: str, role: str, path: str, rounds: int = 3) -> tuple[Opened, str]:
    """Open an address some times, the first to warm up; the figures, and the text of the answer."""
    first, text = _once(client, route, role, path)
    if first.status != 200 or first.ms > VERY_SLOW or not rounds:
        return first, text
    again = [_once(client, route, role, path)[0] for _ in range(1 if first.ms > SLOW else rounds)]
    return replace(again[-1], ms=round(statistics.median(one.ms for one in again), 2)), text


def _once(client: Client, route: str, role: str, path: str) -> tuple[Opened, str]:
    count = 0

    def watch(execute: Any, statement: Any, given: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += not str(statement).startswith(ASIDE)
        return execute(statement, given, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        began = time.perf_counter()
        answer = client.get(path)
        body = _read(answer)
        took = (time.perf_counter() - began) * 1000
        transaction.set_rollback(True)
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    apart = kind not in PAGES or "attachment" in answer.headers.get("Content-Disposition", "")
    figures = Opened(route, role, path, answer.status_code, round(took, 2), count, len(body), apart)
    return figures, "" if apart else body.decode()


def _read(answer: Any) -> bytes:
    """The body; of a file that comes in pieces what comes within ``LONGEST`` seconds."""
    if not answer.streaming:
        return bytes(answer.content)
    pieces, end = [], time.perf_counter() + LONGEST
    for piece in answer.streaming_content:
        pieces.append(piece)
        if time.perf_counter() > end:
            break
    return b"".join(pieces)
