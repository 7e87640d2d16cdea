"""Red flags of contracts: changed soon, or made without a purchase."""

from __future__ import annotations

from collections.abc import Iterator

from foundation.rules.reading import Rule
from procurement.oversight.evidence import Dataset, Found, of_contract
from procurement.oversight.models import FlagFact, Telling


def soon_amended(data: Dataset, rule: Rule) -> Iterator[Found]:
    """LD04: a contract increased soon after signature, or by much."""
    for amendment in data.amendments:
        contract = amendment.contract
        days = (amendment.created_at - contract.created_at).days
        percent = amendment.added * 100 / contract.signed_amount if contract.signed_amount else 0
        if days <= rule.value["days"] or percent >= rule.value["percent"]:
            facts = (
                FlagFact(contract=contract, telling=Telling.NAME),
                FlagFact(amendment=amendment, telling=Telling.WHY),
            )
            figures = {"days": days, "added": str(amendment.added), "percent": str(round(percent, 1))}
            scope = of_contract(contract)
            yield Found(rule, scope, contract.buyer_id, facts, figures, part=str(amendment.pk))


def without_purchase(data: Dataset, rule: Rule) -> Iterator[Found]:
    """LD05: a large contract without a purchase."""
    for contract in data.contracts:
        if contract.amount >= rule.value["amount"]:
            facts = (FlagFact(contract=contract, telling=Telling.PROVIDER),)
            figures = {"amount": str(contract.amount)}
            yield Found(rule, of_contract(contract), contract.buyer_id, facts, figures)
