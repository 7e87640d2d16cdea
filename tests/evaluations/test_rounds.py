"""A round: reported, drawn, scored blind, moderated, told, contested, noticed, published."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contracts.sampling import drawn_by
from evaluations import appealing, drawing, reporting, rounds, scoring
from evaluations.models import Appeal, Assessment, Round, Ruling, Scheme, ScoreSheet
from foundation import moments
from foundation.deadlines import clocks
from foundation.deadlines.models import Overdue
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import Role
from marketplace import workbench
from organizations import ties
from organizations.models import Membership, User
from referrals.models import Referral
from tests import factories
from tests.evaluations import judging
from tests.evaluations.judging import chair, evaluator, in_days, officer, only, second

KEYS = ("staff", "books", "safety")


def a_file(name: str = "证据.pdf") -> SimpleUploadedFile:
    file = SimpleUploadedFile(name, b"%PDF-1.4 x", content_type="application/pdf")
    file.kind = "pdf"
    return file


# --- plan and self-report -----------------------------------------------------------------


def test_a_round_is_planned_with_a_scheme_in_use_and_a_chair_without_ties():
    provider = factories.AccreditedProvider()
    superseded = Scheme.objects.exclude(status="in_use")[0]
    with pytest.raises(Invalid) as refusal:
        judging.planned([provider], scheme=superseded)
    assert "scheme" in refusal.value.fields
    tied = User.objects.get(username=judging.CHAIR)
    ties.declare(tied.pk, provider.organization, "kin")
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
    assert [each.name for each in assessment.files.all()] == ["证据.pdf", "二.pdf"]
    assert assessment.files.first().plain() == b"%PDF-1.4 x"
    with pytest.raises(NotYours):
        reporting.amend_report(
            assessment,
            by=factories.member_of(factories.AccreditedProvider()),
            words={"records": "x"},
        )


def test_scoring_begins_when_all_have_reported_or_their_time_is_over():
    one, other = factories.AccreditedProvider(), factories.AccreditedProvider()
    round_ = judging.reporting_([one, other])
    mine = round_.assessments.get(provider=one)
    reporting.report(mine, by=factories.member_of(one), words={"records": "齐全"})
    with pytest.raises(NotNow, match="1 家没有提交"):
        rounds.begin_scoring(round_, by=officer())
    with in_days(20):
        assert rounds.begin_scoring(round_, by=officer()).status == "scoring"
    mine.refresh_from_db()
    with pytest.raises(NotNow):
        reporting.amend_report(mine, by=factories.member_of(one), words={"records": "晚了"})


def test_a_round_without_a_chair_is_not_scored():
    provider = factories.AccreditedProvider()
    with pytest.raises(Refused, match="组长"):
        rounds.begin_scoring(judging.reported([provider], chair=None), by=officer())


# --- the draw -----------------------------------------------------------------------------


def test_two_evaluators_are_drawn_by_the_published_seed_and_the_chair_is_none_of_them():
    provider = factories.AccreditedProvider()
    round_ = judging.scoring_([provider])
    assessment = only(round_)
    drawn = [sheet.evaluator_id for sheet in assessment.sheets.order_by("pk")]
    free = sorted(drawing.pool() - {round_.chair_id})
    assert drawn == drawn_by(f"{round_.seed}:panel:{provider.pk}", free, len(free))[:2]
    assert round_.chair_id not in drawn
    assert len(round_.seed) == 16


@pytest.mark.parametrize("tie", ["declared", "worked", "namesake", "contract"])
def test_nobody_with_a_tie_is_drawn(tie):
    provider = factories.AccreditedProvider()
    person = User.objects.get(username="pinggu")
    if tie == "declared":
        ties.declare(person.pk, provider.organization, "shareholding")
    elif tie == "worked":
        Membership.objects.create(
            user=person, role=Role.SOCIAL_WORKER, organization=provider.organization,
            valid_from=moments.today() - timedelta(days=900),
            valid_to=moments.today() - timedelta(days=400),
        )  # fmt: skip
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
            drawing.draw(by=officer(), assessment=only(round_), evaluator=person.pk)


def test_who_scored_a_provider_in_the_round_before_does_not_score_it_again():
    provider = factories.AccreditedProvider()
    before = {s.evaluator_id for s in only(judging.scoring_([provider])).sheets.all()}
    again = {s.evaluator_id for s in only(judging.scoring_([provider])).sheets.all()}
    assert not before & again


def test_too_few_evaluators_are_said_before_anything_is_drawn():
    provider = factories.AccreditedProvider()
    for name in ("pinggu", "pinggu2", "pinggu3", "pinggu4"):
        ties.declare(User.objects.get(username=name).pk, provider.organization, "kin")
    round_ = judging.reported([provider])
    with pytest.raises(Refused, match="只有 1 名"):
        rounds.begin_scoring(round_, by=officer())
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
    from referrals import delivery

    delivery.complete(referral, by=by, outcome="好", goal_level=4)


def test_an_evaluator_who_stands_back_is_replaced_by_the_next_of_the_lots():
    round_ = judging.scoring_([factories.AccreditedProvider()])
    sheet = ScoreSheet.objects.filter(assessment__round=round_)[0]
    gone = drawing.declare_tie(
        sheet, by=evaluator(sheet.evaluator_id), reason="表亲在这家机构工作", kind="kin"
    )
    assert gone.status == "excused"
    sitting = {s.evaluator_id for s in only(round_).sheets.exclude(status="excused")}
    assert len(sitting) == 2
    assert gone.evaluator_id not in sitting
    assert gone.evaluator_id in drawing.barred(only(round_))


def test_a_tie_found_later_makes_the_scores_void_and_another_scores_anew():
    round_ = judging.handed_in(judging.scoring_([factories.AccreditedProvider()]))
    sheet = ScoreSheet.objects.filter(assessment__round=round_)[0]
    gone = drawing.void(sheet, by=officer(), reason="查实其配偶在该机构任职", kind="kin")
    assert gone.status == "void"
    assert gone.scores  # the trail keeps what was written
    with pytest.raises(NotNow, match="1 份评分表"):
        rounds.begin_moderation(round_, by=chair())
    round_ = rounds.begin_moderation(judging.handed_in(round_, 2), by=chair())
    assert gone.evaluator_id not in {each["id"] for each in round_.agreement["raters"]}


# --- blind scoring ------------------------------------------------------------------------


def test_scores_are_kept_as_they_come_and_handed_in_whole():
    sheet = judging.seated(judging.scoring_([factories.AccreditedProvider()]))[0]
    own = evaluator(sheet.evaluator_id)
    sheet = scoring.score(sheet, by=own, scores={"staff": {"level": 4, "note": "都持证"}})
    assert sheet.scores == {"staff": {"level": 4, "note": "都持证"}}
    with pytest.raises(Invalid) as refusal:
        scoring.submit(sheet, by=own)
    assert set(refusal.value.fields) == {"level_books", "level_records", "level_safety"}
    with pytest.raises(Invalid):
        scoring.score(sheet, by=own, scores={"staff": {"level": 6}})
    with pytest.raises(Invalid):
        scoring.score(sheet, by=own, scores={"no-such": {"level": 4}})


def test_what_cannot_be_judged_is_missing_and_asks_for_a_note():
    sheet = judging.seated(judging.scoring_([factories.AccreditedProvider()]))[0]
    own = evaluator(sheet.evaluator_id)
    given = {key: {"level": 4, "note": ""} for key in (*KEYS, "records")}
    given["records"] = {"level": None, "note": ""}
    with pytest.raises(Invalid) as refusal:
        scoring.submit(sheet, by=own, scores=given)
    assert set(refusal.value.fields) == {"note_records"}
    given["records"]["note"] = "没有结束的个案"
    assert scoring.submit(sheet, by=own, scores=given).status == "submitted"


def test_nobody_sees_the_levels_of_another_before_all_are_in(client_of, api_of):
    round_ = judging.scoring_([factories.AccreditedProvider()])
    first, other = judging.seated(round_)
    own = evaluator(first.evaluator_id)
    note = "这句话只有我自己看得到"
    scoring.score(first, by=own, scores={"staff": {"level": 2, "note": note}})
    name = User.objects.get(pk=first.evaluator_id).username
    fellow = User.objects.get(pk=other.evaluator_id).username
    assert note in client_of(name).get(first.get_absolute_url()).content.decode()
    assert client_of(fellow).get(first.get_absolute_url()).status_code == 404
    assert client_of(judging.CHAIR).get(first.get_absolute_url()).status_code == 404
    page = client_of("minzheng").get(first.get_absolute_url()).content.decode()
    assert note not in page
    assert api_of("minzheng").get(f"/api/v1/sheets/{first.pk}").json()["scores"] == {}
    assert api_of(name).get(f"/api/v1/sheets/{first.pk}").json()["scores"]["staff"]["level"] == 2


def test_the_page_shows_the_evidence_beside_the_rubric_without_the_households_name(client_of):
    provider = judging.served()
    referral = Referral.objects.get(provider=provider)
    member = referral.need.matter.household.members.first().person
    name = member.name.plain()
    referral.outcome = f"{name}的生活有人照应。"
    referral.save()
    round_ = judging.scoring_([provider])
    sheet = judging.seated(round_)[0]
    username = User.objects.get(pk=sheet.evaluator_id).username
    page = client_of(username).get(f"{sheet.get_absolute_url()}score/").content.decode()
    assert "某某的生活有人照应" in page
    assert name not in page
    assert "评估、计划、过程、结果齐全" in page
    case = only(round_).cases.get()
    assert f'name="level_records_at_{case.pk}"' in page


def test_a_program_that_sends_some_marks_keeps_the_others(client_of):
    sheet = judging.seated(judging.scoring_([factories.AccreditedProvider()]))[0]
    api = Api(client_of(User.objects.get(pk=sheet.evaluator_id).username))
    address = f"/api/v1/sheets/{sheet.pk}"
    api.post(
        f"{address}/score", {"level_staff": "4", "note_staff": "持证", "veto_leak": "名单在外"}
    )
    kept = api.post(f"{address}/score", {"level_books": "3"}).json()
    assert {mark: given["level"] for mark, given in kept["scores"].items()} == {
        "staff": 4,
        "books": 3,
    }
    assert kept["suspicions"] == {"leak": "名单在外"}


def test_a_form_that_is_wrong_keeps_every_word_typed(client_of):
    sheet = judging.seated(judging.scoring_([factories.AccreditedProvider()]))[0]
    client = client_of(User.objects.get(pk=sheet.evaluator_id).username)
    address = f"{sheet.get_absolute_url()}submit/"
    answer = client.post(address, {"level_staff": "4", "note_staff": "督导记录到九月"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "督导记录到九月" in page
    assert "请选择等级" in page
    sheet.refresh_from_db()
    assert sheet.scores == {}
    client.post(f"{reverse('draft')}?path={address}", {"note_staff": "边写边存的话"})
    assert "边写边存的话" in client.get(address).content.decode()


# --- agreement and moderation -------------------------------------------------------------


def apart(sheet, mark, number) -> int:
    """The first evaluator gives 5, the second 2 for staff and 4 for the rest."""
    return 5 if number == 0 else 2 if mark == "staff" else 4


def test_the_chair_sees_how_far_evaluators_agree_and_who_stands_apart(client_of):
    round_ = judging.moderating([factories.AccreditedProvider()], apart)
    raters = {each["id"]: each for each in round_.agreement["raters"]}
    assert round_.agreement["marks"] == 4
    assert {each["bias"] for each in raters.values()} == {1.5, -1.5}
    assert all(each["apart"] for each in raters.values())
    page = client_of(judging.CHAIR).get(round_.get_absolute_url()).content.decode()
    assert "Krippendorff" in page
    assert "人员与督导 · 整家机构 · " in page


def test_a_difference_of_more_than_a_level_waits_for_the_chair_and_its_reason():
    round_ = judging.moderating([factories.AccreditedProvider()], apart)
    differ, _suspected = rounds.undecided(round_)
    assert [each.mark for each in differ] == ["staff"]
    with pytest.raises(NotNow, match="1 处分歧"):
        rounds.tally(round_, by=chair())
    mark = differ[0].key
    with pytest.raises(NotYours):
        rounds.moderate(round_, by=officer(), mark=mark, level=3, why="x")
    with pytest.raises(Invalid, match="2 到 5"):
        rounds.moderate(round_, by=chair(), mark=mark, level=1, why="x")
    rounds.moderate(round_, by=chair(), mark=mark, level=3, why="培训有,督导只到六月")
    round_ = rounds.tally(round_, by=chair())
    part = next(p for p in only(round_).parts if p["key"] == "staff")
    assert part["share"] == "0.5000"


def test_a_suspected_veto_waits_for_the_chair_and_an_upheld_one_fails():
    provider = factories.AccreditedProvider()
    round_ = judging.scoring_([provider])
    sheet = judging.seated(round_)[0]
    given = {key: {"level": 5, "note": "好"} for key in (*KEYS, "records")}
    scoring.submit(
        sheet, by=evaluator(sheet.evaluator_id), scores=given,
        suspicions={"false_records": "三次服务记录查无此事", "no-such": "x"},
    )  # fmt: skip
    round_ = rounds.begin_moderation(judging.handed_in(round_, 5), by=chair())
    assessment = only(round_)
    with pytest.raises(NotNow, match="1 条一票否决"):
        rounds.tally(round_, by=chair())
    rounds.rule_veto(
        round_,
        by=chair(),
        assessment=assessment,
        veto="false_records",
        upheld=True,
        why="电话核实属实",
    )
    assessment = only(rounds.tally(round_, by=chair()))
    assert (assessment.total, assessment.grade) == (Decimal("100.00"), "fail")
    assert assessment.vetoes == ["false_records"]


def test_who_scores_does_not_moderate():
    round_ = judging.moderating([factories.AccreditedProvider()], apart)
    differ, _suspected = rounds.undecided(round_)
    scorer = evaluator(ScoreSheet.objects.filter(assessment__round=round_)[0].evaluator_id)
    with pytest.raises(NotYours):
        rounds.moderate(round_, by=scorer, mark=differ[0].key, level=3, why="x")


# --- told, contested ----------------------------------------------------------------------


def test_a_provider_reads_its_own_result_once_it_is_told_and_nobody_elses(client_of):
    one, other = factories.AccreditedProvider(), factories.AccreditedProvider()
    round_ = judging.moderating([one, other])
    mine = round_.assessments.get(provider=one)
    client = client_of(factories.user_of(one).username)
    assert "得分构成" not in client.get(mine.get_absolute_url()).content.decode()
    round_ = rounds.tally(round_, by=chair())
    page = client.get(mine.get_absolute_url()).content.decode()
    assert "得分构成" in page
    assert "最能提分的三件事" in page
    theirs = round_.assessments.get(provider=other)
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert other.organization.name not in client.get(round_.get_absolute_url()).content.decode()


def test_an_appeal_is_looked_at_by_two_who_scored_nothing_and_puts_the_result_right():
    provider = factories.AccreditedProvider()
    round_ = judging.told([provider], 2)
    assessment = only(round_)
    before = assessment.total
    appeal = appealing.file(
        by=factories.member_of(provider), assessment=assessment, indicator="staff",
        text="九月起全部持证,证书见附件", files=[a_file()],
    )  # fmt: skip
    scored = set(assessment.sheets.values_list("evaluator_id", flat=True))
    assert len(set(appeal.reviewers) - scored - {round_.chair_id}) == 2
    one, two = (evaluator(pk) for pk in appeal.reviewers)
    with pytest.raises(NotNow, match="1 件申诉"):
        with in_days(20):
            judging.announced(round_)
    appeal = appealing.propose(appeal, by=one, reason="证书属实", percent=Decimal("75"))
    with pytest.raises(NotYours):
        appealing.grant(appeal, by=one)
    with pytest.raises(Refused):
        appealing.confirm(appeal, by=two)
    appealing.grant(appeal, by=two)
    assessment.refresh_from_db()
    part = next(p for p in assessment.parts if p["key"] == "staff")
    assert (part["share"], part["appealed"]) == ("0.7500", True)
    assert assessment.total > before
    assert Ruling.objects.get(assessment=assessment, kind="appeal").why == "证书属实"


def test_an_unfounded_appeal_changes_nothing_and_the_second_may_see_it_otherwise():
    provider = factories.AccreditedProvider()
    assessment = only(judging.told([provider]))
    appeal = appealing.file(
        by=factories.member_of(provider), assessment=assessment, indicator="books", text="账目清楚"
    )
    one, two = (evaluator(pk) for pk in appeal.reviewers)
    appeal = appealing.propose(appeal, by=one, reason="凭证缺三份")
    appeal = appealing.differ(appeal, by=two, reason="三份已补")
    assert (appeal.status, appeal.answer) == ("filed", "")
    appeal = appealing.propose(appeal, by=two, reason="补的凭证日期不符")
    assert appealing.confirm(appeal, by=one).status == "dismissed"
    total = assessment.total
    assessment.refresh_from_db()
    assert assessment.total == total


def test_an_upheld_veto_can_be_contested_and_lifted():
    provider = factories.AccreditedProvider()
    round_ = judging.moderating([provider], 5)
    rounds.rule_veto(
        round_, by=chair(), assessment=only(round_), veto="leak", upheld=True, why="名单外泄"
    )
    assessment = only(rounds.tally(round_, by=chair()))
    assert assessment.grade == "fail"
    appeal = appealing.file(
        by=factories.member_of(provider),
        assessment=assessment,
        indicator="leak",
        text="不是我们的名单",
    )
    one, two = (evaluator(pk) for pk in appeal.reviewers)
    appeal = appealing.propose(appeal, by=one, reason="名单出自别处", percent=Decimal("0"))
    appealing.grant(appeal, by=two)
    assessment = Assessment.objects.get(pk=assessment.pk)
    assert (assessment.grade, assessment.vetoes) == ("excellent", [])


def test_an_appeal_has_its_deadline_its_object_and_is_made_once():
    provider = factories.AccreditedProvider()
    assessment = only(judging.told([provider]))
    own = factories.member_of(provider)
    with in_days(20), pytest.raises(NotNow):
        appealing.file(by=own, assessment=assessment, indicator="staff", text="晚了")
    with pytest.raises(Invalid):
        appealing.file(by=own, assessment=assessment, indicator="no-such", text="x")
    appealing.file(by=own, assessment=assessment, indicator="staff", text="有异议")
    with pytest.raises(Invalid, match="已经申诉过"):
        appealing.file(by=own, assessment=assessment, indicator="staff", text="又一次")
    with pytest.raises(NotYours):
        appealing.file(
            by=factories.member_of(factories.AccreditedProvider()), assessment=assessment,
            indicator="books", text="别家的",
        )  # fmt: skip
    assert Appeal.objects.filter(assessment=assessment).count() == 1


# --- notice and publication ---------------------------------------------------------------


def test_the_result_is_on_public_notice_for_seven_days_and_published_by_another():
    round_ = judging.told([factories.AccreditedProvider()])
    with pytest.raises(NotNow, match="初步结果"):
        rounds.give_notice(round_, by=officer())
    with in_days(20):
        clocks.tick()
        round_ = rounds.give_notice(Round.objects.get(pk=round_.pk), by=officer())
        with pytest.raises(NotNow, match="公示中"):
            rounds.publish(round_, by=second())
    with in_days(30):
        clocks.tick()
        round_ = Round.objects.get(pk=round_.pk)
        with pytest.raises(NotYours, match="另一人"):
            rounds.publish(round_, by=officer())
        round_ = rounds.publish(round_, by=second())
    # A time to wait that runs out makes nobody late.
    assert not Overdue.objects.filter(
        lifecycle="evaluations.Round",
        object_id=round_.pk,
        rule_key__in=["round.appeal", "round.notice"],
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
    assert round_.rules == {"evaluation.panel": 1}
    assert round_.formulas == 1


def test_a_round_that_is_not_over_can_be_called_off(who):
    round_ = judging.scoring_([factories.AccreditedProvider()])
    sheet = judging.seated(round_)[0]
    assert rounds.cancel(round_, by=officer(), reason="方案改版").status == "cancelled"
    assert only(round_).status == "dropped"
    # Nothing of it waits for anybody any more.
    mine = workbench.open_for(evaluator(sheet.evaluator_id))
    rows = [*mine.overdue, *mine.today, *mine.week, *mine.later]
    assert sheet.pk not in {row.obj.pk for row in rows if isinstance(row.obj, ScoreSheet)}


def test_the_chairs_next_step_is_what_is_to_be_decided_and_then_the_sum(who):
    round_ = judging.moderating([factories.AccreditedProvider()], apart)

    def step(actor):
        return rounds.ROUND.next_steps([round_], actor)[round_.pk]

    assert step(chair()).move.name == "moderate"
    assert step(officer()) is None
    differ, _suspected = rounds.undecided(round_)
    rounds.moderate(round_, by=chair(), mark=differ[0].key, level=3, why="取中")
    assert step(chair()).move.name == "tally"


class Api:
    """The API in somebody's session."""

    def __init__(self, client) -> None:
        self.client, self.get = client, client.get

    def post(self, path: str, body: dict):
        return self.client.post(path, json.dumps(body), content_type="application/json")


def test_a_whole_round_by_the_api(client_of):
    provider = factories.AccreditedProvider()
    api, other = Api(client_of("minzheng")), Api(client_of("minzheng2"))
    body = {
        "title": "接口轮次", "scheme": Scheme.objects.get(status="in_use").pk,
        "period_from": str(moments.today() - timedelta(days=30)), "period_to": str(moments.today()),
        "providers": [provider.pk], "chair": User.objects.get(username=judging.CHAIR).pk,
    }  # fmt: skip
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
