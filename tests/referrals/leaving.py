"""A provider with offers and work, which leaves."""

from __future__ import annotations

from organizations.people.models import Membership
from referrals.offers import offering
from referrals.rematching import rematching
from tests import factories


def supplied(places=5, quota=50, weekly=20):
    provider = factories.AccreditedProvider()
    offer = factories.AcceptedOffer(provider=provider, places=places, weekly=weekly)
    factories.ContractInForce(provider=provider, quota=quota)
    return offer


def served_by(offer, count):
    """Households that the offer serves now."""
    worker = Membership.objects.get(organization=offer.provider.organization, role="social_worker")
    found = []
    for _ in range(count):
        referral = factories.OfferedReferral(offer=offer)
        found.append(offering.accept(referral, by=factories.member_of(offer.provider), worker=worker))
    return found


def preview(offer, who):
    return rematching.preview(by=who("minzheng"), provider=offer.provider)
