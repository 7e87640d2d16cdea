"""An edition is law once it is published, and there is always exactly one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from catalog.comments import commenting
from catalog.editions import counting, publishing
from catalog.editions.models import Edition, Term, consulted_until
from catalog.items import editing
from catalog.items.models import Heading, Item
from demo.scale import copying
from demo.starter.places_and_people import actor
from foundation import moments
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from tests import factories
from tests.catalog.sheets import exported
from tests.evaluations.leaving import third_officer
from tests.racing import at_once, refused


@pytest.fixture
def draft():
    return factories.DraftEdition()


def in_days(days: int):
    return moments.as_of(moments.now() + timedelta(days=days))


def test_a_new_draft_begins_with_the_items_and_headings_in_force(draft):
    law = Edition.objects.in_force().get()
    for part in ("items", "headings"):
        rows = [getattr(each, part).order_by("code").values_list("code", "name") for each in (law, draft)]
        assert list(rows[0]) == list(rows[1])


def test_the_drafter_may_not_approve(who):
    edition = factories.SubmittedEdition()
    with pytest.raises(NotYours, match="另一人"):
        publishing.approve(
            edition, by=who("minzheng"), document_number="n", index_number="i", in_force_from=moments.today()
        )


def test_whoever_changed_an_item_may_not_approve_either(who, draft):
    third_officer()
    editing.change(draft.items.get(code="B01.01"), by=who("minzheng2"), name="居家照护")
    edition = publishing.open_consultation(draft, by=who("minzheng"))
    edition = publishing.submit_early(edition, by=who("minzheng"), reason="各部门都已答复")
    counting.count_now(edition)
    with pytest.raises(NotYours, match="另一人"):
        publishing.approve(
            edition, by=who("minzheng2"), document_number="n", index_number="i", in_force_from=moments.today()
        )


def awaited(edition) -> list[str]:
    """The steps for which somebody is awaited at an edition."""
    found = WorkItem.objects.filter(lifecycle="catalog.Edition", object_id=edition.pk, waits=True)
    return list(found.values_list("step", flat=True))


def test_every_comment_is_answered_before_approval(who, draft, client_of):
    edition = publishing.open_consultation(draft, by=who("minzheng"))
    comment = commenting.give(by=who("bumen"), edition=edition, text="价格偏低", item_code="b01.01")
    assert comment.item_code == "B01.01"
    with pytest.raises(Refused, match="1 条意见"):
        publishing.submit_early(edition, by=who("minzheng"), reason="各部门都已答复")
    assert not awaited(edition)
    lacking = {row.name: words for row, words in edition.lifecycle.lacking(edition, who("minzheng"))}
    assert lacking.keys() == {"submit", "submit_early"}
    words = lacking["submit"]
    assert "1 条意见" in words
    page = client_of("minzheng").get(edition.get_absolute_url()).content.decode()
    assert words in page
    assert "/submit/" not in page
    commenting.answer(comment, by=who("minzheng"), text="已采纳")
    assert not awaited(edition)
    ends = consulted_until([edition])[edition.pk]
    with moments.as_of(ends + timedelta(minutes=1)):
        rebuilding.follow_the_day()
        assert awaited(edition) == ["submit"]
        assert publishing.submit(edition, by=who("minzheng")).status == "approval"


def test_a_consultation_is_held_to_its_last_day_or_ended_with_a_reason_that_the_second_person_reads(
    who, draft, client_of
):
    edition = publishing.open_consultation(draft, by=who("minzheng"))
    with pytest.raises(NotNow, match="期满以后送审"):
        publishing.submit(edition, by=who("minzheng"))
    with pytest.raises(Invalid):
        publishing.submit_early(edition, by=who("minzheng"), reason="")
    edition = publishing.submit_early(edition, by=who("minzheng"), reason="各部门都已答复")
    page = client_of("minzheng2").get(f"{edition.get_absolute_url()}approve/").content.decode()
    assert "没有等征求意见期满" in page
    assert "各部门都已答复" in page


def test_a_consultation_that_has_run_its_days_is_not_ended_early(who, draft):
    edition = publishing.open_consultation(draft, by=who("minzheng"))
    with moments.as_of(consulted_until([edition])[edition.pk] + timedelta(minutes=1)):
        assert [row.name for row in edition.transitions_for(who("minzheng"))][:1] == ["submit"]
        assert "submit_early" not in [row.name for row in edition.transitions_for(who("minzheng"))]


def test_finance_comments_too_and_nobody_outside_the_consultation(who, draft):
    with pytest.raises(Invalid, match="不在征求意见期"):
        commenting.give(by=who("bumen"), edition=draft, text="x")
    edition = publishing.open_consultation(draft, by=who("minzheng"))
    assert commenting.give(by=who("caizheng"), edition=edition, text="预算可以承受").body.code == "caizheng"
    with pytest.raises(Invalid) as refusal:
        commenting.give(by=who("bumen"), edition=edition, text="x", item_code="Z01.01")
    assert "item_code" in refusal.value.fields


def test_an_edition_comes_into_force_on_its_day_and_the_one_before_gives_way():
    earlier = Edition.objects.in_force().get()
    first_day = moments.today() + timedelta(days=3)
    edition = factories.ScheduledEdition(in_force_from=first_day)
    assert publishing.bring_into_force() == 0
    with in_days(3):
        assert publishing.bring_into_force() == 1
    edition.refresh_from_db()
    earlier.refresh_from_db()
    assert (edition.status, earlier.status) == ("in_force", "superseded")
    assert earlier.terms.get().until == first_day
    assert edition.terms.get().starts == first_day
    assert Edition.objects.in_force().get() == edition


def test_a_worker_that_was_down_brings_into_force_from_the_day_that_was_published():
    first_day = moments.today() + timedelta(days=1)
    edition = factories.ScheduledEdition(in_force_from=first_day)
    with in_days(5):
        publishing.bring_into_force()
        assert edition.terms.get().starts == first_day
        assert Edition.objects.in_force_on(moments.today() - timedelta(days=2)).get() == edition


def test_two_editions_for_the_same_day_leave_the_later_in_force():
    first, second = factories.ScheduledEdition(), factories.ScheduledEdition()
    assert publishing.bring_into_force() == 2
    first.refresh_from_db()
    assert first.status == "superseded"
    assert Edition.objects.in_force().get() == second
    assert Edition.objects.in_force_on(moments.today()).get() == second


def test_two_editions_are_never_in_force_at_once(draft):
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Edition.objects.filter(pk=draft.pk).update(status="in_force")
    assert Edition.objects.in_force().count() == 1


def test_the_database_refuses_a_second_edition_on_a_day():
    other = factories.DraftEdition()
    with pytest.raises(IntegrityError, match="one_edition_a_day"), transaction.atomic():
        Term.objects.create(edition=other, starts=moments.today())


def test_many_publications_at_once_leave_exactly_one_in_force(own_database):
    waiting = [factories.SubmittedEdition() for _each in range(5)]

    def publish(number: int, edition: Edition):
        publishing.approve(
            edition,
            by=actor("minzheng2"),
            document_number=f"竞〔2026〕{number}号",
            index_number=f"race/{number}",
            in_force_from=moments.today(),
        )
        publishing.bring_into_force()

    results = at_once([lambda n=n, e=e: publish(n, e) for n, e in enumerate(waiting)])
    assert [result for result in results if isinstance(result, Exception)] == []
    publishing.bring_into_force()
    assert Edition.objects.in_force().count() == 1
    assert Term.objects.filter(until=None).get().edition == Edition.objects.in_force().get()
    assert {each.status for each in Edition.objects.filter(pk__in=[e.pk for e in waiting])} == {
        "in_force",
        "superseded",
    }


def test_publishing_and_withdrawing_at_once_end_in_exactly_one(own_database):
    running, coming = factories.PublishedEdition(), factories.ScheduledEdition()

    def withdraw():
        publishing.withdraw(running, by=actor("minzheng"), reason="有误")

    results = at_once([withdraw, publishing.bring_into_force, publishing.bring_into_force])
    assert refused(results, NotNow) == sum(isinstance(result, Exception) for result in results)
    publishing.bring_into_force()
    assert Edition.objects.in_force().get() == coming
    assert Term.objects.filter(until=None).count() == 1


def test_the_same_number_is_not_given_twice_at_once(own_database):
    waiting = [factories.SubmittedEdition() for _each in range(3)]

    def publish(edition: Edition):
        publishing.approve(
            edition,
            by=actor("minzheng2"),
            document_number="同号",
            index_number="i",
            in_force_from=moments.today(),
        )

    assert refused(at_once([lambda e=e: publish(e) for e in waiting]), Invalid) == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"in_force_from": moments.today() - timedelta(days=1)}, "in_force_from"),
        ({"dated_on": moments.today() + timedelta(days=1)}, "dated_on"),
        ({"document_number": "taken"}, "document_number"),
    ],
)
def test_a_notice_that_cannot_be_is_refused_at_its_field(who, given, field):
    edition = factories.SubmittedEdition()
    taken = Edition.objects.in_force().get().document_number
    if given.get("document_number"):
        given = {"document_number": taken}
    notice = {"document_number": "新", "index_number": "i", "in_force_from": moments.today(), **given}
    with pytest.raises(Invalid) as refusal:
        publishing.approve(edition, by=who("minzheng2"), **notice)
    assert set(refusal.value.fields) == {field}
    edition.refresh_from_db()
    assert edition.status == "approval"


@pytest.mark.parametrize("model", [Item, Heading])
@pytest.mark.parametrize("change", ["update", "insert", "delete", "move in", "move out"])
def test_the_database_refuses_to_change_what_a_published_edition_holds(model, change, draft):
    edition = Edition.objects.in_force().get()
    rows = model.objects.filter(edition=edition)
    row = rows.first()
    with pytest.raises(DatabaseError, match="published edition"), transaction.atomic():
        match change:
            case "update":
                rows.filter(pk=row.pk).update(name="x")
            case "delete":
                with connection.cursor() as cursor:
                    cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [row.pk])
            case "insert":
                row.pk, row.code = None, "Z99" if model is Heading else "Z99.99"
                row.save(force_insert=True)
            case "move in":
                model.objects.filter(edition=draft, code=row.code).update(edition=edition)
            case "move out":
                rows.filter(pk=row.pk).update(edition=draft)


@pytest.mark.parametrize("model", [Edition, Item, Heading, Term])
def test_nothing_of_the_law_can_be_emptied(model):
    with pytest.raises(DatabaseError, match="cannot be truncated"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")


def test_the_items_of_an_edition_in_consultation_or_approval_do_not_change(who, draft):
    edition = publishing.open_consultation(draft, by=who("minzheng"))
    for _again in range(2):
        with pytest.raises(DatabaseError), transaction.atomic():
            edition.items.update(name="x")
        if edition.status == "consultation":
            edition = publishing.submit_early(edition, by=who("minzheng"), reason="各部门都已答复")


@pytest.mark.parametrize(
    "change", [{"title": "x"}, {"document_number": "x"}, {"in_force_from": None}, {"withdrawal": "x"}]
)
def test_the_database_refuses_to_change_a_published_edition(change):
    edition = Edition.objects.in_force().get()
    with pytest.raises(DatabaseError, match="published edition"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(**change)


def test_a_published_edition_is_never_deleted():
    edition = factories.ScheduledEdition()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_edition WHERE id = %s", [edition.pk])


def test_a_term_ends_once_and_stays():
    factories.PublishedEdition()
    ended = Term.objects.exclude(until=None).get()
    for change in ({"until": None}, {"starts": moments.today()}):
        with pytest.raises(DatabaseError, match="ends once"), transaction.atomic():
            Term.objects.filter(pk=ended.pk).update(**change)
    with pytest.raises(DatabaseError, match="ends once"), transaction.atomic():
        ended.delete()


def test_a_correction_is_a_new_edition_with_its_reason(who):
    law = Edition.objects.in_force().get()
    correction = publishing.correct(by=who("minzheng"), edition=law, correction_reason="居家照料的单位印错。")
    assert (correction.status, correction.corrects) == ("draft", law)
    assert correction.items.count() == law.items.count()
    assert "更正" in correction.title
    law.refresh_from_db()
    assert law.status == "in_force"
    with pytest.raises(Invalid, match="草稿直接修改"):
        publishing.correct(by=who("minzheng"), edition=correction, correction_reason="x")


def test_a_withdrawal_says_why_and_the_edition_before_is_the_law_again(who):
    before = Edition.objects.in_force().get()
    edition = factories.PublishedEdition()
    edition = publishing.withdraw(edition, by=who("minzheng"), reason="依据废止")
    assert (edition.status, edition.withdrawal) == ("withdrawn", "依据废止")
    assert Edition.objects.in_force().get() == before
    assert Edition.objects.in_force_on(moments.today()).get() == before
    transitions = Entry.objects.filter(lifecycle="catalog.Edition", object_id=before.pk)
    assert "restore" in transitions.values_list("move", flat=True)


def test_the_only_edition_is_not_withdrawn(who):
    with copying.without_triggers(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_term WHERE until IS NOT NULL")
    law = Edition.objects.in_force().get()
    with pytest.raises(Refused, match="更正版"):
        publishing.withdraw(law, by=who("minzheng"), reason="有误")
    assert Edition.objects.in_force().get() == law


def test_a_scheduled_edition_is_withdrawn_before_its_day(who):
    edition = factories.ScheduledEdition(in_force_from=moments.today() + timedelta(days=9))
    publishing.withdraw(edition, by=who("minzheng"), reason="推迟")
    with in_days(9):
        assert publishing.bring_into_force() == 0
    assert not edition.terms.exists()


def test_the_items_of_any_past_day_are_those_of_the_edition_of_that_day():
    older = Edition.objects.in_force().get()
    law = factories.PublishedEdition(remove=["E02.02"])
    begin = law.terms.get().starts
    assert {i.edition for i in Item.objects.in_force_on(begin)} == {law}
    day_before = Item.objects.in_force_on(begin - timedelta(days=1))
    assert {i.edition for i in day_before} == {older}
    assert day_before.filter(code="E02.02").exists()
    assert not Item.objects.in_force_on(begin).filter(code="E02.02").exists()
    assert not Item.objects.in_force_on(older.terms.get().starts - timedelta(days=1)).exists()


def test_an_item_counts_only_within_its_own_validity():
    today = moments.today()
    factories.PublishedEdition(
        change={
            "B01.01": {"valid_until": today + timedelta(days=10)},
            "B01.02": {"valid_from": today + timedelta(days=5)},
        }
    )

    def codes(days: int) -> set[str]:
        return set(
            Item.objects.in_force_on(today + timedelta(days=days))
            .filter(code__in=["B01.01", "B01.02"])
            .values_list("code", flat=True)
        )

    assert [codes(0), codes(7), codes(11)] == [{"B01.01"}, {"B01.01", "B01.02"}, {"B01.02"}]


def test_the_description_changes_in_a_draft_only(who, draft):
    edition = publishing.describe(draft, by=who("minzheng"), keywords="救助，目录", title_en="Catalog")
    assert (edition.keywords, edition.title_en, edition.revision) == ("救助，目录", "Catalog", 1)
    law = Edition.objects.in_force().get()
    with pytest.raises(NotNow):
        publishing.describe(law, by=who("minzheng"), title="x")


def test_a_comment_and_a_sheet_bear_the_name_that_their_edition_has_now(who, draft, upload):
    civil = who("minzheng")
    edition = publishing.open_consultation(draft, by=civil)
    comment = commenting.give(by=who("bumen"), edition=edition, text="价格偏低")
    edition = publishing.send_back(edition, by=civil, reason="先改名称")
    book, _page = exported(edition)
    waiting = upload(book)
    edition = publishing.describe(edition, by=civil, title="改名后的目录")
    for obj in (comment, waiting):
        items = WorkItem.objects.filter(lifecycle=obj._meta.label, object_id=obj.pk)
        assert items
        assert all(edition.title in item.title["zh-hans"] for item in items)


def test_the_public_sees_published_editions_only(client, draft):
    item = draft.items.first()
    assert client.get(item.get_absolute_url()).status_code == 404
    assert client.get(draft.public_address()).status_code == 404
    for kind in ("xlsx", "csv", "json"):
        assert client.get(f"/catalog/{draft.pk}/catalog.{kind}").status_code == 404
    law = Item.objects.in_force().first()
    assert client.get(law.get_absolute_url()).status_code == 200


def test_bodies_are_asked_and_hear_the_answer_and_providers_hear_of_the_publication(who, draft):
    def told(username: str) -> str:
        return " ".join(notice.text for notice in Notice.objects.visible_to(who(username)))

    edition = publishing.open_consultation(draft, by=who("minzheng"))
    assert f"{draft.title}开始征求意见" in told("bumen")
    assert f"{draft.title}开始征求意见" in told("caizheng")
    comment = commenting.give(by=who("bumen"), edition=edition, text="价格偏低")
    commenting.answer(comment, by=who("minzheng"), text="已按测算上调")
    assert told("bumen").count(str(comment)) == 1
    assert str(comment) not in told("bumen2")
    edition = publishing.submit_early(edition, by=who("minzheng"), reason="各部门都已答复")
    counting.count_now(edition)
    publishing.approve(
        edition,
        by=who("minzheng2"),
        document_number="知〔2026〕1号",
        index_number="n/1",
        in_force_from=moments.today(),
    )
    assert f"{draft.title}已发布" in told("jigou")
    assert f"{draft.title}已发布" in told("chuangkou")
