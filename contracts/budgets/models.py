"""Budget lines, the shares of contracts and purchases, budget documents, and the ledger.

All amounts are Decimal CNY; the ledger is append-only.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contracts.budgets.states import BUDGET_CHANGE, BudgetChangeStatus
from contracts.permissions import SEES_BUDGETS
from foundation import moments
from foundation.append_only import append_only
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ENDED
from foundation.parties import SeenQuerySet, along
from foundation.wording import money
from organizations.bodies.models import Organization


class Account(models.TextChoices):
    """Where money of a budget line stands.

    ``GRANTED`` and ``BROUGHT`` are the sources outside the line: their sum is its ``amount``. ``RETURNED``
    (to the treasury) and ``CARRIED`` (into the next year) have left it at the end of its year.
    """

    GRANTED = "granted", _("财政下达")
    BROUGHT = "brought", _("上年结转")
    AVAILABLE = "available", _("可用")
    PLANNED = "planned", _("立项")
    RESERVED = "reserved", _("预留")
    COMMITTED = "committed", _("已签约")
    SPENT = "spent", _("已支付")
    RETURNED = "returned", _("年终收回")
    CARRIED = "carried", _("结转下年")


#: The sources outside a line; what came from them is the line's ``amount``.
OUTSIDE = (Account.GRANTED, Account.BROUGHT)


#: The accounts of a line; each is a column.
INSIDE = tuple(account for account in Account if account not in OUTSIDE)


#: Money tied to one contract, recorded in its ``Earmark`` too. Money of ``PLANNED`` is
#: tied to one purchase, and recorded in its ``SetAside``.
TIED = (Account.RESERVED, Account.COMMITTED, Account.SPENT)


class BudgetLine(models.Model):
    """Money of one source for one body in one year (CNY).

    ``available`` is what is neither planned, reserved, committed nor spent. The columns of ``INSIDE``
    change only in ``ledger.transfer``. After ``closed_on`` nothing new is tied to the line; what was
    delivered in its year is still paid from it.
    """

    seen_by = SEES_BUDGETS

    year = models.PositiveSmallIntegerField(_("年度"))
    source = models.CharField(_("资金来源"), max_length=60)
    body = models.ForeignKey(Organization, models.PROTECT, verbose_name=_("责任部门"))
    amount = models.DecimalField(_("预算（元）"), max_digits=13, decimal_places=2, default=Decimal("0"))
    available = models.DecimalField(_("可用"), max_digits=13, decimal_places=2, default=Decimal("0"))
    planned = models.DecimalField(_("立项"), max_digits=13, decimal_places=2, default=Decimal("0"))
    reserved = models.DecimalField(_("预留"), max_digits=13, decimal_places=2, default=Decimal("0"))
    committed = models.DecimalField(_("已签约"), max_digits=13, decimal_places=2, default=Decimal("0"))
    spent = models.DecimalField(_("已支付"), max_digits=13, decimal_places=2, default=Decimal("0"))
    returned = models.DecimalField(_("年终收回"), max_digits=13, decimal_places=2, default=Decimal("0"))
    carried = models.DecimalField(_("结转下年"), max_digits=13, decimal_places=2, default=Decimal("0"))
    closed_on = models.DateField(_("结转日期"), null=True, blank=True)

    objects = SeenQuerySet["BudgetLine"].as_manager()

    class Meta:
        ordering = ("-year", "id")
        constraints = [
            models.UniqueConstraint(fields=["year", "source", "body"], name="budget_line_once"),
            models.CheckConstraint(
                condition=models.Q(**{f"{account}__gte": 0 for account in INSIDE}),
                name="budget_never_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    amount=models.F("available")
                    + models.F("planned")
                    + models.F("reserved")
                    + models.F("committed")
                    + models.F("spent")
                    + models.F("returned")
                    + models.F("carried")
                ),
                name="budget_adds_up",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on=None) | models.Q(available=0, planned=0, reserved=0),
                name="closed_budget_has_nothing_free",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.source}"

    def get_absolute_url(self) -> str:
        return reverse("budget", args=[self.pk])


class Earmark(models.Model):
    """The part of a budget line that is tied to one contract (CNY).

    A contract that runs beyond the end of a year is funded by two lines. Changes only in
    ``ledger.transfer``, in the same statement as the line.
    """

    contract = models.ForeignKey(
        "contracts.Contract", models.PROTECT, related_name="earmarks", verbose_name=_("合同")
    )
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="earmarks", verbose_name=_("预算"))
    reserved = models.DecimalField(_("预留"), max_digits=13, decimal_places=2, default=Decimal("0"))
    committed = models.DecimalField(_("已签约"), max_digits=13, decimal_places=2, default=Decimal("0"))
    spent = models.DecimalField(_("已支付"), max_digits=13, decimal_places=2, default=Decimal("0"))

    class Meta:
        ordering = ("line__year", "id")
        constraints = [
            models.UniqueConstraint(fields=["contract", "line"], name="earmark_once"),
            models.CheckConstraint(
                condition=models.Q(**{f"{account}__gte": 0 for account in TIED}),
                name="earmark_never_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.line}"


class SetAside(models.Model):
    """Money of a line (CNY) set aside for a purchase, by its number, before there is a contract.

    Changes only in ``ledger.transfer``, in the same statement as the line.
    """

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="set_asides", verbose_name=_("预算"))
    purpose = models.CharField(_("用途编号"), max_length=20)
    amount = models.DecimalField(_("金额（元）"), max_digits=13, decimal_places=2)

    class Meta:
        ordering = ("line__year", "id")
        constraints = [
            models.UniqueConstraint(fields=["line", "purpose"], name="set_aside_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="set_aside_never_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} · {self.line}"


class LedgerEntry(models.Model):
    """An amount (CNY) that moved from one account of a line to another. Append-only."""

    seen_by = along("line", SEES_BUDGETS)

    at = models.DateTimeField(_("时间"), default=moments.now)
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="entries")
    credit = models.CharField(_("出"), max_length=10, choices=Account.choices)
    debit = models.CharField(_("入"), max_length=10, choices=Account.choices)
    amount = models.DecimalField(_("金额（元）"), max_digits=13, decimal_places=2)
    contract = models.ForeignKey("contracts.Contract", models.PROTECT, null=True, related_name="ledger")
    change = models.ForeignKey("contracts.BudgetChange", models.PROTECT, null=True, related_name="entries")
    purpose = models.CharField(_("用途编号"), max_length=20, blank=True)
    note = models.CharField(_("摘要"), max_length=120)

    objects = SeenQuerySet["LedgerEntry"].as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="ledger_positive"),
            models.CheckConstraint(condition=~models.Q(credit=models.F("debit")), name="ledger_two_accounts"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_credit_display()} → {self.get_debit_display()} {self.amount}"


class ChangeKind(models.TextChoices):
    """What a budget document does: grant, add, cut, shift to another line, or close the year."""

    GRANT = "grant", _("下达")
    ADD = "add", _("追加")
    CUT = "cut", _("调减")
    SHIFT = "shift", _("调剂")
    CLOSE = "close", _("年终结转")


class BudgetChange(LifecycleModel):
    """A budget document: no money moves until a second person of finance has approved it.

    ``plan`` is the closing of a year as it was proposed, in the shape that ``year_end.plan`` gives (CNY as
    text); empty for all other kinds.
    """

    lifecycle = BUDGET_CHANGE
    seen_by = SEES_BUDGETS
    at_a_glance = (
        "kind",
        "line",
        ("body", _("责任部门")),
        "to_line",
        ("moves", _("金额（元）")),
        ("closing_in_words", _("年终结转")),
        "document_number",
        "why",
    )
    worklist_joins = ("line",)

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

    objects = SeenQuerySet["BudgetChange"].as_manager()
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

    @property
    def body(self) -> Organization:
        """The body whose money it is."""
        return self.line.body

    @property
    def moves(self) -> Decimal | None:
        """How much it moves (CNY); None for the closing of a year, which moves what is left."""
        return self.amount or None

    @property
    def closing_in_words(self) -> list[str]:
        """Where what is left of the year goes, and what becomes of contracts and purchases; nothing of other kinds."""
        if not self.plan:
            return []
        free = gettext("可用余额 %(amount)s 元 → %(goes)s")
        return [
            free % {"amount": money(self.plan["free"]), "goes": Account(self.plan["free_goes"]).label},
            gettext("涉及 %(n)s 份合同、%(purchases)s 个已立项的采购")
            % {"n": len(self.plan.get("contracts", ())), "purchases": len(self.plan.get("planned", ()))},
        ]

    @property
    def booked(self) -> bool:
        """Whether it was approved, so that its money has moved."""
        return self.status in BudgetChangeStatus.in_phase(ENDED)

    def row_title(self) -> str:
        return f"{self} {self.amount:,.2f}" if self.amount else str(self)
