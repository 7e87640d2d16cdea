"""Charities with a store of parcels, for tests."""

from __future__ import annotations

from decimal import Decimal

from giving import receiving
from giving.models import Pool
from tests import factories


def charity():
    """An accredited provider that is a charity."""
    provider = factories.AccreditedProvider()
    type(provider).objects.filter(pk=provider.pk).update(nature="charity")
    provider.refresh_from_db()
    return provider


def store(units: int = 10, provider=None, **given) -> Pool:
    """A store of parcels worth 260 each, with a gift in it."""
    provider = provider or charity()
    by = factories.member_of(provider)
    fields = {"kind": "goods", "name": "物资包", "unit": "包", "unit_value": Decimal("260"), **given}
    pool = receiving.set_up(by=by, purpose="急难家庭", **fields)
    if units:
        gift_of(pool, units)
    pool.refresh_from_db()
    return pool


def gift_of(pool: Pool, units, **given):
    """A gift that a store receives."""
    fields = {"donor_kind": "organization", "donor": "某超市", "named": True, **given}
    return receiving.receive(by=factories.member_of(pool.provider), pool=pool, units=Decimal(units), **fields)
