"""Keeps one or some of the processes alive, for a machine whose own supervisor keeps this process.

``manage.py keep`` becomes this program, which loads neither settings nor models: it is small, and stays
where it is while what it keeps comes and goes. It is what ``manage.py run`` does for all of them.
"""

from __future__ import annotations

import argparse
import logging.config
import os
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import structlog

from marketplace.monitoring import logs
from marketplace.server import embedded, serving

log = structlog.stdlib.get_logger(__name__)


#: The name of the embedded server among the processes.
DATABASE = "database"
#: All that can be kept.
NAMES = ("web", *serving.WORKERS, DATABASE)
#: Seconds within which a process is told to be ready; a database may replay its log for long.
READY_WITHIN = 3600


def command(names: list[str], *, host: str, port: int, address: str, folder: Path) -> list[str]:
    """The command line of this program.

    ``address`` is where the web process will answer, ``folder`` where the product keeps its files.
    """
    line = [sys.executable, "-m", "marketplace.server.keeping", *names, "--host", host, "--port", str(port)]
    return [*line, "--address", address, "--folder", str(folder)]


def main(words: list[str]) -> int:
    """Keep the named processes alive until a signal; the exit code."""
    said = _parser().parse_args(words)
    folder = Path(said.folder)
    logging.config.dictConfig(
        logs.configured(os.environ.get("LOG_LEVEL", "WARNING"), plain=os.environ.get("DEBUG") == "1")
    )
    lines = serving.commands(said.host, said.port)
    lines[DATABASE] = [sys.executable, "manage.py", "embedded_database"]
    with ExitStack() as held:
        if "web" in said.names:
            if not held.enter_context(serving.claimed(said.host, said.port)):
                log.error("web.port_in_use", host=said.host, port=said.port)
                return 1
            held.enter_context(serving.figures(folder))
        processes = serving.Processes({name: lines[name] for name in said.names}, Path.cwd())
        asked = {
            "web": lambda: serving.answers(f"{said.address}/health/live"),
            DATABASE: lambda: embedded.stands(folder / embedded.FOLDER),
        }
        if processes.until_ready(
            _all_of([asked[name] for name in said.names if name in asked]), READY_WITHIN
        ):
            tell_systemd("READY=1")
        processes.wait()
    return 0


def _all_of(asked: list[Callable[[], bool]]) -> Callable[[], bool]:
    """Whether every one of these says so."""
    return lambda: all(ask() for ask in asked)


def tell_systemd(state: str) -> None:
    """Tell systemd how this process is (``sd_notify``), where it was started by it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        line.sendall(state.encode())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="marketplace.server.keeping")
    parser.add_argument("names", nargs="+", choices=NAMES)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", required=True, type=int)
    parser.add_argument("--address", required=True)
    parser.add_argument("--folder", required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
