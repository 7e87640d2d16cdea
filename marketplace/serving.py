"""The processes of one machine: web and worker, started together, stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from urllib.error import HTTPError
from urllib.request import urlopen

#: Seconds that a process gets to end by itself.
GRACE = 12

_PR_SET_PDEATHSIG = 1


def numeric(host: str) -> str:
    """The IP address of a host's name; the web process takes no names.

    Raises ``OSError`` for a name that nobody knows.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return str(sorted(found, key=lambda each: each[0] != socket.AF_INET)[0][4][0])


def free(host: str, port: int) -> bool:
    """Whether nothing listens on that address yet."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(address: str) -> bool:
    """Whether the web process answers at that address, if only to refuse the name."""
    try:
        with urlopen(address, timeout=5):  # noqa: S310  our own address
            return True
    except HTTPError as refusal:
        refusal.close()
        return True
    except OSError:
        return False


def commands(host: str, port: int) -> list[list[str]]:
    """The command lines of the web process and of the worker."""
    here = Path(sys.executable).parent
    web = [
        str(here / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", os.environ.get("WEB_WORKERS", "2"), "--blocking-threads", "4",
        "--no-ws", "--log-level", "warning", "marketplace.wsgi:application",
    ]  # fmt: skip
    worker = [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency", "2"]
    return [web, worker]


class Processes:
    """Children that live no longer than this process, however it ends."""

    def __init__(self, lines: Sequence[Sequence[str]], folder: Path) -> None:
        self._stopping = False
        self._children = [
            subprocess.Popen(  # noqa: S603  our own command lines
                line, cwd=folder, start_new_session=True, preexec_fn=_die_with_parent
            )
            for line in lines
        ]
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    @property
    def running(self) -> bool:
        """Whether nobody has asked to stop and every child lives."""
        return not self._stopping and all(child.poll() is None for child in self._children)

    def until_ready(self, address: str, within: float = 60) -> bool:
        """Wait until the address answers; False if it does not in that many seconds."""
        end = time.monotonic() + within
        while self.running and time.monotonic() < end:
            if answers(address):
                return True
            time.sleep(0.2)
        return False

    def wait(self) -> int:
        """Wait until somebody asks to stop, or a child ends; stop all. 0 if asked."""
        try:
            while self.running:
                time.sleep(0.2)
        finally:
            asked = self._stopping
            self.stop()
        return 0 if asked else 1

    def stop(self) -> None:
        """End every child and whatever it has started."""
        for child in self._children:
            _signal_group(child, signal.SIGTERM)
        end = time.monotonic() + GRACE
        for child in self._children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, end - time.monotonic()))
            _signal_group(child, signal.SIGKILL)
            child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
