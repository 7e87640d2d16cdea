"""The box stays closed: until the deadline, for fewer than k, for administrators, for changed bytes."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from itertools import combinations

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.scale import copying
from foundation import moments
from foundation.drafts.models import FormDraft
from foundation.journal.models import Entry
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from procurement.bids import bidding, sealing
from procurement.bids.models import Bid
from procurement.bids.sealing import Passphrase
from procurement.key_holders import keyring
from procurement.purchases import planning
from tests import factories
from tests.procurement import purchases
from tests.steps import steps_for


@settings(max_examples=15, deadline=None)
@given(content=st.binary(max_size=2000), holders=st.integers(2, 7), data=st.data())
def test_any_k_of_n_open_the_box_and_fewer_never(content, holders, data):
    needed = data.draw(st.integers(2, holders))
    keys = [sealing.PrivateKey.generate() for _ in range(holders)]
    public, closed = sealing.split(needed, [sealing.public_of(each) for each in keys])
    box = sealing.close(content, public)
    shares = [sealing.open_share(each, key) for each, key in zip(closed, keys, strict=True)]
    for some in list(combinations(shares, needed))[:5]:
        assert sealing.read(box, sealing.joined(some, public)) == content
    for few in list(combinations(shares, needed - 1))[:5]:
        with pytest.raises(sealing.Unopened):
            sealing.joined(few, public)


def test_a_share_opens_with_its_own_passphrase_only():
    salt, right = sealing.new_salt(), Passphrase("正确的口令")
    public = sealing.public_of(right.key(salt))
    _project, (closed, _other) = sealing.split(2, [public, public])
    assert len(sealing.open_share(closed, right.key(salt))) == 17
    with pytest.raises(sealing.Unopened):
        sealing.open_share(closed, Passphrase("正确的口令 ").key(salt))


def test_a_try_of_a_passphrase_is_expensive():
    spec = importlib.util.spec_from_file_location("as_it_is_shipped", sealing.__file__)
    shipped = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shipped)  # in the tests' own it is cheap
    assert shipped.MEMORY_KIB >= 64 * 1024
    assert shipped.PASSES >= 2


def test_a_changed_box_is_noticed():
    key = sealing.PrivateKey.generate()
    box = sealing.close(b"45.00", sealing.public_of(key))
    for changed in (box[:-1] + bytes([box[-1] ^ 1]), bytes([box[0] ^ 1]) + box[1:], box[:-1], b""):
        with pytest.raises(sealing.Unopened):
            sealing.read(changed, key)


def test_a_share_is_never_read_as_a_bid():
    key = sealing.PrivateKey.generate()
    _public, (closed, _other) = sealing.split(2, [sealing.public_of(key)] * 2)
    assert sealing.open_share(closed, key)
    with pytest.raises(sealing.Unopened):
        sealing.read(closed, key)


def test_a_passphrase_is_told_to_nobody():
    assert str(Passphrase("秘密")) == repr(Passphrase("秘密")) == "…"


def everything_in_the_database() -> str:
    """All rows of all tables of purchases and of the journal, as text."""
    text = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("procurement_", "foundation_")):
                cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
                text += [row[0] for row in cursor.fetchall()]
    return "\n".join(text)


def test_nothing_of_a_bid_stands_in_the_database_before_the_opening():
    project = purchases.published()
    bid = purchases.bid_by(project, factories.AccreditedProvider(), "41.73", plan="独门方案", team="独门团队")
    assert (bid.price, bid.plan, bid.lines.count(), bid.files.count()) == (None, "", 0, 0)
    kept = everything_in_the_database()
    for secret in ("41.73", "独门方案", "独门团队", purchases.PASSPHRASE):
        assert secret not in kept
        assert secret.encode().hex() not in kept


def test_nobody_who_decides_sees_before_the_deadline_who_bids():
    project = purchases.published()
    provider = factories.AccreditedProvider()
    purchases.bid_by(project, provider)
    for name in ("minzheng", "caizheng", "shenji"):
        assert not Bid.objects.visible_to(factories.actor(name)).filter(project=project).exists()
    assert Bid.objects.visible_to(factories.member_of(provider)).count() == 1
    other = factories.member_of(factories.AccreditedProvider())
    assert not Bid.objects.visible_to(other).exists()


def test_a_seal_cannot_be_changed_nor_a_bid_deleted_in_the_database():
    bid = purchases.bid_by(purchases.published(), factories.AccreditedProvider())
    for change in ({"sealed": b"x"}, {"digest": "0" * 64}, {"sealed_at": moments.now()}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Bid.objects.filter(pk=bid.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Bid.objects.filter(pk=bid.pk).delete()


@pytest.mark.parametrize("with_its_digest", [False, True])
def test_a_box_exchanged_behind_the_triggers_is_rejected_at_the_opening_with_the_rule(with_its_digest):
    project = purchases.closed()
    bid = project.bids.order_by("pk")[0]
    forged = sealing.close(b"{}", bytes(project.seal_key))
    digest = hashlib.sha256(forged).hexdigest() if with_its_digest else bid.digest
    with copying.without_triggers(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procurement_bid SET sealed = %s, digest = %s WHERE id = %s", [forged, digest, bid.pk]
        )
    with moments.as_of(purchases.after(project, minutes=5)):
        purchases.turned(project)
        bidding.open_bids(project, by=purchases.officer())
    bid.refresh_from_db()
    assert (bid.status, bid.price) == ("rejected", None)
    assert bid.why == "封记与提交时不符，投标无效。"
    assert Entry.objects.get(object_id=bid.pk, move="spoil").basis == "87号令第三十三条"
    assert project.bids.filter(status="opened").count() == 2


def test_a_box_copied_from_another_bidder_is_rejected():
    project = purchases.published()
    one, other = factories.AccreditedProvider(), factories.AccreditedProvider()
    theirs = purchases.bid_by(project, one)
    mine = purchases.bid_by(project, other)
    purchases.bid_by(project, factories.AccreditedProvider())
    with copying.without_triggers(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procurement_bid SET sealed = %s, digest = %s WHERE id = %s",
            [bytes(theirs.sealed), theirs.digest, mine.pk],
        )
        cursor.execute(
            "UPDATE foundation_entry SET after = jsonb_set(after, '{digest}', to_jsonb(%s::text))"
            " WHERE move = 'seal' AND object_id = %s",
            [theirs.digest, mine.pk],
        )
    project = purchases.opened(project, prices=())
    statuses = dict(project.bids.values_list("pk", "status"))
    assert (statuses[theirs.pk], statuses[mine.pk]) == ("opened", "rejected")


def test_holders_open_after_the_deadline_only_and_the_wrong_passphrase_is_told():
    project = purchases.published()
    seat = project.keyholders.select_related("person")[0]
    with pytest.raises(NotNow, match="截止之前不能开启"):
        keyring.submit_share(seat, by=purchases.holder(seat), passphrase=Passphrase(purchases.PASSPHRASE))
    project = purchases.closed(project)
    with moments.as_of(purchases.after(project)):
        with pytest.raises(Invalid) as refusal:
            keyring.submit_share(seat, by=purchases.holder(seat), passphrase=Passphrase("wrong one"))
    assert refusal.value.fields == {"sealed_passphrase": "口令不对，请重新输入。"}


def test_nobody_hands_over_the_share_of_another():
    project = purchases.closed()
    first, second = project.keyholders.select_related("person")[:2]
    with moments.as_of(purchases.after(project)):
        with pytest.raises(NotYours):
            keyring.submit_share(
                first, by=purchases.holder(second), passphrase=Passphrase(purchases.PASSPHRASE)
            )


def test_one_of_two_shares_opens_nothing():
    project = purchases.closed()
    with moments.as_of(purchases.after(project)):
        purchases.turned(project, 1)
        with pytest.raises(Refused, match="需要 2 人交出份额，现在 1 人"):
            bidding.open_bids(project, by=purchases.officer())


def test_after_the_opening_all_bids_are_read_together_and_the_shares_forgotten():
    project = purchases.opened()
    assert project.opened_at
    assert sorted(project.bids.values_list("price", flat=True)) == [40000, 45000, 48000]
    assert {keyholder.handed for keyholder in project.keyholders.all()} == {None}
    assert {keyholder.status for keyholder in project.keyholders.all()} == {"released"}


def test_a_holder_replaced_in_the_plan_gets_no_share():
    project = purchases.ready()
    people = [purchases.membership(each) for each in ("minzheng", "caizheng2")]
    project = planning.name_key_holders(project, by=purchases.officer(), people=people, keys_needed=2)
    seats = project.keyholders.exclude(status="released")
    assert {seat.person.username for seat in seats} == {"minzheng", "caizheng2"}
    with pytest.raises(NotNow, match="还有人没有设置口令"):
        planning.submit(project, by=purchases.officer())


def test_what_is_secret_in_a_form_is_no_draft(client_of, own_key_holder):
    client = client_of(own_key_holder.person.username)
    client.post(
        f"{reverse('draft')}?path={own_key_holder.get_absolute_url()}take/",
        {"sealed_passphrase": "机密口令", "note": "x", "key": "k"},
    )
    kept = FormDraft.objects.get()
    assert json.loads(kept.content.plain()) == {"note": ["x"]}


@pytest.fixture
def own_key_holder():
    return purchases.ready().keyholders.select_related("person")[0]


def test_nobody_is_asked_for_a_passphrase_before_the_deadline():
    project = purchases.published()
    seat = project.keyholders.select_related("person", "project")[0]
    assert steps_for(purchases.holder(seat), seat) == set()
    purchases.closed(project)
    assert steps_for(purchases.holder(seat), seat) == {"turn"}
