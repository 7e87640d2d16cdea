"""Figures for Prometheus, with ``METRICS=1``: of requests from all web processes, of all else from the database.

Each web process counts into files of its own below ``PROMETHEUS_MULTIPROC_DIR``, which ``manage.py run``
makes for its children; whoever asks reads them all. No label holds anything that a person typed: routes
are patterns of addresses.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.db import Error, connection
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock
from foundation.messaging.models import Message
from foundation.scheduling.models import Routine
from foundation.scheduling.routines import CLOCKS
from marketplace.monitoring import request_log

#: Bounds of the histogram, in seconds.
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


#: What this process counts.
_counted = CollectorRegistry()
REQUESTS = Counter(
    "liandong_requests_total", "Requests answered.", ("route", "method", "status"), registry=_counted
)
SECONDS = Histogram(
    "liandong_request_seconds",
    "Seconds that a request was worked on.",
    ("route",),
    registry=_counted,
    buckets=BOUNDS,
)


_JOBS = """
    SELECT queue_name, count(*), extract(epoch FROM now() - min(coalesce(scheduled_at, (
        SELECT min(at) FROM procrastinate_events WHERE job_id = job.id AND type = 'deferred'))))
    FROM procrastinate_jobs job
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
    GROUP BY queue_name ORDER BY queue_name
"""


_CONNECTIONS = """
    SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity
    WHERE datname = current_database() GROUP BY 1 ORDER BY 1
"""


@request_log.answered.register
def count(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    REQUESTS.labels(route, method, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def exposed() -> bytes:
    """All figures, in the text format of Prometheus."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(_counted)
    registry.register(Figures())
    return generate_latest(registry)


class Figures(Collector):
    """The figures of the database, read when they are asked for; without it only that it is away."""

    def describe(self) -> list[Metric]:
        """Nothing beforehand, so that registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        try:
            found = [*_jobs(), *_clocks(), _messages(), *_connections()]
        except Error:
            yield _gauge("liandong_database_up", "Whether the database answers.", 0)
            return
        yield _gauge("liandong_database_up", "Whether the database answers.", 1)
        yield from found


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _by(name: str, words: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, labels=(label,))


def _jobs() -> Iterator[Metric]:
    """The jobs that might run now and wait, by queue, and how long the oldest has."""
    waiting = _by("liandong_jobs_waiting", "Jobs that wait for a worker.", "queue")
    oldest = _by("liandong_jobs_oldest_seconds", "Seconds that the oldest of them has waited.", "queue")
    with connection.cursor() as cursor:
        cursor.execute(_JOBS)
        for queue, number, seconds in cursor.fetchall():
            waiting.add_metric((queue,), number)
            oldest.add_metric((queue,), max(0.0, float(seconds or 0)))
    yield from (waiting, oldest)


def _clocks() -> Iterator[Metric]:
    """How long ago the clocks ran, how many they have left undone, and how many deadlines are missed."""
    now = moments.now()
    ran = Routine.objects.filter(name=CLOCKS).values_list("ran_at", flat=True).first()
    if ran is not None:
        yield _gauge(
            "liandong_clocks_silent_seconds", "Seconds since the clocks ran.", (now - ran).total_seconds()
        )
    yield _gauge("liandong_clocks_late", "Clocks that are due and were not run.", clocks.ended(now).count())
    overdue = Clock.objects.filter(stopped_at=None, overdue_at__isnull=False)
    yield _gauge(
        "liandong_deadlines_missed", "Running deadlines that are registered as overdue.", overdue.count()
    )


def _messages() -> Metric:
    """The texts that wait, and those that were given up."""
    found = _by("liandong_messages", "Text messages that were not delivered.", "state")
    found.add_metric(("waiting",), Message.objects.waiting().count())
    found.add_metric(("undelivered",), Message.objects.filter(undelivered_at__isnull=False).count())
    return found


def _connections() -> Iterator[Metric]:
    """The connections to the database by state, and how many the server admits."""
    found = _by("liandong_database_connections", "Connections to the database.", "state")
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS)
        for state, number in cursor.fetchall():
            found.add_metric((state,), number)
        cursor.execute("SELECT current_setting('max_connections')::int")
        (most,) = cursor.fetchone()
    yield from (
        found,
        _gauge("liandong_database_connections_most", "Connections that the server admits.", most),
    )
