"""Red flags as they were found at the last count, and when that was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import models
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.amendments.models import Amendment
from contracts.contracts.models import Contract
from foundation import moments
from foundation.parties import SeenQuerySet
from foundation.rules import reading
from foundation.rules.reading import Rule
from organizations.bodies.models import Organization
from organizations.dispensations.models import Dispensation
from organizations.providers.models import Provider
from procurement.bids.models import Bid
from procurement.permissions import BUYING_SIDE
from procurement.purchases.models import Project

#: How many facts of a flag are listed where several flags are.
LISTED = 12


class RedFlagQuerySet(SeenQuerySet["RedFlag"]):
    def about(self, project: Project) -> RedFlagQuerySet:
        """The flags that name this purchase among their facts."""
        return self.filter(pk__in=FlagFact.objects.filter(project=project).values("flag"))

    def with_facts(self) -> RedFlagQuerySet:
        """The flags with their first facts, fetched at once, and what these are about."""
        return self.prefetch_related(FACTS_LISTED)


class RedFlag(models.Model):
    """A pattern that was found, by a rule in one version; made and taken away by ``counting`` alone.

    ``scope`` is what it was looked for in (a purchase, the purchases of an item by a buyer, a contract, a person) and
    ``part`` tells several of one code apart in it; ``figures`` are the numbers of its sentence (amounts in
    CNY as texts), ``extent`` is the number of its facts. Its sentence is made when it is shown, in the
    language of the reader (``telling``).
    """

    seen_by = BUYING_SIDE

    code = models.CharField(_("风险提示"), max_length=8)
    rule_version = models.PositiveIntegerField(_("规则版本"))
    rule_value = models.JSONField()
    scope = models.CharField(max_length=60)
    part = models.CharField(max_length=40, blank=True)
    buyer = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="red_flags",
        verbose_name=_("购买主体"),
    )
    figures = models.JSONField(default=dict)
    extent = models.PositiveIntegerField(default=0)
    found_at = models.DateTimeField(_("发现时间"), default=moments.now)

    objects = RedFlagQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=["scope", "code", "part"], name="red_flag_once")]
        indexes = [models.Index(fields=["code", "-id"], name="red_flag_by_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.scope}"

    def get_absolute_url(self) -> str:
        return reverse("red-flag", args=[self.pk])

    @property
    def rule(self) -> Rule:
        """The rule as it was when the flag was found."""
        return replace(
            reading.default(f"red_flag.{self.code}"), version=self.rule_version, value=self.rule_value
        )

    @property
    def first_facts(self) -> Sequence[FlagFact]:
        """Its first facts, fetched with it if there are several flags."""
        fetched: Sequence[FlagFact] | None = self.__dict__.get("listed")
        return list(self.facts.with_their_objects()[:LISTED]) if fetched is None else fetched


class Telling(models.TextChoices):
    """What is said of an object that is a fact behind a flag."""

    NAME = "name", _("编号和名称")
    DAY = "day", _("日期、名称和金额")
    PRICE = "price", _("报价")
    REASON = "reason", _("判为无效的理由")
    PROVIDER = "provider", _("机构")
    WHY = "why", _("事由")


#: What is told of the objects that are facts: wide rows of eight tables would be read for a line of words.
TOLD_OF = (
    *("project__number", "project__title", "project__amount", "project__published_at", "project__created_at"),
    *("bid__price", "bid__why", "bid__provider__organization__name"),
    *("contract__number", "contract__title", "contract__method", "contract__provider__organization__name"),
    *("amendment__why", "amendment__contract__number", "amendment__contract__title"),
    *("amendment__contract__method", "provider__organization__name"),
    *("dispensation__role", "dispensation__other", "dispensation__why", "dispensation__user__full_name"),
)


class FlagFactQuerySet(models.QuerySet["FlagFact"]):
    def with_their_objects(self) -> FlagFactQuerySet:
        """The facts in order, with what is told of the rows that they are about."""
        rows = {path.rpartition("__")[0] for path in TOLD_OF}
        return self.select_related(*rows).only("flag", "position", "telling", *TOLD_OF).order_by("position")


#: The objects that can be facts, by the name of the column.
OBJECTS = ("project", "bid", "contract", "amendment", "provider", "dispensation")


class FlagFact(models.Model):
    """One fact behind a flag: an object, which cannot be deleted while a flag names it, and what is said of it."""

    flag = models.ForeignKey(RedFlag, models.CASCADE, related_name="facts")
    position = models.PositiveIntegerField()
    telling = models.CharField(max_length=10, choices=Telling.choices)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+")
    bid = models.ForeignKey(Bid, models.PROTECT, null=True, related_name="+")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="+")
    amendment = models.ForeignKey(Amendment, models.PROTECT, null=True, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    dispensation = models.ForeignKey(Dispensation, models.PROTECT, null=True, related_name="+")

    objects = FlagFactQuerySet.as_manager()

    class Meta:
        ordering = ("flag", "position")
        constraints = [
            models.UniqueConstraint(fields=["flag", "position"], name="flag_fact_in_order"),
            models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        *(f"{name}_id" for name in OBJECTS),
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="flag_fact_is_one_object",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.telling} {self.about}"

    @property
    def about(self) -> Any:
        """The object."""
        name = next(name for name in OBJECTS if getattr(self, f"{name}_id"))
        return getattr(self, name)


#: The first facts of several flags, fetched at once.
FACTS_LISTED = models.Prefetch("facts", FlagFact.objects.with_their_objects()[:LISTED], to_attr="listed")


class FlagCount(models.Model):
    """When all flags were counted last, and by which versions of the rules; a single row."""

    counted_at = models.DateTimeField(default=moments.now)
    versions = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.counted_at)
