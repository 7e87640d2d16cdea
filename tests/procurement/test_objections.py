"""Questions are answered to all, objections stop the contract, complaints go to finance."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from contracts.contracts import signing
from contracts.contracts.models import Contract
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock
from foundation.inbox.models import Notice
from foundation.refusals import NotNow, NotYours, Refused
from foundation.work_items.models import WorkItem
from procurement.awards import awarding
from procurement.objections import objecting
from procurement.purchases import scheduled
from procurement.purchases.models import Project
from procurement.questions import asking
from procurement.questions.models import Question
from tests import factories
from tests.procurement import purchases


def ask(project: Project, provider=None) -> Question:
    provider = provider or factories.AccreditedProvider()
    return asking.ask(by=factories.member_of(provider), project=project, text="夜间上门怎么计价？")


def answer(question: Question, changes_bids: bool) -> Question:
    return asking.answer(
        question, by=purchases.officer(), answer_text="不另计价。", changes_bids=changes_bids
    )


# --- questions --------------------------------------------------------------------------


def test_an_answer_that_changes_bids_moves_the_deadline_when_too_little_time_is_left():
    project = purchases.published(days=12)
    question = ask(project)
    before = project.bids_until
    with moments.as_of(before - timedelta(days=6)):
        answer(ask(project), changes_bids=True)
    project.refresh_from_db()
    assert project.bids_until == before
    with moments.as_of(before - timedelta(days=2)):
        answer(question, changes_bids=True)
    project.refresh_from_db()
    assert project.bids_until == before + timedelta(days=3)


def test_an_answer_that_changes_nothing_leaves_the_deadline():
    project = purchases.published(days=12)
    question = ask(project)
    with moments.as_of(project.bids_until - timedelta(days=1)):
        answer(question, changes_bids=False)
    assert Project.objects.get(pk=project.pk).bids_until == project.bids_until


def test_everybody_reads_the_answer_and_nobody_who_asked(client):
    project = purchases.published()
    provider = factories.AccreditedProvider(name="好问社工中心")
    answer(ask(project, provider), changes_bids=False)
    page = client.get(project.public_address).content.decode()
    assert "夜间上门怎么计价" in page and "不另计价" in page
    assert "好问社工中心" not in page


def test_nobody_asks_after_the_deadline():
    project = purchases.published()
    with moments.as_of(purchases.after(project)), pytest.raises(NotNow):
        ask(project)


# --- objections -------------------------------------------------------------------------


def loser_of(project: Project):
    return project.bids.filter(status="lost").order_by("rank")[0].provider


def objection(project: Project, provider=None):
    by = factories.member_of(provider or loser_of(project))
    return objecting.raise_objection(by=by, project=project, grounds="成交机构没有所需资质。")


def test_the_row_of_an_objection_leads_to_its_page_where_both_answers_stand(client_of):
    raised = objection(purchases.awarded())
    officers = WorkItem.objects.to_do(purchases.officer()).filter(lifecycle="procurement.Objection")
    item = officers.get(object_id=raised.pk)
    assert (item.step, item.address) == ("answer", raised.get_absolute_url())
    page = client_of("minzheng").get(item.address).content.decode()
    assert "答复：不成立" in page and "提出质疑成立" in page
    objecting.propose_upholding(raised, by=purchases.officer(), reason="资质过期")
    second = WorkItem.objects.to_do(purchases.officer("minzheng2")).get(object_id=raised.pk, step="uphold")
    assert second.lifecycle == "procurement.Objection"
    assert not officers.filter(object_id=raised.pk).exists()


def test_only_who_bid_objects_and_only_in_time():
    project = purchases.awarded()
    with pytest.raises(NotYours):
        objection(project, factories.AccreditedProvider())
    with moments.as_of(moments.now() + timedelta(days=20)), pytest.raises(NotNow):
        objection(project)
    assert objection(project).status == "raised"


def test_an_open_objection_keeps_the_award_from_becoming_a_contract():
    project = purchases.awarded()
    raised = objection(project)
    with moments.as_of(moments.now() + timedelta(days=20)):
        scheduled.follow_the_clock()
        assert Project.objects.get(pk=project.pk).status == "awarded"
        objecting.dismiss(raised, by=purchases.officer(), reason="资质齐全")
        scheduled.follow_the_clock()
    project.refresh_from_db()
    assert project.status == "concluded"


def test_an_objection_that_is_right_withdraws_the_award_and_the_next_one_may_win():
    project = purchases.awarded(prices=("45", "48", "40", "46"))
    won = project.bids.get(status="awarded")
    purchases.upheld(objection(project), "资质过期")
    project.refresh_from_db()
    won.refresh_from_db()
    assert (project.status, won.status, won.why) == ("evaluated", "rejected", "资质过期")
    project = awarding.award(project, by=purchases.officer())
    assert project.bids.get(status="awarded").rank == 2


def test_a_complaint_goes_to_finance_who_may_withdraw_the_award():
    project = purchases.awarded(prices=("45", "48", "40", "46"))
    raised = objection(project)
    by = factories.member_of(raised.provider)
    objecting.dismiss(raised, by=purchases.officer(), reason="资质齐全")
    raised.refresh_from_db()
    complained = objecting.complain(raised, by=by, reason="证书是伪造的")
    with moments.as_of(moments.now() + timedelta(days=20)):
        scheduled.follow_the_clock()
    project.refresh_from_db()
    assert project.status == "awarded"
    with pytest.raises(NotYours):
        objecting.grant(complained, by=purchases.officer(), reason="属实")
    objecting.grant(complained, by=factories.actor("caizheng"), reason="属实")
    project.refresh_from_db()
    assert project.status == "evaluated"


def test_a_complaint_comes_within_fifteen_working_days():
    project = purchases.awarded()
    raised = objection(project)
    objecting.dismiss(raised, by=purchases.officer(), reason="资质齐全")
    raised.refresh_from_db()
    by = factories.member_of(raised.provider)
    with moments.as_of(moments.now() + timedelta(days=40)), pytest.raises(NotNow):
        objecting.complain(raised, by=by, reason="迟了")


def test_a_right_objection_to_a_single_source_ends_it():
    provider = factories.AccreditedProvider()
    item = {"code": "D02.01", "limit_price": 150, "quota": 100}
    project = purchases.published(purchases.planned("single", **item), invited=[provider])
    other = factories.AccreditedProvider()
    raised = objection(project, other)
    purchases.bid_by(project, provider, "140")
    project = purchases.closed(project, prices=())
    with moments.as_of(purchases.after(project, minutes=5)):
        purchases.turned(project)
        with pytest.raises(Refused, match="质疑没有答复"):
            purchases.bidding.open_bids(project, by=purchases.officer())
    purchases.upheld(raised, "确有三家能做")
    project = Project.objects.get(pk=project.pk)
    assert (project.status, project.outcome) == ("failed", "质疑成立：确有三家能做")


def test_a_second_right_objection_to_the_same_award_changes_nothing_more():
    project = purchases.awarded(prices=("45", "48", "40", "46"))
    first = objection(project)
    second = objection(project, project.bids.filter(status="lost").order_by("-rank")[0].provider)
    purchases.upheld(first, "资质过期")
    purchases.upheld(second, "资质过期")
    assert Project.objects.get(pk=project.pk).status == "evaluated"


def test_a_right_objection_while_a_single_source_is_public_fails_it():
    provider = factories.AccreditedProvider()
    item = {"code": "D02.01", "limit_price": 150, "quota": 100}
    project = purchases.published(purchases.planned("single", **item), invited=[provider])
    raised = objection(project, factories.AccreditedProvider())
    purchases.upheld(raised, "确有三家能做")
    project.refresh_from_db()
    assert (project.status, project.outcome) == ("failed", "质疑成立：确有三家能做")


# --- two people, and one award at a time ------------------------------------------------


def four() -> Project:
    return purchases.awarded(prices=("45", "48", "40", "46"))


def test_one_person_alone_does_not_undo_an_award(client_of):
    project = four()
    raised = objection(project)
    with pytest.raises(NotNow, match="还没有人提出"):
        objecting.uphold(raised, by=purchases.officer())
    raised = objecting.propose_upholding(raised, by=purchases.officer(), reason="资质过期")
    with pytest.raises(NotYours):
        objecting.uphold(raised, by=purchases.officer())
    with pytest.raises(NotNow):
        objecting.dismiss(raised, by=purchases.officer("minzheng2"), reason="资质齐全")
    answer = client_of("minzheng").post(f"/api/v1/objections/{raised.pk}/uphold", "{}", "application/json")
    assert answer.status_code == 403
    project.refresh_from_db()
    assert (project.status, raised.status) == ("awarded", "raised")


def test_what_the_buyer_considers_is_not_told_to_the_bidder_before_the_answer(client_of):
    raised = objection(four())
    raised = objecting.propose_upholding(raised, by=purchases.officer(), reason="资质存疑")
    client = Client()
    client.force_login(factories.user_of(raised.provider))
    for address in (raised.get_absolute_url(), f"/api/v1/objections/{raised.pk}"):
        shown = client.get(address)
        assert shown.status_code == 200
        assert "资质存疑" not in shown.content.decode() and "待另一人复核" not in shown.content.decode()
    assert "资质存疑" in client_of("minzheng2").get(raised.get_absolute_url()).content.decode()


def test_a_refused_proposal_is_answered_anew():
    project = four()
    raised = objecting.propose_upholding(objection(project), by=purchases.officer(), reason="x")
    second = purchases.officer("minzheng2")
    raised = objecting.refuse_upholding(raised, by=second, reason="资质在有效期内")
    raised = objecting.dismiss(raised, by=second, reason="资质齐全")
    assert raised.status == "dismissed"
    assert Project.objects.get(pk=project.pk).status == "awarded"


@pytest.mark.parametrize("answer", ["upheld", "granted"])
def test_an_objection_to_an_award_that_is_gone_does_not_undo_the_next(answer):
    project = four()
    first, *others = (bid.provider for bid in project.bids.filter(status="lost").order_by("rank"))
    right, late = objection(project, first), objection(project, others[-1])
    if answer == "granted":
        late = objecting.dismiss(late, by=purchases.officer(), reason="齐全")
    with moments.as_of(moments.now() + timedelta(minutes=5)):
        purchases.upheld(right, "资质过期")
        project = awarding.award(Project.objects.get(pk=project.pk), by=purchases.officer())
        winner = project.bids.get(status="awarded")
        if answer == "granted":
            by = factories.member_of(late.provider)
            late = objecting.complain(late, by=by, reason="证书是伪造的")
            done = objecting.grant(late, by=factories.actor("caizheng"), reason="属实")
            assert "不因此自动撤销" in done.done_otherwise
        else:
            purchases.upheld(late, "资质过期")
    project.refresh_from_db()
    winner.refresh_from_db()
    assert (project.status, winner.status) == ("awarded", "awarded")


def complained_of(project: Project):
    """Dismissed, the award stands; then the bidder goes to finance."""
    raised = objecting.dismiss(objection(project), by=purchases.officer(), reason="资质齐全")
    by = factories.member_of(raised.provider)
    return lambda: objecting.complain(raised, by=by, reason="证书是伪造的")


@pytest.mark.parametrize("signed", [False, True])
def test_a_complaint_that_is_right_drops_a_contract_that_not_both_have_signed(signed):
    project = four()
    complain = complained_of(project)
    with moments.as_of(moments.now() + timedelta(days=16)):
        scheduled.follow_the_clock()
        project = awarding.make_contract(Project.objects.get(pk=project.pk), by=purchases.officer())
        second = purchases.officer("minzheng2")
        contract = Contract.objects.get(purchase=project.number)
        contract = signing.sign_as_buyer(contract, by=second, typed=second.name)
        if signed:
            member = factories.member_of(contract.provider)
            signing.sign_as_provider(contract, by=member, typed=member.name)
        done = objecting.grant(complain(), by=factories.actor("caizheng"), reason="属实")
    project.refresh_from_db()
    contract.refresh_from_db()
    if signed:
        assert (project.status, contract.status) == ("contracted", "signed")
        assert "不因此自动撤销" in done.done_otherwise
        told = Notice.objects.visible_to(purchases.officer()).filter(object_id=project.pk)
        assert told.filter(texts__icontains="合同已经签署").exists()
    else:
        assert (project.status, contract.status) == ("evaluated", "dropped")
        assert project.bids.get(rank=1).status == "rejected"


def test_the_buyer_does_not_let_the_days_of_a_complaint_about_it_stand_still():
    project = four()
    complained = complained_of(project)()
    clock = Clock.objects.running_on([complained])[complained.pk][0]
    for name in ("minzheng", "minzheng2", "caizheng"):
        with pytest.raises(NotYours):
            clocks.pause(clock, by=factories.actor(name), cause="outside_answer", reason="等答复")
