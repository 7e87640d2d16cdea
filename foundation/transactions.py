"""Actions in one transaction, repeated once after a deadlock or serialization failure.

Two transactions may want each other's rows, or read what the other was about to change.
PostgreSQL then rolls one of them back entirely, so it can be done again.
"""

from __future__ import annotations

import functools
import inspect
import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeAlias, TypeVar

import structlog
from django.db import OperationalError, connection, transaction

from foundation.refusals import Refused

log = structlog.stdlib.get_logger(__name__)


P = ParamSpec("P")


R = TypeVar("R")


#: What is done with the items that are gathered for it.
Work: TypeAlias = Callable[[list[Any]], object]


#: SQLSTATE of a rollback because of another transaction: serialization, deadlock, lock.
UNDONE = frozenset({"40001", "40P01", "55P03"})


#: Seconds before the repetition, drawn between these two, so that the two transactions do not
#: meet again.
PAUSE = (0.1, 0.3)


@dataclass
class _Outermost:
    """The outermost ``whole``: what is to be done at its end, and at the very end ``alone``, with the items gathered
    for it, and what was read once for all of it.
    """

    gathered: dict[Work, dict[Any, None]] = field(default_factory=dict)
    alone: dict[Work, dict[Any, None]] = field(default_factory=dict)
    read: dict[Callable[[], Any], Any] = field(default_factory=dict)


_outermost: ContextVar[_Outermost | None] = ContextVar("outermost", default=None)


def at_the_end(work: Work, item: Any, *, alone: bool = False) -> None:
    """Have ``work`` done with all such items, each once, at the end of the outermost ``whole``.

    It runs in the same transaction, before the commit; outside of a ``whole`` at once. Works run in the order of
    their names, after all others those that are done ``alone``, under an advisory lock: whoever holds that asks
    for no row any more, so that nobody waits for him who has rows.
    """
    outermost = _outermost.get()
    if outermost is None:
        work([item])
    else:
        gathered = outermost.alone if alone else outermost.gathered
        gathered.setdefault(work, {})[item] = None


def read_once(read: Callable[[], R]) -> Callable[[], R]:
    """Decorate a function that reads what holds for a whole action: within the outermost ``whole`` it reads once.

    What an action changes of it holds from the next action, and for what it does within ``read_anew``.
    """

    @functools.wraps(read)
    def once() -> R:
        outermost = _outermost.get()
        if outermost is None:
            return read()
        if read not in outermost.read:
            outermost.read[read] = read()
        found: R = outermost.read[read]
        return found

    return once


@contextmanager
def read_anew(*once: Callable[[], Any]) -> Iterator[None]:
    """Within the block let functions that read once read again, since the action itself has changed what they read."""
    outermost = _outermost.get()
    if outermost is None:
        yield
        return
    before, changed = outermost.read, {inspect.unwrap(read) for read in once}
    outermost.read = {read: found for read, found in before.items() if read not in changed}
    try:
        yield
    finally:
        outermost.read = before


@contextmanager
def _gathering() -> Iterator[None]:
    """Gather what is to be done at the end, and do it there; within another ``whole`` leave it to that."""
    if _outermost.get() is not None:
        yield
        return
    outermost = _Outermost()
    token = _outermost.set(outermost)
    try:
        yield
        while gathered := outermost.gathered or outermost.alone:
            work = min(gathered, key=_name)
            work(list(gathered.pop(work)))
    finally:
        _outermost.reset(token)


def _name(work: Work) -> str:
    """The name of a work, by which works are in order."""
    return f"{getattr(work, '__module__', '')}.{getattr(work, '__qualname__', '')}"


def undone(fault: BaseException) -> bool:
    """Whether the database rolled the transaction back only because of another one."""
    return getattr(fault.__cause__, "sqlstate", None) in UNDONE


def whole(act: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function to run in one transaction, repeated once if the database undid it.

    Within another transaction it is never repeated, since only the outermost can repeat everything.
    Within another ``whole`` it has no savepoint: whoever goes on there after its refusal calls it under a
    ``transaction.atomic()`` of his own, else the database refuses all that follows. Its arguments must be
    reusable; files are rewound.
    """

    @functools.wraps(act)
    def in_transaction(*args: P.args, **given: P.kwargs) -> R:
        if not connection.in_atomic_block:
            try:
                return _once(act, *args, **given)
            except OperationalError as fault:
                if not undone(fault):
                    raise
                why = getattr(fault.__cause__, "sqlstate", None)
                log.warning("act.once_more", act=act.__qualname__, sqlstate=why)
                _rewind((*args, *given.values()))
                time.sleep(random.uniform(*PAUSE))
        return _once(act, *args, **given)

    return in_transaction


def _once(act: Callable[P, R], *args: P.args, **given: P.kwargs) -> R:
    """Call ``act`` in a transaction; a refusal with ``leaves_trace`` is raised after the commit."""
    with transaction.atomic(savepoint=_outermost.get() is None), _gathering():
        try:
            return act(*args, **given)
        except Refused as refusal:
            if not refusal.leaves_trace:
                raise
            refusal.leaves_trace = False  # a transaction around this one is rolled back as usual
            traced = refusal
    raise traced


def _rewind(given: Iterable[Any]) -> None:
    """Rewind every file among the arguments."""
    for argument in given:
        if isinstance(argument, list | tuple):
            _rewind(argument)
        elif isinstance(argument, dict):
            _rewind(argument.values())
        elif hasattr(argument, "read") and hasattr(argument, "seek"):
            argument.seek(0)
