"""Providers apply for items, renew with the catalog; places never go below zero."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from catalog.editions import publishing
from catalog.items.models import Item
from catalog.offers import applying, renewal
from catalog.offers.models import Offer, OfferDocument
from demo.starter.provider_documents import PAGE
from foundation import moments
from foundation.deadlines.models import Clock
from foundation.personal_data import keys
from foundation.refusals import Exhausted, Invalid, NotNow, NotYours, Refused
from foundation.roles import SYSTEM
from foundation.work_items.models import WorkItem
from organizations.providers import standing
from tests import factories
from tests.following import stale_items
from tests.racing import at_once, refused

PDF = PAGE + "% 持证名单：张三".encode()


def applied(provider, **given):
    given = {
        "item": Item.objects.in_force().get(code="B01.01"),
        "places": 3,
        "weekly": 12,
        "price": Decimal("40"),
        "staff": "持证 2 人",
        **given,
    }
    return applying.apply(by=factories.member_of(provider), **given)


def renewed(offer, **given):
    given = {
        "places": 5,
        "weekly": 10,
        "price": Decimal("40"),
        "staff": "持证 3 人",
        "confirmed": True,
        **given,
    }
    return applying.renew(Offer.objects.get(pk=offer.pk), by=factories.member_of(offer.provider), **given)


# --- applying ----------------------------------------------------------------------------


def test_a_price_over_the_ceiling_is_refused_at_its_field():
    with pytest.raises(Invalid) as refusal:
        applied(factories.AccreditedProvider(), price=Decimal("73"))
    assert "72 元" in str(refusal.value.fields["price"])


def test_the_same_item_is_not_offered_twice():
    provider = factories.AccreditedProvider()
    applied(provider)
    with pytest.raises(Invalid):
        applied(provider)


def test_the_same_item_is_not_offered_twice_at_once(own_database):
    provider = factories.AccreditedProvider()
    assert refused(at_once([lambda: applied(provider)] * 4), Invalid) == 3


def test_an_item_of_another_edition_and_a_relief_fund_are_not_offered():
    provider = factories.AccreditedProvider()
    factories.PublishedEdition()
    old = Item.objects.get(edition__status="superseded", code="B01.01")
    for item in (old, Item.objects.in_force().get(code="E01.04")):
        with pytest.raises(Invalid) as refusal:
            applied(provider, item=item)
        assert "item" in refusal.value.fields


def test_hours_that_end_before_they_begin_are_refused():
    with pytest.raises(Invalid) as refusal:
        applied(factories.AccreditedProvider(), opens_at=time(18), closes_at=time(9))
    assert "closes_at" in refusal.value.fields


def test_a_suspended_provider_applies_for_nothing(who):
    provider = factories.AccreditedProvider()
    standing.suspend(provider, by=who("minzheng"), reason="整改")
    with pytest.raises(Refused):
        applied(provider)


def test_only_civil_affairs_accepts_and_a_refusal_has_its_reason(who):
    offer = applied(factories.AccreditedProvider())
    with pytest.raises(NotYours):
        applying.accept(offer, by=factories.member_of(offer.provider))
    assert applying.refuse(offer, by=who("minzheng"), reason="人员资质不足").status == "refused"


def test_an_offer_of_a_provider_suspended_meanwhile_is_not_accepted(who):
    offer = applied(factories.AccreditedProvider())
    standing.suspend(offer.provider, by=who("minzheng"), reason="整改")
    with pytest.raises(Refused, match="已暂停"):
        applying.accept(Offer.objects.get(pk=offer.pk), by=who("minzheng"))


def test_papers_are_kept_encrypted_and_opened_by_those_who_review_them_and_their_provider(client_of, client):
    coordinator = client_of("jigou")
    item = Item.objects.in_force().get(code="C01.03")
    answer = coordinator.post(
        "/offers/new/apply/",
        {
            "item": item.pk,
            "places": "4",
            "weekly": "8",
            "price": "200",
            "staff": "咨询师 2 名",
            "opens_at": "09:00",
            "closes_at": "18:00",
            "key": "k1",
            "papers": [SimpleUploadedFile("证书.pdf", PDF), SimpleUploadedFile("二.pdf", PDF)],
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    offer = Offer.objects.latest("pk")
    paper = offer.papers.first()
    assert (paper.name, offer.papers.count()) == ("证书.pdf", 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM catalog_offerdocument WHERE id = %s", [paper.pk])
        assert b"PDF" not in bytes(cursor.fetchone()[0])
    address = f"/offers/{offer.pk}/papers/{paper.pk}/"
    assert coordinator.get(address).content == PDF
    assert client_of("minzheng").get(address).content == PDF
    assert client_of("jigou2").get(address).status_code == 404
    assert client.get(address).status_code == 302


def test_whoever_compares_offers_reads_nothing_of_their_papers(client_of):
    offer = factories.AcceptedOffer()
    sealed = keys.encrypt(b"PDF", "catalog_offerdocument.sealed")
    OfferDocument.objects.create(offer=offer, name="名单.pdf", kind="pdf", size=3, sealed=sealed)
    pages = (f"/offers/{offer.pk}/", f"/api/v1/offers/{offer.pk}", "/api/v1/offers")
    for username, reads in (("minzheng", True), ("shenji", True), ("chuangkou", False), ("caizheng", False)):
        shown = [client_of(username).get(address).content.decode() for address in pages]
        told = [("名单.pdf" in page, "papers" in page) for page in shown]
        assert told == [(reads, reads), (reads, reads), (False, reads)], username  # a list names no parts
    assert client_of("chuangkou").get(f"/offers/{offer.pk}/papers/1/").status_code == 403


def test_a_list_without_offers_speaks_to_whoever_reads_it(client_of):
    Offer.objects.all().delete()
    assert "转介给您" in client_of("jigou").get("/offers/").content.decode()
    page = client_of("chuangkou").get("/offers/").content.decode()
    assert "还没有可以看的服务申报" in page
    assert "转介给您" not in page


def test_a_file_of_another_kind_is_refused_by_its_content(client_of):
    item = Item.objects.in_force().get(code="C01.03")
    before = Offer.objects.count()
    answer = client_of("jigou").post(
        "/offers/new/apply/",
        {
            "item": item.pk,
            "places": "4",
            "weekly": "8",
            "price": "200",
            "staff": "咨询师",
            "opens_at": "09:00",
            "closes_at": "18:00",
            "papers": [SimpleUploadedFile("证书.pdf", b"MZ\x00\x01 not a pdf")],
        },
    )
    assert answer.status_code == 422
    assert "文件类型不对" in answer.content.decode()
    assert "咨询师" in answer.content.decode()
    assert Offer.objects.count() == before


# --- places ------------------------------------------------------------------------------


def test_places_are_told_anew_but_not_below_those_served():
    referral = factories.AcceptedReferral(places=5)
    coordinator = factories.member_of(referral.provider)
    offer = applying.update_places(referral.offer, by=coordinator, places=9)
    assert offer.free == 8
    with pytest.raises(Invalid):
        applying.update_places(offer, by=coordinator, places=0)


def test_the_last_place_is_taken_once(own_database):
    offer = factories.AcceptedOffer(places=2)
    assert refused(at_once([lambda: applying.take_place(offer.pk)] * 6), Exhausted) == 4
    offer.refresh_from_db()
    assert offer.free == 0


def test_the_database_itself_refuses_more_taken_than_there_are():
    offer = factories.AcceptedOffer(places=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(taken=2)


# --- a new edition -----------------------------------------------------------------------


@pytest.fixture
def offer():
    return factories.AcceptedOffer()


def status(offer) -> str:
    renewal.look_at_renewals()
    offer.refresh_from_db()
    return offer.status


def test_an_offer_goes_over_to_an_edition_that_changes_nothing_agreed_to(offer):
    edition = factories.PublishedEdition(change={"B01.01": {"price_high": Decimal("50")}})
    assert status(offer) == "accepted"
    assert offer.item.edition == edition


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "次"},
        {"excludes": "一切医疗"},
        {"age_from": 65},
        {"places": ["320281100"]},
        {"price_low": Decimal("20"), "price_high": Decimal("30")},  # 40 is over 36
    ],
)
def test_what_was_agreed_to_and_changes_is_to_be_renewed_with_a_deadline(offer, change):
    if "places" in change:
        change = {"places": [offer.provider.serves.first().code]}
    factories.PublishedEdition(change={"B01.01": change})
    assert status(offer) == "to_renew"
    assert offer.item.edition.status == "superseded"
    clock = Clock.objects.get(lifecycle="catalog.Offer", object_id=offer.pk, stopped_at=None)
    assert clock.rule_key == "offer.renewal"
    found = applying.to_renew(offer)
    assert found.needed
    assert found.over_ceiling == ("price_high" in change)


def test_a_renewal_agrees_to_the_new_item_and_is_accepted_anew(offer, who):
    edition = factories.PublishedEdition(
        change={"B01.01": {"unit": "次", "price_low": Decimal("30"), "price_high": Decimal("50")}}
    )
    status(offer)
    with pytest.raises(Invalid) as refusal:
        renewed(offer, price=Decimal("61"))
    assert "60 元" in str(refusal.value.fields["price"])
    offer = renewed(offer)
    assert (offer.status, offer.item.edition) == ("renewed", edition)
    assert applying.accept(offer, by=who("minzheng")).status == "accepted"


def test_an_item_that_left_the_catalog_asks_for_nothing_and_is_named(offer):
    factories.PublishedEdition(remove=["B01.01"])
    assert status(offer) == "accepted"
    found = applying.to_renew(offer)
    assert found.item is None
    assert found.needed


def test_a_withdrawn_edition_leaves_no_renewal_behind(offer, who):
    edition = factories.PublishedEdition(change={"B01.01": {"unit": "次"}})
    assert status(offer) == "to_renew"
    publishing.withdraw(edition, by=who("minzheng"), reason="单位有误")
    assert status(offer) == "accepted"
    assert offer.item.edition.status == "in_force"


def test_an_application_under_an_edition_that_has_gone_is_not_accepted(who):
    offer = applied(factories.AccreditedProvider())
    factories.PublishedEdition(change={"B01.01": {"unit": "次"}})
    with pytest.raises(Refused, match="换版"):
        applying.accept(Offer.objects.get(pk=offer.pk), by=who("minzheng"))


def test_the_provider_is_shown_what_the_next_edition_will_ask(client_of, provider_of):
    for code in ("B01.01", "C02.02"):
        factories.AcceptedOffer(provider=provider_of("jigou"), code=code)
    first_day = moments.today() + timedelta(days=20)
    factories.ScheduledEdition(
        in_force_from=first_day, change={"B01.01": {"unit": "工时"}}, remove=["C02.02"]
    )
    page = client_of("jigou").get("/offers/").content.decode()
    assert "起施行的新版目录会影响您的申报" in page
    assert "工时" in page
    assert "从目录中删除" in page


def test_the_renewal_page_shows_the_change_and_takes_the_answer(client_of, provider_of):
    offer = factories.AcceptedOffer(provider=provider_of("jigou"), code="B01.01")
    factories.PublishedEdition(change={"B01.01": {"unit": "工时"}})
    renewal.look_at_renewals()
    client = client_of("jigou")
    page = client.get(f"/offers/{offer.pk}/renew/").content.decode()
    assert "工时" in page
    assert "小时" in page
    answer = client.post(
        f"/offers/{offer.pk}/renew/",
        {"places": "30", "weekly": "60", "price": "48", "staff": "持证 6 人", "key": "r"},
    )
    assert "请先确认已阅读改动" in answer.content.decode()
    answer = client.post(
        f"/offers/{offer.pk}/renew/",
        {"places": "30", "weekly": "60", "price": "48", "staff": "持证 6 人", "confirmed": "on", "key": "r"},
    )
    assert answer.status_code == 302
    offer.refresh_from_db()
    assert offer.status == "renewed"


def test_offers_are_carried_over_in_as_many_queries_for_few_as_for_many(django_assert_num_queries):
    for more in (1, 6):
        for _each in range(more):
            factories.AcceptedOffer()
        edition = factories.DraftEdition()
        with django_assert_num_queries(3):  # the offers, the journal, the worker's job
            assert renewal.carry_over(edition, by=SYSTEM) >= more


def test_what_waits_bears_the_name_that_the_edition_in_force_gives_an_item():
    referral = factories.OfferedReferral()
    code = referral.offer.item.code
    factories.PublishedEdition(change={code: {"name": "改过的名称"}})
    renewal.follow_the_names()
    items = WorkItem.objects.filter(lifecycle=referral._meta.label, object_id=referral.pk)
    assert items.exists()
    assert all("改过的名称" in item.title["zh-hans"] for item in items)
    assert stale_items() == []


def test_nobody_asks_for_a_renewal_by_hand(offer, who):
    with pytest.raises(NotYours):
        renewal.ask_renewal(offer, by=who("minzheng"))
    with pytest.raises(NotNow):
        renewed(offer)
