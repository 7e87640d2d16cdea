"""The parts of the benchmarks, each in processes and databases of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.measuring import Case, Row, Times, growth, row_of

HERE = Path(__file__).parent

#: A provider has four to five offers: 4,450 of them make 20,000.
SCALES = {
    "small": {"households": 5_000, "providers": 60, "referrals": 15_000},
    "full": {"households": 1_000_000, "providers": 4_450, "referrals": 3_000_000},
}

#: Seconds for the warm samples of a case on one size, at one go; there are ``GOES`` of them.
SECONDS, GOES = {"small": 0.2, "full": 0.7}, 2


class Side:
    """A process that works on one database: the city, or a tenth of its households and referrals."""

    def __init__(self, kind: str, scale: str) -> None:
        size = dict(SCALES[scale])
        if kind == "tenth":
            size |= {name: size[name] // 10 for name in ("households", "referrals")}
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        # The small city does not take the place of the large one.
        self._pool.submit(begin, kind if scale == "full" else f"{kind}_{scale}", size).result()

    def do(self, module: str, name: str, *given: Any) -> Any:
        """What a function of a module of benchmarks returns there."""
        return self._pool.submit(done, module, name, *given).result()

    def close(self) -> None:
        """End the process."""
        self._pool.shutdown()


def begin(kind: str, size: dict[str, int]) -> None:
    """Set up Django on the database of that kind and size, which is made now unless it is there."""
    from marketplace.server.embedded import database_url

    folder = HERE.parent / "var" / "postgres-bench"
    os.environ["DATABASE_URL"] = database_url(folder, "bench")
    os.environ["DJANGO_SETTINGS_MODULE"] = "marketplace.settings"
    os.environ["DEBUG"] = "1"  # unhashed names of static files, and no query log
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    settings.DEBUG = False
    from benchmarks.city import stand_on

    stand_on(kind, **size)
    # Processes that this one starts work on the same database.
    os.environ["DATABASE_URL"] = database_url(folder, connection.settings_dict["NAME"])


def done(module: str, name: str, *given: Any) -> Any:
    """What a function of a module of benchmarks returns."""
    return getattr(import_module(f"benchmarks.{module}"), name)(*given)


def measured(scale: str, tell: Callable[[list[Row]], None]) -> tuple[list[Row], dict[str, Any]]:
    """The rows of everything, each told when it is known, and what else is kept of the run: what the
    plan of the ranking does, and the sweep of all addresses.
    """
    city, tenth = Side("city", scale), Side("tenth", scale)
    rows: list[Row] = []

    def add_rows(found: list[Row]) -> None:
        rows.extend(found)
        tell(found)

    def add(case: Case, large: Times, small: Times) -> None:
        add_rows([row_of(case, large), *growth(case.name, large, small)])

    named = city.do("city_cases", "prepare")
    tenth.do("city_cases", "prepare")
    for number, (name, against, target) in enumerate(named):
        large, small = Times(), Times()
        for _go in range(GOES):
            large.add(city.do("city_cases", "timed", number, SECONDS[scale]))
            small.add(tenth.do("city_cases", "timed", number, SECONDS[scale]))
        add(_told(name, against, target), large, small)
    for name, against, target, how in (
        ("accept, whole", "a psycopg transaction that leaves the same rows", 2, "accepted"),
        ("ledger, 4 clients on one hot line", "the same updates and insert in pgbench", 1.5, "posted"),
    ):
        large, small = (side.do("city_cases", how) for side in (city, tenth))
        add(_told(name, against, target), large, small)
    for side, module in ((tenth, "races"), (tenth, "open_data"), (city, "paper"), (city, "indicators")):
        add_rows(side.do(module, "run", scale))
    add_rows(alone("assignment", scale))
    tenth.close()
    more = {"ranking_plan": city.do("ranking", "plan")}
    add_rows(city.do("load", "run"))
    if scale == "full":
        more["sweep"] = city.do("sweep.running", "run")
    city.close()
    return rows, more


def _told(name: str, against: str, target: float) -> Case:
    """A case of another process, by what it is called."""
    return Case(name, against, print, print, target)


def alone(module: str, scale: str) -> list[Row]:
    """The rows of a module that needs no database."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(done, module, "run", scale).result()
