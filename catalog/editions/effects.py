"""The effect of an edition: contracts, offers and open referrals concerned, and the cost of its prices.

Packages above register what they have in the hooks ``touched`` and ``volumes``; the catalog never reads
their tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalog.comparisons import comparing
from catalog.comparisons.comparing import Difference
from catalog.editions.models import Edition
from catalog.offers import renewal
from catalog.offers.models import Offer
from foundation import moments
from foundation.hooks import Hook
from foundation.wording import figure

#: The number of rows shown of each kind; the rest is only counted.
SHOWN = 50


@dataclass(frozen=True)
class Touched:
    """One contract, offer or referral that the edition concerns, and the consequence for it."""

    code: str
    words: str
    address: str
    consequence: str


@dataclass(frozen=True)
class Kind:
    """How many of one kind are concerned; ``rows`` are the first ``SHOWN``."""

    title: str
    count: int
    rows: tuple[Touched, ...]


@dataclass(frozen=True)
class Cost:
    """What the price change of one item costs at last year's units (CNY a year, may be negative).

    ``low`` and ``high`` are by the lower and upper end of the guide price.
    """

    code: str
    name: str
    unit: str
    units: int
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Effect:
    """The effect of an edition, compared with the one in force now."""

    difference: Difference
    kinds: tuple[Kind, ...]
    costs: tuple[Cost, ...]

    @property
    def low(self) -> Decimal:
        """The total by the lower ends (CNY a year)."""
        return sum((cost.low for cost in self.costs), Decimal("0.00"))

    @property
    def high(self) -> Decimal:
        """The total by the upper ends (CNY a year)."""
        return sum((cost.high for cost in self.costs), Decimal("0.00"))

    def as_json(self) -> dict[str, Any]:
        """The effect as plain values."""
        older = self.difference.older
        return {
            "edition": self.difference.newer.pk,
            "against": older.pk if older else None,
            "touched": [
                {"title": kind.title, "count": kind.count, "rows": [vars(row) for row in kind.rows]}
                for kind in self.kinds
            ],
            "costs": [vars(cost) for cost in self.costs],
            "cost_low": self.low,
            "cost_high": self.high,
        }


#: Returns everything of one kind that a difference concerns.
touched: Hook[[Difference], Kind] = Hook()


#: Returns the units of each item code delivered between two days.
volumes: Hook[[date, date], Mapping[str, int]] = Hook()


def effect_of(edition: Edition) -> Effect:
    """The effect of ``edition``, compared with the one in force; counts the city, so for the worker alone."""
    difference = comparing.compare(compared_with(edition), edition)
    return Effect(difference, tuple(touched.call(difference)), costs_at(difference, units_of(difference)))


def compared_with(edition: Edition) -> Edition | None:
    """The edition in force, other than ``edition``."""
    return Edition.objects.in_force().exclude(pk=edition.pk).first()


def units_of(difference: Difference) -> dict[str, int]:
    """Units of each item with another price that were delivered in the last 365 days, by code."""
    if not difference.prices:
        return {}
    today = moments.today()
    units: Counter[str] = Counter()
    for delivered in volumes.call(today - timedelta(days=365), today):
        units.update(delivered)
    return {price.code: units[price.code] for price in difference.prices}


def costs_at(difference: Difference, units: Mapping[str, int]) -> tuple[Cost, ...]:
    """The cost of each changed price at these units a year."""
    return tuple(
        Cost(
            price.code,
            price.name,
            price.new.local_unit,
            units.get(price.code, 0),
            low=(price.new.price_low - price.old.price_low) * units.get(price.code, 0),
            high=(price.new.price_high - price.old.price_high) * units.get(price.code, 0),
        )
        for price in difference.prices
        if price.old and price.new
    )


@touched.register
def _offers(difference: Difference) -> Kind:
    """Live offers on items that are changed or removed."""
    live = Offer.objects.live().filter(item__code__in=difference.touched)
    concerned = renewal.concerned(live, difference.newer)
    first = concerned.select_related("item__body", "provider__organization").order_by("item__code", "pk")
    rows = (
        Touched(row.offer.item.code, str(row.offer), row.offer.get_absolute_url(), _consequence(row))
        for row in renewal.renewals_of(first[:SHOWN], difference.newer)
    )
    return Kind(_("机构的服务申报"), concerned.count(), tuple(rows))


def _consequence(found: renewal.Renewal) -> str:
    """What the edition means for one offer, in words."""
    if found.item is None:
        return _("项目从目录中删除，合同期满后停止")
    if found.over_ceiling:
        return _("报价 %(price)s 元高于新的最高限价 %(ceiling)s 元，须续报") % {
            "price": figure(found.offer.price),
            "ceiling": figure(found.item.price_ceiling),
        }
    return _("须续报") if found.needed else _("自动延续")
