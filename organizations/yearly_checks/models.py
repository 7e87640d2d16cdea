"""Yearly checks, one of a year."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import SERVING
from foundation.parties import SeenQuerySet
from organizations.permissions import SEES_CREDENTIALS
from organizations.providers.models import Provider
from organizations.yearly_checks.states import YEARLY_CHECK, YearlyCheckStatus


class YearlyResult(models.TextChoices):
    """How the check of a year ended."""

    PASSED = "passed", _("合格")
    BARELY = "barely", _("基本合格")
    FAILED = "failed", _("不合格")
    MISSED = "missed", _("未参加")
    REPORTED = "reported", _("已报送年度报告")


#: The results with which a provider is not right as it stands.
NOT_PASSED = (YearlyResult.FAILED, YearlyResult.MISSED)


class YearlyCheckQuerySet(SeenQuerySet["YearlyCheck"]):
    def in_use(self) -> YearlyCheckQuerySet:
        """Those that were not put away, the last year first."""
        return self.filter(status__in=YearlyCheckStatus.in_phase(SERVING)).order_by("-year")


class YearlyCheck(LifecycleModel):
    """The result of one year, as the provider states it."""

    lifecycle = YEARLY_CHECK
    seen_by = SEES_CREDENTIALS
    at_a_glance = ("year", "result")
    worklist_joins = ("provider__organization",)

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="yearly_checks")
    year = models.PositiveSmallIntegerField(_("年度"))
    result = models.CharField(_("结果"), max_length=10, choices=YearlyResult.choices)
    status = models.CharField(
        _("状态"), max_length=20, choices=YearlyCheckStatus.choices, default=YearlyCheckStatus.STATED
    )

    objects = YearlyCheckQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-id")
        triggers = [YEARLY_CHECK.trigger()]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "year"],
                condition=models.Q(status__in=YearlyCheckStatus.in_phase(SERVING)),
                name="yearly_check_once_a_year",
            )
        ]

    def __str__(self) -> str:
        return gettext("%(year)s 年度检查") % {"year": self.year}

    def get_absolute_url(self) -> str:
        return reverse("yearly-check", args=[self.pk])

    def case_key(self) -> str:
        return f"organizations.Provider:{self.provider_id}"
