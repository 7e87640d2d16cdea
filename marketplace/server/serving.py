"""The processes of one machine: web process and workers, started, restarted and stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import structlog

from marketplace.server.kept_files import working_folder

log = structlog.stdlib.get_logger(__name__)


#: Seconds that a process has to end by itself; a database, which writes its memory to the disk first, has more, and
#: ``liandong-database.service`` still more (TimeoutStopSec).
GRACE, GRACES = 12.0, {"database": 50.0}


#: Seconds before a dead process is started again, at first and at most, and seconds of life after
#: which its next pause is the first again.
SHORTEST, LONGEST, SETTLED = 1.0, 60.0, 60.0


#: The workers: the queues of each, and how many jobs it runs at once. Clocks, documents and
#: messages have workers of their own, so that a slow job of one kind does not delay the others.
WORKERS = {
    "clocks": (("clocks",), 2),
    "documents": (("documents", "figures"), 4),
    "texts": (("messages",), 4),
}


#: Seconds by which the machine's clock must have been set (or the machine have slept) for the workers
#: to be restarted: they plan each minute's work from the last, which may now be years ahead.
CLOCK_SET = 60.0


#: The signals that ask to end where it is not SIGTERM: PostgreSQL would wait until everybody has gone.
ENDED_BY = {"database": signal.SIGINT}


#: Connections that one web process keeps open at most.
CONNECTIONS = 4000


_PR_SET_PDEATHSIG = 1


def numeric(host: str) -> str:
    """The IP address of a host name, as granian needs it; IPv4 is preferred.

    Raises ``OSError`` for a name that cannot be resolved.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return str(sorted(found, key=lambda info: info[0] != socket.AF_INET)[0][4][0])


