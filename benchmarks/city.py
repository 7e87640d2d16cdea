"""The city that benchmarks stand on: seeded once, and kept for the runs that follow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from tools import kept_databases
from tools.kept_databases import Kept, in_maintenance, migrate, migrations

DEMO = Path(__file__).parents[1] / "demo"
#: What makes a seeding quicker and is not needed while there is nothing to lose.
HASTE = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "'8GB'"}


def stand_on(kind: str, *, households: int, providers: int, referrals: int) -> None:
    """Work on the city of these measures, which is seeded now unless it stands already.

    Whoever writes there undoes it: the next run finds the city as it was.
    """
    measures = {"households": households, "providers": providers, "referrals": referrals}
    city = Kept(kind, _made_of, partial(_seed, measures), measures=str(measures))
    kept_databases.use(kept_databases.kept(city))


def _made_of() -> Iterator[Path]:
    """The tables, and the demonstration that fills them."""
    yield from migrations()
    for kind in ("py", "yaml", "csv"):
        yield from DEMO.rglob(f"*.{kind}")


def _seed(measures: dict[str, int]) -> None:
    with _in_haste():
        migrate()
        call_command("load_starter", stdout=StringIO())
        call_command("seed_scale", **measures, seed=1, quiet=True, stdout=StringIO())
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


@contextmanager
def _in_haste() -> Iterator[None]:
    """Let the server forget its caution meanwhile."""
    for name, value in HASTE.items():
        in_maintenance(f"ALTER SYSTEM SET {name} = {value}")
    in_maintenance("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        for name in HASTE:
            in_maintenance(f"ALTER SYSTEM RESET {name}")
        in_maintenance("SELECT pg_reload_conf()")
