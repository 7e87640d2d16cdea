"""An edition is law once it is published."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from catalog import comments, editions, items
from catalog.models import Edition, Item
from foundation import moments
from foundation.refusals import Invalid, NotNow, NotYours, Refused


@pytest.fixture
def draft(who):
    return editions.draft(by=who("minzheng"), title="测试版")


def published(who, draft, **given):
    given = {
        "document_number": "澄民发〔2026〕1号", "index_number": "x-1",
        "in_force_from": moments.today(), **given,
    }  # fmt: skip
    edition = editions.open_consultation(draft, by=who("minzheng"))
    edition = editions.submit(edition, by=who("minzheng"))
    return editions.approve(edition, by=who("minzheng2"), **given)


def test_a_new_draft_begins_with_the_items_in_force(draft):
    in_force = {each.code: each.price_high for each in Item.objects.in_force()}
    assert {each.code: each.price_high for each in draft.items.all()} == in_force


def test_the_drafter_may_not_approve(who, draft):
    edition = editions.submit(
        editions.open_consultation(draft, by=who("minzheng")), by=who("minzheng")
    )
    with pytest.raises(NotYours, match="另一人"):
        editions.approve(
            edition, by=who("minzheng"), document_number="n", index_number="i",
            in_force_from=moments.today(),
        )  # fmt: skip


def test_every_comment_is_answered_before_approval(who, draft):
    edition = editions.open_consultation(draft, by=who("minzheng"))
    comment = comments.give(by=who("bumen"), edition=edition, text="价格偏低")
    with pytest.raises(Refused, match="1 条意见"):
        editions.submit(edition, by=who("minzheng"))
    comments.answer(comment, by=who("minzheng"), text="已采纳")
    assert editions.submit(edition, by=who("minzheng")).status == "approval"


def test_no_comment_outside_the_consultation(who, draft):
    with pytest.raises(Invalid, match="不在征求意见期"):
        comments.give(by=who("bumen"), edition=draft, text="x")


def test_an_edition_comes_into_force_on_its_day_and_the_one_before_gives_way(who, draft):
    earlier = Edition.objects.in_force().get()
    first_day = moments.today() + timedelta(days=3)
    edition = published(who, draft, in_force_from=first_day)
    assert editions.bring_into_force() == 0
    with moments.as_of(moments.now() + timedelta(days=3)):
        assert editions.bring_into_force() == 1
    edition.refresh_from_db()
    earlier.refresh_from_db()
    assert (edition.status, earlier.status) == ("in_force", "superseded")
    assert earlier.in_force_to == first_day - timedelta(days=1)
    assert Edition.objects.in_force().get() == edition


def test_two_editions_are_never_in_force_at_once(who, draft):
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Edition.objects.filter(pk=draft.pk).update(status="in_force")
    assert Edition.objects.in_force().count() == 1


def test_a_first_day_in_the_past_and_a_used_number_are_refused(who, draft):
    with pytest.raises(Invalid) as refusal:
        published(who, draft, in_force_from=moments.today() - timedelta(days=1))
    assert "in_force_from" in refusal.value.fields
    taken = Edition.objects.in_force().get().document_number
    edition = Edition.objects.get(pk=draft.pk)
    with pytest.raises(Invalid) as refusal:
        editions.approve(
            edition, by=who("minzheng2"), document_number=taken, index_number="i",
            in_force_from=moments.today(),
        )  # fmt: skip
    assert "document_number" in refusal.value.fields


@pytest.mark.parametrize("change", ["update", "insert", "delete"])
def test_the_database_refuses_to_change_a_published_item(change):
    edition = Edition.objects.in_force().get()
    item = edition.items.first()
    with pytest.raises(DatabaseError, match="published edition"), transaction.atomic():
        if change == "update":
            edition.items.filter(pk=item.pk).update(price_high=1)
        elif change == "delete":
            item.delete()
        else:
            item.pk, item.code = None, "Z99.99"
            item.save(force_insert=True)


def test_the_price_of_a_drafted_item_moves_its_ceiling(who, draft):
    item = draft.items.get(code="B01.01")
    item = items.set_price(
        item, by=who("minzheng"), price_low=Decimal("40"), price_high=Decimal("70")
    )
    assert item.price_ceiling == Decimal("84.00")  # 20 % above


def test_a_price_out_of_order_or_of_a_published_item_is_refused(who, draft):
    item = draft.items.get(code="B01.01")
    with pytest.raises(Invalid) as refusal:
        items.set_price(item, by=who("minzheng"), price_low=Decimal("80"), price_high=Decimal("70"))
    assert "price_low" in refusal.value.fields
    law = Item.objects.in_force().get(code="B01.01")
    with pytest.raises(NotNow):
        items.set_price(law, by=who("minzheng"), price_low=Decimal("1"), price_high=Decimal("2"))
    with pytest.raises(NotYours):
        items.set_price(item, by=who("caizheng"), price_low=Decimal("1"), price_high=Decimal("2"))


def test_a_withdrawal_says_why_and_leaves_nothing_in_force(who, draft):
    edition = published(who, draft)
    editions.bring_into_force()
    edition = editions.withdraw(
        Edition.objects.get(pk=edition.pk), by=who("minzheng"), reason="依据废止"
    )
    assert edition.status == "withdrawn"
    assert not Edition.objects.in_force().exists()


def test_the_public_sees_published_editions_only(client, draft):
    item = draft.items.first()
    assert client.get(item.get_absolute_url()).status_code == 404
    law = Item.objects.in_force().first()
    assert client.get(law.get_absolute_url()).status_code == 200
