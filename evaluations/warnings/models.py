"""Early-warning signals: measures that left their control limits."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.indicators.measures import MEASURES
from evaluations.permissions import SEES_SIGNALS
from evaluations.warnings.states import SIGNAL, SignalStatus
from foundation.lifecycle.models import LifecycleModel
from foundation.parties import SeenQuerySet
from organizations.providers.models import Provider


class SignalQuerySet(SeenQuerySet["Signal"]):
    def open(self) -> SignalQuerySet:
        """Those that have not been looked into."""
        return self.filter(status__in=SignalStatus.unfinished())


class Signal(LifecycleModel):
    """One measure of one provider left its control limits in a week.

    ``week`` is its Monday. ``value``, ``centre``, ``low`` and ``high`` are the point and limits of the chart;
    ``chart`` names the kind of chart, ``test`` the rule that was broken.
    """

    lifecycle = SIGNAL
    seen_by = SEES_SIGNALS
    worklist_joins = ("provider__organization",)

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="signals")
    week = models.DateField(_("周"))
    measure = models.CharField(_("指标"), max_length=20)
    chart = models.CharField(_("控制图"), max_length=4)
    test = models.CharField(_("判据"), max_length=10)
    value = models.DecimalField(_("本周"), max_digits=9, decimal_places=4)
    centre = models.DecimalField(_("中心线"), max_digits=9, decimal_places=4)
    low = models.DecimalField(_("下限"), max_digits=9, decimal_places=4)
    high = models.DecimalField(_("上限"), max_digits=9, decimal_places=4)
    cases = models.PositiveIntegerField(_("样本量"))
    visit_on = models.DateField(_("走访日期"), null=True, blank=True)
    found = models.CharField(_("走访发现"), max_length=1000, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=SignalStatus.choices, default=SignalStatus.RAISED
    )

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ("-week", "-id")
        constraints = [
            models.UniqueConstraint(fields=["provider", "week", "measure"], name="signal_once_a_week")
        ]
        triggers = [SIGNAL.trigger()]

    def __str__(self) -> str:
        return f"{self.provider} · {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("signal", args=[self.pk])

    @property
    def title(self) -> str:
        """The measure in the reader's language."""
        return str(MEASURES[self.measure].title)

    def row_title(self) -> str:
        return str(self)
