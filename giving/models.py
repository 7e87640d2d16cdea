"""Charity funds and goods (pools), the gifts that fill them, and the ledger of every movement."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.offers.models import Offer
from foundation import moments
from foundation.append_only import append_only
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import SERVING
from foundation.parties import SeenQuerySet, along
from foundation.refusals import Words
from giving.permissions import SEES_POOLS
from giving.states import GIFT, POOL, GiftStatus, PoolStatus
from organizations.providers.models import Provider

ZERO = Decimal("0")


class Account(models.TextChoices):
    """Where units of a pool stand; ``DONATED`` and ``FOUND`` are the sources outside the pool."""

    DONATED = "donated", _("捐赠收入")
    FOUND = "found", _("盘盈")
    AVAILABLE = "available", _("可用")
    RESERVED = "reserved", _("已答应")
    GIVEN = "given", _("已发放")
    LOST = "lost", _("报损或退回")


#: The sources of units; their sum is the pool's ``received``.
OUTSIDE = (Account.DONATED, Account.FOUND)
#: The accounts of a pool; each is a column.
INSIDE = tuple(account for account in Account if account not in OUTSIDE)


class PoolKind(models.TextChoices):
    """Whether a pool holds money or goods."""

    MONEY = "money", _("资金")
    GOODS = "goods", _("物资")


def _units(label: Words) -> models.DecimalField:
    """A column of units, two decimals."""
    return models.DecimalField(label, max_digits=13, decimal_places=2, default=ZERO)


class Pool(LifecycleModel):
    """A charity's fund of money or store of goods.

    Units are CNY for money, else ``unit``, each worth ``unit_value`` CNY. The columns of ``INSIDE`` change
    only in ``stock.transfer``.
    """

    lifecycle = POOL
    seen_by = SEES_POOLS
    at_a_glance = ("kind", "unit", "available", "reserved")
    worklist_joins = ("provider__organization",)

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="pools", verbose_name=_("慈善组织"))
    kind = models.CharField(_("类别"), max_length=6, choices=PoolKind.choices)
    name = models.CharField(_("名称"), max_length=60)
    unit = models.CharField(_("单位"), max_length=10)
    unit_value = models.DecimalField(
        _("每单位价值（元）"), max_digits=10, decimal_places=2, default=Decimal("1")
    )
    purpose = models.CharField(_("用途"), max_length=200)
    received = _units(_("收入"))
    available = _units(_("可用"))
    reserved = _units(_("已答应"))
    given = _units(_("已发放"))
    lost = _units(_("报损或退回"))
    status = models.CharField(_("状态"), max_length=20, choices=PoolStatus.choices, default=PoolStatus.OPEN)

    objects = SeenQuerySet["Pool"].as_manager()

    class Meta:
        ordering = ("provider", "id")
        constraints = [
            models.UniqueConstraint(fields=["provider", "name"], name="pool_once"),
            models.CheckConstraint(
                condition=models.Q(**{f"{account}__gte": 0 for account in INSIDE}), name="pool_never_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    received=models.F("available")
                    + models.F("reserved")
                    + models.F("given")
                    + models.F("lost")
                ),
                name="pool_adds_up",
            ),
            models.CheckConstraint(condition=models.Q(unit_value__gt=0), name="pool_has_a_value"),
        ]
        triggers = [POOL.trigger()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pool", args=[self.pk])

    @property
    def in_use(self) -> bool:
        """Whether it takes gifts and new promises: neither frozen nor closed."""
        return self.status in PoolStatus.in_phase(SERVING)

    def row_title(self) -> str:
        return f"{self.name} · {self.provider}"

    def worth(self, units: Decimal) -> Decimal:
        """The worth of ``units`` (CNY)."""
        return units * self.unit_value


class Backing(models.Model):
    """The pool that supplies an offer of a charity project: ``per_unit`` for one unit of service."""

    offer = models.OneToOneField(Offer, models.CASCADE, related_name="backing")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="backings")
    per_unit = models.DecimalField(_("每单位服务用量"), max_digits=10, decimal_places=2)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(per_unit__gt=0), name="backing_positive")]

    def __str__(self) -> str:
        return f"{self.offer} ← {self.pool}"


class DonorKind(models.TextChoices):
    """Who gives: a person, an organization, or somebody anonymous."""

    PERSON = "person", _("个人")
    ORGANIZATION = "organization", _("单位")
    ANONYMOUS = "anonymous", _("匿名")


class Gift(LifecycleModel):
    """Money or goods received, with the number of its receipt.

    ``named`` says whether the donor agreed to be named in public (慈善法 article 76).
    """

    lifecycle = GIFT
    seen_by = along("pool", SEES_POOLS)
    at_a_glance = ("number", ("pool", _("慈善资金和物资")), "units")
    worklist_joins = ("pool__provider__organization",)

    number = models.CharField(_("收据号"), max_length=20, unique=True)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="gifts", verbose_name=_("资金或物资库"))
    donor_kind = models.CharField(_("捐赠人"), max_length=12, choices=DonorKind.choices)
    donor = models.CharField(_("捐赠人名称"), max_length=80, blank=True)
    named = models.BooleanField(_("同意公开名称"), default=False)
    units = models.DecimalField(_("数量"), max_digits=13, decimal_places=2)
    wish = models.CharField(_("捐赠意愿"), max_length=200, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=GiftStatus.choices, default=GiftStatus.RECEIVED
    )

    objects = SeenQuerySet["Gift"].as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [models.CheckConstraint(condition=models.Q(units__gt=0), name="gift_positive")]
        triggers = [GIFT.trigger()]

    def __str__(self) -> str:
        return self.number

    @property
    def provider(self) -> Provider:
        """The charity that received it."""
        return self.pool.provider

    def get_absolute_url(self) -> str:
        return reverse("gift", args=[self.number])

    def row_title(self) -> str:
        return f"{self.pool} · {self.public_donor}"

    @property
    def public_donor(self) -> str:
        """The donor's name for the public: a general word unless the donor agreed to be named."""
        if self.named and self.donor_kind != DonorKind.ANONYMOUS:
            return self.donor
        return str(_("爱心人士"))


class StockEntry(models.Model):
    """Units that moved from one account of a pool to another. Append-only.

    ``holder`` is the number of the referral or gift behind it.
    """

    seen_by = along("pool", SEES_POOLS)

    at = models.DateTimeField(_("时间"), default=moments.now)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="entries")
    credit = models.CharField(_("出"), max_length=10, choices=Account.choices)
    debit = models.CharField(_("入"), max_length=10, choices=Account.choices)
    units = models.DecimalField(_("数量"), max_digits=13, decimal_places=2)
    holder = models.CharField(_("凭据"), max_length=40, blank=True)
    note = models.CharField(_("摘要"), max_length=120)

    objects = SeenQuerySet["StockEntry"].as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "stock entries"
        indexes = [models.Index(fields=["holder"], name="stock_entry_by_holder")]
        constraints = [
            models.CheckConstraint(condition=models.Q(units__gt=0), name="stock_entry_positive"),
            models.CheckConstraint(
                condition=~models.Q(credit=models.F("debit")), name="stock_entry_two_accounts"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_credit_display()} → {self.get_debit_display()} {self.units}"
