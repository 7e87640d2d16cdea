"""Who has to follow: what a form says before a step is made, and the message afterwards."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from foundation.inbox.notices import in_words
from foundation.lifecycle.phases import ASKED
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.roles import Actor, Role
from foundation.work_items import awaiting

#: Steps of others that the message names at most.
MOST = 2


def foretold(row: Transition, obj: Any, reader: Actor) -> list[tuple[str, str]]:
    """Who must follow once ``row`` is made: the label of the step, "" where it may be one of several, and who.

    Four eyes come first; else whoever is awaited then, unless that is the reader's own role.
    """
    lifecycle: Lifecycle = obj.lifecycle
    second = [
        (str(following.label), _of(following, obj, reader)) for following in lifecycle.for_another(row, obj)
    ]
    state = getattr(obj, lifecycle.field_name)
    target = row.arrow.end(state)
    awaited = lifecycle.awaited_in(target) - {Role.SYSTEM}
    if second or target == state or reader.role in awaited:
        return second
    return [("", str(role.label)) for role in sorted(awaited)]


def _of(row: Transition, obj: Any, reader: Actor) -> str:
    """Who makes a transition, as far as that is known before its time: with names, else the roles."""
    roles = "、".join(str(role.label) for role in sorted(row.roles - {Role.SYSTEM}))
    return in_words(row.by, obj, reader) or roles


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
