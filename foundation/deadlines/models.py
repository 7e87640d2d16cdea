"""Clocks of deadlines, the overdue register, and the city's own calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.append_only import append_only
from foundation.lifecycle.models import about
from foundation.lifecycle.table import LIFECYCLES, Lifecycle
from foundation.parties import SeenQuerySet, everybody_in
from foundation.remembering import Remembered
from foundation.roles import OVERSEERS


class CalendarDay(models.Model):
    """A day as a confirmed notice has it: free, or made a working day; of several notices the last one counts.

    ``announces`` stands at the first of January of a year of which the whole notice is entered.
    """

    day = models.DateField(_("日期"), unique=True)
    working = models.BooleanField(_("工作日"))
    words = models.CharField(_("名称"), max_length=20, blank=True)
    announces = models.BooleanField(_("全年的安排"), default=False)
    notice = models.ForeignKey(
        "foundation.HolidayNotice", models.PROTECT, related_name="standing", verbose_name=_("依据")
    )

    class Meta:
        ordering = ("day",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(announces=False) | models.Q(day__month=1, day__day=1),
                name="first_day_announces_its_year",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class PauseCause(models.TextChoices):
    """The causes for which a clock may be paused."""

    HOUSEHOLD_AWAY = "household_away", _("家庭暂时无法联系或不在本地")
    PAPERS_AWAITED = "papers_awaited", _("等待申请人补齐材料")
    OUTSIDE_CHECK = "outside_check", _("等待外部核对结果")
    OBJECTION = "objection", _("质疑、投诉或申诉处理中")
    OUTSIDE_ANSWER = "outside_answer", _("等待上级或外部单位答复")
    FORCE_MAJEURE = "force_majeure", _("不可抗力")


_C = PauseCause
#: Causes for objects about a household: applications and services.
HOUSEHOLD_CAUSES = (_C.HOUSEHOLD_AWAY, _C.PAPERS_AWAITED, _C.OUTSIDE_CHECK, _C.FORCE_MAJEURE)
#: Causes for objects among offices and providers: purchases, contracts, rounds, the catalog.
OFFICE_CAUSES = (_C.OBJECTION, _C.OUTSIDE_ANSWER, _C.FORCE_MAJEURE)


def causes_for(lifecycle: Lifecycle) -> tuple[PauseCause, ...]:
    """The causes that fit objects of this lifecycle."""
    return HOUSEHOLD_CAUSES if lifecycle.about_a_household else OFFICE_CAUSES


#: The running clocks of objects, by the label of the model and the primary key.
Running = dict[tuple[str, int], list["Clock"]]

#: Those that were read while a page is made that only reads.
_running: Remembered[Running] = Remembered("running clocks", dict)


class ClockQuerySet(models.QuerySet["Clock"]):
    def running_on(self, objects: Sequence[models.Model]) -> dict[int, list[Clock]]:
        """The running clocks of objects of one model, nearest deadline first, by primary key."""
        return {pk: clocks for (_label, pk), clocks in self.running_by_object(objects).items()}

    def running_by_object(self, objects: Sequence[models.Model]) -> Running:
        """The same for objects of several models, by label and primary key, in one statement."""

        def read(keys: list[tuple[str, int]]) -> Running:
            found: Running = {key: [] for key in keys}
            for clock in Clock.objects.filter(about(keys), stopped_at=None).order_by("due_at"):
                found[clock.lifecycle, clock.object_id].append(clock)
            return found

        return _running.of_each([(obj._meta.label, obj.pk) for obj in objects], read)


class Clock(models.Model):
    """One deadline running on one object, in one state or (``state`` empty) across states.

    ``lost`` counts the working days of its pauses that are over, and ``pauses`` has the first and the last day of
    each; ``rule_version`` is the version of the rule ``deadline.<rule_key>`` under which it started; ``corrected``
    counts how often a line of the overdue register about it was corrected.
    """

    lifecycle = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    state = models.CharField(max_length=20, blank=True)
    rule_key = models.CharField(_("时限规则"), max_length=60)
    rule_version = models.PositiveIntegerField(_("规则版本"))
    basis = models.CharField(_("依据"), max_length=60)
    started_at = models.DateTimeField(_("开始"), default=moments.now)
    due_at = models.DateTimeField(_("到期"))
    remind_at = models.DateTimeField(_("提醒"), null=True)
    provisional = models.BooleanField(_("暂定"), default=False)
    reminded_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(_("登记逾期"), null=True)
    stopped_at = models.DateTimeField(_("停止"), null=True)
    paused_at = models.DateTimeField(_("暂停"), null=True)
    pause_cause = models.CharField(max_length=20, choices=PauseCause.choices, blank=True)
    pause_reason = models.CharField(_("暂停的理由"), max_length=200, blank=True, default="", db_default="")
    paused_by = models.CharField(_("谁暂停的"), max_length=120, blank=True, default="", db_default="")
    lost = models.PositiveIntegerField(_("暂停顺延的工作日"), default=0)
    pauses = models.JSONField(_("暂停的起止日"), default=list, db_default=[])
    corrected = models.PositiveSmallIntegerField(_("逾期登记更正次数"), default=0, db_default=0)
    escalated = models.PositiveSmallIntegerField(_("督办次数"), default=0)

    objects = ClockQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["lifecycle", "object_id"],
                condition=models.Q(stopped_at=None),
                name="clock_running_on",
            ),
            models.Index(
                fields=["lifecycle", "due_at", "object_id"],
                condition=models.Q(stopped_at=None),
                name="clock_running_in_order",
            ),
            models.Index(
                fields=["due_at"],
                condition=models.Q(stopped_at=None, paused_at=None),
                name="clock_running_due",
            ),
            models.Index(
                fields=["rule_key", "stopped_at"],
                condition=models.Q(stopped_at__isnull=False),
                name="clock_stopped",
            ),
            models.Index(
                fields=["object_id", "lifecycle"],
                condition=models.Q(stopped_at__isnull=False),
                name="clock_stopped_on",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lifecycle", "object_id", "rule_key"],
                condition=models.Q(stopped_at=None),
                name="clock_once_while_running",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_key} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def paused(self) -> bool:
        """Whether it is paused now."""
        return self.paused_at is not None

    @property
    def period(self) -> bool:
        """Whether it is a period (a right, or a time to wait), whose end makes nobody late."""
        lifecycle = LIFECYCLES.get(self.lifecycle)
        return lifecycle is not None and self.rule_key in lifecycle.periods

    def is_overdue(self, now: datetime | None = None) -> bool:
        """Whether it runs, or ran until it was stopped, past its deadline."""
        return (self.stopped_at or now or moments.now()) > self.due_at


class OverdueQuerySet(SeenQuerySet["Overdue"]):
    def with_what_followed(self) -> Self:
        """The lines, each with ``entered_again_by``: the line by which a deadline was entered again after its correction
        was itself put right; None where none was.

        One that comes after the corrected deadline leaves the correction as true as it was.
        """
        again = Overdue.objects.filter(
            clock=models.OuterRef("clock"),
            corrects=None,
            round=models.OuterRef("round") + 1,
            due_at__lt=Coalesce(models.OuterRef("correction__due_at"), models.OuterRef("due_at")),
        )
        return self.annotate(entered_again_by=models.Subquery(again.order_by().values("pk")[:1]))


class Overdue(models.Model):
    """The overdue register: one line for each missed deadline, as it was that day. Append-only.

    A line that ``corrects`` another says that by the calendar announced later the deadline (``due_at``) was not
    missed, and ``reason`` why; ``round`` counts the corrections about the clock before it.
    """

    seen_by = everybody_in(OVERSEERS)

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+")
    lifecycle = models.CharField(_("对象类别"), max_length=60)
    object_id = models.BigIntegerField(_("对象"))
    object_name = models.CharField(_("对象名称"), max_length=120)
    link = models.CharField(max_length=200, blank=True)
    awaited = models.CharField(_("等谁办理"), max_length=120)
    rule_key = models.CharField(_("时限规则"), max_length=60)
    rule_version = models.PositiveIntegerField(_("规则版本"))
    basis = models.CharField(_("依据"), max_length=60)
    due_at = models.DateTimeField(_("到期"))
    at = models.DateTimeField(_("登记时间"), default=moments.now)
    round = models.PositiveSmallIntegerField(_("第几次"), default=0)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="correction", verbose_name=_("更正哪一条")
    )
    reason = models.CharField(_("更正的理由"), max_length=300, blank=True)

    objects = OverdueQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "overdue"
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "round"], condition=models.Q(corrects=None), name="overdue_once"
            ),
            models.CheckConstraint(
                condition=models.Q(corrects=None) ^ ~models.Q(reason=""), name="overdue_correction_says_why"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.object_name} {self.rule_key}"
