"""A provider leaves and nobody is dropped: notice, hearing, decision, hand-over, settlement, ban, re-entry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from contracts import amending, running, signing
from contracts.models import Contract
from evaluations import contesting, exiting
from evaluations.lifecycle import ExitStatus
from evaluations.models import Exit
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Clock
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import SYSTEM, Role
from organizations import accreditation, standing, ties
from organizations.models import Membership, Organization, Provider, User
from procurement import bidding
from referrals import matching, rematching
from referrals.models import Referral
from tests import factories
from tests.evaluations.judging import evaluator, in_days, officer, second

PANEL = ("minzheng2", "pinggu4", "pinggu5")


def people(*names: str) -> list[int]:
    return [User.objects.get(username=name).pk for name in names]


def third_officer():
    person = factories.PersonOf(
        role=Role.CIVIL_AFFAIRS, role__organization=Organization.objects.get(code="minzheng")
    )
    return Membership.objects.select_related("user", "organization", "place").get(user=person).actor()


def proposed(provider: Provider, cause: str = "breach") -> Exit:
    return exiting.propose(by=officer(), provider=provider, cause=cause, reasons="转包三次")


def noticed(provider: Provider) -> Exit:
    return exiting.give_notice(
        proposed(provider), by=officer(), reasons="转包三次，证据见附件", panel=people(*PANEL)
    )


def heard(provider: Provider) -> Exit:
    return exiting.speak(noticed(provider), by=factories.member_of(provider), statement="只有一次")


def voted(exit_: Exit, *voices: bool) -> Exit:
    who = [second(), *(evaluator(pk) for pk in people(*PANEL[1:]))]
    for voice, leaves in zip(who, voices, strict=False):
        exiting.vote(exit_, by=voice, leaves=leaves, why="看了证据")
    return Exit.objects.get(pk=exit_.pk)


def decided(provider: Provider) -> Exit:
    return voted(heard(provider), True, True)


def emptied(exit_: Exit) -> Exit:
    """Everything open is handed over or escalated."""
    rematch = exit_.provider.rematches.filter(status="previewed").first()
    if rematch:
        rematching.approve(rematch, by=officer() if exit_.panel else second())
    return exit_


def left(provider: Provider) -> Exit:
    return exiting.finish_handover(emptied(decided(provider)), by=officer())


# --- notice, hearing, decision ------------------------------------------------------------


def test_from_the_notice_on_nothing_new_comes_and_running_services_go_on():
    referral = factories.ReferralInService()
    provider = referral.provider
    assert matching.rank(factories.OpenNeed()).find(referral.offer_id).eligible
    noticed(provider)
    provider.refresh_from_db()
    assert provider.status == "suspended"
    assert "退出程序" in matching.rank(factories.OpenNeed()).find(referral.offer_id).why_not[0]
    referral.refresh_from_db()
    assert referral.status == "in_service"


def test_the_panel_is_odd_untied_and_without_who_proposed_it():
    provider = factories.AccreditedProvider()
    exit_ = proposed(provider)
    for panel in (people(*PANEL[:2]), people("minzheng", "minzheng2", "pinggu4")):
        with pytest.raises(Invalid) as refusal:
            exiting.give_notice(exit_, by=third_officer(), reasons="x", panel=panel)
        assert "panel" in refusal.value.fields
    ties.declare(people("pinggu4")[0], provider.organization, "kin")
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
    assert third.user_id not in exiting.candidates(exit_, provider)
    exit_ = exiting.waive(exit_, by=factories.member_of(provider))
    ties.declare(people("pinggu4")[0], provider.organization, "kin")
    with pytest.raises(NotYours, match="回避"):
        exiting.vote(exit_, by=evaluator(people("pinggu4")[0]), leaves=True, why="x")
    assert exiting.vote(exit_, by=second(), leaves=True, why="x").votes.count() == 1


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
    file = SimpleUploadedFile("申辩.pdf", b"%PDF-1.4 y", content_type="application/pdf")
    file.kind = "pdf"
    exit_ = noticed(provider)
    with pytest.raises(NotYours):
        exiting.speak(exit_, by=factories.member_of(factories.AccreditedProvider()), statement="不是我")
    exit_ = exiting.speak(exit_, by=factories.member_of(provider), statement="只有一次", files=[file])
    assert (exit_.status, exit_.files.get().plain()) == ("heard", b"%PDF-1.4 y")
    silent = noticed(factories.AccreditedProvider())
    with in_days(15):
        clocks.tick()
    silent.refresh_from_db()
    assert silent.status == "heard"


def test_the_majority_of_the_panel_decides_each_voice_once():
    exit_ = heard(factories.AccreditedProvider())
    exit_ = voted(exit_, True)
    assert exit_.status == "heard"
    with pytest.raises(NotNow, match="已经表决"):
        exiting.vote(exit_, by=second(), leaves=True, why="再来")
    assert exiting.EXIT.next_steps([exit_], second())[exit_.pk] is None
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
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE contracts_contract SET status = 'signed' WHERE id = %s", [contract.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
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


# --- hand-over ----------------------------------------------------------------------------


def test_the_decision_previews_where_everything_goes_and_a_second_person_approves(who):
    referral = factories.ReferralInService()
    heir = factories.AcceptedOffer(places=5)
    factories.ContractInForce(provider=heir.provider)
    exit_ = decided(referral.provider)
    rematch = referral.provider.rematches.get()
    assert [row["number"] for row in rematch.placed] == [referral.number]
    with pytest.raises(NotNow, match="1 个转介没有着落"):
        exiting.finish_handover(exit_, by=officer())
    rematching.approve(rematch, by=officer())
    moved = Referral.objects.get(replaces=referral)
    assert moved.status == "accepted"
    assert moved.case_mix == referral.case_mix
    exit_ = exiting.finish_handover(Exit.objects.get(pk=exit_.pk), by=officer())
    assert (exit_.status, Provider.objects.get(pk=exit_.provider_id).status) == ("settling", "exited")


def test_what_finds_no_room_is_escalated_and_not_dropped(who):
    referral = factories.ReferralInService()
    exit_ = decided(referral.provider)
    emptied(exit_)
    referral.refresh_from_db()
    assert referral.status in ("transferred", "ended_early")
    need = referral.need
    need.refresh_from_db()
    assert need.status in ("in_hand", "unmet", "open")
    assert not exit_.open_work.exists()


def test_the_exit_of_a_provider_of_the_demo_goes_through_to_the_end():
    """It serves, is offered, and stands in an open call."""
    provider = Provider.objects.get(organization__name="江阴暨阳社会工作服务中心")
    mine = Referral.objects.filter(provider=provider, status__in=rematching.OPEN)
    assert mine.filter(call__status="open").exists()
    exit_ = decided(provider)
    rematch = provider.rematches.get(status="previewed")
    assert len(rematch.plan) == mine.count() >= 10
    rematching.approve(rematch, by=officer())
    assert not mine.exists()
    finished = exiting.finish_handover(Exit.objects.get(pk=exit_.pk), by=officer())
    assert finished.status == ExitStatus.SETTLING
    assert Provider.objects.get(pk=provider.pk).status == "exited"


def test_an_urgent_case_leaves_one_working_day():
    referral = factories.ReferralInService()
    Referral.objects.filter(pk=referral.pk).update(urgent=True)
    exit_ = decided(referral.provider)
    clock = Clock.objects.get(lifecycle="evaluations.Exit", object_id=exit_.pk, stopped_at=None)
    assert clock.rule_key == "exit.handover_urgent"


# --- settlement, list, re-entry -----------------------------------------------------------


def test_contracts_end_are_settled_and_the_provider_is_listed_until_its_ban_is_over(client, who):
    provider = factories.AccreditedProvider()
    contract = factories.ContractInForce(provider=provider)
    exit_ = left(provider)
    contract.refresh_from_db()
    assert contract.status == "terminated"
    with pytest.raises(NotNow, match=contract.number):
        exiting.settle(exit_, by=officer())
    running.settle(contract, by=who("caizheng"))
    exit_ = exiting.settle(exit_, by=who("caizheng"))
    assert exit_.status == "listed"
    assert exit_.barred_until == moments.today() + timedelta(days=730)
    page = client.get(f"/notices/exits/{exit_.pk}/").content.decode()
    assert "严重违约" in page
    assert provider.organization.name in client.get("/notices/").content.decode()
    assert exiting.end_what_is_over() == 0
    with in_days(731):
        assert exiting.end_what_is_over() == Exit.objects.filter(status="ended").count() > 0
    exit_.refresh_from_db()
    assert exit_.status == "ended"


def test_matching_bidding_and_offers_are_closed_to_who_has_left():
    referral = factories.OfferedReferral()
    provider = referral.provider
    coordinator = factories.member_of(provider)
    left(provider)
    provider = Provider.objects.get(pk=provider.pk)
    found = matching.rank(factories.OpenNeed()).find(referral.offer_id)
    assert "已退出" in found.why_not[0]
    from catalog import offers
    from catalog.models import Item
    from procurement.models import Project

    with pytest.raises(Refused):
        offers.apply(
            by=coordinator,
            item=Item.objects.in_force().get(code="B01.02"),
            places=2,
            weekly=4,
            price=150,
            staff="x",
        )
    with pytest.raises(Refused):
        bidding.seal(
            by=coordinator,
            project=Project.objects.filter(status="open")[0],
            offer=bidding.Offer({}, "x", "x", []),
        )


def test_who_left_comes_back_after_the_ban_with_a_probation():
    provider = factories.AccreditedProvider()
    left(provider)
    provider = Provider.objects.get(pk=provider.pk)
    with pytest.raises(NotNow, match="禁入期"):
        standing.readmit(provider, by=officer(), reason="想回来")
    with in_days(731):
        provider = standing.readmit(provider, by=officer(), reason="期满")
        provider = accreditation.check_documents(provider, by=officer())
        until = moments.today() + timedelta(days=900)
        provider = accreditation.accredit(provider, by=second(), until=until)
        assert provider.probation_until == moments.today() + timedelta(days=183)


# --- the other two ways -------------------------------------------------------------------


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
    with in_days(31):
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
    assert not any(each.name == "take_back" for each in Exit.objects.latest("pk").moves_for(own))


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


# --- the appeal ---------------------------------------------------------------------------


def test_an_appeal_is_heard_by_somebody_who_had_no_hand_in_the_exit():
    provider = factories.AccreditedProvider()
    left(provider)
    appeal = contesting.file(by=factories.member_of(provider), text="证据是伪造的")
    for had_a_hand in (officer(), second()):
        with pytest.raises(NotYours):
            contesting.reject(appeal, by=had_a_hand, reason="x")
    assert contesting.reject(appeal, by=third_officer(), reason="证据属实").status == "rejected"
    with pytest.raises(NotNow):
        contesting.file(by=factories.member_of(provider), text="再来")


def test_an_appeal_that_succeeds_corrects_the_list_at_the_same_address(client):
    provider = factories.AccreditedProvider()
    exit_ = left(provider)
    address = f"/notices/exits/{exit_.pk}/"
    assert "更正" not in client.get(address).content.decode()
    appeal = contesting.file(by=factories.member_of(provider), text="证据是伪造的")
    contesting.grant(appeal, by=third_officer(), reason="原证据系伪造")
    provider = Provider.objects.get(pk=provider.pk)
    assert (provider.status, provider.exited_until) == ("accredited", None)
    page = client.get(address).content.decode()
    assert "更正：申诉成立，退出决定撤销。原证据系伪造" in page
    assert "转包三次" in page  # nothing disappears
    assert Exit.objects.get(pk=exit_.pk).status == ExitStatus.REVOKED


def test_an_exit_that_is_not_decided_cannot_be_contested():
    provider = factories.AccreditedProvider()
    noticed(provider)
    with pytest.raises(NotNow):
        contesting.file(by=factories.member_of(provider), text="x")


def test_the_documents_of_an_exit_are_real_and_the_decision_is_public_when_listed(client_of, client):
    from evaluations.documents import EXIT_DECISION, EXIT_NOTICE
    from foundation.documents import making

    provider = factories.AccreditedProvider()
    exit_ = left(provider)
    for kind in (EXIT_NOTICE, EXIT_DECISION):
        document = making.made(kind, exit_, by=officer())
        assert document.content().startswith(b"%PDF")
    assert client.get(document.get_absolute_url()).status_code == 200


def test_what_a_provider_said_is_read_by_the_panel_and_by_no_other_evaluator(client_of):
    provider = factories.AccreditedProvider()
    exit_ = heard(provider)
    left_by = exiting.finish_handover(emptied(voted(exit_, True, True)), by=officer())
    address = left_by.get_absolute_url()
    on_the_panel, another = client_of("pinggu4"), client_of("pinggu2")
    assert "只有一次" in on_the_panel.get(address).content.decode()
    assert "只有一次" not in another.get(address).content.decode()
    assert another.get(f"/api/v1/exits/{exit_.pk}").json()["statement"] == ""
    assert on_the_panel.get(f"/api/v1/exits/{exit_.pk}").json()["statement"] == "只有一次"


def test_what_is_wrong_in_a_form_is_said_at_the_field_and_nothing_is_lost(client_of):
    provider = factories.AccreditedProvider()
    answer = client_of("minzheng").post(
        "/exits/new/stop_at_once/",
        {"provider": provider.pk, "reasons": "长长的经过", "panel": people("minzheng2", "pinggu4")},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "至少 3 人，单数" in page
    assert "长长的经过" in page
    assert not Exit.objects.filter(provider=provider).exists()
    assert Provider.objects.get(pk=provider.pk).status == "accredited"


def test_what_was_closed_before_an_exit_stays_closed_when_the_exit_falls():
    referral = factories.ReferralInService()
    provider, contract = referral.provider, referral.provider.contracts.get()
    running.suspend(contract, by=SYSTEM, reason="经费未到")
    standing.suspend(provider, by=officer(), reason="证照待补")
    with in_days(1):
        stopped = exiting.stop_at_once(
            by=officer(), provider=provider, reasons="护理员打人", panel=people(*PANEL)
        )
        voted(exiting.waive(stopped, by=factories.member_of(provider)), False, False)
    provider.refresh_from_db()
    assert (provider.status, provider.contracts.get().status) == ("suspended", "suspended")


def test_a_proposal_that_closed_nothing_opens_nothing():
    provider = factories.AccreditedProvider()
    exit_ = proposed(provider)
    standing.suspend(provider, by=officer(), reason="证照待补")
    exiting.drop(exit_, by=second(), reason="查无此事")
    provider.refresh_from_db()
    assert provider.status == "suspended"
