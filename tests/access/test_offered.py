"""What is offered is not refused for who asks nor for what is known, and what is not offered is refused.

For every person of the story, every object that he sees and every transition of its table: buttons, ``moves`` of
the API, worklists and the action itself agree. Each try is rolled back.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from foundation import moments
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Transition
from foundation.refusals import NotYours, Refused
from foundation.roles import Actor
from foundation.work_items.models import WorkItem
from organizations.people.models import Membership

pytestmark = pytest.mark.story

#: Objects of one state that each person tries, from the oldest on.
OF_A_STATE = 2


def people() -> list[Actor]:
    """Every person of the story in each of his roles."""
    valid = Membership.objects.on(moments.today()).filter(user__is_active=True)
    return [membership.actor() for membership in valid.select_related("user", "organization", "place")]


def seen_by(actor: Actor, lifecycle: Lifecycle) -> Iterator[Any]:
    """A few objects of each state that the actor sees."""
    model: Any = lifecycle.model
    for state in lifecycle.states.values:
        seen = model._default_manager.visible_to(actor).filter(**{lifecycle.field_name: state})
        yield from seen.order_by("pk")[:OF_A_STATE]


def takes_no_input(lifecycle: Lifecycle, row: Transition) -> bool:
    """Whether the transition is made by one click: its action takes nothing, and no reason is asked."""
    body = inspect.signature(lifecycle.actions[row.name].body)
    wanted = [name for name, given in body.parameters.items() if given.default is inspect.Parameter.empty]
    return not row.reason and len(wanted) <= 2  # the object, and by whom


def refusal_of(lifecycle: Lifecycle, row: Transition, obj: Any, actor: Actor, **given: Any) -> Refused | None:
    """What the action refuses with; None if it is done. It is rolled back."""
    try:
        with transaction.atomic():
            lifecycle.actions[row.name](obj, by=actor, **given)
            transaction.set_rollback(True)
    except Refused as refusal:
        return refusal
    return None


@pytest.mark.parametrize("label", sorted(LIFECYCLES))
def test_what_is_offered_is_not_refused_for_who_asks(label: str, db: None) -> None:
    lifecycle = LIFECYCLES[label]
    refused = []
    for actor in people():
        for obj in seen_by(actor, lifecycle):
            for row in obj.transitions_for(actor):
                if takes_no_input(lifecycle, row):
                    refusal = refusal_of(lifecycle, row, obj, actor)
                    if isinstance(refusal, NotYours):
                        refused.append((actor.name, str(obj), row.name, str(refusal.message)))
    assert refused == []


#: Transitions whose action can do without input, but may be refused for the lack of it.
TAKES_MORE = {"evaluations.ScoreSheet.submit", "referrals.Need.close"}


#: Transitions that take nothing and are offered though they may be refused, since what refuses them changes where
#: the object does not hear of it.
HARD_TO_FORESEE = {
    "contracts.Contract.settle",
    "evaluations.Exit.finish_handover",
    "evaluations.Exit.settle",
    "giving.Pool.close",
    "procurement.Bid.withdraw",
    "procurement.Project.open_bids",
    "procurement.Project.publish",
    "procurement.Project.submit",
}


@pytest.mark.parametrize("label", sorted(LIFECYCLES))
def test_what_is_offered_is_not_refused_for_what_is_known_before(label: str, db: None) -> None:
    lifecycle = LIFECYCLES[label]
    refused = []
    for actor in people():
        for obj in seen_by(actor, lifecycle):
            for row in obj.transitions_for(actor):
                if (
                    takes_no_input(lifecycle, row)
                    and f"{label}.{row.name}" not in TAKES_MORE | HARD_TO_FORESEE
                ):
                    refusal = refusal_of(lifecycle, row, obj, actor)
                    if refusal is not None:
                        refused.append((actor.name, str(obj), row.name, str(refusal.message)))
    assert refused == []


@pytest.mark.parametrize("label", sorted(LIFECYCLES))
def test_what_is_not_offered_is_refused(label: str, db: None) -> None:
    lifecycle = LIFECYCLES[label]
    done = []
    for actor in people():
        for obj in seen_by(actor, lifecycle):
            offered = {row.name for row in obj.transitions_for(actor)}
            for row in lifecycle.transitions:
                if row.name in offered or not takes_no_input(lifecycle, row):
                    continue
                if refusal_of(lifecycle, row, obj, actor) is None:
                    done.append((actor.name, str(obj), row.name))
    assert done == []


def test_nobody_is_asked_for_a_step_that_would_be_refused_to_him(db: None) -> None:
    refused = []
    for actor in people():
        for item in WorkItem.objects.to_do(actor):
            row = item.transition
            obj: Any = item.table.model._default_manager.get(pk=item.object_id)
            if row is not None and row not in obj.transitions_for(actor):
                refused.append((actor.name, str(obj), row.name))
    assert refused == []
