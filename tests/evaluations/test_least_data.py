"""No grade on too little data, wherever it is shown; in time is what the clock says; nobody is removed by one hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from evaluations.assessments.models import Assessment
from evaluations.exits.models import Exit
from evaluations.indicators import tallies
from evaluations.rounds import recomputing, results, running
from evaluations.rounds.models import Round
from evaluations.sheets import lots
from evaluations.sheets.models import ScoreSheet
from evaluations.simulations import simulating
from foundation import moments
from foundation.deadlines.models import Clock
from foundation.documents import making
from foundation.refusals import Invalid, NotNow, NotYours
from foundation.work_items.models import WorkItem
from organizations.people.models import ConflictOfInterest
from organizations.providers.models import Provider
from referrals.offers import offering
from tests import factories
from tests.evaluations import judging
from tests.evaluations.judging import chair, evaluator, officer, only, second

pytestmark = pytest.mark.story

IDLE = "江阴同行就业帮扶中心"


def idle() -> Provider:
    """A provider of the demo without an answered referral, a visit or a survey."""
    return Provider.objects.get(organization__name=IDLE)


# --- the least share -----------------------------------------------------------------------


@pytest.mark.parametrize("level", [5, 4, 1])
def test_opinions_alone_make_no_grade_no_rank_and_no_consequence(level):
    provider = idle()
    before = provider.match_bonus, provider.last_score, provider.last_grade, provider.status
    found = only(judging.published([provider], level, least=None))
    assert (found.total, found.grade, found.rank) == (None, "", None)
    assert found.status == "settled"
    assert not found.consequences.exists()
    provider.refresh_from_db()
    assert before == (provider.match_bonus, provider.last_score, provider.last_grade, provider.status)


def test_it_is_said_on_the_page_in_the_documents_in_the_api_and_to_the_public(client_of, api_of, client):
    round_ = judging.published([idle()], 5, least=None)
    found = only(round_)
    words = "数据不足，不评级"
    assert words in client_of("minzheng").get(found.get_absolute_url()).content.decode()
    assert words in client_of("minzheng").get(round_.get_absolute_url()).content.decode()
    own = client_of("jigou5").get(found.get_absolute_url()).content.decode()
    assert words in own
    assert "100.00" not in own
    assert "最强的是" not in own
    assert words in client.get(f"/notices/rounds/{round_.pk}/").content.decode()
    row = api_of("minzheng").get(f"/api/v1/assessments/{found.pk}").json()
    assert (row["total"], row["grade"], row["rank"]) == (None, "", None)


def test_the_scorecard_and_the_announcement_say_so_too():
    from evaluations.rounds.documents import RESULTS
    from evaluations.scorecards.documents import SCORECARD

    round_ = judging.published([idle()], 5, least=None)
    card = SCORECARD.context(only(round_))
    assert (card["grade"], card["total"], card["gains"]) == ("数据不足，不评级", "—", [])
    assert card["short"] == 60
    assert RESULTS.context(round_)["rows"][0]["grade"] == "数据不足，不评级"
    document = making.request(SCORECARD, only(round_), by=officer())
    making.render(document)


def test_a_trial_run_gives_no_chances_of_a_grade_either(client_of):
    round_ = judging.published([idle()], 5, least=None)
    made = simulating.run(by=officer(), scheme=round_.scheme, round_=round_, resamples=50)
    (row,) = made.result["providers"]
    assert (row["total"], row["grade"], row["low"], row["high"]) == ("", "", 0, 0)
    assert not any(row["chances"].values())
    page = client_of("minzheng").get(made.get_absolute_url()).content.decode()
    assert "100%" not in page


def test_a_provider_with_enough_data_is_graded_beside_one_without():
    with_data = Provider.objects.get(organization__name="江阴暨阳社会工作服务中心")
    year = moments.today() - timedelta(days=365)
    round_ = judging.published([with_data, idle()], 4, period_from=year, least=None)
    graded, not_graded = (round_.assessments.get(provider=each) for each in (with_data, idle()))
    assert graded.grade
    assert graded.rank == 1
    assert (not_graded.grade, not_graded.rank) == ("", None)


def test_the_least_share_is_a_rule_and_a_round_keeps_the_version_it_noted():
    found = only(judging.published([idle()], 4, least=20))
    assert found.grade == "pass"
    factories.rule("evaluation.data", least_percent=100)
    assert all(each.same for each in recomputing.compare(Round.objects.get(pk=found.round_id)))


def test_an_upheld_veto_fails_a_provider_without_data_and_breaks_nothing():
    provider = idle()
    round_ = judging.moderating([provider], 4, least=None)
    running.rule_veto(
        round_, by=chair(), assessment=only(round_), veto="false_records", upheld=True, why="查实"
    )
    round_ = running.tally(Round.objects.get(pk=round_.pk), by=chair())
    with judging.in_days(20):
        judging.announced(round_)
    with judging.in_days(30):
        judging.concluded(Round.objects.get(pk=round_.pk))
    found = Assessment.objects.get(round=round_)
    assert (found.total, found.grade, found.rank) == (None, "fail", None)
    provider.refresh_from_db()
    assert (provider.status, provider.last_grade, provider.last_score) == ("suspended", "fail", None)
    assert Exit.objects.filter(provider=provider, cause="veto").exists()
    assert "None" not in Exit.objects.get(provider=provider).reasons


def test_rounds_of_before_are_made_again_as_they_were_published():
    """The first version of the formulas asked for no least share."""
    round_ = judging.published([idle()], 4, least=None)
    Round.objects.filter(pk=round_.pk).update(formulas=1, rules={"evaluation.panel": 0})
    old = Round.objects.get(pk=round_.pk)
    result, rank = results.of_round(old)[only(old).pk]
    assert (result.total, result.grade, rank) == (Decimal("75.00"), "pass", 1)


def test_the_rounds_of_the_demo_are_made_again_bit_for_bit():
    found = recomputing.rounds_with_results()
    assert found
    for each in found:
        assert all(value.same for value in recomputing.compare(each)), each


# --- the highest and the lowest level ask for words ---------------------------------------------


@pytest.mark.parametrize("level", [5, 1])
def test_the_highest_and_the_lowest_level_need_words(level):
    from evaluations.sheets import scoring

    round_ = judging.scoring_([idle()])
    sheet = judging.seated(round_)[0]
    marks = [mark for mark, _leaf, _case in scoring.marks_of(sheet)]
    given = {mark: {"level": 4, "note": ""} for mark in marks}
    given[marks[0]] = {"level": level, "note": "  "}
    with pytest.raises(Invalid) as refusal:
        scoring.submit(sheet, by=evaluator(sheet.evaluator_id), scores=given)
    assert list(refusal.value.fields) == [scoring.field_of("note", marks[0])]
    given[marks[0]]["note"] = "六份记录里没有一份有计划。"
    done = scoring.submit(sheet, by=evaluator(sheet.evaluator_id), scores=given)
    assert done.status == "submitted"


# --- in time ---------------------------------------------------------------------------------------


def counts_of(provider) -> dict[str, int]:
    today = moments.today()
    found = tallies.evidence(today - timedelta(days=60), today + timedelta(days=60), [provider.pk])
    return found[provider.pk]["counts"]


def clock_of(referral) -> Clock:
    return Clock.objects.get(lifecycle="referrals.Referral", object_id=referral.pk, state="offered")


@pytest.mark.parametrize(("hours", "in_time"), [(-2, 1), (0.5, 0), (70, 0)])
@pytest.mark.parametrize("act", ["accept", "decline"])
def test_an_answer_counts_as_in_time_by_its_clock(hours, in_time, act):
    referral = factories.OfferedReferral()
    by = factories.member_of(referral.provider)
    with moments.as_of(clock_of(referral).due_at + timedelta(hours=hours)):
        if act == "accept":
            offering.accept(referral, by=by)
        else:
            offering.decline(referral, by=by, reason="no_staff")
        counts = counts_of(referral.provider)
    assert (counts.get("answered_yes", 0), counts["answered_all"]) == (in_time, 1)


def test_a_pause_that_was_granted_is_in_the_time():
    referral = factories.OfferedReferral()
    clock = clock_of(referral)
    later = clock.due_at + timedelta(days=3)
    Clock.objects.filter(pk=clock.pk).update(due_at=later)
    with moments.as_of(later - timedelta(hours=1)):
        offering.accept(referral, by=factories.member_of(referral.provider))
        assert counts_of(referral.provider)["answered_yes"] == 1


def test_an_offer_that_was_taken_back_or_went_to_another_counts_neither_way():
    referral = factories.OfferedReferral()
    offering.withdraw(referral, by=factories.window_of(referral.town), reason="改派")
    assert "answered_all" not in counts_of(referral.provider)


def test_a_first_contact_that_never_was_is_not_in_time():
    from referrals.service import delivery

    referral = factories.OfferedReferral()
    by = factories.member_of(referral.provider)
    referral = offering.accept(referral, by=by)
    delivery.end_early(referral, by=by, reason="人员离职")
    assert "contact_all" not in counts_of(referral.provider)


def test_the_figures_of_the_demo_agree_with_its_clocks():
    """Counted from the clocks by another statement; the demo has answers that came late."""
    first, last = moments.today() - timedelta(days=400), moments.today()
    found = tallies.everybody(first, last)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.provider_id, count(*) FILTER (WHERE c.stopped_at <= c.due_at AND r.status <> 'timed_out'),
                count(*)
            FROM referrals_referral r JOIN foundation_clock c ON c.object_id = r.id
            WHERE c.lifecycle = 'referrals.Referral' AND c.state = 'offered' AND c.stopped_at IS NOT NULL
                AND c.stopped_at >= %s AND (r.answered_at IS NOT NULL OR r.status = 'timed_out')
            GROUP BY r.provider_id
            """,
            [moments.now() - timedelta(days=400)],
        )
        expected = {row[0]: row[1:] for row in cursor.fetchall()}
    assert expected
    for provider, (yes, every) in expected.items():
        counts = found[provider]["counts"]
        assert (counts.get("answered_yes", 0), counts["answered_all"]) == (yes, every), provider
    assert any(yes < every for yes, every in expected.values())


