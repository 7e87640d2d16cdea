"""Whichever way a service leaves a provider, visits of before that day are entered and paid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.offers.models import Offer
from contracts.contracts import running
from contracts.contracts.models import Contract, ContractLine
from contracts.invoices import invoicing
from contracts.invoices.models import Delivery
from foundation import moments
from foundation.refusals import Invalid, NotNow, Refused
from households.help_received.models import HelpReceived
from organizations.people.models import User
from organizations.providers import standing
from referrals.answers import answering
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.rematching import rematching
from referrals.service import delivery
from tests import factories


def taken_over(referral, who):
    """The provider exits; another takes over in the batch."""
    heir = factories.AcceptedOffer(provider=factories.AccreditedProvider(), places=5, weekly=20)
    factories.ContractInForce(provider=heir.provider, quota=50)
    standing.suspend(referral.provider, by=who("minzheng"), reason="退出")
    found = rematching.preview(by=who("minzheng"), provider=referral.provider)
    rematching.approve(found, by=who("minzheng2"))


def by_request(referral, who):
    """The household wishes for another, which accepts."""
    heir = factories.AcceptedOffer(provider=factories.AccreditedProvider(), places=5, weekly=20)
    factories.ContractInForce(provider=heir.provider, quota=50)
    asked = offering.send(
        referral.need,
        by=factories.window_of(referral.town),
        offer_id=heir.pk,
        ask=Ask(units=2, goal="x"),
        choice_reason="家庭要求",
        override_reason="家庭要求",
        replaces=referral,
    )
    offering.accept(asked, by=factories.member_of(heir.provider))


def ended_early(referral, who):
    """The household moves away."""
    delivery.end_early(referral, by=factories.window_of(referral.town), reason="搬走")


def completed(referral, who):
    delivery.complete(referral, by=factories.worker_of(referral), outcome="好转", goal_level=4)


def closed(referral, who):
    completed(referral, who)
    referral.refresh_from_db()
    coordinator = factories.member_of(referral.provider)
    referral = answering.feed_back_service(referral, by=coordinator, words="好转")
    answering.close_referral(referral, by=factories.window_of(referral.town))


WAYS = {
    taken_over: "transferred",
    by_request: "transferred",
    ended_early: "ended_early",
    completed: "completed",
    closed: "closed",
}


@pytest.fixture
def served():
    """In service for some days, one visit entered, others not yet."""
    for offer in Offer.objects.filter(item__code="B01.01"):
        Offer.objects.filter(pk=offer.pk).update(places=offer.taken)
    with moments.as_of(moments.now() - timedelta(days=6)):
        return factories.ReferralInService(units=6)


def over(referral, way, who) -> Referral:
    way(referral, who)
    left = Referral.objects.get(pk=referral.pk)
    assert left.status == WAYS[way]
    return left


@pytest.mark.parametrize("way", WAYS)
def test_a_visit_of_before_the_end_is_entered_and_paid(served, who, way):
    left = over(served, way, who)
    line, used = ContractLine.objects.get(pk=left.line_id), left.used
    on = moments.today() - timedelta(days=2)
    told = delivery.record_late_visit(left, by=factories.worker_of(left), on=on, units=2, note="前天上门")
    assert (told.used, told.status) == (used + 2, left.status)
    line.refresh_from_db()
    assert line.used == used + 2
    last = Delivery.objects.filter(holder=left.number).latest("pk")
    assert (last.delivered_on, last.units) == (on, 2)
    invoice = invoicing.draw_up(by=factories.member_of(left.provider), contract=left.line.contract)
    last.refresh_from_db()
    assert last.invoice_id == invoice.pk
    helped = HelpReceived.objects.filter(household=left.need.matter.household)
    assert sum(each.units for each in helped) == told.used


@pytest.mark.parametrize("way", WAYS)
def test_not_of_a_day_after_the_end_nor_after_the_days_for_it_nor_more_than_agreed(served, who, way):
    left = over(served, way, who)
    by, today = factories.worker_of(left), moments.today()
    with moments.as_of(moments.now() + timedelta(days=2)), pytest.raises(Invalid) as refusal:
        delivery.record_late_visit(left, by=by, on=today + timedelta(days=1), units=1, note="x")
    assert "结束" in refusal.value.fields["on"]
    with pytest.raises(Invalid):
        delivery.record_late_visit(left, by=by, on=today, units=left.units, note="x")
    with moments.as_of(moments.now() + timedelta(days=40)):
        assert "record_late_visit" not in [each.name for each in left.transitions_for(by)]
        with pytest.raises(NotNow, match="期限已过"):
            delivery.record_late_visit(left, by=by, on=today, units=1, note="x")


@pytest.mark.parametrize("way", [taken_over, ended_early, completed])
def test_the_contract_is_not_settled_while_visits_may_be_told(served, who, way):
    left = over(served, way, who)
    factories.paid(invoicing.draw_up(by=factories.member_of(left.provider), contract=left.line.contract))
    contract = Contract.objects.get(pk=left.line.contract_id)
    running.terminate(contract, by=who("minzheng"), reason="退出")
    with pytest.raises(Refused, match="补记"):
        running.settle(Contract.objects.get(pk=contract.pk), by=who("caizheng"))
    delivery.record_late_visit(left, by=factories.worker_of(left), on=moments.today(), units=1, note="x")


def test_what_was_never_served_takes_no_visit(who):
    asked = factories.OfferedReferral()
    declined = offering.decline(asked, by=factories.member_of(asked.provider), reason="no_staff")
    with pytest.raises(NotNow):
        delivery.record_late_visit(
            declined, by=factories.member_of(asked.provider), on=moments.today(), units=1, note="x"
        )


def test_a_visit_that_waited_on_the_phone_is_taken_as_a_late_one(served, who, client):
    left = over(served, taken_over, who)
    client.force_login(User.objects.get(pk=factories.worker_of(left).user_id))
    address = f"/referrals/{left.number}/record-visit/"
    page = client.get(address)
    assert "补记服务" in page.content.decode()
    sent = {
        "on": (moments.today() - timedelta(days=1)).isoformat(),
        "units": "1",
        "note": "离线记的",
        "key": "waited",
    }
    for _again in range(2):
        answer = client.post(address, sent, HTTP_X_ANSWER="json")
        assert (answer.status_code, answer.json()["taken"]) == (200, "waited")
    left.refresh_from_db()
    assert left.used == 2
