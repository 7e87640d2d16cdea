"""Exits contested: the appeal, the documents, and what stays closed."""

from __future__ import annotations

import pytest

from contracts.contracts import running
from evaluations.exit_appeals import contesting
from evaluations.exit_appeals.states import EXIT_APPEAL
from evaluations.exits import exiting
from evaluations.exits.models import Exit
from evaluations.exits.states import ExitStatus
from foundation.documents import making
from foundation.refusals import NotNow, NotYours
from foundation.roles import SYSTEM
from foundation.work_items.models import WorkItem
from organizations.providers import standing
from organizations.providers.models import Provider
from tests import factories
from tests.evaluations.judging import in_days, officer, second
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
from tests.following import stale_items


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


def test_whoever_only_read_the_decision_may_hear_the_appeal():
    provider = factories.AccreditedProvider()
    exit_, third = left(provider), third_officer()
    appeal = contesting.file(by=factories.member_of(provider), text="证据是伪造的")
    making.request(making.KINDS["exit-decision"], exit_, by=third)
    (item,) = WorkItem.objects.to_do(third).filter(lifecycle=EXIT_APPEAL.label)
    assert third.user_id not in item.kept_from
    assert stale_items() == []
    assert {row.name for row in appeal.transitions_for(third)} == {"reject", "grant"}
    assert contesting.reject(appeal, by=third, reason="证据属实").status == "rejected"


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
    from evaluations.exits.documents import EXIT_DECISION, EXIT_NOTICE

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
