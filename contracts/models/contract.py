"""Contracts and their lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.kinds import Method
from catalog.models import Edition, Item
from contracts.lifecycle import CONTRACT, SERVING, ContractStatus
from contracts.models.budget import BudgetLine
from contracts.models.template import Template
from foundation.lifecycle.model import LivedModel
from foundation.roles import Actor, Role
from organizations.models import Organization, Provider


class Billing(models.TextChoices):
    """How often delivered work is claimed."""

    ANY_TIME = "any_time", _("随时")
    MONTHLY = "monthly", _("每月一次")
    QUARTERLY = "quarterly", _("每季一次")


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, actor: Actor) -> ContractQuerySet:
        """Both parties, finance and the audit."""
        if actor.role in (Role.CIVIL_AFFAIRS, Role.FINANCE, Role.AUDITOR):
            return self
        if actor.role == Role.COORDINATOR:
            return self.filter(provider__organization_id=actor.organization_id).exclude(
                status=ContractStatus.DRAFT
            )
        return self.none()

    def serving(self, day: date) -> ContractQuerySet:
        """What is agreed, not suspended or ended, and runs on ``day`` by its own first and last
        day: the state follows the days by the clock, and may be behind.
        """
        return self.filter(status__in=SERVING, start_on__lte=day, end_on__gte=day)


class Contract(LivedModel):
    """An agreement on items, units and prices. ``amount`` is the sum of its lines (CNY).

    ``signed_amount`` is what was first signed: supplementary agreements are held to it.
    ``template`` is the text's version; none is the shipped one. Of each payment
    ``hold_back_percent`` stays until the end, when ``final_shares`` (``{grade: percent}``)
    says how much of it is paid. ``penalties`` is a list of ``{"title", "amount"}``, CNY (as
    text) for each case.
    """

    lifecycle = CONTRACT
    worklist_joins = ("provider__organization",)

    number = models.CharField(_("合同编号"), max_length=20, unique=True)
    title = models.CharField(_("合同名称"), max_length=120)
    buyer = models.ForeignKey(
        Organization, models.PROTECT, related_name="bought", verbose_name=_("购买主体")
    )
    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="contracts", verbose_name=_("承接主体")
    )
    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name=_("目录版本"))
    budget_line = models.ForeignKey(BudgetLine, models.PROTECT, verbose_name=_("预算"))
    method = models.CharField(_("采购方式"), max_length=14, choices=Method.choices)
    start_on = models.DateField(_("开始日期"))
    end_on = models.DateField(_("结束日期"))
    amount = models.DecimalField(
        _("合同金额(元)"), max_digits=13, decimal_places=2, default=Decimal("0")
    )
    signed_amount = models.DecimalField(
        _("签订时的金额(元)"), max_digits=13, decimal_places=2, default=Decimal("0")
    )
    renews = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="renewals",
        verbose_name=_("续签自"),
    )
    spent = models.DecimalField(
        _("已支付(元)"), max_digits=13, decimal_places=2, default=Decimal("0")
    )
    payment_share = models.DecimalField(
        _("支付比例"), max_digits=3, decimal_places=2, default=Decimal("1.00")
    )
    template = models.ForeignKey(
        Template, models.PROTECT, null=True, blank=True, verbose_name=_("合同范本")
    )
    billing = models.CharField(
        _("结算周期"), max_length=10, choices=Billing.choices, default=Billing.ANY_TIME
    )
    hold_back_percent = models.PositiveSmallIntegerField(_("尾款比例(%)"), default=0)
    final_shares = models.JSONField(_("尾款按等级返还(%)"), default=dict, blank=True)
    penalties = models.JSONField(_("扣款约定"), default=list, blank=True)
    standards_note = models.TextField(_("补充的服务标准"), max_length=2000, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=ContractStatus.choices, default=ContractStatus.DRAFT
    )

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_on__gt=models.F("start_on")), name="contract_ends_later"
            ),
            models.CheckConstraint(
                condition=models.Q(spent__gte=0, spent__lte=models.F("amount")),
                name="contract_never_overspent",
            ),
            models.CheckConstraint(
                condition=models.Q(hold_back_percent__lte=100), name="hold_back_0_to_100"
            ),
            models.CheckConstraint(
                condition=models.Q(payment_share__gte=0, payment_share__lte=1),
                name="contract_share_0_to_1",
            ),
        ]
        triggers = [CONTRACT.trigger()]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("contract", args=[self.number])

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """Only the contracted provider's coordinator is told of it."""
        own = role == Role.COORDINATOR
        return (self.provider.organization_id if own else None), None, None

    def row_title(self) -> str:
        return f"{self.title} · {self.provider.organization.name}"


class ContractLine(models.Model):
    """Units of one item at one price. ``reserved`` and ``used`` move only in ``quota``.

    ``standards`` are those of the item when the line was drafted (see ``catalog.standards``).
    ``places`` is how many people the provider must be able to serve at a time; the line's
    own days lie within the contract's, which count where it has none.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, models.PROTECT, related_name="contract_lines")
    unit_price = models.DecimalField(_("单价(元)"), max_digits=10, decimal_places=2)
    quota = models.PositiveIntegerField(_("数量"))
    places = models.PositiveIntegerField(_("名额"), null=True, blank=True)
    start_on = models.DateField(_("自"), null=True, blank=True)
    end_on = models.DateField(_("至"), null=True, blank=True)
    standards = models.JSONField(_("服务标准"), default=list, blank=True)
    reserved = models.PositiveIntegerField(_("已预留"), default=0)
    used = models.PositiveIntegerField(_("已使用"), default=0)
    warned = models.PositiveSmallIntegerField(_("已预警(%)"), default=0)

    class Meta:
        ordering = ("item__code", "id")
        constraints = [
            models.UniqueConstraint(fields=["contract", "item"], name="line_once_for_an_item"),
            models.CheckConstraint(
                condition=models.Q(quota__gte=models.F("reserved") + models.F("used")),
                name="quota_never_exceeded",
            ),
            models.CheckConstraint(
                condition=models.Q(unit_price__gt=0, quota__gt=0), name="line_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(start_on=None)
                | models.Q(end_on=None)
                | models.Q(end_on__gte=models.F("start_on")),
                name="line_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.item}"

    @property
    def left(self) -> int:
        """Units neither reserved nor used."""
        return self.quota - self.reserved - self.used

    @property
    def used_percent(self) -> int:
        """Share of the quota that is reserved or used, in percent."""
        return (self.reserved + self.used) * 100 // self.quota

    @property
    def amount(self) -> Decimal:
        """Price of the whole quota."""
        return self.unit_price * self.quota
