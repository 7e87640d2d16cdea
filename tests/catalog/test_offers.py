"""Providers apply for items; places never go below zero."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from catalog import offers
from catalog.models import Item, Offer
from foundation.refusals import Exhausted, Invalid, NotYours, Refused
from organizations import standing
from tests import factories
from tests.racing import at_once, refused


def applied(provider, **given):
    given = {
        "item": Item.objects.in_force().get(code="B01.01"), "places": 3, "price": Decimal("40"),
        "staff": "持证 2 人", **given,
    }  # fmt: skip
    return offers.apply(by=factories.member_of(provider), **given)


def test_a_price_over_the_ceiling_is_refused_at_its_field():
    with pytest.raises(Invalid) as refusal:
        applied(factories.AccreditedProvider(), price=Decimal("73"))
    assert "72.00" in str(refusal.value.fields["price"])


def test_the_same_item_is_not_offered_twice():
    provider = factories.AccreditedProvider()
    applied(provider)
    with pytest.raises(Invalid):
        applied(provider)


def test_a_suspended_provider_applies_for_nothing(who):
    provider = factories.AccreditedProvider()
    standing.suspend(provider, by=who("minzheng"), reason="整改")
    with pytest.raises(Refused):
        applied(provider)


def test_only_civil_affairs_accepts_and_a_refusal_has_its_reason(who):
    offer = applied(factories.AccreditedProvider())
    with pytest.raises(NotYours):
        offers.accept(offer, by=factories.member_of(offer.provider))
    assert offers.refuse(offer, by=who("minzheng"), reason="人员资质不足").status == "refused"


def test_places_are_told_anew_but_not_below_those_served():
    referral = factories.AcceptedReferral(places=5)
    coordinator = factories.member_of(referral.provider)
    offer = offers.update_places(referral.offer, by=coordinator, places=9)
    assert offer.free == 8
    with pytest.raises(Invalid):
        offers.update_places(offer, by=coordinator, places=0)


def test_the_last_place_is_taken_once(own_database):
    offer = factories.AcceptedOffer(places=2)
    assert refused(at_once([lambda: offers.take_place(offer.pk)] * 6), Exhausted) == 4
    offer.refresh_from_db()
    assert offer.free == 0


def test_the_database_itself_refuses_more_taken_than_there_are():
    offer = factories.AcceptedOffer(places=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(taken=2)
