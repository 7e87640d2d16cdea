"""Questions are answered to all, objections stop the contract, complaints go to finance."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation import moments
from foundation.refusals import NotNow, NotYours, Refused
from procurement import asking, awarding, following, objecting
from procurement.models import Project, Question
from tests import factories
from tests.procurement import purchases


def ask(project: Project, provider=None) -> Question:
    provider = provider or factories.AccreditedProvider()
    return asking.ask(by=factories.member_of(provider), project=project, text="夜间上门怎么计价?")


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
        following.follow_the_clock()
        assert Project.objects.get(pk=project.pk).status == "awarded"
        objecting.dismiss(raised, by=purchases.officer(), reason="资质齐全")
        following.follow_the_clock()
    project.refresh_from_db()
    assert project.status == "concluded"


def test_an_objection_that_is_right_withdraws_the_award_and_the_next_one_may_win():
    project = purchases.awarded(prices=("45", "48", "40", "46"))
    won = project.bids.get(status="awarded")
    objecting.uphold(objection(project), by=purchases.officer(), reason="资质过期")
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
        following.follow_the_clock()
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
    objecting.uphold(raised, by=purchases.officer(), reason="确有三家能做")
    project = Project.objects.get(pk=project.pk)
    assert (project.status, project.outcome) == ("failed", "质疑成立:确有三家能做")


def test_a_second_right_objection_to_the_same_award_changes_nothing_more():
    project = purchases.awarded(prices=("45", "48", "40", "46"))
    first = objection(project)
    second = objection(project, project.bids.filter(status="lost").order_by("-rank")[0].provider)
    objecting.uphold(first, by=purchases.officer(), reason="资质过期")
    objecting.uphold(second, by=purchases.officer(), reason="资质过期")
    assert Project.objects.get(pk=project.pk).status == "evaluated"


def test_a_right_objection_while_a_single_source_is_public_fails_it():
    provider = factories.AccreditedProvider()
    item = {"code": "D02.01", "limit_price": 150, "quota": 100}
    project = purchases.published(purchases.planned("single", **item), invited=[provider])
    raised = objection(project, factories.AccreditedProvider())
    objecting.uphold(raised, by=purchases.officer(), reason="确有三家能做")
    project.refresh_from_db()
    assert (project.status, project.outcome) == ("failed", "质疑成立:确有三家能做")
