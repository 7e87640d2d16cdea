"""A charity's fund and stock with gifts, which pay for its projects."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from catalog.offers.models import Offer
from demo.starter.days import at, first_day
from demo.starter.places_and_people import actor
from foundation import moments
from giving import receiving
from giving.models import Pool

#: Name, kind, unit, value of a unit (CNY), purpose, and the items it pays for: (code, units).
POOLS = (
    ("大病和助学补充救助金", "money", "", 0, "大病医疗和助学补充救助", (("E01.01", 5000), ("E01.02", 2000))),
    ("急难物资包", "goods", "包", 260, "急难家庭的米、油、被褥和洗护用品", (("E01.03", 1),)),
)


#: Pool, days after the first day, donor, kind of donor, named, units, wish.
GIFTS = (
    (0, 5, "江阴某机械制造有限公司", "organization", True, 200000, "用于大病家庭"),
    (0, 40, "一位退休教师", "person", False, 20000, "用于助学"),
    (0, 120, "", "anonymous", False, 6000, ""),
    (1, 10, "江阴某超市有限公司", "organization", True, 150, "冬季前发完"),
)


def pools() -> int:
    """Make the charity federation's fund and stock; returns how many."""
    if Pool.objects.exists():
        return 0
    keeper, begin = actor("jigou10"), first_day()
    made = []
    for name, kind, unit, value, purpose, backed in POOLS:
        with moments.as_of(at(begin + timedelta(days=3))):
            pool = receiving.set_up(
                by=keeper, kind=kind, name=name, unit=unit, unit_value=Decimal(value), purpose=purpose
            )
            for code, units in backed:
                offer = Offer.objects.get(provider=pool.provider, item__code=code)
                receiving.back(pool, by=keeper, offer=offer, per_unit=Decimal(units))
        made.append(pool)
    for number, days, donor, kind, named, units, wish in GIFTS:
        with moments.as_of(at(begin + timedelta(days=days), 14)):
            receiving.receive(
                by=keeper,
                pool=made[number],
                donor_kind=kind,
                donor=donor,
                named=named,
                units=Decimal(units),
                wish=wish,
            )
    return len(made)
