"""A finding of duplicate, excess or missing help that somebody has set aside, with reason."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.append_only import append_only
from households.models import Household
from referrals.models.need import Need


class Override(models.Model):
    """Append-only: which finding, as it was said that day, and why it does not stand."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="overrides")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="overrides")
    key = models.CharField(_("发现"), max_length=80)
    words = models.CharField(_("当时的说明"), max_length=400)
    reason = models.CharField(_("理由"), max_length=300)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("办理人"), max_length=60)
    at = models.DateTimeField(_("时间"), default=moments.now)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["household", "key"])]
        triggers = append_only()

    def __str__(self) -> str:
        return self.key
