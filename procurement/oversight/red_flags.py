"""Red flags: patterns in the data that deserve a second look, each with its rule and evidence.

A flag is no verdict. Codes that begin with R are those of the Open Contracting Partnership's red flags, as
its own tool (Cardinal) computes them; LD are ours, where it has none. Parameters are rules
(``red_flag.*``); nothing is stored, so a flag disappears when the data no longer show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import Q

from foundation.rules.reading import Rule
from procurement.oversight import contracting, one_purchase, several_purchases
from procurement.oversight.evidence import CODES, Dataset, Flag, dataset_of
from procurement.purchases.models import Project


def found() -> list[Flag]:
    """Every flag in the present data, by code."""
    data = dataset_of(Project.objects.all())
    return [flag for code in CODES for flag in _RULES[code](data, data.rule(code))]


def about(project: Project) -> list[Flag]:
    """The flags about one purchase, which is compared with the buyer's purchases of the same items only."""
    address = project.get_absolute_url()
    codes = project.items.values("item__code")
    like = Q(buyer_id=project.buyer_id, items__item__code__in=codes)
    data = dataset_of(Project.objects.filter(Q(pk=project.pk) | like).distinct(), contracts=False)
    flags = (flag for code in CODES for flag in _RULES[code](data, data.rule(code)))
    return [flag for flag in flags if any(fact.address == address for fact in flag.evidence)]


_RULES: dict[str, Callable[[Dataset, Rule], Iterator[Flag]]] = {
    "R003": one_purchase.short_notice,
    "R018": one_purchase.single_bid,
    "R024": one_purchase.close_price,
    "R028": one_purchase.same_price,
    "R035": one_purchase.others_out,
    "R036": one_purchase.lowest_out,
    "LD01": several_purchases.splitting,
    "LD02": several_purchases.repeated_winner,
    "LD03": one_purchase.near_the_ceiling,
    "LD04": contracting.soon_amended,
    "LD05": contracting.without_purchase,
    "LD06": several_purchases.panel_replaced,
}
