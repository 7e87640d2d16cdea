"""The box stays closed: until the deadline, for fewer than k, for administrators, for changed bytes."""

from __future__ import annotations

import hashlib
import json
from itertools import combinations

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation import moments
from foundation.documents import making
from foundation.drafts.models import FormDraft
from foundation.journal.models import Entry
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import SYSTEM
from organizations.people.models import User
from organizations.providers import standing
from procurement.bids import bidding, sealing
from procurement.bids.models import Bid
from procurement.bids.sealing import Passphrase
from procurement.key_seats import keyring
from procurement.purchases import documents as purchases_documents
from procurement.purchases import planning, scheduled
from procurement.purchases.models import Project
from procurement.questions import asking
from tests import factories
from tests.procurement import purchases


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
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE procurement_bid SET sealed = %s, digest = %s WHERE id = %s", [forged, digest, bid.pk]
        )
        cursor.execute("SET session_replication_role = origin")
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
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE procurement_bid SET sealed = %s, digest = %s WHERE id = %s",
            [bytes(theirs.sealed), theirs.digest, mine.pk],
        )
        cursor.execute(
            "UPDATE foundation_entry SET after = jsonb_set(after, '{digest}', to_jsonb(%s::text))"
            " WHERE move = 'seal' AND object_id = %s",
            [theirs.digest, mine.pk],
        )
        cursor.execute("SET session_replication_role = origin")
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
    with pytest.raises(Invalid, match="还有人没有设置口令"):
        planning.submit(project, by=purchases.officer())


def test_what_is_secret_in_a_form_is_no_draft(client_of, own_key_seat):
    client = client_of(own_key_seat.person.username)
    client.post(
        f"{reverse('draft')}?path={own_key_seat.get_absolute_url()}take/",
        {"sealed_passphrase": "机密口令", "note": "x", "key": "k"},
    )
    kept = FormDraft.objects.get()
    assert json.loads(kept.content.plain()) == {"note": ["x"]}


@pytest.fixture
def own_key_seat():
    return purchases.ready().keyholders.select_related("person")[0]


# --- who may bid, and until when ---------------------------------------------------------


def test_a_bid_after_the_deadline_by_the_servers_clock_is_refused_with_the_rule():
    project = purchases.published()
    provider = factories.AccreditedProvider()
    with moments.as_of(project.bids_until):
        with pytest.raises(NotNow, match="现在不能投标") as refusal:
            purchases.bid_by(project, provider)
    assert "第三十三条" in refusal.value.rule
    with moments.as_of(purchases.after(project, seconds=-1)):
        assert purchases.bid_by(project, provider).status == "sealed"


def test_nobody_takes_a_bid_back_after_the_deadline():
    project = purchases.published()
    provider = factories.AccreditedProvider()
    bid = purchases.bid_by(project, provider)
    with moments.as_of(project.bids_until):
        with pytest.raises(NotNow):
            bidding.withdraw(bid, by=factories.member_of(provider))
    bidding.withdraw(bid, by=factories.member_of(provider))
    assert purchases.bid_by(project, provider, "39").status == "sealed"


def test_a_second_bid_wants_the_first_withdrawn():
    project, provider = purchases.published(), factories.AccreditedProvider()
    purchases.bid_by(project, provider)
    with pytest.raises(NotNow, match="请先撤回"):
        purchases.bid_by(project, provider)


@pytest.mark.parametrize(("action", "words"), [("suspend", "已暂停"), ("leave", "已退出")])
def test_a_suspended_or_exited_provider_does_not_bid(action, words):
    project, provider = purchases.published(), factories.AccreditedProvider()
    provider = standing.suspend(provider, by=purchases.officer(), reason="核查")
    if action == "leave":
        provider = standing.leave(provider, by=SYSTEM, reason="违约", until=moments.today())
    with pytest.raises(Refused, match=words) as refusal:
        purchases.bid_by(project, provider)
    assert refusal.value.rule == "S26"


def test_an_invited_tender_takes_bids_of_the_invited_only():
    invited = [factories.AccreditedProvider() for _ in range(3)]
    project = purchases.planned("inquiry", code="D02.01", limit_price=150, quota=100)
    project = purchases.published(project, invited=invited)
    stranger = factories.AccreditedProvider()
    with pytest.raises(Refused, match="受邀机构"):
        purchases.bid_by(project, stranger)
    seen = Project.objects.visible_to(factories.member_of(stranger))
    assert not seen.filter(pk=project.pk).exists()
    assert purchases.bid_by(project, invited[0]).status == "sealed"


