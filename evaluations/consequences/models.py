"""The consequences of published results, as they were carried out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from evaluations.assessments.models import Assessment
from foundation import moments
from foundation.append_only import append_only
from organizations.providers.models import Provider


class Effect(models.TextChoices):
    """The kinds of consequences (domain, section 6)."""

    BONUS = "bonus", _("匹配加分")
    PAYMENT_SHARE = "payment_share", _("支付比例")
    RENEWAL = "renewal", _("续签优先")
    ADVICE = "advice", _("书面建议")
    WARNING = "warning", _("警告")
    RECTIFICATION = "rectification", _("限期整改")
    SUSPENSION = "suspension", _("暂停承接")
    EXIT = "exit", _("提出退出")
    RESUMPTION = "resumption", _("恢复承接")


class Consequence(models.Model):
    """One consequence that was carried out, with the rule in words. Append-only."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="consequences")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="consequences")
    effect = models.CharField(_("后果"), max_length=14, choices=Effect.choices)
    rule = models.CharField(_("规则"), max_length=200)
    words = models.CharField(_("说明"), max_length=300)
    at = models.DateTimeField(_("时间"), default=moments.now)

    class Meta:
        ordering = ("id",)
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.provider} {self.effect}"
