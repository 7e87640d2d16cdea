"""What an exit leaves to do: hand-over, settlement, the list, and the way back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.contracts import running
from demo.starter.checks import all_right
from evaluations.exits import exiting
from evaluations.exits.models import Exit
from foundation import moments
from foundation.deadlines.models import Clock
from foundation.refusals import NotNow, Refused
from foundation.work_items.models import WorkItem
from organizations.providers import accreditation, standing
from organizations.providers.models import Provider
from procurement.bids import bidding
from referrals.matching import ranking
from referrals.offers.models import Referral
from referrals.rematching import rematching
from tests import factories
from tests.evaluations.judging import in_days, officer, second
from tests.evaluations.leaving import decided, emptied, left

pytestmark = pytest.mark.story


def test_the_decision_previews_where_everything_goes_and_a_second_person_approves(who):
    referral = factories.ReferralInService()
    heir = factories.AcceptedOffer(places=5)
    factories.ContractInForce(provider=heir.provider)
    exit_ = decided(referral.provider)
    rematch = referral.provider.rematches.get()
    assert [row["number"] for row in rematch.placed] == [referral.number]
    with pytest.raises(NotNow, match="1 个转介没有着落"):
        exiting.finish_handover(exit_, by=officer())
    rematching.approve(rematch, by=officer())
    moved = Referral.objects.get(replaces=referral)
    assert moved.status == "accepted"
    assert moved.case_mix == referral.case_mix
    exit_ = exiting.finish_handover(Exit.objects.get(pk=exit_.pk), by=officer())
    assert (exit_.status, Provider.objects.get(pk=exit_.provider_id).status) == ("settling", "exited")


def test_what_finds_no_room_is_escalated_and_not_dropped(who):
    referral = factories.ReferralInService()
    exit_ = decided(referral.provider)
    emptied(exit_)
    referral.refresh_from_db()
    assert referral.status in ("transferred", "ended_early")
    need = referral.need
    need.refresh_from_db()
    assert need.status in ("in_hand", "unmet", "open")
    assert not exit_.open_work.exists()


def test_an_urgent_case_leaves_one_working_day():
    referral = factories.ReferralInService()
    Referral.objects.filter(pk=referral.pk).update(urgent=True)
    exit_ = decided(referral.provider)
    clock = Clock.objects.get(lifecycle="evaluations.Exit", object_id=exit_.pk, stopped_at=None)
    assert clock.rule_key == "exit.handover_urgent"


def test_contracts_end_are_settled_and_the_provider_is_listed_until_its_ban_is_over(client, who):
    provider = factories.AccreditedProvider()
    contract = factories.ContractInForce(provider=provider)
    exit_ = left(provider)
    contract.refresh_from_db()
    assert contract.status == "terminated"
    with pytest.raises(NotNow, match=contract.number):
        exiting.settle(exit_, by=officer())
    running.settle(contract, by=who("caizheng"))
    exit_ = exiting.settle(exit_, by=who("caizheng"))
    assert exit_.status == "listed"
    assert exit_.barred_until == moments.today() + timedelta(days=730)
    page = client.get(f"/notices/exits/{exit_.pk}/").content.decode()
    assert "严重违约" in page
    assert provider.organization.name in client.get("/notices/").content.decode()
    assert exiting.end_what_is_over() == 0
    with in_days(731):
        assert exiting.end_what_is_over() == Exit.objects.filter(status="ended").count() > 0
    exit_.refresh_from_db()
    assert exit_.status == "ended"


def test_matching_bidding_and_offers_are_closed_to_who_has_left():
    referral = factories.OfferedReferral()
    provider = referral.provider
    coordinator = factories.member_of(provider)
    left(provider)
    provider = Provider.objects.get(pk=provider.pk)
    found = ranking.rank(factories.OpenNeed()).find(referral.offer_id)
    assert "已退出" in found.why_not[0]
    from catalog.items.models import Item
    from catalog.offers import applying
    from procurement.purchases.models import Project

    with pytest.raises(Refused):
        applying.apply(
            by=coordinator,
            item=Item.objects.in_force().get(code="B01.02"),
            places=2,
            weekly=4,
            price=150,
            staff="x",
        )
    with pytest.raises(Refused):
        bidding.seal(
            by=coordinator,
            project=Project.objects.filter(status="open")[0],
            offer=bidding.Offer({}, "x", "x", []),
        )


def test_who_left_comes_back_after_the_ban_with_a_probation():
    provider = factories.AccreditedProvider()
    left(provider)
    provider = Provider.objects.get(pk=provider.pk)
    with pytest.raises(NotNow, match="禁入期"):
        standing.readmit(provider, by=officer(), reason="想回来")
    with in_days(731):
        provider = standing.readmit(provider, by=officer(), reason="期满")
        provider = accreditation.check_documents(provider, by=officer(), findings=all_right())
        until = moments.today() + timedelta(days=900)
        provider = accreditation.accredit(provider, by=second(), until=until)
        assert provider.probation_until == moments.today() + timedelta(days=183)


def test_an_exit_waits_for_open_work_and_unsettled_contracts(who):
    referral = factories.ReferralInService()
    exit_ = decided(referral.provider)
    row = WorkItem.objects.get(lifecycle="evaluations.Exit", object_id=exit_.pk, role="civil_affairs")
    assert (row.waits, row.missing["zh-hans"]) == (False, "还有 1 个转介没有着落，先批准移交方案。")
    emptied(exit_)
    row.refresh_from_db()
    assert (row.waits, row.step) == (True, "finish_handover")
