"""What a budget year comes to is held before purchases and money: no two acts are undone for each other."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from catalog.items.models import Item
from contracts.contracts import signing
from foundation.work_items import settling
from procurement.purchases import planning
from procurement.purchases.models import Project
from tests import factories
from tests.interleaving import Pair, deadlocks, every_meeting
from tests.procurement import purchases


def small() -> Project:
    """A commission of few units of the item of direct contracts, which counts with others of the year."""
    code = factories.DirectContract.code
    return purchases.planned("commission", quota=10, code=code, limit_price=Decimal("20"))


def growing(project: Project) -> Callable[[], Any]:
    """A unit of another item is added."""
    by_commission = Item.objects.in_force().filter(methods__contains=["commission"], funding="purchased")
    item = by_commission.exclude(code=factories.DirectContract.code)[0]
    by = purchases.officer()
    return lambda: planning.add_item(project, by=by, item=item, limit_price=Decimal("1"), quota=1)


def cancelled(project: Project) -> Callable[[], Any]:
    by = purchases.officer()
    return lambda: planning.cancel(project, by=by, reason="不再需要")


def two_purchases_grow() -> Pair:
    return growing(small()), growing(small())


def one_grows_and_one_is_cancelled() -> Pair:
    return growing(small()), cancelled(small())


def one_grows_and_a_direct_contract_is_cancelled() -> Pair:
    project, contract, by = small(), factories.DirectContract(), purchases.officer()
    return lambda: signing.cancel(contract, by=by, reason="不再需要"), growing(project)


def one_is_cancelled_and_a_direct_contract_is_drafted() -> Pair:
    project = small()
    given = {"provider": factories.AccreditedProvider(), "budget_line": project.budget_line}
    return lambda: factories.DirectContract(**given), cancelled(project)


@pytest.mark.slow
@pytest.mark.parametrize(
    "meeting",
    [
        two_purchases_grow,
        one_grows_and_one_is_cancelled,
        one_grows_and_a_direct_contract_is_cancelled,
        one_is_cancelled_and_a_direct_contract_is_drafted,
    ],
)
def test_two_acts_on_a_year_never_undo_each_other_however_they_meet(own_database, meeting):
    before = deadlocks()
    met = list(every_meeting(meeting))
    assert len(met) > 3
    assert deadlocks() == before


def test_only_what_changes_the_sum_of_the_year_touches_its_other_purchases(monkeypatch):
    one, other = small(), small()
    settled: set[int] = set()
    settle = settling.settle

    def noted(touched):
        settled.update(pk for label, pk in touched if label == "procurement.Project")
        return settle(touched)

    monkeypatch.setattr(settling, "settle", noted)
    purchases.ready(one)
    assert settled == {one.pk}
    growing(one)()
    assert settled == {one.pk, other.pk}
