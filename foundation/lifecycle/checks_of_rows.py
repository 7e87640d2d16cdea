"""System checks of the rows of tables: what they name is there, and each of them can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP

from foundation.lifecycle.checks import clocks_of
from foundation.lifecycle.phases import PREPARED
from foundation.lifecycle.rows import END_WITH_DEATH, Transition
from foundation.lifecycle.states import STAYS
from foundation.lifecycle.table import LIFECYCLES, Lifecycle
from foundation.personal_data.disclosing import delicate

#: Gives what is wrong with a table, in words.
Faults = Callable[[Lifecycle], Iterator[str]]


def errors(code: str, *faults: Faults) -> list[CheckMessage]:
    """An error of that code for each fault of each table."""
    return [
        Error(f"{label}: {words}", id=f"lifecycle.{code}")
        for label, lifecycle in LIFECYCLES.items()
        for found in faults
        for words in found(lifecycle)
    ]


@register
def what_a_table_names_is_there(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Error ``lifecycle.E008`` for a table that names a transition, clock, field, property, relation or form that
    is not there, or is of another kind than is asked for.
    """
    return errors("E008", _wrong_names, _wrong_relations, _wrong_texts, _said_twice)


@register
def arrows_lead_between_states(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Error ``lifecycle.E010`` for a row that starts or ends in no state of its table or starts nowhere, for what
    hangs on a state that is not there, and for a state that nothing reaches or, if it is not over, leaves.
    """
    return errors("E010", _wrong_states, _dead_ends, _unreached)


@register
def what_starts_anywhere_says_so(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``lifecycle.E014`` for a transition from every state that is not over, of three phases or more, that
    does not say ``from_any``, and for one that leaves out phases (``besides``) without saying it. A death
    (``END_WITH_DEATH``) ends an object wherever it stands: it may leave out what is being prepared alone.
    """
    return errors("E014", _from_any_unsaid, _deaths_that_miss)


# --- names -------------------------------------------------------------------------------


def _wrong_names(lifecycle: Lifecycle) -> Iterator[str]:
    """What the table names and has not."""
    clocks = clocks_of(lifecycle)
    for row in lifecycle.transitions:
        for name in row.at:
            if name not in clocks:
                yield f"'{row.name}' waits for the clock '{name}', which does not run"
        if row.lacks_by_day and row.name not in lifecycle.lacks:
            yield f"'{row.name}' lacks something by the day, and nothing says what"
        if row.later and lifecycle.find(row.later) in (None, row):
            yield f"'{row.name}' leaves its form to '{row.later}', which is no other row of the table"
        if row.outcome_of and row.outcome_of not in lifecycle.further_steps:
            yield f"'{row.name}' is an outcome of '{row.outcome_of}', which is no further step of the table"
        asks = row.reason or row.consequence or row.name in lifecycle.action_forms
        if row.at_once and asks:
            yield f"'{row.name}' is made by one click (at_once), and asks for something first"
    for name in lifecycle.action_forms:
        if lifecycle.find(name) is None:
            yield f"there is a form for '{name}', which the table does not have"
    for name, second in lifecycle.proposals.items():
        if _field(lifecycle.model, name) is None:
            yield f"the proposal '{name}' is no field of the model"
        if not isinstance(lifecycle.find(second), Transition):
            yield f"the proposal '{name}' is decided by '{second}', which is no transition of the table"
    if _field(lifecycle.model, lifecycle.field_name) is None:
        yield f"the states are kept in '{lifecycle.field_name}', which is no field of the model"


def _wrong_relations(lifecycle: Lifecycle) -> Iterator[str]:
    """The relations and properties that are not there, or are of another kind."""
    model = lifecycle.model
    for row in lifecycle.transitions:
        for path in row.reads:
            if not _leads_to_a_row(model, path):
                yield f"'{row.name}' reads '{path}', which does not lead to a single row"
        if row.fits and callable(getattr(model, row.fits, callable)):
            yield f"'{row.name}' fits what is '{row.fits}', which is no property and no field of the model"
        if row.kept_in and row.kept_in not in delicate(model):
            yield f"'{row.name}' keeps its reason in '{row.kept_in}', which is no text about people"
        if row.kept_in and not row.reason:
            yield f"'{row.name}' keeps its reason in '{row.kept_in}', and asks for none"
    for looked_at in lifecycle.looks_at:
        name = looked_at.prefetch_through if isinstance(looked_at, models.Prefetch) else looked_at
        if not _leads_to_rows(model, name):
            yield f"it looks at '{name}', which is no relation"
    for path in getattr(model, "worklist_joins", ()):
        if not _leads_to_a_row(model, path):
            yield f"its worklist joins '{path}', which does not lead to a single row"


def _wrong_texts(lifecycle: Lifecycle) -> Iterator[str]:
    """The texts with a place for something that is never put there."""
    for row in lifecycle.rows:
        if not _takes(row.sentence, "who"):
            yield f"'{row.name}' has a sentence with a place for something else than %(who)s"
        if not isinstance(row, Transition):
            continue
        if not _takes(row.otherwise, "who"):
            yield f"'{row.name}' has an other sentence with a place for something else than %(who)s"
        if any(not _takes(bar.words, "act") for bar in row.bars):
            yield f"'{row.name}' has a bar with a place for something else than %(act)s"


def _takes(words: Any, name: str) -> bool:
    """Whether a text can be filled with that one name."""
    try:
        str(words) % {name: ""}
    except (KeyError, TypeError, ValueError):
        return False
    return True


def _said_twice(lifecycle: Lifecycle) -> Iterator[str]:
    """The names of steps that are two things, of which a worklist would show the first."""
    steps = [row.name for row in lifecycle.transitions]
    steps += [errand.name for errand in lifecycle.errands.values()]
    steps += lifecycle.further_steps
    for name in sorted({name for name in steps if steps.count(name) > 1}):
        yield f"'{name}' is the name of two steps"


def _field(model: type[models.Model], name: str) -> Any:
    """The field of that name; None if there is none."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _leads_to_a_row(model: type[models.Model], path: str) -> bool:
    """Whether a path leads along relations to one row for each object."""
    for name in path.split(LOOKUP_SEP):
        field = _field(model, name)
        if field is None or not field.is_relation or field.one_to_many or field.many_to_many:
            return False
        model = field.related_model
    return True


def _leads_to_rows(model: type[models.Model], path: str) -> bool:
    """Whether a path leads along relations, by the names that objects have for them."""
    for name in path.split(LOOKUP_SEP):
        relations: list[Any] = [field for field in model._meta.get_fields() if field.is_relation]
        ends = [field.related_model for field in relations if _called(field) == name]
        if not ends:
            return False
        model = ends[0]
    return True


def _called(field: Any) -> str:
    """The name that objects have for a relation."""
    return str(field.get_accessor_name() if field.auto_created and not field.concrete else field.name)


# --- states ------------------------------------------------------------------------------


def _wrong_states(lifecycle: Lifecycle) -> Iterator[str]:
    """The states that the table names and does not have."""
    states = set(lifecycle.states.values)
    for start in lifecycle.starts:
        if start.state not in states:
            yield f"'{start.name}' begins in '{start.state}', which is no state of the table"
    for row in lifecycle.transitions:
        if not row.arrow.sources:
            yield f"'{row.name}' starts from no state: no state is in the phases that it names"
        for source in row.arrow.sources:
            if source not in states:
                yield f"'{row.name}' starts from '{source}', which is no state of the table"
        if row.arrow.target != STAYS and row.arrow.target not in states:
            yield f"'{row.name}' leads to '{row.arrow.target}', which is no state of the table"
    for what, named in (("a clock", lifecycle.clocks), ("an errand", lifecycle.errands)):
        for state in named:
            if state not in states:
                yield f"{what} hangs on '{state}', which is no state of the table"


def _dead_ends(lifecycle: Lifecycle) -> Iterator[str]:
    """The states that are not over and that no transition leaves for another."""
    for state in lifecycle.states.unfinished():
        if all(row.arrow.end(state) == state for row in lifecycle.leaving(state)):
            yield f"no transition leaves '{state}', which is not over"


def _unreached(lifecycle: Lifecycle) -> Iterator[str]:
    """The states in which nothing begins, and to which no transition leads from one that is reached."""
    found = reached(lifecycle, [start.state for start in lifecycle.starts])
    for state in lifecycle.states.values:
        if state not in found:
            yield f"nothing leads to '{state}'"


def reached(lifecycle: Lifecycle, states: Iterable[str]) -> set[str]:
    """These states, and those to which transitions lead from them."""
    found, coming = set(states), list(states)
    while coming:
        state = coming.pop()
        ends = {row.arrow.end(state) for row in lifecycle.leaving(state)} - found
        found |= ends
        coming += ends
    return found


def _deaths_that_miss(lifecycle: Lifecycle) -> Iterator[str]:
    """The transitions by which a death ends objects, that leave some as they are."""
    unfinished = set(lifecycle.states.unfinished())
    for row in lifecycle.transitions:
        if row.name != END_WITH_DEATH:
            continue
        if not (row.from_any or row.besides or unfinished <= set(row.arrow.sources)):
            yield f"'{row.name}' ends an object wherever it stands, and does not say from_any"
        for phase in row.besides:
            if phase != PREPARED:
                yield f"'{row.name}' leaves out the phase '{phase.name}', where a death ends objects too"


def _from_any_unsaid(lifecycle: Lifecycle) -> Iterator[str]:
    """The transitions that are from any state, and do not say so."""
    states = lifecycle.states
    unfinished = states.unfinished()
    for row in lifecycle.transitions:
        if row.from_any:
            continue
        if row.besides:
            yield f"'{row.name}' leaves out phases (besides), and does not say from_any"
        phases = {state.phase for state in states if state in unfinished and state in row.arrow.sources}
        if len(phases) > 2 and set(unfinished) <= set(row.arrow.sources):
            yield f"'{row.name}' starts from every state that is not over, and does not say from_any"
