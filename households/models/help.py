"""All help that a household received, from government and from charities (S22)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from households.models.household import Household
from organizations.models import Organization


class Source(models.TextChoices):
    GOVERNMENT = "government", _("政府救助")
    PURCHASED = "purchased", _("政府购买服务")
    CHARITY = "charity", _("慈善帮扶")


class HelpReceived(models.Model):
    """One line of the household's ledger of help; amounts in CNY."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="help_received")
    source = models.CharField(_("来源"), max_length=12, choices=Source.choices)
    giver = models.ForeignKey(Organization, models.PROTECT, verbose_name=_("提供方"))
    what = models.CharField(_("内容"), max_length=120)
    item_code = models.CharField(_("目录代码"), max_length=12, blank=True)
    units = models.DecimalField(_("数量"), max_digits=9, decimal_places=2, null=True)
    amount = models.DecimalField(
        _("折合金额(元)"), max_digits=11, decimal_places=2, default=Decimal("0")
    )
    given_on = models.DateField(_("日期"))

    class Meta:
        ordering = ("-given_on", "-id")
        verbose_name_plural = "help received"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="help_not_negative")
        ]

    def __str__(self) -> str:
        return self.what
