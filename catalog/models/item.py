"""An item of an edition. Once its edition is published, an item is law."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from catalog.models.edition import Edition
from organizations.models import Organization
from organizations.need_kinds import NeedKind

#: The first letter of a code names the group (domain, section 5).
GROUPS = {
    "A": _("基层经办事务"),
    "B": _("照料护理"),
    "C": _("心理与社会支持"),
    "D": _("能力提升与发展"),
    "E": _("补充性救助项目"),
}


class ServiceKind(models.TextChoices):
    ADMINISTRATIVE = "administrative", _("事务性")
    DIRECT = "direct", _("服务性")


class Funding(models.TextChoices):
    PURCHASED = "purchased", _("政府购买")
    CHARITY_PROJECT = "charity_project", _("慈善项目")
    RELIEF_FUND = "relief_fund", _("救助资金")


class ItemQuerySet(models.QuerySet["Item"]):
    def in_force(self) -> ItemQuerySet:
        """Items of the edition in force."""
        return self.filter(edition__in=Edition.objects.in_force())


class Item(models.Model):
    """A service that government buys, or a charity gives; prices in CNY a unit."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="items")
    code = models.CharField(_("代码"), max_length=8)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    kind = models.CharField(_("类别"), max_length=16, choices=ServiceKind.choices)
    funding = models.CharField(_("资金"), max_length=16, choices=Funding.choices)
    need_kind = models.CharField(_("对应需求"), max_length=20, choices=NeedKind.choices)
    audience_text = models.CharField(_("服务对象"), max_length=120)
    audience_en = models.CharField(_("服务对象(英文)"), max_length=120, blank=True)
    unit = models.CharField(_("计量单位"), max_length=20)
    unit_en = models.CharField(_("计量单位(英文)"), max_length=40, blank=True)
    price_low = models.DecimalField(_("指导价下限"), max_digits=10, decimal_places=2)
    price_high = models.DecimalField(_("指导价上限"), max_digits=10, decimal_places=2)
    price_ceiling = models.DecimalField(_("最高限价"), max_digits=10, decimal_places=2)
    standard = models.CharField(_("服务标准"), max_length=200)
    standard_en = models.CharField(_("服务标准(英文)"), max_length=200, blank=True)
    body = models.ForeignKey(Organization, models.PROTECT, verbose_name=_("责任部门"))

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="item_once_in_edition"),
            models.CheckConstraint(
                condition=models.Q(price_low__gt=0, price_high__gte=models.F("price_low"))
                & models.Q(price_ceiling__gte=models.F("price_high")),
                name="item_prices_in_order",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_is_law",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("state", "text")],
                func="""
                    SELECT status INTO state FROM catalog_edition
                        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.edition_id
                                        ELSE OLD.edition_id END;
                    IF state IS NOT NULL AND state NOT IN ('draft', 'consultation') THEN
                        RAISE EXCEPTION 'catalog.Item: a published edition cannot be changed'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("public-item", args=[self.edition_id, self.code])

    @property
    def local_name(self) -> str:
        """The name in the reader's language."""
        return self._local(self.name, self.name_en)

    @property
    def local_unit(self) -> str:
        """The unit in the reader's language."""
        return self._local(self.unit, self.unit_en)

    @property
    def local_standard(self) -> str:
        """The standard in the reader's language."""
        return self._local(self.standard, self.standard_en)

    @property
    def local_audience(self) -> str:
        """For whom it is, in the reader's language."""
        return self._local(self.audience_text, self.audience_en)

    @property
    def group(self) -> str:
        """The group's name."""
        return str(GROUPS.get(self.code[:1], ""))

    @staticmethod
    def _local(chinese: str, english: str) -> str:
        return (
            english if english and (translation.get_language() or "").startswith("en") else chinese
        )

    @staticmethod
    def ceiling_for(high: Decimal, percent: int) -> Decimal:
        """The ceiling that lies ``percent`` above the guide price's upper end."""
        return (high * (100 + percent) / 100).quantize(Decimal("0.01"))
