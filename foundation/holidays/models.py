"""Notices of holidays, and the deadlines that moved with them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.deadlines.calendar import end_of
from foundation.deadlines.models import Clock
from foundation.holidays.days import NEW_YEAR, Day
from foundation.holidays.showing import in_words
from foundation.holidays.states import HOLIDAYS, SEES_HOLIDAYS, HolidayStatus
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import SERVING
from foundation.parties import SeenQuerySet, everybody_in
from foundation.roles import OVERSEERS


class HolidayNoticeQuerySet(SeenQuerySet["HolidayNotice"]):
    def in_force(self) -> Self:
        """Those that count for at least one day."""
        return self.filter(status__in=HolidayStatus.in_phase(SERVING))

    def unfollowed(self) -> Self:
        """Those whose deadlines have not all moved yet, in the order in which they were confirmed."""
        return self.filter(confirmed_at__isnull=False, followed_at=None).order_by("confirmed_at", "pk")


class HolidayNotice(LifecycleModel):
    """The State Council's notice of the holidays of a year (``whole_year``), or one that changes single days of it.

    ``days`` are the days that it names: ``day``, ``working`` (a weekend made a working day) and ``words``. While
    deadlines follow it, ``passed`` is the last clock that was looked at, ``looked_at`` and ``moved`` count.
    """

    lifecycle = HOLIDAYS
    seen_by = SEES_HOLIDAYS
    at_a_glance = ("title", "number", "issued_on", "link", ("days_in_words", _("日子")))
    unjournaled = ("passed", "looked_at", "moved")

    year = models.PositiveSmallIntegerField(_("年份"))
    whole_year = models.BooleanField(_("全年的安排"), default=True)
    number = models.CharField(_("文号"), max_length=60)
    title = models.CharField(_("文件标题"), max_length=120)
    issued_on = models.DateField(_("发文日期"))
    link = models.URLField(_("原文网址"), max_length=300, blank=True)
    days = models.JSONField(_("日子"))
    confirmed_at = models.DateTimeField(_("开始执行"), null=True)
    passed = models.BigIntegerField(default=0)
    looked_at = models.PositiveIntegerField(_("已核对的时限"), default=0)
    moved = models.PositiveIntegerField(_("变动的时限"), default=0)
    followed_at = models.DateTimeField(_("时限重算完成"), null=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=HolidayStatus.choices, default=HolidayStatus.PROPOSED
    )

    objects = HolidayNoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        triggers = [HOLIDAYS.trigger()]
        indexes = [
            models.Index(
                fields=["confirmed_at"],
                condition=models.Q(confirmed_at__isnull=False, followed_at=None),
                name="holidays_unfollowed",
            )
        ]

    def __str__(self) -> str:
        words = gettext("%(year)s年放假安排") if self.whole_year else gettext("%(year)s年放假安排的调整")
        return words % {"year": self.year}

    def get_absolute_url(self) -> str:
        return reverse("holiday-notice", args=[self.pk])

    @property
    def listed(self) -> list[Day]:
        """The days that it names, in their order."""
        return [Day(date.fromisoformat(day["day"]), day["working"], day["words"]) for day in self.days]

    @property
    def days_in_words(self) -> list[str]:
        """The days that it names, those together that follow one another."""
        return in_words(self.listed)

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day for which it may change anything: that of a whole year also the days around the
        new year that an earlier one named.
        """
        days = [day.day for day in self.listed]
        if self.whole_year:
            days += [date(self.year - 1, *NEW_YEAR), date(self.year, 12, 31)]
        return min(days), max(days)

    @property
    def meets(self) -> models.Q:
        """The condition of clocks whose time reaches into its days."""
        first, last = self.span
        return models.Q(started_at__lt=end_of(last), due_at__gt=end_of(first - timedelta(days=1)))

    @property
    def following(self) -> bool:
        """Whether deadlines are still moving."""
        return self.confirmed_at is not None and self.followed_at is None


class MovedDeadline(models.Model):
    """A deadline that moved because days were announced: of which clock, from when to when, by which notice (none
    where the notice came with the product).

    ``told`` says whether those who wait on the object have been told; ``case`` is what they are told once for.
    """

    seen_by = everybody_in(OVERSEERS)

    notice = models.ForeignKey(
        HolidayNotice, models.PROTECT, null=True, related_name="deadlines", verbose_name=_("依据")
    )
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+")
    lifecycle = models.CharField(_("对象类别"), max_length=60)
    object_id = models.BigIntegerField(_("对象"))
    object_name = models.CharField(_("对象名称"), max_length=120)
    link = models.CharField(max_length=200, blank=True)
    case = models.CharField(max_length=80)
    before = models.DateTimeField(_("原到期"))
    after = models.DateTimeField(_("现到期"))
    at = models.DateTimeField(_("时间"), default=moments.now)
    told = models.BooleanField(_("已通知"), default=False)

    objects = SeenQuerySet["MovedDeadline"].as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["case"], condition=models.Q(told=False), name="moved_untold"),
            models.Index(fields=["notice", "-id"], name="moved_by_notice"),
        ]

    def __str__(self) -> str:
        return self.object_name
