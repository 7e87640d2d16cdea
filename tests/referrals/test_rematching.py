"""A provider leaves: everything it has open goes to the best others at once."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from catalog.models import Offer
from foundation import moments
from foundation.models import Notice
from foundation.refusals import NotNow, NotYours
from organizations import standing
from organizations.models import Membership
from referrals import assigning, offering, rematching
from referrals.assigning import Problem
from referrals.models import Referral
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
        found.append(
            offering.accept(referral, by=factories.member_of(offer.provider), worker=worker)
        )
    return found


@pytest.fixture
def only_ours():
    """Every other provider of home care is full, so that the test decides where things go."""
    for each in Offer.objects.filter(item__code="B01.01"):
        Offer.objects.filter(pk=each.pk).update(places=each.taken)


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
    assert {each.status for each in Referral.objects.filter(pk__in=[r.pk for r in served])} == {
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
    columns = np.concatenate(
        [random.choice(offers, size=options, replace=False) for _ in range(referrals)]
    )
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
    matrix, most = assigning.matrix_of(given)
    found = linprog(-given.points, A_ub=matrix, b_ub=most, bounds=(0, None), method="highs")
    return -found.fun


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
    seed=st.integers(0, 10_000), referrals=st.integers(1, 40), offers=st.integers(1, 8),
    room=st.sampled_from([0.3, 0.8, 1.5, 4.0]),
)  # fmt: skip
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
        given_.referral, given_.offer, given_.points, given_.units, given_.weekly, given_.places,
        ample, ample,
    )  # fmt: skip
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
