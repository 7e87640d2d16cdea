"""What is too slow, sends too many statements or is too large, measured again before it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from benchmarks.sweep.opening import SLOW, Opened, opened
from benchmarks.sweep.people import Person

#: Most statements and bytes of an answer, and most times the milliseconds of the list page.
STATEMENTS, BYTES, TIMES = 25, 200_000, 5
#: The list page that the others are compared with, and whose it is.
LIST_PAGE, LIST_ROLE = "/matters/", "window"
#: How many of the worst are told.
TOLD = 20


@dataclass(frozen=True)
class Limits:
    """What an answer may need; ``ms`` comes from the list page of the same run."""

    ms: float
    statements: int = STATEMENTS
    bytes: int = BYTES

    def missed(self, row: Opened) -> list[str]:
        """The names of the measures in which an address misses its target; files are not judged."""
        if row.apart:
            return []
        return [name for name in ("ms", "statements", "bytes") if getattr(row, name) > getattr(self, name)]


def limits(window: Person) -> Limits:
    """The limits by the list page as it is now."""
    page, _text = opened(window.client, LIST_PAGE, window.role, LIST_PAGE, rounds=11)
    return Limits(ms=round(page.ms * TIMES, 2))


def measured_again(rows: Iterable[tuple[Opened, Person]], window: Person, first: Limits) -> list[Opened]:
    """The rows, those that seemed too slow timed once more beside the list page; the better time counts."""
    found = []
    for row, person in rows:
        if "ms" in first.missed(row) and row.status == 200:
            now = limits(window)
            again, _text = opened(
                person.client, row.route, row.role, row.path, rounds=5 if row.ms < SLOW else 1
            )
            # As if the machine had been as busy as when the list page was measured first.
            row = replace(row, ms=round(min(row.ms, again.ms * first.ms / now.ms), 2))
        found.append(row)
    return found


def report(
    rows: list[Opened], limit: Limits, unreached: list[dict[str, Any]], addresses: int
) -> dict[str, Any]:
    """The sweep in figures, for ``results.json``."""
    reached = [row for row in rows if row.status == 200]
    judged = [row for row in reached if not row.apart]
    missing = [row for row in judged if limit.missed(row)]
    return {
        "list_page": {"address": LIST_PAGE, "role": LIST_ROLE, "ms": round(limit.ms / TIMES, 2)},
        "limits": asdict(limit),
        "addresses": addresses,
        "reached": len({row.route for row in reached}),
        "opened": len(reached),
        "files": len({row.route for row in reached if row.apart}),
        "unreached": unreached,
        "faults": [_told(row) for row in rows if row.status >= 500],
        "missed": {
            name: len({(row.route, row.role) for row in missing if name in limit.missed(row)})
            for name in ("ms", "statements", "bytes")
        },
        "worst": {name: _worst(judged, _by(name), limit) for name in ("ms", "statements", "bytes")},
        "files_worst": _worst([row for row in reached if row.apart], _by("ms"), limit),
    }


def misses(rows: list[Opened], limit: Limits) -> list[Opened]:
    """The worst row of each address and role that misses a target, the slowest first."""
    bad = [row for row in rows if row.status == 200 and limit.missed(row)]
    worst = {(row.route, row.role): row for row in sorted(bad, key=_by("ms"))}
    return sorted(worst.values(), key=_by("ms"), reverse=True)


def _worst(rows: list[Opened], key: Callable[[Opened], float], limit: Limits) -> list[dict[str, Any]]:
    """The worst of each address, whoever opened it."""
    worst = {row.route: row for row in sorted(rows, key=key)}
    ranked = sorted(worst.values(), key=key, reverse=True)[:TOLD]
    return [{**_told(row), "holds": not limit.missed(row)} for row in ranked]


def _by(name: str) -> Callable[[Opened], float]:
    return lambda row: float(getattr(row, name))


def _told(row: Opened) -> dict[str, Any]:
    """An answer as it is kept; an address that a token opens is told without it."""
    return {
        "address": row.route,
        "role": row.role,
        "path": row.route if "token>" in row.route else row.path,
        "ms": row.ms,
        "statements": row.statements,
        "bytes": row.bytes,
    }
