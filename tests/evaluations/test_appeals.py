"""A provider reads its provisional result and contests it; others than the scorers look again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evaluations.appeals import appealing
from evaluations.appeals.models import Appeal
from evaluations.appeals.states import APPEAL
from evaluations.assessments.models import Assessment, Ruling
from evaluations.rounds import running
from foundation.inbox.models import Notice
from foundation.refusals import Invalid, NotNow, NotYours, Refused
from foundation.roles import Actor
from foundation.work_items.models import WorkItem
from organizations.people.models import User
from tests import factories
from tests.evaluations import judging
from tests.evaluations.judging import a_file, chair, evaluator, in_days, only

# --- told, contested ----------------------------------------------------------------------


def test_a_provider_reads_its_own_result_once_it_is_told_and_nobody_elses(client_of):
    one, other = factories.AccreditedProvider(), factories.AccreditedProvider()
    round_ = judging.moderating([one, other])
    mine = round_.assessments.get(provider=one)
    client = client_of(factories.user_of(one).username)
    assert "得分构成" not in client.get(mine.get_absolute_url()).content.decode()
    round_ = running.tally(round_, by=chair())
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
        by=factories.member_of(provider),
        assessment=assessment,
        indicator="staff",
        text="九月起全部持证，证书见附件",
        files=[a_file()],
    )
    scored = set(assessment.sheets.values_list("evaluator_id", flat=True))
    assert len(set(appeal.reviewers) - scored - {round_.chair_id}) == 2
    told = Notice.objects.filter(lifecycle=Appeal._meta.label, object_id=appeal.pk)
    assert sorted(told.values_list("user_id", flat=True)) == sorted(appeal.reviewers)
    one, two = (evaluator(pk) for pk in appeal.reviewers)
    with pytest.raises(NotNow, match="1 件申诉"):
        with in_days(20):
            judging.announced(round_)
    appeal = appealing.propose(appeal, by=one, reason="证书属实", percent=Decimal("75"))
    with pytest.raises(NotYours, match="前一步由您本人办理"):
        appealing.grant(appeal, by=one)
    with pytest.raises(Refused):
        appealing.confirm(appeal, by=two)
    appealing.grant(appeal, by=two)
    assessment.refresh_from_db()
    part = next(p for p in assessment.parts if p["key"] == "staff")
    assert (part["share"], part["appealed"]) == ("0.7500", True)
    assert assessment.total > before
    assert Ruling.objects.get(assessment=assessment, kind="appeal").why == "证书属实"


def found_unfounded() -> tuple[Appeal, Actor, Actor]:
    """An appeal that its first reviewer finds unfounded, and both reviewers."""
    provider = factories.AccreditedProvider()
    appeal = appealing.file(
        by=factories.member_of(provider),
        assessment=only(judging.told([provider])),
        indicator="books",
        text="账目清楚",
    )
    one, two = (evaluator(pk) for pk in appeal.reviewers)
    return appealing.propose(appeal, by=one, reason="凭证缺三份"), one, two


def test_an_unfounded_appeal_changes_nothing_and_the_second_may_see_it_otherwise():
    appeal, one, two = found_unfounded()
    appeal = appealing.differ(appeal, by=two, reason="三份已补")
    assert (appeal.status, appeal.answer) == ("filed", "")
    # Who made an opinion that was dropped may agree with the next one.
    appeal = appealing.propose(appeal, by=two, reason="补的凭证日期不符")
    assert appealing.confirm(appeal, by=one).status == "dismissed"
    total = appeal.assessment.total
    assert Assessment.objects.get(pk=appeal.assessment_id).total == total


def test_an_upheld_veto_can_be_contested_and_lifted():
    provider = factories.AccreditedProvider()
    round_ = judging.moderating([provider], 5)
    running.rule_veto(round_, by=chair(), assessment=only(round_), veto="leak", upheld=True, why="名单外泄")
    assessment = only(running.tally(round_, by=chair()))
    assert assessment.grade == "fail"
    appeal = appealing.file(
        by=factories.member_of(provider), assessment=assessment, indicator="leak", text="不是我们的名单"
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
            by=factories.member_of(factories.AccreditedProvider()),
            assessment=assessment,
            indicator="books",
            text="别家的",
        )
    assert Appeal.objects.filter(assessment=assessment).count() == 1


def test_who_wrote_the_opinion_reads_why_another_decides_and_it_waits_for_the_other_alone(client_of):
    appeal, one, two = found_unfounded()
    assert [list(WorkItem.objects.to_do(actor)) for actor in (one, two)] == [
        [],
        [WorkItem.objects.get(lifecycle=APPEAL.label, user_id=two.user_id)],
    ]
    page = client_of(User.objects.get(pk=one.user_id).username).get(
        appeal.transition_address(APPEAL.get_transition("confirm"))
    )
    assert "前一步由您本人办理" in page.content.decode()
