"""What becomes of objects in states that share their phase with the one that was alone in it.

Run by ``tests/house/test_second_states.py`` in a copy of the product to which these states were added.
"""

from __future__ import annotations

from datetime import timedelta

from catalog.editions import publishing
from catalog.editions.models import Edition
from contracts.contracts import running
from contracts.contracts.models import Contract
from evaluations.exits import exiting
from foundation import moments
from organizations.providers import standing
from organizations.providers.models import Provider
from procurement.awards import awarding
from procurement.bids import bidding
from procurement.bids.models import Bid
from procurement.objections import objecting
from procurement.panel import scoring
from procurement.purchases import scheduled
from procurement.purchases.models import Project
from referrals.conference import meetings
from referrals.matching import ranking
from referrals.matters import heard, intake
from referrals.needs import triage
from referrals.offers import offering
from tests import factories
from tests.evaluations import judging, leaving
from tests.procurement import purchases


def observed(provider: Provider) -> Provider:
    """A provider under observation, which serves as before."""
    return standing.observe(Provider.objects.get(pk=provider.pk), by=judging.officer())


def held(provider: Provider) -> Contract:
    """The contract of a provider, on hold."""
    return running.hold(provider.contracts.get(), by=judging.officer())


def receipted(bid: Bid) -> Bid:
    """A sealed bid whose bidder has a receipt."""
    return bidding.receipt(bid, by=factories.member_of(bid.provider))


def of_provider(provider: Provider) -> str:
    return Provider.objects.get(pk=provider.pk).status


# --- a provider under observation -------------------------------------------------------


def test_it_is_ranked_and_accepts_until_the_notice_of_its_exit():
    referral = factories.OfferedReferral()
    provider, need = observed(referral.provider), factories.OpenNeed()
    assert "未准入" not in "".join(ranking.rank(need).find(referral.offer_id).why_not)
    assert Provider.objects.in_good_standing().filter(pk=provider.pk).exists()
    assert offering.accept(referral, by=factories.member_of(provider)).served
    leaving.noticed(provider)
    assert of_provider(provider) == "suspended"
    assert "已暂停承接" in ranking.rank(need).find(referral.offer_id).why_not[0]


def test_it_is_suspended_where_it_fails_the_evaluation():
    provider = observed(factories.OfferedReferral().provider)
    judging.published([provider], 1)
    assert of_provider(provider) == "suspended"


def test_it_takes_referrals_again_where_its_exit_is_dropped():
    provider = observed(factories.AccreditedProvider())
    exiting.drop(leaving.noticed(provider), by=judging.second(), reason="查无实据")
    assert Provider.objects.get(pk=provider.pk).accredited


def test_it_leaves_as_any_other():
    provider = observed(factories.AcceptedReferral().provider)
    leaving.left(provider)
    assert Provider.objects.get(pk=provider.pk).has_left


# --- a contract on hold -----------------------------------------------------------------


def test_it_is_suspended_with_its_provider_where_a_person_was_harmed():
    contract = factories.ContractInForce()
    provider = observed(contract.provider)
    held(provider)
    exiting.stop_at_once(
        by=judging.officer(), provider=provider, reasons="伤人", panel=leaving.people(*leaving.PANEL)
    )
    contract.refresh_from_db()
    assert (contract.status, of_provider(provider)) == ("suspended", "suspended")


def test_it_ends_after_its_last_day():
    contract = held(factories.ContractInForce().provider)
    with moments.as_of(moments.now() + timedelta(days=800)):
        running.follow_the_days()
    contract.refresh_from_db()
    assert contract.status == "completed"


# --- bids -------------------------------------------------------------------------------


