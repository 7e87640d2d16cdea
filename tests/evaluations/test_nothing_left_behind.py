"""An exit leaves no money, no paper and no plan behind, and opens nothing that was shut before it."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from contracts.amendments import amending
from contracts.amendments.models import Amendment
from contracts.contracts import signing
from contracts.contracts.models import Contract
from evaluations.exit_appeals import contesting
from evaluations.exits import exiting
from evaluations.exits.models import Exit
from evaluations.rectifications import rectifying
from evaluations.rectifications.models import Rectification
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock
from foundation.refusals import NotYours, Refused
from organizations.providers import standing
from organizations.providers.models import Provider
from procurement.awards import awarding
from procurement.purchases.models import Project
from referrals.rematching import rematching
from tests import factories
from tests.evaluations import judging, leaving
from tests.evaluations.judging import evaluator, officer, second
from tests.procurement import purchases


def held_for(provider: Provider) -> object:
    contracts = Contract.objects.filter(provider=provider)
    return contracts.aggregate(sum=Sum("earmarks__reserved"))["sum"]


def offered(contract: Contract) -> Contract:
    return signing.sign_as_buyer(contract, by=second(), typed=second().name)


# --- unsigned contracts -----------------------------------------------------------------


def test_contracts_that_not_both_have_signed_are_dropped_and_their_money_is_free():
    provider = factories.AccreditedProvider()
    factories.DirectContract(provider=provider)
    offered(factories.DraftContract(provider=provider))
    assert held_for(provider) > 0
    leaving.left(provider)
    statuses = set(Contract.objects.filter(provider=provider).values_list("status", flat=True))
    assert statuses == {"dropped"}
    assert held_for(provider) == 0


def test_the_purchase_of_a_dropped_contract_waits_for_another_candidate():
    project = purchases.concluded(prices=("45", "48", "40", "46"))
    project = awarding.make_contract(project, by=officer())
    winner = project.bids.get(status="awarded").provider
    leaving.left(winner)
    project = Project.objects.get(pk=project.pk)
    assert project.status == "concluded"
    assert "propose_next" in [each.name for each in project.transitions_for(officer())]


@pytest.mark.parametrize("way", ["dropped", "offered_and_dropped"])
def test_a_contract_that_was_never_signed_keeps_no_exit_from_being_settled(way):
    provider = factories.AccreditedProvider()
    contract = factories.DirectContract(provider=provider)
    if way == "offered_and_dropped":
        contract = offered(contract)
    signing.cancel(contract, by=officer(), reason="不做了")
    exit_ = leaving.left(provider)
    assert exiting.settle(exit_, by=factories.actor("caizheng")).status == "listed"


def test_an_agreement_that_waits_ends_with_its_contract():
    contract = factories.ContractInForce()
    line = contract.lines.get()
    made = amending.propose(by=officer(), contract=contract, quotas={line.pk: line.quota + 5}, why="人多了")
    assert held_for(contract.provider) > 0
    leaving.left(contract.provider)
    assert Amendment.objects.get(pk=made.pk).status == "withdrawn"
    assert held_for(contract.provider) == 0


# --- an exit that falls -----------------------------------------------------------------


def stopped(referral) -> Exit:
    return exiting.stop_at_once(
        by=officer(), provider=referral.provider, reasons="打人", panel=leaving.people(*leaving.PANEL)
    )


def acquitted(exit_: Exit) -> None:
    leaving.voted(exiting.waive(exit_, by=factories.member_of(exit_.provider)), False, False)


def dropped(exit_: Exit) -> None:
    exiting.drop(exit_, by=second(), reason="查无此事")


@pytest.mark.parametrize("falls", [acquitted, dropped])
def test_the_plan_of_an_exit_that_falls_is_carried_out_by_nobody(falls):
    referral = factories.ReferralInService()
    falls(stopped(referral))
    plan = referral.provider.rematches.get()
    assert plan.status == "discarded"
    with pytest.raises(Refused):
        rematching.approve(plan, by=leaving.third_officer())
    referral.refresh_from_db()
    assert referral.status == "in_service"


def test_the_plan_of_an_exit_that_was_contested_is_carried_out_by_nobody():
    referral = factories.ReferralInService()
    provider = referral.provider
    leaving.decided(provider)
    appeal = contesting.file(by=factories.member_of(provider), text="证据是伪造的")
    contesting.grant(appeal, by=leaving.third_officer(), reason="原证据系伪造")
    assert provider.rematches.get().status == "discarded"


@pytest.mark.parametrize("before", ["accredited", "suspended"])
def test_a_revoked_exit_gives_back_the_standing_of_before_it(before):
    provider = factories.AccreditedProvider()
    if before == "suspended":
        standing.suspend(provider, by=officer(), reason="年检没有通过")
    leaving.left(Provider.objects.get(pk=provider.pk))
    appeal = contesting.file(by=factories.member_of(provider), text="证据是伪造的")
    contesting.grant(appeal, by=leaving.third_officer(), reason="原证据系伪造")
    assert Provider.objects.get(pk=provider.pk).status == before


# --- what an evaluation has shut --------------------------------------------------------


def test_nobody_opens_by_hand_what_waits_for_its_re_check(client_of):
    provider = factories.AccreditedProvider()
    judging.published([provider], 1)
    provider.refresh_from_db()
    assert provider.status == "suspended"
    for by in (officer(), second()):
        with pytest.raises(Refused, match="整改"):
            standing.resume(provider, by=by, reason="已经好了")
    page = client_of("minzheng2").post(
        f"{provider.get_absolute_url()}resume/", {"reason": "已经好了", "key": "k"}
    )
    assert page.status_code in (409, 422)
    mended = Rectification.objects.get(provider=provider)
    mended = rectifying.report(mended, by=factories.member_of(provider), report="都改了")
    waiting = Clock.objects.running_on([mended])[mended.pk][0]
    with pytest.raises(NotYours):
        clocks.pause(waiting, by=officer(), cause="outside_answer", reason="等等再说")
    rectifying.pass_recheck(mended, by=evaluator(mended.rechecker_id), reason="看过，都改了")
    assert Provider.objects.get(pk=provider.pk).status == "accredited"


def test_a_rectification_never_reopens_while_its_provider_leaves():
    provider = factories.AccreditedProvider()
    judging.published([provider], 1)
    provider.refresh_from_db()
    exit_ = leaving.noticed(provider)
    exiting.drop(exit_, by=leaving.third_officer(), reason="证据不足")
    assert Provider.objects.get(pk=provider.pk).status == "suspended"
    with pytest.raises((Refused, NotYours)):
        standing.resume(Provider.objects.get(pk=provider.pk), by=officer(), reason="好了")
