"""Two hundred people at once on two cores: the server as ``make run`` starts it, asked by locust.

The same server is asked by as many for a page of Django's with one query: with nothing to wait for between
two requests both throughputs are what the machine gives, server and askers together. Then the people read
each page for some seconds, as people do; of that the 95th and 99th percentile are told.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from benchmarks import leaving
from benchmarks.crowd import crowd
from benchmarks.measuring import Row
from foundation import moments
from foundation.inbox.models import Notice

PEOPLE, TARGET = 200, 0.25

#: Seconds of each turn of the two, of which there are two; and of the time with pauses, before which the
#: people come one after another: who all click in the same second measure the queue of that second alone.
TURN, READING, COMING = 12, 40, 20

#: Aims of the 95th and the 99th percentile, in milliseconds.
AIMS = {95: 200, 99: 500}

HERE = Path(__file__).parent


def run() -> list[Row]:
    """The rows: throughput against the one-query page, both percentiles, and errors."""
    with tempfile.TemporaryDirectory() as folder, _put_back() as changes:
        people = Path(folder) / "people.json"
        found, changed = crowd(PEOPLE)
        changes += changed
        people.write_text(json.dumps(found))
        connection.close()
        with _server() as address:
            # What is asked first makes caches and connections.
            _asked(address, "OneQuery", people, 3, turn=0)
            _asked(address, "Person", people, 3, turn=0)
            floor, ours = [], []
            for turn in (1, 2):
                floor.append(_asked(address, "OneQuery", people, TURN, turn=turn))
                ours.append(_asked(address, "Person", people, TURN, turn=turn))
            reading = _asked(address, "Person", people, READING, turn=3, coming=COMING)
    return _rows(ours, floor, reading)


@contextlib.contextmanager
def _put_back() -> Iterator[list[leaving.Change]]:
    """Put the database back as it was before the block; changes of rows that were there are named by it."""
    begin = moments.now()
    changes: list[leaving.Change] = []
    with leaving.undone(changes):
        yield changes
    Notice.objects.filter(read_at__gte=begin).update(read_at=None)


def _rows(ours: list[Told], floor: list[Told], reading: Told) -> list[Row]:
    words = f"{PEOPLE} people at once"
    errors = sum(told.errors for told in (*ours, *floor, reading))
    rows = [
        Row(
            f"{words}, {len(reading.names)} addresses with writes: throughput / Django's one-query page",
            sum(told.rate for told in ours) / len(ours),
            sum(told.rate for told in floor) / len(floor),
            TARGET,
            unit="a second",
            at_least=True,
            note="nobody pauses; the server and those who ask share two cores",
        )
    ]
    rows += [
        Row(
            f"{words} who read each page for 4 to 12 s: {share}th percentile / the aim",
            reading.percentile(share),
            aim,
            1,
            note=f"{reading.rate:.0f} requests a second; on average "
            + ", ".join(f"{entry['name']} {_mean(entry):.0f} ms" for entry in reading.slowest),
        )
        for share, aim in AIMS.items()
    ]
    asked = sum(told.count for told in (*ours, *floor, reading))
    where = ", ".join(sorted({name for told in (*ours, *floor, reading) for name in told.failed}))
    return [*rows, Row(f"{words}: errors / requests", errors, asked, 0, unit="times", note=where)]


class Told:
    """What locust tells of a run."""

    def __init__(self, found: list[dict[str, Any]]) -> None:
        self.count = sum(entry["num_requests"] for entry in found)
        self.errors = sum(entry["num_failures"] for entry in found)
        self.failed = {entry["name"] for entry in found if entry["num_failures"]}
        self.slowest = sorted(found, key=lambda entry: -_mean(entry))[:3]
        self.names = {(entry["method"], entry["name"]) for entry in found}
        begin = min(entry["start_time"] for entry in found)
        self.rate = self.count / (max(entry["last_request_timestamp"] for entry in found) - begin)
        self.times: dict[float, int] = {}
        for entry in found:
            for spent, count in entry["response_times"].items():
                self.times[float(spent)] = self.times.get(float(spent), 0) + count

    def percentile(self, share: float) -> float:
        """The milliseconds within which that share (percent) of the requests were answered."""
        past = 0
        for spent in sorted(self.times):
            past += self.times[spent]
            if past >= self.count * share / 100:
                return spent
        return 0.0


def _mean(entry: dict[str, Any]) -> float:
    """The mean time of an address, in milliseconds."""
    spent = sum(float(time) * count for time, count in entry["response_times"].items())
    return spent / max(1, entry["num_requests"])


def _asked(address: str, person: str, people: Path, seconds: int, *, turn: int, coming: int = 0) -> Told:
    """What locust tells of so many seconds with two hundred people of one kind.

    Those who take ``coming`` seconds until all are there read each page; what they asked meanwhile is not told.
    """
    command = [sys.executable, "-m", "locust", "--locustfile", str(HERE / "locustfile.py"), person]
    command += ["--headless", "--json", "--users", str(PEOPLE), "--spawn-rate", str(PEOPLE // (coming or 1))]
    command += ["--run-time", f"{coming + seconds}s", "--stop-timeout", "20", "--host", address]
    if coming:
        command.append("--reset-stats")
    environment = {
        **os.environ,
        "BENCH_PEOPLE": str(people),
        "BENCH_TURN": str(turn),
        "BENCH_PAUSE": "1" if coming else "",
    }
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=coming + seconds + 90, check=False
    )
    begin = done.stdout.find("[")
    if begin < 0:
        raise RuntimeError(done.stderr[-2000:])
    return Told(json.loads(done.stdout[begin:]))


@contextlib.contextmanager
def _server() -> Iterator[str]:
    """The server as ``make run`` starts it, on a free port of this machine; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.served",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DEBUG": "",
        "DEMO": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run"],
        cwd=HERE.parent,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"{address}/bench/one-query/", process)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the server answers. Raises ``RuntimeError`` when it ended or took three minutes."""
    for _second in range(180):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):  # noqa: S310  http to our own server on loopback
            return
        time.sleep(1)
    raise RuntimeError("the server did not start")
