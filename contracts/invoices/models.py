"""Delivered units, and invoices made from them and from nothing else."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.contracts.models import Contract, ContractLine
from contracts.invoices.states import CLAW_BACK, INVOICE, ClawBackStatus, InvoiceStatus
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.table import Transition
from foundation.roles import Actor, Role


class InvoiceKind(models.TextChoices):
    DELIVERY = "delivery", _("服务费")
    FINAL = "final", _("尾款")


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, actor: Actor) -> InvoiceQuerySet:
        """Whoever sees the contract sees its invoices."""
        return self.filter(contract__in=Contract.objects.visible_to(actor))


class Invoice(LifecycleModel):
    """A claim for delivered units, or in the end for what was held back (``FINAL``).

    ``payable`` is amount times the payment share, less what is ``held`` back and deducted
    as ``penalty`` (CNY).

    ``sample_seed`` was thrown when it was drawn up: the sample can be drawn again by it.
    """

    lifecycle = INVOICE
    worklist_joins = ("contract__provider__organization",)

    number = models.CharField(_("结算单号"), max_length=20, unique=True)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="invoices")
    amount = models.DecimalField(_("服务金额（元）"), max_digits=13, decimal_places=2)
    payment_share = models.DecimalField(_("支付比例"), max_digits=3, decimal_places=2)
    kind = models.CharField(
        _("类别"), max_length=8, choices=InvoiceKind.choices, default=InvoiceKind.DELIVERY
    )
    held = models.DecimalField(_("留作尾款（元）"), max_digits=13, decimal_places=2, default=Decimal("0"))
    penalty = models.DecimalField(_("违约扣款（元）"), max_digits=13, decimal_places=2, default=Decimal("0"))
    payable = models.DecimalField(_("应付（元）"), max_digits=13, decimal_places=2)
    sample_seed = models.CharField(_("抽签号"), max_length=32, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=InvoiceStatus.choices, default=InvoiceStatus.SUBMITTED
    )

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, payable__gte=0, held__gte=0, penalty__gte=0)
                & models.Q(payable__lte=models.F("amount") - models.F("held") - models.F("penalty")),
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

    def transitions_for(self, actor: Actor) -> list[Transition]:
        """Sampled visits are checked first; then the work is accepted."""
        hidden = "accept_work" if any(not s.finding for s in self.samples.all()) else "check"
        return [each for each in super().transitions_for(actor) if each.name != hidden]

    def row_title(self) -> str:
        return f"{self.contract.title} · {self.contract.provider.organization.name}"


class Delivery(models.Model):
    """Units delivered on a line; ``holder`` names the referral behind them.

    ``struck`` units were not found at the check: they are not paid. ``told_by`` is the user who
    recorded them: nobody judges the own work, in whatever role.
    """

    line = models.ForeignKey(ContractLine, models.PROTECT, related_name="deliveries")
    holder = models.CharField(_("转介"), max_length=40)
    units = models.PositiveIntegerField(_("数量"))
    unit_price = models.DecimalField(_("单价（元）"), max_digits=10, decimal_places=2)
    struck = models.PositiveIntegerField(_("核减"), default=0)
    delivered_on = models.DateField(_("日期"))
    told_by = models.BigIntegerField(_("告知人"), null=True, blank=True)
    invoice = models.ForeignKey(Invoice, models.SET_NULL, null=True, blank=True, related_name="deliveries")

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["delivered_on"], name="delivery_day")]
        constraints = [
            models.CheckConstraint(condition=models.Q(units__gt=0), name="delivery_has_units"),
            models.CheckConstraint(
                condition=models.Q(struck__lte=models.F("units")), name="delivery_struck_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.units}"

    @property
    def amount(self) -> Decimal:
        """Price of what was delivered and found."""
        return self.unit_price * (self.units - self.struck)


class Finding(models.TextChoices):
    CONFIRMED = "confirmed", _("属实")
    PARTLY = "partly", _("部分属实")
    NOT_FOUND = "not_found", _("不属实")


class CheckedBy(models.TextChoices):
    CALL = "call", _("电话")
    HOME = "home", _("上门")
    PAPERS = "papers", _("查记录")


class Sample(models.Model):
    """A delivery drawn for the check before acceptance, and what was found."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="samples")
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="samples")
    finding = models.CharField(_("结果"), max_length=10, choices=Finding.choices, blank=True)
    found = models.PositiveIntegerField(_("核实的数量"), null=True, blank=True)
    how = models.CharField(_("方式"), max_length=8, choices=CheckedBy.choices, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    checked_by = models.CharField(_("核实人"), max_length=40, blank=True)
    checked_at = models.DateTimeField(_("核实时间"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["invoice", "delivery"], name="sample_once"),
            models.CheckConstraint(
                condition=models.Q(finding="", found=None)
                | (~models.Q(finding="") & models.Q(found__isnull=False)),
                name="sample_found_with_its_finding",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery.holder} {self.delivery.delivered_on}"


class ClawBackQuerySet(models.QuerySet["ClawBack"]):
    def visible_to(self, actor: Actor) -> ClawBackQuerySet:
        """Whoever sees the invoice sees what is claimed back of it."""
        return self.filter(invoice__in=Invoice.objects.visible_to(actor))


class ClawBack(LifecycleModel):
    """Money that was paid and should not have been (CNY)."""

    lifecycle = CLAW_BACK
    worklist_joins = ("invoice__contract__provider__organization",)

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="claw_backs", verbose_name=_("结算单"))
    amount = models.DecimalField(_("金额（元）"), max_digits=13, decimal_places=2)
    why = models.CharField(_("事由"), max_length=300)
    status = models.CharField(
        _("状态"), max_length=20, choices=ClawBackStatus.choices, default=ClawBackStatus.DEMANDED
    )

    objects = ClawBackQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="claw_back_positive")]
        triggers = [CLAW_BACK.trigger()]

    def __str__(self) -> str:
        return f"{self.invoice} {self.amount:,.2f}"

    def get_absolute_url(self) -> str:
        return reverse("claw-back", args=[self.pk])

    def audience(self, role: Role) -> tuple[int | None, int | None, int | None]:
        """Only the provider that was paid is told of it."""
        return self.invoice.audience(role)

    def row_title(self) -> str:
        return self.invoice.row_title()
