"""What is on the workbench, for whom and in which order."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from contracts.budgets import appropriations
from contracts.budgets.models import BudgetLine
from evaluations.appeals import appealing
from evaluations.appeals.models import Appeal
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock
from foundation.lifecycle.models import LifecycleModel
from foundation.moments import SHANGHAI
from foundation.refusals import NotYours
from foundation.roles import PEOPLE
from foundation.work_items import rebuilding, settling
from foundation.work_items.models import WorkItem
from households.joining.models import Joining
from marketplace.workbench import waiting
from organizations.people import holding
from organizations.people.models import Membership
from procurement.key_holders.models import KeyHolder
from referrals.answers import answering
from referrals.complaints import complaining
from referrals.needs import triage
from tests import factories
from tests.access.test_offered import refusal_of, takes_no_input
from tests.accounts import USERS
from tests.marketplace.benches import is_about, rows_of

pytestmark = pytest.mark.story


def who_of(bench, obj):
    """Who is awaited, as the row of this object says."""
    (row,) = (row for row in bench.others if is_about(row, obj))
    return row.who


#: Who acts for nobody else: whoever reads alone, and whoever lets people in.
NOTHING_WAITS_FOR = ("auditor", "administrator", "staff_manager")


@pytest.mark.parametrize("role", [role for role in PEOPLE if role not in NOTHING_WAITS_FOR])
def test_no_role_that_acts_finds_an_empty_workbench_in_the_starter_data(role, who):
    assert rows_of(waiting.open_for(who(USERS[role])))


def test_nearest_deadline_first_and_each_row_has_its_one_next_step(who):
    bench = waiting.open_for(who("chuangkou"))
    mine = [*bench.overdue, *bench.today, *bench.week]
    dues = [row.item.due_at for row in mine]
    assert dues == sorted(dues)
    assert all(row.step for row in [*mine, *bench.later])
    assert all(row.step is None for row in bench.others)


def test_a_need_goes_where_its_route_says(who):
    window = who("chuangkou")
    care, living, other = (factories.OpenNeed(kind=kind) for kind in ("care", "living", "other"))
    steps = {
        row.item.object_id: row.step
        for row in rows_of(waiting.open_for(window))
        if row.step and row.item.lifecycle == "referrals.Need"
    }
    assert steps[care.pk].address == f"/needs/{care.pk}/match/"
    assert steps[living.pk].address == f"/needs/{living.pk}/transfer/"
    assert steps[other.pk].address == f"/needs/{other.pk}/bring-to-conference/"


def test_rows_fall_into_overdue_today_this_week_and_later(who):
    with moments.as_of(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)):
        need = factories.OpenNeed()
        window = factories.window_of(need.matter.town)

    def group_at(*moment: int) -> str:
        with moments.as_of(datetime(*moment, tzinfo=SHANGHAI)):
            bench = waiting.open_for(window)
        for name in ("overdue", "today", "week", "later", "others"):
            if any(is_about(row, need) for row in getattr(bench, name)):
                return name
        return ""

    assert group_at(2026, 3, 2, 10) == "week"
    assert group_at(2026, 3, 4, 10) == "today"
    assert group_at(2026, 3, 5, 10) == "overdue"


def test_a_paused_row_is_neither_overdue_nor_urgent(who):
    need = factories.OpenNeed()
    window = factories.window_of(need.matter.town)
    clock = Clock.objects.get(lifecycle="referrals.Need", object_id=need.pk)
    clocks.pause(clock, by=who("minzheng"), cause="household_away", reason="住院")
    with moments.as_of(moments.now() + timedelta(days=30)):
        bench = waiting.open_for(window)
    assert any(is_about(row, need) and row.item.paused for row in bench.later)


def test_what_is_done_leaves_the_workbench_and_counts_stay_true(who):
    window = who("chuangkou")
    need = factories.OpenNeed(kind="living")
    before = waiting.open_for(window).mine
    triage.transfer(need, by=window, body=triage.propose("living").body)
    after = waiting.open_for(window)
    assert after.mine == before - 1
    assert any(is_about(row, need) for row in after.others)


def test_nothing_of_others_is_on_it(who):
    other = factories.OfferedReferral()
    assert all(not is_about(row, other) for row in rows_of(waiting.open_for(who("jigou"))))


def test_the_household_sees_its_own_case_in_words_and_is_asked_to_judge(who):
    need = factories.TransferredNeed()
    account = factories.account_of(need.matter.household)
    bench = waiting.open_for(account)
    assert [is_about(row, need) for row in bench.others] == [True]
    handler = factories.PersonOf(role="handler", role__organization=need.body).memberships.get().actor()
    need = triage.grant(need, by=handler, result="已救助")
    answering.feed_back(need, by=handler, words="已办好")
    assert [row.step.label for row in waiting.open_for(account).week + waiting.open_for(account).later] == [
        "评价"
    ]


@pytest.mark.parametrize("username", ["minzheng", "caizheng"])
def test_no_row_that_waits_for_me_is_refused_after_the_click(username, who):
    actor = who(username)
    bench = waiting.open_for(actor)
    assert bench.to_do
    for row in bench.to_do:
        lifecycle, step = row.item.table, row.item.transition
        if step is None:  # a page on which something is done first
            continue
        obj = lifecycle.model._default_manager.get(pk=row.item.object_id)
        assert step in obj.transitions_for(actor), row.under
        if takes_no_input(lifecycle, step):
            assert not isinstance(refusal_of(lifecycle, step, obj, actor), NotYours), row.under


@pytest.mark.parametrize("username", ["minzheng", "caizheng"])
def test_what_another_must_do_waits_for_others_and_says_for_whom_and_why(username, who, client_of):
    line = BudgetLine.objects.filter(year=moments.today().year)[0]
    appropriations.adjust(
        by=who("caizheng"), line=line, kind="add", amount=Decimal("60000"), document_number="2", why="追加"
    )
    kept = [row for row in waiting.open_for(who(username)).others if row.kept]
    assert kept and all(row.who for row in kept)
    client = client_of(username)
    assert "须由另一人办理" in client.get("/workbench/").content.decode()
    for row in kept:
        page = client.get(row.item.address).content.decode()
        assert "须由另一人办理" in page and row.who in page
        assert WorkItem.objects.to_do(who(f"{username}2")).filter(object_id=row.item.object_id).exists()


@pytest.mark.parametrize("username", sorted(set(USERS.values())))
def test_objects_of_one_case_are_one_row(username, who):
    """A case is what happens about one matter, one purchase or one edition; a contract is one of its own."""
    of_a_case = {"referrals": ("matter", "need"), "procurement": ("project",), "catalog": ("edition",)}
    for row in waiting.open_for(who(username)).to_do:
        obj = row.item.table.model._default_manager.get(pk=row.item.object_id)
        wholes = (getattr(obj, name, None) for name in of_a_case.get(obj._meta.app_label, ()))
        whole = next((found for found in wholes if isinstance(found, LifecycleModel)), obj)
        assert row.item.case == whole.case_key(), obj


def test_who_holds_a_key_is_awaited_in_the_roles_that_he_holds(who):
    seats = WorkItem.objects.filter(lifecycle=KeyHolder._meta.label, waits=True)
    assert seats
    roles_of = holding.held_today({item.user_id for item in seats})
    assert {(item.user_id, item.role) for item in seats if item.role not in roles_of[item.user_id]} == set()


@pytest.mark.tampers
@pytest.mark.parametrize(
    "changed",
    [{"step": "no_such_step"}, {"state": "no_such_state"}, {"lifecycle": "gone.Thing"}],
    ids=["step", "state", "lifecycle"],
)
def test_what_no_table_knows_any_more_is_left_out_and_made_anew_at_the_start(who, client_of, changed):
    actor = who("chuangkou")
    full = waiting.open_for(actor)
    item = next(row.item for row in rows_of(full) if row.step)
    WorkItem.objects.filter(pk=item.pk).update(**changed)
    assert client_of("chuangkou").get("/workbench/").status_code == 200
    assert item.pk not in {row.item.pk for row in rows_of(waiting.open_for(actor))}
    assert rebuilding.rebuild_unknown() == 1
    assert rebuilding.rebuild_unknown() == 0
    assert all(found.known for found in WorkItem.objects.all())


@pytest.mark.parametrize("username", sorted(set(USERS.values())))
def test_what_waits_for_others_is_in_the_order_of_its_urgency(username, who):
    others = waiting.open_for(who(username)).others
    due = [
        row.item.due_at for row in others if row.item.due_at and not row.item.urgent and not row.item.paused
    ]
    assert due == sorted(due)
    first_without = next((n for n, row in enumerate(others) if row.item.due_at is None), len(others))
    assert all(row.item.due_at is None or row.item.paused for row in others[first_without:])


@pytest.mark.tampers
def test_nobody_reads_that_he_waits_for_himself(who):
    need = factories.TransferredNeed()
    account = factories.account_of(need.matter.household)
    complaint = complaining.file(by=account, need=need, about="body", text="一直没有人联系")
    complaining.answer(complaint, by=factories.window_of(need.town), reply="已催办")
    WorkItem.objects.filter(lifecycle="referrals.Need", object_id=need.pk, waits=True).delete()
    bench = waiting.open_for(account)
    assert is_about(bench.to_do[0], complaint)
    assert "困难家庭" not in who_of(bench, need)


def test_of_those_who_may_decide_instead_nobody_reads_himself(who):
    appeal = Appeal.objects.filter(status="filed")[0]
    first, *_others = appeal.reviewers
    reviewer = Membership.objects.get(user=first, role="evaluator").actor()
    appeal = appealing.propose(appeal, by=reviewer, reason="证据不足")
    (row,) = (row for row in waiting.open_for(reviewer).others if is_about(row, appeal))
    assert row.kept
    assert reviewer.name not in row.who


def test_a_row_says_what_meets_its_deadline_and_near_it_that_is_its_step():
    referral = factories.ReferralInService()
    worker = factories.member_of(referral.provider, "social_worker")

    def row_due_in(days: int) -> waiting.Row:
        running = Clock.objects.filter(rule_key="referral.review", object_id=referral.pk, stopped_at=None)
        running.update(due_at=moments.now() + timedelta(days=days))
        settling.settle({(referral._meta.label, referral.pk)})
        (row,) = (row for row in rows_of(waiting.open_for(worker)) if is_about(row, referral))
        return row

    far = row_due_in(20)
    assert (far.step.name, far.due_by) == ("record_visit", "每月回顾")
    for days in (3, -2):
        near = row_due_in(days)
        assert (near.step.name, near.due_by) == ("review", "")
        assert near.step.address == referral.transition_address(near.item.table.get_transition("review"))


def test_the_window_that_asks_for_a_second_home_is_not_told_where_the_person_counts(who):
    joining = Joining.objects.filter(status="proposed")[0]
    asking = factories.window_of(joining.household.town)
    assert joining.home.town != joining.household.town
    assert who_of(waiting.open_for(asking), joining) == "窗口工作人员"


def test_a_provider_is_not_told_who_reviews_its_appeal(who):
    appeal = Appeal.objects.filter(status="filed")[0]
    coordinator = factories.member_of(appeal.assessment.provider)
    assert who_of(waiting.open_for(coordinator), appeal) == "评估人员"


def test_a_household_sees_each_of_its_needs_and_a_window_how_many_more_a_case_has(who):
    first = factories.TransferredNeed()
    window = factories.window_of(first.town)
    second, _third = (
        triage.add(by=window, matter=first.matter, kind=kind, text="x") for kind in ("medical", "care")
    )
    bench = waiting.open_for(factories.account_of(first.matter.household))
    assert [any(is_about(row, need) for row in bench.others) for need in (first, second)] == [True, True]
    (row,) = (row for row in rows_of(waiting.open_for(window)) if is_about(row, second))
    assert row.others == 1  # the first one waits for its body


@pytest.mark.tampers
def test_of_a_case_only_those_are_named_who_are_awaited_for_what_the_reader_sees(who):
    need = factories.TransferredNeed()
    account = factories.account_of(need.matter.household)
    item = WorkItem.objects.addressed_to(account).get(lifecycle="referrals.Need", object_id=need.pk)
    other = WorkItem.objects.get(lifecycle="referrals.Need", object_id=need.pk, waits=True)
    WorkItem.objects.filter(pk=other.pk).update(lifecycle="referrals.Complaint", state="filed", step="reply")
    assert item.case == other.case
    assert who_of(waiting.open_for(account), need) == ""


def test_what_waits_for_nobody_is_no_item(who):
    ready = KeyHolder.objects.filter(status="ready", project__opened_at=None)
    seats = [seat.pk for seat in ready if not seat.asked_for_the_share]
    assert seats
    assert not WorkItem.objects.filter(lifecycle="procurement.KeyHolder", object_id__in=seats).exists()
