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
from foundation.forms.actions import form_of
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Transition
from foundation.refusals import Invalid, NotYours, Refused
from foundation.roles import Actor
from foundation.work_items.models import WorkItem
from organizations.people.models import Membership
from tests.access import further_cases

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
    """Whether the transition takes nothing, or a reason only."""
    body = inspect.signature(lifecycle.actions[row.name].body)
    wanted = [name for name, given in body.parameters.items() if given.default is inspect.Parameter.empty]
    return len({*wanted} - {"reason", "given"}) <= 2  # the object, and by whom


def reasons_of(row: Transition) -> list[dict[str, str]]:
    """What may be given for its reason, as arguments."""
    if isinstance(row.reason, type):
        return [{"reason": choice} for choice in row.reason.values]
    return [{"reason": "试一试"}] if row.reason else [{}]


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
    further_cases.add(label)
    refused = []
    for actor in people():
        for obj in seen_by(actor, lifecycle):
            for row in obj.transitions_for(actor):
                for given in reasons_of(row) if takes_no_input(lifecycle, row) else ():
                    refusal = refusal_of(lifecycle, row, obj, actor, **given)
                    if isinstance(refusal, NotYours):
                        refused.append((actor.name, str(obj), row.name, given, str(refusal.message)))
    assert refused == []


def demanded(lifecycle: Lifecycle, row: Transition, obj: Any, actor: Actor, refusal: Refused) -> bool:
    """Whether it is refused for what its form shows as needed, and was left out here."""
    form = form_of(lifecycle, row.name)(actor=actor, obj=obj, row=row)
    fields = [form.fields.get(name) for name in refusal.fields]
    needed = [field and (field.required or getattr(field, "needed", False)) for field in fields]
    return isinstance(refusal, Invalid) and bool(needed) and all(needed)


def foreseeable(lifecycle: Lifecycle, row: Transition, obj: Any, actor: Actor) -> str:
    """Why the transition is refused, though all that refuses it was known when it was offered; "" if it is not."""
    refusals = [refusal_of(lifecycle, row, obj, actor, **given) for given in reasons_of(row)]
    if any(refusal is None or demanded(lifecycle, row, obj, actor, refusal) for refusal in refusals):
        return ""
    return " / ".join(str(refusal.message) for refusal in refusals if refusal is not None)


@pytest.mark.parametrize("label", sorted(LIFECYCLES))
def test_what_is_offered_is_not_refused_for_what_is_known_before(label: str, db: None) -> None:
    lifecycle = LIFECYCLES[label]
    further_cases.add(label)
    refused = []
    for actor in people():
        for obj in seen_by(actor, lifecycle):
            refused += [
                (actor.name, str(obj), row.name, why)
                for row in obj.transitions_for(actor)
                if takes_no_input(lifecycle, row) and (why := foreseeable(lifecycle, row, obj, actor))
            ]
    assert refused == []


@pytest.mark.parametrize("label", sorted(LIFECYCLES))
def test_what_is_not_offered_is_refused(label: str, db: None) -> None:
    lifecycle = LIFECYCLES[label]
    further_cases.add(label)
    done = []
    for actor in people():
        for obj in seen_by(actor, lifecycle):
            offered = {row.name for row in obj.transitions_for(actor)}
            for row in lifecycle.transitions:
                if row.name in offered or not takes_no_input(lifecycle, row):
                    continue
                done += [
                    (actor.name, str(obj), row.name, given)
                    for given in reasons_of(row)
                    if refusal_of(lifecycle, row, obj, actor, **given) is None
                ]
    assert done == []


def test_nobody_is_asked_for_a_step_that_would_be_refused_to_him(db: None) -> None:
    for label in further_cases.CASES:
        further_cases.add(label)
    refused = []
    for actor in people():
        for item in WorkItem.objects.to_do(actor):
            row = item.transition
            obj: Any = item.table.model._default_manager.get(pk=item.object_id)
            if row is not None and row not in obj.transitions_for(actor):
                refused.append((actor.name, str(obj), row.name))
    assert refused == []
