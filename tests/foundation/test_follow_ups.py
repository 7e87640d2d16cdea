"""What follows a move, and moves without a body."""

from __future__ import annotations

import pytest

from foundation.deadlines.models import Clock
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.lifecycle.table import OTHERWISE
from foundation.refusals import Invalid, NotNow, NotYours
from foundation.roles import SYSTEM
from organizations.people.models import Membership
from referrals.handovers import handing_over
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.models import Referral
from referrals.offers.states import REFERRAL, ReferralStatus
from tests import factories
from tests.journal import moves_of


def follows(action, monkeypatch, follow_up):
    """Let ``follow_up`` follow the action in this test, and nothing else."""
    monkeypatch.setattr(action, "follow_up", None)
    action.then(follow_up)


def test_what_follows_finds_status_journal_clocks_and_notices_done(monkeypatch):
    referral, found = factories.OfferedReferral(), {}
    coordinator = factories.member_of(referral.provider)
    worker = Membership.objects.get(user_id=factories.worker_of(referral).user_id)
    told = Notice.objects.filter(object_id=referral.pk).count()

    def look(moved, *, by, worker):
        found["given"] = (moved.pk, moved.status, by, worker)
        found["status"] = Referral.objects.get(pk=moved.pk).status
        found["journal"] = moves_of(moved)
        found["clock"] = Clock.objects.get(
            lifecycle="referrals.Referral", object_id=moved.pk, stopped_at=None
        ).rule_key
        found["told"] = Notice.objects.filter(object_id=referral.pk).count() > told

    follows(offering.accept, monkeypatch, look)
    offering.accept(referral, by=coordinator, worker=worker)

    assert found == {
        "given": (referral.pk, "accepted", coordinator, worker),
        "status": "accepted",
        "journal": ["prepare", "offer", "accept"],
        "clock": "referral.first_contact",
        "told": True,
    }


def test_a_refusal_of_what_follows_undoes_the_move(monkeypatch):
    referral = factories.OfferedReferral()

    def refuse(moved, *, by, reason):
        raise NotNow("later")

    follows(offering.withdraw, monkeypatch, refuse)
    with pytest.raises(NotNow, match="later"):
        offering.withdraw(referral, by=factories.window_of(referral.town), reason="改由别家")
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.OFFERED
    assert moves_of(referral) == ["prepare", "offer"]
    assert Clock.objects.get(lifecycle="referrals.Referral", object_id=referral.pk).stopped_at is None


def test_what_follows_a_repeated_key_followed_once(monkeypatch):
    referral, followed = factories.OfferedReferral(), []
    window = factories.window_of(referral.town)
    follows(offering.withdraw, monkeypatch, lambda moved, **given: followed.append(moved.pk))
    for _ in range(2):
        offering.withdraw(referral, by=window, reason="改由别家", key="k4")
    assert followed == [referral.pk]


def test_nothing_follows_a_move_that_is_refused(monkeypatch):
    referral, followed = factories.OfferedReferral(), []
    window = factories.window_of(referral.town)
    follows(offering.withdraw, monkeypatch, lambda moved, **given: followed.append(moved.pk))
    with pytest.raises(Invalid):
        offering.withdraw(referral, by=window, reason="")
    with pytest.raises(NotYours):
        offering.withdraw(referral, by=factories.member_of(referral.provider), reason="改由别家")
    assert followed == []


def test_nothing_follows_where_something_else_was_done_and_the_journal_says_so(monkeypatch):
    referral, followed = factories.OfferedReferral(), []

    def else_than_asked(moved, *, by, reason):
        moved.done_otherwise = "另行处理"

    monkeypatch.setattr(offering.withdraw, "body", else_than_asked)
    follows(offering.withdraw, monkeypatch, lambda moved, **given: followed.append(moved.pk))
    done = offering.withdraw(referral, by=factories.window_of(referral.town), reason="改由别家")
    assert (done.done_otherwise, followed) == ("另行处理", [])
    assert Entry.objects.filter(object_id=referral.pk, move="withdraw").get().after[OTHERWISE] is True


def test_an_action_has_one_follow_up(monkeypatch):
    follows(offering.withdraw, monkeypatch, lambda moved, **given: None)
    with pytest.raises(ValueError, match="follow-up already"):
        offering.withdraw.then(lambda moved, **given: None)


def test_a_body_that_returns_something_is_told_so_and_nothing_is_kept(monkeypatch):
    referral = factories.OfferedReferral()
    monkeypatch.setattr(offering.withdraw, "body", lambda moved, **given: lambda: None)
    with pytest.raises(TypeError, match="returns something"):
        offering.withdraw(referral, by=factories.window_of(referral.town), reason="改由别家")
    assert moves_of(referral) == ["prepare", "offer"]


def test_a_move_without_a_body_does_what_the_table_says():
    referral = factories.OfferedReferral()
    done = offering.stand_down(referral, by=SYSTEM, key="k5")
    again = offering.stand_down(referral, by=SYSTEM, key="k5")
    assert (done.status, again.status) == ("not_chosen", "not_chosen")
    assert moves_of(referral) == ["prepare", "offer", "stand_down"]


def test_a_move_without_a_body_takes_nothing_that_the_table_does_not_name():
    referral = factories.OfferedReferral()
    with pytest.raises(TypeError, match="unexpected"):
        offering.stand_down(referral, by=SYSTEM, worker=None)
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.OFFERED


def test_a_move_without_a_body_is_of_the_tables_own_model():
    with pytest.raises(ValueError, match="does not rule"):
        REFERRAL.act("stand_down", Need)


def test_an_action_says_once_what_it_locks_before_its_object():
    with pytest.raises(ValueError, match="said already"):
        handing_over.accept.first(lambda handover: None)
