"""Compare the times of two functions, and capture the SQL of a page."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

Row = dict[str, Any]

#: The names of the rows that show how the ranking grows with the city.
RANKING = "ranking of candidates / its SQL alone"
RANKING_OF_A_TENTH = "ranking of candidates in a tenth of the city / its SQL alone"


class Pair:
    """Times two functions in turns, so that both meet the same load, and collects the rows."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds
        self.rows: list[Row] = []

    def add(
        self, name: str, ours: Callable[[], Any], base: Callable[[], Any], *, target: float, rounds: int = 0
    ) -> None:
        """Measure ``ours`` against ``base``; both run once beforehand."""
        ours(), base()
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds or self.rounds):
            for act, found in zip((ours, base), times, strict=True):
                begin = time.perf_counter()
                act()
                found.append((time.perf_counter() - begin) * 1000)
        mine, theirs = statistics.median(times[0]), statistics.median(times[1])
        ratio = mine / theirs
        self.rows.append(
            {
                "name": name,
                "ours": round(mine, 3),
                "base": round(theirs, 3),
                "ratio": round(ratio, 3),
                "target": target,
                "holds": ratio <= target,
            }
        )


def bare(*statements: tuple[str, Any]) -> Callable[[], Any]:
    """A function that runs only the statements and fetches their rows."""

    def fetch() -> None:
        with connection.cursor() as cursor:
            for statement, given in statements:
                cursor.execute(statement, given)
                cursor.fetchall()

    return fetch


def caught(act: Callable[[], Any], having: str = "SELECT") -> list[tuple[str, Any]]:
    """The statements that ``act`` runs and that contain a word."""
    found: list[tuple[str, Any]] = []

    def watch(execute: Any, statement: str, given: Any, many: bool, context: Any) -> Any:
        text = statement if isinstance(statement, str) else statement.as_string(connection.connection)
        if having in text:
            found.append((statement, given))
        return execute(statement, given, many, context)

    with connection.execute_wrapper(watch):
        act()
    return found
