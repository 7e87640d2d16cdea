"""The journal: append-only, complete, and without anybody's name in the clear."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction

from foundation.journal import timeline, writing
from foundation.journal.models import Entry
from households.register.models import Household, Person
from organizations.places.models import Place
from referrals.offers import offering
from tests import factories


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE foundation_entry SET reason = 'changed'",
        "DELETE FROM foundation_entry",
        "TRUNCATE foundation_entry",
        "UPDATE contracts_ledgerentry SET amount = 1",
        "DELETE FROM contracts_ledgerentry",
        "TRUNCATE contracts_ledgerentry CASCADE",
    ],
)
def test_the_database_refuses_to_change_what_was_written(statement):
    factories.Budget()  # money has entries, too
    connection.check_constraints()  # it adds up, which is looked at when all is written
    with pytest.raises(DatabaseError, match=r"(?i)append.only|cannot update|cannot delete"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Entry.objects.exists()


def test_the_orm_cannot_change_what_was_written_either():
    entry = Entry.objects.first()
    entry.reason = "changed"
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.delete()


def test_an_entry_says_who_for_whom_what_why_and_from_where(client_of):
    referral = factories.OfferedReferral()
    window = factories.window_of(referral.town)
    client = client_of("chuangkou")
    answer = client.post(
        f"/referrals/{referral.number}/withdraw/",
        {"reason": "家庭改变了主意", "key": "w1"},
        REMOTE_ADDR="127.0.0.9",
    )
    assert answer.status_code == 302
    entry = Entry.objects.get(lifecycle="referrals.Referral", object_id=referral.pk, move="withdraw")
    assert (entry.actor_name, entry.role) == ("陈静", "window")
    assert entry.organization_id == window.organization_id
    assert entry.reason == "家庭改变了主意"
    assert entry.address == "127.0.0.9"
    assert entry.request_id == answer["X-Request-Id"]
    assert entry.object_name == referral.number
    assert entry.before["status"] == "offered"
    assert entry.after["status"] == "withdrawn"


def test_an_entry_keeps_only_what_differs():
    referral = factories.OfferedReferral()
    offering.accept(referral, by=factories.member_of(referral.provider))
    entry = Entry.objects.get(lifecycle="referrals.Referral", object_id=referral.pk, move="accept")
    assert set(entry.before) == set(entry.after)
    assert "number" not in entry.after
    assert entry.before["answered_at"] is None


def test_a_personal_value_is_masked_in_the_picture():
    household = Household.objects.create(
        number="JT-X",
        place=Place.objects.get(name="虹桥社区"),
        town=factories.town(),
        category="none",
        size=1,
        phone="13812345678",
        address="示例路 9 号",
    )
    shown = writing.picture(household)
    assert shown["phone"] == "138****5678"
    assert shown["address"] == "***"
    person = Person.objects.create(name="王小明", id_number=factories.new_id_number())
    shown = writing.picture(person)
    assert shown["name"] == "王**"
    assert "id_number_hash" not in shown


def test_no_entry_of_a_whole_trip_holds_a_name_a_phone_or_a_story():
    referral = factories.ReferralInService()
    text = json.dumps(
        list(Entry.objects.values("before", "after", "object_name", "reason").order_by("-id")[:60]),
        ensure_ascii=False,
        default=str,
    )
    assert referral.number in text
    for secret in ("王小明", "13800000000", "示例路 1 号", "老伴卧床"):
        assert secret not in text


def test_the_timeline_tells_sentences_newest_first():
    referral = factories.OfferedReferral()
    offering.decline(referral, by=factories.member_of(referral.provider), reason="no_staff")
    lines = timeline.entries_of([referral])
    assert lines[0].sentence == f"{referral.provider}婉拒了转介"
    assert lines[0].reason == "没有合适的人员"
    assert lines[-1].sentence.endswith("准备转介")
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)


def test_an_outsider_reads_organizations_and_no_names():
    referral = factories.OfferedReferral()
    assert all(line.actor for line in timeline.entries_of([referral]))
    assert not any(line.actor for line in timeline.entries_of([referral], with_names=False))


def test_the_timeline_of_many_objects_is_one_query(django_assert_num_queries):
    referrals = [factories.OfferedReferral() for _ in range(3)]
    with django_assert_num_queries(1):
        assert len(timeline.entries_of(referrals)) == 6
