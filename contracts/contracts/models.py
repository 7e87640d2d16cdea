"""Contracts and their lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.editions.models import Edition
from catalog.items.kinds import Method
from catalog.items.models import Item
from contracts.budgets.models import BudgetLine
from contracts.contracts import events, triggers
from contracts.contracts.states import (
    CONTRACT,
    NOT_SIGNED,
    OVER,
    SIGNED_BY_BOTH,
    TAKING_WORK,
    UNDER_WAY,
    ContractStatus,
)
from contracts.permissions import READ_OF_CONTRACTS, SEES_CONTRACTS
from contracts.templates.models import Template
from foundation import moments
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ANSWERING
from foundation.parties import SeenQuerySet
from foundation.wording import figure
from organizations.bodies.models import Organization
from organizations.providers.models import Provider


class Billing(models.TextChoices):
    """How often the provider may invoice delivered work."""

    ANY_TIME = "any_time", _("随时")
    MONTHLY = "monthly", _("每月一次")
    QUARTERLY = "quarterly", _("每季一次")


class ContractQuerySet(SeenQuerySet["Contract"]):
    def public(self) -> ContractQuerySet:
        """Contracts that anybody may read: signed by both sides, whatever came after."""
        return self.filter(status__in=ContractStatus.in_phase(SIGNED_BY_BOTH))

    def serving(self, day: date) -> ContractQuerySet:
        """Contracts on which work may be taken on ``day``: signed, not suspended or ended.

        Their own first and last day count too, since the status follows the days by the clock and may lag.
        """
        return self.filter(
            status__in=ContractStatus.in_phase(TAKING_WORK), start_on__lte=day, end_on__gte=day
        )


class Contract(LifecycleModel):
    """An agreement on items, units and prices. ``amount`` is the sum of its lines (CNY).

    ``signed_amount`` is the amount first signed, the basis for the limit of supplementary agreements.
    ``template`` is the version of the text; ``None`` means the shipped one. Of each payment
    ``hold_back_percent`` is kept until the end, when ``final_shares`` (``{grade: percent}``) says how much
    of it is paid. ``penalties`` is a list of ``{"title", "amount"}``, CNY (as text) for each case.

    A contract that came of an award names its ``purchase`` (by number), the ``awarded_amount`` (CNY) and
    when; provider, lines, prices and quantities are the award's. Without a purchase only the methods of the
    rule ``contract.without_purchase`` are allowed. ``ended_on`` is the last day on which a visit counts, once it
    has ended; ``end_told_of`` is the one last told of.
    """

    lifecycle = CONTRACT
    seen_by = SEES_CONTRACTS
    at_a_glance = ("title", "buyer", "provider", "start_on", "end_on", "amount")
    read_by = READ_OF_CONTRACTS
    worklist_joins = ("provider__organization",)

    number = models.CharField(_("合同编号"), max_length=20, unique=True)
    title = models.CharField(_("合同名称"), max_length=120)
    buyer = models.ForeignKey(Organization, models.PROTECT, related_name="bought", verbose_name=_("购买主体"))
    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="contracts", verbose_name=_("承接主体")
    )
    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name=_("目录版本"))
    budget_line = models.ForeignKey(BudgetLine, models.PROTECT, verbose_name=_("预算"))
    method = models.CharField(_("采购方式"), max_length=14, choices=Method.choices)
    start_on = models.DateField(_("开始日期"))
    end_on = models.DateField(_("结束日期"))
    amount = models.DecimalField(_("合同金额（元）"), max_digits=13, decimal_places=2, default=Decimal("0"))
    signed_amount = models.DecimalField(
        _("签订时的金额（元）"), max_digits=13, decimal_places=2, default=Decimal("0")
    )
    purchase = models.CharField(_("采购项目编号"), max_length=20, blank=True)
    awarded_amount = models.DecimalField(
        _("成交金额（元）"), max_digits=13, decimal_places=2, null=True, blank=True
    )
    awarded_at = models.DateTimeField(_("定标时间"), null=True, blank=True)
    ended_on = models.DateField(_("实际结束日期"), null=True, blank=True)
    end_told_of = models.DateField(null=True, blank=True, editable=False)
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewals", verbose_name=_("续签自")
    )
    spent = models.DecimalField(_("已支付（元）"), max_digits=13, decimal_places=2, default=Decimal("0"))
    payment_share = models.DecimalField(
        _("支付比例"), max_digits=3, decimal_places=2, default=Decimal("1.00")
    )
    template = models.ForeignKey(Template, models.PROTECT, null=True, blank=True, verbose_name=_("合同范本"))
    billing = models.CharField(
        _("结算周期"), max_length=10, choices=Billing.choices, default=Billing.ANY_TIME
    )
    hold_back_percent = models.PositiveSmallIntegerField(_("尾款比例（%）"), default=0)
    final_shares = models.JSONField(_("尾款按等级返还（%）"), default=dict, blank=True)
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
            models.CheckConstraint(condition=models.Q(hold_back_percent__lte=100), name="hold_back_0_to_100"),
            models.CheckConstraint(
                condition=models.Q(payment_share__gte=0, payment_share__lte=1), name="contract_share_0_to_1"
            ),
            models.CheckConstraint(
                condition=models.Q(purchase="", awarded_amount=None)
                | models.Q(purchase__gt="", awarded_amount__gt=0),
                name="contract_names_its_award",
            ),
            models.CheckConstraint(
                condition=models.Q(awarded_amount=None)
                | models.Q(signed_amount__lte=models.F("awarded_amount")),
                name="contract_signed_within_its_award",
            ),
            models.CheckConstraint(
                condition=models.Q(awarded_amount=None)
                | ~models.Q(status__in=ContractStatus.in_phase(NOT_SIGNED))
                | models.Q(amount__lte=models.F("awarded_amount")),
                name="contract_drafted_within_its_award",
            ),
        ]
        triggers = [
            CONTRACT.trigger(),
            pgtrigger.ReadOnly(name="parties_stay", fields=["buyer", "provider", "method"]),
            triggers.only_out_of_a_purchase(),
            triggers.the_award_stays(),
            triggers.one_renewal_after_its_end(),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("contract", args=[self.number])

    @property
    def takes_lines(self) -> bool:
        """Whether its lines are not fixed by a purchase."""
        return not self.purchase

    def serves(self, day: date) -> bool:
        """Whether work may be taken on it on ``day``, as ``ContractQuerySet.serving`` finds such contracts."""
        return self.status in ContractStatus.in_phase(TAKING_WORK) and self.start_on <= day <= self.end_on

    @property
    def waits_to_be_settled(self) -> bool:
        """Whether it has ended, and what was delivered is still to be paid."""
        return self.status in ContractStatus.in_phase(ANSWERING)

    def beside(self) -> list[LifecycleModel]:
        """What waits for it to be settled: penalties that no invoice may be left for, and what floors above know."""
        penalties = self.penalty_set.confirmed() if self.waits_to_be_settled else ()
        return [*penalties, *(obj for found in events.waiting_for_settlement.call(self) for obj in found)]

    def due_with(self) -> list[LifecycleModel]:
        """The purchase that waits for it to be signed; floors above know it."""
        waiting = events.due_with.call(self) if self.status in ContractStatus.in_phase(NOT_SIGNED) else ()
        return [purchase for found in waiting for purchase in found]

    def row_title(self) -> str:
        return f"{self.title} · {self.provider.organization.name}"


class ContractLineQuerySet(models.QuerySet["ContractLine"]):
    def over(self) -> ContractLineQuerySet:
        """Lines that have ended, or whose contract has: nothing new may be delivered on them."""
        last = Coalesce("end_on", "contract__end_on")
        return self.alias(last=last).filter(
            models.Q(contract__status__in=ContractStatus.in_phase(OVER))
            | models.Q(contract__status__in=ContractStatus.in_phase(UNDER_WAY), last__lt=moments.today())
        )

    def to_take_from(self, units: int) -> ContractLineQuerySet:
        """Lines in force today with at least ``units`` left, those with most left first."""
        today = moments.today()
        left = models.F("quota") - models.F("reserved") - models.F("used")
        return (
            self.filter(
                models.Q(start_on=None) | models.Q(start_on__lte=today),
                models.Q(end_on=None) | models.Q(end_on__gte=today),
                contract__status__in=ContractStatus.in_phase(TAKING_WORK),
                contract__start_on__lte=today,
                contract__end_on__gte=today,
            )
            .alias(rest=left)
            .filter(rest__gte=units)
            .order_by("-rest", "pk")
        )


class ContractLine(models.Model):
    """Units of one item at one price (CNY). ``reserved`` and ``used`` change only in ``quota``.

    ``standards`` are those of the item when the line was drafted (see ``catalog.items.standards``). ``places`` is
    how many people the provider must be able to serve at a time. The line's own days lie within the contract's;
    without them the contract's days count. ``warned`` is the last share of the quota (percent) about which notices
    were sent.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, models.PROTECT, related_name="contract_lines")
    unit_price = models.DecimalField(_("单价（元）"), max_digits=10, decimal_places=2)
    quota = models.PositiveIntegerField(_("数量"))
    places = models.PositiveIntegerField(_("名额"), null=True, blank=True)
    start_on = models.DateField(_("自"), null=True, blank=True)
    end_on = models.DateField(_("至"), null=True, blank=True)
    standards = models.JSONField(_("服务标准"), default=list, blank=True)
    reserved = models.PositiveIntegerField(_("已预留"), default=0)
    used = models.PositiveIntegerField(_("已使用"), default=0)
    warned = models.PositiveSmallIntegerField(_("已预警（%）"), default=0)

    objects = ContractLineQuerySet.as_manager()

    class Meta:
        ordering = ("item__code", "id")
        constraints = [
            models.UniqueConstraint(fields=["contract", "item"], name="line_once_for_an_item"),
            models.CheckConstraint(
                condition=models.Q(quota__gte=models.F("reserved") + models.F("used")),
                name="quota_never_exceeded",
            ),
            models.CheckConstraint(condition=models.Q(unit_price__gt=0, quota__gt=0), name="line_positive"),
            models.CheckConstraint(
                condition=models.Q(start_on=None)
                | models.Q(end_on=None)
                | models.Q(end_on__gte=models.F("start_on")),
                name="line_ends_later",
            ),
        ]
        triggers = [triggers.lines_of_an_award_stay()]

    def __str__(self) -> str:
        return f"{self.contract} {self.item}"

    @property
    def quantity(self) -> str:
        """How much may be delivered on it, with its unit."""
        return f"{figure(self.quota)} {self.item.local_unit}"

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
        """The price of the whole quota (CNY)."""
        return self.unit_price * self.quota
