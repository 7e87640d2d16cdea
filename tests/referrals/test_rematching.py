"""A provider leaves: everything it has open goes to the best others at once."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.offers.models import Offer
from contracts.contracts.models import ContractLine
from foundation import moments
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.messaging.models import Message
from foundation.refusals import NotNow, NotYours
from households.consents import giving
from organizations.people.models import Membership
from organizations.providers import standing
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.offers.models import Referral
from referrals.rematching import assigning, rematching
from referrals.rematching.assigning import Problem
from referrals.rematching.states import REMATCH
from referrals.requests import requesting
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


@pytest.fixture
def only_ours():
    """Every other provider of home care is full, so that the test decides where things go."""
    for offer in Offer.objects.filter(item__code="B01.01"):
        Offer.objects.filter(pk=offer.pk).update(places=offer.taken)


@pytest.fixture
def leaving(only_ours):
    return supplied()


def preview(offer, who):
    return rematching.preview(by=who("minzheng"), provider=offer.provider)


def test_a_preview_moves_nothing_and_says_where_each_would_go(leaving, who):
    served, heir = served_by(leaving, 3), supplied()
    rematch = preview(leaving, who)
    assert [row["offer"] for row in rematch.plan] == [heir.pk] * 3
    assert rematch.total == rematch.bound
    assert {referral.status for referral in Referral.objects.filter(pk__in=[r.pk for r in served])} == {
        "accepted"
    }


def test_a_second_person_approves_and_all_of_it_is_done(leaving, who):
    served, heir = served_by(leaving, 3), supplied()
    rematch = preview(leaving, who)
    with pytest.raises(NotYours):
        rematching.approve(rematch, by=who("minzheng"))
    standing.suspend(leaving.provider, by=who("minzheng"), reason="退出")
    assert rematching.approve(rematch, by=who("minzheng2")).status == "done"
    for each in served:
        each.refresh_from_db()
        new = each.replaced_by.get()
        assert (each.status, new.status, new.offer_id) == ("transferred", "accepted", heir.pk)
        assert new.contact_name.plain() == "王小明"
        assert new.ask == each.ask
        entries = Entry.objects.filter(lifecycle="referrals.Referral", object_id=new.pk).order_by("id")
        assert [entry.move for entry in entries] == ["take_over", "assign"]
    heir.refresh_from_db()
    leaving.refresh_from_db()
    assert (heir.taken, heir.booked, leaving.taken, leaving.booked) == (3, 3, 0, 0)


def test_whoever_finds_no_room_is_listed_and_escalated(leaving, who):
    served, _heir = served_by(leaving, 3), supplied(places=2)
    rematch = preview(leaving, who)
    assert (len(rematch.placed), len(rematch.unplaced)) == (2, 1)
    assert rematch.unplaced[0]["why"]
    rematching.approve(rematch, by=who("minzheng2"))
    lost = Referral.objects.get(pk=rematch.unplaced[0]["referral"])
    assert (lost.status, lost.need.status) == ("ended_early", "unmet")
    told = Notice.objects.filter(object_id=lost.need_id, text__contains="没有机构能接手")
    assert set(told.values_list("role", flat=True)) == {"window", "civil_affairs"}
    assert len(served) == 3


def test_quota_and_the_week_limit_as_well_as_places(leaving, who):
    served_by(leaving, 3)
    supplied(quota=5)
    supplied(weekly=1)
    rematch = preview(leaving, who)
    assert len(rematch.placed) == 2


def test_urgent_ones_come_first_in_the_list(leaving, who):
    served_by(leaving, 1)
    Referral.objects.filter(offer=leaving).update(urgent=False)
    urgent = served_by(leaving, 1)[0]
    Referral.objects.filter(pk=urgent.pk).update(urgent=True)
    supplied()
    assert preview(leaving, who).plan[0]["referral"] == urgent.pk


def test_an_unanswered_offer_is_sent_anew(leaving, who):
    referral = factories.OfferedReferral(offer=leaving)
    heir = supplied()
    rematching.approve(preview(leaving, who), by=who("minzheng2"))
    referral.refresh_from_db()
    new = Referral.objects.get(need=referral.need, status="offered")
    assert (referral.status, new.offer_id) == ("withdrawn", heir.pk)


def test_what_changed_since_the_preview_makes_the_whole_of_it_fail(leaving, who):
    served, heir = served_by(leaving, 2), supplied(places=2)
    rematch = preview(leaving, who)
    heir.refresh_from_db()
    heir.places = 1
    heir.save(update_fields=["places"])
    with pytest.raises(NotNow, match="重新预览"):
        rematching.approve(rematch, by=who("minzheng2"))
    assert {Referral.objects.get(pk=each.pk).status for each in served} == {"accepted"}
    heir.refresh_from_db()
    assert heir.taken == 0


def test_a_discarded_preview_makes_room_for_another(leaving, who):
    served_by(leaving, 1)
    rematch = preview(leaving, who)
    with pytest.raises(NotNow):
        preview(leaving, who)
    rematching.discard(rematch, by=who("minzheng"), reason="数据已变")
    assert preview(leaving, who).status == "previewed"


def test_nothing_open_is_nothing_to_preview(leaving, who):
    with pytest.raises(NotNow):
        preview(leaving, who)


def test_consent_to_one_provider_alone_is_not_stretched_to_another(leaving, who):
    referral = served_by(leaving, 1)[0]
    supplied()
    referral.consent.provider_body = leaving.provider.organization
    referral.consent.save()
    assert preview(leaving, who).placed == []


def test_a_contract_that_has_ended_takes_nobody(leaving, who):
    served_by(leaving, 1)
    supplied()
    with moments.as_of(moments.now() + timedelta(days=310)):
        assert preview(leaving, who).placed == []


# --- the assignment itself --------------------------------------------------------------


def problem(seed: int, referrals: int, offers: int, options: int, room: float) -> Problem:
    random = np.random.default_rng(seed)
    rows = np.repeat(np.arange(referrals), options)
    columns = np.concatenate([random.choice(offers, size=options, replace=False) for _ in range(referrals)])
    units = random.choice([2, 4, 4, 8, 12], referrals)
    each = referrals / offers * room
    return Problem(
        referral=rows,
        offer=columns,
        points=random.uniform(30, 95, len(rows)).round(1),
        units=units,
        weekly=-(-units // 4),
        places=random.integers(1, max(2, int(2 * each)), offers),
        week=random.integers(1, max(2, int(4 * each)), offers),
        pot=random.integers(4, max(5, int(12 * each)), offers),
    )


def optimum(given: Problem) -> float:
    return -assigning.solved(assigning.program_of(given), solver="simplex").getObjectiveValue()


def obeys(given: Problem, found: assigning.Assignment) -> bool:
    placed = np.flatnonzero(found.offer_of >= 0)
    offers = found.offer_of[placed]
    count = len(given.places)
    return bool(
        (np.bincount(offers, minlength=count) <= given.places).all()
        and (np.bincount(offers, given.units[placed], count) <= given.pot).all()
        and (np.bincount(offers, given.weekly[placed], count) <= given.week).all()
    )


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    referrals=st.integers(1, 40),
    offers=st.integers(1, 8),
    room=st.sampled_from([0.3, 0.8, 1.5, 4.0]),
)
def test_an_assignment_obeys_every_limit_and_never_exceeds_its_bound(seed, referrals, offers, room):
    given_ = problem(seed, referrals, offers, min(offers, 4), room)
    found = assigning.solve(given_)
    assert obeys(given_, found)
    assert found.total <= found.bound + 1e-6
    pairs = set(zip(given_.referral.tolist(), given_.offer.tolist(), strict=True))
    assert all(o < 0 or (r, o) in pairs for r, o in enumerate(found.offer_of.tolist()))


def test_where_places_alone_bind_the_flow_is_the_optimum():
    given_ = problem(3, 300, 20, 6, 0.8)
    ample = np.full_like(given_.pot, 10**6)
    given_ = Problem(
        given_.referral, given_.offer, given_.points, given_.units, given_.weekly, given_.places, ample, ample
    )
    found = assigning.solve(given_)
    assert found.total == pytest.approx(optimum(given_))


def test_a_large_assignment_is_within_a_thousandth_of_the_linear_program():
    given_ = problem(1, 1500, 80, 12, 2.5)
    found = assigning.solve(given_)
    assert obeys(given_, found)
    assert found.total >= optimum(given_) * 0.999


def test_nobody_to_assign_is_an_empty_assignment():
    nothing = np.array([], dtype=np.int64)
    found = assigning.solve(
        Problem(nothing, nothing, np.array([]), nothing, nothing, nothing, nothing, nothing)
    )
    assert (found.total, found.gap, len(found.offer_of)) == (0, 0, 0)


# --- whatever state the work of the leaving provider is in ---------------------------------


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
    return not Referral.objects.filter(provider=provider, status__in=rematching.OPEN).exists()


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
    if open_states(served) in rematching.OPEN:
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
