"""Red flags of contracts: changed soon, or made without a purchase."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from foundation.rules.reading import Rule
from foundation.wording import money
from procurement.oversight.evidence import Dataset, Evidence, Flag


def soon_amended(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """LD04: a contract increased soon after signature, or by much."""
    for amendment in data.amendments:
        contract = amendment.contract
        days = (amendment.created_at - contract.created_at).days
        percent = amendment.added * 100 / contract.signed_amount if contract.signed_amount else 0
        if days <= rule.value["days"] or percent >= rule.value["percent"]:
            words = _("“%(title)s”签约 %(days)s 天后增加 %(added)s 元（%(percent)s%%）。") % {
                "title": contract.title,
                "days": days,
                "added": money(amendment.added),
                "percent": round(percent, 1),
            }
            facts = (
                Evidence(f"{contract.number} {contract.title}", contract.get_absolute_url()),
                Evidence(amendment.why, amendment.get_absolute_url()),
            )
            yield Flag(rule, words, facts)


def without_purchase(data: Dataset, rule: Rule) -> Iterator[Flag]:
    """LD05: a large contract without a purchase."""
    for contract in data.contracts:
        if contract.amount >= rule.value["amount"]:
            words = _("“%(title)s”（%(amount)s 元，%(method)s）没有对应的采购项目。") % {
                "title": contract.title,
                "amount": money(contract.amount),
                "method": contract.get_method_display(),
            }
            where = Evidence(f"{contract.number} {contract.provider}", contract.get_absolute_url())
            yield Flag(rule, words, (where,))
