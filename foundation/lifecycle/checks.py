"""System checks of lifecycle tables: what they name is there, and nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models
from django.utils.functional import Promise

from foundation import paths
from foundation.journal.sentences import ACTS
from foundation.lifecycle.phases import Phase, together
from foundation.lifecycle.states import UNSAID
from foundation.lifecycle.table import LIFECYCLES, ClockFor, Lifecycle, Transition
from foundation.parties import Party, states_of
from foundation.roles import AT_A_PLACE, OF_AN_ORGANIZATION, Actor
from foundation.rules import reading


@register
def every_row_has_its_action(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Errors of lifecycle tables.

    ``lifecycle.E001``: a row without an action; ``E002``: a label that is not translated; ``E003``:
    a clock without a rule ``deadline.<key>``; ``E004``: a period or late clock that never runs.
    """
    faults: list[CheckMessage] = []
    for label, lifecycle in LIFECYCLES.items():
        for row in lifecycle.rows:
            if row.name not in lifecycle.actions:
                faults.append(Error(f"{label}: no action for '{row.name}'", id="lifecycle.E001"))
            if not isinstance(row.label, Promise):
                faults.append(Error(f"{label}: '{row.name}' is not translated", id="lifecycle.E002"))
        known = _clocks(lifecycle)
        faults += [
            Error(f"{label}: no clock '{name}'", id="lifecycle.E004")
            for name in (*lifecycle.periods, *lifecycle.unpaused, *lifecycle.late)
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
    """The states of the phase of one source from which a transition does not start."""
    others = lifecycle.states.in_phase(lifecycle.states(source).phase)
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


@register
def what_a_table_names_is_there(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Error ``lifecycle.E008`` for a table that names a transition, clock, field or property that is not there,
    and for a state that is not over and has no way out.

    A wrong name in ``apart_from`` would end the four eyes of that transition without a word.
    """
    return [
        Error(f"{lifecycle.label}: {fault}", id="lifecycle.E008")
        for lifecycle in LIFECYCLES.values()
        for fault in (*_wrong_names(lifecycle), *_dead_ends(lifecycle))
    ]


def _wrong_names(lifecycle: Lifecycle) -> Iterator[str]:
    """What the table names and has not."""
    clocks, model = _clocks(lifecycle), lifecycle.model
    for row in lifecycle.transitions:
        for name in row.apart_from:
            if lifecycle.find(name) is None and name not in ACTS:
                yield f"'{row.name}' is apart from '{name}', which nobody does"
        for name in row.at:
            if name not in clocks:
                yield f"'{row.name}' waits for the clock '{name}', which does not run"
        for name in filter(None, (row.fits, row.kept_in)):
            if not hasattr(model, name):
                yield f"'{row.name}' asks for '{name}', which the model does not have"
        if row.lacks_by_day and row.name not in lifecycle.lacks:
            yield f"'{row.name}' lacks something by the day, and nothing says what"
        if row.later and lifecycle.find(row.later) is None:
            yield f"'{row.name}' leaves its form to '{row.later}', which the table does not have"
    for name, second in lifecycle.proposals.items():
        if not hasattr(model, name) or lifecycle.find(second) is None:
            yield f"the proposal '{name}' is decided by '{second}': one of them is not there"


def _clocks(lifecycle: Lifecycle) -> set[str]:
    """The deadline rules whose clocks may run."""
    known = {*lifecycle.spanning}
    for key in lifecycle.clocks.values():
        known |= set(key.keys if isinstance(key, ClockFor) else (key,))
    return known


def _dead_ends(lifecycle: Lifecycle) -> Iterator[str]:
    """The states that are not over and that no transition leaves."""
    for state in lifecycle.states.unfinished():
        if not lifecycle.leaving(state):
            yield f"no transition leaves '{state}', which is not over"


@register
def parties_lead_somewhere(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Errors of parties, whose guard and whose condition would not be the same, or who would see nothing.

    ``parties.E001``: a path or a lookup that the model does not have; ``E002``: a phase that no state is in;
    ``E003``: several lookups over the same rows, which the guard asks row by row and the database at once
    (start the party ``at`` the rows); ``E004``: a path to an organization or a place of a role that may be
    held without one.
    """
    return [
        Error(f"{model._meta.label}, party of {party.role}: {words}", id=f"parties.{code}")
        for model, party in _parties()
        for code, words in _faults_of(model, party)
    ]


def _parties() -> Iterator[tuple[type[models.Model], Party]]:
    """Every party that is declared, with the model to which it is one."""
    for model in apps.get_models():
        for party in getattr(model, "seen_by", ()):
            yield model, party
    for lifecycle in LIFECYCLES.values():
        beginning = [party for start in lifecycle.starts for party in start.by]
        for party in (*beginning, *lifecycle.acting):
            yield lifecycle.model, party


def _faults_of(model: type[models.Model], party: Party) -> Iterator[tuple[str, str]]:
    """The faults of a party, each with its code."""
    somebody = Actor(party.role, user_id=1, organization_id=1, place_id=1)
    try:
        model._default_manager.filter(party.condition(model, somebody))
        target = paths.model_at(model, party.at)
    except (FieldDoesNotExist, FieldError, ValueError) as fault:
        yield "E001", str(fault)
        return
    if party.phases is not None:
        known = {phase.name for phase in states_of(target).phases()}
        if unknown := together((party.phases,)).names - known:
            yield "E002", f"no state is in the phase {sorted(unknown)}"
    lookups = [*filter(None, (party.organization, party.place, party.user)), *party.where]
    if len([lookup for lookup in lookups if paths.spreads(target, paths.plain(lookup))]) > 1:
        yield "E003", f"{lookups} lead over several rows"
    if party.place and party.role not in AT_A_PLACE:
        yield "E004", "may be held without a place: name it in roles.AT_A_PLACE"
    if party.organization and party.role not in (*OF_AN_ORGANIZATION, *AT_A_PLACE):
        yield "E004", "may be held without an organization: name it in roles.OF_AN_ORGANIZATION"