def test_a_bid_with_a_receipt_is_counted_opened_and_awarded():
    project = purchases.published()
    bids = [purchases.bid_by(project, factories.AccreditedProvider(), price) for price in ("45", "48", "40")]
    cheapest = receipted(bids[2])
    with moments.as_of(purchases.after(project)):
        scheduled.follow_the_clock()
    project = Project.objects.get(pk=project.pk)
    assert project.bids_closed
    with moments.as_of(purchases.after(project, minutes=5)):
        purchases.turned(project)
        project = bidding.open_bids(project, by=purchases.officer())
    for bid in project.bids.unchecked():
        bidding.qualify(bid, by=purchases.officer())
    project = scoring.draw_panel(Project.objects.get(pk=project.pk), by=purchases.officer())
    purchases.score_all(project)
    seat = project.panelseats.filter(status="submitted").select_related("person")[0]
    project = awarding.award(scoring.report(project, by=purchases.expert(seat)), by=purchases.officer())
    assert project.bids.won().get() == cheapest


def test_a_bid_with_a_receipt_may_be_withdrawn_before_the_deadline():
    bid = receipted(purchases.bid_by(purchases.published(), factories.AccreditedProvider()))
    assert bidding.withdraw(bid, by=factories.member_of(bid.provider)).status == "withdrawn"


def reserved(project: Project) -> Bid:
    """The bid that was awarded, under a condition."""
    return awarding.reserve(project.bids.won().get(), by=purchases.officer())


def test_a_bid_awarded_under_a_condition_gets_the_contract():
    project = purchases.concluded()
    bid = reserved(project)
    awarding.make_contract(Project.objects.get(pk=project.pk), by=purchases.officer())
    assert project.call_offs.get().bid == bid


def test_a_bid_awarded_under_a_condition_is_out_where_an_objection_was_right():
    project = purchases.awarded()
    bid, loser = reserved(project), project.bids.lost()[0].provider
    objection = objecting.raise_objection(
        by=factories.member_of(loser), project=Project.objects.get(pk=project.pk), grounds="业绩不实"
    )
    purchases.upheld(objection, "业绩不实")
    bid.refresh_from_db()
    assert bid.status == "rejected"
    assert not project.bids.won().exists()


# --- an edition partly in force ---------------------------------------------------------


def test_it_applies_gives_way_to_the_next_and_comes_back_when_that_is_withdrawn():
    edition = publishing.limit(Edition.objects.in_force().get(), by=judging.officer())
    assert (edition.applies, Edition.objects.in_force().get()) == (True, edition)
    following = factories.PublishedEdition()
    edition.refresh_from_db()
    assert (edition.status, Edition.objects.in_force().get()) == ("superseded", following)
    publishing.withdraw(following, by=judging.officer(), reason="有误")
    assert Edition.objects.in_force().get() == edition


# --- states that stand beside others in a phase of several -----------------------------


def test_an_edition_is_halted_with_its_reason():
    halted = publishing.halt(Edition.objects.in_force().get(), by=judging.officer(), reason="有误")
    assert (halted.status, halted.withdrawal) == ("halted", "有误")


def test_the_days_to_complain_run_from_the_answer_also_after_an_inquiry():
    project = purchases.awarded()
    bidder = factories.member_of(project.bids.lost()[0].provider)
    raised = objecting.raise_objection(by=bidder, project=project, grounds="业绩不实")
    asked = objecting.inquire(raised, by=purchases.officer())
    with moments.as_of(moments.now() + timedelta(days=30)):
        answered = objecting.dismiss(asked, by=purchases.officer(), reason="不成立")
        assert objecting.complain(answered, by=bidder, reason="不服").status == "complained"


def test_a_postponed_need_comes_before_the_next_conference():
    need = factories.OpenNeed()
    need = meetings.bring_to_conference(need, by=factories.window_of(need.town), reason="难")
    need = triage.postpone(need, by=factories.actor("mishu"))
    assert need in meetings.waiting()


def test_a_household_sees_its_matter_while_the_window_visits():
    household = factories.AcceptedMatter().household
    mine = factories.account_of(household)
    matter = intake.apply(by=mine, needs=["care"], story="再求助")
    visited = intake.visit(matter, by=factories.window_of(matter.town))
    assert [heard_of.matter for heard_of in heard.waiting(mine)] == [visited]