# --- two people remove an evaluator -----------------------------------------------------------------


def a_sheet(levels=None) -> ScoreSheet:
    round_ = judging.scoring_([factories.AccreditedProvider()])
    if levels:
        round_ = judging.handed_in(round_, levels)
    return ScoreSheet.objects.filter(assessment__round=round_).order_by("pk")[0]


def test_one_person_alone_replaces_nobody():
    sheet = a_sheet()
    asked = lots.ask_to_replace(sheet, by=officer(), reason="ill", why="住院一个月，有病假条")
    assert asked.status == "replacing"
    with pytest.raises(NotYours, match="另一人"):
        lots.replace(asked, by=officer())
    gone = lots.replace(ScoreSheet.objects.get(pk=asked.pk), by=second())
    assert gone.status == "excused"
    fresh = gone.assessment.sheets.latest("pk")
    assert fresh.evaluator_id != gone.evaluator_id
    assert fresh.seed
    assert fresh.seed != gone.assessment.round.seed
    waits = WorkItem.objects.filter(lifecycle=ScoreSheet._meta.label, object_id=fresh.pk, waits=True)
    assert [item.user_id for item in waits] == [fresh.evaluator_id]


def test_nobody_who_knows_the_seed_of_the_round_knows_who_comes_next():
    drawn = set()
    for _ in range(8):
        sheet = a_sheet()
        lots.replace(lots.ask_to_replace(sheet, by=officer(), reason="left", why="已调离"), by=second())
        drawn.add(sheet.assessment.sheets.latest("pk").seed)
    assert len(drawn) == 8


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": "我不喜欢", "why": "x"}, "reason"),
        ({"reason": "ill", "why": "  "}, "why"),
        ({"reason": "tie", "why": "x"}, "kind"),
        ({"reason": "silent", "why": "x"}, "reason"),
    ],
)
def test_a_ground_is_one_of_the_list_with_its_proof(given, field):
    with pytest.raises(Invalid) as refusal:
        lots.ask_to_replace(a_sheet(), by=officer(), **given)
    assert field in refusal.value.fields


