"""Nobody checks, accepts or pays their own work, in any role.

It is asked by user, over all deliveries behind an invoice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from contracts.invoices.models import Invoice


def recorded_the_work(invoices: Sequence[Invoice]) -> dict[int, set[int]]:
    """The users who recorded work that an invoice claims, by invoice.

    A final one claims what was held back from the other invoices of its contract.
    """
    usual = [invoice.pk for invoice in invoices if not invoice.final]
    by_contract: dict[int, set[int]] = defaultdict(set)
    if finals := {invoice.contract_id for invoice in invoices if invoice.final}:
        for pk, user in _told("invoice__contract", invoice__contract__in=finals, invoice__held__gt=0):
            by_contract[pk].add(user)
    by_invoice: dict[int, set[int]] = defaultdict(set)
    for pk, user in _told("invoice", invoice__in=usual) if usual else ():
        by_invoice[pk].add(user)
    return {
        invoice.pk: by_contract[invoice.contract_id] if invoice.final else by_invoice[invoice.pk]
        for invoice in invoices
    }


def _told(path: str, **which: object) -> Iterable[tuple[int, int]]:
    """The key at the end of a path from deliveries, and who recorded them, each pair once."""
    deliveries = apps.get_model("contracts.Delivery")._default_manager.filter(**which, told_by__isnull=False)
    found: Iterable[tuple[int, int]] = deliveries.order_by().values_list(path, "told_by").distinct()
    return found
