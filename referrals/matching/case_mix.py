"""How hard a case is, as it stood when it was offered: what providers are compared within.

A provider that takes the hard cases is held against how others fare with the same kind of
case, not against those who choose easy ones (see ``evaluations.indicators.formulas``). The word is kept
with the referral, so that a result can be recomputed when the household has changed.
"""

from __future__ import annotations

from households.register.models import Category
from referrals.needs.models import Need

#: What a household's category weighs: those who need the most help, recipients, all others.
WEIGHT = {Category.EXTREMELY_POOR: "3", Category.MINIMUM_LIVING: "2"}


def of(need: Need) -> str:
    """The stratum of a case: kind of need, weight of the household, urgent or not."""
    return word(need.kind, need.matter.household.category, need.urgent)


def word(kind: str, category: str, urgent: bool) -> str:
    """``care-2-u``: kind, weight 1 to 3, ``u`` for urgent and ``n`` for not."""
    return f"{kind}-{WEIGHT.get(Category(category), '1')}-{'u' if urgent else 'n'}"
