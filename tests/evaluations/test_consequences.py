"""A score leads somewhere: matching, payment, rectification, suspension, exit — each by its rule, at once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from evaluations.consequences import applying
from evaluations.consequences.models import Consequence
from evaluations.exits import exiting
from evaluations.exits.models import Exit
from evaluations.rectifications import rectifying
from evaluations.rectifications.models import Rectification
from evaluations.rounds import running
from foundation import moments
from foundation.deadlines import clocks
from foundation.refusals import NotNow, NotYours
from foundation.roles import SYSTEM, Role
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from organizations.people.models import Membership
from organizations.providers import standing
from organizations.providers.models import Provider
from referrals.matching import ranking
from referrals.offers import offering
from referrals.service import delivery
from tests import factories
from tests.evaluations import judging
from tests.evaluations.judging import chair, evaluator, in_days, officer, only, second


def effects(provider: Provider) -> list[str]:
    return list(Consequence.objects.filter(provider=provider).values_list("effect", flat=True))


def contract_of(provider: Provider):
    return provider.contracts.get()


def ranked(referral):
    """How an offer stands for a new need now."""
    return ranking.rank(factories.OpenNeed()).find(referral.offer_id)


def test_an_excellent_score_brings_a_bonus_in_matching_full_pay_and_renewal():
    referral = factories.AcceptedReferral()
    provider = referral.provider
    before = ranked(referral).total
    judging.published([provider], 5)
    provider.refresh_from_db()
    assert (provider.match_bonus, provider.last_grade) == (Decimal("0.050"), "excellent")
    assert contract_of(provider).payment_share == 1
    assert {"bonus", "payment_share", "renewal"} <= set(effects(provider))
    assert ranked(referral).total > before


def test_a_contract_that_has_not_begun_is_paid_by_the_score_as_well():
    provider = factories.AccreditedProvider()
    begins = moments.today() + timedelta(days=60)
    draft = factories.DraftContract(provider=provider, start_on=begins, end_on=begins + timedelta(days=90))
    contract = factories.signed(draft)
    assert contract.status == "signed"
    judging.published([provider], 1)
    contract.refresh_from_db()
    assert contract.payment_share == Decimal("0.80")


def test_a_passing_score_brings_advice_in_writing():
    provider = factories.AccreditedProvider()
    judging.published([provider], lambda sheet, mark, n: 4 if mark == "records" else 3)
    (told,) = Consequence.objects.filter(provider=provider)
    assert told.effect == "advice"
    assert "账目规范" in told.words
    assert "合格" in told.rule


def test_a_failing_score_closes_the_door_lowers_the_pay_and_orders_to_mend():
    referral = factories.OfferedReferral()
    provider = referral.provider
    waiting = factories.OfferedReferral(offer=referral.offer, need=factories.OpenNeed())
    assert ranked(referral).why_not == ()
    judging.published([provider], 1)
    provider.refresh_from_db()
    assert provider.status == "suspended"
    assert "不合格" in provider.standing_reason
    assert contract_of(provider).payment_share == Decimal("0.80")
    assert "已暂停承接" in ranked(referral).why_not[0]
    with pytest.raises(NotNow, match="不能接受新的转介"):
        offering.accept(waiting, by=factories.member_of(provider))
    mending = Rectification.objects.get(provider=provider)
    assert (mending.status, mending.days) == ("ordered", 30)
    assert set(effects(provider)) == {"payment_share", "suspension", "warning", "rectification"}


def test_running_services_go_on_after_a_failing_score():
    referral = factories.ReferralInService()
    judging.published([referral.provider], 1)
    worker = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    again = delivery.record_visit(referral, by=worker, on=moments.today(), units=1, note="x")
    assert again.used == 2


def test_a_consequence_is_never_changed_afterwards():
    provider = factories.AccreditedProvider()
    judging.published([provider], 3)
    with pytest.raises(DatabaseError), transaction.atomic():
        Consequence.objects.filter(provider=provider).update(words="x")


def test_nothing_follows_before_publication():
    provider = factories.AccreditedProvider()
    judging.noticed([provider], 1)
    provider.refresh_from_db()
    assert (provider.status, effects(provider)) == ("accredited", [])


def test_the_scheme_of_the_round_decides_and_not_the_one_in_use_since(who):
    from evaluations.schemes import drafting

    provider = factories.AccreditedProvider()
    round_ = judging.noticed([provider], 1)
    draft = drafting.draft(by=officer(), name="宽松方案")
    draft = drafting.set_consequence(draft, by=officer(), grade="fail", payment_share=1.0)
    drafting.adopt(draft, by=second())
    with in_days(30):
        judging.concluded(round_)
    provider.refresh_from_db()
    assert provider.status == "suspended"


def test_a_provider_that_has_left_meanwhile_keeps_its_score_and_nothing_else_follows():
    provider = factories.AccreditedProvider()
    round_ = judging.noticed([provider], 1)
    standing.leave(provider, by=SYSTEM, reason="自愿退出", until=moments.today())
    with in_days(30):
        judging.concluded(round_)
    provider.refresh_from_db()
    assert (provider.status, provider.last_grade) == ("exited", "fail")
    assert not Exit.objects.filter(provider=provider).exists()
    assert not Rectification.objects.filter(provider=provider).exists()


def test_what_is_written_down_is_chinese_whatever_the_officer_reads():
    provider = factories.AccreditedProvider()
    with translation.override("en"):
        judging.published([provider], 1)
    assert "暂停承接" in Consequence.objects.get(provider=provider, effect="suspension").words


# --- rectification ------------------------------------------------------------------------


@pytest.fixture
def mending():
    """A failed provider with its order to mend."""
    provider = factories.AcceptedReferral().provider
    judging.published([provider], 1)
    return Rectification.objects.get(provider=provider)


def test_a_re_check_that_passes_opens_the_door_and_pays_in_full(mending):
    provider = mending.provider
    mending = rectifying.report(mending, by=factories.member_of(provider), report="逐条改了")
    assert mending.rechecker_id is not None
    with pytest.raises(NotYours):
        rectifying.pass_recheck(mending, by=officer(), reason="x")
    own = evaluator(mending.rechecker_id)
    assert rectifying.pass_recheck(mending, by=own, reason="记录补齐").status == "passed"
    provider.refresh_from_db()
    assert provider.status == "accredited"
    assert contract_of(provider).payment_share == 1
    assert effects(provider)[-1] == "resumption"


def test_a_re_check_that_fails_leads_to_exit(mending):
    mending = rectifying.report(mending, by=factories.member_of(mending.provider), report="改了")
    rectifying.fail_recheck(mending, by=evaluator(mending.rechecker_id), reason="仍缺一半")
    leaving = Exit.objects.get(provider=mending.provider)
    assert (leaving.cause, leaving.status) == ("failed_recheck", "proposed")
    assert leaving.assessment_id == mending.assessment_id


def test_the_clock_calls_for_the_re_check_when_nothing_is_reported(mending):
    with in_days(80):
        clocks.tick()
    mending.refresh_from_db()
    assert mending.status == "done"
    assert mending.rechecker_id is not None


def test_a_passed_re_check_does_not_open_the_door_while_an_exit_is_under_way(mending):
    provider = mending.provider
    mending = rectifying.report(mending, by=factories.member_of(provider), report="改了")
    exiting.propose(by=officer(), provider=provider, cause="breach", reasons="转包")
    rectifying.pass_recheck(mending, by=evaluator(mending.rechecker_id), reason="补齐")
    provider.refresh_from_db()
    assert provider.status == "suspended"


def test_another_person_can_be_named_for_the_re_check(mending):
    mending = rectifying.report(mending, by=factories.member_of(mending.provider), report="改了")
    before = mending.rechecker_id
    mending = rectifying.name_rechecker(mending, by=officer(), reason="出差")
    assert mending.rechecker_id not in (None, before)


def test_a_report_is_taken_though_nobody_can_check_it_yet(mending):
    today = moments.today()
    experts = Membership.objects.filter(role="evaluator")
    experts.update(valid_to=today - timedelta(days=1), valid_from=today - timedelta(days=9))
    mending = rectifying.report(mending, by=factories.member_of(mending.provider), report="改了")
    assert (mending.status, mending.rechecker_id) == ("done", None)
    assert "draw_rechecker" not in {row.name for row in mending.transitions_for(officer())}
    item = WorkItem.objects.get(lifecycle="evaluations.Rectification", role="civil_affairs", waits=True)
    assert item.step == "draw_rechecker"
    experts.update(valid_to=None)
    assert "draw_rechecker" in {row.name for row in mending.transitions_for(officer())}
    mending = rectifying.draw_rechecker(mending, by=officer())
    assert mending.rechecker_id is not None
    assert "name_rechecker" in {row.name for row in mending.transitions_for(officer())}
    rebuilding.follow_the_day()


# --- the way out --------------------------------------------------------------------------


def test_two_fails_running_lead_to_exit():
    factories.rule("evaluation.panel", rotation=0)
    provider = factories.AccreditedProvider()
    judging.published([provider], 1)
    assert not Exit.objects.filter(provider=provider).exists()
    judging.published([provider], 1)
    leaving = Exit.objects.get(provider=provider)
    assert leaving.cause == "failed_twice"
    assert effects(provider)[-1] == "exit"


def test_a_fail_after_a_pass_is_the_first_again():
    factories.rule("evaluation.panel", rotation=0)
    provider = factories.AccreditedProvider()
    for level in (1, 4, 1):
        round_ = judging.published([provider], level)
    assert applying.fails_running(only(round_)) == 1
    assert not Exit.objects.filter(provider=provider).exists()


def test_a_veto_suspends_and_leads_to_exit_whatever_the_points():
    provider = factories.AccreditedProvider()
    round_ = judging.moderating([provider], 5)
    running.rule_veto(
        round_, by=chair(), assessment=only(round_), veto="embezzlement", upheld=True, why="挪用"
    )
    round_ = running.tally(round_, by=chair())
    with in_days(20):
        round_ = judging.announced(round_)
    with in_days(30):
        judging.concluded(round_)
    provider.refresh_from_db()
    leaving = Exit.objects.get(provider=provider)
    assert (provider.status, leaving.cause) == ("suspended", "veto")
    assert "侵占" in leaving.reasons


def test_a_provider_on_probation_leaves_after_its_first_fail():
    provider = factories.AccreditedProvider()
    Provider.objects.filter(pk=provider.pk).update(probation_until="2999-01-01")
    judging.published([provider], 1)
    assert Exit.objects.get(provider=provider).cause == "failed_twice"
