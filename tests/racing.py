"""Several connections that do something at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from foundation.refusals import Refused


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do every act in a thread and connection of its own, all let go together.

    Returns what each gave, in order: its value, or the ``Refused`` that it raised.
    Any other fault is raised here.
    """
    outcomes: list[Any] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(number: int) -> None:
        try:
            gate.wait(10)
            outcomes[number] = acts[number]()
        except BaseException as fault:
            outcomes[number] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, Refused):
            raise outcome
    return outcomes


def refused(outcomes: list[Any], kind: type[Refused] = Refused) -> int:
    """How many of the acts were refused in that way."""
    return sum(isinstance(outcome, kind) for outcome in outcomes)