def test_who_was_silent_beyond_the_time_may_be_replaced():
    sheet = a_sheet()
    with judging.in_days(15):
        asked = lots.ask_to_replace(sheet, by=officer(), reason="silent", why="两次催办没有回音")
        assert lots.replace(asked, by=second()).status == "excused"


def test_no_tie_is_written_before_a_second_person_agrees_and_none_if_not():
    sheet = a_sheet(4)
    given = {"reason": "tie", "kind": "kin", "why": "查实其配偶在该机构任职"}
    asked = lots.ask_to_void(sheet, by=officer(), **given)
    assert not ConflictOfInterest.objects.filter(person_id=sheet.evaluator_id).exists()
    with pytest.raises(NotNow):
        running.begin_moderation(sheet.assessment.round, by=chair())
    kept = lots.uphold(asked, by=second(), reason="同名的另一个人")
    assert (kept.status, kept.ground) == ("submitted", "")
    assert not ConflictOfInterest.objects.filter(person_id=sheet.evaluator_id).exists()
    again = lots.ask_to_void(kept, by=officer(), **given)
    gone = lots.void(again, by=second())
    assert gone.status == "void"
    assert ConflictOfInterest.objects.filter(person_id=sheet.evaluator_id, kind="kin").exists()


def test_scores_that_are_void_for_another_ground_write_no_tie():
    sheet = a_sheet(4)
    asked = lots.ask_to_void(sheet, by=officer(), reason="collusion", why="与另一名评估人员对过分数")
    lots.void(asked, by=second())
    assert not ConflictOfInterest.objects.filter(person_id=sheet.evaluator_id).exists()


def test_an_evaluator_who_is_kept_goes_on_where_it_was():
    sheet = judging.seated(a_sheet().assessment.round)[0]
    asked = lots.ask_to_replace(sheet, by=officer(), reason="ill", why="听说病了")
    kept = lots.keep(asked, by=second(), reason="本人说能评")
    assert kept.status == "drawn"


def test_the_second_person_sees_the_ground_on_the_page_and_the_api_asks_twice(client_of, api_of):
    sheet = a_sheet(4)
    asked = api_of("minzheng").post(
        f"/api/v1/sheets/{sheet.pk}/ask_to_void",
        {"reason": "tie", "kind": "kin", "why": "查实其配偶在该机构任职"},
        format="json",
    )
    assert asked.status_code == 200, asked.content
    page = client_of("minzheng2").get(f"/sheets/{sheet.pk}/void/").content.decode()
    assert "查实其配偶在该机构任职" in page
    assert api_of("minzheng").post(f"/api/v1/sheets/{sheet.pk}/void", {}, format="json").status_code == 403
    done = api_of("minzheng2").post(f"/api/v1/sheets/{sheet.pk}/void", {}, format="json")
    assert (done.status_code, done.json()["status"]) == (200, "void")
