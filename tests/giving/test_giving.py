"""What charities receive is kept like public money: promised, given, counted, and never below zero."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.items.models import Item
from catalog.offers import applying
from catalog.offers.models import Offer
from catalog.offers.states import OfferStatus
from demo.scale import copying
from foundation import moments
from foundation.documents import making
from foundation.refusals import Exhausted, Invalid, NotNow, NotYours, Refused
from foundation.roles import SYSTEM, Role
from giving import receiving, stock
from giving.documents import RECEIPT
from giving.models import INSIDE, OUTSIDE, Account, Pool
from households.help_received.models import HelpReceived
from organizations.people.models import Membership
from organizations.providers import standing
from organizations.providers.models import Provider
from referrals.offers import offering
from referrals.service import delivery
from tests import factories
from tests.giving.stores import gift_of, store
from tests.interleaving import deadlocks
from tests.racing import at_once, refused


def backed_offer(pool: Pool, per_unit: str = "1", places: int = 9, code: str = "E01.03") -> Offer:
    """An accepted offer of parcels that is given out of the pool."""
    item = Item.objects.in_force().get(code=code)
    by = factories.member_of(pool.provider)
    offer = applying.apply(by=by, item=item, staff="志愿者", places=places, weekly=50, price=Decimal("260"))
    offer = applying.accept(offer, by=factories.actor("minzheng"))
    receiving.back(pool, by=by, offer=offer, per_unit=Decimal(per_unit))
    return Offer.objects.get(pk=offer.pk)


def offered(offer: Offer, units: int = 2):
    need = factories.OpenNeed(kind="supplement")
    return factories.OfferedReferral(offer=offer, need=need, units=units)


def accepted(referral):
    worker = Membership.objects.get(organization=referral.provider.organization, role=Role.SOCIAL_WORKER)
    return offering.accept(referral, by=factories.member_of(referral.provider), worker=worker)


def figures(pool: Pool) -> tuple[int, int, int]:
    pool.refresh_from_db()
    return int(pool.available), int(pool.reserved), int(pool.given)


# --- by referral --------------------------------------------------------------------------


def test_a_referral_draws_what_it_was_promised_and_gives_the_rest_back():
    pool = store(10)
    offer = backed_offer(pool)
    assert offer.stock == 10
    referral = accepted(offered(offer, units=3))
    assert figures(pool) == (7, 3, 0)
    assert Offer.objects.get(pk=offer.pk).stock == 7
    worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    referral = delivery.plan(referral, by=worker, plan_text="送到家")
    today = moments.today()
    referral = delivery.record_visit(referral, by=worker, on=today, units=2, note="已签收", confirmed=True)
    assert figures(pool) == (7, 1, 2)
    delivery.complete(referral, by=worker, outcome="收到", goal_level=4)
    assert figures(pool) == (8, 0, 2)
    assert Offer.objects.get(pk=offer.pk).stock == 8
    assert list(stock.faults()) == []
    help_given = HelpReceived.objects.get(household=referral.need.matter.household)
    assert (help_given.source, help_given.amount) == ("charity", 520)


def test_what_the_pool_does_not_hold_is_not_promised():
    pool = store(5)
    offer = backed_offer(pool, per_unit="2")
    assert offer.stock == 2
    referral = offered(offer, units=2)
    receiving.write_off(pool, by=factories.member_of(pool.provider), reason="受潮", units=Decimal(2))
    with pytest.raises(Exhausted):
        accepted(referral)
    assert figures(pool) == (3, 0, 0)


def test_two_offers_share_a_pool_and_both_see_what_is_left():
    pool = store(10)
    first = backed_offer(pool)
    other = factories.AcceptedOffer(code="E01.02")
    Offer.objects.filter(pk=other.pk).update(provider=pool.provider, taken=0)
    receiving.back(
        pool, by=factories.member_of(pool.provider), offer=Offer.objects.get(pk=other.pk), per_unit=Decimal(4)
    )
    accepted(offered(first, units=3))
    assert Offer.objects.get(pk=first.pk).stock == 7
    assert Offer.objects.get(pk=other.pk).stock == 1


def test_a_frozen_pool_promises_nothing_new_and_keeps_its_word():
    pool = store(10)
    offer = backed_offer(pool)
    kept, late = accepted(offered(offer)), offered(offer)
    pool = receiving.freeze(pool, by=factories.actor("minzheng"), reason="接到举报")
    assert Offer.objects.get(pk=offer.pk).stock == 0
    with pytest.raises(Exhausted):
        accepted(late)
    with pytest.raises(NotNow):
        gift_of(pool, 1)
    worker = factories.member_of(kept.provider, Role.SOCIAL_WORKER)
    kept = delivery.plan(kept, by=worker, plan_text="x")
    delivery.record_visit(kept, by=worker, on=moments.today(), units=1, note="x")
    assert figures(pool) == (8, 1, 1)
    receiving.unfreeze(pool, by=factories.actor("minzheng"))
    assert Offer.objects.get(pk=offer.pk).stock == 8


# --- the ledger -----------------------------------------------------------------------------


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    transitions=st.lists(
        st.tuples(
            st.sampled_from(list(Account)),
            st.sampled_from(list(Account)),
            st.decimals(min_value=0, max_value=50, places=2),
        ),
        max_size=25,
    )
)
def test_whatever_moves_no_figure_is_negative_and_all_add_up(db, transitions):
    pool = store(0, name=f"库{Pool.objects.count()}")
    for credit, debit, units in transitions:
        if credit == debit or (credit in OUTSIDE and debit in OUTSIDE):
            continue
        try:
            with transaction.atomic():
                stock.transfer(pool.pk, units, credit, debit, holder="t", note="t")
        except (Exhausted, IntegrityError):
            pass
        pool.refresh_from_db()
        assert min(getattr(pool, each) for each in INSIDE) >= 0
        assert sum(getattr(pool, each) for each in INSIDE) == pool.received
        assert list(stock.faults()) == []


def test_of_many_who_draw_at_once_only_as_many_succeed_as_there_is(own_database):
    pool = store(5)
    draw = partial(
        stock.transfer, pool.pk, Decimal(1), Account.AVAILABLE, Account.RESERVED, holder="x", note="x"
    )
    answers = at_once([draw] * 12)
    assert refused(answers) == 7
    assert figures(pool) == (0, 5, 0)
    assert list(stock.faults()) == []


def test_entries_cannot_be_changed_and_a_false_figure_is_found():
    pool = store(5)
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        pool.entries.update(units=1)
    call_command("check_giving", stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE giving_pool SET available = 4, lost = 1 WHERE id = %s", [pool.pk])
    with pytest.raises(CommandError, match="2 figures"):
        call_command("check_giving", stdout=StringIO(), stderr=StringIO())


# --- gifts, counting, closing -----------------------------------------------------------------


def test_a_gift_is_booked_with_its_receipt_and_voided_while_it_is_there():
    pool = store(0)
    gift = gift_of(pool, 4)
    assert gift.number.startswith("JZ-")
    document = making.made(RECEIPT, gift, by=factories.member_of(pool.provider))
    assert document.pages == 1
    receiving.void(gift, by=factories.member_of(pool.provider), reason="重复登记")
    assert figures(pool) == (0, 0, 0)
    given_out = gift_of(pool, 2)
    stock.transfer(pool.pk, Decimal(1), Account.AVAILABLE, Account.RESERVED, holder="x", note="x")
    with pytest.raises(Exhausted):
        receiving.void(given_out, by=factories.member_of(pool.provider), reason="x")


@pytest.mark.parametrize(
    ("fields", "wrong"), [({"donor_kind": "person", "donor": " "}, "donor"), ({"units": "1.5"}, "units")]
)
def test_a_gift_that_is_not_right_is_told_at_its_field_and_books_nothing(fields, wrong):
    pool = store(0)
    with pytest.raises(Invalid) as refusal:
        gift_of(pool, **{"units": 1, **fields})
    assert wrong in refusal.value.fields
    assert figures(pool) == (0, 0, 0)


@pytest.mark.tampers
@pytest.mark.parametrize("status", [OfferStatus.ACCEPTED, OfferStatus.APPLIED])
@pytest.mark.parametrize("reader", ["minzheng", "caizheng", "shenji"])
def test_the_page_of_a_pool_leads_to_the_offers_that_its_reader_sees(client_of, who, reader, status):
    pool = store()
    offer = backed_offer(pool)
    with copying.without_triggers():
        Offer.objects.filter(pk=offer.pk).update(status=status)
    page = client_of(reader).get(pool.get_absolute_url()).content.decode()
    assert offer.item.local_name in page
    sees = Offer.objects.visible_to(who(reader)).filter(pk=offer.pk).exists()
    assert (f'href="{offer.get_absolute_url()}"' in page) == sees
    assert sees or (reader, status) == ("caizheng", OfferStatus.APPLIED)


def test_a_company_collects_nothing():
    provider = factories.AccreditedProvider()
    type(provider).objects.filter(pk=provider.pk).update(nature="enterprise")
    with pytest.raises(Refused, match="接收捐赠"):
        store(0, provider=provider)


def test_a_charity_that_is_stopped_sets_nothing_up_and_one_that_left_books_no_gift():
    pool = store()
    provider = pool.provider
    standing.suspend(provider, by=factories.actor("minzheng"), reason="年检没有通过")
    gift_of(pool, 1)
    with pytest.raises(Refused, match="不能设立"):
        store(provider=provider)
    until = moments.today() + timedelta(days=365)
    standing.leave(Provider.objects.get(pk=provider.pk), by=SYSTEM, reason="x", until=until)
    with pytest.raises(NotNow):
        gift_of(pool, 1)


def test_counting_sets_the_books_right_by_what_was_found_or_lost():
    pool = store(10)
    by = factories.member_of(pool.provider)
    pool = receiving.take_stock(pool, by=by, reason="月末盘点", counted=Decimal(8))
    assert (pool.available, pool.lost) == (8, 2)
    pool = receiving.take_stock(pool, by=by, reason="找到一包", counted=Decimal(9))
    assert (pool.available, pool.received) == (9, 11)
    stock.transfer(pool.pk, Decimal(5), Account.AVAILABLE, Account.RESERVED, holder="x", note="x")
    with pytest.raises(Invalid, match="已经答应出去"):
        receiving.take_stock(pool, by=by, reason="盘点", counted=Decimal(4))
    assert list(stock.faults()) == []


def test_a_pool_is_closed_once_nothing_is_left():
    pool = store(1)
    by = factories.member_of(pool.provider)
    with pytest.raises(Refused, match="不能结清"):
        receiving.close(pool, by=by)
    receiving.write_off(pool, by=by, reason="退回捐赠人", units=Decimal(1))
    assert receiving.close(pool, by=by).status == "closed"


def test_a_pool_is_its_charitys_own():
    pool = store(1)
    other = factories.member_of(factories.AccreditedProvider())
    assert not Pool.objects.visible_to(other).exists()
    with pytest.raises(NotYours):
        receiving.write_off(pool, by=other, reason="x", units=Decimal(1))
    purchased = factories.AcceptedOffer(code="B01.01")
    with pytest.raises(Invalid, match="本机构的慈善项目"):
        receiving.back(pool, by=factories.member_of(pool.provider), offer=purchased, per_unit=Decimal(1))


def test_the_public_reads_gifts_by_donors_who_agreed_and_never_a_household(client):
    pool = store(0)
    gift_of(pool, 4, donor="乐善超市")
    gift_of(pool, 2, donor="不愿留名的人", donor_kind="person", named=False)
    referral = accepted(offered(backed_offer(pool), units=1))
    worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    referral = delivery.plan(referral, by=worker, plan_text="x")
    delivery.record_visit(referral, by=worker, on=moments.today(), units=1, note="x")
    page = client.get(f"/donations/{pool.pk}/").content.decode()
    assert "乐善超市" in page and "爱心人士" in page and "不愿留名的人" not in page
    given_page = client.get(f"/donations/{pool.pk}/?account=given").content.decode()
    assert "已发放" in given_page and referral.number not in given_page
    funds = client.get("/funds/").content.decode()
    assert "社会捐赠折合" in funds and pool.name in funds
    assert client.get(f"/donations/{pool.pk}/?account=reserved").status_code == 404


# --- beside each other ------------------------------------------------------------------------


def test_acceptances_on_two_items_of_one_fund_and_gifts_never_lock_each_other_out(own_database):
    pool = store(400)
    by = factories.member_of(pool.provider)
    first = backed_offer(pool, places=50)
    second = backed_offer(pool, "2", places=50, code="E01.02")
    referrals = [offered(offer, units=1) for _ in range(12) for offer in (first, second)]

    def trip(referral):
        done = offering.accept(referral, by=by)
        return delivery.end_early(done, by=by, reason="搬走了")

    acts = [partial(trip, each) for each in referrals]
    acts += [partial(gift_of, pool, 1) for _ in range(12)]
    at_once(acts[0::3])
    at_once(acts[1::3])
    at_once(acts[2::3])
    assert deadlocks() == 0
    assert list(stock.faults()) == []
