"""A provider leaves: whatever state its work is in, it is brought to its end or to another."""

from __future__ import annotations

import pytest
from django.db.models import F

from contracts.contracts.models import ContractLine
from foundation.inbox.models import Notice
from foundation.messaging.models import Message
from foundation.refusals import NotNow
from households.consents import giving
from organizations.providers import standing
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.rematching import rematching
from referrals.rematching.states import REMATCH
from referrals.requests import requesting
from tests import factories
from tests.referrals.leaving import preview, served_by, supplied


def open_states(referral) -> str:
    referral.refresh_from_db()
    return referral.status


def called(mode, offer, others, **given):
    """A call that asks the leaving provider first, and then the others."""
    need = factories.OpenNeed(**given)
    return requesting.announce(
        by=factories.window_of(need.town),
        need=need,
        mode=mode,
        offer_id=offer.pk,
        ask=Ask(units=4, goal="在家有人照应"),
        choice_reason="x",
    )


def the_end(provider):
    """Nothing of the provider is open any more."""
    return not rematching.to_move(provider.pk).exists()


@pytest.mark.parametrize("mode", ["cascade", "first", "best"])
def test_an_offer_of_an_open_call_is_withdrawn_and_the_call_goes_on(leaving, who, mode):
    others = [supplied(), supplied()]
    call = called(mode, leaving, others)
    own = call.referrals.get(provider=leaving.provider)
    standing.suspend(leaving.provider, by=who("minzheng"), reason="退出")
    rematching.approve(preview(leaving, who), by=who("minzheng2"))
    assert open_states(own) == "withdrawn"
    call.refresh_from_db()
    assert call.status == "open"
    assert call.referrals.filter(status="offered").exists()
    assert the_end(leaving.provider)


def test_a_provider_that_volunteered_alone_leaves_the_call_to_fail_and_the_window_to_know(leaving, who):
    call = called("best", leaving, [])
    for referral in call.referrals.exclude(provider=leaving.provider):
        offering.decline(referral, by=factories.member_of(referral.provider), reason="no_staff")
    own = call.referrals.get(provider=leaving.provider)
    assert own.status == "offered"
    standing.suspend(leaving.provider, by=who("minzheng"), reason="退出")
    rematching.approve(preview(leaving, who), by=who("minzheng2"))
    call.refresh_from_db()
    assert (call.status, call.need.status) == ("failed", "unmet")


def test_one_who_volunteered_makes_way_for_another_who_did(leaving, who):
    call = called("best", leaving, [supplied()])
    own = call.referrals.get(provider=leaving.provider)
    offering.volunteer(own, by=factories.member_of(leaving.provider))
    standing.suspend(leaving.provider, by=who("minzheng"), reason="退出")
    rematching.approve(preview(leaving, who), by=who("minzheng2"))
    assert open_states(own) == "withdrawn"
    for referral in call.referrals.filter(status="offered"):
        offering.volunteer(referral, by=factories.member_of(referral.provider))
    assert call.referrals.filter(status="accepted").count() == 1
    call.refresh_from_db()
    assert call.status == "filled"


def test_a_call_beside_services_does_not_stop_the_batch(leaving, who, client_of):
    served = served_by(leaving, 2)
    heir = supplied()
    call = called("first", leaving, [heir])
    standing.suspend(leaving.provider, by=who("minzheng"), reason="退出")
    rematch = preview(leaving, who)
    assert len(rematch.plan) == 3
    assert [row["number"] for row in rematch.otherwise] == [
        call.referrals.get(provider=leaving.provider).number
    ]
    done = client_of("minzheng2").post(
        rematch.transition_address(REMATCH.get_transition("approve")), follow=True
    )
    said = [str(message) for message in done.context["messages"]]
    assert said == ["已办理\uff1a批准并执行。"]
    assert {open_states(each) for each in served} == {"transferred"}
    assert the_end(leaving.provider)


def test_a_service_that_is_being_handed_to_another_goes_where_the_plan_says(leaving, who):
    served = served_by(leaving, 1)[0]
    heir, asked = supplied(), supplied()
    pending = offering.send(
        served.need,
        by=factories.window_of(served.town),
        offer_id=asked.pk,
        ask=Ask(units=4, goal="x"),
        choice_reason="y",
        override_reason="z",
        replaces=served,
    )
    standing.suspend(leaving.provider, by=who("minzheng"), reason="退出")
    rematching.approve(preview(leaving, who), by=who("minzheng2"))
    assert open_states(served) == "transferred"
    assert open_states(pending) == "not_chosen"
    assert heir.pk
    assert Referral.objects.filter(need=served.need, status="accepted").count() == 1
    assert the_end(leaving.provider)


