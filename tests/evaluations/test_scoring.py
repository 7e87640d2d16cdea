"""Evaluators score blind and as they go; the chair sees how far they agree and decides with reasons."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from evaluations.rounds import running
from evaluations.sheets import lots, questions, scoring
from evaluations.sheets.models import ScoreSheet
from foundation import moments
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.work_items import rebuilding
from foundation.work_items.models import WorkItem
from foundation.work_items.steps import steps_of
from organizations.people import conflicts
from organizations.people.models import Membership, User
from referrals.offers.models import Referral
from tests import factories
from tests.evaluations import judging
from tests.evaluations.judging import KEYS, Api, chair, evaluator, officer, only
from tests.steps import steps_for

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


def test_the_case_an_evaluator_reads_holds_no_number_phone_or_address_of_anybody(client_of):
    provider = judging.served()
    referral = Referral.objects.get(provider=provider)
    household = referral.need.matter.household
    secrets = [
        household.members.first().person.id_number.plain(),
        household.phone.plain(),
        household.address.plain(),
        "139 1234 5678",
        "0510-86881234",
        factories.new_id_number(),
    ]
    referral.outcome = "、".join(secrets) + " 2026-11-28 共 12345678901234567890 步"
    referral.save()
    sheet = judging.seated(judging.scoring_([provider]))[0]
    username = User.objects.get(pk=sheet.evaluator_id).username
    page = client_of(username).get(f"{sheet.get_absolute_url()}score/").content.decode()
    assert [secret for secret in secrets if secret in page] == []
    assert "2026-11-28 共 12345678901234567890 步" in page


def test_a_program_that_sends_some_marks_keeps_the_others(client_of):
    sheet = judging.seated(judging.scoring_([factories.AccreditedProvider()]))[0]
    api = Api(client_of(User.objects.get(pk=sheet.evaluator_id).username))
    address = f"/api/v1/sheets/{sheet.pk}"
    api.post(f"{address}/score", {"level_staff": "4", "note_staff": "持证", "veto_leak": "名单在外"})
    kept = api.post(f"{address}/score", {"level_books": "3"}).json()
    assert {mark: given["level"] for mark, given in kept["scores"].items()} == {"staff": 4, "books": 3}
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
    words = {"note_staff": "边写边存的话", "key": "k1"}
    client.post(f"{reverse('draft')}?path={address}", words)
    assert "边写边存的话" in client.get(f"{address}?draft=k1").content.decode()


# --- agreement and moderation -------------------------------------------------------------


def apart(sheet, mark, number) -> int:
    """The first evaluator gives 5, the second 2 for staff and 4 for the rest."""
    return 5 if number == 0 else 2 if mark == "staff" else 4


def test_the_chair_sees_how_far_evaluators_agree_and_who_stands_apart(client_of):
    round_ = judging.moderating([factories.AccreditedProvider()], apart)
    raters = {rater["id"]: rater for rater in round_.agreement["raters"]}
    assert round_.agreement["marks"] == 4
    assert {rater["bias"] for rater in raters.values()} == {1.5, -1.5}
    assert all(rater["apart"] for rater in raters.values())
    page = client_of(judging.CHAIR).get(round_.get_absolute_url()).content.decode()
    assert "一致程度" in page
    assert "人员与督导 · 整家机构 · " in page


def test_a_difference_of_more_than_a_level_waits_for_the_chair_and_its_reason():
    round_ = judging.moderating([factories.AccreditedProvider()], apart)
    differ, _suspected = questions.undecided(round_)
    assert [each.key for each in differ] == ["staff"]
    with pytest.raises(NotNow, match="1 处分歧"):
        running.tally(round_, by=chair())
    mark = differ[0].mark
    with pytest.raises(NotYours):
        running.moderate(round_, by=officer(), mark=mark, level=3, why="x")
    with pytest.raises(Invalid, match="2 到 5"):
        running.moderate(round_, by=chair(), mark=mark, level=1, why="x")
    running.moderate(round_, by=chair(), mark=mark, level=3, why="培训有，督导只到六月")
    round_ = running.tally(round_, by=chair())
    part = next(p for p in only(round_).parts if p["key"] == "staff")
    assert part["share"] == "0.5000"


def test_a_suspected_veto_waits_for_the_chair_and_an_upheld_one_fails():
    provider = factories.AccreditedProvider()
    round_ = judging.scoring_([provider])
    sheet = judging.seated(round_)[0]
    given = {key: {"level": 5, "note": "好"} for key in (*KEYS, "records")}
    scoring.submit(
        sheet,
        by=evaluator(sheet.evaluator_id),
        scores=given,
        suspicions={"false_records": "三次服务记录查无此事", "no-such": "x"},
    )
    round_ = running.begin_moderation(judging.handed_in(round_, 5), by=chair())
    assessment = only(round_)
    with pytest.raises(NotNow, match="1 条一票否决"):
        running.tally(round_, by=chair())
    running.rule_veto(
        round_, by=chair(), assessment=assessment, veto="false_records", upheld=True, why="电话核实属实"
    )
    assessment = only(running.tally(round_, by=chair()))
    assert (assessment.total, assessment.grade) == (Decimal("100.00"), "fail")
    assert assessment.vetoes == ["false_records"]


def test_who_scores_does_not_moderate():
    round_ = judging.moderating([factories.AccreditedProvider()], apart)
    differ, _suspected = questions.undecided(round_)
    scorer = evaluator(ScoreSheet.objects.filter(assessment__round=round_)[0].evaluator_id)
    with pytest.raises(NotYours):
        running.moderate(round_, by=scorer, mark=differ[0].mark, level=3, why="x")


def test_the_chairs_next_step_is_what_is_to_be_decided_and_then_the_sum(who):
    round_ = judging.moderating([factories.AccreditedProvider()], apart)

    def step(actor):
        return steps_for(actor, round_)

    assert step(chair()) == {"moderate"}
    assert step(officer()) == set()
    differ, _suspected = questions.undecided(round_)
    running.moderate(round_, by=chair(), mark=differ[0].mark, level=3, why="取中")
    assert step(chair()) == {"tally"}


# --- what is next -------------------------------------------------------------------------


def waiting_step(sheet):
    return WorkItem.objects.get(lifecycle="evaluations.ScoreSheet", object_id=sheet.pk, waits=True).step


def test_once_all_is_scored_the_next_step_is_to_hand_it_in():
    sheet = judging.seated(judging.scoring_([factories.AccreditedProvider()]))[0]
    own = evaluator(sheet.evaluator_id)
    given = {key: {"level": 4, "note": ""} for key in (*KEYS, "records")}
    last = given.pop("records")
    sheet = scoring.score(sheet, by=own, scores=given)
    assert waiting_step(sheet) == "score"
    sheet = scoring.score(sheet, by=own, scores={**given, "records": last})
    assert waiting_step(sheet) == "submit"
    assert "score" in {row.name for row in sheet.transitions_for(own)}


def test_whoever_has_a_tie_on_record_is_asked_to_say_so_and_not_to_be_free():
    round_ = judging.scoring_([factories.AccreditedProvider()])
    sheet = ScoreSheet.objects.filter(assessment__round=round_).order_by("pk")[0]
    own = evaluator(sheet.evaluator_id)
    assert "declare_free" in {row.name for row in sheet.transitions_for(own)}
    conflicts.declare(own.person, sheet.assessment.provider.organization, "kin", "表兄")
    assert {row.name for row in sheet.transitions_for(own)} == {"declare_tie"}
    item = WorkItem.objects.get(lifecycle="evaluations.ScoreSheet", object_id=sheet.pk, waits=True)
    assert [step.name for step in steps_of([item]).values()] == ["declare_tie"]
    with pytest.raises(Refused, match="应当回避"):
        lots.declare_free(sheet, by=own, confirmed=True)


def test_nobody_leaves_a_panel_that_nobody_else_can_join():
    round_ = judging.scoring_([factories.AccreditedProvider()])
    sheet = ScoreSheet.objects.filter(assessment__round=round_).order_by("pk")[0]
    own = evaluator(sheet.evaluator_id)
    assert "declare_tie" in {row.name for row in sheet.transitions_for(own)}
    drawn = ScoreSheet.objects.filter(assessment__round=round_).values("evaluator")
    others = Membership.objects.filter(role="evaluator").exclude(user__in=drawn)
    others.update(
        valid_to=moments.today() - timedelta(days=1), valid_from=moments.today() - timedelta(days=9)
    )
    rebuilding.follow_the_day()
    assert "declare_tie" not in {row.name for row in sheet.transitions_for(own)}
    with pytest.raises(Refused, match="没有可以递补的评估人员"):
        lots.declare_tie(sheet, by=own, reason="亲属", kind="kin")
