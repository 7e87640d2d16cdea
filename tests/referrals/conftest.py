"""An accepted matter, services in every stage, and a provider that leaves."""

from __future__ import annotations

import pytest

from catalog.offers.models import Offer
from tests import factories
from tests.referrals.leaving import supplied


@pytest.fixture
def matter():
    return factories.AcceptedMatter()


@pytest.fixture
def window(matter):
    """The window at which the matter waits."""
    return factories.window_of(matter.town)


@pytest.fixture
def only_ours():
    """Every other provider of home care is full, so that the test decides where things go."""
    for offer in Offer.objects.filter(item__code="B01.01"):
        Offer.objects.filter(pk=offer.pk).update(places=offer.taken)


@pytest.fixture
def leaving(only_ours):
    return supplied()


@pytest.fixture
def accepted():
    return factories.AcceptedReferral()


@pytest.fixture
def served():
    return factories.ReferralInService()
