"""A field that not everybody reads who sees its object is read by its parties alone, by every door."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from rest_framework.serializers import ModelSerializer
from rest_framework.test import APIClient

from foundation.parties import reads
from foundation.roles import PEOPLE, Actor
from organizations.people.models import User
from tests import factories
from tests.access.showing import views
from tests.accounts import USERS

pytestmark = pytest.mark.story

#: Models that name who reads a field of theirs.
RESERVING = [model for model in apps.get_models() if getattr(model, "read_by", {})]


def details() -> list[tuple[type[Any], type[ModelSerializer[Any]]]]:
    """The models with reserved fields, each with what tells one of its objects in the API."""
    return [
        (view.model, view.serializer_class)
        for view in views()
        if getattr(view, "model", None) in RESERVING and view.__name__.endswith("Detail")
    ]


def test_a_reserved_field_is_there_and_its_parties_can_be_asked():
    for model in RESERVING:
        for field, parties in model.read_by.items():
            assert hasattr(model, field), (model, field)
            for party in parties:
                someone = Actor(party.role, user_id=1, organization_id=1, place_id=1)
                assert str(model.objects.filter(party.condition(model, someone)).query), (model, field)


def test_the_api_tells_a_reserved_field_to_its_parties_alone(who):
    told: Counter[bool] = Counter()
    for role in PEOPLE:
        reader = who(USERS[role])
        for model, serializer in details():
            for obj in model.objects.visible_to(reader)[:5]:
                request = type("Asked", (), {"_request": type("Asked", (), {"actor": reader})})()
                answer = serializer(obj, context={"request": request}).data
                for field in set(model.read_by) & set(serializer(context={"request": request}).fields):
                    assert (field in answer) is reads(reader, obj, field), (role, obj, field)
                    told[field in answer] += 1
    assert min(told[True], told[False]) > 20


def test_a_household_reads_no_scores_of_those_who_might_have_served():
    referral = factories.ReferralInService()
    account = factories.account_of(referral.need.matter.household)
    window = factories.window_of(referral.town)
    assert "choice" not in _answer(account.user_id, referral)
    assert "choice" in _answer(window.user_id, referral)


def test_nobody_reads_the_reason_of_a_choice_by_asking_for_it_alone():
    referral = factories.ReferralInService()
    client = APIClient()
    for person in (
        factories.account_of(referral.need.matter.household),
        factories.member_of(referral.provider),
    ):
        client.force_login(User.objects.get(pk=person.user_id))
        address = f"/api/v1/reveal/referrals.Referral/{referral.pk}/choice_reason"
        assert client.post(address, {"reason": "想看看为什么"}, format="json").status_code in (403, 404)
        assert not referral.may_reveal(_actor_of(person.user_id), "choice_reason")


def _actor_of(user_id: int) -> Actor:
    return User.objects.get(pk=user_id).memberships.get().actor()


def _answer(user_id: int, referral: Any) -> dict[str, Any]:
    client = APIClient()
    client.force_login(User.objects.get(pk=user_id))
    answer = client.get(f"/api/v1/referrals/{referral.number}")
    assert answer.status_code == 200
    return dict(answer.json())
