"""After a death: what was done before it is entered and paid; a dead person's number opens no door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.contracts import running
from contracts.contracts.models import Contract
from contracts.invoices import invoicing
from contracts.invoices.models import Delivery
from foundation import moments
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from households.help_received.models import HelpReceived
from households.register import members
from organizations.people.models import User
from referrals.matters import intake
from referrals.matters.models import Matter
from referrals.offers.models import Referral
from referrals.service import delivery
from tests import factories


def died(referral, days_ago=1):
    """The person served died so many days ago; the window records it today."""
    household = referral.need.matter.household
    on = moments.today() - timedelta(days=days_ago)
    members.record_death(household, by=factories.window_of(referral.town), member=household.head, on=on)
    return Referral.objects.get(pk=referral.pk)


@pytest.fixture
def served():
    """In service for some days, one visit entered."""
    with moments.as_of(moments.now() - timedelta(days=6)):
        return factories.ReferralInService()


def enter(referral, days_ago=1, units=1, by=None):
    on = moments.today() - timedelta(days=days_ago)
    return delivery.record_late_visit(
        referral, by=by or factories.worker_of(referral), on=on, units=units, note="前一天上门做饭"
    )


def test_a_visit_of_before_the_death_is_entered_and_paid(served):
    closed = died(served)
    assert closed.status == "closed"
    before = closed.used
    enter(closed, days_ago=2)
    closed.refresh_from_db()
    assert (closed.used, closed.status) == (before + 1, "closed")
    last = Delivery.objects.filter(holder=closed.number).latest("pk")
    assert last.delivered_on == moments.today() - timedelta(days=2)
    invoice = invoicing.draw_up(by=factories.member_of(closed.provider), contract=closed.line.contract)
    last.refresh_from_db()
    assert last.invoice_id == invoice.pk
    helped = HelpReceived.objects.filter(household=closed.need.matter.household)
    assert sum(each.units for each in helped) == closed.used


def test_on_the_day_of_the_death_but_not_after(served):
    closed = died(served, days_ago=2)
    enter(closed, days_ago=2)
    with pytest.raises(Invalid) as refusal:
        enter(Referral.objects.get(pk=closed.pk), days_ago=1)
    assert "去世日期" in refusal.value.fields["on"]


def test_no_more_than_was_agreed_and_not_before_the_acceptance(served):
    closed = died(served)
    for given in ({"units": closed.units - closed.used + 1}, {"days_ago": 30}):
        with pytest.raises(Invalid):
            enter(closed, **given)


def test_the_days_for_it_end(served):
    closed = died(served)
    with moments.as_of(moments.now() + timedelta(days=11)), pytest.raises(NotNow, match="补登期已过"):
        enter(closed, days_ago=13)
    with moments.as_of(moments.now() + timedelta(days=9)):
        enter(Referral.objects.get(pk=closed.pk), days_ago=11)


def test_only_who_served_and_only_after_a_death(served, who):
    with pytest.raises(Refused):
        enter(served)
    closed = died(served)
    with pytest.raises(NotYours):
        enter(closed, by=who("chuangkou"))


def test_what_was_given_back_is_taken_again_and_nothing_is_lost(served):
    line = served.line
    line.refresh_from_db()
    free = line.left
    closed = died(served)
    line.refresh_from_db()
    given_back = line.left
    enter(closed, days_ago=2)
    line.refresh_from_db()
    assert given_back > free
    assert line.left == given_back - 1


def test_the_page_asks_for_a_day_before_the_death_and_for_no_confirmation(served, client_of):
    closed = died(served, days_ago=2)
    client = client_of(factories.user_of(closed.provider).username)
    page = client.get(f"{closed.get_absolute_url()}record-late-visit/").content.decode()
    assert "去世当日或之前" in page
    assert "确认码" not in page
    assert "签字" not in page
    assert str(moments.today() - timedelta(days=2)) in page


def test_the_page_offers_it_while_there_is_time(served, client_of):
    closed = died(served)
    address = f"{closed.get_absolute_url()}record-late-visit/"
    client = client_of(factories.user_of(closed.provider).username)
    assert address in client.get(closed.get_absolute_url()).content.decode()
    wrong = client.post(address, {"on": str(moments.today()), "units": "1", "note": "做饭"})
    assert wrong.status_code == 422
    assert "去世日期" in wrong.content.decode()
    on = str(moments.today() - timedelta(days=2))
    assert client.post(address, {"on": on, "units": "1", "note": "做饭"}).status_code == 302
    with moments.as_of(moments.now() + timedelta(days=11)):
        assert not closed.transitions_for(factories.member_of(closed.provider))


# --- the number of somebody who has died -----------------------------------------------------


@pytest.fixture
def gone(served):
    number = served.need.matter.household.head.person.id_number.plain()
    died(served)
    return number


def test_the_window_refuses_it_in_words(gone, served):
    with pytest.raises(Invalid) as refusal:
        intake.accept_application(
            by=factories.window_of(served.town),
            place=served.need.matter.household.place,
            name="王小明",
            id_number=gone,
            needs=["care"],
            category="minimum_living",
            size=1,
            consent=True,
        )
    assert "去世" in str(refusal.value.fields)


def test_whoever_reports_it_learns_nothing_and_the_window_is_told_when_it_accepts(gone, served, who):
    place = served.need.matter.household.place
    alive = factories.new_id_number()
    by = factories.member_of(served.provider)
    given = {"place": place, "name": "王小明", "size": 1, "story": "腿脚不便", "phone": "13900000011"}
    answers = [intake.report_as_provider(by=by, id_number=number, **given).status for number in (gone, alive)]
    assert answers[0] == answers[1]
    matter = Matter.objects.order_by("-pk")[1]
    with pytest.raises(Invalid) as refusal:
        intake.accept(matter, by=factories.window_of(served.town), needs=["care"], id_number=gone)
    assert "去世" in str(refusal.value.fields)


def test_nobody_who_has_died_guards_a_child(gone, served):
    home = factories.OpenNeed().matter.household
    dead = served.need.matter.household.members.first().person
    dead.refresh_from_db()
    with pytest.raises(Invalid):
        members.add_member(
            home,
            by=factories.window_of(home.town),
            name="卞小雨",
            id_number=factories.new_id_number("2019-01-01"),
            relation="grandchild",
            guardian=dead,
            disability="none",
        )


def ended(referral, who):
    """The contract is terminated by the buyer."""
    running.terminate(Contract.objects.get(pk=referral.line.contract_id), by=who("minzheng"), reason="x")


@pytest.mark.parametrize("first", ["death", "contract"])
def test_what_was_done_is_paid_though_the_contract_ended_as_well(served, who, first):
    if first == "death":
        closed = died(served)
        ended(closed, who)
    else:
        ended(served, who)
        closed = died(served)
    closed = Referral.objects.get(pk=closed.pk)
    before = closed.used
    assert "record_late_visit" in [each.name for each in closed.transitions_for(factories.worker_of(closed))]
    enter(closed, days_ago=2)
    closed.refresh_from_db()
    assert closed.used == before + 1
    invoicing.draw_up(by=factories.member_of(closed.provider), contract=closed.line.contract)
    assert Delivery.objects.filter(holder=closed.number, invoice=None).count() == 0


def test_nothing_of_a_day_after_a_death_that_was_told_after_the_end(served, who):
    """The contract ended today, the person had died two days before."""
    ended(served, who)
    closed = died(served, days_ago=2)
    with pytest.raises(Refused):
        delivery.record_late_visit(
            closed, by=factories.worker_of(closed), on=moments.today() - timedelta(days=1), units=1, note="x"
        )
    enter(closed, days_ago=2)


def test_a_contract_is_not_settled_while_the_last_visits_may_be_told(served, who):
    closed = died(served)
    factories.paid(invoicing.draw_up(by=factories.member_of(closed.provider), contract=closed.line.contract))
    ended(closed, who)
    contract = Contract.objects.get(pk=closed.line.contract_id)
    with pytest.raises(Refused, match="补记"):
        running.settle(contract, by=who("caizheng"))
    with moments.as_of(moments.now() + timedelta(days=30)):
        running.settle(Contract.objects.get(pk=contract.pk), by=who("caizheng"))


def test_a_visit_that_waited_on_the_phone_is_taken_after_the_death_too(served, client):
    closed = died(served)
    client.force_login(User.objects.get(pk=factories.worker_of(closed).user_id))
    sent = {
        "on": (moments.today() - timedelta(days=2)).isoformat(),
        "units": "1",
        "note": "离线记的",
        "began_at": "09:00",
        "ended_at": "10:00",
        "key": "waited",
    }
    address = f"{closed.get_absolute_url()}record-visit/"
    for _again in range(2):
        answer = client.post(address, sent, HTTP_X_ANSWER="json")
        assert (answer.status_code, answer.json()["taken"]) == (200, "waited")
    late = {**sent, "on": moments.today().isoformat(), "began_at": "", "ended_at": "", "key": "late"}
    assert client.post(address, late, HTTP_X_ANSWER="json").status_code == 422
    before = closed.used
    closed.refresh_from_db()
    assert closed.used == before + 1
    assert Delivery.objects.filter(holder=closed.number).latest("pk").units == 1
