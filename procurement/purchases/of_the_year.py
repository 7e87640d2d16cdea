"""Purchases that stay below the limit of a budget year together with others and with direct contracts.

Whoever changes what a year comes to holds it (``direct.hold_the_year``) before any row that others lock while
they hold it: before a purchase in preparation, and before money.
"""

from __future__ import annotations

from collections.abc import Collection

from catalog.items.kinds import Method
from contracts.contracts import direct
from contracts.contracts.events import on_direct_amounts
from contracts.contracts.models import Contract
from foundation.lifecycle.phases import PREPARED
from foundation.rules import reading
from foundation.work_items import settling
from procurement.purchases.models import Project
from procurement.purchases.states import ProjectStatus

#: The limit of methods whose purchases of a year count together.
ADDS_UP = "small_below"


def counts(method: str) -> bool:
    """Whether purchases by a method count together with others of the year."""
    return bool(reading.current(f"procurement.method.{method}").value["limit"] == ADDS_UP)


def changed(project: Project) -> None:
    """Hold the year, and judge the purchases anew that stay below its limit together with this one, whose amount
    is another now or counts no longer.
    """
    if counts(project.method):
        year = project.budget_line.year
        direct.hold_the_year(project.buyer_id, year)
        codes = project.items.values_list("item__code", flat=True)
        _judge_anew(project.buyer_id, year, [project.method], codes)


@on_direct_amounts.register
def judge_with_contracts(contract: Contract) -> None:
    """Judge the purchases anew that stay below the limit together with a direct contract."""
    methods = [method for method in Method.values if counts(method)]
    codes = contract.lines.values_list("item__code", flat=True)
    _judge_anew(contract.buyer_id, contract.budget_line.year, methods, codes)


def _judge_anew(buyer_id: int, year: int, methods: Collection[str], codes: Collection[str]) -> None:
    """Make the work items anew of purchases in preparation that buy one of these items by one of these methods."""
    prepared = Project.objects.filter(
        buyer=buyer_id,
        budget_line__year=year,
        method__in=methods,
        status__in=ProjectStatus.in_phase(PREPARED),
        items__item__code__in=codes,
    )
    settling.touch(*prepared.distinct())
