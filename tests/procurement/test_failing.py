"""A purchase fails on the law's grounds alone, by two people, by what the bids bear out; what an
objection strikes is asked anew; the days to sign run from the award.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from contracts.budgets import reserving
from contracts.contracts import signing
from contracts.contracts.models import Contract
from foundation import moments
from foundation.deadlines.models import Clock
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from procurement.awards import awarding
from procurement.bids import bidding
from procurement.bids.states import CANDIDATE, BidStatus
from procurement.objections import objecting
from procurement.oversight.models import RedFlag
from procurement.panel import scoring
from procurement.panel.models import PanelSeat
from procurement.phases import VALID
from procurement.purchases import planning, scheduled
from procurement.purchases.models import Project
from tests import factories
from tests.procurement import purchases

FIRST, SECOND = "minzheng", "minzheng2"
STAGES = {
    "open": purchases.published,
    "closed": purchases.closed,
    "opened": purchases.opened,
    "evaluating": purchases.evaluating,
    "evaluated": purchases.evaluated,
    "concluded": purchases.concluded,
}


def propose(project: Project, ground: str = "major_change", name: str = FIRST) -> Project:
    return planning.propose_failure(
        project, by=purchases.officer(name), reason=ground, why="上级取消了这项任务"
    )


def confirm(project: Project, name: str = SECOND) -> Project:
    return planning.confirm_failure(project, by=purchases.officer(name))


def test_grounds_look_at_every_bid_that_may_get_the_contract():
    assert BidStatus.with_trait(CANDIDATE) <= BidStatus.in_phase(VALID)


@pytest.mark.parametrize("stage", STAGES)
def test_no_single_person_of_the_buyer_ends_a_published_purchase(stage, api_of):
    project = STAGES[stage]()
    held = reserving.set_aside_for(project.number)
    with pytest.raises(NotYours):
        planning.fail(project, by=purchases.officer(), reason="需求变化")
    with pytest.raises(NotNow):
        planning.cancel(project, by=purchases.officer(), reason="需求变化")
    with pytest.raises(NotNow):
        confirm(project, FIRST)
    proposed = propose(project)
    assert (proposed.status, proposed.outcome) == (project.status, "")
    answer = api_of(FIRST).post(f"/api/v1/projects/{project.number}/confirm_failure")
    assert answer.status_code == 403
    assert reserving.set_aside_for(project.number) == held
    failed = confirm(project)
    assert failed.status == "failed"
    assert reserving.set_aside_for(project.number) == 0


def test_the_ground_is_one_of_the_law_and_stands_on_the_notice_board(client, client_of):
    project = purchases.evaluated()
    page = client_of(FIRST)
    address = f"{project.get_absolute_url()}propose-failure/"
    answer = page.post(address, {"reason": "需求变化", "why": "x", "key": "a"})
    assert answer.status_code == 422
    page.post(address, {"reason": "unlawful", "why": "两家由同一人编制投标文件", "key": "b"})
    assert "两家由同一人" not in client.get(project.public_address).content.decode()
    confirm(project)
    shown = client.get(project.public_address).content.decode()
    assert "违法、违规行为" in shown and "两家由同一人编制投标文件" in shown


def test_a_ground_that_the_bids_do_not_bear_out_is_refused():
    project = purchases.evaluated()
    with pytest.raises(Refused, match="有效的投标有 3 家"):
        propose(project, "too_few")
    with pytest.raises(Refused, match="不是所有报价都超过预算"):
        propose(project, "over_budget")
    with pytest.raises(Refused, match="还没有截止"):
        propose(purchases.published(), "too_few")


def test_it_is_asked_again_when_the_second_person_decides():
    project = purchases.opened()
    first, *rest = project.bids.order_by("pk")
    bidding.reject(first, by=purchases.officer(), reason="没有执业证")
    project = propose(project, "too_few")
    assert confirm(project).outcome.startswith("符合条件的供应商")
    assert len(rest) == 2


def test_one_who_proposed_does_not_take_back_for_the_other_and_a_refusal_lets_it_go_on():
    project = propose(purchases.evaluated())
    with pytest.raises(NotYours):
        planning.refuse_failure(project, by=purchases.officer(FIRST), reason="x")
    with pytest.raises(NotNow, match="请先复核"):
        awarding.award(project, by=purchases.officer())
    project = planning.refuse_failure(project, by=purchases.officer(SECOND), reason="任务还在")
    assert awarding.award(project, by=purchases.officer()).status == "awarded"


@pytest.mark.parametrize("again", [FIRST, SECOND])
def test_after_a_refusal_either_may_propose_again_and_the_other_decides(again):
    other = SECOND if again == FIRST else FIRST
    project = propose(purchases.evaluated())
    project = planning.refuse_failure(project, by=purchases.officer(SECOND), reason="任务还在")
    project = propose(project, name=again)
    with pytest.raises(NotYours, match="另一人"):
        confirm(project, again)
    with pytest.raises(NotYours, match="另一人"):
        planning.refuse_failure(project, by=purchases.officer(again), reason="x")
    assert confirm(project, other).status == "failed"


@pytest.mark.parametrize("again", [FIRST, SECOND])
def test_a_replacement_that_was_refused_may_be_proposed_again_by_either(again):
    other = SECOND if again == FIRST else FIRST
    project = purchases.evaluating()
    seat = project.panelseats.order_by("draw_number")[0]
    factories.PersonOf(role="evaluator", role__organization=seat.organization)
    given = {"reason": "ill", "why": "住院"}
    seat = scoring.propose_excuse(seat, by=purchases.officer(FIRST), **given)
    seat = scoring.refuse_excuse(seat, by=purchases.officer(SECOND), reason="已出院")
    seat = scoring.propose_excuse(seat, by=purchases.officer(again), **given)
    with pytest.raises(NotYours, match="另一人"):
        scoring.excuse(seat, by=purchases.officer(again))
    assert scoring.excuse(seat, by=purchases.officer(other)).status == "excused"


def test_too_few_at_the_deadline_fail_with_the_closing_or_not_at_all(monkeypatch):
    project = purchases.published()
    purchases.bid_by(project, factories.AccreditedProvider())
    monkeypatch.setattr(reserving, "unplan", lambda purpose: 1 / 0)
    with moments.as_of(purchases.after(project)):
        scheduled.follow_the_clock()
    assert Project.objects.get(pk=project.pk).status == "open"
    monkeypatch.undo()
    with moments.as_of(purchases.after(project)):
        scheduled.follow_the_clock()
    project.refresh_from_db()
    assert (project.status, project.failing) == ("failed", "too_few")


# --- after an objection -----------------------------------------------------------------


def upheld(project: Project) -> Project:
    loser = project.bids.filter(status="lost").order_by("rank")[0].provider
    raised = objecting.raise_objection(
        by=factories.member_of(loser), project=project, grounds="成交机构没有所需资质。"
    )
    purchases.upheld(raised, "资质过期")
    return Project.objects.get(pk=project.pk)


def test_with_fewer_left_than_the_method_demands_nobody_is_awarded():
    project = upheld(purchases.awarded())
    assert (project.status, project.failing) == ("failed", "too_few")
    assert "只剩 2 家" in project.outcome
    with pytest.raises(NotNow):
        awarding.award(project, by=purchases.officer())


def test_price_points_are_those_of_the_bids_that_are_left():
    project = upheld(purchases.awarded(prices=("40", "45", "48", "50")))
    assert project.status == "evaluated"
    left = project.bids.filter(status="qualified").order_by("rank")
    assert [each.rank for each in left] == [2, 3, 4]
    assert left[0].price_score == Decimal("30.00")
    assert left[1].price_score == Decimal("28.13")


# --- the days to sign -------------------------------------------------------------------


def day_of(clock: Clock) -> str:
    return clock.due_at.astimezone(moments.SHANGHAI).strftime("%Y-%m-%d")


def test_thirty_days_run_from_the_award_across_objections_and_the_draft():
    project = purchases.evaluated()
    at = datetime(2026, 12, 1, 10, tzinfo=moments.SHANGHAI)
    with moments.as_of(at):
        project = awarding.award(project, by=purchases.officer())
    running = Clock.objects.filter(lifecycle="procurement.Project", object_id=project.pk)
    clock = running.get(rule_key="procurement.contract")
    assert day_of(clock) == "2027-01-01"
    with moments.as_of(at + timedelta(days=20)):
        scheduled.follow_the_clock()
        project = awarding.make_contract(Project.objects.get(pk=project.pk), by=purchases.officer())
        contract, second = project.call_offs.get().contract, purchases.officer(SECOND)
        contract = signing.sign_as_buyer(contract, by=second, typed=second.name)
        offered = Clock.objects.get(lifecycle="contracts.Contract", object_id=contract.pk, state="offered")
        assert day_of(offered) == "2027-01-01"
        clock.refresh_from_db()
        assert clock.stopped_at is None
        other = factories.member_of(contract.provider)
        signing.sign_as_provider(contract, by=other, typed=other.name)
    clock.refresh_from_db()
    assert clock.stopped_at is not None


def test_a_withdrawn_award_stops_the_days():
    project = upheld(purchases.awarded(prices=("40", "45", "48", "50")))
    running = Clock.objects.filter(lifecycle="procurement.Project", object_id=project.pk)
    assert running.get(rule_key="procurement.contract").stopped_at is not None


# --- the contract is the award ----------------------------------------------------------


def made() -> Contract:
    project = awarding.make_contract(purchases.concluded(), by=purchases.officer())
    return project.call_offs.get().contract


def test_nobody_adds_to_the_contract_of_an_award(client_of, api_of):
    contract = made()
    item = contract.lines.get().item
    sent = {"item": item.pk, "unit_price": "70", "quota": 5000}
    page = client_of(FIRST).post(f"{contract.get_absolute_url()}add-line/", {**sent, "key": "k"})
    assert page.status_code == 422
    answer = api_of(FIRST).post(f"/api/v1/contracts/{contract.number}/add_line", sent, format="json")
    assert answer.status_code in (400, 409, 422), answer.content
    contract.refresh_from_db()
    assert (contract.amount, contract.awarded_amount) == (40000, 40000)
    assert contract.lines.count() == 1


def test_whoever_drafted_it_neither_signs_nor_cancels_it():
    contract, first = made(), purchases.officer(FIRST)
    with pytest.raises(NotYours, match="另一人"):
        signing.sign_as_buyer(contract, by=first, typed=first.name)
    with pytest.raises(NotYours, match="另一人"):
        signing.cancel(contract, by=first, reason="不签了")


# --- experts ----------------------------------------------------------------------------


def test_an_expert_is_replaced_by_two_people_on_a_listed_ground(api_of):
    project = purchases.evaluating()
    seat = project.panelseats.order_by("draw_number")[0]
    factories.PersonOf(role="evaluator", role__organization=seat.organization)
    with pytest.raises(Invalid):
        scoring.propose_excuse(seat, by=purchases.officer(), reason="有事", why="x")
    with pytest.raises(NotNow):
        scoring.excuse(seat, by=purchases.officer())
    scoring.propose_excuse(seat, by=purchases.officer(), reason="unreachable", why="三次未接")
    assert api_of(FIRST).post(f"/api/v1/panel-seats/{seat.pk}/excuse").status_code == 403
    assert PanelSeat.objects.get(pk=seat.pk).status == "drawn"
    scoring.excuse(seat, by=purchases.officer(SECOND))
    new = project.panelseats.exclude(pk=seat.pk).order_by("-draw_number")[0]
    assert new.seed and new.seed != project.panel_seed


def test_who_comes_next_does_not_follow_from_the_seed_that_the_buyer_sees():
    project = purchases.evaluating()
    seat = project.panelseats.order_by("draw_number")[0]
    for _ in range(20):
        factories.PersonOf(role="evaluator", role__organization=seat.organization)
    drawn = set()
    for each in range(4):
        seat = project.panelseats.exclude(status="excused").order_by("-draw_number")[0]
        purchases.replaced(seat, ground="ill")
        new = project.panelseats.order_by("-draw_number")[0]
        drawn.add(new.seed)
        assert new.draw_number == 4 + each
    assert len(drawn) == 4
    assert RedFlag.objects.about(project).filter(code="LD06").exists()


def test_a_replacement_once_is_no_flag_and_a_declared_tie_neither():
    project = purchases.evaluating()
    seat = project.panelseats.order_by("draw_number")[0]
    factories.PersonOf(role="evaluator", role__organization=seat.organization)
    purchases.replaced(seat)
    assert not RedFlag.objects.about(project).filter(code="LD06").exists()