def test_a_price_over_the_limit_or_left_out_is_told_at_its_field():
    project = purchases.published()
    provider = factories.AccreditedProvider()
    item = project.items.get()
    with pytest.raises(Invalid) as refusal:
        purchases.bid_by(project, provider, "50.01")
    assert refusal.value.fields == {f"sealed_price_{item.pk}": "超过单价上限 50 元。"}
    with pytest.raises(Invalid) as refusal:
        bidding.seal(by=factories.member_of(provider), project=project, offer=bidding.Offer({}, "", "", []))
    assert f"sealed_price_{item.pk}" in refusal.value.fields
    assert not Bid.objects.filter(project=project).exists()


def test_papers_come_from_the_folder_and_all_that_lack_are_named_at_once():
    project = purchases.published(papers=["licence", "credit"])
    provider = factories.AccreditedProvider()
    with pytest.raises(Invalid, match="登记证书或营业执照、无重大违法记录声明"):
        purchases.bid_by(project, provider)
    for kind in ("licence", "credit"):
        purchases.paper(provider, kind)
    bid = purchases.bid_by(project, provider)
    for each in ("44", "46"):
        other = factories.AccreditedProvider()
        for kind in ("licence", "credit"):
            purchases.paper(other, kind)
        purchases.bid_by(project, other, each)
    project = purchases.opened(project, prices=())
    bid.refresh_from_db()
    assert [file.name for file in bid.files.all()] == ["登记证书或营业执照", "无重大违法记录声明"]
    assert bid.files.first().plain() == b"%PDF-1.7 invented"


def test_bids_close_by_the_clock_and_the_last_second_counts():
    project = purchases.published()
    for price in ("40", "41", "42"):
        purchases.bid_by(project, factories.AccreditedProvider(), price)
    with moments.as_of(purchases.after(project, seconds=-1)):
        scheduled.follow_the_clock()
    assert Project.objects.get(pk=project.pk).status == "open"
    with moments.as_of(project.bids_until):
        scheduled.follow_the_clock()
    project.refresh_from_db()
    assert project.status == "closed"


#: Those who buy, pay or look on, and an expert and a holder of a key.
ONLOOKERS = ("minzheng", "minzheng2", "caizheng", "shenji", "pinggu", "bumen", "jigou3")

#: The person who bids, who acts in nothing else.
SECRET = "暗投之人"


@pytest.fixture
def bidder():
    provider = factories.AccreditedProvider()
    User.objects.filter(pk=factories.member_of(provider).user_id).update(full_name=SECRET)
    return provider


def _walked(client, project) -> str:
    """What pages, API, search, journal and calendar say of a purchase and all around it."""
    bids = [bid.pk for bid in project.bids.all()]
    questions = [question.pk for question in project.questions.all()]
    paths = [
        "/workbench/",
        "/inbox/",
        "/journal/",
        "/journal/?kind=procurement.Bid",
        "/projects/",
        "/journal/?kind=procurement.Question",
        "/journal/?kind=procurement.Project",
        "/overdue/",
        "/journal/?act=seal",
        "/journal/?act=ask",
        "/journal/?act=document",
        "/journal/?act=add_paper",
        "/api/v1/journal?page_size=200",
        "/api/v1/journal?lifecycle=procurement.Bid",
        "/api/v1/journal?lifecycle=procurement.Question",
        "/api/v1/journal?lifecycle=procurement.SupportingDocument",
        "/api/v1/journal?lifecycle=procurement.Project",
        "/api/v1/journal?move=document",
        f"/api/v1/journal?object_id={project.pk}",
        "/api/v1/bids",
        f"/api/v1/bids?project={project.pk}",
        "/api/v1/questions",
        "/api/v1/notices",
        "/api/v1/red-flags",
        "/red-flags/",
        "/api/v1/overdue",
        project.get_absolute_url(),
        f"/api/v1/projects/{project.number}",
        project.public_address,
        f"/search/?q={project.number}",
        f"/api/v1/clocks/procurement.Project/{project.pk}",
        *(f"/api/v1/journal?object_id={pk}" for pk in (*bids, *questions)),
        *(f"/api/v1/bids/{pk}" for pk in bids),
        *(f"/bids/{pk}/" for pk in bids),
        *(f"/api/v1/clocks/procurement.Bid/{pk}" for pk in bids),
        *(f"/questions/{pk}/" for pk in questions),
        *(f"/api/v1/questions/{pk}" for pk in questions),
    ]
    told = []
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 403, 404), path
        told.append(answer.content.decode(errors="replace"))
    return "\n".join(told)


