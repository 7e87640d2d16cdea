"""The whole sweep on one database."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.sweep import judging
from benchmarks.sweep.addresses import addresses, kinds
from benchmarks.sweep.objects import patience
from benchmarks.sweep.opening import Opened
from benchmarks.sweep.people import people, roles
from benchmarks.sweep.walking import Walk

#: Seconds after which a statement is cancelled; its page is a fault then.
LONGEST = 60


@dataclass
class Swept:
    """What was opened, what could not be, and the limits of that run."""

    rows: list[Opened]
    limits: judging.Limits
    unreached: list[dict[str, Any]]
    addresses: int

    def report(self) -> dict[str, Any]:
        """The figures for ``results.json``."""
        return judging.report(self.rows, self.limits, self.unreached, self.addresses)

    def table(self) -> list[str]:
        """The misses in lines, the slowest first."""
        return [
            f"{row.ms:>10.1f} ms {row.statements:>4} statements {row.bytes / 1000:>8.1f} kB"
            f"  {row.role:<14}{row.path}"
            for row in judging.misses(self.rows, self.limits)
        ]


def sweep(only: tuple[str, ...] = (), *, rounds: int = 3) -> Swept:
    """Open every address as every role (or as those named), each ``rounds`` times when it is warm.

    Without rounds each is opened once, and its time says nothing.
    """
    among, known = addresses(), kinds()
    window = people(judging.LIST_ROLE)[0]
    first = judging.limits(window)
    rows: list[Opened] = []
    nowhere: dict[str, list[tuple[str, list[int]]]] = {address.route: [] for address in among}
    with patience(LONGEST):
        for role in only or roles():
            began = time.monotonic()
            walk = Walk(people(role), among, known, rounds).through()
            rows += judging.measured_again(walk.opened, window, first) if rounds else walk.rows
            walk.leave()
            for route in walk.unreached():
                nowhere[route].append((role, walk.answers(route)))
            print(
                f"  swept as {role:<16}{len(walk.opened):>6} {time.monotonic() - began:>6.0f} s",
                file=sys.stderr,
            )
    window.client.logout()
    reached = {row.route for row in rows if row.status == 200}
    unreached = [
        {
            "address": route,
            "roles": [role for role, _answers in tried],
            "answers": sorted({a for _r, found in tried for a in found}),
            "by_anybody": route in reached,
        }
        for route, tried in nowhere.items()
        if tried
    ]
    return Swept(rows, first, unreached, len(among))


def run() -> dict[str, Any]:
    """Sweep, print what misses, and return the figures."""
    swept = sweep()
    print("\n".join(swept.table()))
    return swept.report()


def everything(swept: Swept) -> list[dict[str, Any]]:
    """Every row, for who looks closer."""
    return [asdict(row) for row in swept.rows]
