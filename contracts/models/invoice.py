"""Delivered units, and invoices made from them and from nothing else."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.lifecycle import INVOICE, InvoiceStatus
from contracts.models.contract import Contract, ContractLine
from foundation.lifecycle.model import LivedModel
from foundation.roles import Actor, Role


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, actor: Actor) -> InvoiceQuerySet:
        """Whoever sees the contract sees its invoices."""
        return self.filter(contract__in=Contract.objects.visible_to(actor))


class Invoice(LivedModel):
    """A claim for delivered units. ``payable`` is amount times the payment share (CNY)."""

    lifecycle = INVOICE
    worklist_joins = ("contract__provider__organization",)

    number = models.CharField(_("结算单号"), max_length=20, unique=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="invoices")
    amount = models.DecimalField(_("服务金额(元)"), max_digits=13, decimal_places=2)
    payment_share = models.DecimalField(_("支付比例"), max_digits=3, decimal_places=2)
    payable = models.DecimalField(_("应付(元)"), max_digits=13, decimal_places=2)
    status = models.CharField(
        _("状态"), max_length=20, choices=InvoiceStatus.choices, default=InvoiceStatus.SUBMITTED
    )

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, payable__gte=0, payable__lte=models.F("amount")),
                name="invoice_in_bounds",
            )
        ]
        triggers = [INVOICE.trigger()]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("invoice", args=[self.number])

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """Only the invoicing provider's coordinator is told of it."""
        return self.contract.audience(role)

    def row_title(self) -> str:
        return f"{self.contract.title} · {self.contract.provider.organization.name}"


class Delivery(models.Model):
    """Units delivered on a line; ``holder`` names the referral behind them."""

    line = models.ForeignKey(ContractLine, models.PROTECT, related_name="deliveries")
    holder = models.CharField(_("转介"), max_length=40)
    units = models.PositiveIntegerField(_("数量"))
    unit_price = models.DecimalField(_("单价(元)"), max_digits=10, decimal_places=2)
    delivered_on = models.DateField(_("日期"))
    invoice = models.ForeignKey(
        Invoice, models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(condition=models.Q(units__gt=0), name="delivery_has_units")
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.units}"

    @property
    def amount(self) -> Decimal:
        """Price of what was delivered."""
        return self.unit_price * self.units