def _interested(project, provider) -> Bid:
    """The provider asks, takes the notice, fills its folder, bids, thinks again and bids."""
    by = factories.member_of(provider)
    asking.ask(by=by, project=project, text="运费另计吗？")
    making.request(purchases_documents.TENDER_NOTICE, project, by=by)
    purchases.paper(provider, "licence")
    bidding.withdraw(purchases.bid_by(project, provider), by=by)
    return purchases.bid_by(project, provider)


@pytest.mark.parametrize("username", ONLOOKERS)
def test_no_door_tells_before_the_opening_who_bids_or_asks(client_of, bidder, username):
    project = purchases.published()
    bid = _interested(project, bidder)
    client = client_of(username)
    told = _walked(client, project)
    assert [each for each in (SECRET, bid.digest) if each in told] == []
    project = purchases.closed(project, prices=("41", "42"))
    assert project.status == "closed"
    told = _walked(client, project)
    assert [each for each in (SECRET, bid.digest) if each in told] == []


@pytest.mark.parametrize("username", ["minzheng", "caizheng", "shenji"])
def test_a_purchase_that_fails_before_the_opening_tells_nobody_who_had_bid(client_of, bidder, username):
    project = purchases.published()
    bid = _interested(project, bidder)
    planning.propose_failure(project, by=purchases.officer(), reason="major_change", why="上级取消了这项任务")
    planning.confirm_failure(project, by=purchases.officer("minzheng2"))
    told = _walked(client_of(username), Project.objects.get(pk=project.pk))
    assert [each for each in (SECRET, bid.digest) if each in told] == []


def test_after_the_opening_bidders_are_known_and_who_asked_still_not_to_the_buyer(client_of, bidder):
    project = purchases.published()
    bid = _interested(project, bidder)
    project = purchases.opened(project, prices=("41", "42"))
    assert bid.digest in _walked(client_of("minzheng"), project)
    for username, asked in (("minzheng", False), ("caizheng", False), ("shenji", True)):
        client = client_of(username)
        question = project.questions.get()
        page = client.get(question.get_absolute_url()).content.decode()
        journal = client.get("/api/v1/journal?lifecycle=procurement.Question")
        assert SECRET not in page or asked, username
        assert (SECRET in journal.content.decode()) == asked, username


def test_a_bidder_reads_the_way_of_its_own_bid_and_question(client_of, bidder):
    project = purchases.published()
    bid = _interested(project, bidder)
    client = client_of(factories.user_of(bidder).username)
    assert SECRET in client.get(bid.get_absolute_url()).content.decode()
    assert SECRET in client.get(project.questions.get().get_absolute_url()).content.decode()


def test_a_bidder_cannot_count_the_others_by_the_numbers_of_its_own_bids():
    project, mine = purchases.published(), factories.AccreditedProvider()
    first = purchases.bid_by(project, mine)
    bidding.withdraw(first, by=factories.member_of(mine))
    with_none_between = purchases.bid_by(project, mine)
    for _n in range(3):
        purchases.bid_by(project, factories.AccreditedProvider())
    bidding.withdraw(with_none_between, by=factories.member_of(mine))
    last = purchases.bid_by(project, mine)
    assert with_none_between.pk - first.pk > 100
    assert last.pk - with_none_between.pk > 100


def test_an_excused_expert_sees_no_bids_any_more():
    project = purchases.evaluating()
    seat = project.panelseats.select_related("person")[0]
    expert = purchases.expert(seat)
    assert Bid.objects.visible_to(expert).filter(project=project).count() == 3
    factories.PersonOf(role="evaluator", role__organization=seat.organization)
    purchases.replaced(seat)
    assert not Bid.objects.visible_to(expert).filter(project=project).exists()


def test_nobody_is_asked_for_a_passphrase_before_the_deadline():
    project = purchases.published()
    seat = project.keyholders.select_related("person", "project")[0]
    assert keyring.next_steps([seat], purchases.holder(seat)) == {seat.pk: None}
    project = purchases.closed(project)
    seat = project.keyholders.select_related("person", "project")[0]
    assert keyring.next_steps([seat], purchases.holder(seat)) == {}
