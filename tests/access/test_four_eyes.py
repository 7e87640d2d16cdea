"""Somebody is always left for the four-eyes step: whoever alone may make it is kept from what would bar him."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from catalog.items import editing
from contracts.contracts import signing, terms
from contracts.contracts.models import Contract
from demo.starter.places_and_people import actor
from evaluations.schemes import drafting
from foundation import moments
from foundation.journal.models import Entry
from foundation.lifecycle import duties
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Transition
from foundation.parties import people_meant, reached_by
from foundation.refusals import NotYours
from foundation.roles import Actor
from organizations.people.models import Membership
from tests import factories
from tests.evaluations.leaving import third_officer

pytestmark = pytest.mark.story

#: Each transition that a four-eyes step follows, with that step.
PREPARED = [
    (label, row.name, second.name)
    for label, lifecycle in LIFECYCLES.items()
    for row in lifecycle.transitions
    for second in lifecycle.prepares.get(row.name, ())
]


def people_of(row: Transition, obj: Any) -> set[int]:
    """The people who are of the transition's parties to the object."""
    (found,) = people_meant.call(reached_by(row.by, obj))
    return {user for people in found.values() for user in people}


def did(lifecycle: Lifecycle, name: str, obj: Any, user: int) -> None:
    """Write that this person made the transition."""
    Entry.objects.create(
        at=moments.now(), lifecycle=lifecycle.label, object_id=obj.pk, move=name, actor_id=user
    )


@pytest.mark.parametrize(("label", "name", "follows"), PREPARED)
def test_not_all_may_make_what_another_must_follow(label: str, name: str, follows: str, db: None) -> None:
    third_officer()
    lifecycle = LIFECYCLES[label]
    row, second = lifecycle.get_transition(name), lifecycle.get_transition(follows)
    obj = lifecycle.model._default_manager.earliest("pk")
    people = people_of(second, obj)
    assert len(people) > 2
    while free := people - set(duties.kept_from(lifecycle, [row], [obj])[obj.pk, name]):
        left = people - set(duties.kept_from(lifecycle, [second], [obj])[obj.pk, follows])
        assert left
        if not free & left:
            break
        did(lifecycle, name, obj, min(free & left))
    assert len(left) == 1
    assert free == people - left


def terms_of(contract: Contract, by: Actor) -> Contract:
    return terms.set_terms(contract, by=by, billing="monthly", hold_back_percent=0, penalties=[])


def refused(act: Callable[[], object]) -> str:
    """What the act is refused with, to this person."""
    with pytest.raises(NotYours) as refusal, transaction.atomic():
        act()
    return str(refusal.value.message)


def test_the_last_who_may_sign_a_contract_does_not_change_it(client_of) -> None:
    contract, first, last = factories.DraftContract(), actor("minzheng"), actor("minzheng2")
    offered = {row.name for row in contract.transitions_for(last)}
    assert "sign_as_buyer" in offered
    assert not offered & {"add_line", "set_terms"}
    page = client_of("minzheng2").get(f"{contract.get_absolute_url()}set-terms/").content.decode()
    assert "没有另一人可以办理“购买方签署”" in page
    assert "没有另一人" in refused(lambda: terms_of(contract, last))
    assert signing.sign_as_buyer(terms_of(contract, first), by=last, typed=last.name).status == "offered"


def test_with_a_third_officer_the_second_changes_it_and_the_third_signs() -> None:
    contract, third = factories.DraftContract(), third_officer()
    contract = terms_of(contract, actor("minzheng2"))
    assert "sign_as_buyer" in {row.name for row in contract.transitions_for(third)}
    assert "没有另一人" in refused(lambda: terms_of(contract, third))


def test_who_is_alone_in_his_office_goes_on_and_waits_for_another() -> None:
    contract, first = factories.DraftContract(), actor("minzheng")
    Membership.objects.filter(user_id=actor("minzheng2").user_id).delete()
    assert terms_of(contract, first).status == "draft"
    assert "sign_as_buyer" not in {row.name for row in contract.transitions_for(first)}


def test_the_last_who_may_approve_an_edition_does_not_change_it(client_of) -> None:
    draft, first, last = factories.DraftEdition(), actor("minzheng"), actor("minzheng2")
    item = draft.items.get(code="B01.01")
    assert "describe" not in {row.name for row in draft.transitions_for(last)}
    assert "没有另一人" in refused(lambda: editing.change(item, by=last, name="居家照护"))
    page = client_of("minzheng2").get(f"/editions/{draft.pk}/items/B01.01/").content.decode()
    assert "没有另一人可以办理“批准并发布”" in page
    assert editing.change(item, by=first, name="居家照护").name == "居家照护"


def test_the_last_who_may_adopt_a_scheme_does_not_change_it() -> None:
    scheme = drafting.draft(by=actor("minzheng"), name="另一方案")
    last = actor("minzheng2")
    assert {row.name for row in scheme.transitions_for(last)} == {"adopt"}
    assert "没有另一人" in refused(lambda: drafting.set_vetoes(scheme, by=last, titles=["虐待"]))
    assert drafting.set_vetoes(scheme, by=actor("minzheng"), titles=["虐待"]).vetoes
