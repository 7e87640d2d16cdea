"""The winner signs no contract: the purchase waits for one again, takes the next of the order by
two people, or fails by two people; what the public reads is true.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.budgets import reserving
from contracts.contracts import signing
from contracts.contracts.models import Contract
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock
from foundation.inbox.models import Notice
from foundation.refusals import NotNow, NotYours, Refused
from foundation.roles import SYSTEM
from organizations.providers.models import Provider
from procurement.awards import awarding, next_candidate
from procurement.purchases import planning, scheduled
from procurement.purchases.models import Project
from tests import factories
from tests.procurement import purchases
from tests.steps import steps_for

FIRST, SECOND = "minzheng", "minzheng2"


def contracted(**given: object) -> tuple[Project, Contract]:
    project = awarding.make_contract(purchases.concluded(**given), by=purchases.officer(FIRST))
    return project, project.call_offs.get().contract


def cancelled(project: Project, contract: Contract) -> Project:
    signing.cancel(contract, by=purchases.officer(SECOND), reason="机构来函放弃")
    return Project.objects.get(pk=project.pk)


def days_to_sign(project: Project) -> Clock:
    found = Clock.objects.filter(lifecycle="procurement.Project", object_id=project.pk)
    return found.get(rule_key="procurement.contract", stopped_at=None)


def exited(provider: Provider) -> None:
    Provider.objects.filter(pk=provider.pk).update(accredited_until=moments.today() - timedelta(days=1))


def next_taken(project: Project, ground: str = "refused") -> Project:
    next_candidate.propose_next(project, by=purchases.officer(FIRST), reason=ground, why="12月1日来函放弃")
    return next_candidate.confirm_next(project, by=purchases.officer(SECOND))


@pytest.mark.parametrize("signed_by_the_buyer", [False, True])
def test_a_cancelled_draft_leaves_the_purchase_waiting_for_a_contract(client, signed_by_the_buyer):
    project, contract = contracted()
    clock = days_to_sign(project)
    if signed_by_the_buyer:
        second = purchases.officer(SECOND)
        contract = signing.sign_as_buyer(contract, by=second, typed=second.name)
    project = cancelled(project, contract)
    assert project.status == "concluded"
    assert days_to_sign(project).due_at == clock.due_at
    assert "待订合同" in client.get(project.public_address).content.decode()
    assert "已订合同" not in client.get(project.public_address).content.decode()
    assert reserving.set_aside_for(project.number) >= contract.amount
    assert steps_for(purchases.officer(FIRST), project) == {"make_contract"}
    again = awarding.make_contract(project, by=purchases.officer(FIRST))
    assert again.status == "contracted"
    anew = again.call_offs.order_by("-pk")[0].contract
    assert (anew.provider_id, anew.amount) == (contract.provider_id, contract.amount)
    assert reserving.set_aside_for(project.number) == 0


def test_the_next_of_the_order_is_taken_by_two_people_and_awarded_anew(client):
    project = cancelled(*contracted())
    first = project.candidate()
    next_candidate.propose_next(project, by=purchases.officer(FIRST), reason="refused", why="12月1日来函放弃")
    with pytest.raises(NotNow, match="请先复核"):
        awarding.make_contract(project, by=purchases.officer(FIRST))
    with pytest.raises(NotYours):
        next_candidate.confirm_next(project, by=purchases.officer(FIRST))
    project = next_candidate.confirm_next(project, by=purchases.officer(SECOND))
    assert (project.status, project.awarded_at) == ("evaluated", None)
    project = awarding.award(project, by=purchases.officer(FIRST))
    winner = project.bids.get(status="awarded")
    assert winner.rank == 2 and winner.pk != first.pk
    assert days_to_sign(project).started_at >= project.awarded_at
    shown = client.get(project.public_address).content.decode()
    assert "成交供应商拒绝签订合同" in shown and "来函" not in shown
    with moments.as_of(moments.now() + timedelta(days=20)):
        scheduled.follow_the_clock()
        project = awarding.make_contract(Project.objects.get(pk=project.pk), by=purchases.officer(FIRST))
    contract = project.call_offs.order_by("-pk")[0].contract
    assert contract.provider_id == winner.provider_id


def test_a_winner_that_lost_its_standing_is_passed_over_before_a_contract_too():
    project = purchases.concluded()
    with pytest.raises(Refused, match="仍在准入名册"):
        next_taken(project, "standing")
    exited(project.candidate().provider)
    project = next_taken(project, "standing")
    exited(project.candidate().provider)
    with pytest.raises(Refused):
        awarding.award(project, by=purchases.officer(FIRST))
    project = next_taken(project, "standing")
    assert awarding.award(project, by=purchases.officer(FIRST)).status == "awarded"
    assert project.bids.get(status="awarded").rank == 3
    with pytest.raises(NotNow):
        next_taken(project)


def test_a_second_person_may_disagree_and_nothing_changes():
    project = purchases.concluded()
    project = next_candidate.propose_next(
        project, by=purchases.officer(FIRST), reason="refused", why="电话中说不签"
    )
    project = next_candidate.refuse_next(project, by=purchases.officer(SECOND), reason="有书面同意")
    assert (project.status, project.passing) == ("concluded", "")
    assert awarding.make_contract(project, by=purchases.officer(FIRST)).status == "contracted"


def test_it_fails_by_two_people_where_the_winner_fell_away_and_not_else():
    project = purchases.concluded()
    with pytest.raises(Refused, match="没有拒绝签约"):
        planning.propose_failure(project, by=purchases.officer(FIRST), reason="no_winner", why="不想买了")
    project = awarding.make_contract(project, by=purchases.officer(FIRST))
    project = cancelled(project, project.call_offs.get().contract)
    project = planning.propose_failure(
        project, by=purchases.officer(FIRST), reason="no_winner", why="三家都不再愿意"
    )
    project = planning.confirm_failure(project, by=purchases.officer(SECOND))
    assert (project.status, reserving.set_aside_for(project.number)) == ("failed", Decimal("0"))


def test_with_nobody_next_the_page_says_to_let_it_fail(client_of):
    project = purchases.concluded()
    project = next_taken_and_concluded(next_taken_and_concluded(project))
    answer = client_of(FIRST).post(
        f"{project.get_absolute_url()}propose-next/", {"reason": "refused", "why": "来函放弃", "key": "n"}
    )
    assert answer.status_code == 422
    assert "没有下一候选人" in answer.content.decode()


def next_taken_and_concluded(project: Project) -> Project:
    project = awarding.award(next_taken(project), by=purchases.officer(FIRST))
    return awarding.conclude(project, by=SYSTEM)


def test_the_purchase_tells_the_buyer_that_it_waits_again():
    project = cancelled(*contracted())
    told = Notice.objects.filter(lifecycle="procurement.Project", object_id=project.pk, role="civil_affairs")
    assert told.filter(texts__icontains="恢复待订合同").exists()


# --- the buyer's own days -----------------------------------------------------------------


@pytest.mark.parametrize("stage", [purchases.awarded, purchases.concluded, None])
def test_nobody_pauses_the_days_to_sign(stage, client_of):
    project = stage() if stage else contracted()[0]
    clock = days_to_sign(project)
    with pytest.raises(NotYours):
        clocks.pause(clock, by=purchases.officer(FIRST), cause="force_majeure", reason="还没有谈好")
    page = client_of(FIRST).get(project.get_absolute_url()).content.decode()
    assert f"/clocks/{clock.pk}/pause" not in page


def test_nobody_pauses_the_days_of_the_provider_to_sign_an_award():
    _project, contract = contracted()
    second = purchases.officer(SECOND)
    contract = signing.sign_as_buyer(contract, by=second, typed=second.name)
    clock = Clock.objects.get(lifecycle="contracts.Contract", object_id=contract.pk)
    with pytest.raises(NotYours):
        clocks.pause(clock, by=second, cause="force_majeure", reason="封路")


# --- a contract that never was ------------------------------------------------------------


def test_what_was_never_signed_is_not_settled_and_runs_no_clock(client_of):
    project, contract = contracted()
    page = client_of(FIRST).get(contract.get_absolute_url()).content.decode()
    assert "add-line/" not in page
    cancelled(project, contract)
    assert not Clock.objects.filter(
        lifecycle="contracts.Contract", object_id=contract.pk, stopped_at=None
    ).exists()
    page = client_of("caizheng").get(contract.get_absolute_url()).content.decode()
    assert "/settle/" not in page
    assert steps_for(factories.actor("caizheng"), contract) == set()
