"""Call-offs: the contracts that bids have led to, also the second stage of framework agreements."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.contracts.models import Contract
from foundation import moments
from foundation.append_only import append_only
from procurement.bids.models import Bid
from procurement.purchases.models import Project


class Way(models.TextChoices):
    """How the provider of a contract was chosen (财政部令110号 article 16)."""

    AWARD = "award", _("按成交结果")
    CHOICE = "choice", _("服务对象或采购人直接选定")
    ROTATION = "rotation", _("顺序轮候")
    COMPETITION = "competition", _("二次竞价")


class CallOff(models.Model):
    """The contract that a bid has led to, and how its provider was chosen. Append-only."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="call_offs")
    bid = models.ForeignKey(Bid, models.PROTECT, related_name="call_offs")
    contract = models.OneToOneField(Contract, models.PROTECT, related_name="call_off")
    way = models.CharField(_("方式"), max_length=12, choices=Way.choices)
    why = models.CharField(_("理由"), max_length=300, blank=True)
    at = models.DateTimeField(_("时间"), default=moments.now)

    class Meta:
        ordering = ("id",)
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.project} → {self.contract}"
