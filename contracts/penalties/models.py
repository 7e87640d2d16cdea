"""Penalties for breaches of a contract."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.contracts.models import Contract
from contracts.invoices.models import Invoice
from contracts.penalties.states import PENALTY, PenaltyStatus
from contracts.permissions import SEES_CONTRACTS
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ANSWERING
from foundation.parties import SeenQuerySet, along


class PenaltyQuerySet(SeenQuerySet["Penalty"]):
    def confirmed(self) -> PenaltyQuerySet:
        """Those to be deducted, or to be written off where no invoice is left."""
        return self.filter(status__in=PenaltyStatus.in_phase(ANSWERING))


class Penalty(LifecycleModel):
    """``cases`` breaches of one rule of the contract, and what they cost together (CNY)."""

    lifecycle = PENALTY
    seen_by = along("contract", SEES_CONTRACTS)
    at_a_glance = ("contract", "title", "cases", "amount", "why", "answer")
    worklist_joins = ("contract__provider__organization",)

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="penalty_set", verbose_name=_("合同"))
    title = models.CharField(_("约定"), max_length=60)
    cases = models.PositiveSmallIntegerField(_("次数"))
    amount = models.DecimalField(_("扣款（元）"), max_digits=13, decimal_places=2)
    why = models.CharField(_("事实"), max_length=300)
    answer = models.CharField(_("机构的意见"), max_length=300, blank=True)
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, blank=True, related_name="penalties")
    status = models.CharField(
        _("状态"), max_length=20, choices=PenaltyStatus.choices, default=PenaltyStatus.IMPOSED
    )

    objects = PenaltyQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "penalties"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cases__gt=0, amount__gt=Decimal("0")), name="penalty_positive"
            )
        ]
        triggers = [PENALTY.trigger()]

    def __str__(self) -> str:
        return f"{self.contract} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("penalty", args=[self.pk])

    def case_key(self) -> str:
        return self.contract.case_key()

    def beside(self) -> list[LifecycleModel]:
        """Its contract if that waits to be settled, which an open penalty keeps it from."""
        return [self.contract] if self.contract.waits_to_be_settled else []

    @property
    def may_be_written_off(self) -> bool:
        """Whether its contract has ended, so that no invoice may be left that it could be deducted from."""
        return self.contract.waits_to_be_settled

    def row_title(self) -> str:
        return f"{self.title} · {self.contract.provider.organization.name}"
