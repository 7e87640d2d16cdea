"""The difficulty of a case as it was when it was offered: the strata within which providers are compared.

A provider that takes difficult cases is compared with how others fare with the same kind of case (see
``evaluations.indicators.formulas``). The stratum is stored with the referral, so that a result can be
recomputed after the household has changed.
"""

from __future__ import annotations

from households.register.models import Category
from referrals.needs.models import Need

#: The weight of a household's category: 3 for those who need the most help, 2 for recipients, 1 for others.
WEIGHT = {Category.EXTREMELY_POOR: "3", Category.MINIMUM_LIVING: "2"}


def stratum_of(need: Need) -> str:
    """The stratum of a case: kind of need, weight of the household, urgent or not."""
    return word(need.kind, need.matter.household.category, need.urgent)


def word(kind: str, category: str, urgent: bool) -> str:
    """The stratum as text, such as ``care-2-u``: kind, weight 1 to 3, ``u`` for urgent and ``n`` for not."""
    return f"{kind}-{WEIGHT.get(Category(category), '1')}-{'u' if urgent else 'n'}"
