"""Who has to follow: what a form says before a step is made, and the message afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from foundation.inbox.notices import in_words
from foundation.lifecycle.phases import ASKED
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import Party
from foundation.roles import Actor, Role
from foundation.wording import listed
from foundation.work_items import awaiting

#: Steps of others that the message names at most.
MOST = 2


def foretold(row: Transition, obj: Any, reader: Actor) -> list[tuple[str, str]]:
    """Who must follow once ``row`` is made: the label of the step, "" where it may be one of several, and who.

    Four eyes come first; else whoever is awaited then, unless that is the reader's own role.
    """
    lifecycle: Lifecycle = obj.lifecycle
    second = lifecycle.for_another(row, obj)
    if second:
        return [(str(step.label), in_words(step.by, obj, reader) or _roles(step.roles)) for step in second]
    state = getattr(obj, lifecycle.field_name)
    target = row.arrow.end(state)
    return [] if target == state else _awaited(lifecycle, target, reader, lambda party: party.concerns(obj))


def foretold_of_a_start(lifecycle: Lifecycle, row: Start, reader: Actor) -> list[tuple[str, str]]:
    """The same once an object is made by ``row``, of which nothing is known yet but its state.

    Where the reader's own role may be among those awaited, nothing is said.
    """
    leaving = [step for step in lifecycle.leaving(row.state) if step.awaited]
    second = [(str(step.label), _roles(step.roles)) for step in leaving if row.name in step.apart_from]
    own = any(
        party.role == reader.role for step in leaving for party in step.by if reader.role in step.awaited
    )
    return second or ([] if own else _awaited(lifecycle, row.state, reader, _always_concerned))


def _always_concerned(party: Party) -> bool:
    """Whether a party takes part in every object, whatever is known of it."""
    return not party.where and not party.unless and party.matching is None


def _awaited(
    lifecycle: Lifecycle, state: str, reader: Actor, concerned: Callable[[Party], bool]
) -> list[tuple[str, str]]:
    """The roles of the parties concerned that are awaited in a state, unless the reader's own is among them."""
    parties = ((row, party) for row in lifecycle.leaving(state) for party in row.by)
    awaited = {party.role for row, party in parties if party.role in row.awaited and concerned(party)}
    awaited -= {Role.SYSTEM}
    return [] if reader.role in awaited or not awaited else [("", _roles(awaited))]


def _roles(roles: Iterable[Role]) -> str:
    """Roles in words."""
    return listed(role.label for role in sorted(set(roles) - {Role.SYSTEM}))


def done(row: Transition | Start, obj: Any, reader: Actor) -> str:
    """The message after ``row``: what was done, or merely proposed, and which steps of others it waits for."""
    template = _("已提出：%(act)s。") if only_asks(row, obj) else _("已办理：%(act)s。")
    said = template % {"act": row.label}
    steps = [step for step in awaiting.of_others(obj, reader) if not step.of_a_part]
    for step in steps[:MOST]:
        said = _("%(said)s等待%(who)s办理“%(step)s”。") % {"said": said, "who": step.who, "step": step.step}
    return said


def only_asks(row: Transition | Start, obj: Any) -> bool:
    """Whether it is no more than a proposal that somebody else decides."""
    if isinstance(row, Transition):
        return row.proposal
    return obj.lifecycle.states(row.state).phase is ASKED
