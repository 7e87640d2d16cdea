"""The overdue register holds every late act once, and accuses nobody who is not late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from catalog.editions import publishing
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock, Overdue
from foundation.inbox.models import Notice
from foundation.lifecycle.table import LIFECYCLES, ClockFor, Lifecycle
from foundation.moments import SHANGHAI
from foundation.roles import SYSTEM, Role
from foundation.work_items import rebuilding
from procurement.awards import awarding
from procurement.purchases.states import PROJECT
from referrals.matters import intake
from referrals.needs import triage
from referrals.offers import offering
from referrals.service import delivery
from tests import factories
from tests.procurement import purchases
from tests.racing import at_once

MARCH = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


def clock_of(obj, key: str) -> Clock:
    return Clock.objects.filter(lifecycle=obj._meta.label, object_id=obj.pk, rule_key=key).latest("pk")


# --- acts that come late ------------------------------------------------------------------


def test_an_act_after_its_deadline_writes_the_line_that_no_tick_has_written():
    with moments.as_of(MARCH):
        referral = factories.OfferedReferral()
    clock = clock_of(referral, "referral.answer")
    with moments.as_of(clock.due_at + timedelta(hours=20)):
        offering.accept(referral, by=factories.member_of(referral.provider))
        at = moments.now()
    line = Overdue.objects.get(clock=clock)
    assert (line.rule_key, line.basis, line.due_at) == ("referral.answer", clock.basis, clock.due_at)
    assert line.awaited == f"承接主体协调员（{referral.provider}）"
    assert line.at == at
    clocks.tick(clock.due_at + timedelta(days=9))
    assert Overdue.objects.filter(clock=clock).count() == 1


def test_the_same_line_comes_from_the_tick_and_from_the_act():
    def line_of(need):
        found = Overdue.objects.filter(clock=clock_of(need, "need.transfer"))
        return found.values("awaited", "rule_key", "rule_version", "basis", "due_at", "at").get()

    with moments.as_of(MARCH):
        first, second = factories.OpenNeed(kind="living"), factories.OpenNeed(kind="living")
    with moments.as_of(MARCH + timedelta(days=10)):
        body = triage.propose("living").body
        triage.transfer(first, by=factories.window_of(first.town), body=body)
        clocks.tick()
    assert line_of(first) == line_of(second)


def test_an_act_in_time_leaves_no_line():
    with moments.as_of(MARCH):
        referral = factories.OfferedReferral()
        offering.accept(referral, by=factories.member_of(referral.provider))
    assert not Overdue.objects.filter(clock=clock_of(referral, "referral.answer")).exists()


def test_a_clock_that_spans_states_is_registered_by_the_late_act_too():
    with moments.as_of(MARCH):
        matter = factories.AcceptedMatter(urgent=True, papers_later=True)
    clock = clock_of(matter, "matter.papers_later")
    with moments.as_of(clock.due_at + timedelta(days=3)):
        intake.add_papers(matter, by=factories.window_of(matter.town))
    assert Overdue.objects.get(clock=clock).awaited == f"窗口工作人员（{matter.town}）"


def test_a_late_review_is_registered_though_its_state_goes_on():
    with moments.as_of(MARCH):
        referral = factories.ReferralInService()
        worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    clock = clock_of(referral, "referral.review")
    with moments.as_of(clock.due_at + timedelta(days=2)):
        delivery.review(referral, by=worker, words="平稳")
    assert "社工与志愿者" in Overdue.objects.get(clock=clock).awaited
    assert clock_of(referral, "referral.review").pk != clock.pk


def test_tick_and_act_at_the_same_moment_write_one_line(own_database):
    with moments.as_of(MARCH):
        needs = [factories.OpenNeed(kind="living") for _ in range(4)]
        body = triage.propose("living").body

    def act(need):
        return lambda: triage.transfer(need, by=factories.window_of(need.town), body=body)

    at_once([clocks.tick, clocks.tick, *map(act, needs)])
    for need in needs:
        assert Overdue.objects.filter(clock=clock_of(need, "need.transfer")).count() == 1


def test_a_time_out_is_registered_once():
    with moments.as_of(MARCH):
        referral = factories.OfferedReferral()
    clock = clock_of(referral, "referral.answer")
    with moments.as_of(clock.due_at + timedelta(minutes=1)):
        clocks.tick()
    assert Overdue.objects.get(clock=clock).awaited == f"承接主体协调员（{referral.provider}）"


# --- periods make nobody late ---------------------------------------------------------------


def keys_of(lifecycle: Lifecycle) -> dict[str, list[str]]:
    """Every clock of a lifecycle, with the states in which it runs."""
    found: dict[str, list[str]] = {}
    for state, key in lifecycle.clocks.items():
        for each in key.keys if isinstance(key, ClockFor) else (key,):
            found.setdefault(each, []).append(state)
    for each in lifecycle.spanning:
        found.setdefault(each, []).append("")
    return found


CLOCKS = [
    pytest.param(lifecycle, key, state, id=f"{label}-{key}-{state}")
    for label, lifecycle in LIFECYCLES.items()
    for key, states in keys_of(lifecycle).items()
    for state in states
]


@pytest.mark.parametrize("lifecycle,key,state", CLOCKS)
def test_every_clock_is_a_period_or_names_who_is_late(lifecycle, key, state):
    """A clock whose state awaits nobody, or only the system, would accuse nobody by name."""
    if key in lifecycle.periods:
        return
    # Across states nobody, or somebody else, is awaited: a spanning clock names who is late.
    awaited = lifecycle.awaited_in(state) if state else frozenset()
    assert lifecycle.late.get(key) or awaited - {Role.SYSTEM, Role.HOUSEHOLD}


def test_rights_and_times_to_wait_are_periods():
    declared = {key for lifecycle in LIFECYCLES.values() for key in lifecycle.periods}
    assert declared >= {
        "procurement.objection",
        "edition.consultation",
        "penalty.answer",
        "exit.hearing",
        "round.appeal",
        "round.notice",
    }
    # The provider is late here, though the clock moves the object by itself.
    assert not declared & {"referral.answer", "referral.answer_urgent", "rectification.days"}


def test_an_objection_period_that_ends_quietly_accuses_nobody():
    """Whichever of the two jobs of a minute comes first."""
    project = purchases.awarded()
    clock = clock_of(project, "procurement.objection")
    with moments.as_of(clock.due_at + timedelta(minutes=1)):
        clocks.tick()
        assert not Overdue.objects.filter(clock=clock).exists()
        assert not Notice.objects.filter(
            lifecycle="procurement.Project", object_id=project.pk, texts__icontains="逾期"
        ).exists()
        awarding.conclude(project, by=SYSTEM)
    clock.refresh_from_db()
    assert clock.stopped_at is not None
    clocks.tick(clock.due_at + timedelta(days=20))
    assert not Overdue.objects.filter(clock=clock).exists()
    assert PROJECT.model.objects.get(pk=project.pk).status == "concluded"


def test_a_consultation_that_is_over_is_shown_as_over_and_not_as_late(client_of):
    with moments.as_of(MARCH):
        edition = publishing.open_consultation(factories.DraftEdition(), by=factories.actor("minzheng"))
    clock = clock_of(edition, "edition.consultation")
    clocks.tick(clock.due_at + timedelta(days=30))
    rebuilding.follow_the_day()
    assert not Overdue.objects.filter(clock=clock).exists()
    page = client_of("minzheng").get(edition.get_absolute_url()).content.decode()
    assert "期限已满" in page
    assert "已逾期" not in page


def test_a_household_is_never_called_late():
    """It may judge the answer in the same state in which the window has to close the case."""
    need = LIFECYCLES["referrals.Need"]
    clock = Clock(lifecycle="referrals.Need", state="fed_back", rule_key="need.closing")
    assert need.answers_for(clock, None) == {Role.WINDOW}


def test_what_a_provider_owes_is_not_held_against_finance_that_waits_for_it():
    claims = LIFECYCLES["contracts.ClawBack"]
    clock = Clock(lifecycle="contracts.ClawBack", state="demanded", rule_key="claw_back.receipt")
    assert claims.answers_for(clock, None) == {Role.COORDINATOR}


def test_after_an_outage_one_step_is_told_further_up_each_minute():
    with moments.as_of(MARCH):
        need = factories.OpenNeed()
    clock = clock_of(need, "need.transfer")
    clocks.tick(clock.due_at + timedelta(seconds=1))
    late = clock.due_at + timedelta(days=40)
    for level in (1, 2, 3):
        clocks.tick(late + timedelta(minutes=level))
        clock.refresh_from_db()
        assert clock.escalated == level
