"""Budget lines, and the append-only ledger of every yuan that moved (CNY)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import moments
from foundation.append_only import append_only
from foundation.roles import Actor, Role
from organizations.models import Organization


class Account(models.TextChoices):
    """Where money of a budget line stands."""

    AVAILABLE = "available", _("可用")
    RESERVED = "reserved", _("预留")
    COMMITTED = "committed", _("已签约")
    SPENT = "spent", _("已支付")


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    def visible_to(self, actor: Actor) -> BudgetLineQuerySet:
        """Money is for civil affairs, finance and the audit."""
        return (
            self if actor.role in (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR) else self.none()
        )


class BudgetLine(models.Model):
    """Money of one source for one body in one year.

    ``available`` is what is neither reserved, committed nor spent. The columns
    move only in ``budgets.transfer``.
    """

    year = models.PositiveSmallIntegerField(_("年度"))
    source = models.CharField(_("资金来源"), max_length=60)
    body = models.ForeignKey(Organization, models.PROTECT, verbose_name=_("责任部门"))
    amount = models.DecimalField(_("预算(元)"), max_digits=13, decimal_places=2)
    available = models.DecimalField(_("可用"), max_digits=13, decimal_places=2)
    reserved = models.DecimalField(_("预留"), max_digits=13, decimal_places=2, default=Decimal("0"))
    committed = models.DecimalField(
        _("已签约"), max_digits=13, decimal_places=2, default=Decimal("0")
    )
    spent = models.DecimalField(_("已支付"), max_digits=13, decimal_places=2, default=Decimal("0"))

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "id")
        constraints = [
            models.UniqueConstraint(fields=["year", "source", "body"], name="budget_line_once"),
            models.CheckConstraint(
                condition=models.Q(
                    available__gte=0, reserved__gte=0, committed__gte=0, spent__gte=0
                ),
                name="budget_never_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    amount=models.F("available")
                    + models.F("reserved")
                    + models.F("committed")
                    + models.F("spent")
                ),
                name="budget_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.source}"


class LedgerEntry(models.Model):
    """An amount that moved from one account of a line to another. Append-only."""

    at = models.DateTimeField(_("时间"), default=moments.now)
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="entries")
    credit = models.CharField(_("出"), max_length=10, choices=Account.choices)
    debit = models.CharField(_("入"), max_length=10, choices=Account.choices)
    amount = models.DecimalField(_("金额(元)"), max_digits=13, decimal_places=2)
    contract = models.ForeignKey(
        "contracts.Contract", models.PROTECT, null=True, related_name="ledger"
    )
    note = models.CharField(_("摘要"), max_length=120)

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="ledger_positive"),
            models.CheckConstraint(
                condition=~models.Q(credit=models.F("debit")), name="ledger_two_accounts"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_credit_display()} → {self.get_debit_display()} {self.amount}"