def test_one_that_was_asked_to_take_a_service_over_is_replaced_by_another_that_is_asked(leaving, who):
    serving = supplied()
    served = served_by(serving, 1)[0]
    pending = offering.send(
        served.need,
        by=factories.window_of(served.town),
        offer_id=leaving.pk,
        ask=Ask(units=4, goal="x"),
        choice_reason="y",
        override_reason="z",
        replaces=served,
    )
    heir = supplied()
    standing.suspend(leaving.provider, by=who("minzheng"), reason="退出")
    rematching.approve(preview(leaving, who), by=who("minzheng2"))
    assert open_states(pending) == "withdrawn"
    assert open_states(served) == "accepted"  # goes on until somebody takes over
    new = Referral.objects.get(need=served.need, status="offered")
    assert (new.offer_id, new.replaces_id) == (heir.pk, served.pk)
    offering.accept(new, by=factories.member_of(heir.provider))
    assert open_states(served) == "transferred"


def test_consent_that_has_been_withdrawn_sends_the_household_back_to_the_window(leaving, who):
    served = served_by(leaving, 1)[0]
    supplied()
    household = served.need.matter.household
    giving.withdraw_consent(household, by=who("chuangkou"), consent=served.consent)
    if not the_end(leaving.provider):
        standing.suspend(leaving.provider, by=who("minzheng"), reason="退出")
        rematching.approve(preview(leaving, who), by=who("minzheng2"))
    assert the_end(leaving.provider)


def test_what_a_trial_refuses_is_not_offered_by_the_preview(leaving, who, monkeypatch):
    """Whatever the actions refuse of a row, the others go, and a new preview knows."""
    served = served_by(leaving, 2)
    supplied()
    stuck = served[0].pk

    real = offering.assign

    def refusing(made, *, by):
        if made.replaces_id == stuck:
            raise NotNow("现在不行")
        return real(made, by=by)

    monkeypatch.setattr(offering, "assign", refusing)
    standing.suspend(leaving.provider, by=who("minzheng"), reason="退出")
    rematch = preview(leaving, who)
    assert [row["why"] for row in rematch.unplaced] == ["现在不行"]
    rematching.approve(rematch, by=who("minzheng2"))
    assert {open_states(each) for each in served} == {"transferred", "ended_early"}


def test_a_row_that_cannot_even_go_back_is_left_out_and_said(leaving, who, monkeypatch, client_of):
    served = served_by(leaving, 2)
    stuck = served[0].pk
    real = rematching.delivery.end_early

    def refusing(referral, *, by, reason):
        if referral.pk == stuck:
            raise NotNow("现在不行")
        return real(referral, by=by, reason=reason)

    monkeypatch.setattr(rematching.delivery, "end_early", refusing)
    rematch = preview(leaving, who)
    assert [row["number"] for row in rematch.otherwise] == [served[0].number]
    page = client_of("minzheng2").get(rematch.get_absolute_url()).content.decode()
    assert "现在不行" in page
    rematching.approve(rematch, by=who("minzheng2"))
    assert [open_states(each) for each in served] == ["accepted", "ended_early"]


def test_a_preview_leaves_no_trace_of_its_trial(leaving, who):
    served_by(leaving, 2)
    supplied()
    told = Notice.objects.exclude(lifecycle="referrals.Rematch")
    before = Referral.objects.count(), told.count()
    preview(leaving, who)
    assert (Referral.objects.count(), told.count()) == before


def test_who_has_had_everything_is_brought_to_the_end_and_given_nothing_more(leaving, who):
    done, going_on = served_by(leaving, 2)
    supplied()
    Referral.objects.filter(pk=done.pk).update(used=done.units)
    ContractLine.objects.filter(pk=done.line_id).update(
        reserved=F("reserved") - done.units, used=F("used") + done.units
    )
    standing.suspend(leaving.provider, by=who("minzheng"), reason="退出")
    rematch = preview(leaving, who)
    assert [row["number"] for row in rematch.otherwise] == [done.number]
    assert "已全部完成" in rematch.otherwise[0]["why"]
    rematching.approve(rematch, by=who("minzheng2"))
    assert (open_states(done), open_states(going_on)) == ("ended_early", "transferred")
    done.need.refresh_from_db()
    assert done.need.status == "done"
    assert not Referral.objects.filter(need=done.need).exclude(pk=done.pk).exists()
    assert the_end(leaving.provider)


def test_each_household_that_is_handed_over_is_told_who_comes_and_whom_to_call(leaving, who):
    served_by(leaving, 2)
    heir = supplied()
    standing.suspend(leaving.provider, by=who("minzheng"), reason="退出")
    rematch = preview(leaving, who)
    before = list(Message.objects.filter(about="handed-over").values_list("pk", flat=True))
    rematching.approve(rematch, by=who("minzheng2"))
    told = Message.objects.filter(about="handed-over").exclude(pk__in=before)
    assert told.count() == 2
    made = Referral.objects.filter(provider=heir.provider).first()
    for each in told:
        assert str(heir.provider) in each.text
        assert made.need.matter.window.phone in each.text
