"""System checks of clocks: they make what they can make, and run where somebody is late by them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, register

from foundation.lifecycle.checks import clocks_of
from foundation.lifecycle.checks_of_rows import errors
from foundation.lifecycle.rows import ClockFor, ClockKey, Transition
from foundation.lifecycle.table import Lifecycle
from foundation.roles import NAMELESS, Role

#: What a clock gives to the transition that it makes, besides the object.
GIVEN = {"by"}


@register
def clocks_move_what_they_run_for(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``lifecycle.E011`` for a transition that a clock makes (``at``) and that the system may not make, that
    asks for what no clock gives, or whose clock runs in no state that it starts from; for a clock of a
    state that is over or in which nobody could be late by it; for days that count from no attribute, and for a
    deadline that is met by what starts from none of its states.
    """
    return errors("E011", _never_at, _asks_the_clock, _late_for_nobody, _counts_from_nothing, _met_by_nothing)


def _never_at(lifecycle: Lifecycle) -> Iterator[str]:
    """The transitions that their clocks could not make."""
    for row in lifecycle.transitions:
        if row.at and Role.SYSTEM not in row.roles:
            yield f"'{row.name}' is made when a clock runs out, and the system is none of its parties"
        running = {*lifecycle.spanning}
        for source in row.arrow.sources:
            running |= set(_keys(lifecycle.clocks.get(source, "")))
        for name in row.at:
            if name not in running and name in clocks_of(lifecycle):
                yield f"'{row.name}' waits for the clock '{name}', which runs in none of its states"


def _asks_the_clock(lifecycle: Lifecycle) -> Iterator[str]:
    """What transitions that a clock makes ask for."""
    for row in lifecycle.transitions:
        if not row.at:
            continue
        if row.reason:
            yield f"'{row.name}' is made when a clock runs out, and asks for a reason, which no clock gives"
        for name in _needed(lifecycle, row):
            yield f"'{row.name}' is made when a clock runs out, and takes '{name}', which no clock gives"


def _needed(lifecycle: Lifecycle, row: Transition) -> list[str]:
    """The arguments without which the body of a transition cannot be called, but for its object and its reason."""
    body = getattr(lifecycle.actions.get(row.name), "body", None)
    if body is None:
        return []
    _obj, *arguments = inspect.signature(body).parameters.values()
    optional = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [
        argument.name
        for argument in arguments
        if argument.default is inspect.Parameter.empty and argument.kind not in optional
        if argument.name not in {*GIVEN, "reason"}
    ]


def _late_for_nobody(lifecycle: Lifecycle) -> Iterator[str]:
    """The clocks of states in which nothing is to be done, or nobody is to do it."""
    named = {*lifecycle.periods, *lifecycle.late}
    for state, key in lifecycle.clocks.items():
        if state in lifecycle.states.values and lifecycle.states(state).over:
            yield f"a clock hangs on '{state}', which is over"
        elif not lifecycle.awaited_in(state) - set(NAMELESS):
            for name in _keys(key):
                if name and name not in named:
                    yield (
                        f"the clock '{name}' runs in '{state}', in which nobody is awaited who could be late: say "
                        "who is (late), or that it is a period (periods)"
                    )


def _counts_from_nothing(lifecycle: Lifecycle) -> Iterator[str]:
    """The clocks whose days count from what the object does not have."""
    for name, attribute in lifecycle.counts_from.items():
        if not hasattr(lifecycle.model, attribute):
            yield f"the days of '{name}' count from '{attribute}' (counts_from), which the model does not have"


def _met_by_nothing(lifecycle: Lifecycle) -> Iterator[str]:
    """The deadlines that are met (``met_by``) by what starts from none of their states."""
    for name, met_by in lifecycle.met_by.items():
        running = [state for state, key in lifecycle.clocks.items() if name in _keys(key)]
        if not any(row.name == met_by for state in running for row in lifecycle.leaving(state)):
            yield f"the clock '{name}' is met by '{met_by}' (met_by), which starts from none of its states"


def _keys(key: ClockKey) -> tuple[str, ...]:
    """The rules of which one runs."""
    return key.keys if isinstance(key, ClockFor) else (key,)
