"""What is taken on a contract looks at its own first and last day, whatever its state says.

The state follows the days by the clock; after an outage it is behind.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from contracts.amendments import amending
from contracts.contracts import quota
from contracts.contracts.models import Contract
from foundation import moments
from foundation.moments import SHANGHAI
from foundation.refusals import Exhausted, NotNow, Refused
from organizations.providers.models import Provider
from referrals.matching import ranking
from referrals.offers import offering
from referrals.offers.models import Referral
from tests import factories

DECEMBER = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
LAST = datetime(2026, 12, 20, 23, 59, 59, tzinfo=SHANGHAI)
#: Three in the morning after the last day, and no clock has run.
AFTER = datetime(2026, 12, 21, 3, tzinfo=SHANGHAI)


@pytest.fixture
def offer():
    with moments.as_of(DECEMBER):
        provider = factories.AccreditedProvider()
        made = factories.AcceptedOffer(provider=provider, places=5)
        factories.ContractInForce(provider=provider, quota=100, end_on=LAST.date())
        return made


def line_of(offer):
    return Contract.objects.get(provider=offer.provider).lines.get()


def test_nothing_is_reserved_before_the_first_or_after_the_last_day(offer):
    line = line_of(offer)
    assert line.contract.status == "in_force"
    with moments.as_of(LAST):
        quota.reserve(line.pk, 1)
    with moments.as_of(AFTER), pytest.raises(Exhausted, match="履行期"):
        quota.reserve(line.pk, 1)
    line.refresh_from_db()
    assert line.reserved == 1


def test_a_referral_is_not_accepted_on_a_contract_that_has_ended(offer):
    with moments.as_of(LAST - timedelta(hours=5)):
        referral = factories.OfferedReferral(offer=offer)
    with moments.as_of(AFTER), pytest.raises(Refused):
        offering.accept(referral, by=factories.member_of(offer.provider))
    assert Referral.objects.get(pk=referral.pk).status == "offered"


def test_a_contract_that_has_ended_matches_nobody(offer):
    with moments.as_of(DECEMBER):
        need = factories.OpenNeed()
    with moments.as_of(LAST):
        assert ranking.rank(need).find(offer.pk).eligible
    with moments.as_of(AFTER):
        assert not ranking.rank(need).find(offer.pk).eligible


def test_a_signed_contract_serves_from_the_first_minute_of_its_first_day():
    """Yearly contracts change at midnight, and an urgent need does not wait for the clock."""
    with moments.as_of(DECEMBER):
        provider = factories.AccreditedProvider()
        offer = factories.AcceptedOffer(provider=provider, places=5)
        contract = factories.ContractInForce(
            provider=provider, quota=100, start_on=LAST.date(), end_on=AFTER.date()
        )
        need = factories.OpenNeed()
    assert contract.status == "signed"
    midnight = datetime(2026, 12, 20, tzinfo=SHANGHAI)
    with moments.as_of(midnight - timedelta(seconds=1)):
        assert not ranking.rank(need).find(offer.pk).eligible
        with pytest.raises(Exhausted):
            quota.reserve(line_of(offer).pk, 1)
    with moments.as_of(midnight):
        assert ranking.rank(need).find(offer.pk).eligible
        referral = factories.OfferedReferral(need=need, offer=offer)
        referral = offering.accept(referral, by=factories.member_of(provider))
        assert referral.status == "accepted"


@pytest.mark.parametrize("status", ["suspended", "terminated"])
def test_the_days_open_no_contract_that_was_stopped(offer, status):
    from contracts.contracts import running

    contract = Contract.objects.get(provider=offer.provider)
    action = running.suspend if status == "suspended" else running.terminate
    action(contract, by=factories.actor("minzheng"), reason="违约")
    with moments.as_of(DECEMBER), pytest.raises(Exhausted):
        quota.reserve(line_of(offer).pk, 1)


def test_a_contract_that_has_ended_is_not_amended(offer):
    contract = Contract.objects.get(provider=offer.provider)
    with moments.as_of(AFTER), pytest.raises(NotNow):
        amending.propose(
            by=factories.actor("minzheng"),
            contract=contract,
            quotas={},
            why="延长",
            end_on=AFTER.date() + timedelta(days=30),
        )


def test_nothing_is_accepted_after_the_accreditation_has_expired():
    referral = factories.OfferedReferral()
    provider = referral.provider
    Provider.objects.filter(pk=provider.pk).update(accredited_until=moments.today() - timedelta(days=1))
    with pytest.raises(NotNow, match="准入有效期已过"):
        offering.accept(referral, by=factories.member_of(provider))
