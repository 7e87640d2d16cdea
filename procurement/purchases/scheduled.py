"""What the clock does with purchases.

Bids close at the deadline, awards are concluded after the objections.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.deadlines.models import Clock
from foundation.isolation import apart
from foundation.lifecycle.phases import ASKED
from foundation.roles import SYSTEM
from foundation.wording import filled, on_record
from procurement.awards import awarding
from procurement.objections.states import ObjectionStatus
from procurement.phases import OPEN_TO_OBJECTION
from procurement.purchases import method_requirements, planning
from procurement.purchases.models import Project
from procurement.purchases.states import PROJECT, ProjectStatus


def follow_the_clock() -> tuple[int, int]:
    """Close what is due (or let it fail), and conclude awards without objections.

    Returns how many of each.
    """
    return _close(), _conclude()


def _close() -> int:
    """Close the purchases whose deadline has passed; returns how many."""
    closed = 0
    due = Project.objects.out_for_bids().filter(bids_until__lte=moments.now())
    for project in due:
        with apart("project.close", project=project.pk):
            _close_one(planning.close(project, by=SYSTEM))
            closed += 1
    return closed


def _close_one(project: Project) -> None:
    """Let a purchase with too few bids fail, in the transaction that closes it."""
    least = method_requirements.rule_of(project).value["bidders"]
    there = project.bids.unopened().count()
    if there < least:
        words = gettext_lazy("截止时只有 %(there)s 家投标，不足 %(least)s 家。")
        planning.fail(project, by=SYSTEM, reason=on_record(filled(words, there=there, least=least)))


def _conclude() -> int:
    """Conclude awards whose time for objections is over; returns how many."""
    over = Clock.objects.filter(
        lifecycle=PROJECT.label,
        state__in=ProjectStatus.in_phase(OPEN_TO_OBJECTION),
        stopped_at=None,
        due_at__lte=moments.now(),
    )
    awarded = Project.objects.open_to_objection().filter(pk__in=over.values("object_id"))
    quiet = awarded.exclude(objections__status__in=ObjectionStatus.in_phase(ASKED))
    concluded = 0
    for project in quiet:
        with apart("project.conclude", project=project.pk):
            awarding.conclude(project, by=SYSTEM)
            concluded += 1
    return concluded
