"""A published result is made again from what was stored, bit for bit; a changed bit is noticed."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from demo.scale import copying
from evaluations.assessments.models import Assessment, Ruling
from evaluations.rounds import recomputing, running
from evaluations.rounds.models import Round
from evaluations.sheets import questions
from evaluations.sheets.models import ScoreSheet
from tests import factories
from tests.evaluations import judging
from tests.evaluations.judging import chair, only

pytestmark = pytest.mark.story


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("recompute", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def round_():
    provider = judging.served()
    return judging.published([provider, factories.AccreditedProvider()], 4)


def behind_the_triggers(statement: str, given: list) -> None:
    with copying.without_triggers(), connection.cursor() as cursor:
        cursor.execute(statement, given)


def test_every_round_of_the_starter_is_made_again():
    said = told("--all")
    assert "0 different" in said
    assert "same" in said
    assert "DIFFERENT" not in said


def test_one_round_is_compared_value_by_value(round_):
    said = told("--round", str(round_.pk))
    assert "1 rounds, 11 values compared, 0 different" in said
    assert "evidence" in said


def test_changed_rules_schemes_and_records_of_today_change_no_result_of_then(round_):
    from evaluations.schemes import drafting
    from referrals.answers.models import Satisfaction

    factories.rule("evaluation.panel", rotation=0, differ=3)
    draft = drafting.draft(by=judging.officer(), name="新方案")
    draft = drafting.set_grades(draft, by=judging.officer(), excellent=99, good=98, passing=97)
    drafting.adopt(draft, by=judging.second())
    Satisfaction.objects.all().delete()
    assert "0 different" in told("--round", str(round_.pk))


@pytest.mark.parametrize(
    "table,column,value,what",
    [
        ("evaluations_assessment", "total", "99.99", "total"),
        ("evaluations_assessment", "grade", "excellent", "grade"),
        ("evaluations_assessment", "rank", 7, "rank"),
        (
            "evaluations_assessment",
            "evidence",
            '{"counts": {}, "mix": {}, "others": {}, "others_marks": [0, 0]}',
            "evidence",
        ),
        ("evaluations_scoresheet", "scores", "{}", "parts"),
    ],
)
def test_a_bit_changed_behind_the_triggers_is_noticed(round_, table, column, value, what):
    model = Assessment if table.endswith("assessment") else ScoreSheet
    where = {"round": round_} if model is Assessment else {"assessment__round": round_}
    pk = model.objects.filter(**where).order_by("pk")[0].pk
    behind_the_triggers(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, pk])
    out = StringIO()
    with pytest.raises(SystemExit) as leaving:
        call_command("recompute", "--round", str(round_.pk), stdout=out)
    assert leaving.value.code == 1
    wrong = [line for line in out.getvalue().splitlines() if "DIFFERENT" in line]
    assert any(what in line for line in wrong)


def test_moderated_levels_and_rulings_are_part_of_it():
    def apart(sheet, mark, number):
        return 5 if number == 0 else 2

    round_ = judging.moderating([factories.AccreditedProvider()], apart)
    differ, _suspected = questions.undecided(round_)
    for each in differ:
        running.moderate(round_, by=chair(), mark=each.mark, level=4, why="取证后定")
    round_ = running.tally(round_, by=chair())
    assert all(each.same for each in recomputing.compare(round_))
    ruling = Ruling.objects.filter(assessment=only(round_))[0]
    behind_the_triggers("UPDATE evaluations_ruling SET value = 1 WHERE id = %s", [ruling.pk])
    assert not all(each.same for each in recomputing.compare(Round.objects.get(pk=round_.pk)))


def test_a_round_judged_before_evidence_was_kept_is_made_again_from_its_parts(round_):
    parts = [
        {"key": "a", "title": "a", "weight": 60, "share": 1},
        {"key": "b", "title": "b", "weight": 40, "share": None},
    ]
    Round.objects.filter(pk=round_.pk).update(formulas=0)
    Assessment.objects.filter(round=round_).update(parts=parts, total=100)
    assert "2 values compared, 0 different" in told("--round", str(round_.pk))
    Assessment.objects.filter(round=round_).update(total=90)
    with pytest.raises(SystemExit):
        told("--round", str(round_.pk))


def test_a_round_that_is_not_there_has_no_results_or_later_formulas_is_said():
    with pytest.raises(CommandError, match="does not exist"):
        told("--round", "999999")
    waiting = judging.planned([factories.AccreditedProvider()])
    with pytest.raises(CommandError, match="no results yet"):
        told("--round", str(waiting.pk))
    done = judging.told([factories.AccreditedProvider()])
    Round.objects.filter(pk=done.pk).update(formulas=99)
    with pytest.raises(CommandError, match="formulas v99"):
        told("--round", str(done.pk))
