"""An evaluator scores in a stairwell: evidence beside the rubric, and no word lost."""

from __future__ import annotations

import pytest

from evaluations.sheets.models import ScoreSheet
from organizations.people.models import User
from tests.evaluations import judging

pytestmark = [pytest.mark.story, pytest.mark.browser]


@pytest.fixture
def seat(own_database):
    """A seated sheet of a provider with one finished case, and its evaluator."""
    round_ = judging.scoring_([judging.served()])
    sheet = judging.seated(round_)[0]
    user = User.objects.get(pk=sheet.evaluator_id)
    user.set_password("liandong-2026")
    user.save()
    return sheet, user.username


def test_a_case_is_scored_without_connection_and_sent_when_it_is_back(seat, person):
    sheet, username = seat
    page = person(username, width=390)
    page.goto(f"{sheet.get_absolute_url()}score/")
    case = sheet.assessment.cases.get()
    page.context.set_offline(True)
    page.locator(f"#block-level_records_at_{case.pk}").get_by_label("4 良").check()
    page.fill(f"[name=note_records_at_{case.pk}]", "楼道里写的：记录齐全，方法说明简略。")
    page.get_by_role("button", name="评分", exact=True).click()
    page.locator("#waiting").get_by_text("没有网络，已在本机保存").wait_for()
    assert ScoreSheet.objects.get(pk=sheet.pk).scores == {}
    page.context.set_offline(False)
    page.wait_for_function("() => localStorage.length === 0")
    kept = ScoreSheet.objects.get(pk=sheet.pk).scores[f"records@{case.pk}"]
    assert kept == {"level": 4, "note": "楼道里写的：记录齐全，方法说明简略。"}
    page.faults.clear()  # the browser tells of the lost connection; that was the point


def test_evidence_and_rubric_stand_side_by_side_on_a_desk_and_below_one_another_on_a_phone(seat, person):
    sheet, username = seat
    for width, beside in ((1440, True), (390, False)):
        page = person(username, width=width)
        page.goto(f"{sheet.get_absolute_url()}score/")
        section = page.locator(".scoring").first
        evidence = section.locator("dl.facts").bounding_box()
        levels = section.locator("fieldset").first.bounding_box()
        assert (levels["x"] > evidence["x"] + evidence["width"] - 1) == beside
        assert page.evaluate("document.documentElement.scrollWidth") <= width
