"""Delivered units, invoices, samples checked before acceptance, and claims for overpayment."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.contracts.models import Contract, ContractLine
from contracts.invoices.states import CLAW_BACK, INVOICE, ClawBackStatus, InvoiceStatus
from contracts.permissions import SEES_CONTRACTS
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import DROPPED, ENDED
from foundation.parties import SeenQuerySet, along


class InvoiceKind(models.TextChoices):
    """Whether it claims delivered units or the hold-back at the end."""

    DELIVERY = "delivery", _("服务费")
    FINAL = "final", _("尾款")


class Invoice(LifecycleModel):
    """A claim for delivered units, or at the end for the hold-back (``FINAL``).

    ``payable`` is ``amount`` times ``payment_share`` (0 to 1), less what is ``held`` back and deducted as
    ``penalty`` (CNY). ``sample_seed`` is the random seed of the sample: anybody can draw the same sample
    with it again. ``replaced_by`` is the one that claims anew what this one claimed before it was returned.
    """

    lifecycle = INVOICE
    seen_by = along("contract", SEES_CONTRACTS)
    at_a_glance = ("number", ("contract", _("合同")), "amount", "payable")
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
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    status = models.CharField(
        _("状态"), max_length=20, choices=InvoiceStatus.choices, default=InvoiceStatus.SUBMITTED
    )

    objects = SeenQuerySet["Invoice"].as_manager()

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

    @property
    def paid(self) -> bool:
        """Whether its money was paid."""
        return self.status in InvoiceStatus.in_phase(ENDED)

    @property
    def final(self) -> bool:
        """Whether it claims what was held back, at the end."""
        return self.kind == InvoiceKind.FINAL

    def work_claimed(self) -> models.QuerySet[Delivery]:
        """The deliveries that it claims; of a final one those from which something was held back."""
        if self.final:
            return Delivery.objects.filter(invoice__contract=self.contract, invoice__held__gt=0)
        return self.deliveries.all()

    @property
    def being_sampled(self) -> bool:
        """Whether a sampled visit is still unchecked."""
        return any(not sample.finding for sample in self.samples.all())

    @property
    def sampled(self) -> bool:
        """Whether every sampled visit is checked."""
        return not self.being_sampled

    @property
    def address_anew(self) -> str:
        """The page on which the provider claims the same anew."""
        start = "invoice-new-draw_up_final" if self.final else "invoice-new-draw_up"
        return f"{reverse(start)}?contract={self.contract_id}"

    @property
    def to_be_replaced(self) -> bool:
        """Whether it was returned, and the provider has not claimed the same anew."""
        return self.status in InvoiceStatus.in_phase(DROPPED) and self.replaced_by_id is None

    def beside(self) -> list[LifecycleModel]:
        """Its contract if that waits to be settled, with the penalties that may still be deducted, the returned
        invoices that this one replaces, and the open claims for what was held back: who may pay them depends on
        whose work this one claims.
        """
        waiting: list[LifecycleModel] = [*self.replaces.all()]
        if self.contract.waits_to_be_settled:
            waiting += [self.contract, *self.contract.penalty_set.confirmed()]
        if self.final:
            return waiting
        open_now = InvoiceStatus.unfinished()
        return [*waiting, *self.contract.invoices.filter(kind=InvoiceKind.FINAL, status__in=open_now)]

    def case_key(self) -> str:
        return self.contract.case_key()

    def row_title(self) -> str:
        return f"{self.contract.title} · {self.contract.provider.organization.name}"


class Delivery(models.Model):
    """Units delivered on a line; ``holder`` is the number of the referral behind them.

    ``struck`` units were not confirmed at acceptance and are not paid. ``told_by`` is the user who recorded
    them, and who may therefore not check, accept or pay them in any role.
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
        """The price of the units delivered and not struck off (CNY)."""
        return self.unit_price * (self.units - self.struck)


class Finding(models.TextChoices):
    """Whether a sampled visit was confirmed."""

    CONFIRMED = "confirmed", _("属实")
    PARTLY = "partly", _("部分属实")
    NOT_FOUND = "not_found", _("不属实")


class CheckedBy(models.TextChoices):
    """How a sampled visit was checked: telephone, home visit, records."""

    CALL = "call", _("电话")
    HOME = "home", _("上门")
    PAPERS = "papers", _("查记录")


class Sample(models.Model):
    """A delivery drawn to be checked before acceptance, and the finding (``found`` in units)."""

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


class ClawBack(LifecycleModel):
    """A claim for money that was paid and should not have been (CNY)."""

    lifecycle = CLAW_BACK
    seen_by = along("invoice__contract", SEES_CONTRACTS)
    at_a_glance = (("invoice", _("结算单")), "amount", "why")
    worklist_joins = ("invoice__contract__provider__organization",)

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="claw_backs", verbose_name=_("结算单"))
    amount = models.DecimalField(_("金额（元）"), max_digits=13, decimal_places=2)
    why = models.CharField(_("事由"), max_length=300)
    status = models.CharField(
        _("状态"), max_length=20, choices=ClawBackStatus.choices, default=ClawBackStatus.DEMANDED
    )

    objects = SeenQuerySet["ClawBack"].as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="claw_back_positive")]
        triggers = [CLAW_BACK.trigger()]

    def __str__(self) -> str:
        return f"{self.invoice} {self.amount:,.2f}"

    def get_absolute_url(self) -> str:
        return reverse("claw-back", args=[self.pk])

    def case_key(self) -> str:
        return self.invoice.case_key()

    def row_title(self) -> str:
        return self.invoice.row_title()
