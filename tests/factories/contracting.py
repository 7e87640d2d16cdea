"""Budgets, contracts in each state, and invoices on their way."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory

from catalog.items.models import Item
from contracts.budgets import ledger
from contracts.budgets.models import Account, BudgetLine
from contracts.contracts import running, signing
from contracts.contracts.models import Contract
from contracts.invoices import invoicing, sampling
from contracts.invoices.models import Invoice
from demo.starter.places_and_people import actor
from foundation import moments
from organizations.bodies.models import Organization
from tests import drawing
from tests.factories.people import AccreditedProvider, member_of


def checked(invoice: Invoice) -> Invoice:
    """Every sampled visit of an invoice is found as it was claimed."""
    for sample in invoice.samples.select_related("delivery"):
        units = sample.delivery.units
        invoice = sampling.check(
            invoice,
            by=actor("minzheng"),
            sample=sample,
            finding="confirmed",
            found=units,
            how="call",
            note="",
        )
    return invoice


def paid(invoice: Invoice) -> Invoice:
    """Checked and accepted, endorsed by a second person, and paid by finance."""
    invoice = invoicing.accept_work(checked(invoice), by=actor("minzheng"))
    invoice = invoicing.endorse(invoice, by=actor("minzheng2"))
    return invoicing.approve(invoice, by=actor("caizheng"))


class Budget(factory.django.DjangoModelFactory):
    """A budget line of this year."""

    class Meta:
        model = BudgetLine

    year = factory.LazyFunction(lambda: moments.today().year)
    source = factory.Sequence(lambda n: f"测试资金{n}")
    body = factory.LazyFunction(lambda: Organization.objects.get(code="minzheng"))
    amount = Decimal("100000")

    @classmethod
    def _create(cls, model: Any, *args: Any, amount: Decimal, **kwargs: Any) -> Any:
        line = super()._create(model, *args, **kwargs)
        ledger.transfer(line.pk, amount, Account.GRANTED, Account.AVAILABLE, note="下达")
        line.refresh_from_db()
        return line


#: Numbers of the purchases that the contracts of tests came of.
PURCHASES = itertools.count(1)


class DraftContract(factory.django.DjangoModelFactory):
    """A contract in draft as an award made it, its money reserved; ``more`` are further lines."""

    class Meta:
        model = Contract

    provider = factory.SubFactory(AccreditedProvider)
    budget_line = factory.SubFactory(Budget)
    code = "B01.01"
    quota = 100
    unit_price = Decimal("40")

    @classmethod
    def _create(cls, model: Any, *args: Any, code: str, **kwargs: Any) -> Any:
        today, item = moments.today(), Item.objects.in_force().get(code=code)
        lines = [(item, kwargs.pop("unit_price"), kwargs.pop("quota")), *kwargs.pop("more", ())]
        award = signing.Award(purchase=f"XM-{next(PURCHASES)}", lines=lines)
        days = {"start_on": today, "end_on": today + timedelta(days=300)}
        return signing.draft_awarded(
            by=actor("minzheng").as_system(),
            title="测试合同",
            method="framework",
            award=award,
            **(days | kwargs),
        )


class DirectContract(DraftContract):
    """A draft without a purchase, by commission."""

    code = "C02.03"

    @classmethod
    def _create(cls, model: Any, *args: Any, code: str, **kwargs: Any) -> Any:
        today = moments.today()
        days = {"start_on": today, "end_on": today + timedelta(days=300)}
        return signing.draft(
            by=actor("minzheng"),
            title="测试合同",
            method="commission",
            item=Item.objects.in_force().get(code=code),
            **(days | kwargs),
        )


def signed(contract: Contract) -> Contract:
    """Signed by both sides, and in force. Its text is a blank page: see ``tests.drawing``."""
    second, other = actor("minzheng2"), member_of(contract.provider)
    with drawing.lightly():
        contract = signing.sign_as_buyer(contract, by=second, typed=second.name)
        signing.sign_as_provider(contract, by=other, typed=other.name)
    running.follow_the_days()
    return Contract.objects.get(pk=contract.pk)


class ContractInForce(DraftContract):
    """A contract signed by both sides and in force, with one line."""

    @classmethod
    def _create(cls, model: Any, *args: Any, **kwargs: Any) -> Any:
        return signed(super()._create(model, *args, **kwargs))
