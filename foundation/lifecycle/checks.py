"""System checks of lifecycle tables: what they name is there, and nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from foundation.lifecycle.phases import Phase
from foundation.lifecycle.states import UNSAID
from foundation.lifecycle.table import LIFECYCLES, ClockFor, Lifecycle, Transition
from foundation.rules import reading


@register
def every_row_has_its_action(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Errors of lifecycle tables.

    ``lifecycle.E001``: a row without an action; ``E003``: a clock without a rule ``deadline.<key>``;
    ``E004``: a period or late clock that never runs.
    """
    faults: list[CheckMessage] = []
    for label, lifecycle in LIFECYCLES.items():
        faults += [
            Error(f"{label}: no action for '{row.name}'", id="lifecycle.E001")
            for row in lifecycle.rows
            if row.name not in lifecycle.actions
        ]
        known = clocks_of(lifecycle)
        faults += [
            Error(f"{label}: no clock '{name}'", id="lifecycle.E004")
            for name in (
                *lifecycle.periods,
                *lifecycle.unpaused,
                *lifecycle.late,
                *lifecycle.counts_from,
                *lifecycle.met_by,
            )
            if name not in known
        ]
        for key in (*lifecycle.clocks.values(), *lifecycle.spanning):
            keys = key.keys if isinstance(key, ClockFor) else (key,)
            faults += [
                Error(f"{label}: no rule 'deadline.{rule}'", id="lifecycle.E003")
                for rule in keys
                if f"deadline.{rule}" not in reading.defaults()
            ]
    return faults


def clocks_of(lifecycle: Lifecycle) -> set[str]:
    """The deadline rules whose clocks may run."""
    known = {*lifecycle.spanning}
    for key in lifecycle.clocks.values():
        known |= set(key.keys if isinstance(key, ClockFor) else (key,))
    return known


@register
def every_state_has_its_phase(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Error ``lifecycle.E005`` for a state whose table does not say in which phase it is."""
    return [
        Error(f"{label}: the state '{state}' has no phase", id="lifecycle.E005")
        for label, lifecycle in LIFECYCLES.items()
        for state in lifecycle.states
        if not isinstance(state.phase, Phase) or state.phase == UNSAID
    ]


@register
def what_ends_everything_leaves_nothing_out(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``lifecycle.E006`` for a transition from any state that leaves one out.

    Its sources are every state of every phase that is not over, but for whole phases that it names in
    ``besides``; a phase is named there only if the table has it and none of its states is a source.
    """
    return [
        Error(f"{lifecycle.label}: '{row.name}' {fault}", id="lifecycle.E006")
        for lifecycle in LIFECYCLES.values()
        for row in lifecycle.transitions
        if row.from_any
        for fault in _left_out(lifecycle, row)
    ]


@register
def no_phase_is_new_to_its_table(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``lifecycle.E009`` for a state in a phase that its table does not name, and for a phase named in vain.

    What asks for phases of a table names those that it had: to it, a state in another phase does not exist.
    """
    hint = (
        "Choose one of the phases of the table. If none of them is right, look at whatever asks for its phases "
        "(in_phase and ~ in queries, constraints, parties and other tables), decide there for the new one, and "
        "then name it in the table's phases."
    )
    faults: list[CheckMessage] = []
    for label, lifecycle in LIFECYCLES.items():
        named = {phase.name for phase in lifecycle.phases}
        faults += [
            Error(
                f"{label}: the state '{state}' is in the phase '{state.phase.name}', which is new to the table",
                hint,
                id="lifecycle.E009",
            )
            for state in lifecycle.states
            if state.phase.name not in named
        ]
        faults += [
            Error(f"{label}: no state is in the phase '{name}'", id="lifecycle.E009")
            for name in sorted(named - {phase.name for phase in lifecycle.states.phases()})
        ]
    return faults


@register
def a_part_of_a_phase_is_named_on_purpose(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``lifecycle.E007`` for a transition that starts from some states of a phase and does not say
    ``exactly``, and for one that says so of a whole phase.

    A state that is added to a phase is thereby in every transition that names the phase, or is asked about
    here.
    """
    hint = (
        "Start from the phase (in_phase), or say exactly if it is a step that others of it do not make: True, "
        "or the states of which that is so where it starts from whole phases besides."
    )
    return [
        Error(f"{lifecycle.label}: '{row.name}' {fault}", hint, id="lifecycle.E007")
        for lifecycle in LIFECYCLES.values()
        for row in lifecycle.transitions
        for fault in _not_exactly(lifecycle, row)
    ]


def _not_exactly(lifecycle: Lifecycle, row: Transition) -> Iterator[str]:
    """What is wrong with what a transition says of the phases that it starts from."""
    named = row.exactly if isinstance(row.exactly, tuple) else row.arrow.sources if row.exactly else ()
    for source in row.arrow.sources:
        others = ", ".join(f"'{state}'" for state in _others_of_its_phase(lifecycle, row, source))
        if others and source not in named:
            yield f"starts from '{source}', a part of its phase, without {others}"
        if source in named and not others:
            yield f"says exactly '{source}', and starts from its whole phase"
    for state in named:
        if state not in row.arrow.sources:
            yield f"says exactly '{state}', and does not start from it"


def _others_of_its_phase(lifecycle: Lifecycle, row: Transition, source: str) -> list[str]:
    """The states of the phase of one source from which a transition does not start; none for what is no state."""
    phases = {state.phase for state in lifecycle.states if state == source}
    others = (state for state in lifecycle.states if state.phase in phases)
    return [state for state in others if state not in row.arrow.sources]


def _left_out(lifecycle: Lifecycle, row: Transition) -> list[str]:
    """What a transition from any state leaves out, in words."""
    sources = set(row.arrow.sources)
    faults = [
        f"is not made from '{state}'"
        for state in lifecycle.states.unfinished()
        if lifecycle.states(state).phase not in row.besides and state not in sources
    ]
    for phase in row.besides:
        states = set(lifecycle.states.in_phase(phase))
        if not states:
            faults.append(f"names the phase '{phase.name}', which the table does not have")
        if states & sources:
            faults.append(f"names the phase '{phase.name}', and is made from a part of it")
    return faults
