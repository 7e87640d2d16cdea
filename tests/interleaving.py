"""Two acts in every order in which they can meet, each in a connection of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from foundation.refusals import Refused

Pair = tuple[Callable[[], Any], Callable[[], Any]]

#: Steps of one act, at most, and seconds for anything to happen.
MOST, PATIENCE = 40, 30.0


class Act:
    """An act in a thread of its own, that stops before each statement that locks rows."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self.fault: BaseException | None = None
        self.refusal: Refused | None = None
        self.ended, self._go, self._at = (threading.Event(), threading.Semaphore(0), threading.Semaphore(0))
        self.backend = 0
        self._free = False
        self._thread = threading.Thread(target=self._run, args=(act,))
        self._thread.start()
        assert self._at.acquire(timeout=PATIENCE)

    def _run(self, act: Callable[[], Any]) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (self.backend,) = cursor.fetchone()
            with connection.execute_wrapper(self._stop):
                act()
        except Refused as refusal:  # another was faster
            self.refusal = refusal
        except BaseException as fault:
            self.fault = fault
        finally:
            connection.close()
            self.ended.set()
            self._at.release()

    def _stop(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = sql if isinstance(sql, str) else sql.as_string(None)
        locks = any(word in text for word in ("FOR UPDATE", "FOR NO KEY UPDATE", "pg_advisory"))
        if not self._free and (locks or text.lstrip().startswith(("UPDATE", "WITH"))):
            self._at.release()
            assert self._go.acquire(timeout=PATIENCE)
        return execute(sql, params, many, context)

    def step(self) -> None:
        """Go on to the next such statement, or to the end."""
        self._go.release()
        assert self._at.acquire(timeout=PATIENCE)

    def finish(self) -> None:
        """Go on without stopping."""
        self._free = True
        self._go.release()

    def waits(self) -> bool:
        """Whether it waits for a lock that somebody holds."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [self.backend]
            )
            row = cursor.fetchone()
        return bool(row and row[0])

    def join(self) -> None:
        """Wait for the end; what it raised is raised here."""
        self._thread.join(PATIENCE)
        assert self.ended.is_set()
        if self.fault is not None:
            raise self.fault


def deadlocks() -> int:
    """How often the database has cut a knot of two or more transactions here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def every_meeting(make: Callable[[], Pair]) -> Iterator[int]:
    """Let the first act of each new pair go one step further than before, then the second to its end
    or as far as it comes, then the first to its end. Gives the steps, pair by pair.

    A knot shows where the first holds what the second waits for and has still to ask for what that
    one holds: so each way to meet is met, and the pair need not be turned around.
    """
    for steps in range(MOST):
        first, second = make()
        one = Act(first)
        for _ in range(steps):
            if not one.ended.is_set():
                one.step()
        over = one.ended.is_set()
        other = Act(second)
        other.finish()
        end = time.monotonic() + PATIENCE
        while not (other.ended.is_set() or other.waits()):
            assert time.monotonic() < end
            time.sleep(0.01)
        one.finish()
        one.join()
        other.join()
        yield steps
        if over:
            assert one.refusal is None, one.refusal.message
            return
