"""Separate consent to give data to a provider (PIPL articles 23 and 29)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from households.models.household import Household


class ConsentForm(models.TextChoices):
    WRITTEN = "written", _("书面签字")
    SPOKEN = "spoken", _("口头,两人见证")
    ONLINE = "online", _("本人网上确认")


class Consent(models.Model):
    """Who may receive which data, for what, and until when."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("目的"), max_length=120)
    receiver = models.CharField(_("接收方"), max_length=120)
    scope = models.JSONField(_("数据种类"), default=list)
    form = models.CharField(_("形式"), max_length=10, choices=ConsentForm.choices)
    given_at = models.DateTimeField(_("时间"), default=moments.now)
    valid_to = models.DateField(_("有效期至"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        ordering = ("-given_at",)

    def __str__(self) -> str:
        return self.purpose

    @property
    def holds(self) -> bool:
        """Whether it holds now."""
        return self.withdrawn_at is None and (
            self.valid_to is None or self.valid_to >= moments.today()
        )
