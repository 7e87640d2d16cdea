"""Notice, opening and award as documents: what they say, and to whom."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from foundation.documents import making
from foundation.refusals import NotYours
from procurement.purchases.documents import AWARD_NOTICE, OPENING_RECORD, TENDER_NOTICE
from tests import factories
from tests.procurement import purchases


def words_of(kind, project, by="minzheng") -> str:
    document = making.made(kind, project, by=factories.actor(by))
    pages = PdfReader(io.BytesIO(document.content())).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def test_the_notice_says_what_is_bought_until_when_and_how_it_is_judged():
    project = purchases.published(papers=["licence"])
    shown = words_of(TENDER_NOTICE, project)
    for words in ("居家照料服务采购", "竞争性磋商", "服务方案", "登记证书或营业执照", "价格分 30 分"):
        assert words in shown
    assert making.KINDS["tender-notice"].open_to(project, None)


def test_the_record_of_the_opening_names_who_came_and_what_was_read():
    project = purchases.opened()
    came = [keyholder.person.full_name for keyholder in project.keyholders.select_related("person")][:2]
    (absent,) = [
        keyholder.person.full_name
        for keyholder in project.keyholders.select_related("person")
        if keyholder.person.full_name not in came
    ]
    shown = words_of(OPENING_RECORD, project)
    assert all(name in shown for name in came)
    assert absent not in shown
    for bid in project.bids.all():
        assert f"{bid.price:,.2f}" in shown
        assert bid.digest[:20] in shown
    bidder = factories.member_of(project.bids.first().provider)
    with pytest.raises(NotYours):
        making.made(OPENING_RECORD, purchases.published(), by=bidder)


def test_the_award_is_told_with_everybodys_scores_the_experts_and_the_seed():
    project = purchases.awarded()
    shown = words_of(AWARD_NOTICE, project)
    for bid in project.bids.all():
        assert str(bid.provider) in shown and f"{bid.score}" in shown
    assert project.panel_seed in shown
    for seat in project.panelseats.select_related("person"):
        assert seat.person.full_name in shown
    assert making.KINDS["award-notice"].open_to(project, None)


def test_an_invitation_is_no_public_notice_before_it_is_decided():
    invited = [factories.AccreditedProvider() for _ in range(3)]
    project = purchases.planned("inquiry", code="D02.01", limit_price=150, quota=9)
    project = purchases.published(project, invited=invited)
    assert not making.KINDS["tender-notice"].open_to(project, None)
