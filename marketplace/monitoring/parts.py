"""What the product needs to be ready to serve: the parts that ``/health/ready`` asks.

They are checks of ``django-health-check`` that run in the thread of the request, on its connection.
The message of a refusal is for the log; strangers learn the name of the part alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable

from foundation.scheduling import routines


class Part(HealthCheck):
    """A part with its name. ``run`` raises ``ServiceUnavailable``, or an error of the database."""

    name: ClassVar[str]

    def run(self) -> None:
        """Raise if the part is not well."""
        raise NotImplementedError


@dataclass
class Database(Part):
    """The database accepts a connection, or answers on the one that is kept."""

    name = "database"

    def run(self) -> None:
        """Open a cursor, which checks the connection first."""
        with connection.cursor():
            pass


@dataclass
class Migrations(Part):
    """Every migration of this version is applied."""

    name = "migrations"

    def run(self) -> None:
        """Compare the names in the database with those of this version."""
        applied = set(MigrationRecorder.Migration.objects.values_list("app", "name"))
        lacking = known_migrations() - applied
        if lacking:
            raise ServiceUnavailable(f"{len(lacking)} not applied, such as {'.'.join(min(lacking))}")


@dataclass
class Clocks(Part):
    """The worker has run the clocks lately (``routines.SILENCE``)."""

    name = "clocks"

    def run(self) -> None:
        """Read when they ran last."""
        since = routines.standstill()
        if since:
            raise ServiceUnavailable("never ran" if since is True else f"last ran at {since.isoformat()}")


@lru_cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """The package and name of each migration of this version, read once in the life of a process."""
    return frozenset(MigrationLoader(None).disk_migrations)


#: In the order in which they are asked: one that is not well leaves those after it unasked.
READY: tuple[type[Part], ...] = (Database, Migrations, Clocks)
