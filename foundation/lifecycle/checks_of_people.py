"""System checks of who takes part in the rows of tables: a second person is another, and who is named has part in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, register

from foundation.journal.sentences import ACTS
from foundation.lifecycle.checks_of_parties import shared
from foundation.lifecycle.checks_of_rows import errors, reached
from foundation.lifecycle.rows import Start, Transition
from foundation.lifecycle.states import STAYS
from foundation.lifecycle.table import Lifecycle
from foundation.roles import NAMELESS, Role


@register
def a_second_person_is_another(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Error ``lifecycle.E012`` for four eyes that would be two: a row apart from itself, from what nobody did before
    or from an act that is not about its table; a proposal that whoever made it may decide, or that does not say that
    it is one.
    """
    return errors("E012", _apart_from_nobody, _wrong_proposals)


@register
def who_is_named_takes_part(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Error ``lifecycle.E013`` for a row that nobody makes, and for roles that a row or table names beside its
    parties and that have nothing to do with its objects.
    """
    return errors("E013", _wrong_roles)


def _apart_from_nobody(lifecycle: Lifecycle) -> Iterator[str]:
    """The rows that are apart from what nobody did, who could make them."""
    for row in lifecycle.transitions:
        for name in row.apart_from:
            named, before = f"'{row.name}' is apart from '{name}'", lifecycle.find(name)
            if name == row.name:
                yield f"'{row.name}' is apart from itself"
            elif before is None and name not in ACTS:
                yield f"{named}, which nobody does"
            elif before is None and ACTS[name].about != lifecycle.label:
                yield f"{named}, an act that is not said to be about this table"
            elif before is not None:
                yield from (f"{named}, {fault}" for fault in _nobody_before(lifecycle, row, before))


def _nobody_before(lifecycle: Lifecycle, row: Transition, before: Start | Transition) -> Iterator[str]:
    """Why nobody has made one row before another, or only whoever may make it in spite of that."""
    if isinstance(before, Transition) and before.at and before.roles == {Role.SYSTEM}:
        yield "which only a clock makes"
    if not reached(lifecycle, _ends(before)) & set(row.arrow.sources):
        yield "which is never made before it"
    if isinstance(before, Transition) and not before.proposal and _ends(row) & set(before.arrow.sources):
        yield "which may be made anew after it: say that it is a proposal"


def _ends(row: Start | Transition) -> set[str]:
    """The states after a row."""
    if isinstance(row, Start):
        return {row.state}
    return {row.arrow.end(source) for source in row.arrow.sources}


def _wrong_proposals(lifecycle: Lifecycle) -> Iterator[str]:
    """The proposals that whoever made them could decide."""
    proposing = [row for row in lifecycle.transitions if row.proposal]
    for row in proposing:
        if not any(row.name in second.apart_from for second in lifecycle.transitions):
            yield f"'{row.name}' is a proposal, and no transition is apart from it"
        waiting = [lifecycle.find(decided_by) for decided_by in lifecycle.proposals.values()]
        if row.arrow.target == STAYS and not any(row.name in _apart_from(second) for second in waiting):
            yield f"'{row.name}' is a proposal that keeps the state, and none of the table's proposals"
        for second in lifecycle.leaving(row.arrow.target):
            if row.roles & second.awaited and row.name not in second.apart_from:
                yield f"'{second.name}' decides what '{row.name}' proposed, and is not apart from it"
    names = {row.name for row in proposing}
    for row in lifecycle.transitions:
        if row.fits in lifecycle.proposals and not names & set(row.apart_from):
            yield f"'{row.name}' decides the proposal '{row.fits}', and is apart from no proposal"
    for name, decided_by in lifecycle.proposals.items():
        decision = lifecycle.find(decided_by)
        if not isinstance(decision, Transition):
            continue
        before = [row for row in proposing if row.name in decision.apart_from]
        if not any(_ends(row) & set(decision.arrow.sources) for row in before):
            yield f"the proposal '{name}' is decided by '{decided_by}', which is apart from no proposal before it"


def _apart_from(row: Start | Transition | None) -> tuple[str, ...]:
    """The rows from which one is apart."""
    return row.apart_from if isinstance(row, Transition) else ()


def _wrong_roles(lifecycle: Lifecycle) -> Iterator[str]:
    """The roles that the table names and that do not take part."""
    seeing = {party.role for party in getattr(lifecycle.model, "seen_by", ())}
    for row in lifecycle.rows:
        if not row.by:
            yield f"'{row.name}' is made by nobody"
        if isinstance(row, Transition):
            if row.primary == ():
                yield f"'{row.name}' is the next step (primary) of nobody: say False"
            primary = set(row.primary) if isinstance(row.primary, tuple) else set()
            yield from _strangers(f"'{row.name}' is the next step (primary) of", primary, row.roles)
            yield from _strangers(f"'{row.name}' is told to (tells)", row.tells, seeing)
            yield from _told_in_vain(lifecycle, row)
    for errand in lifecycle.errands.values():
        if not errand.parties:
            yield f"the errand '{errand.name}' is done by nobody"
    yield from _strangers("it is followed by (followers)", lifecycle.followers, seeing)
    for rule, roles in lifecycle.late.items():
        if not callable(roles):
            yield from _strangers(f"the clock '{rule}' makes late (late)", roles, seeing)
            if set(roles) & set(NAMELESS):
                yield f"the clock '{rule}' makes late (late) a household or the system, who never are"


def _told_in_vain(lifecycle: Lifecycle, row: Transition) -> Iterator[str]:
    """The roles that a row tells of it and that then see the object no more, or are awaited and told of that."""
    phases = {state.phase for state in lifecycle.states if state in _ends(row)}
    for role in row.tells:
        named = f"'{row.name}' is told to (tells) {role}, who"
        seeing = [party for party in getattr(lifecycle.model, "seen_by", ()) if party.role == role]
        limits = [None if party.at else party.phases for party in seeing]
        if seeing and not any(limit is None or shared(phases, limit) for limit in limits):
            yield f"{named} sees it in no phase to which it leads"
        if all(role in lifecycle.awaited_in(end) for end in _ends(row)):
            yield f"{named} is awaited after it, and told so"


def _strangers(what: str, named: Iterable[Role], known: Iterable[Role]) -> Iterator[str]:
    """The roles that are named and not known, in words."""
    for role in sorted(set(named) - set(known)):
        yield f"{what} {role}, who is none of its parties"
