"""Providers, their offers, contracts and money, as rows for COPY."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from stdnum.cn import uscc

from contracts.contracts.states import ContractStatus
from contracts.invoices.states import InvoiceStatus
from demo.scale.city import City
from foundation.lifecycle.phases import SUSPENDED
from organizations.providers.states import Standing

#: The characters of a credit code: without I, O, S, V and Z (GB 32100).
CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(number: int) -> str:
    """An invented unified social credit code, valid in form (GB 32100)."""
    digits = ""
    for _ in range(6):
        number, index = divmod(number, len(CREDIT_DIGITS))
        digits = CREDIT_DIGITS[index] + digits
    body = f"52320281MJY{digits}"
    return body + uscc.calc_check_digit(body)


def organizations(city: City) -> Iterator[tuple[Any, ...]]:
    """Organization rows."""
    for n, firm in enumerate(city.plan.firms):
        yield (
            city.key.organization + n,
            "provider",
            f"scale-{city.key.organization + n}",
            firm.name,
            "",
            credit_code(city.key.organization + n),
            firm.home.town_id,
            "0510-86300000",
            "示例路 1 号",
            False,
            True,
        )


def providers(city: City) -> Iterator[tuple[Any, ...]]:
    """Provider rows, nine of ten accredited."""
    for n, firm in enumerate(city.plan.firms):
        standing = Standing.SUSPENDED if n % 20 == 19 else Standing.ACCREDITED
        yield (
            city.key.provider + n,
            city.now,
            city.key.organization + n,
            "social_work_agency",
            city.now.date() + timedelta(days=700),
            "整改中" if standing in Standing.in_phase(SUSPENDED) else "",
            firm.score,
            _grade(firm.score),
            Decimal("0"),
            standing.value,
        )


def serves(city: City) -> Iterator[tuple[Any, ...]]:
    """Which provider serves which town."""
    for n, firm in enumerate(city.plan.firms):
        for town in firm.towns:
            yield (city.key.provider + n, town)


def users(city: City) -> Iterator[tuple[Any, ...]]:
    """A coordinator and a social worker for each provider, who cannot sign in."""
    for n in range(len(city.plan.firms) * 2):
        kind = "协调员" if n % 2 == 0 else "社工"
        number = city.key.user + n
        yield (number, "!", False, f"scale{number}", "", False, True, city.now, f"{kind}{number}")


def memberships(city: City) -> Iterator[tuple[Any, ...]]:
    """The roles of these users."""
    for n in range(len(city.plan.firms) * 2):
        role = "coordinator" if n % 2 == 0 else "social_worker"
        yield (city.key.user + n, role, city.key.organization + n // 2, city.begins)


def offers(city: City) -> Iterator[tuple[Any, ...]]:
    """Offers, some with places left."""
    for n, line in enumerate(city.plan.lines):
        yield (
            city.key.offer + n,
            city.now,
            line.service.item_id,
            city.key.provider + line.provider,
            line.taken + 3 + n % 9,
            line.taken,
            city.now - timedelta(days=n % 40),
            line.booked + 10 + n % 30,
            line.booked,
            line.price,
            "持证人员若干",
            ["MO", "TU", "WE", "TH", "FR"],
            time(8, 30),
            time(17, 30),
            city.now,
            "accepted",
        )


def contracts(city: City) -> Iterator[tuple[Any, ...]]:
    """One contract in force a provider."""
    for n, firm in enumerate(city.plan.firms):
        yield (
            city.key.contract + n,
            city.now - timedelta(days=740),
            f"HT-{city.year}-{city.key.contract_number + n:06d}",
            f"{firm.name}服务合同",
            city.buyer_id,
            city.key.provider + n,
            city.edition_id,
            city.budget_line_id,
            "framework",
            city.begins,
            city.begins + timedelta(days=1090),
            city.amounts[n],
            city.amounts[n],
            city.paid[n],
            Decimal("1.00"),
            ContractStatus.IN_FORCE.value,
        )


def contract_lines(city: City) -> Iterator[tuple[Any, ...]]:
    """A line for each offer."""
    for n, line in enumerate(city.plan.lines):
        yield (
            city.key.line + n,
            city.key.contract + line.provider,
            line.service.item_id,
            line.price,
            city.quota(n),
            line.reserved,
            line.used,
        )


def ledger(city: City) -> Iterator[tuple[Any, ...]]:
    """Entries of the budget line: what was granted, and what each contract reserved, bound and spent."""
    granted = sum(city.amounts, Decimal("0"))
    yield city.now, city.budget_line_id, "granted", "available", granted, None, "下达"
    for n in range(len(city.plan.firms)):
        number = f"HT-{city.year}-{city.key.contract_number + n:06d}"
        for credit, debit, amount, word in (
            ("available", "reserved", city.amounts[n], "预留"),
            ("reserved", "committed", city.amounts[n], "签约"),
            ("committed", "spent", city.paid[n], "支付"),
        ):
            if amount:
                yield (
                    city.now,
                    city.budget_line_id,
                    credit,
                    debit,
                    amount,
                    city.key.contract + n,
                    f"{number} {word}",
                )


def earmarks(city: City) -> Iterator[tuple[Any, ...]]:
    """Each contract's part of the budget line."""
    for n, (amount, paid) in enumerate(zip(city.amounts, city.paid, strict=True)):
        yield city.key.contract + n, city.budget_line_id, Decimal("0"), amount - paid, paid


def invoices(city: City) -> Iterator[tuple[Any, ...]]:
    """One paid invoice for each contract that has paid."""
    for n, amount in enumerate(city.paid):
        if amount:
            yield (
                city.key.invoice + n,
                city.now - timedelta(days=20),
                f"JS-{city.year}-{city.key.invoice_number + n:06d}",
                city.key.contract + n,
                amount,
                Decimal("1.00"),
                amount,
                InvoiceStatus.PAID.value,
            )


def _grade(score: Decimal | None) -> str:
    if score is None:
        return ""
    return "excellent" if score >= 90 else "good" if score >= 80 else "pass" if score >= 60 else "fail"
