"""Who may get an item: its conditions as data, checked against what is known of a household.

An unknown fact neither admits nor excludes: it is listed as to be checked with the household.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from catalog.items.kinds import Disability, Residence
from foundation.rules import reading
from foundation.rules.defaults import Rule
from foundation.rules.events import Preview, previews
from foundation.wording import listed
from households.register.models import Category, Household, Registration
from households.register.states import HouseholdStatus

#: The rule of the minimum-living standard.
STANDARD = "assistance.standard"


class Conditions(Protocol):
    """The fields of an item that say who may get it."""

    @property
    def categories(self) -> Sequence[str]:
        """The categories of assistance; empty for any."""

    age_from: int | None
    age_to: int | None
    disability: str
    income_percent: int | None
    residence: str


@dataclass(frozen=True)
class Facts:
    """What is known of a household; ``None`` for what is not.

    ``ages`` are full years of the members known (``everybody``: these are all members), ``monthly_income``
    CNY a person, ``standard`` the minimum-living standard (CNY a person a month), ``disability`` the
    gravest on a member's certificate ("" for none), ``residence`` how it belongs to the city: a resident,
    registered, or known to be registered elsewhere.
    """

    category: str | None = None
    ages: tuple[int, ...] = ()
    everybody: bool = False
    monthly_income: Decimal | None = None
    standard: Decimal | None = None
    disability: str | None = None
    residence: str | None = None


@dataclass(frozen=True)
class Verdict:
    """The reasons against (none: eligible as far as is known), and what is to be checked."""

    why_not: tuple[str, ...] = ()
    to_check: tuple[str, ...] = ()

    @property
    def eligible(self) -> bool:
        """Whether nothing known speaks against it."""
        return not self.why_not


def standard() -> Decimal:
    """The minimum-living standard (CNY a person a month), by the rule ``assistance.standard``."""
    return Decimal(str(reading.current(STANDARD).value["monthly"]))


@previews.register
def how_many_fall_below(rule: Rule, value: Mapping[str, Any]) -> list[Preview]:
    """How many households on the register have less a person than another standard, and than the present one."""
    if rule.key != STANDARD:
        return []
    known = Household.objects.filter(status__in=HouseholdStatus.unfinished())
    now, then = (
        known.filter(monthly_income__lt=Decimal(str(of_it["monthly"]))).count()
        for of_it in (rule.value, value)
    )
    return [
        Preview(
            _("月人均收入低于标准的在册家庭"),
            _("%(n)s 户") % {"n": f"{then:,}"},
            _("按现行标准 %(n)s 户；没有填收入的家庭不算在内。") % {"n": f"{now:,}"},
        )
    ]


def judge(item: Conditions, facts: Facts) -> Verdict:
    """Check the conditions of an item against what is known of a household."""
    why_not: list[str] = []
    to_check: list[str] = []
    for words, meets in _questions(item, facts):
        if meets is None:
            to_check.append(words)
        elif not meets:
            why_not.append(words)
    return Verdict(tuple(why_not), tuple(to_check))


def conditions(item: Conditions) -> list[str]:
    """The conditions of an item in words."""
    return [words for words, _meets in _questions(item, Facts())]


def _questions(item: Conditions, facts: Facts) -> list[tuple[str, bool | None]]:
    """Each condition in words, and whether it is met (``None``: not known)."""
    found: list[tuple[str, bool | None]] = []
    if item.categories:
        labels = listed(str(Category(category).label) for category in item.categories)
        met = None if facts.category is None else facts.category in item.categories
        # A household without a category may still be given one.
        met = None if facts.category == Category.NONE else met
        found.append((_("救助类别：%(categories)s") % {"categories": labels}, met))
    if item.age_from is not None or item.age_to is not None:
        found.append((_ages(item), _any_of_age(item, facts)))
    if item.disability:
        found.append((str(Disability(item.disability).label), _disabled(item, facts.disability)))
    if item.income_percent is not None:
        words = _("人均收入不超过低保标准的 %(percent)s%%") % {"percent": item.income_percent}
        found.append((words, _poor_enough(item.income_percent, facts)))
    if item.residence:
        found.append((str(Residence(item.residence).label), _resident(item, facts.residence)))
    return found


def _ages(item: Conditions) -> str:
    """The age condition in words."""
    if item.age_to is None:
        return _("年满 %(years)s 周岁") % {"years": item.age_from}
    if item.age_from is None:
        return _("不超过 %(years)s 周岁") % {"years": item.age_to}
    return _("%(first)s 至 %(last)s 周岁") % {"first": item.age_from, "last": item.age_to}


def _any_of_age(item: Conditions, facts: Facts) -> bool | None:
    """Whether a member is of the age asked for."""
    first = item.age_from or 0
    last = item.age_to if item.age_to is not None else 200
    if any(first <= age <= last for age in facts.ages):
        return True
    return False if facts.everybody else None


def _disabled(item: Conditions, known: str | None) -> bool | None:
    """Whether the certificate known is grave enough."""
    if known is None:
        return None
    return known == Disability.SEVERE or known == item.disability


def _poor_enough(percent: int, facts: Facts) -> bool | None:
    """Whether the income is at most ``percent`` of the standard."""
    if facts.monthly_income is None or facts.standard is None:
        return None
    return facts.monthly_income * 100 <= facts.standard * percent


def _resident(item: Conditions, known: str | None) -> bool | None:
    """Whether the household belongs to the city as asked."""
    if known is None:
        return None
    if item.residence == Residence.RESIDENT:
        return True
    if known == Registration.ELSEWHERE:
        return False
    return True if known == Residence.REGISTERED else None


def as_fields(row: Mapping[str, Any]) -> Fields:
    """The conditions in a row of a query; the same for equal ones."""
    conditions = {name: row[name] for name in CONDITIONS}
    return Fields(**{**conditions, "categories": tuple(row["categories"])})


@dataclass(unsafe_hash=True)
class Fields:
    """The conditions as plain fields."""

    categories: Sequence[str]
    age_from: int | None
    age_to: int | None
    disability: str
    income_percent: int | None
    residence: str


#: The names of the fields that are conditions.
CONDITIONS = tuple(field.name for field in fields(Fields))
