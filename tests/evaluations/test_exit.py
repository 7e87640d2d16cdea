"""A provider's exit: notice, hearing, decision; it asks to leave, or harm stops everything at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contracts.amendments import amending
from contracts.contracts import running, signing
from contracts.contracts.models import Contract
from demo.scale import copying
from demo.starter.provider_documents import PAGE
from evaluations.exits import exiting
from evaluations.exits.models import Exit
from evaluations.exits.panel import candidates
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock
from foundation.inbox.models import Notice
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import SYSTEM, Role
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from organizations.people import conflicts
from organizations.providers import standing
from organizations.providers.models import Provider
from referrals.matching import ranking
from referrals.rematching import rematching
from tests import factories
from tests.evaluations.judging import evaluator, in_days, officer, second
from tests.evaluations.leaving import (
    PANEL,
    emptied,
    heard,
    left,
    noticed,
    people,
    proposed,
    third_officer,
    voted,
)
from tests.steps import steps_for


def test_from_the_notice_on_nothing_new_comes_and_running_services_go_on():
    referral = factories.ReferralInService()
    provider = referral.provider
    assert ranking.rank(factories.OpenNeed()).find(referral.offer_id).eligible
    noticed(provider)
    provider.refresh_from_db()
    assert provider.status == "suspended"
    assert "退出程序" in ranking.rank(factories.OpenNeed()).find(referral.offer_id).why_not[0]
    referral.refresh_from_db()
    assert referral.status == "in_service"


def test_the_panel_is_odd_untied_and_without_who_proposed_it():
    provider = factories.AccreditedProvider()
    exit_ = proposed(provider)
    for panel in (people(*PANEL[:2]), people("minzheng", "minzheng2", "pinggu4")):
        with pytest.raises(Invalid) as refusal:
            exiting.give_notice(exit_, by=third_officer(), reasons="x", panel=panel)
        assert "panel" in refusal.value.fields
    conflicts.declare(people("pinggu4")[0], provider.organization, "kin")
    with pytest.raises(Invalid, match="回避"):
        exiting.give_notice(exit_, by=third_officer(), reasons="x", panel=people(*PANEL))


def test_who_gives_the_notice_neither_sits_on_the_panel_nor_is_offered_for_it(client_of):
    exit_ = proposed(factories.AccreditedProvider())
    address = f"/api/v1/exits/{exit_.pk}/give_notice"
    sent = {"reasons": "x", "panel": people("minzheng2", "pinggu4", "pinggu5")}
    answer = client_of("minzheng2").post(address, sent, content_type="application/json")
    assert answer.status_code == 400
    with pytest.raises(Invalid, match="不参加合议"):
        exiting.give_notice(exit_, by=second(), reasons="x", panel=people(*PANEL))
    exit_ = exiting.give_notice(
        exit_, by=second(), reasons="x", panel=[third_officer().user_id, *people("pinggu4", "pinggu5")]
    )
    assert exit_.status == "noticed"


def test_a_judge_does_not_carry_out_and_who_carries_out_does_not_judge():
    referral = factories.ReferralInService()
    provider = referral.provider
    third = third_officer()
    exit_ = exiting.stop_at_once(by=officer(), provider=provider, reasons="护理员打人", panel=people(*PANEL))
    rematch = provider.rematches.get(status="previewed")
    with pytest.raises(NotYours, match="合议组成员"):
        rematching.approve(rematch, by=second())
    rematching.approve(rematch, by=third)
    assert third.user_id not in candidates(exit_, provider)
    exit_ = exiting.waive(exit_, by=factories.member_of(provider))
    conflicts.declare(people("pinggu4")[0], provider.organization, "kin")
    with pytest.raises(NotYours, match="回避"):
        exiting.vote(exit_, by=evaluator(people("pinggu4")[0]), leaves=True, why="x")
    assert exiting.vote(exit_, by=second(), leaves=True, why="x").votes.count() == 1


@pytest.mark.parametrize("way", ["drop", "acquit"])
def test_an_exit_of_a_provider_that_was_suspended_before_comes_to_nothing_and_it_stays_suspended(way):
    provider = factories.ReferralInService().provider
    standing.suspend(provider, by=officer(), reason="核查中")
    exit_ = exiting.stop_at_once(by=officer(), provider=provider, reasons="护理员打人", panel=people(*PANEL))
    if way == "drop":
        exit_ = exiting.drop(exit_, by=officer(), reason="查无实据")
    else:
        exit_ = voted(exiting.waive(exit_, by=factories.member_of(provider)), False, False)
    assert exit_.lifecycle.states(exit_.status).over
    provider.refresh_from_db()
    assert (provider.status, provider.contracts.get().status) == ("suspended", "suspended")


def test_nobody_resumes_or_widens_contracts_of_a_provider_that_is_stopped_or_leaves():
    provider = factories.ReferralInService().provider
    contract = provider.contracts.get()
    exit_ = exiting.stop_at_once(by=officer(), provider=provider, reasons="护理员打人", panel=people(*PANEL))
    for by in (officer(), SYSTEM):
        with pytest.raises(Refused, match="已暂停"):
            running.resume(Contract.objects.get(pk=contract.pk), by=by)
    assert exit_.provider.contracts.get().status == "suspended"
    other = factories.ContractInForce()
    running.suspend(other, by=officer(), reason="经费未到")
    proposed(other.provider)
    with pytest.raises(Refused, match="退出正在办理"):
        running.resume(Contract.objects.get(pk=other.pk), by=second())
    third = factories.ContractInForce()
    begin = third.end_on + timedelta(days=1)
    proposed(third.provider)
    with pytest.raises(Refused, match="退出正在办理"):
        signing.renew(
            by=officer(),
            contract=third,
            budget_line=third.budget_line,
            start_on=begin,
            end_on=begin + timedelta(days=90),
        )
    given = {"by": officer(), "contract": third, "why": "x"}
    with pytest.raises(Refused, match="退出正在办理"):
        amending.propose(quotas={}, end_on=begin, **given)
    line = third.lines.get()
    assert amending.propose(quotas={line.pk: 50}, **given).change < 0


def test_a_provider_is_heard_with_files_or_its_time_runs_out():
    provider = factories.AccreditedProvider()
    file = SimpleUploadedFile("申辩.pdf", PAGE, content_type="application/pdf")
    file.kind = "pdf"
    exit_ = noticed(provider)
    with pytest.raises(NotYours):
        exiting.speak(exit_, by=factories.member_of(factories.AccreditedProvider()), statement="不是我")
    exit_ = exiting.speak(exit_, by=factories.member_of(provider), statement="只有一次", files=[file])
    assert (exit_.status, exit_.files.get().plain()) == ("heard", PAGE)
    silent = noticed(factories.AccreditedProvider())
    with in_days(15):
        clocks.tick()
    silent.refresh_from_db()
    assert silent.status == "heard"


def test_the_majority_of_the_panel_decides_each_voice_once():
    exit_ = heard(factories.AccreditedProvider())
    exit_ = voted(exit_, True)
    assert exit_.status == "heard"
    with pytest.raises(NotYours, match="已经表决"):
        exiting.vote(exit_, by=second(), leaves=True, why="再来")
    assert "vote" not in {transition.name for transition in exit_.transitions_for(second())}
    assert exit_.votes.count() == 1
    assert steps_for(second(), exit_) == set()
    with pytest.raises(NotYours):
        exiting.vote(exit_, by=officer(), leaves=True, why="我提的")
    exiting.vote(exit_, by=evaluator(people("pinggu4")[0]), leaves=True, why="证据确凿")
    exit_.refresh_from_db()
    assert exit_.status == "handing_over"
    assert exit_.decided_at is not None


def test_a_panel_that_says_no_lets_the_provider_go_on():
    provider = factories.AccreditedProvider()
    exit_ = voted(heard(provider), False, True, False)
    provider.refresh_from_db()
    assert (exit_.status, provider.status) == ("dropped", "accredited")


def test_a_proposal_is_dropped_by_another_than_who_made_it():
    exit_ = proposed(factories.AccreditedProvider())
    with pytest.raises(NotYours, match="另一人"):
        exiting.drop(exit_, by=officer(), reason="x")
    assert exiting.drop(exit_, by=second(), reason="查无此事").status == "dropped"


def test_a_contract_that_is_signed_and_not_begun_ends_with_the_exit():
    provider = factories.AccreditedProvider()
    contract = factories.ContractInForce(provider=provider)
    with copying.without_triggers():
        Contract.objects.filter(pk=contract.pk).update(status="signed")
    left(provider)
    contract.refresh_from_db()
    assert contract.status == "terminated"


def test_one_exit_at_a_time_and_none_for_who_has_no_accreditation():
    provider = factories.AccreditedProvider()
    proposed(provider)
    with pytest.raises(Invalid, match="已在办理"):
        proposed(provider)
    with pytest.raises(Invalid, match="没有准入"):
        proposed(Provider.objects.filter(status="registered")[0])


def test_a_provider_asks_to_leave_thirty_days_ahead_and_hands_over_till_then():
    referral = factories.ReferralInService()
    provider = referral.provider
    own = factories.member_of(provider)
    with pytest.raises(Invalid, match="提前 30 天"):
        exiting.ask_to_leave(by=own, leaves_on=moments.today() + timedelta(days=29), reasons="搬迁")
    day = moments.today() + timedelta(days=31)
    exit_ = exiting.ask_to_leave(by=own, leaves_on=day, reasons="搬迁")
    exit_ = emptied(exiting.accept_wish(exit_, by=officer()))
    with pytest.raises(NotNow, match="约定的退出日"):
        exiting.finish_handover(exit_, by=officer())
    waiting = WorkItem.objects.filter(lifecycle="evaluations.Exit", object_id=exit_.pk, waits=True)
    assert not waiting.exists()
    [clock] = Clock.objects.running_on([exit_])[exit_.pk]
    assert clock.due_at.date() > day
    with in_days(31):
        rebuilding.follow_the_day()
        assert {item.step for item in waiting.all()} == {"finish_handover"}
        exit_ = exiting.finish_handover(exit_, by=officer())
        assert exit_.barred_until == moments.today()  # no ban for who goes by itself
        provider = Provider.objects.get(pk=provider.pk)
        assert standing.readmit(provider, by=officer(), reason="回来").status == "registered"


def test_a_provider_takes_its_wish_back_and_cannot_take_back_what_others_proposed():
    provider = factories.AccreditedProvider()
    own = factories.member_of(provider)
    day = moments.today() + timedelta(days=31)
    exit_ = exiting.ask_to_leave(by=own, leaves_on=day, reasons="搬迁")
    assert exiting.take_back(exit_, by=own).status == "dropped"
    with pytest.raises(NotYours):
        exiting.take_back(proposed(provider), by=own)
    assert not any(each.name == "take_back" for each in Exit.objects.latest("pk").transitions_for(own))


def test_harm_to_a_person_stops_everything_at_once_and_the_hearing_follows():
    referral = factories.ReferralInService()
    provider = referral.provider
    exit_ = exiting.stop_at_once(
        by=officer(), provider=provider, reasons="护理员打人，已报警", panel=people(*PANEL)
    )
    provider.refresh_from_db()
    assert (exit_.status, exit_.cause, provider.status) == ("noticed", "harm", "suspended")
    assert provider.contracts.get().status == "suspended"
    assert provider.rematches.get().status == "previewed"
    voted(exiting.waive(exit_, by=factories.member_of(provider)), False, False)
    provider.refresh_from_db()
    assert (provider.status, provider.contracts.get().status) == ("accredited", "in_force")


def test_who_stops_a_provider_at_once_does_not_sit_in_judgement():
    with pytest.raises(Invalid, match="不参加合议"):
        exiting.stop_at_once(
            by=officer(),
            provider=factories.AccreditedProvider(),
            reasons="打人",
            panel=people("minzheng", "pinggu4", "pinggu5"),
        )


def test_a_wish_to_leave_waits_for_an_answer_and_an_accusation_for_its_notice():
    provider = factories.AccreditedProvider()
    day = moments.today() + timedelta(days=31)
    wish = exiting.ask_to_leave(by=factories.member_of(provider), leaves_on=day, reasons="搬迁")
    accusation = proposed(factories.AccreditedProvider())
    assert steps_for(second(), wish) == {"accept_wish"}
    assert steps_for(second(), accusation) == {"give_notice"}
    with pytest.raises(NotYours):
        exiting.give_notice(wish, by=officer(), reasons="没有人告", panel=people(*PANEL))
    with pytest.raises(NotYours):
        exiting.accept_wish(accusation, by=officer())


def test_the_members_of_the_panel_are_told_that_they_decide_and_nobody_else_is():
    exit_ = heard(factories.AccreditedProvider())
    told = Notice.objects.filter(lifecycle=exit_._meta.label, object_id=exit_.pk, texts__icontains="申辩")
    asked = told.filter(role__in=[Role.CIVIL_AFFAIRS, Role.EVALUATOR])
    assert set(asked.values_list("user_id", flat=True)) == set(people(*PANEL))
