"""Contracts without a purchase: by which methods, and up to what amount (rule ``contract.without_purchase``).

Direct contracts with one provider, or on one item, are added up over the budget's year, so that nothing can
be split into parts below the limit (政府采购法实施条例 article 28).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Protocol

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from catalog.items.kinds import Method
from contracts.budgets.models import BudgetLine
from contracts.contracts import events
from contracts.contracts.models import Contract, ContractLine
from contracts.contracts.states import ContractStatus
from foundation.advisory_locks import take_lock
from foundation.lifecycle.phases import DROPPED
from foundation.refusals import Invalid
from foundation.rules import reading

RULE = "contract.without_purchase"


ZERO = Decimal("0")


class Spending(Protocol):
    """What spends money of a buyer's budget line: a contract, or a purchase."""

    buyer_id: int
    budget_line: BudgetLine


def word_of_year(buyer_id: int, year: int) -> str:
    """The word for what a buyer's direct contracts, and the purchases that count with them, come to in a budget
    year; ``Transition.alone`` takes it where it comes before a row.
    """
    return f"contracts.direct:{buyer_id}:{year}"


def word_of_its_year(spending: Spending) -> str:
    """The word of the year in which a contract or a purchase spends."""
    return word_of_year(spending.buyer_id, spending.budget_line.year)


def hold_the_year(buyer_id: int, year: int) -> None:
    """Let nobody else change what a year comes to until the transaction ends: before money is moved, and before a
    purchase in preparation is locked (``docs/decisions/order-of-locks.md``).
    """
    take_lock("alone", word_of_year(buyer_id, year))


def counts(purchase: str, method: str) -> bool:
    """Whether a contract that came of this purchase ("" for none) by this method counts towards the limit."""
    return not purchase or method in methods()


def changed(contract: Contract) -> None:
    """Tell floors above that what its year comes to is another by this contract, if it counts."""
    if counts(contract.purchase, contract.method):
        hold_the_year(contract.buyer_id, contract.budget_line.year)
        events.on_direct_amounts.call(contract)


def methods() -> list[str]:
    """The procurement methods by which a contract may be drafted without a purchase."""
    return list(reading.current(RULE).value["methods"])


def limit() -> Decimal:
    """The amount that direct contracts of a year have to stay below (CNY)."""
    return Decimal(reading.current("procurement.thresholds").value["small_below"])


def require_direct_method(method: str) -> None:
    """Raise ``Invalid`` for a method that needs a purchase."""
    if method not in methods():
        message = _("“%(method)s”的合同只能由采购项目的成交结果产生，请先建采购项目。") % {
            "method": Method(method).label
        }
        raise Invalid(message, fields={"method": message}, rule="政府采购法第二十六条")


def require_below_limit(contract: Contract, more: Mapping[str, Decimal] | None = None) -> None:
    """Raise ``Invalid`` where the provider's or an item's direct contracts reach the limit of the year.

    ``more`` is what an agreement would add, by item code (CNY). Contracts that came of a competitive
    purchase pass.
    """
    if not counts(contract.purchase, contract.method):
        return
    hold_the_year(contract.buyer_id, contract.budget_line.year)
    more, most = more or {}, limit()
    codes = {*contract.lines.values_list("item__code", flat=True), *more}
    added = sum(more.values(), ZERO)
    mine = spent(contract.buyer_id, contract.budget_line.year, provider_id=contract.provider_id)
    if mine + added >= most:
        raise _over_the_limit(str(contract.provider), mine + added, most)
    for code in sorted(codes):
        sum_ = spent(contract.buyer_id, contract.budget_line.year, code=code)
        if sum_ + more.get(code, ZERO) >= most:
            raise _over_the_limit(code, sum_ + more.get(code, ZERO), most)


def spent(buyer_id: int, year: int, *, code: str = "", provider_id: int | None = None) -> Decimal:
    """The total of a buyer's direct contracts in a budget year: on one item, or with one provider (CNY)."""
    lines = _counted().filter(contract__buyer_id=buyer_id, contract__budget_line__year=year)
    if code:
        lines = lines.filter(item__code=code)
    if provider_id is not None:
        lines = lines.filter(contract__provider_id=provider_id)
    return lines.aggregate(sum=Sum(F("unit_price") * F("quota")))["sum"] or ZERO


def spent_by_item(buyers: Collection[int], years: Collection[int]) -> dict[tuple[int, int, str], Decimal]:
    """The total of direct contracts by buyer, budget year and item code (CNY), for several buyers and years."""
    lines = _counted().filter(contract__buyer__in=buyers, contract__budget_line__year__in=years)
    sums = (
        lines.order_by()
        .values_list("contract__buyer", "contract__budget_line__year", "item__code")
        .annotate(sum=Sum(F("unit_price") * F("quota")))
    )
    return {(buyer, year, code): sum_ for buyer, year, code, sum_ in sums}


def _counted() -> QuerySet[ContractLine]:
    """The lines of contracts that count towards the limit."""
    without_purchase = Q(contract__purchase="") | Q(contract__method__in=methods())
    return ContractLine.objects.filter(
        without_purchase, contract__status__in=ContractStatus.in_phase(~DROPPED)
    )


def _over_the_limit(what: str, sum_: Decimal, most: Decimal) -> Invalid:
    """The error for a provider or item whose direct contracts reach the limit."""
    message = _("“%(what)s”本年度不经采购的合同合计 %(sum)s 元，须不足 %(most)s 元，请改为立项采购。") % {
        "what": what,
        "sum": f"{sum_:,.2f}",
        "most": f"{most:,.0f}",
    }
    return Invalid(message, fields={"quota": message}, rule="政府采购法实施条例第二十八条")
