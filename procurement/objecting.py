"""Objections to an award or to a single source, and complaints to finance after them."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from foundation import moments
from foundation.deadlines import calendar
from foundation.deadlines.models import Clock
from foundation.refusals import NotNow, NotYours
from foundation.roles import SYSTEM, Actor
from foundation.rules import reading
from organizations.models import Provider
from procurement import awarding, planning
from procurement.lifecycle import (
    OBJECTION,
    PROJECT,
    BidStatus,
    FailGround,
    ObjectionStatus,
    ProjectStatus,
)
from procurement.models import Objection, Project
from procurement.models.objection import Against


@OBJECTION.start("raise")
def raise_objection(*, by: Actor, project: Project, grounds: str) -> Objection:
    """A bidder doubts the award, or any provider a single source while it is public.

    Raises ``NotNow`` outside that time, ``NotYours`` for one who did not bid.
    """
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    provider = Provider.objects.get(organization_id=by.organization_id)
    published = project.status == ProjectStatus.OPEN and bool(project.justification)
    if not published:
        if project.status != ProjectStatus.AWARDED or _over(project):
            raise NotNow(_("现在不在质疑期内。"), rule="政府采购法第五十二条")
        if not _bid_by(project, provider):
            raise NotYours(_("只有参加这次投标的机构可以质疑。"), rule="政府采购法第五十二条")
    return Objection.objects.create(
        project=project,
        provider=provider,
        against=Against.METHOD if published else Against.AWARD,
        grounds=grounds,
    )


def _over(project: Project) -> bool:
    clock = Clock.objects.filter(
        lifecycle=PROJECT.label, object_id=project.pk, state=ProjectStatus.AWARDED, stopped_at=None
    ).last()
    return clock is not None and clock.due_at <= moments.now()


def _bid_by(project: Project, provider: Provider) -> bool:
    return project.bids.filter(provider=provider).exclude(status=BidStatus.WITHDRAWN).exists()


@OBJECTION.move("dismiss")
def dismiss(objection: Objection, *, by: Actor, reason: str) -> None:
    """The award stands."""
    objection.answer_text = reason


@OBJECTION.move("uphold")
def uphold(objection: Objection, *, by: Actor, reason: str) -> Callable[[], None]:
    """The objection is right: the award is withdrawn, or the single source has failed."""
    objection.answer_text = reason
    return lambda: _undo(objection, reason)


@OBJECTION.move("complain")
def complain(objection: Objection, *, by: Actor, reason: str) -> None:
    """Not content with the answer: to finance, within the days of the rule.

    Raises ``NotNow`` later, and once there is a contract.
    """
    days = int(reading.current("procurement.complaint_window").value["working_days"])
    answered = Clock.objects.filter(
        lifecycle=OBJECTION.label, object_id=objection.pk, state=ObjectionStatus.RAISED
    ).last()
    since = answered.stopped_at if answered and answered.stopped_at else objection.created_at
    if calendar.due(since, calendar.WorkingDays(days)).at <= moments.now():
        raise NotNow(
            _("投诉应在答复后 %(days)s 个工作日内提出。") % {"days": days},
            rule="政府采购法第五十五条",
        )
    objection.grounds = f"{objection.grounds}\n\n{reason}"[:2000]


@OBJECTION.move("reject")
def reject(objection: Objection, *, by: Actor, reason: str) -> None:
    """Finance sees no fault."""
    objection.answer_text = f"{objection.answer_text}\n\n{reason}"[:2000]


@OBJECTION.move("grant")
def grant(objection: Objection, *, by: Actor, reason: str) -> Callable[[], None]:
    """Finance sees a fault: the award is withdrawn."""
    objection.answer_text = f"{objection.answer_text}\n\n{reason}"[:2000]
    return lambda: _undo(objection, reason)


def _undo(objection: Objection, reason: str) -> None:
    """What was objected to does not stand: the award, or the way in which it is bought."""
    project = Project.objects.get(pk=objection.project_id)
    if project.status in (ProjectStatus.AWARDED, ProjectStatus.CONCLUDED):
        awarding.withdraw_award(project, by=SYSTEM, reason=reason)
    elif objection.against == Against.METHOD and PROJECT.row("fail") in PROJECT.leaving(
        project.status
    ):
        words = _("质疑成立:%(reason)s") % {"reason": reason}
        planning.fail(project, by=SYSTEM, reason=words, ground=FailGround.UNLAWFUL)
