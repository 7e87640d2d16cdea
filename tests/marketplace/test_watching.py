"""Whoever waits for a database that takes statements and answers nothing gets an error; for one that is busy, none."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from marketplace.postgresql import watching
from marketplace.postgresql.watching import Watch

#: Seconds within which everybody is answered.
SOON = 8


@pytest.fixture
def parameters() -> dict[str, object]:
    """How one connects to the database of the tests."""
    connection.ensure_connection()
    return connection.get_connection_params()


class Sleeper:
    """Somebody whose statement takes long: a connection under a watch, and what became of it."""

    def __init__(self, watch: Watch, parameters: dict[str, object], seconds: float) -> None:
        self.connection = psycopg.connect(**parameters, autocommit=True)
        watch.keep(self.connection, parameters)
        self.fault: psycopg.Error | None = None
        self._thread = threading.Thread(target=self._sleep, args=(seconds,))
        self._thread.start()

    def _sleep(self, seconds: float) -> None:
        try:
            self.connection.execute("SELECT pg_sleep(%s)", [seconds])
        except psycopg.Error as fault:
            self.fault = fault

    def woken(self, within: float) -> bool:
        """Whether it has its answer, or an error, within so many seconds."""
        self._thread.join(within)
        return not self._thread.is_alive()

    def close(self) -> None:
        self._thread.join()
        self.connection.close()


def looked(watch: Watch) -> None:
    """Two looks, between which a statement has run for long."""
    time.sleep(0.3)
    now = time.monotonic()
    watch.look(now)
    watch.look(now + watching.SUSPECT)


def test_a_statement_that_takes_long_is_left_alone_by_a_database_that_answers(parameters):
    watch = Watch()
    sleeper = Sleeper(watch, parameters, 2)
    looked(watch)
    assert not watch.silent
    assert sleeper.woken(10)
    assert sleeper.fault is None
    sleeper.close()


def test_whoever_waits_for_a_database_that_answers_nothing_gets_an_error(parameters, tmp_path, monkeypatch):
    watch = Watch()
    sleeper = Sleeper(watch, parameters, 30)
    with nobody_at_home(tmp_path) as silent:
        watch._parameters = {"host": str(silent), "user": "x", "connect_timeout": 2}
        began = time.monotonic()
        looked(watch)
        assert sleeper.woken(2)
        assert time.monotonic() - began < SOON
        assert isinstance(sleeper.fault, psycopg.OperationalError)
        with pytest.raises(psycopg.OperationalError):
            watch.require_answers()
    watch.keep(sleeper.connection, parameters)
    watch.look(time.monotonic())
    watch.require_answers()
    sleeper.close()


@contextmanager
def nobody_at_home(folder) -> Iterator[object]:
    """A folder with a socket that takes connections and answers nothing."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / ".s.PGSQL.5432"))
        door.listen()
        yield folder