def free(host: str, port: int) -> bool:
    """Whether nothing listens on that address and port yet."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def claimed(host: str, port: int) -> Iterator[bool]:
    """Whether address and port are free, and nobody else is starting there; nobody may, until this ends.

    The web process listens only later, and so that several can listen at once: two starts would share
    the port. The claim is a name that the kernel gives to one process, and takes back at its end.
    """
    with socket.socket(socket.AF_UNIX) as claim:
        try:
            claim.bind(f"\0liandong-{host}-{port}")
        except OSError:
            yield False
            return
        yield free(host, port)


@contextlib.contextmanager
def figures(parent: Path) -> Iterator[None]:
    """A folder, known to all children, in which each web process counts for ``/metrics``, if that is wanted."""
    if os.environ.get("METRICS") != "1":
        yield
        return
    with working_folder(".figures-", parent) as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        yield


def answers(address: str) -> bool:
    """Whether the web process answers at that address, with whatever status."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port
    connection = (
        HTTPSConnection(host, port, timeout=5, context=_of_our_own())
        if parts.scheme == "https"
        else HTTPConnection(host, port, timeout=5)
    )
    try:
        connection.request("GET", parts.path or "/")
        connection.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def _of_our_own() -> ssl.SSLContext:
    """TLS to the process that this one has started: its certificate is for the name by which others come."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def commands(host: str, port: int) -> dict[str, list[str]]:
    """The command lines of the web process and of the workers, by name."""
    workers = {name: _worker(name, queues, at_once) for name, (queues, at_once) in WORKERS.items()}
    return {"web": _web(host, port), **workers}


def _web(host: str, port: int) -> list[str]:
    """The command line of the web process."""
    here = Path(sys.executable).parent
    header_seconds = float(os.environ.get("HEADER_SECONDS", "15"))
    return [
        str(here / "granian"),
        "--interface",
        "asginl",
        "--http",
        "1",
        "--no-ws",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        os.environ.get("WEB_WORKERS", "2"),
        "--respawn-failed-workers",
        "--respawn-interval",
        "1",
        "--workers-kill-timeout",
        "5",
        "--backpressure",
        str(CONNECTIONS),
        "--http1-header-read-timeout",
        str(int(header_seconds * 1000)),
        "--log-level",
        "warning",
        *_tls(),
        "marketplace.asgi:application",
    ]


def _tls() -> list[str]:
    """The options of the web process with which it speaks HTTPS itself; none where it speaks HTTP."""
    certificate = os.environ.get("TLS_CERTIFICATE", "")
    if not certificate:
        return []
    key = os.environ.get("TLS_KEY", "")
    return ["--ssl-certificate", certificate, "--ssl-keyfile", key, "--ssl-protocol-min", "tls1.2"]


def _worker(name: str, queues: tuple[str, ...], at_once: int) -> list[str]:
    """The command line of the worker of some queues, which does so many jobs at once."""
    return [
        sys.executable,
        "manage.py",
        "procrastinate",
        "worker",
        "--queues",
        ",".join(queues),
        "--concurrency",
        str(at_once),
        "--name",
        name,
        "--delete-jobs",
        "successful",
    ]


class Child:
    """A process that is started again when it dies, after a growing pause.

    The pauses are 1, 2, 4 … up to 60 seconds, and begin again once it has lived for a minute.
    """

    def __init__(self, name: str, line: Sequence[str], folder: Path) -> None:
        self.name, self._line, self._folder = name, line, folder
        self._pause = self._due = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._start()

    def _start(self) -> None:
        self._began = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603  fixed commands
            self._line, cwd=self._folder, start_new_session=True, preexec_fn=_die_with_parent
        )

    def look(self) -> None:
        """Start it again if it has died and its pause is over."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._due:
                self._try_again()
            return
        code = self._process.poll()
        if code is None:
            return
        _signal_group(self._process, signal.SIGKILL)  # its children may still hold the port
        lived = now - self._began
        self._pause = SHORTEST if lived >= SETTLED else min(self._pause * 2 or SHORTEST, LONGEST)
        self._process, self._due = None, now + self._pause
        log.warning(
            "process.died",
            process=self.name,
            code=code,
            lived_seconds=round(lived),
            again_in_seconds=self._pause,
        )

    def _try_again(self) -> None:
        """Start it, or double the pause if the machine cannot."""
        try:
            self._start()
        except (OSError, subprocess.SubprocessError) as fault:
            self._pause = min(self._pause * 2, LONGEST)
            self._due = time.monotonic() + self._pause
            log.warning(
                "process.not_started", process=self.name, why=str(fault), again_in_seconds=self._pause
            )

    @property
    def grace(self) -> float:
        """Seconds that it has to end by itself."""
        return GRACES.get(self.name, GRACE)

    def ask_to_end(self) -> None:
        """Send it and its children the signal by which it ends."""
        if self._process is not None:
            _signal_group(self._process, ENDED_BY.get(self.name, signal.SIGTERM))

    def end(self, within: float) -> None:
        """Wait up to ``within`` seconds for its end, then kill it and its children."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(max(0.1, within))
            _signal_group(self._process, signal.SIGKILL)
            self._process.wait()
            self._process = None


class Processes:
    """The children of this process, which end with it, however it ends."""

    def __init__(
        self, lines: Mapping[str, Sequence[str]], folder: Path, look_after: Callable[[], None] = lambda: None
    ) -> None:
        """Start each command line in ``folder``; ``look_after`` is called several times a second."""
        self._stopping, self._look_after = False, look_after
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # unless started by ``nohup``
            signal.signal(signal.SIGHUP, self._asked_to_stop)
        self._children = [Child(name, line, folder) for name, line in lines.items()]
        self._offset = time.time() - time.monotonic()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _look(self) -> None:
        """Check every child once, then sleep for a moment."""
        self._look_after()
        self._restart_after_clock_change()
        for child in self._children:
            if not self._stopping:
                child.look()
        time.sleep(0.2)

    def _restart_after_clock_change(self) -> None:
        """Restart the workers if the machine's clock was set."""
        offset = time.time() - time.monotonic()
        if abs(offset - self._offset) < CLOCK_SET:
            return
        log.warning("clock.was_set", seconds=round(offset - self._offset))
        self._offset = offset
        for child in self._children:
            if child.name in WORKERS:
                child.ask_to_end()

    def until_ready(self, ready: Callable[[], bool], within: float | None = None) -> bool:
        """Wait until ``ready`` says so, as long as a slow machine takes; False if it is asked to stop before, or does
        not within so many seconds, where they are given.
        """
        end = time.monotonic() + (float("inf") if within is None else within)
        while not self._stopping and time.monotonic() < end:
            if ready():
                return True
            self._look()
        return False

    def wait(self) -> None:
        """Keep everything running until a signal asks to stop; then stop all."""
        try:
            while not self._stopping:
                self._look()
        finally:
            self.stop()

    def stop(self) -> None:
        """End every child and its children."""
        self._stopping = True
        for child in self._children:
            child.ask_to_end()
        asked = time.monotonic()
        for child in sorted(self._children, key=lambda child: child.grace):
            child.end(asked + child.grace - time.monotonic())


def _signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to a child and its children, if they still live."""
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return


def _die_with_parent() -> None:
    """Let the kernel send SIGTERM to this process when its parent dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
