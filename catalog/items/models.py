"""Items of an edition, and the headings above them. Neither changes once the edition is published."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.editions import law
from catalog.editions.models import Edition
from catalog.items.kinds import Disability, Funding, Method, Residence, ServiceKind, TargetGroup
from catalog.public import search as public_search
from foundation import moments
from foundation.forms import typed
from foundation.wording import in_the_readers_language
from households.register.models import Category
from organizations.bodies.models import Organization
from organizations.responsibilities.need_kinds import NeedKind
from organizations.responsibilities.offered import NeedKindField

#: Three levels: group ``B``, class ``B01``, item ``B01.02``.
ITEM_CODE = re.compile(r"[A-Z]\d{2}\.\d{2}", re.ASCII)


HEADING_CODE = re.compile(r"[A-Z](\d{2})?", re.ASCII)


class Heading(models.Model):
    """The name of a group (``B``) or a class (``B01``) of an edition."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="headings")
    code = models.CharField(_("代码"), max_length=3, validators=[RegexValidator(r"^[A-Z](\d{2})?$")])
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="heading_once_in_edition"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z]([0-9]{2})?$"), name="heading_code_in_form"
            ),
        ]
        triggers = law.frozen_once_published()

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def local_name(self) -> str:
        """The name in the reader's language."""
        return in_the_readers_language(self.name, self.name_en)


class ItemQuerySet(models.QuerySet["Item"]):
    def in_force(self) -> ItemQuerySet:
        """Items of the edition in force that are valid today."""
        return self.filter(edition__in=Edition.objects.in_force()).valid_on(moments.today())

    def in_force_on(self, day: date) -> ItemQuerySet:
        """Items in force on a day: of the edition in force then, and valid."""
        return self.filter(edition__in=Edition.objects.in_force_on(day)).valid_on(day)

    def valid_on(self, day: date) -> ItemQuerySet:
        """Items whose own validity covers a day."""
        return self.filter(
            models.Q(valid_from=None) | models.Q(valid_from__lte=day),
            models.Q(valid_until=None) | models.Q(valid_until__gte=day),
        )

    def answering(self, text: str) -> ItemQuerySet:
        """Items found by what a person typed: the beginning of a code, or words."""
        code = typed.code(text)
        if re.fullmatch(r"[A-Z](\d{1,2}(\.\d{0,2})?)?", code, re.ASCII):
            return self.filter(code__startswith=code)
        return cast(ItemQuerySet, public_search.answering(self, text))

    def coded(self, code: str) -> Item | None:
        """The item with that code, with its body; ``None`` if there is none."""
        return self.select_related("body").defer("search").filter(code=code).first()

    def offered_in(self, place: str) -> ItemQuerySet:
        """Items given in a town or street (code), or in the whole city."""
        return self.filter(models.Q(places=[]) | models.Q(places__contains=[place]))


