"""A round: planned, reported on, drawn by a published seed; put on notice and published."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.invoices.sampling import drawn_by
from demo.starter.provider_documents import PAGE
from evaluations.assessments import reporting
from evaluations.rounds import running
from evaluations.rounds.models import Round
from evaluations.schemes import drafting
from evaluations.sheets import lots
from evaluations.sheets.models import ScoreSheet
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Overdue
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import Role
from foundation.work_items.models import WorkItem
from organizations.people import conflicts
from organizations.people.models import Membership, User
from referrals.offers.models import Referral
from tests import factories
from tests.evaluations import judging
from tests.evaluations.judging import KEYS, Api, a_file, chair, evaluator, in_days, officer, only, second
from tests.following import stale_items
from tests.steps import steps_for

# --- plan and self-report -----------------------------------------------------------------


def test_a_round_is_planned_with_a_scheme_in_use_and_a_chair_without_ties():
    provider = factories.AccreditedProvider()
    factories.scheme_in_use()
    draft = drafting.draft(by=officer(), name="试行方案")
    with pytest.raises(Invalid) as refusal:
        judging.planned([provider], scheme=draft)
    assert "scheme" in refusal.value.fields
    tied = User.objects.get(username=judging.CHAIR)
    conflicts.declare(tied.pk, provider.organization, "kin")
    with pytest.raises(Invalid, match="回避"):
        judging.planned([provider])
    with pytest.raises(Invalid, match="从评估人员里选"):
        judging.planned([provider], chair=User.objects.get(username="minzheng"))


def test_a_provider_reports_with_evidence_files_and_may_add_until_scoring_begins():
    provider = factories.AccreditedProvider()
    assessment = only(judging.reporting_([provider]))
    own = factories.member_of(provider)
    with pytest.raises(Invalid):
        reporting.report(assessment, by=own, words={"records": "  "})
    assessment = reporting.report(assessment, by=own, words={"records": "齐全"}, files=[a_file()])
    assessment = reporting.amend_report(
        assessment, by=own, words={"records": "齐全", "staff": "全部持证"}, files=[a_file("二.pdf")]
    )
    assert assessment.report == {"records": "齐全", "staff": "全部持证"}
    assert [file.name for file in assessment.files.all()] == ["证据.pdf", "二.pdf"]
    assert assessment.files.first().plain() == PAGE
    with pytest.raises(NotYours):
        reporting.amend_report(
            assessment, by=factories.member_of(factories.AccreditedProvider()), words={"records": "x"}
        )


def test_scoring_begins_when_all_have_reported_or_their_time_is_over():
    one, other = factories.AccreditedProvider(), factories.AccreditedProvider()
    round_ = judging.reporting_([one, other])
    mine = round_.assessments.get(provider=one)
    reporting.report(mine, by=factories.member_of(one), words={"records": "齐全"})
    with pytest.raises(NotNow, match="1 家没有提交"):
        running.begin_scoring(round_, by=officer())
    with in_days(20):
        assert running.begin_scoring(round_, by=officer()).status == "scoring"
    mine.refresh_from_db()
    with pytest.raises(NotNow):
        reporting.amend_report(mine, by=factories.member_of(one), words={"records": "晚了"})


def test_a_round_without_a_chair_is_not_scored():
    provider = factories.AccreditedProvider()
    with pytest.raises(Refused, match="组长"):
        running.begin_scoring(judging.reported([provider], chair=None), by=officer())


# --- the draw -----------------------------------------------------------------------------


def test_two_evaluators_are_drawn_by_the_published_seed_and_the_chair_is_none_of_them():
    provider = factories.AccreditedProvider()
    round_ = judging.scoring_([provider])
    assessment = only(round_)
    drawn = [sheet.evaluator_id for sheet in assessment.sheets.order_by("pk")]
    free = sorted(lots.pool() - {round_.chair_id})
    assert drawn == drawn_by(f"{round_.seed}:panel:{provider.pk}", free, len(free))[:2]
    assert round_.chair_id not in drawn
    assert len(round_.seed) == 16


@pytest.mark.parametrize("tie", ["declared", "worked", "namesake", "contract"])
def test_nobody_with_a_tie_is_drawn(tie):
    provider = factories.AccreditedProvider()
    person = User.objects.get(username="pinggu")
    if tie == "declared":
        conflicts.declare(person.pk, provider.organization, "shareholding")
    elif tie == "worked":
        Membership.objects.filter(user=person, role=Role.EVALUATOR).update(valid_from=moments.today())
        Membership.objects.create(
            user=person,
            role=Role.SOCIAL_WORKER,
            organization=provider.organization,
            valid_from=moments.today() - timedelta(days=900),
            valid_to=moments.today() - timedelta(days=400),
        )
    elif tie == "namesake":
        provider.legal_representative = person.full_name
        provider.save()
    else:  # its own agency holds a running contract
        holder = factories.ContractInForce().provider
        person.memberships.update(organization=holder.organization)
    round_ = judging.scoring_([provider])
    assert person.pk not in {s.evaluator_id for s in only(round_).sheets.all()}
    if tie != "contract":
        with pytest.raises(Refused, match="回避"):
            lots.draw(by=officer(), assessment=only(round_), evaluator=person.pk)


def test_who_scored_a_provider_in_the_round_before_does_not_score_it_again():
    provider = factories.AccreditedProvider()
    before = {s.evaluator_id for s in only(judging.scoring_([provider])).sheets.all()}
    again = {s.evaluator_id for s in only(judging.scoring_([provider])).sheets.all()}
    assert not before & again


def test_too_few_evaluators_are_said_before_anything_is_drawn():
    provider = factories.AccreditedProvider()
    for name in ("pinggu", "pinggu2", "pinggu3", "pinggu4"):
        conflicts.declare(User.objects.get(username=name).pk, provider.organization, "kin")
    round_ = judging.reported([provider])
    with pytest.raises(Refused, match="只有 1 名"):
        running.begin_scoring(round_, by=officer())
    assert not ScoreSheet.objects.filter(assessment__round=round_).exists()


def test_the_work_is_spread_over_the_pool():
    providers = [factories.AccreditedProvider() for _ in range(5)]
    round_ = judging.scoring_(providers)
    drawn = [s.evaluator_id for s in ScoreSheet.objects.filter(assessment__round=round_)]
    assert {drawn.count(person) for person in set(drawn)} == {2}


def test_cases_are_drawn_among_those_that_ended_and_again_by_the_seed():
    provider = judging.served()
    offer = provider.offers.get()
    for _ in range(3):
        need = factories.OpenNeed()
        referral = factories.ReferralInService(offer=offer, need=need)
        by = factories.member_of(provider, Role.SOCIAL_WORKER)
        judging_delivery(referral, by)
    round_ = judging.scoring_([provider], sample_size=2)
    assessment = only(round_)
    there = sorted(Referral.objects.filter(provider=provider).values_list("pk", flat=True))
    drawn = list(assessment.cases.values_list("referral_id", flat=True))
    assert assessment.population == len(there) == 4
    assert drawn == drawn_by(f"{round_.seed}:cases", there, 2)


def judging_delivery(referral, by) -> None:
    from referrals.service import delivery

    delivery.complete(referral, by=by, outcome="好", goal_level=4)


def test_an_evaluator_who_stands_back_is_replaced_by_the_next_of_the_lots():
    round_ = judging.scoring_([factories.AccreditedProvider()])
    sheet = ScoreSheet.objects.filter(assessment__round=round_)[0]
    gone = lots.declare_tie(sheet, by=evaluator(sheet.evaluator_id), reason="表亲在这家机构工作", kind="kin")
    assert gone.status == "excused"
    sitting = {s.evaluator_id for s in only(round_).sheets.exclude(status="excused")}
    assert len(sitting) == 2
    assert gone.evaluator_id not in sitting
    assert gone.evaluator_id in lots.barred(only(round_))
    waiting = WorkItem.objects.filter(lifecycle=ScoreSheet._meta.label, waits=True)
    sheets = only(round_).sheets.values_list("pk", flat=True)
    assert {item.user_id for item in waiting.filter(object_id__in=sheets)} == sitting
    assert stale_items() == []


def test_a_tie_found_later_makes_the_scores_void_and_another_scores_anew():
    round_ = judging.handed_in(judging.scoring_([factories.AccreditedProvider()]))
    sheet = ScoreSheet.objects.filter(assessment__round=round_)[0]
    asked = lots.ask_to_void(sheet, by=officer(), reason="tie", kind="kin", why="查实其配偶在该机构任职")
    gone = lots.void(asked, by=second())
    assert gone.status == "void"
    assert gone.scores  # the trail keeps what was written
    with pytest.raises(NotNow, match="1 份评分表"):
        running.begin_moderation(round_, by=chair())
    waiting = WorkItem.objects.filter(lifecycle="evaluations.Round", object_id=round_.pk, waits=True)
    assert not waiting.exists()
    judging.handed_in(round_, 2)
    assert {item.step for item in waiting.all()} == {"begin_moderation"}
    round_ = running.begin_moderation(Round.objects.get(pk=round_.pk), by=chair())
    assert gone.evaluator_id not in {rater["id"] for rater in round_.agreement["raters"]}


# --- notice and publication ---------------------------------------------------------------


def test_the_result_is_on_public_notice_for_seven_days_and_published_by_another():
    round_ = judging.told([factories.AccreditedProvider()])
    with pytest.raises(NotNow, match="初步结果"):
        running.give_notice(round_, by=officer())
    with in_days(20):
        clocks.tick()
        round_ = running.give_notice(Round.objects.get(pk=round_.pk), by=officer())
        with pytest.raises(NotNow, match="公示中"):
            running.publish(round_, by=second())
    with in_days(30):
        clocks.tick()
        round_ = Round.objects.get(pk=round_.pk)
        with pytest.raises(NotYours, match="另一人"):
            running.publish(round_, by=officer())
        round_ = running.publish(round_, by=second())
    # A time to wait that runs out makes nobody late.
    assert not Overdue.objects.filter(
        lifecycle="evaluations.Round", object_id=round_.pk, rule_key__in=["round.appeal", "round.notice"]
    ).exists()
    assert (round_.status, len(round_.digest)) == ("final", 64)
    assert only(round_).status == "settled"


def test_the_public_reads_the_results_with_the_seed_from_the_notice_on(client):
    told = judging.told([factories.AccreditedProvider()])
    assert client.get(f"/notices/rounds/{told.pk}/").status_code == 404
    with in_days(20):
        round_ = judging.announced(told)
    page = client.get(f"/notices/rounds/{round_.pk}/").content.decode()
    assert round_.seed in page
    assert str(only(round_).total) in page
    assert f"/notices/rounds/{round_.pk}/" in client.get("/notices/").content.decode()


def test_a_result_notes_the_versions_of_the_rules_and_of_the_formulas():
    factories.rule("evaluation.panel", rotation=0)
    round_ = judging.scoring_([factories.AccreditedProvider()])
    assert round_.rules == {"evaluation.panel": 1, "evaluation.data": 1}
    assert round_.formulas == 2


def test_a_round_that_is_not_over_can_be_called_off(who):
    round_ = judging.scoring_([factories.AccreditedProvider()])
    sheet = judging.seated(round_)[0]
    assert running.cancel(round_, by=officer(), reason="方案改版").status == "cancelled"
    assert only(round_).status == "dropped"
    # Nothing of it waits for anybody any more.
    assert steps_for(evaluator(sheet.evaluator_id), sheet) == set()


def test_a_whole_round_by_the_api(client_of):
    factories.rule("evaluation.data", least_percent=1)
    provider = factories.AccreditedProvider()
    api, other = Api(client_of("minzheng")), Api(client_of("minzheng2"))
    body = {
        "title": "接口轮次",
        "scheme": factories.scheme_in_use().pk,
        "period_from": str(moments.today() - timedelta(days=30)),
        "period_to": str(moments.today()),
        "providers": [provider.pk],
        "chair": User.objects.get(username=judging.CHAIR).pk,
    }
    made = api.post("/api/v1/rounds/plan", body)
    assert made.status_code == 201, made.content
    address = f"/api/v1/rounds/{made.json()['id']}"
    assert api.post(f"{address}/ask_for_reports", {}).status_code == 200
    (assessment,) = made.json()["assessments"]
    own = Api(client_of(factories.user_of(provider).username))
    sent = own.post(f"/api/v1/assessments/{assessment}/report", {"words_records": "齐全"})
    assert sent.status_code == 200, sent.content
    assert api.post(f"{address}/begin_scoring", {}).status_code == 200
    for sheet in ScoreSheet.objects.filter(assessment=assessment):
        scorer = Api(client_of(User.objects.get(pk=sheet.evaluator_id).username))
        declared = scorer.post(f"/api/v1/sheets/{sheet.pk}/declare_free", {"confirmed": True})
        assert declared.status_code == 200, declared.content
        given = {f"level_{key}": "4" for key in (*KEYS, "records")}
        handed = scorer.post(f"/api/v1/sheets/{sheet.pk}/submit", given)
        assert handed.status_code == 200, handed.content
    lead = Api(client_of(judging.CHAIR))
    assert lead.post(f"{address}/begin_moderation", {}).status_code == 200
    assert lead.post(f"{address}/tally", {}).status_code == 200
    told = own.get(f"/api/v1/assessments/{assessment}").json()
    assert (told["total"], told["grade"]) == ("75.00", "pass")
    with in_days(20):
        clocks.tick()
        assert api.post(f"{address}/give_notice", {}).status_code == 200
    with in_days(30):
        clocks.tick()
        assert other.post(f"{address}/publish", {}).status_code == 200
    assert Round.objects.get(pk=made.json()["id"]).status == "final"
