"""The deadline of a part that has no clock of its own is that of what waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluations.rounds import running
from evaluations.sheets import lots
from evaluations.sheets.models import ScoreSheet
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock
from foundation.holidays import following
from foundation.lifecycle.models import LifecycleModel
from foundation.refusals import NotNow
from foundation.wording import until
from foundation.work_items.models import WorkItem
from procurement.awards import awarding
from tests import factories
from tests.evaluations import judging
from tests.procurement import purchases

pytestmark = pytest.mark.usefixtures("db")


def running_on(obj: LifecycleModel) -> Clock:
    return Clock.objects.get(lifecycle=obj.lifecycle.label, object_id=obj.pk, stopped_at=None)


def items_of(obj: LifecycleModel) -> list[WorkItem]:
    found = list(WorkItem.objects.filter(lifecycle=obj.lifecycle.label, object_id=obj.pk))
    assert found
    return found


def test_a_key_holder_must_hand_in_the_share_by_the_day_on_which_bids_are_opened():
    project = purchases.closed()
    clock = running_on(project)
    for holder in project.keyholders.ready():
        assert {(item.due_at, item.basis) for item in items_of(holder)} == {(clock.due_at, clock.basis)}


def test_a_bid_must_be_checked_by_the_day_of_its_purchase():
    project = purchases.opened()
    clock = running_on(project)
    for bid in project.bids.all():
        assert {item.due_at for item in items_of(bid)} == {clock.due_at}


def test_a_draft_contract_must_be_signed_in_the_days_of_its_award():
    project = awarding.make_contract(purchases.concluded(), by=purchases.officer())
    clock = running_on(project)
    assert clock.rule_key == "procurement.contract"
    assert {item.due_at for item in items_of(project.call_offs.get().contract)} == {clock.due_at}


def test_a_sheet_about_which_something_is_proposed_must_be_decided_by_the_day_of_its_round():
    round_ = judging.scoring_([factories.AccreditedProvider()])
    sheet = ScoreSheet.objects.filter(assessment__round=round_)[0]
    sheet = lots.ask_to_replace(sheet, by=judging.officer(), reason="ill", why="住院一个月，有病假条")
    assert {item.due_at for item in items_of(sheet)} == {running_on(round_).due_at}


def test_the_parts_follow_when_the_clock_of_the_whole_moves():
    project = purchases.closed()
    (holder, *_others) = project.keyholders.ready()
    clock, day = running_on(project), moments.today()
    factories.free_days(*(day + timedelta(days=days) for days in range(1, 60)))
    assert following.follow() >= 1
    clock.refresh_from_db()
    assert {item.due_at for item in items_of(holder)} == {clock.due_at}


def test_scoring_waits_for_reports_whose_time_stands_still():
    round_ = judging.reporting_([factories.AccreditedProvider()])
    clock = running_on(round_.assessments.get())
    clock = clocks.pause(clock, by=judging.officer(), cause="force_majeure", reason="台风")
    with moments.as_of(clock.due_at + timedelta(days=1)):
        assert items_of(round_)[0].step == ""
        with pytest.raises(NotNow, match="计时已暂停"):
            running.begin_scoring(round_, by=judging.officer())
        clock = clocks.resume(clock, by=judging.officer())
        (said,) = {item.missing["zh-hans"] for item in items_of(round_) if item.missing}
        assert until(clock.due_at) in said
