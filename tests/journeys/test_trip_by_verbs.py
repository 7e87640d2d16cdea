"""The whole trip through the market, by the actions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.comments import commenting
from catalog.editions import counting, publishing
from catalog.items.models import Item
from catalog.offers import applying
from contracts.invoices import invoicing
from demo.starter.checks import all_right
from foundation import moments
from foundation.roles import Role
from organizations.people.models import Membership
from organizations.places.models import Place
from organizations.providers import accreditation
from referrals.answers import answering
from referrals.matching import ranking
from referrals.matters import intake
from referrals.offers import offering
from referrals.offers.ask import Ask
from referrals.service import delivery
from tests import factories
from tests.evaluations.judging import published
from tests.journeys.checks import everything_is_as_it_should_be

pytestmark = pytest.mark.story

PRICE, UNITS = Decimal("45"), 3


def test_from_the_catalog_to_the_closed_door(who):
    officer, second, window = who("minzheng"), who("minzheng2"), who("chuangkou")
    town, village = factories.town(), Place.objects.get(name="虹桥社区")

    # civil affairs publishes an edition: a body comments, a second person approves
    edition = publishing.draft(by=officer, title="新版目录")
    edition = publishing.open_consultation(edition, by=officer)
    comment = commenting.give(by=who("bumen"), edition=edition, text="建议明确取证要求")
    commenting.answer(comment, by=officer, text="已采纳")
    edition = publishing.submit_early(edition, by=officer, reason="各部门都已答复")
    counting.count_now(edition)
    publishing.approve(
        edition,
        by=second,
        document_number="澄民发〔2026〕108号",
        index_number="x/108",
        in_force_from=moments.today(),
    )
    publishing.bring_into_force()
    item = Item.objects.in_force().get(code="B01.01")
    assert item.edition.title == "新版目录"

    # a provider is accredited, and holds an offer and a contract line with quota
    provider = accreditation.register(
        by=officer,
        name="江阴新苗社工服务中心",
        credit_code=factories.new_credit_code(),
        nature="social_work_agency",
        place=town,
        serves=[town],
    )
    factories.certified(provider)
    provider = accreditation.check_documents(provider, by=officer, findings=all_right())
    provider = accreditation.accredit(provider, by=second, until=moments.today() + timedelta(days=1000))
    for role in (Role.COORDINATOR, Role.SOCIAL_WORKER):
        factories.PersonOf(role=role, role__organization=provider.organization)
    coordinator = factories.member_of(provider)
    worker = factories.member_of(provider, Role.SOCIAL_WORKER)
    offer = applying.apply(by=coordinator, item=item, places=5, weekly=20, price=PRICE, staff="持证 4 人")
    applying.accept(offer, by=officer)
    contract = factories.ContractInForce(provider=provider, unit_price=PRICE, quota=100)

    # the window takes in a household and refers it
    matter = intake.accept_application(
        by=window,
        name="王小明",
        id_number=factories.new_id_number(),
        needs=["care"],
        place=village,
        category="extremely_poor",
        size=1,
        monthly_income=Decimal("900"),
        phone="13800000000",
        address="示例路 1 号",
        story="老伴卧床",
        consent=True,
    )
    need = matter.needs.get()
    chosen = ranking.rank(need, units=UNITS).find(offer.pk)
    assert chosen.why_not == ()
    referral = offering.send(
        need,
        by=window,
        offer_id=offer.pk,
        ask=Ask(units=UNITS, goal="在家有人照应"),
        choice_reason="家庭选择",
    )

    # the provider accepts and delivers
    membership = Membership.objects.get(organization=provider.organization, role=Role.SOCIAL_WORKER)
    referral = offering.accept(referral, by=coordinator, worker=membership)
    referral = delivery.plan(referral, by=worker, plan_text="每周一次")
    for _ in range(UNITS):
        referral = delivery.record_visit(
            referral, by=worker, on=moments.today(), units=1, note="平稳", confirmed=True
        )
    referral = delivery.complete(referral, by=worker, outcome="照应不稳定", goal_level=2)

    # the household gets its answer, is asked, and everything is closed
    referral = answering.feed_back_service(referral, by=coordinator, words="您家里有人照应了")
    need.refresh_from_db()
    account = factories.account_of(matter.household)
    answering.rate(need, by=account, score=2, words="常常没有来")
    answering.close_referral(referral, by=window)
    need.refresh_from_db()
    answering.close(need, by=window)

    # the work is paid
    invoice = invoicing.draw_up(by=coordinator, contract=contract)
    factories.paid(invoice)

    # evaluators score it, and fail it
    published([provider], 1)

    everything_is_as_it_should_be(referral, contract, provider, units=UNITS, price=PRICE)
