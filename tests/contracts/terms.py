"""Contracts with terms: a hold-back, penalties, work delivered and claimed."""

from __future__ import annotations

from decimal import Decimal

from contracts.contracts import quota, running, signing, terms
from contracts.contracts.models import Contract
from contracts.invoices import deliveries, invoicing
from contracts.invoices.models import Invoice
from foundation import moments
from tests import factories

RULES = [{"title": "逾期首次联系", "amount": Decimal("50")}]


def officer(name: str = "minzheng"):
    return factories.actor(name)


def second():
    return officer("minzheng2")


def agreed(hold_back: int = 10, billing: str = "any_time", **given) -> Contract:
    """A contract in force with a hold-back and a penalty rule."""
    contract = factories.DraftContract(**given)
    contract = terms.set_terms(
        contract, by=officer(), billing=billing, hold_back_percent=hold_back, penalties=RULES
    )
    contract = signing.sign_as_buyer(contract, by=second(), typed=second().name)
    member = factories.member_of(contract.provider)
    signing.sign_as_provider(contract, by=member, typed=member.name)
    running.follow_the_days()
    return Contract.objects.get(pk=contract.pk)


def delivered(contract: Contract, units: int) -> None:
    line = contract.lines.get()
    quota.reserve(line.pk, units)
    deliveries.record(line.pk, units, holder="ZJ-1", on=moments.today())


def invoiced(contract: Contract, units: int = 10) -> Invoice:
    delivered(contract, units)
    return invoicing.draw_up(by=factories.member_of(contract.provider), contract=contract)