class Item(models.Model):
    """A service that government buys, or a charity gives; prices in CNY a unit.

    ``standards`` is a list of objects: ``text`` and ``text_en``, what is measured (``measure``), how it is
    compared (``comparison``), ``target`` (a decimal as text) and its ``unit``. ``places`` are codes of
    towns and streets; empty means the whole city.
    """

    unjournaled = ("search",)

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="items")
    code = models.CharField(_("代码"), max_length=8)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    kind = models.CharField(_("类别"), max_length=16, choices=ServiceKind.choices)
    need_kind = NeedKindField(_("对应需求"), max_length=20, choices=NeedKind.choices)
    directory_code = models.CharField(_("指导性目录代码"), max_length=20, blank=True)
    description = models.TextField(_("服务内容"), max_length=1000)
    description_en = models.TextField(_("服务内容（英文）"), max_length=2000, blank=True)
    includes = models.TextField(_("包括"), max_length=600, blank=True)
    excludes = models.TextField(_("不包括"), max_length=600, blank=True)

    target_groups = ArrayField(
        models.CharField(max_length=16, choices=TargetGroup.choices), verbose_name=_("服务人群"), default=list
    )
    audience_text = models.CharField(_("服务对象"), max_length=120)
    audience_en = models.CharField(_("服务对象（英文）"), max_length=120, blank=True)
    categories = ArrayField(
        models.CharField(max_length=20, choices=Category.choices),
        verbose_name=_("救助类别条件"),
        default=list,
        blank=True,
    )
    age_from = models.PositiveSmallIntegerField(_("年龄下限（岁）"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("年龄上限（岁）"), null=True, blank=True)
    disability = models.CharField(_("残疾条件"), max_length=12, choices=Disability.choices, blank=True)
    income_percent = models.PositiveSmallIntegerField(
        _("人均收入不超过低保标准的百分比"), null=True, blank=True
    )
    residence = models.CharField(_("居住条件"), max_length=12, choices=Residence.choices, blank=True)

    unit = models.CharField(_("计量单位"), max_length=20)
    unit_en = models.CharField(_("计量单位（英文）"), max_length=40, blank=True)
    price_low = models.DecimalField(_("指导价下限"), max_digits=10, decimal_places=2)
    price_high = models.DecimalField(_("指导价上限"), max_digits=10, decimal_places=2)
    price_ceiling = models.DecimalField(_("最高限价"), max_digits=10, decimal_places=2)
    standards = models.JSONField(_("服务标准"), default=list)
    methods = ArrayField(
        models.CharField(max_length=14, choices=Method.choices),
        verbose_name=_("可用采购方式"),
        default=list,
        blank=True,
    )
    funding = models.CharField(_("资金性质"), max_length=16, choices=Funding.choices)
    funding_source = models.CharField(_("资金来源"), max_length=60, blank=True)
    body = models.ForeignKey(Organization, models.PROTECT, verbose_name=_("责任部门"))
    places = ArrayField(models.CharField(max_length=12), verbose_name=_("开展区域"), default=list, blank=True)
    valid_from = models.DateField(_("有效期自"), null=True, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)

    search = models.GeneratedField(
        expression=public_search.Characters(
            "name", "name_en", "audience_text", "description", "includes", "standards", weights="AABCCD"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        indexes = [GinIndex(fields=["search"], name="item_search")]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="item_once_in_edition"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z][0-9]{2}\.[0-9]{2}$"), name="item_code_in_form"
            ),
            models.CheckConstraint(
                condition=models.Q(price_low__gt=0, price_high__gte=models.F("price_low"))
                & models.Q(price_ceiling__gte=models.F("price_high")),
                name="item_prices_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(age_from=None)
                | models.Q(age_to=None)
                | models.Q(age_to__gte=models.F("age_from")),
                name="item_ages_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_until=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="item_validity_in_order",
            ),
        ]
        triggers = law.frozen_once_published()

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def local_title(self) -> str:
        """Its code and its name in the reader's language."""
        return f"{self.code} {self.local_name}"

    def get_absolute_url(self) -> str:
        return reverse("public-item", args=[self.edition_id, self.code])

    @property
    def group_code(self) -> str:
        """The first level: ``B`` of ``B01.02``."""
        return self.code[:1]

    @property
    def class_code(self) -> str:
        """The second level: ``B01`` of ``B01.02``."""
        return self.code[:3]

    @property
    def local_name(self) -> str:
        """The name in the reader's language."""
        return in_the_readers_language(self.name, self.name_en)

    @property
    def local_unit(self) -> str:
        """The unit in the reader's language."""
        return in_the_readers_language(self.unit, self.unit_en)

    @property
    def local_description(self) -> str:
        """The description in the reader's language."""
        return in_the_readers_language(self.description, self.description_en)

    @property
    def local_audience(self) -> str:
        """For whom it is, in the reader's language."""
        return in_the_readers_language(self.audience_text, self.audience_en)

    @property
    def local_standards(self) -> list[str]:
        """The text of each standard in the reader's language, without its target."""
        return [
            in_the_readers_language(standard["text"], standard.get("text_en", ""))
            for standard in self.standards
        ]

    @property
    def standard(self) -> str:
        """All standards in one line, as contracts quote them."""
        return "；".join(standard["text"] for standard in self.standards)

    @property
    def method_words(self) -> list[str]:
        """The labels of the procurement methods allowed."""
        return [str(Method(method).label) for method in self.methods]

    @staticmethod
    def ceiling_for(high: Decimal, percent: int) -> Decimal:
        """The price ceiling (CNY): ``percent`` above the upper end of the guide price."""
        return (high * (100 + percent) / 100).quantize(Decimal("0.01"))

    def terms(self) -> dict[str, Any]:
        """What a provider agrees to with an offer, besides the price.

        If an edition changes any of it, the offer has to be renewed.
        """
        return {name: getattr(self, name) for name in AGREED}


#: The fields of an item that a provider agrees to with an offer.
AGREED = (
    "kind",
    "funding",
    "description",
    "includes",
    "excludes",
    "categories",
    "age_from",
    "age_to",
    "disability",
    "income_percent",
    "residence",
    "unit",
    "standards",
    "places",
)
