"""A watch over the connections of a process: a database that answers nothing keeps nobody waiting for ever.

A frozen database (its processes stopped, its disk hanging) takes connections and statements and answers nothing. No
time limit of TCP counts for a socket of the same machine, and statements have none, since some take long. So a thread
looks at the connections: where a statement has run for ``SUSPECT`` seconds it asks for a connection of its own, which is
answered at once by a database that is well, however busy. If it is not within ``PATIENCE`` seconds, the connections that
wait are shut: their threads get the error of a lost connection, which is answered with 503. As long as the database
answers nothing, new connections are refused at once.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Mapping
from typing import Any
from weakref import WeakSet

import psycopg
import structlog
from psycopg.pq import TransactionStatus

log = structlog.stdlib.get_logger(__name__)

#: Seconds between two looks, for which a statement runs before the database is asked, and for its answer (for psycopg
#: the least).
LOOK, SUSPECT, PATIENCE = 0.5, 1.5, 2


class Watch:
    """The connections of this process and whether their database answers. Any thread may keep a connection."""

    def __init__(self) -> None:
        self.silent = False
        self._kept: WeakSet[psycopg.Connection[Any]] = WeakSet()
        self._running: dict[psycopg.Connection[Any], float] = {}
        self._parameters: Mapping[str, Any] = {}
        self._lock = threading.Lock()

    def require_answers(self) -> None:
        """Raise ``psycopg.OperationalError`` while the database answers nothing."""
        if self.silent:
            raise psycopg.OperationalError("the database answers nothing")

    def keep(self, connection: psycopg.Connection[Any], parameters: Mapping[str, Any]) -> None:
        """Look after a connection that was made with these parameters, as long as it lives."""
        with self._lock:
            self._kept.add(connection)
            self._parameters = {**parameters, "connect_timeout": PATIENCE}

    def begin(self) -> None:
        """Look from now on, in a thread that ends with the process."""
        threading.Thread(target=self._look_for_ever, name="watch", daemon=True).start()

    def _look_for_ever(self) -> None:
        while True:
            time.sleep(LOOK)
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Note which connections wait for an answer; ask the database where one has waited for long."""
        with self._lock:
            waiting = [connection for connection in self._kept if _waits(connection)]
        self._running = {connection: self._running.get(connection, now) for connection in waiting}
        if self.silent or any(now - since >= SUSPECT for since in self._running.values()):
            self._ask(waiting)

    def _ask(self, waiting: list[psycopg.Connection[Any]]) -> None:
        """Ask for a connection; where none comes in time, shut those that wait."""
        try:
            psycopg.connect(**self._parameters).close()
        except psycopg.OperationalError as fault:
            if not self.silent:
                log.warning("database.silent", why=type(fault).__name__, connections=len(waiting))
            self.silent = True
            for connection in waiting:
                _shut(connection)
        else:
            if self.silent:
                log.warning("database.answers_again")
            self.silent, self._running = False, {}


def _waits(connection: psycopg.Connection[Any]) -> bool:
    """Whether a statement was sent whose answer has not come yet."""
    return not connection.closed and connection.pgconn.transaction_status == TransactionStatus.ACTIVE


def _shut(connection: psycopg.Connection[Any]) -> None:
    """Shut the socket under a connection: whoever reads from it reads its end."""
    try:
        with socket.socket(fileno=os.dup(connection.pgconn.socket)) as under:
            under.shutdown(socket.SHUT_RDWR)
    except (OSError, psycopg.Error):
        return  # it was closed meanwhile


#: The watch of this process; it looks only where ``begin`` was called, as the web process does.
watch = Watch()
