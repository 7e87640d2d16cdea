"""The page of every object says who has to act next on it and on its parts, as its work items do."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape

from foundation.lifecycle.rows import SEE_TO
from foundation.lifecycle.table import LIFECYCLES
from foundation.roles import Actor, Role
from foundation.work_items import awaiting
from foundation.work_items.models import WorkItem
from marketplace.workbench import waiting
from organizations.people.models import Membership
from tests.access import further_cases

pytestmark = [pytest.mark.story, pytest.mark.slow]

NOTHING = "没有需要您办理的"

#: Roles whose first person opens pages.
ROLES = sorted(set(Role) - {Role.SYSTEM})


#: Objects of a state that are asked at most for what is missing.
MOST = 20

#: Tables of which no object lacks anything, in the story or beside it.
LACKING_NOTHING = {
    "contracts.Contract",
    "contracts.Invoice",
    "evaluations.Scheme",
    "procurement.Bid",
    "referrals.Need",
    "referrals.Referral",
}

#: They see that a report arrived, and nothing more of it.
WITHOUT_STEPS = {Role.HOTLINE}


def first_of(role: Role) -> Membership:
    """The first person of a role who can sign in."""
    found = Membership.objects.filter(role=role, user__is_active=True).exclude(user__username="")
    return found.select_related("user", "organization", "place").order_by("pk")[0]


def one_of_each_kind(reader: Actor) -> Iterator[Any]:
    """One object of each state of each table that has items and that the reader sees."""
    for lifecycle in LIFECYCLES.values():
        model: Any = lifecycle.model
        waits = WorkItem.objects.filter(lifecycle=lifecycle.label, waits=True).values("object_id")
        for state in lifecycle.states.values:
            seen = model._default_manager.visible_to(reader).filter(**{lifecycle.field_name: state})
            yield from seen.filter(pk__in=waits).order_by("pk")[:1]


def page_of(client: Client, obj: Any) -> HttpResponse | None:
    """The page of an object; None for one that has no page of its own."""
    answer = client.get(obj.get_absolute_url())
    context = answer.context or {}
    return answer if answer.status_code == 200 and "object" in context and context["object"] == obj else None


@pytest.mark.parametrize("role", ROLES)
def test_a_page_names_whoever_is_awaited_and_never_says_that_nothing_is_to_be_done(role):
    membership = first_of(role)
    client, reader, opened = Client(), membership.actor(), 0
    client.force_login(membership.user)
    for obj in one_of_each_kind(reader):
        answer = page_of(client, obj)
        if answer is None or "transitions" not in answer.context:
            continue
        opened += 1
        page = answer.content.decode()
        buttons = {row.name for row in answer.context["transitions"]}
        for step in awaiting.awaited(obj, reader):
            if step.mine and step.item.step in buttons:
                continue
            if step.item.step != SEE_TO:
                assert escape(str(step.step)) in page, (obj, step)
            assert step.mine or escape(step.who) in page, (obj, step)
            assert NOTHING not in page, (obj, step)
    assert bool(opened) is (role not in WITHOUT_STEPS)


def lacking_something(label: str, reader: Actor) -> Iterator[tuple[Any, list[str]]]:
    """One object of each state that lacks something for a step of this reader, with what he is told."""
    lifecycle = LIFECYCLES[label]
    model: Any = lifecycle.model
    for state in lifecycle.states.values:
        seen = model._default_manager.visible_to(reader).filter(**{lifecycle.field_name: state})
        found = ((obj, [words for _row, words in lifecycle.lacking(obj, reader)]) for obj in seen[:MOST])
        yield from itertools.islice(((obj, words) for obj, words in found if words), 1)


@pytest.mark.parametrize("label", sorted(label for label, found in LIFECYCLES.items() if found.lacks))
def test_a_page_says_what_is_missing_for_a_step_and_links_nobody_to_itself(label):
    further_cases.add(label)
    told = 0
    for membership in map(first_of, ROLES):
        client, reader = Client(), membership.actor()
        client.force_login(membership.user)
        for obj, missing in lacking_something(label, reader):
            answer = page_of(client, obj)
            if answer is not None:
                page, told = answer.content.decode(), told + 1
                assert [words for words in missing if escape(words) not in page] == [], obj
                assert f'<strong><a\n href="{obj.get_absolute_url()}"' not in re.sub(r"\n +", "\n ", page)
    assert told or label in LACKING_NOTHING


@pytest.mark.parametrize("role", ROLES)
def test_a_page_says_the_same_as_the_workbench(role):
    reader = first_of(role).actor()
    rows = [row for row in waiting.open_for(reader).others if row.who]
    for row in rows:
        model: Any = LIFECYCLES[row.item.lifecycle].model
        obj = model._default_manager.get(pk=row.item.object_id)
        said = "、".join(step.who for step in awaiting.awaited(obj, reader))
        assert all(name in said for name in row.who.split("、")), (row.item, row.who, said)
