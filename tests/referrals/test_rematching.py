"""A provider leaves: everything it has open goes to the best others at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation import moments
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.refusals import NotNow, NotYours
from organizations.providers import standing
from referrals.offers.models import Referral
from referrals.rematching import rematching
from tests import factories
from tests.referrals.leaving import preview, served_by, supplied


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
    told = Notice.objects.filter(object_id=lost.need_id, texts__icontains="没有机构能接手")
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
