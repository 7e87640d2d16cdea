"""A document that changes what a body may spend: granted, more, less, elsewhere, year end."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.lifecycle import BUDGET_CHANGE, BudgetChangeStatus
from contracts.models.budget import BudgetLine
from foundation.lifecycle.model import LivedModel
from foundation.roles import Actor, Role


class ChangeKind(models.TextChoices):
    GRANT = "grant", _("下达")
    ADD = "add", _("追加")
    CUT = "cut", _("调减")
    SHIFT = "shift", _("调剂")
    CLOSE = "close", _("年终结转")


class BudgetChangeQuerySet(models.QuerySet["BudgetChange"]):
    def visible_to(self, actor: Actor) -> BudgetChangeQuerySet:
        """Money is for civil affairs, finance and the audit."""
        return self if actor.role in (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR) else self.none()


class BudgetChange(LivedModel):
    """Nothing moves until a second person of finance has approved it.

    ``plan`` is the year end as it was proposed: ``{"contract", "keeps", "goes",
    "carried"}`` in CNY as text a contract, and under ``"free"`` what becomes of the rest.
    """

    lifecycle = BUDGET_CHANGE
    worklist_joins = ("line", "to_line")

    kind = models.CharField(_("类别"), max_length=8, choices=ChangeKind.choices)
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="changes", verbose_name=_("预算"))
    to_line = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="received", verbose_name=_("调入预算")
    )
    amount = models.DecimalField(_("金额（元）"), max_digits=13, decimal_places=2, default=Decimal("0"))
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    why = models.CharField(_("说明"), max_length=300, blank=True)
    plan = models.JSONField(default=dict)
    status = models.CharField(
        _("状态"), max_length=20, choices=BudgetChangeStatus.choices, default=BudgetChangeStatus.PROPOSED
    )

    objects = BudgetChangeQuerySet.as_manager()
    unjournaled = ("plan",)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=ChangeKind.CLOSE) | models.Q(amount__gt=0),
                name="budget_change_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=ChangeKind.SHIFT, to_line__isnull=False)
                | (~models.Q(kind=ChangeKind.SHIFT) & models.Q(to_line=None)),
                name="budget_shift_has_two_lines",
            ),
        ]
        triggers = [BUDGET_CHANGE.trigger()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.line}"

    def get_absolute_url(self) -> str:
        return reverse("budget-change", args=[self.pk])

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """All of finance."""
        return None, None, None

    def row_title(self) -> str:
        return f"{self} {self.amount:,.2f}" if self.amount else str(self)
