"""The page of every object says who has to act next on it and on its parts, as its work items do."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from foundation import moments
from foundation.inbox import notices
from foundation.lifecycle.rows import SEE_TO
from foundation.lifecycle.table import LIFECYCLES
from foundation.roles import Actor, Role
from foundation.work_items import awaiting
from foundation.work_items.models import WorkItem
from marketplace.workbench import waiting
from organizations.dispensations import allowing
from organizations.fact_changes import changing
from organizations.people.models import Membership
from tests.access import further_cases

pytestmark = [pytest.mark.story, pytest.mark.slow]

NOTHING = "没有需要您办理的"

#: Everybody but the worker.
ROLES = sorted(set(Role) - {Role.SYSTEM})

#: What is shown on the page of another object: answers to comments stand at their edition.
ON_ANOTHER_PAGE = {"catalog.Comment"}

#: Objects of a state that are asked at most for what is missing.
MOST = 20

#: Tables of which no object lacks anything, in the story or beside it.
LACKING_NOTHING = {
    "contracts.Contract",
    "contracts.Invoice",
    "contracts.Penalty",
    "evaluations.Scheme",
    "referrals.Need",
}

#: Of what each of these sees that it arrived, and nothing more; the hotline sees nothing else.
IN_BRIEF = {Role.HOTLINE: {"referrals.Matter"}, Role.SOCIAL_WORKER: {"referrals.Matter"}}

#: They oversee, and no object waits for others before them.
WITHOUT_ROWS = {Role.AUDITOR}


def people_in(role: Role) -> list[Membership]:
    """Those of a role who can sign in."""
    found = Membership.objects.on(moments.today()).filter(role=role, user__is_active=True)
    return list(
        found.exclude(user__username="").select_related("user", "organization", "place").order_by("pk")
    )


def one_of_each_kind(reader: Actor) -> Iterator[Any]:
    """One object of each state of each table that has items and that the reader sees."""
    for lifecycle in LIFECYCLES.values():
        model: Any = lifecycle.model
        waits = WorkItem.objects.filter(lifecycle=lifecycle.label, waits=True).values("object_id")
        for state in lifecycle.states.values:
            seen = model._default_manager.visible_to(reader).filter(**{lifecycle.field_name: state})
            yield from seen.filter(pk__in=waits).order_by("pk")[:1]


def page_of(client: Client, obj: Any) -> tuple[str, Mapping[str, Any]]:
    """The page at the address of an object, which opens, and what its template was given."""
    answer = client.get(obj.get_absolute_url())
    assert answer.status_code == 200, obj
    return answer.content.decode(), answer.context


@pytest.fixture
def begun():
    """What the story has none of: an administrator waits for another, and a provider's own for civil affairs."""
    provider = people_in(Role.STAFF_MANAGER)[0]
    changing.propose(by=provider.actor(), why="换届", legal_representative="钱某")
    allowing.request(
        by=people_in(Role.ADMINISTRATOR)[0].actor(),
        person=people_in(Role.HANDLER)[0].user,
        role=Role.COORDINATOR,
        organization=provider.organization,
        valid_to=moments.today() + timedelta(days=90),
        why="人手不够",
    )


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("role", ROLES)
def test_a_page_names_whoever_is_awaited_and_never_says_that_nothing_is_to_be_done(role):
    membership = people_in(role)[0]
    client, reader, opened, passed_over = Client(), membership.actor(), 0, set()
    client.force_login(membership.user)
    for obj in one_of_each_kind(reader):
        page, given = page_of(client, obj)
        if given.get("object") != obj or "transitions" not in given:
            passed_over.add(obj._meta.label)
            continue
        opened += 1
        buttons = {row.name for row in given["transitions"]}
        for step in awaiting.awaited(obj, reader):
            if step.mine and step.next.name in buttons:
                continue
            if step.next.name != SEE_TO:
                assert escape(str(step.step)) in page, (obj, step)
            assert step.mine or escape(step.who) in page, (obj, step)
            assert NOTHING not in page, (obj, step)
    assert passed_over <= ON_ANOTHER_PAGE | IN_BRIEF.get(role, set())
    assert opened or role is Role.HOTLINE


def led_to(page: str) -> list[str]:
    """The addresses to which the list of what waits leads."""
    _before, _heading, after = page.partition("<h2>等待办理</h2>")
    return [unescape(address) for address in re.findall(r'<a\s+href="([^"]*)"', after.partition("</ul>")[0])]


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
    for membership in (people_in(role)[0] for role in ROLES):
        client, reader = Client(), membership.actor()
        client.force_login(membership.user)
        for obj, missing in lacking_something(label, reader):
            page, given = page_of(client, obj)
            if given.get("object") == obj:
                told += 1
                assert [words for words in missing if escape(words) not in page] == [], obj
                parts = {step.address for step in awaiting.of_others(obj, reader) if step.address}
                assert parts <= set(led_to(page)), obj
                assert obj.get_absolute_url() not in led_to(page)
    assert bool(told) is (label not in LACKING_NOTHING)


def test_the_addresses_that_the_list_of_what_waits_leads_to_are_found(client_of, who):
    reader, client = who("chuangkou"), client_of("chuangkou")
    pages = [page_of(client, obj) for obj in one_of_each_kind(reader)]
    assert any(led_to(page) for page, _given in pages)


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("role", ROLES)
def test_a_page_says_the_same_as_the_workbench(role, monkeypatch):
    monkeypatch.setattr(notices, "MOST_NAMES", 1_000)
    compared = 0
    for membership in people_in(role):
        reader = membership.actor()
        for row in waiting.open_for(reader).others:
            if not row.who:
                continue
            item = row.head or row.item  # a row may stand for a whole case
            obj = item.table.model._default_manager.get(pk=item.object_id)
            said = "、".join(step.who for step in awaiting.awaited(obj, reader))
            assert all(name in said for name in row.who.split("、")), (row.item, row.who, said)
            compared += 1
    assert bool(compared) is (role not in WITHOUT_ROWS)
