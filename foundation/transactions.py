"""Acts that are whole or not at all, and are done once more where the database asks for it.

Two transactions may want each other's rows, or read what the other was about to change.
The database then undoes one of them; nothing of it is left, so it can simply be done again.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

import structlog
from django.db import OperationalError, connection, transaction

from foundation.refusals import Refused

log = structlog.stdlib.get_logger(__name__)


P = ParamSpec("P")


R = TypeVar("R")


#: Undone by the database because of somebody else (SQLSTATE): serialization, deadlock, lock.
UNDONE = frozenset({"40001", "40P01", "55P03"})


#: Seconds before it is done again, drawn between these two: whoever was in the way goes first,
#: else the two would meet in the same knot once more.
PAUSE = (0.1, 0.3)


def undone(fault: BaseException) -> bool:
    """Whether the database has undone a transaction only because another was in its way."""
    return getattr(fault.__cause__, "sqlstate", None) in UNDONE


def whole(act: Callable[P, R]) -> Callable[P, R]:
    """Do ``act`` in one transaction; once more where the database has undone it.

    Inside a transaction that somebody else has begun it is never repeated: only the
    outermost can do everything again. What ``act`` was given must bear a second reading;
    files are wound back.
    """

    @functools.wraps(act)
    def doing(*args: P.args, **given: P.kwargs) -> R:
        if not connection.in_atomic_block:
            try:
                return _once(act, *args, **given)
            except OperationalError as fault:
                if not undone(fault):
                    raise
                log.warning("act.once_more", act=act.__qualname__, why=str(fault.__cause__))
                _wind_back((*args, *given.values()))
                time.sleep(random.uniform(*PAUSE))
        return _once(act, *args, **given)

    return doing


def _once(act: Callable[P, R], *args: P.args, **given: P.kwargs) -> R:
    """``act`` in a transaction; a refusal that leaves a trace is raised after it."""
    with transaction.atomic():
        try:
            return act(*args, **given)
        except Refused as refusal:
            if not refusal.leaves_trace:
                raise
            refusal.leaves_trace = False  # an act around this one is undone as ever
            traced = refusal
    raise traced


def _wind_back(given: Iterable[Any]) -> None:
    for each in given:
        if isinstance(each, list | tuple):
            _wind_back(each)
        elif isinstance(each, dict):
            _wind_back(each.values())
        elif hasattr(each, "read") and hasattr(each, "seek"):
            each.seek(0)
