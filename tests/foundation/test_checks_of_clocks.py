"""The system checks of clocks: they make what they can make, and run where somebody is late by them."""

from __future__ import annotations

import pytest

from foundation.deadlines.models import PauseCause
from foundation.lifecycle.table import LIFECYCLES, ClockFor
from foundation.parties import THE_SYSTEM, Party
from foundation.roles import Role
from tests.foundation.slips import said

REFERRAL, PROJECT = "referrals.Referral", "procurement.Project"


def test_a_clock_makes_only_what_the_system_may(slips):
    slips.row("evaluations.Rectification", "run_out", by=(Party(Role.CIVIL_AFFAIRS),))
    words = "'run_out' is made when a clock runs out, and the system is none of its parties"
    assert said("lifecycle.E011") == [f"evaluations.Rectification: {words}"]


def test_a_clock_makes_only_what_starts_where_it_runs(slips):
    slips.row(REFERRAL, "time_out", at=("referral.review",))
    words = "'time_out' waits for the clock 'referral.review', which runs in none of its states"
    assert said("lifecycle.E011") == [f"{REFERRAL}: {words}"]


@pytest.mark.parametrize("reason", (True, PauseCause))
def test_a_clock_gives_no_reason(slips, reason):
    slips.row(REFERRAL, "time_out", reason=reason)
    words = "'time_out' is made when a clock runs out, and asks for a reason, which no clock gives"
    assert said() == [f"{REFERRAL}: {words}"]


def test_a_clock_gives_nothing_that_a_body_takes(slips):
    slips.row(REFERRAL, "plan", at=("referral.first_visit",), by=(THE_SYSTEM,))
    told = f"{REFERRAL}: 'plan' is made when a clock runs out, and takes 'plan_text', which no clock gives"
    assert told in said("lifecycle.E011")


@pytest.mark.parametrize("rule", ("referral.review", ClockFor(bool, "referral.review", "referral.answer")))
def test_no_clock_runs_where_all_is_over(slips, rule):
    slips.table(REFERRAL, clocks={**LIFECYCLES[REFERRAL].clocks, "closed": rule})
    assert said() == [f"{REFERRAL}: a clock hangs on 'closed', which is over"]


def test_no_clock_runs_where_nobody_could_be_late(slips):
    slips.table(REFERRAL, clocks={**LIFECYCLES[REFERRAL].clocks, "draft": "referral.review"})
    assert said() == []
    slips.row(REFERRAL, "offer", primary=(Role.SYSTEM,))
    words = (
        "the clock 'referral.review' runs in 'draft', in which nobody is awaited who could be late: say who is "
        "(late), or that it is a period (periods)"
    )
    assert said() == [f"{REFERRAL}: {words}"]


def test_the_days_of_a_clock_count_from_what_the_object_has(slips):
    slips.table(REFERRAL, counts_from={"referral.review": "begun_on", "referral.nothing": "offered_at"})
    words = "the days of 'referral.review' count from 'begun_on' (counts_from), which the model does not have"
    assert said("lifecycle.E011") == [f"{REFERRAL}: {words}"]
    assert said("lifecycle.E004") == [f"{REFERRAL}: no clock 'referral.nothing'"]


def test_a_deadline_is_met_by_what_starts_where_its_clock_runs(slips):
    slips.table(REFERRAL, met_by={"referral.review": "accept"})
    words = "the clock 'referral.review' is met by 'accept' (met_by), which starts from none of its states"
    assert said() == [f"{REFERRAL}: {words}"]


def test_a_period_makes_nobody_late(slips):
    periods = LIFECYCLES[PROJECT].periods
    assert said() == []
    slips.table(PROJECT, periods=tuple(name for name in periods if name != "procurement.objection"))
    (words,) = said()
    assert words.startswith(
        f"{PROJECT}: the clock 'procurement.objection' runs in 'awarded', in which nobody"
    )
