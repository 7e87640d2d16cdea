"""Work items know at once who may not vote on an exit, or approve where its provider's work goes."""

from __future__ import annotations

from typing import Any

from evaluations.exits import exiting
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from organizations.people import conflicts
from referrals.rematching import rematching
from tests import factories
from tests.evaluations.judging import officer
from tests.evaluations.leaving import PANEL, people, third_officer


def kept(obj: Any, step: str) -> set[int]:
    """The users who are kept from that step of an object, by its work items."""
    items = WorkItem.objects.filter(lifecycle=obj._meta.label, object_id=obj.pk, step=step)
    return {user for item in items for user in item.kept_from}


def test_the_panel_approves_nothing_and_who_approves_or_is_in_conflict_does_not_vote():
    provider = factories.ReferralInService().provider
    panel, third = people(*PANEL), third_officer()
    exit_ = exiting.stop_at_once(by=officer(), provider=provider, reasons="护理员打人", panel=panel)
    rematch = provider.rematches.get(status="previewed")
    assert set(panel) <= kept(rematch, "approve")
    exit_ = exiting.waive(exit_, by=factories.member_of(provider))
    before = kept(exit_, "vote")
    assert not before & {third.user_id, *panel}
    rematching.approve(rematch, by=third)
    assert kept(exit_, "vote") == {*before, third.user_id}
    (expert,) = people("pinggu4")
    conflicts.declare(expert, provider.organization, "kin")
    assert kept(exit_, "vote") == {*before, third.user_id, expert}
    assert list(rebuilding.rebuild()) == []
