"""Whoever acts reads one language, and whoever hears of it another: a notice and the journal are read in the reader's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import translation

from catalog.editions import publishing
from contracts.contracts import quota, running
from contracts.invoices import clawing_back
from evaluations.rectifications import rectifying
from evaluations.rectifications.models import Rectification
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock, PauseCause
from foundation.inbox.models import Notice
from foundation.journal import timeline
from foundation.journal.models import Entry
from households.consents import giving
from households.register import members
from organizations.providers import expiring, standing
from organizations.providers.models import Provider
from procurement.purchases import planning
from referrals.needs import triage
from referrals.rematching import rematching
from referrals.service import delivery
from tests import factories
from tests.contracts.test_running_it import delivered, drawn_up, paid_contract
from tests.evaluations import judging, leaving
from tests.households.members import child_of, joined, last_person
from tests.procurement import purchases
from tests.referrals.leaving import served_by, supplied

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH, ENGLISH_WORD = re.compile(r"[A-Za-z]{3,} [a-z]{2,}"), re.compile(r"[A-Za-z]{4,}")

Act = Callable[[], object]


def actor(name: str = "minzheng"):
    return factories.actor(name)


def transferred() -> Act:
    need = factories.OpenNeed(kind="medical")
    body = triage.propose(need.kind).body
    return lambda: triage.transfer(need, by=factories.window_of(need.matter.town), body=body)


def asked_for_papers() -> Act:
    need = factories.TransferredNeed()
    handler = factories.PersonOf(role="handler", role__organization=need.body).memberships.get().actor()
    need = triage.take_up(need, by=handler)
    return lambda: triage.ask_papers(need, by=handler, papers="户口簿")


def visited() -> Act:
    referral = factories.ReferralInService()
    worker = factories.worker_of(referral)
    return lambda: delivery.record_visit(referral, by=worker, on=moments.today(), units=1, note="x")


def ended_early() -> Act:
    referral = factories.ReferralInService()
    by = factories.coordinator_of(referral)
    return lambda: delivery.end_early(referral, by=by, reason="社工离职")


def consent_withdrawn() -> Act:
    referral = factories.ReferralInService()
    household, window = referral.need.matter.household, actor("chuangkou")
    return lambda: giving.withdraw_consent(household, by=window, consent=household.consents.get())


def died() -> Act:
    window = actor("chuangkou")
    household = joined(factories.AcceptedMatter(consent=False).household, window)
    guardian = last_person(household)
    child_of(household, window, guardian=guardian)
    day = moments.today()

    def act() -> None:
        member = household.members.get(person=guardian)
        members.record_death(household, by=window, member=member, on=day)

    return act


def clock_of_a_need() -> Clock:
    need = factories.OpenNeed()
    return Clock.objects.get(lifecycle="referrals.Need", object_id=need.pk, stopped_at=None)


def reminded() -> Act:
    clock = clock_of_a_need()
    return lambda: clocks.tick(clock.remind_at)


def overdue_and_escalated() -> Act:
    due = clock_of_a_need().due_at
    return lambda: [clocks.tick(due + timedelta(days=days, seconds=1)) for days in (0, 4, 8)]


def paused() -> Act:
    clock = clock_of_a_need()
    return lambda: clocks.pause(clock, by=actor(), cause=PauseCause.HOUSEHOLD_AWAY, reason="住院")


def nearly_used() -> Act:
    line = factories.ContractInForce(quota=100).lines.get()
    return lambda: quota.reserve(line.pk, 85)


def near_its_end() -> Act:
    contract = factories.ReferralInService().line.contract
    ends = datetime.combine(contract.end_on, time(9), tzinfo=moments.SHANGHAI)

    def act() -> None:
        with moments.as_of(ends - timedelta(days=20)):
            running.tell_of_ends()

    return act


def terminated() -> Act:
    contract = factories.ReferralInService(units=6).line.contract
    return lambda: running.terminate(contract, by=actor(), reason="违约")


def clawed_back() -> Act:
    _contract, invoice = paid_contract()
    return lambda: clawing_back.demand(by=actor(), invoice=invoice, amount=Decimal("150"), why="没有上门")


def invoiced() -> Act:
    contract = factories.ContractInForce()
    delivered(contract, 10)
    return lambda: drawn_up(contract)


def near_the_end_of_its_accreditation() -> Act:
    provider = factories.AccreditedProvider()
    day = moments.today() + timedelta(days=59)
    Provider.objects.filter(pk=provider.pk).update(accredited_until=day)
    return expiring.notify_of_expiry


def consulted() -> Act:
    draft = factories.DraftEdition()
    return lambda: publishing.open_consultation(draft, by=actor())


def published() -> Act:
    project = planning.submit(
        purchases.ready(invited=[factories.AccreditedProvider()]), by=purchases.officer()
    )
    return lambda: planning.publish(project, by=purchases.officer("minzheng2"))


def failed() -> Act:
    project = purchases.published(invited=[factories.AccreditedProvider()])
    officer, second = purchases.officer(), purchases.officer("minzheng2")
    project = planning.propose_failure(project, by=officer, reason="major_change", why="任务取消了")
    return lambda: planning.confirm_failure(project, by=second)


def decided_to_leave() -> Act:
    exit_ = leaving.heard(factories.ReferralInService().provider)
    return lambda: leaving.voted(exit_, True, True)


def rematched() -> Act:
    offer = supplied()
    served_by(offer, 2)
    rematch = rematching.preview(by=actor(), provider=offer.provider)
    standing.suspend(offer.provider, by=actor(), reason="退出")
    return lambda: rematching.approve(rematch, by=actor("minzheng2"))


def mended() -> Act:
    provider = factories.AcceptedReferral().provider
    judging.published([provider], 1)
    order = Rectification.objects.get(provider=provider)
    return lambda: rectifying.report(order, by=factories.member_of(provider), report="逐条改了")


ACTS = [
    transferred,
    asked_for_papers,
    visited,
    ended_early,
    consent_withdrawn,
    died,
    reminded,
    overdue_and_escalated,
    paused,
    nearly_used,
    near_its_end,
    terminated,
    clawed_back,
    invoiced,
    near_the_end_of_its_accreditation,
    consulted,
    published,
    failed,
    decided_to_leave,
    rematched,
    mended,
]

#: What a notice and an entry say of themselves, whoever acted in which language.
SAID = ("lifecycle", "role", "organization_id", "place_id", "user_id", "texts")
WRITTEN = ("lifecycle", "object_name", "move", "reason")


def left_by(act: Act, language: str) -> tuple[list[dict], list[dict]]:
    """The notices and entries that an act leaves when it is done in this language; it is undone again."""
    notices, entries = (model.objects.order_by("-pk").first().pk for model in (Notice, Entry))
    with transaction.atomic():
        with translation.override(language):
            act()
        told = [*Notice.objects.filter(pk__gt=notices).order_by("pk").values(*SAID)]
        written = [*Entry.objects.filter(pk__gt=entries).order_by("pk").values(*WRITTEN)]
        transaction.set_rollback(True)
    return told, written


@pytest.mark.parametrize("prepared", ACTS, ids=lambda made: made.__name__)
def test_what_is_told_and_recorded_does_not_hang_on_the_language_of_whoever_acts(prepared):
    act = prepared()
    in_english, in_chinese = left_by(act, "en"), left_by(act, "zh-hans")
    assert in_english == in_chinese
    told, _written = in_english
    assert told
    for each in told:
        chinese, english = each["texts"]["zh-hans"], each["texts"]["en"]
        assert CHINESE.search(chinese)
        assert not ENGLISH.search(chinese)
        assert ENGLISH_WORD.search(english)


def test_household_window_and_coordinator_read_it_in_their_own_language(client_of):
    referral = factories.ReferralInService()
    worker = factories.worker_of(referral)
    Notice.objects.all().delete()
    for acting, reading, words in (("en", "zh-hans", CHINESE), ("zh-hans", "en", ENGLISH_WORD)):
        with translation.override(acting):
            referral = delivery.record_visit(referral, by=worker, on=moments.today(), units=1, note="x")
        with translation.override(reading):
            assert all(words.search(notice.text) for notice in Notice.objects.all())


def test_a_timeline_names_its_objects_in_the_readers_language_and_the_record_in_its_own():
    with translation.override("en"):
        need = factories.OpenNeed()
        name = str(need)
    assert CHINESE.search(str(need))
    assert not CHINESE.search(name)
    entries = Entry.objects.filter(lifecycle=need._meta.label, object_id=need.pk)
    assert {entry.object_name for entry in entries} == {str(need)}
    assert {line.subject for line in timeline.entries_of([need])} == {str(need)}
    with translation.override("en"):
        assert {line.subject for line in timeline.entries_of([need])} == {name}


def test_why_a_provider_was_chosen_is_read_in_the_readers_language():
    with translation.override("en"):
        referral = factories.OfferedReferral()
        assert not any(CHINESE.search(part["name"]) for part in referral.choice_parts)
    assert all(CHINESE.search(part["name"] + part["words"]) for part in referral.choice_parts)
